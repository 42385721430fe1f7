"""Rules that triggers enforce: no circles, and corrections of the same subject only."""

import dataclasses
import itertools
from collections.abc import Callable
from typing import Any

import pgtrigger
import psycopg
import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import translation
from django.utils.translation import gettext

from partnerships.models import PartnershipLink
from publishing.database.triggers import CorrectsWithin, NoCycle
from recommendations.models import RecommendationLink
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    ClaimFactory,
    InstrumentActionFactory,
    InstrumentFactory,
    OfficialPositionFactory,
    PartnershipFactory,
    PartnershipLinkFactory,
    PointFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
    ResolutionFactory,
    ResponseFactory,
    ReviewFactory,
    StatusEntryFactory,
    TopicFactory,
)
from tests.support.concurrency import Session
from tests.support.patience import PATIENCE
from tests.support.refusal import refused

TESTS_OF_TRIGGERS = {
    "AnnounceCopy": "tests/partnerships/test_jobs.py",
    "AnnounceOffRecord": "tests/events/test_changes.py",
    "AnnouncePart": "tests/config/test_changes.py",
    "AnnouncePublication": "tests/config/test_changes.py",
    "AnnounceWhatShows": "tests/events/test_attribution.py",
    "AnnounceWhatNumbersHide": "tests/events/test_changes.py",
    "AnnounceWhatSizesHide": "tests/events/test_changes.py",
    "AnotherAddress": "tests/partnerships/test_jobs.py",
    "AppendOnly": "tests/config/test_append_only.py",
    "BytesAreTheCopys": "tests/partnerships/test_jobs.py",
    "BytesAreTheDocuments": "tests/events/test_documents.py",
    "BytesGoWithTheDocument": "tests/events/test_documents.py",
    "ClearanceIsOfTheWords": "tests/events/test_triggers.py",
    "CitesWhatStands": "tests/partnerships/test_verification.py",
    "ConfirmedByASecondPerson": "tests/recommendations/test_corrections.py",
    "ConsentIsRecorded": "tests/events/test_attribution.py",
    "ConsentsInTurn": "tests/events/test_attribution.py",
    "CorrectsWithin": "here",
    "DecidedOnce": "tests/recommendations/test_triggers.py",
    "Event": "tests/publishing/desk/test_versions.py",
    "FollowsTheLifecycle": "tests/recommendations/test_lifecycle.py",
    "ForecastStands": "tests/partnerships/test_forecasts.py",
    "HasItsSources": "tests/recommendations/test_lifecycle.py",
    "HasItsSupport": "tests/events/test_support.py",
    "KeepDisclosed": "tests/events/test_attribution.py",
    "KeepOnceEffective": "tests/config/test_append_only.py and test_changes.py",
    "KeepCurrentVerification": "tests/partnerships/test_current_verification.py",
    "KeepCurrentStatus": "tests/recommendations/test_current_status.py",
    "KeepPublicationRules": "tests/config/test_publication.py",
    "KeepSearchText": "tests/config/test_search.py",
    "LetterIsDecidedOnce": "tests/recommendations/test_letters.py",
    "LooseningNeedsConsents": "tests/events/test_attribution.py",
    "NamedOnce": "tests/config/test_unique_names.py",
    "NeverEmptied": "tests/config/test_append_only.py",
    "NoCycle": "here",
    "ParticipantsStay": "tests/events/test_attribution.py",
    "OffRecordIsNotPublished": "tests/events/test_off_record.py",
    "PointIsOfItsEvent": "tests/recommendations/test_triggers.py",
    "Protect": "tests/config/test_append_only.py",
    "PublishedDocumentRules": "tests/events/test_documents.py",
    "ReferencesAreNeverReused": "tests/recommendations/test_triggers.py",
    "ReopenedByAReviewer": "tests/recommendations/test_lifecycle.py",
    "ResolvesAForecast": "tests/partnerships/test_forecasts.py",
    "RestsOnAnEstablishedClaim": "tests/partnerships/test_promotion.py",
    "RestsOnItsGrounds": "tests/partnerships/test_verification.py",
    "RewordingDecidedOnce": "tests/events/test_rewording.py",
    "SessionIsOfItsEvent": "tests/events/test_support.py",
    "ShowsWhatMayBeShown": "tests/events/test_attribution.py",
    "SingleVoicesAreCleared": "tests/events/test_triggers.py",
    "StaysWithItsPoint": "tests/events/test_support.py",
    "SucceededByAnother": "tests/recommendations/test_lifecycle.py",
    "WaitsForReaders": "tests/events/names/test_check_at_once.py",
    "SourceFollowsItsRecords": "tests/partnerships/test_jobs.py",
}


def test_every_trigger_has_its_test() -> None:
    assert {type(trigger).__name__ for _model, trigger in pgtrigger.registered()} == TESTS_OF_TRIGGERS.keys()


def triggers_of(kind: type[pgtrigger.Trigger]) -> list[str]:
    return sorted(
        f"{model._meta.label}:{trigger.name}" for model, trigger in pgtrigger.registered() if isinstance(trigger, kind)
    )


@dataclasses.dataclass(frozen=True)
class Tree:
    """Rows that name another of their kind."""

    factory: Any
    column: str = "parent"

    def join(self, lower: models.Model, upper: models.Model) -> None:
        self.factory._meta.model._base_manager.filter(pk=lower.pk).update(**{self.column: upper})


@dataclasses.dataclass(frozen=True)
class Links:
    """Rows of one kind and type that join two others."""

    factory: Any
    link: Any
    type: str

    def join(self, lower: models.Model, upper: models.Model) -> None:
        self.link(source=lower, target=upper, type=self.type)


GRAPHS: dict[str, Tree | Links] = {
    "events.Point:no_cycle": Tree(PointFactory, "qualifies"),
    "partnerships.Actor:no_cycle": Tree(ActorFactory),
    "partnerships.PartnershipLink:no_cycle_of_parts": Links(PartnershipFactory, PartnershipLinkFactory, "part_of"),
    "partnerships.PartnershipLink:no_cycle_of_precedents": Links(
        PartnershipFactory, PartnershipLinkFactory, "precedent_for"
    ),
    "partnerships.Topic:no_cycle": Tree(TopicFactory),
    "recommendations.Recommendation:no_cycle": Tree(RecommendationFactory),
    "recommendations.RecommendationLink:no_cycle": Links(
        RecommendationFactory, RecommendationLinkFactory, "strengthens"
    ),
}


def constraint_named(trigger: str) -> str:
    """What the refusal of a trigger names: its table and its own name."""
    label, name = trigger.split(":")
    return f"{label.replace('.', '_').lower()}_{name}"


def test_every_graph_is_tried() -> None:
    assert [*GRAPHS] == triggers_of(NoCycle)


@pytest.mark.django_db
@pytest.mark.parametrize("trigger", GRAPHS)
@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_circle_of_any_length_is_refused(trigger: str, length: int) -> None:
    graph = GRAPHS[trigger]
    chain = graph.factory.create_batch(length)
    for lower, upper in itertools.pairwise(chain):
        graph.join(lower, upper)
    with refused(constraint_named(trigger)):
        graph.join(chain[-1], chain[0])


@pytest.mark.django_db
@pytest.mark.parametrize("trigger", GRAPHS)
def test_branches_and_moves_within_a_graph_are_possible(trigger: str) -> None:
    graph = GRAPHS[trigger]
    root, left, right, leaf = graph.factory.create_batch(4)
    graph.join(left, root)
    graph.join(right, root)
    graph.join(leaf, left)
    graph.join(leaf, right)  # a tree moves it, links make a diamond
    graph.join(root, graph.factory())
    with refused(constraint_named(trigger)):
        graph.join(root, leaf)


@pytest.mark.django_db
@pytest.mark.parametrize("type", ["complements", "counterbalances", "substitutes"])
def test_partnerships_may_stand_in_other_relations_both_ways(type: str) -> None:
    one, other = PartnershipFactory.create_batch(2)
    PartnershipLinkFactory(source=one, target=other, type=type)
    PartnershipLinkFactory(source=other, target=one, type=type)
    assert PartnershipLink.objects.count() == 2


@pytest.mark.django_db
def test_precedent_may_be_part_of_what_follows_it() -> None:
    one, other = PartnershipFactory.create_batch(2)
    PartnershipLinkFactory(source=one, target=other, type="part_of")
    PartnershipLinkFactory(source=other, target=one, type="precedent_for")
    assert PartnershipLink.objects.count() == 2


@pytest.mark.django_db
def test_change_of_a_links_type_or_ends_cannot_close_a_circle() -> None:
    one, other, third = PartnershipFactory.create_batch(3)
    PartnershipLinkFactory(source=one, target=other, type="part_of")
    back = PartnershipLinkFactory(source=other, target=one, type="complements")
    with refused("partnerships_partnershiplink_no_cycle_of_parts"):
        PartnershipLink.objects.filter(pk=back.pk).update(type="part_of")
    elsewhere = PartnershipLinkFactory(source=other, target=third, type="part_of")
    with refused("partnerships_partnershiplink_no_cycle_of_parts"):
        PartnershipLink.objects.filter(pk=elsewhere.pk).update(target=one)


@pytest.mark.django_db
def test_links_of_recommendations_of_different_types_make_no_circle_together() -> None:
    one, other = RecommendationFactory.create_batch(2)
    RecommendationLinkFactory(source=one, target=other, type="narrows")
    with refused("recommendations_recommendationlink_no_cycle"):
        RecommendationLinkFactory(source=other, target=one, type="supersedes")
    assert RecommendationLink.objects.count() == 1


@pytest.mark.django_db
def test_link_may_be_turned_round() -> None:
    link = PartnershipLinkFactory(type="part_of")
    PartnershipLink.objects.filter(pk=link.pk).update(source=link.target, target=link.source)
    assert PartnershipLink.objects.get().source == link.target


@pytest.mark.parametrize("trigger", GRAPHS)
def test_two_sessions_do_not_close_a_circle_between_them(trigger: str, session: Session) -> None:
    graph = GRAPHS[trigger]
    one, other = graph.factory.create_batch(2)

    def join_back() -> None:
        with transaction.atomic():
            graph.join(other, one)

    with transaction.atomic():
        graph.join(one, other)
        joining = session.run(join_back)
        session.wait_until_it_waits()
    with pytest.raises(IntegrityError) as caught:
        joining.result(PATIENCE)
    assert isinstance(caught.value.__cause__, psycopg.Error)
    assert caught.value.__cause__.diag.constraint_name == constraint_named(trigger)


def test_second_session_may_join_what_the_first_did_not_commit(session: Session) -> None:
    actors = Tree(ActorFactory)
    one, other = ActorFactory.create_batch(2)
    with transaction.atomic():
        actors.join(one, other)
        joining = session.run(lambda: actors.join(other, one))
        session.wait_until_it_waits()
        transaction.set_rollback(True)
    joining.result(PATIENCE)
    other.refresh_from_db()
    assert other.parent == one


CORRECTED: dict[str, tuple[Any, Callable[[], dict[str, Any]]]] = {
    # Trigger: what makes a record, and what makes the thing that it is about.
    "partnerships.InstrumentAction:corrects_within": (
        InstrumentActionFactory,
        lambda: {"instrument": InstrumentFactory()},
    ),
    "partnerships.OfficialPosition:corrects_within": (
        OfficialPositionFactory,
        lambda: {"claim": ClaimFactory(), "government": ActorFactory()},
    ),
    "partnerships.Resolution:corrects_within": (
        ResolutionFactory,
        lambda: {"claim": ClaimFactory(published=True, kind="forecast")},
    ),
    "partnerships.Review:corrects_within": (ReviewFactory, lambda: {"claim": ClaimFactory()}),
    "recommendations.Response:corrects_within": (ResponseFactory, lambda: {"addressee": AddresseeFactory()}),
    "recommendations.StatusEntry:corrects_within": (StatusEntryFactory, lambda: {"addressee": AddresseeFactory()}),
}


def test_every_kind_of_correction_is_tried() -> None:
    assert [*CORRECTED] == triggers_of(CorrectsWithin)


@pytest.mark.django_db
@pytest.mark.parametrize("trigger", CORRECTED)
def test_record_corrects_one_about_the_same_thing_only(trigger: str) -> None:
    factory, about = CORRECTED[trigger]
    thing = about()
    earlier = factory(**thing)
    assert factory(**thing, corrects=earlier).corrects == earlier
    for column, another in about().items():
        with refused(None, saying="about the same thing"):
            factory(**{**thing, column: another}, corrects=earlier)


@pytest.mark.django_db
def test_every_refusal_of_a_trigger_is_translated() -> None:
    """But for those of records that no form changes, which name their table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT replace(said[1], '''''', '''')
            FROM pg_proc, regexp_matches(prosrc, 'RAISE EXCEPTION +''((?:[^'']|'''')*)''', 'g') AS said
            WHERE pronamespace = 'public'::regnamespace"""
        )
        said = {message for (message,) in cursor.fetchall()}
    with translation.override("tr"):
        untranslated = {message for message in said if gettext(message) == message}
    assert {message for message in untranslated if not message.startswith(("Rows of ", "pgtrigger: "))} == set()
    assert len(said) > 40
