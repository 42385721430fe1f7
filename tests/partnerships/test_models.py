"""Text forms and properties of this app's models."""

import datetime as dt
from typing import Any

import pgtrigger
import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from partnerships.models import ActionType, Claim, Instrument, Membership, Source
from publishing.database.triggers import AnnouncePart, AnnouncePublication
from tests.factories import (
    AS_OF,
    PUBLISHED_AT,
    ActorFactory,
    CitationFactory,
    ClaimFactory,
    ClaimLinkFactory,
    ClaimSubjectFactory,
    CooperationFactory,
    InstrumentActionFactory,
    InstrumentFactory,
    MembershipFactory,
    OfficialPositionFactory,
    PartnershipFactory,
    PartnershipLinkFactory,
    PartyFactory,
    ReviewFactory,
    SourceFactory,
    TopicFactory,
    noon,
)

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(days=1)


# What a publication names


def test_actor_names_what_it_is_part_of_and_its_blocs() -> None:
    actor = ActorFactory(parent=ActorFactory())
    membership = MembershipFactory(member=actor)
    citation = CitationFactory(membership=membership)
    assert {*actor.references()} == {actor.parent, membership.bloc, citation.source}


def test_topic_names_what_it_lies_within() -> None:
    topic = TopicFactory(parent=TopicFactory())
    assert [*topic.references()] == [topic.parent]


def test_source_names_its_publisher() -> None:
    source = SourceFactory(publisher=ActorFactory())
    assert [*source.references()] == [source.publisher]


def test_partnership_names_everything_that_its_parts_name() -> None:
    partnership = PartnershipFactory(topics=[topic := TopicFactory()])
    party = PartyFactory(partnership=partnership)
    cooperation = CooperationFactory(partnership=partnership)
    link = PartnershipLinkFactory(source=partnership)
    instrument = InstrumentFactory(partnership=partnership, promoted_from=ClaimFactory())
    action = InstrumentActionFactory(instrument=instrument, party=ActorFactory())
    places: list[dict[str, Any]] = [
        {"party": party},
        {"cooperation": cooperation},
        {"link": link},
        {"instrument": instrument},
    ]
    sources = {CitationFactory(**place).source for place in places}
    named = {topic, party.actor, cooperation.topic, link.target, instrument.promoted_from, action.party, *sources}
    assert {*partnership.references()} == named


def test_claim_names_everything_that_its_parts_name() -> None:
    claim = ClaimFactory(
        perspective=ActorFactory(),
        asserted_by=ActorFactory(),
        partnerships=[partnership := PartnershipFactory()],
        topics=[topic := TopicFactory()],
    )
    subject = ClaimSubjectFactory(claim=claim)
    citation = CitationFactory(claim=claim)
    position = OfficialPositionFactory(claim=claim, position="denied", source=SourceFactory())
    link = ClaimLinkFactory(source=claim)
    named = {claim.perspective, claim.asserted_by, partnership, topic, subject.actor, citation.source, link.target}
    assert {*claim.references()} == named | {position.government, position.source}


NAMED = {
    "Actor.parent",
    "Addressee.actor",
    "Citation.source",
    "Claim.asserted_by",
    "Claim.partnerships",
    "Claim.perspective",
    "Claim.topics",
    "ClaimLink.target",
    "ClaimSubject.actor",
    "Cooperation.topic",
    "Event.partnerships",
    "Event.series",
    "Event.topics",
    "Evidence.source",
    "Fulfilment.event",
    "Fulfilment.series",
    "Fulfilment.source",
    "Instrument.promoted_from",
    "InstrumentAction.party",
    "Membership.bloc",
    "OfficialPosition.government",
    "OfficialPosition.source",
    "Organiser.actor",
    "Partnership.topics",
    "PartnershipLink.target",
    "Party.actor",
    "Point.topics",
    "Recommendation.event",
    "Recommendation.parent",
    "Recommendation.partnerships",
    "Recommendation.topics",
    "RecommendationLink.target",
    "Report.event",
    "Report.source",
    "Resolution.source",
    "Response.source",
    "Series.convenors",
    "Source.publisher",
    "StatusEntry.on_behalf_of",
    "StatusEntry.successor",
    "Topic.parent",
}
"""Relations that `references()` follows; a test of this kind in each app tries them."""

TO_THE_WHOLE = {
    "Addressee.recommendation",
    "ClaimLink.source",
    "ClaimSubject.claim",
    "Citation.claim",
    "Cooperation.partnership",
    "Fulfilment.recommendation",
    "Instrument.partnership",
    "Membership.member",
    "Objective.recommendation",
    "OfficialPosition.claim",
    "Organiser.event",
    "PartnershipLink.source",
    "Party.partnership",
    "Point.report",
    "PublishedDocument.event",
    "RecommendationLink.source",
    "Resolution.claim",
    "Review.claim",
    "Session.event",
}
"""Relations of a part to what it is a part of."""


def test_every_relation_to_a_publication_is_named_or_leads_to_the_whole() -> None:
    parts = {model for model, trigger in pgtrigger.registered() if isinstance(trigger, AnnouncePart)}
    wholes = {model for model, trigger in pgtrigger.registered() if isinstance(trigger, AnnouncePublication)}
    relations = {
        f"{model.__name__}.{field.name}"
        for model in parts | wholes
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if field.is_relation and field.related_model in wholes
    }
    assert relations == NAMED | TO_THE_WHOLE


# Actors and sources


def test_label_is_the_short_name_where_there_is_one() -> None:
    assert ActorFactory(name="Gulf Cooperation Council", short_name="GCC").label == "GCC"
    assert ActorFactory(name="Qatar").label == "Qatar"


def test_publisher_is_an_actor_or_a_name_or_unknown() -> None:
    assert SourceFactory(publisher=ActorFactory(name="ORSAM")).published_by == "ORSAM"
    assert SourceFactory(publisher_name="A newspaper").published_by == "A newspaper"
    assert SourceFactory().published_by == ""


def test_grade_joins_the_two_admiralty_marks() -> None:
    assert CitationFactory(source_reliability="B", information_credibility="2").grade == "B2"
    assert CitationFactory().grade == "F6"


def test_only_a_bloc_has_members() -> None:
    membership = MembershipFactory()
    membership.full_clean()
    membership.bloc = ActorFactory(kind="state")
    with pytest.raises(ValidationError) as refusal:
        membership.full_clean()
    assert refusal.value.message_dict == {"bloc": ["Only a bloc has members."]}


def test_membership_that_ends_before_it_starts_is_refused_with_a_message() -> None:
    membership = Membership(
        bloc=ActorFactory(kind="bloc"), member=ActorFactory(), since=dt.date(2020, 1, 1), until=dt.date(2010, 1, 1)
    )
    with pytest.raises(ValidationError, match="does not end before it starts"):
        membership.full_clean()


def test_membership_that_overlaps_is_refused_with_a_message() -> None:
    standing = MembershipFactory()
    with pytest.raises(ValidationError, match="already a member of that bloc"):
        Membership(bloc=standing.bloc, member=standing.member).full_clean()


# What a claim has come to


def test_claim_is_unassessed_at_first() -> None:
    ClaimFactory()
    assert Claim.objects.with_status().get().status == "unassessed"


def test_status_of_a_claim_is_that_of_the_last_review_known() -> None:
    claim = ClaimFactory()
    ReviewFactory(claim=claim, status="unverified", as_of=AS_OF)
    ReviewFactory(claim=claim, status="corroborated", as_of=AS_OF + ONE)

    def status(as_of: dt.date | None) -> str:
        return str(Claim.objects.with_status(as_of=as_of).get().status)

    assert [status(day) for day in (AS_OF - ONE, AS_OF, AS_OF + ONE, None)] == [
        "unassessed",
        "unverified",
        "corroborated",
        "corroborated",
    ]


def test_claims_can_be_filtered_by_their_status() -> None:
    ReviewFactory(status="unverified")
    ReviewFactory(status="refuted")
    ClaimFactory()
    assert Claim.objects.with_status().filter(status="unverified").count() == 1
    assert Claim.objects.with_status().filter(status="unassessed").count() == 1


@pytest.mark.parametrize("what", ["claim", "instrument"])
def test_origins_are_the_independent_groups_that_support(what: str) -> None:
    thing = {"claim": ClaimFactory, "instrument": InstrumentFactory}[what]()
    for stance, group in [
        ("supports", "agency"),
        ("supports", "agency"),
        ("supports", "ministry"),
        ("contradicts", "embassy"),
        ("mentions", "weblog"),
    ]:
        CitationFactory(**{what: thing}, stance=stance, independence_group=group)
    assert type(thing).objects.with_origins().get(pk=thing.pk).origins == 2
    assert type(thing).objects.with_status().with_origins().get(pk=thing.pk).origins == 2


@pytest.mark.parametrize("what", ["claim", "instrument"])
def test_origins_count_the_sources_that_a_reader_may_see(what: str) -> None:
    thing = {"claim": ClaimFactory, "instrument": InstrumentFactory}[what]()
    CitationFactory(**{what: thing}, source=SourceFactory(published=True))
    CitationFactory(**{what: thing})
    public = Source.objects.published(at=PUBLISHED_AT)
    assert type(thing).objects.with_origins(sources=public).get(pk=thing.pk).origins == 1
    assert type(thing).objects.with_origins().get(pk=thing.pk).origins == 2


# What an instrument has come to


@pytest.mark.parametrize(
    ("actions", "status"),
    [
        ([], "unknown"),
        (["registered"], "unknown"),
        (["amended"], "unknown"),
        (["negotiation_opened"], "under_negotiation"),
        (["negotiation_opened", "initialled"], "under_negotiation"),
        (["signed"], "signed"),
        (["ratified"], "signed"),
        (["acceded"], "signed"),
        (["signed", "negotiation_opened"], "signed"),
        (["signed", "entered_into_force"], "in_force"),
        (["signed", "provisionally_applied"], "in_force"),
        (["entered_into_force", "signed"], "in_force"),
        (["entered_into_force", "amended"], "in_force"),
        (["entered_into_force", "suspended"], "suspended"),
        (["entered_into_force", "suspended", "entered_into_force"], "in_force"),
        (["entered_into_force", "denounced"], "ended"),
        (["entered_into_force", "terminated"], "ended"),
        (["entered_into_force", "expired"], "ended"),
        (["entered_into_force", "superseded"], "ended"),
        (["terminated", "registered"], "ended"),
    ],
)
def test_status_of_an_instrument_follows_from_its_actions(actions: list[str], status: str) -> None:
    instrument = InstrumentFactory()
    for days, action in enumerate(actions):
        InstrumentActionFactory(instrument=instrument, type=action, as_of=AS_OF + days * ONE)
    assert Instrument.objects.with_status().get().status == status


@pytest.mark.parametrize("action", ActionType.values)
def test_every_action_gives_an_instrument_a_known_status(action: str) -> None:
    InstrumentActionFactory(type=action)
    assert Instrument.objects.with_status().get().status in Instrument.Status.values


def test_status_of_an_instrument_is_that_known_on_a_day() -> None:
    instrument = InstrumentFactory()
    signed = InstrumentActionFactory(instrument=instrument, type="signed", as_of=AS_OF)
    InstrumentActionFactory(
        instrument=instrument, type="entered_into_force", as_of=AS_OF, recorded_at=noon(AS_OF + 2 * ONE)
    )
    InstrumentActionFactory(
        instrument=instrument, type="initialled", as_of=AS_OF, recorded_at=noon(AS_OF + ONE), corrects=signed
    )

    def status(as_of: dt.date | None) -> str:
        return str(Instrument.objects.with_status(as_of=as_of).get().status)

    assert [status(AS_OF + days * ONE) for days in (-1, 0, 1, 2)] == [
        "unknown",
        "signed",
        "under_negotiation",
        "in_force",
    ]


def test_instrument_is_public_with_its_partnership(editor: User) -> None:
    public = InstrumentFactory(partnership=PartnershipFactory(published=True))
    hidden = InstrumentFactory()
    assert [*Instrument.objects.visible_to(AnonymousUser(), at=PUBLISHED_AT)] == [public]
    assert {*Instrument.objects.visible_to(editor)} == {public, hidden}


def test_statuses_of_many_cost_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in (1, 3):
        ClaimFactory.create_batch(number)
        InstrumentFactory.create_batch(number)
        with django_assert_num_queries(2):
            assert {claim.status for claim in Claim.objects.with_status().with_origins()} == {"unassessed"}
            assert {each.status for each in Instrument.objects.with_status().with_origins()} == {"unknown"}
