"""Splitting, merging, and the next edition: drafts are made from recommendations, and every record stays."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from events.models import Event
from publishing.acting import Act
from publishing.actions import publish
from publishing.refusals import REFUSALS, NotAllowed, Refused
from recommendations.actions import redrafting
from recommendations.actions.redrafting import AlreadyDone, DraftText, NotToBeTakenUp, TooFew
from recommendations.models import Addressee, Recommendation, RecommendationLink, StatusEntry
from tests.factories import (
    AS_OF,
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    ObjectiveFactory,
    OrganiserFactory,
    PartnershipFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
    ResponseFactory,
    SeriesFactory,
    StatusEntryFactory,
    TopicFactory,
    UserFactory,
    noon,
)
from tests.support.concurrency import Session
from tests.support.patience import PATIENCE

ONE = dt.timedelta(days=1)
AT = noon(AS_OF + 30 * ONE)
DAY = AS_OF + 29 * ONE
PARTS = (DraftText("Gaza", "Agree on governance models."), DraftText("Mediation", "Publish together."))


def links() -> set[tuple[str, str, str]]:
    rows = RecommendationLink.objects.select_related("source", "target")
    return {(row.source.reference, row.type, row.target.reference) for row in rows}


def addressed(recommendation: Recommendation) -> set[tuple[str, str]]:
    return set(recommendation.addressees.values_list("actor__slug", "role"))


def followed(**columns: Any) -> Recommendation:
    """A recommendation to two, one of whom has begun."""
    recommendation: Recommendation = RecommendationFactory(**columns)
    lead = AddresseeFactory(recommendation=recommendation)
    AddresseeFactory(recommendation=recommendation, role="support")
    StatusEntryFactory(addressee=lead, state="in_progress")
    return recommendation


# Split


@pytest.mark.django_db
def test_split_makes_linked_drafts_of_the_parts_and_leaves_the_whole_as_it_is(editor: User) -> None:
    whole = followed(
        published=True,
        topics=[TopicFactory()],
        partnerships=[PartnershipFactory()],
        target_date=AS_OF,
        strength="urged",
    )
    before = StatusEntry.objects.values_list("pk", "addressee__recommendation").get()
    one, other = redrafting.split(whole, parts=PARTS, act=Act(by=editor, at=AT))
    assert [(part.title, part.text, part.state, part.author) for part in (one, other)] == [
        ("Gaza", "Agree on governance models.", "draft", editor),
        ("Mediation", "Publish together.", "draft", editor),
    ]
    for part in (one, other):
        assert (part.parent, part.event, part.strength, part.target_date) == (whole, whole.event, "urged", AS_OF)
        assert addressed(part) == addressed(whole)
        assert (list(part.topics.all()), list(part.partnerships.all())) == (
            list(whole.topics.all()),
            list(whole.partnerships.all()),
        )
        assert not StatusEntry.objects.filter(addressee__recommendation=part).exists()
    assert links() == {(one.reference, "splits", whole.reference), (other.reference, "splits", whole.reference)}
    assert StatusEntry.objects.values_list("pk", "addressee__recommendation").get() == before
    whole.refresh_from_db()
    assert (whole.state, whole.version) == ("published", 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("parts", "refusal", "said"),
    [
        ((), TooFew, "Write at least two parts."),
        (PARTS[:1], TooFew, "Write at least two parts."),
        ((PARTS[0], DraftText(" gaza ", "Otherwise.")), Refused, "Two parts have the same title"),
        ((PARTS[0], DraftText("", "No title.")), Refused, "Part 2:"),
        ((PARTS[0], DraftText("x" * 201, "Too long a title.")), Refused, "Part 2:"),
    ],
)
def test_split_into_what_are_no_parts_is_refused_whole(
    parts: tuple[DraftText, ...], refusal: type[Refused], said: str, editor: User
) -> None:
    whole = followed()
    with pytest.raises(refusal, match=said):
        redrafting.split(whole, parts=parts, act=Act(by=editor, at=AT))
    assert list(Recommendation.objects.all()) == [whole]


@pytest.mark.django_db
def test_split_of_what_is_split_or_withdrawn_or_by_a_stranger_is_refused(editor: User, partner: User) -> None:
    whole, withdrawn = followed(), RecommendationFactory(withdrawn=True)
    with pytest.raises(NotAllowed):
        redrafting.split(whole, parts=PARTS, act=Act(by=partner, at=AT))
    parts = redrafting.split(whole, parts=PARTS, act=Act(by=editor, at=AT))
    with pytest.raises(AlreadyDone, match=f"into {parts[0].reference}, {parts[1].reference}"):
        redrafting.split(whole, parts=PARTS, act=Act(by=editor, at=AT))
    with pytest.raises(NotToBeTakenUp, match="It is withdrawn"):
        redrafting.split(withdrawn, parts=PARTS, act=Act(by=editor, at=AT))
    assert Recommendation.objects.filter(parent=whole).count() == 2


@pytest.mark.django_db
def test_a_part_may_be_split_again_and_never_into_a_circle(editor: User) -> None:
    whole = followed()
    part = redrafting.split(whole, parts=PARTS, act=Act(by=editor, at=AT))[0]
    smaller = redrafting.split(part, parts=PARTS, act=Act(by=editor, at=AT))[0]
    with pytest.raises(IntegrityError, match="circle"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE recommendations_recommendation SET parent_id = %s WHERE id = %s", [smaller.pk, whole.pk])
    with pytest.raises(IntegrityError, match="circle"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO recommendations_recommendationlink (source_id, type, target_id) VALUES (%s, 'merges', %s)",
            [whole.pk, smaller.pk],
        )


# Merge


@pytest.mark.django_db
def test_merge_of_drafts_makes_one_that_supersedes_them_and_keeps_their_records(editor: User) -> None:
    qatar, oman = ActorFactory(slug="qatar"), ActorFactory(slug="oman")
    one, other = RecommendationFactory(strength="suggested"), RecommendationFactory(strength="key", priority=True)
    for recommendation, actor, role in ((one, qatar, "support"), (other, qatar, "lead"), (other, oman, "support")):
        AddresseeFactory(recommendation=recommendation, actor=actor, role=role)
    StatusEntryFactory(addressee=one.addressees.get(), state="in_progress")
    merged = redrafting.merge([one, other], into=DraftText("Both", "Do both."), act=Act(by=editor, at=AT), as_of=DAY)
    into = merged.into
    assert (into.title, into.state, into.strength, into.priority) == ("Both", "draft", "key", True)
    assert addressed(into) == {("qatar", "lead"), ("oman", "support")}
    assert links() == {(into.reference, "merges", one.reference), (into.reference, "merges", other.reference)}
    assert [(entry.state, entry.successor, entry.as_of) for entry in merged.ended] == [("superseded", into, DAY)] * 3
    assert list(one.addressees.get().entries.order_by("pk").values_list("state", flat=True)) == [
        "in_progress",
        "superseded",
    ]
    assert redrafting.to_supersede(into) == []


@pytest.mark.django_db
def test_merge_of_what_is_public_into_a_draft_waits_until_that_is_public(editor: User, reviewer: User) -> None:
    event = EventFactory(published=True)
    earlier = [RecommendationFactory(published=True, event=event) for _ in range(2)]
    for recommendation in earlier:
        AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True))
    merged = redrafting.merge(earlier, into=DraftText("Both", "Do both."), act=Act(by=editor, at=AT), as_of=DAY)
    assert (merged.ended, [addressee.recommendation for addressee in merged.waiting]) == ([], earlier)
    assert StatusEntry.objects.count() == 0
    publish(merged.into, act=Act(by=reviewer, at=AT))
    finished = redrafting.supersede_merged(merged.into, act=Act(by=editor, at=AT + ONE), as_of=DAY)
    assert [entry.addressee.recommendation for entry in finished.ended] == earlier
    assert Addressee.objects.filter(current_status__state="superseded").count() == 2
    assert redrafting.supersede_merged(merged.into, act=Act(by=editor, at=AT + ONE), as_of=DAY).ended == []


@pytest.mark.django_db
def test_merge_leaves_what_has_ended_as_it_ended(editor: User) -> None:
    one, other, into = RecommendationFactory.create_batch(3)
    ended = AddresseeFactory(recommendation=one)
    StatusEntryFactory(addressee=ended, state="implemented")
    is_open = AddresseeFactory(recommendation=other)
    merged = redrafting.merge([one, other], into=into, act=Act(by=editor, at=AT), as_of=DAY)
    assert [entry.addressee for entry in merged.ended] == [is_open]
    ended.current_status.refresh_from_db()
    assert ended.current_status.state == "implemented"


@pytest.mark.django_db
def test_merge_that_makes_no_sense_is_refused_whole(editor: User, partner: User) -> None:
    one, other, third = RecommendationFactory.create_batch(3)
    addressee = AddresseeFactory(recommendation=one)
    words = DraftText("Both", "Do both.")

    def refused(by: User = editor, into: Any = words, as_of: dt.date = DAY, of: Any = (one, other)) -> Any:
        with pytest.raises(REFUSALS) as refusal:
            redrafting.merge(of, into=into, act=Act(by=by, at=AT), as_of=as_of)
        assert (links(), Recommendation.objects.count(), StatusEntry.objects.filter(state="superseded").count()) == (
            before,
            count,
            0,
        )
        return refusal.value

    before, count = links(), 3
    assert isinstance(refused(by=partner), NotAllowed)
    assert isinstance(refused(of=(one,)), TooFew)
    assert isinstance(refused(of=(one, one)), TooFew)
    assert isinstance(refused(into=one), NotToBeTakenUp)
    assert "title" in refused(into=DraftText("", "No title.")).message_dict
    StatusEntryFactory(addressee=addressee, state="not_started", as_of=DAY)
    assert "is recorded already. Give that day or a later one" in str(refused(as_of=DAY - ONE))
    RecommendationLinkFactory(source=one, target=third, type="reiterates")
    before = links()
    assert "circle" in str(refused(of=(one, other), into=third))


@pytest.mark.django_db
def test_merge_of_what_is_merged_elsewhere_is_refused_and_names_it(editor: User) -> None:
    one, other, third = RecommendationFactory.create_batch(3)
    into = redrafting.merge([one, other], into=DraftText("Both", "Do both."), act=Act(by=editor, at=AT), as_of=DAY).into
    with pytest.raises(AlreadyDone, match=f"{one.reference} is merged already, into {into.reference}."):
        redrafting.merge([one, third], into=DraftText("Again", "Do it."), act=Act(by=editor, at=AT), as_of=DAY)
    redrafting.merge([one, third], into=into, act=Act(by=editor, at=AT), as_of=DAY)
    assert links() == {(into.reference, "merges", row.reference) for row in (one, other, third)}


# The next edition


def series_of_two(**columns: Any) -> tuple[Any, Event]:
    series = SeriesFactory(slug="dialogue", name="Dialogue", cadence="annual", **columns)
    EventFactory(series=series, edition=1, kind="workshop")
    last = EventFactory(series=series, edition=2, kind="strategic_dialogue", start_date=dt.date(2024, 2, 29))
    return series, last


@pytest.mark.django_db
def test_next_edition_is_planned_and_carries_forward_what_is_chosen(editor: User) -> None:
    series, last = series_of_two()
    organiser = OrganiserFactory(event=last, role="host")
    last.topics.add(TopicFactory())
    chosen = followed(event=last, title="Meet", title_ar="اجتمعوا", text="Meet soon.", target_date=AS_OF, priority=True)
    ObjectiveFactory(recommendation=chosen, text="Trust", text_tr="Güven")
    left = followed(event=last)
    event = redrafting.plan_next_edition(series, act=Act(by=editor, at=AT), carry=[chosen], edition=3)
    assert (event.edition, event.lifecycle, event.kind, event.state, event.start_date, event.slug, event.name) == (
        3,
        "planned",
        "strategic_dialogue",
        "draft",
        None,
        "dialogue-3",
        "Dialogue (3)",
    )
    assert [(one.actor, one.role) for one in event.organisers.all()] == [(organiser.actor, "host")]
    assert list(event.topics.all()) == list(last.topics.all())
    new: Any = event.recommendations.get()
    objectives: Any = new.objectives.all()
    assert (new.title_en, new.title_ar, new.text_en, new.target_date, new.priority) == (
        "Meet",
        "اجتمعوا",
        "Meet soon.",
        None,
        True,
    )
    assert [(one.text_en, one.text_tr) for one in objectives] == [("Trust", "Güven")]
    assert addressed(new) == addressed(chosen)
    assert links() == {(new.reference, "reiterates", chosen.reference)}
    assert list(redrafting.to_carry(series).filter(event=last)) == [left]


@pytest.mark.django_db
def test_first_edition_of_a_series_is_planned_with_a_free_slug(editor: User) -> None:
    EventFactory(slug="dialogue-1")
    event = redrafting.plan_next_edition(SeriesFactory(slug="dialogue"), act=Act(by=editor, at=AT), name="The first")
    assert (event.edition, event.slug, event.name) == (1, "dialogue-1-2", "The first")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cadence", "day", "expected"),
    [
        ("annual", dt.date(2024, 2, 29), dt.date(2025, 2, 28)),
        ("biannual", dt.date(2024, 8, 31), dt.date(2025, 2, 28)),
        ("biennial", dt.date(2024, 12, 1), dt.date(2026, 12, 1)),
        ("quarterly", dt.date(2024, 11, 30), dt.date(2025, 2, 28)),
        ("irregular", dt.date(2024, 11, 30), None),
        ("unknown", dt.date(2024, 11, 30), None),
        ("annual", None, None),
        ("annual", dt.date(9999, 11, 30), None),
    ],
)
def test_next_day_follows_the_cadence(cadence: str, day: dt.date | None, expected: dt.date | None) -> None:
    series = SeriesFactory(cadence=cadence)
    assert redrafting.next_day(series, EventFactory(series=series, start_date=day)) == expected
    assert redrafting.next_day(series, None) is None


@pytest.mark.django_db
def test_what_has_ended_is_taken_up_or_stands_elsewhere_is_not_carried_forward(editor: User) -> None:
    series, last = series_of_two()
    ended, taken_up, withdrawn, elsewhere, is_open = (
        followed(event=last),
        followed(event=last),
        followed(event=last, withdrawn=True),
        followed(),
        followed(event=last),
    )
    StatusEntryFactory(addressee=ended.addressees.get(role="lead"), state="not_implemented", as_of=DAY)
    RecommendationLinkFactory(source=RecommendationFactory(), target=taken_up)
    assert list(redrafting.to_carry(series)) == [is_open]
    for impossible in (ended, taken_up, withdrawn, elsewhere):
        with pytest.raises(NotToBeTakenUp):
            redrafting.plan_next_edition(series, act=Act(by=editor, at=AT), carry=[is_open, impossible])
    assert series.events.count() == 2


@pytest.mark.django_db
def test_next_edition_of_a_withdrawn_series_or_by_a_stranger_is_refused(editor: User, partner: User) -> None:
    series, _last = series_of_two()
    with pytest.raises(NotAllowed):
        redrafting.plan_next_edition(series, act=Act(by=partner, at=AT))
    with pytest.raises(NotToBeTakenUp, match="withdrawn"):
        redrafting.plan_next_edition(SeriesFactory(withdrawn=True), act=Act(by=editor, at=AT))
    with pytest.raises(ValidationError, match="does not end before"):
        redrafting.plan_next_edition(series, act=Act(by=editor, at=AT), start_date=DAY, end_date=DAY - ONE)
    assert series.events.count() == 2


@pytest.mark.django_db
def test_edition_that_is_there_already_is_refused_by_the_database() -> None:
    series, last = series_of_two()
    with pytest.raises(IntegrityError, match="one_per_edition"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE events_event SET edition = 1 WHERE id = %s", [last.pk])
    assert series.events.count() == 2


# At once


@pytest.fixture
def two_editors(session: Session) -> tuple[User, User]:
    one, other = UserFactory.create_batch(2, groups=("editors",))
    return one, other


def test_two_who_plan_one_edition_at_once_are_taken_in_turn(session: Session, two_editors: tuple[User, User]) -> None:
    series, _last = series_of_two()
    with transaction.atomic():
        event = redrafting.plan_next_edition(series, act=Act(by=two_editors[0], at=AT), edition=3)
        planning = session.run(
            lambda: redrafting.plan_next_edition(series, act=Act(by=two_editors[1], at=AT), edition=3)
        )
        session.wait_until_it_waits()
    with pytest.raises(AlreadyDone) as refusal:
        planning.result(PATIENCE)
    assert refusal.value.messages == [f"Edition 3 is there already: “{event}”."]
    assert series.events.count() == 3


def test_two_who_split_or_merge_at_once_are_taken_in_turn(session: Session, two_editors: tuple[User, User]) -> None:
    whole, other = followed(), followed()
    with transaction.atomic():
        redrafting.split(whole, parts=PARTS, act=Act(by=two_editors[0], at=AT))
        splitting = session.run(lambda: redrafting.split(whole, parts=PARTS, act=Act(by=two_editors[1], at=AT)))
        session.wait_until_it_waits()
    with pytest.raises(AlreadyDone):
        splitting.result(PATIENCE)
    words = DraftText("Both", "Do both.")
    with transaction.atomic():
        redrafting.merge([whole, other], into=words, act=Act(by=two_editors[0], at=AT), as_of=DAY)
        merging = session.run(
            lambda: redrafting.merge([other, whole], into=words, act=Act(by=two_editors[1], at=AT), as_of=DAY)
        )
        session.wait_until_it_waits()
    with pytest.raises(AlreadyDone):
        merging.result(PATIENCE)
    assert Recommendation.objects.filter(title="Both").count() == 1


@pytest.mark.django_db
def test_answers_stay_with_what_was_merged(editor: User) -> None:
    one, other = followed(), followed()
    answer = ResponseFactory(addressee=one.addressees.get(role="lead"), noted=True)
    merged = redrafting.merge([one, other], into=DraftText("Both", "Do both."), act=Act(by=editor, at=AT), as_of=DAY)
    assert list(one.addressees.get(role="lead").responses.all()) == [answer]
    assert all(not addressee.responses.exists() for addressee in merged.into.addressees.all())
