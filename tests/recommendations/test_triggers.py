"""Rules that this app's triggers enforce."""

from typing import Any

import pytest
from django.utils import timezone

from recommendations.models import Recommendation, Reference, Submission
from tests.factories import (
    AS_OF,
    EventFactory,
    PointFactory,
    RecommendationFactory,
    StatusEntryFactory,
    SubmissionFactory,
    UserFactory,
    noon,
)
from tests.support.refusal import refused

pytestmark = pytest.mark.django_db


# A point and its event


def test_recommendation_comes_from_a_point_of_its_own_event() -> None:
    point = PointFactory()
    with refused("recommendations_recommendation_point_is_of_its_event", saying="another event"):
        RecommendationFactory(point=point)
    assert RecommendationFactory(point=point, event=point.report.event).point == point


def test_recommendation_does_not_move_away_from_the_event_of_its_point() -> None:
    point = PointFactory()
    recommendation = RecommendationFactory(point=point, event=point.report.event)
    with refused("recommendations_recommendation_point_is_of_its_event"):
        Recommendation.objects.filter(pk=recommendation.pk).update(event=EventFactory())
    Recommendation.objects.filter(pk=recommendation.pk).update(event=EventFactory(), point=None)


# References


def test_reference_is_permanent() -> None:
    recommendation = RecommendationFactory(reference="R-2025-001")
    with refused("recommendations_recommendation_reference_is_permanent"):
        Recommendation.objects.update(reference="R-2025-002")
    recommendation.refresh_from_db()
    assert recommendation.reference == "R-2025-001"


def test_reference_of_a_deleted_draft_is_never_given_again() -> None:
    RecommendationFactory(reference="R-2025-001").delete()
    assert not Recommendation.objects.exists()
    with refused("recommendations_reference_pkey"):
        RecommendationFactory(reference="R-2025-001")
    RecommendationFactory(reference="R-2025-002")
    assert [*Reference.objects.values_list("reference", flat=True)] == ["R-2025-001", "R-2025-002"]


def test_edit_takes_no_second_reference() -> None:
    recommendation = RecommendationFactory(reference="R-2025-001")
    recommendation.title_en = "Better said"
    recommendation.save()
    assert Reference.objects.count() == 1


# Submissions


def decide(submission: Submission, **columns: Any) -> None:
    Submission.objects.filter(pk=submission.pk).update(
        **{"decided_by": UserFactory(), "decided_at": noon(AS_OF), **columns}
    )


def test_submission_is_accepted_once() -> None:
    submission = SubmissionFactory()
    decide(submission, decision="accepted", entry=StatusEntryFactory(addressee=submission.addressee))
    with refused(None, saying="decided once"):
        decide(submission, decision="declined", entry=None, decision_reason="On second thoughts.")
    submission.refresh_from_db()
    assert submission.decision == "accepted"


def test_submission_is_declined_once() -> None:
    submission = SubmissionFactory()
    decide(submission, decision="declined", decision_reason="The source says something else.")
    with refused(None, saying="decided once"):
        decide(submission, decision="declined", decision_reason="Better said.")
    with refused(None, saying="decided once"):
        Submission.objects.update(decision="pending", decided_by=None, decided_at=None, decision_reason="")


@pytest.mark.parametrize(
    "columns",
    [
        {"note": "x"},
        {"proposed_state": "implemented"},
        {"as_of": timezone.now().date()},
        {"source_title": "x"},
        {"source_url": "https://example.org/"},
        {"submitted_at": timezone.now()},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_decision_does_not_alter_what_the_partner_wrote(columns: dict[str, Any]) -> None:
    submission = SubmissionFactory()
    with refused(None, saying="never changed"):
        decide(submission, decision="declined", decision_reason="No.", **columns)
    submission.refresh_from_db()
    assert submission.decision == "pending"


@pytest.mark.parametrize(
    "traits", [{}, {"accepted": True}, {"declined": True}], ids=["pending", "accepted", "declined"]
)
def test_submission_is_never_deleted(traits: dict[str, bool]) -> None:
    submission = SubmissionFactory(**traits)
    with refused(None, saying="never changed or deleted"):
        submission.delete()
    assert Submission.objects.count() == 1
