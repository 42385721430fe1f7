"""The feed of changes: its lines, when readers may know them, and their order."""

import datetime as dt
import functools
import threading
from collections.abc import Callable
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from publishing.database.triggers import AnnouncePart, AnnouncePublication
from publishing.models.change import Change
from publishing.publication import Publication
from tests import factories
from tests.factories import (
    PUBLISHED_AT,
    ActorFactory,
    AddresseeFactory,
    CitationFactory,
    ClaimFactory,
    ClaimLinkFactory,
    ClaimSubjectFactory,
    ConfirmationFactory,
    CooperationFactory,
    EventFactory,
    EvidenceFactory,
    FulfilmentFactory,
    InstrumentActionFactory,
    InstrumentFactory,
    InstrumentObligationFactory,
    MembershipFactory,
    ObjectiveFactory,
    OfficialPositionFactory,
    OrganiserFactory,
    PartnershipFactory,
    PartnershipLinkFactory,
    PartyFactory,
    PointFactory,
    PublishedContentFactory,
    PublishedDocumentFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
    ReportFactory,
    ResolutionFactory,
    ResponseFactory,
    ReviewFactory,
    SessionFactory,
    StatusEntryFactory,
    TopicFactory,
    UserFactory,
)
from tests.support.concurrency import Session
from tests.support.patience import PATIENCE
from tests.support.refusal import refused

HOUR = dt.timedelta(hours=1)


def announced(publication: Publication) -> list[str]:
    """What the feed says of a publication, in the order in which it was said."""
    lines = Change.objects.filter(public_id=publication.public_id, kind=publication._meta.model_name)
    return [*lines.order_by("id").values_list("event", flat=True)]


def change(row: models.Model, **columns: Any) -> None:
    """Changes the row by one SQL UPDATE, and reads it anew."""
    type(row)._base_manager.filter(pk=row.pk).update(**columns)
    row.refresh_from_db()


def publish(publication: Publication, **columns: Any) -> None:
    change(publication, state="published", reviewer=UserFactory(), published_at=PUBLISHED_AT, **columns)


def withdraw(publication: Publication) -> None:
    change(publication, state="withdrawn", withdrawn_at=timezone.now(), withdrawal_note="It was misread.")


def triggers_of(kind: type[pgtrigger.Trigger]) -> list[str]:
    return sorted(
        f"{model._meta.label}:{trigger.name}" for model, trigger in pgtrigger.registered() if isinstance(trigger, kind)
    )


# Publications

PUBLICATIONS = [
    getattr(factories, f"{model.__name__}Factory")
    for model, trigger in pgtrigger.registered()
    if isinstance(trigger, AnnouncePublication)
]
each_publication = pytest.mark.parametrize("factory", PUBLICATIONS, ids=lambda factory: factory._meta.model.__name__)


def test_every_kind_of_publication_is_announced() -> None:
    assert {factory._meta.model._meta.model_name for factory in PUBLICATIONS} == set(dict(settings.PUBLICATION_KINDS))


@pytest.mark.django_db
@each_publication
def test_draft_is_not_announced(factory: Any) -> None:
    draft = factory()
    change(draft, state="in_review")
    draft.delete()
    assert not Change.objects.exists()


@pytest.mark.django_db
@each_publication
def test_line_says_what_was_published_and_when(factory: Any) -> None:
    draft = factory()
    before = timezone.now()
    publish(draft)
    line = Change.objects.get()
    assert (line.kind, line.public_id, line.identifier) == (draft._meta.model_name, draft.public_id, draft.identifier)
    assert (line.event, line.version, line.note) == ("published", 1, "")
    assert before <= line.recorded_at <= line.effective_at <= timezone.now()


@pytest.mark.django_db
@each_publication
def test_row_that_is_inserted_published_is_announced(factory: Any) -> None:
    assert announced(factory(published=True)) == ["published"]


@pytest.mark.django_db
@each_publication
def test_line_of_a_change_carries_its_version_and_note(factory: Any) -> None:
    publication = factory(published=True)
    change(publication, original_language="en", created_at=PUBLISHED_AT)  # bookkeeping
    assert announced(publication) == ["published"]
    text = next(name for name in ("name_en", "title_en", "statement_en") if hasattr(publication, name))
    change(publication, **{text: "Better said."}, version=2, version_note="A word was wrong.")
    line = Change.objects.get(event="changed", public_id=publication.public_id)
    assert (line.version, line.note) == (2, "A word was wrong.")


@pytest.mark.django_db
@each_publication
def test_line_of_a_withdrawal_carries_its_note(factory: Any) -> None:
    publication = factory(published=True)
    withdraw(publication)
    line = Change.objects.get(event="withdrawn")
    assert (line.public_id, line.note) == (publication.public_id, "It was misread.")
    assert line.effective_at <= timezone.now()


@pytest.mark.django_db
def test_publication_of_what_was_withdrawn_is_announced_again() -> None:
    topic = TopicFactory(withdrawn=True)
    change(topic, state="published", withdrawn_at=None)
    assert announced(topic) == ["published"]


@pytest.mark.django_db
def test_tombstone_stands_from_the_withdrawal_on() -> None:
    claim = ClaimFactory(published=True)
    named = {"kind": "claim", "identifier": claim.identifier}
    assert Change.objects.tombstone(**named, at=timezone.now()) is None
    before = timezone.now()
    withdraw(claim)
    tombstone = Change.objects.tombstone(**named, at=timezone.now())
    assert tombstone is not None
    assert tombstone.note == "It was misread."
    assert Change.objects.tombstone(**named, at=before) is None
    assert Change.objects.tombstone(kind="claim", identifier="0000000000", at=timezone.now()) is None


def test_tombstone_goes_with_the_next_publication(committing: None) -> None:
    claim = ClaimFactory(published=True)
    withdraw(claim)
    change(claim, state="published", withdrawn_at=None, withdrawal_note="")
    assert announced(claim) == ["published", "withdrawn", "published"]
    assert Change.objects.tombstone(kind="claim", identifier=claim.identifier, at=timezone.now()) is None


# Embargoes


@pytest.mark.django_db
@each_publication
def test_embargoed_publication_is_announced_for_the_end_of_its_embargo(factory: Any) -> None:
    end = timezone.now() + HOUR
    publication = factory(published=True, embargo_until=end)
    lines = Change.objects.filter(public_id=publication.public_id)
    assert [(line.event, line.effective_at) for line in lines] == [("published", end)]
    assert not lines.effective(at=end - dt.timedelta(microseconds=1)).exists()
    assert lines.effective(at=end).exists()


@pytest.mark.django_db
def test_embargo_that_is_over_delays_nothing() -> None:
    TopicFactory(published=True, embargo_until=timezone.now() - HOUR)
    assert Change.objects.effective(at=timezone.now()).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [1, 3])
def test_moved_embargo_moves_its_line(hours: int) -> None:
    topic = TopicFactory(published=True, embargo_until=timezone.now() + 2 * HOUR)
    end = timezone.now() + hours * HOUR
    change(topic, embargo_until=end)
    assert [(line.event, line.effective_at) for line in Change.objects.all()] == [("published", end)]


@pytest.mark.django_db
def test_lifted_embargo_announces_at_once() -> None:
    topic = TopicFactory(published=True, embargo_until=timezone.now() + HOUR)
    change(topic, embargo_until=None)
    assert announced(topic) == ["published"]
    assert Change.objects.effective(at=timezone.now()).count() == 1


@pytest.mark.django_db
def test_withdrawal_before_the_end_of_an_embargo_says_nothing() -> None:
    topic = TopicFactory(published=True, embargo_until=timezone.now() + HOUR)
    withdraw(topic)
    assert announced(topic) == []


@pytest.mark.django_db
def test_withdrawal_after_the_end_of_an_embargo_is_announced() -> None:
    topic = TopicFactory(published=True, embargo_until=timezone.now() - HOUR)
    withdraw(topic)
    assert announced(topic) == ["published", "withdrawn"]


@pytest.mark.django_db
def test_change_during_an_embargo_is_announced_with_its_end() -> None:
    end = timezone.now() + HOUR
    party = PartyFactory(partnership=PartnershipFactory(published=True, embargo_until=end))
    assert announced(party.partnership) == ["published", "changed"]
    assert {line.effective_at for line in Change.objects.filter(kind="partnership")} == {end}
    change(party.partnership, embargo_until=None)
    assert announced(party.partnership) == ["published"]


def test_embargo_that_has_ended_may_be_cleared_in_silence(committing: None) -> None:
    topic = TopicFactory(published=True, embargo_until=timezone.now() - HOUR)
    change(topic, embargo_until=None)
    assert announced(topic) == ["published"]


@pytest.mark.django_db
def test_embargo_of_a_draft_announces_nothing() -> None:
    topic = TopicFactory(embargo_until=timezone.now() + HOUR)
    change(topic, embargo_until=None)
    assert announced(topic) == []


# Parts

Part = tuple[Any, Callable[[Any], models.Model], dict[str, Any]]

PARTS: dict[str, Part] = {
    # Trigger: what makes the whole, what makes a part of it, and a change of the part.
    "events.Organiser:announce_part": (EventFactory, lambda event: OrganiserFactory(event=event), {"role": "funder"}),
    "events.Point:announce_part": (ReportFactory, lambda report: PointFactory(report=report), {"text_en": "New."}),
    "events.PublishedContent:announce_part": (
        EventFactory,
        lambda event: PublishedContentFactory(document__event=event),
        {},
    ),
    "events.PublishedDocument:announce_part": (
        EventFactory,
        lambda event: PublishedDocumentFactory(event=event),
        {},
    ),
    "events.Session:announce_part": (EventFactory, lambda event: SessionFactory(event=event), {"name_en": "New"}),
    "events.Support:announce_part": (
        ReportFactory,
        lambda report: PointFactory(report=report).graded,
        {"grade": "broad"},
    ),
    "partnerships.Citation:announce_actor": (
        ActorFactory,
        lambda actor: CitationFactory(membership=MembershipFactory(member=actor)),
        {"locator": "p. 3"},
    ),
    "partnerships.Citation:announce_claim": (
        ClaimFactory,
        lambda claim: CitationFactory(claim=claim),
        {"locator": "p. 3"},
    ),
    "partnerships.Citation:announce_partnership": (
        PartnershipFactory,
        lambda partnership: CitationFactory(party=PartyFactory(partnership=partnership)),
        {"locator": "p. 3"},
    ),
    "partnerships.ClaimLink:announce_source": (
        ClaimFactory,
        lambda claim: ClaimLinkFactory(source=claim),
        {"type": "qualifies"},
    ),
    "partnerships.ClaimLink:announce_target": (
        ClaimFactory,
        lambda claim: ClaimLinkFactory(target=claim),
        {"type": "qualifies"},
    ),
    "partnerships.ClaimSubject:announce_part": (
        ClaimFactory,
        lambda claim: ClaimSubjectFactory(claim=claim),
        {"role": "host"},
    ),
    "partnerships.Cooperation:announce_part": (
        PartnershipFactory,
        lambda partnership: CooperationFactory(partnership=partnership),
        {"stage": "operating"},
    ),
    "partnerships.Instrument:announce_part": (
        PartnershipFactory,
        lambda partnership: InstrumentFactory(partnership=partnership),
        {"binding": "yes"},
    ),
    "partnerships.InstrumentAction:announce_part": (
        PartnershipFactory,
        lambda partnership: InstrumentActionFactory(instrument__partnership=partnership),
        {},
    ),
    "partnerships.InstrumentObligation:announce_part": (
        PartnershipFactory,
        lambda partnership: InstrumentObligationFactory(instrument__partnership=partnership),
        {"obligation": "defence"},
    ),
    "partnerships.Membership:announce_part": (
        ActorFactory,
        lambda actor: MembershipFactory(member=actor),
        {"since": dt.date(1981, 5, 25)},
    ),
    "partnerships.OfficialPosition:announce_part": (
        ClaimFactory,
        lambda claim: OfficialPositionFactory(claim=claim),
        {},
    ),
    "partnerships.PartnershipLink:announce_source": (
        PartnershipFactory,
        lambda partnership: PartnershipLinkFactory(source=partnership),
        {"type": "substitutes"},
    ),
    "partnerships.PartnershipLink:announce_target": (
        PartnershipFactory,
        lambda partnership: PartnershipLinkFactory(target=partnership),
        {"type": "substitutes"},
    ),
    "partnerships.Party:announce_part": (
        PartnershipFactory,
        lambda partnership: PartyFactory(partnership=partnership),
        {"role": "observer"},
    ),
    "partnerships.Resolution:announce_part": (
        lambda **kwargs: ClaimFactory(kind="forecast", **kwargs),
        lambda claim: ResolutionFactory(claim=claim),
        {},
    ),
    "partnerships.Review:announce_part": (ClaimFactory, lambda claim: ReviewFactory(claim=claim), {}),
    "recommendations.Addressee:announce_part": (
        RecommendationFactory,
        lambda recommendation: AddresseeFactory(recommendation=recommendation),
        {"role": "support"},
    ),
    "recommendations.Confirmation:announce_part": (
        RecommendationFactory,
        lambda recommendation: ConfirmationFactory(entry__addressee__recommendation=recommendation),
        {},
    ),
    "recommendations.Evidence:announce_part": (
        RecommendationFactory,
        lambda recommendation: EvidenceFactory(entry__addressee__recommendation=recommendation),
        {},
    ),
    "recommendations.Fulfilment:announce_part": (
        RecommendationFactory,
        lambda recommendation: FulfilmentFactory(recommendation=recommendation),
        {"note": "The first was held."},
    ),
    "recommendations.Objective:announce_part": (
        RecommendationFactory,
        lambda recommendation: ObjectiveFactory(recommendation=recommendation),
        {"text_en": "New"},
    ),
    "recommendations.RecommendationLink:announce_source": (
        RecommendationFactory,
        lambda recommendation: RecommendationLinkFactory(source=recommendation),
        {"type": "narrows"},
    ),
    "recommendations.RecommendationLink:announce_target": (
        RecommendationFactory,
        lambda recommendation: RecommendationLinkFactory(target=recommendation),
        {"type": "narrows"},
    ),
    "recommendations.Response:announce_part": (
        RecommendationFactory,
        lambda recommendation: ResponseFactory(addressee__recommendation=recommendation),
        {},
    ),
    "recommendations.StatusEntry:announce_part": (
        RecommendationFactory,
        lambda recommendation: StatusEntryFactory(addressee__recommendation=recommendation),
        {},
    ),
}
APPENDED = [trigger for trigger, (_whole, _part, changed) in PARTS.items() if not changed]
"""Parts that are never changed or deleted."""


def only(trigger: str) -> Any:
    """Ignores all other announcements of parts, so that this one is what is seen."""
    return pgtrigger.ignore(*(other for other in PARTS if other != trigger))


def test_every_announcement_of_a_part_is_tried() -> None:
    assert [*PARTS] == triggers_of(AnnouncePart)


@pytest.mark.django_db
@pytest.mark.parametrize("trigger", PARTS)
def test_new_part_announces_its_whole(trigger: str) -> None:
    whole_of, part_of, _changed = PARTS[trigger]
    whole = whole_of(published=True)
    with only(trigger):
        part_of(whole)
    assert announced(whole) == ["published", "changed"]
    line = Change.objects.get(public_id=whole.public_id, event="changed")
    assert (line.identifier, line.version, line.note) == (whole.identifier, 1, "")


GO_WITH_ANOTHER_PART = ["events.Support:announce_part"]
"""Parts that are not deleted by themselves."""

OF_WHAT_WAS_PUBLISHED = ["partnerships.Resolution:announce_part"]
"""Parts that no draft can have."""


@pytest.mark.django_db
@pytest.mark.parametrize("trigger", [trigger for trigger in PARTS if trigger not in OF_WHAT_WAS_PUBLISHED])
def test_part_of_a_draft_announces_nothing(trigger: str) -> None:
    whole_of, part_of, changed = PARTS[trigger]
    part = part_of(whole_of())
    if changed:
        change(part, **changed)
    if changed and trigger not in GO_WITH_ANOTHER_PART:
        part.delete()
    assert not Change.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("trigger", [trigger for trigger in PARTS if trigger not in APPENDED])
def test_changed_part_announces_its_whole(trigger: str) -> None:
    whole_of, part_of, changed = PARTS[trigger]
    whole = whole_of()
    part = part_of(whole)
    publish(whole)
    with only(trigger):
        change(part, **changed)
    assert announced(whole) == ["published", "changed"]


@pytest.mark.django_db
@pytest.mark.parametrize("trigger", [trigger for trigger in PARTS if trigger not in [*APPENDED, *GO_WITH_ANOTHER_PART]])
def test_removed_part_announces_its_whole(trigger: str) -> None:
    whole_of, part_of, _changed = PARTS[trigger]
    whole = whole_of()
    part = part_of(whole)
    publish(whole)
    with only(trigger):
        part.delete()
    assert announced(whole) == ["published", "changed"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cited",
    [
        lambda partnership: {"instrument": InstrumentFactory(partnership=partnership)},
        lambda partnership: {"cooperation": CooperationFactory(partnership=partnership)},
        lambda partnership: {"link": PartnershipLinkFactory(source=partnership)},
        lambda partnership: {"party": PartyFactory(partnership=partnership)},
    ],
)
def test_citation_announces_the_partnership_wherever_it_hangs(cited: Callable[[Any], dict[str, Any]]) -> None:
    partnership = PartnershipFactory()
    place = cited(partnership)
    publish(partnership)
    CitationFactory(**place)
    assert announced(partnership) == ["published", "changed"]


@pytest.mark.django_db
def test_part_that_moves_announces_both_wholes() -> None:
    one, other = PartnershipFactory.create_batch(2)
    party = PartyFactory(partnership=one)
    publish(one)
    publish(other)
    change(party, partnership=other)
    assert announced(one) == ["published", "changed"]
    assert announced(other) == ["published", "changed"]


@pytest.mark.django_db
def test_part_of_a_withdrawn_whole_announces_nothing() -> None:
    partnership = PartnershipFactory(withdrawn=True)
    PartyFactory(partnership=partnership)
    assert announced(partnership) == []


LINKS = [
    (model, field)
    for app in ("partnerships", "events", "recommendations")
    for model in apps.get_app_config(app).get_models()
    for field in model._meta.local_many_to_many
]
"""Many-to-many fields: the tables behind them are no models, and have their triggers from migrations."""


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), LINKS, ids=lambda given: getattr(given, "__name__", None) or given.name)
@pytest.mark.parametrize("step", ["added", "removed"])
def test_link_between_publications_announces_the_one_that_names_the_other(model: Any, field: Any, step: str) -> None:
    row = getattr(factories, f"{model.__name__}Factory")()
    named = getattr(factories, f"{field.related_model.__name__}Factory")(published=True)
    whole = row if isinstance(row, Publication) else row.report
    if step == "removed":
        getattr(row, field.name).add(named)
    publish(whole)
    if step == "added":
        getattr(row, field.name).add(named)
    else:
        getattr(row, field.name).remove(named)
    assert announced(whole) == ["published", "changed"]
    assert announced(named) == ["published"]


def test_whole_is_announced_once_per_transaction(committing: None) -> None:
    partnership = PartnershipFactory(published=True)
    with transaction.atomic():
        PartyFactory.create_batch(3, partnership=partnership)
    assert announced(partnership) == ["published", "changed"]
    CooperationFactory(partnership=partnership)
    assert announced(partnership) == ["published", "changed", "changed"]


def test_note_of_a_revision_is_announced_even_if_a_part_changed_first(committing: None) -> None:
    partnership = PartnershipFactory(published=True)
    with transaction.atomic():
        PartyFactory(partnership=partnership)
        change(partnership, name_en="Better said.", version=2, version_note="A word was wrong.")
    lines = Change.objects.filter(kind="partnership", event="changed")
    assert ("A word was wrong.", 2) in [(line.note, line.version) for line in lines]


# The lines themselves


@pytest.mark.django_db
def test_line_that_readers_may_have_seen_is_never_deleted() -> None:
    TopicFactory(published=True)
    with refused(None, saying="never changed or deleted"):
        Change.objects.all().delete()
    assert Change.objects.count() == 1


@pytest.mark.django_db
def test_line_of_the_future_is_not_altered_either() -> None:
    TopicFactory(published=True, embargo_until=timezone.now() + HOUR)
    with refused(None, saying="never changed or deleted"):
        Change.objects.update(effective_at=timezone.now())


# The order of lines is the order of commits


def test_later_commit_stands_later_in_the_feed(session: Session) -> None:
    first, second = TopicFactory.create_batch(2)
    with transaction.atomic():
        publish(first)
        publishing = session.run(lambda: publish(second))
        session.wait_until_it_waits()
    publishing.result(PATIENCE)
    lines = Change.objects.effective(at=timezone.now())
    assert [line.public_id for line in lines] == [first.public_id, second.public_id]


def test_publication_that_is_rolled_back_leaves_no_line_and_no_lock(session: Session) -> None:
    first, second = TopicFactory.create_batch(2)
    with transaction.atomic():
        publish(first)
        publishing = session.run(lambda: publish(second))
        session.wait_until_it_waits()
        transaction.set_rollback(True)
    publishing.result(PATIENCE)
    assert [line.public_id for line in Change.objects.all()] == [second.public_id]


def publish_each(topics: list[Any]) -> None:
    for topic in topics:
        with transaction.atomic():
            publish(topic)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.005)")


def test_reader_of_the_feed_never_finds_a_line_before_one_it_has_read(committing: None) -> None:
    sessions = [Session() for _ in range(3)]
    topics = [TopicFactory.create_batch(4) for _ in sessions]

    def feed() -> list[int]:
        return [line.pk for line in Change.objects.effective(at=timezone.now() + HOUR)]

    try:
        writing = [
            session.run(functools.partial(publish_each, mine)) for session, mine in zip(sessions, topics, strict=True)
        ]
        readings = [feed()]
        while not all(work.done() for work in writing):
            readings.append(feed())
            threading.Event().wait(0.002)
        for work in writing:
            work.result(PATIENCE)
        whole = feed()
    finally:
        for session in sessions:
            session.close()
    assert len(whole) == 12
    assert len({len(reading) for reading in readings}) > 2
    for reading in readings:
        assert reading == whole[: len(reading)]
