"""Each filter returns exactly the matching rows."""

from typing import Any

import pytest

from recommendations.lifecycle.states import ImplementationState
from recommendations.models import Recommendation
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    PartnershipFactory,
    RecommendationFactory,
    ResponseFactory,
    SeriesFactory,
    StatusEntryFactory,
    SubmissionFactory,
    TopicFactory,
)
from tests.support.published import API, listed

pytestmark = pytest.mark.django_db


def one_to(slug: str, **attributes: Any) -> Any:
    recommendation = RecommendationFactory(published=True, **attributes)
    return AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True, slug=slug))


def test_recommendations_by_everything_that_they_name() -> None:
    series = SeriesFactory(published=True, slug="dialogue")
    event = EventFactory(published=True, slug="first", series=series, edition=3)
    topic = TopicFactory(published=True, slug="gaza")
    partnership = PartnershipFactory(published=True, slug="turkiye-qatar")
    parent = RecommendationFactory(published=True, reference="R-2024-001")
    addressee = one_to(
        "qatar",
        reference="R-2025-001",
        event=event,
        topics=[topic],
        partnerships=[partnership],
        parent=parent,
        strength="key",
        priority=True,
        target_date="2025-06-30",
    )
    other = one_to("turkiye", reference="R-2025-002")
    StatusEntryFactory(addressee=addressee, state=ImplementationState.IN_PROGRESS)
    ResponseFactory(addressee=addressee, noted=True)
    for query in (
        {"addressee": "qatar"},
        {"addressee": "qatar", "state": "in_progress", "response": "noted"},
        {"state": "in_progress"},
        {"response": "noted"},
        {"strength": "key"},
        {"priority": "true"},
        {"overdue": "true"},
        {"event": "first"},
        {"series": "dialogue"},
        {"series": "dialogue", "edition": "3"},
        {"edition": "3"},
        {"topic": "gaza"},
        {"partnership": "turkiye-qatar"},
        {"parent": "R-2024-001"},
    ):
        assert listed("recommendations/", "reference", **query) == ["R-2025-001"], query
    assert listed("recommendations/", "reference", edition="4") == []
    assert listed("recommendations/", "reference", addressee="qatar", state="not_assessed") == []
    assert listed("recommendations/", "reference", state=["in_progress", "not_assessed"]) == [
        parent.reference,
        "R-2025-001",
        other.recommendation.reference,
    ]


def test_series_of_a_hidden_event_is_not_given_away() -> None:
    series = SeriesFactory(published=True, slug="dialogue")
    event = EventFactory(published=True, series=series, edition=1)
    RecommendationFactory(published=True, event=event)
    assert len(listed("recommendations/", "reference", series="dialogue")) == 1
    type(event).objects.filter(pk=event.pk).update(
        state="withdrawn", withdrawn_at="2025-06-01T00:00:00Z", withdrawal_note="Misdated."
    )
    assert listed("recommendations/", "reference", series="dialogue") == []
    assert listed("recommendations/", "reference", edition="1") == []


def test_entries_and_responses_by_what_they_are_about() -> None:
    addressee, other = one_to("qatar", reference="R-2025-001"), one_to("turkiye")
    entry = StatusEntryFactory(addressee=addressee, state=ImplementationState.STALLED, confidence="documented")
    response = ResponseFactory(addressee=addressee, rejected=True)
    StatusEntryFactory(addressee=other)
    ResponseFactory(addressee=other, awaiting=True)
    for query in (
        {"recommendation": "R-2025-001"},
        {"addressee": "qatar"},
        {"state": "stalled"},
        {"confidence": "documented"},
    ):
        assert listed("status-entries/", "public_id", **query) == [entry.public_id], query
    for query in ({"recommendation": "R-2025-001"}, {"addressee": "qatar"}, {"kind": "rejected"}):
        assert listed("responses/", "public_id", **query) == [response.public_id], query


def test_submissions_by_what_they_are_about(editor: Any, client_of: Any) -> None:
    addressee, other = one_to("qatar", reference="R-2025-001"), one_to("turkiye")
    submission = SubmissionFactory(addressee=addressee, declined=True)
    SubmissionFactory(addressee=other)
    for query in ({"recommendation": "R-2025-001"}, {"addressee": "qatar"}, {"decision": "declined"}):
        found = client_of(editor).get(f"{API}submissions/", query).json()["results"]
        assert [one["public_id"] for one in found] == [submission.public_id], query


def test_key_recommendation_and_the_urged_one_with_its_parts_are_listed() -> None:
    event = EventFactory(published=True)
    RecommendationFactory(published=True, event=event, reference="R-2025-001", strength="key", title="Annual dialogue")
    urged = RecommendationFactory(published=True, event=event, reference="R-2025-002", strength="urged")
    for number, title in enumerate(("Governance models", "Research", "Technology"), start=3):
        RecommendationFactory(
            published=True, event=event, reference=f"R-2025-00{number}", parent=urged, title=title, strength="urged"
        )
    assert listed("recommendations/", "title", strength="key") == ["Annual dialogue"]
    parts = listed("recommendations/", "parts", strength="urged")
    assert [part["title"] for part in parts[0]] == ["Governance models", "Research", "Technology"]
    assert listed("recommendations/", "reference", parent="R-2025-002") == ["R-2025-003", "R-2025-004", "R-2025-005"]
    assert Recommendation.objects.count() == 5
