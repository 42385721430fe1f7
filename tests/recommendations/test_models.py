"""Text forms and properties of this app's models."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.utils import timezone

from publishing.acting import Act
from publishing.actions import withdraw
from recommendations.models import Fulfilment, Recommendation, Response, StatusEntry
from tests.factories import (
    PUBLISHED_AT,
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    EvidenceFactory,
    FulfilmentFactory,
    InstrumentFactory,
    InternalNoteFactory,
    PartnershipFactory,
    PointFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
    ReportFactory,
    ResponseFactory,
    SeriesFactory,
    SourceFactory,
    StatusEntryFactory,
    SubmissionFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


# What a recommendation names


def test_recommendation_names_everything_that_its_parts_name(reviewer: User) -> None:
    topic, partnership = TopicFactory(), PartnershipFactory()
    report = ReportFactory()
    recommendation = RecommendationFactory(
        event=report.event,
        point=PointFactory(report=report),
        parent=RecommendationFactory(),
        topics=[topic],
        partnerships=[partnership],
    )
    link = RecommendationLinkFactory(source=recommendation)
    addressee = AddresseeFactory(recommendation=recommendation)
    response = ResponseFactory(addressee=addressee, accepted=True)
    entry = StatusEntryFactory(addressee=addressee, state="superseded", on_behalf_of=ActorFactory())
    evidence = EvidenceFactory(entry=entry, source=SourceFactory(published=True))
    withdraw(evidence.source, act=Act(by=reviewer, at=timezone.now()), note="It was a misreading.")
    EvidenceFactory(entry=entry, source=SourceFactory(in_review=True))  # shown to nobody before it is published
    instrument = InstrumentFactory()
    of_things: list[dict[str, Any]] = [{"event": EventFactory()}, {"source": SourceFactory()}]
    fulfilled_by = [FulfilmentFactory(recommendation=recommendation, **thing).what for thing in of_things]
    fulfilled_by.append(FulfilmentFactory(recommendation=recommendation).series)
    FulfilmentFactory(recommendation=recommendation, instrument=instrument)
    assert {*recommendation.references()} == {
        report.event,
        report,
        recommendation.parent,
        topic,
        partnership,
        link.target,
        addressee.actor,
        response.source,
        entry.successor,
        entry.on_behalf_of,
        evidence.source,
        *fulfilled_by,
        instrument.partnership,
    }


def test_recommendation_does_not_name_what_only_a_partner_says() -> None:
    addressee = AddresseeFactory()
    SubmissionFactory(addressee=addressee)
    assert {*addressee.recommendation.references()} == {addressee.recommendation.event, addressee.actor}


# Fulfilment


@pytest.mark.parametrize("kind", ["series", "event", "source", "instrument"])
def test_fulfilment_knows_what_fulfilled_it_and_what_makes_that_public(kind: str) -> None:
    makers = {"series": SeriesFactory, "event": EventFactory, "source": SourceFactory, "instrument": InstrumentFactory}
    thing: Any = makers[kind]()
    fulfilment = Fulfilment(recommendation=RecommendationFactory(), **{kind: thing})
    fulfilment.full_clean()
    assert fulfilment.what == thing
    assert fulfilment.publication == (thing.partnership if kind == "instrument" else thing)


def test_fulfilment_by_nothing_is_refused_with_a_message() -> None:
    with pytest.raises(ValidationError, match="exactly one thing"):
        Fulfilment(recommendation=RecommendationFactory()).full_clean()


# Who sees what hangs on a recommendation


@pytest.mark.parametrize("factory", [FulfilmentFactory, ResponseFactory, StatusEntryFactory])
def test_part_is_public_with_its_recommendation(factory: Any, editor: User) -> None:
    is_of_addressee = factory is not FulfilmentFactory
    path = "addressee__recommendation" if is_of_addressee else "recommendation"
    others: dict[str, Any] = (
        {"addressee__actor__published": True} if is_of_addressee else {"event": EventFactory(published=True)}
    )
    public = factory(**{path: RecommendationFactory(published=True)}, **others)
    hidden = factory(**{path: RecommendationFactory()}, **others)
    model = factory._meta.model
    assert [*model.objects.visible_to(AnonymousUser(), at=PUBLISHED_AT)] == [public]
    assert {*model.objects.visible_to(editor)} == {public, hidden}


def test_internal_note_is_reached_from_no_entry() -> None:
    InternalNoteFactory()
    accessors = {relation.get_accessor_name() for relation in StatusEntry._meta.related_objects}
    assert {name for name in accessors if name and "note" in name} == set()


# What a form says


@pytest.mark.parametrize(
    ("traits", "missing", "message"),
    [
        ({"awaiting": True}, {"channel": ""}, "Say how it was sent."),
        ({"accepted": True}, {"source": None}, "An acceptance needs its source."),
        ({"noted": True}, {"words": ""}, "never inferred from silence"),
        ({"rejected": True}, {"no_reason_given": False}, "A rejection needs its reason"),
    ],
)
def test_incomplete_response_is_refused_with_a_message(
    traits: dict[str, bool], missing: dict[str, Any], message: str
) -> None:
    response = ResponseFactory(**traits)
    response.pk, response.public_id = None, "0123456789"
    response._state.adding = True
    response.full_clean()
    for field, value in missing.items():
        setattr(response, field, value)
    with pytest.raises(ValidationError, match=message):
        response.full_clean()
    assert Response.objects.count() == 1


def test_reference_of_another_form_is_refused_at_its_field() -> None:
    recommendation = RecommendationFactory()
    for wrong in ("R-2025-1", "2025-001", "R-2025-001\n"):
        recommendation.reference = wrong
        with pytest.raises(ValidationError) as refusal:
            recommendation.full_clean()
        assert "reference" in refusal.value.message_dict


def test_recommendations_are_listed_by_reference() -> None:
    for reference in ("R-2025-010", "R-2024-002", "R-2025-002"):
        RecommendationFactory(reference=reference)
    listed = [recommendation.reference for recommendation in Recommendation.objects.all()]
    assert listed == ["R-2024-002", "R-2025-002", "R-2025-010"]
