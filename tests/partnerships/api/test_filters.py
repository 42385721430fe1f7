"""Each filter returns exactly the matching rows."""

from typing import Any

import pytest

from partnerships.models import Actor
from tests.factories import (
    ActorFactory,
    CitationFactory,
    ClaimFactory,
    ClaimSubjectFactory,
    CooperationFactory,
    InstrumentActionFactory,
    InstrumentFactory,
    MembershipFactory,
    PartnershipFactory,
    PartyFactory,
    ReviewFactory,
    SourceFactory,
    TopicFactory,
)
from tests.support.published import listed

pytestmark = pytest.mark.django_db


def test_actors_by_kind_and_bloc() -> None:
    bloc = ActorFactory(published=True, slug="gcc", kind=Actor.Kind.BLOC)
    member = ActorFactory(published=True, slug="qatar")
    ActorFactory(published=True, slug="orsam", kind=Actor.Kind.RESEARCH_INSTITUTE)
    MembershipFactory(bloc=bloc, member=member)
    assert listed("actors/", "slug", kind="state") == ["qatar"]
    assert listed("actors/", "slug", kind=["state", "bloc"]) == ["gcc", "qatar"]
    assert listed("actors/", "slug", bloc="gcc") == ["qatar"]


def test_topics_by_kind_and_parent() -> None:
    parent = TopicFactory(published=True, slug="defence", kind="cooperation_area")
    TopicFactory(published=True, slug="drones", kind="cooperation_area", parent=parent)
    TopicFactory(published=True, slug="gaza", kind="theatre")
    assert listed("topics/", "slug", kind="cooperation_area") == ["defence", "drones"]
    assert listed("topics/", "slug", parent="defence") == ["drones"]


def test_sources_by_language_and_publisher() -> None:
    publisher = ActorFactory(published=True, slug="orsam")
    english = SourceFactory(published=True, source_language="en")
    turkish = SourceFactory(published=True, source_language="tr", publisher=publisher)
    assert listed("sources/", "public_id", language="en") == [english.public_id]
    assert listed("sources/", "public_id", publisher="orsam") == [turkish.public_id]


def test_partnerships_by_form_status_actor_topic_and_stage() -> None:
    actor = ActorFactory(published=True, slug="qatar")
    theme = TopicFactory(published=True, slug="hedging")
    area = TopicFactory(published=True, slug="air-defence", kind="cooperation_area")
    below = TopicFactory(published=True, slug="radars", kind="cooperation_area", parent=area)
    first = PartnershipFactory(published=True, slug="first", form="defence", status="emerging", topics=[theme])
    second = PartnershipFactory(published=True, slug="second", form="alliance", status="active")
    PartyFactory(partnership=first, actor=actor)
    CooperationFactory(partnership=second, topic=below, stage="operating")
    CooperationFactory(partnership=first, topic=area, stage="under_discussion")
    for query, found in (
        ({"form": "alliance"}, ["second"]),
        ({"form": ["alliance", "defence"]}, ["first", "second"]),
        ({"status": "emerging"}, ["first"]),
        ({"actor": "qatar"}, ["first"]),
        ({"topic": "hedging"}, ["first"]),
        ({"topic": "air-defence"}, ["first", "second"]),
        ({"topic": "radars"}, ["second"]),
        ({"stage": "operating"}, ["second"]),
        ({"stage": "operating", "actor": "qatar"}, []),
    ):
        assert listed("partnerships/", "slug", **query) == found, query


def test_instruments_by_partnership_type_status_and_actor() -> None:
    actor = ActorFactory(published=True, slug="pakistan")
    partnership = PartnershipFactory(published=True, slug="saudi-pakistan")
    PartyFactory(partnership=partnership, actor=actor)
    pact = InstrumentFactory(slug="pact", partnership=partnership, type="agreement")
    InstrumentFactory(slug="other", partnership__published=True, type="protocol")
    InstrumentActionFactory(instrument=pact, type="signed")
    for query in (
        {"partnership": "saudi-pakistan"},
        {"type": "agreement"},
        {"status": "signed"},
        {"actor": "pakistan"},
    ):
        assert listed("instruments/", "slug", **query) == ["pact"], query
    assert listed("instruments/", "slug", status=["signed", "unknown"]) == ["other", "pact"]


def test_claims_by_everything_that_they_name() -> None:
    actor = ActorFactory(published=True, slug="qatar")
    topic = TopicFactory(published=True, slug="drones")
    partnership = PartnershipFactory(published=True, slug="pakistan-qatar")
    source = SourceFactory(published=True)
    about = ClaimFactory(published=True, kind="presence")
    ClaimSubjectFactory(claim=about, actor=actor)
    seen = ClaimFactory(published=True, kind="rationale", perspective=actor, sensitive=True)
    bound = ClaimFactory(published=True, kind="finance", topics=[topic], partnerships=[partnership])
    CitationFactory(claim=bound, source=source)
    ReviewFactory(claim=bound, status="unverified")

    def found(**query: Any) -> set[str]:
        return set(listed("claims/", "public_id", **query))

    assert found(actor="qatar") == {about.public_id, seen.public_id}
    assert found(perspective="qatar") == {seen.public_id}
    assert found(kind=["presence", "finance"]) == {about.public_id, bound.public_id}
    assert found(sensitive="true") == {seen.public_id}
    assert found(sensitive="false") == {about.public_id, bound.public_id}
    for query in (
        {"topic": "drones"},
        {"partnership": "pakistan-qatar"},
        {"source": source.public_id},
        {"status": "unverified"},
    ):
        assert found(**query) == {bound.public_id}, query
    assert found(status=["unverified", "unassessed"]) == {about.public_id, seen.public_id, bound.public_id}
