"""The queue: what needs the desk, each thing once, the most pressing first."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from publishing.acting import Act
from recommendations import queue
from recommendations.actions import record_check, snooze
from recommendations.models import Addressee
from recommendations.queue import Narrowed, Place, QueueKind
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    ClaimFactory,
    ConfirmationFactory,
    EventFactory,
    EvidenceFactory,
    PartnershipFactory,
    RecommendationFactory,
    ResponseFactory,
    SeriesFactory,
    SourceFactory,
    StatusEntryFactory,
    SubmissionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)
AT = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def asked(**attributes: Any) -> Addressee:
    """An addressee of a recommendation that was published a month ago."""
    published_at = attributes.pop("published_at", noon(ON - 30 * DAY))
    actor = attributes.pop("actor", None) or ActorFactory(published=True)
    recommendation = RecommendationFactory(published=True, published_at=published_at, **attributes)
    addressee: Addressee = AddresseeFactory(recommendation=recommendation, actor=actor)
    return addressee


def checked(addressee: Addressee, day: dt.date, **attributes: Any) -> Any:
    return StatusEntryFactory(addressee=addressee, as_of=day, recorded_at=noon(day), **attributes)


def awaiting(addressee: Addressee, day: dt.date) -> Any:
    return ResponseFactory(addressee=addressee, awaiting=True, as_of=day, recorded_at=noon(day))


def found(by: User, **narrowed: Any) -> list[tuple[QueueKind, Any]]:
    return [(one.kind, one.addressee or one.what) for one in queue.items(by, on=ON, narrowed=Narrowed(**narrowed))]


def stale() -> Addressee:
    addressee = asked()
    checked(addressee, ON - 200 * DAY)
    return addressee


def test_queue_is_empty_where_all_is_looked_at(editor: User) -> None:
    checked(asked(), ON - 10 * DAY)
    asked()  # published a month ago: there is time yet
    assert found(editor) == []
    assert queue.counts(editor, on=ON) == []


def test_queue_has_each_kind_in_the_order_of_need(reviewer: User) -> None:
    old = stale()
    silent = asked()
    awaiting(silent, ON - 90 * DAY)
    checked(silent, ON - 10 * DAY)
    due = asked(target_date=ON + 5 * DAY)
    done = asked()
    checked(done, ON - 20 * DAY, state="implemented")
    cited = asked()
    entry = checked(cited, ON - 3 * DAY, state="partly_implemented", cited=False)
    EvidenceFactory(entry=entry, source=SourceFactory(in_review=True))
    reported = SubmissionFactory(addressee=asked()).addressee
    assert found(reviewer) == [
        (QueueKind.SUBMISSION, reported),
        (QueueKind.SOURCE, cited),
        (QueueKind.CONFIRM, done),
        (QueueKind.DUE, due),
        (QueueKind.NO_RESPONSE, silent),
        (QueueKind.STALE, old),
    ]
    assert queue.counts(reviewer, on=ON) == [(kind, 1, False) for kind, _addressee in found(reviewer)]


def test_addressee_stands_once_for_its_most_pressing_reason(editor: User) -> None:
    addressee = asked(target_date=ON)
    checked(addressee, ON - 300 * DAY)
    awaiting(addressee, ON - 200 * DAY)
    assert found(editor) == [(QueueKind.DUE, addressee)]
    SubmissionFactory(addressee=addressee)
    SubmissionFactory(addressee=addressee)
    assert found(editor) == [(QueueKind.SUBMISSION, addressee)]


def test_draft_and_withdrawn_recommendations_need_nothing(editor: User) -> None:
    draft = AddresseeFactory()
    checked(draft, ON - 300 * DAY)
    assert found(editor) == []
    checked(asked(), ON - 300 * DAY)
    assert len(found(editor)) == 1


def test_nobody_confirms_or_publishes_or_decides_on_their_own(reviewer: User) -> None:
    done = asked()
    checked(done, ON - 20 * DAY, state="implemented", by=reviewer)
    checked(done, ON - 10 * DAY, state="implemented")  # a check by somebody else needs no confirmation
    entry = checked(asked(), ON - DAY, state="partly_implemented", cited=False)
    EvidenceFactory(entry=entry, source=SourceFactory(in_review=True, author=reviewer))
    SubmissionFactory(addressee=asked(), submitted_by=reviewer)
    assert found(reviewer) == []
    other: User = UserFactory(groups=("reviewers",))
    assert [kind for kind, _addressee in found(other)] == [QueueKind.SUBMISSION, QueueKind.SOURCE, QueueKind.CONFIRM]


def test_confirmed_needs_no_confirmation(editor: User) -> None:
    addressee = asked()
    entry = checked(addressee, ON - 20 * DAY, state="implemented")
    assert found(editor) == [(QueueKind.CONFIRM, addressee)]
    ConfirmationFactory(entry=entry)
    assert found(editor) == []


def test_sources_to_publish_are_for_reviewers(editor: User, reviewer: User) -> None:
    entry = checked(asked(), ON - DAY, state="partly_implemented", cited=False)
    EvidenceFactory(entry=entry, source=SourceFactory())
    SourceFactory(in_review=True)  # cited by nothing: no follow-up waits for it
    assert [kind for kind, _addressee in found(reviewer)] == [QueueKind.SOURCE]
    assert found(editor) == []


@pytest.mark.parametrize(
    ("days", "is_stale"),
    [(185, True), (183, False)],  # six months before 22 November is 22 May, 184 days ago
)
def test_stale_after_the_setting(editor: User, days: int, is_stale: bool) -> None:
    checked(asked(), ON - days * DAY)
    assert bool(found(editor)) is is_stale


def test_series_has_limits_of_its_own(editor: User) -> None:
    patient = asked(event=EventFactory(published=True, series=SeriesFactory(published=True, stale_months=12)))
    checked(patient, ON - 200 * DAY)
    eager = asked(event=EventFactory(published=True, series=SeriesFactory(published=True, stale_months=1)))
    checked(eager, ON - 40 * DAY)
    quick = asked(event=EventFactory(published=True, series=SeriesFactory(published=True, no_response_days=7)))
    checked(quick, ON - 5 * DAY)
    awaiting(quick, ON - 8 * DAY)
    assert found(editor) == [(QueueKind.NO_RESPONSE, quick), (QueueKind.STALE, eager)]


def test_never_looked_at_is_stale_from_its_publication_and_stands_first(editor: User) -> None:
    looked = stale()
    never = asked(published_at=noon(ON - 190 * DAY))
    asked(published_at=noon(ON - 180 * DAY))
    assert found(editor) == [(QueueKind.STALE, never), (QueueKind.STALE, looked)]
    (first, _second) = queue.items(editor, on=ON)
    assert (first.days, first.why) == (190, "Published on 16 May 2026, and nobody has looked since.")


def test_due_before_the_next_edition_of_its_series(editor: User) -> None:
    series = SeriesFactory(published=True)
    event = EventFactory(published=True, series=series, start_date=ON - 400 * DAY, lifecycle="held")
    unseen, seen = asked(event=event), asked(event=event)
    checked(unseen, ON - 100 * DAY)
    checked(seen, ON - 5 * DAY)
    assert found(editor) == []
    EventFactory(series=series, start_date=ON + 20 * DAY, lifecycle="cancelled")
    EventFactory(series=series, start_date=ON + 61 * DAY, lifecycle="planned")
    assert found(editor) == [], "what lies further ahead is not due yet"
    EventFactory(series=series, start_date=ON + 50 * DAY, lifecycle="confirmed")
    EventFactory(series=series, start_date=ON + 55 * DAY, lifecycle="planned")
    assert found(editor) == [(QueueKind.DUE, unseen)]
    (item,) = queue.items(editor, on=ON)
    assert (item.since, item.age) == (ON + 50 * DAY, "in 50 days")


@pytest.mark.parametrize(
    ("target", "looked", "is_due"),
    [
        (ON + 60 * DAY, ON - 30 * DAY, True),
        (ON + 61 * DAY, ON - 30 * DAY, False),
        (ON + 10 * DAY, ON - 49 * DAY, False),  # looked at in the run-up
        (ON + 10 * DAY, ON - 51 * DAY, True),
        (ON - 5 * DAY, ON - 6 * DAY, True),
        (ON - 5 * DAY, ON - 5 * DAY, False),  # looked at since
    ],
)
def test_due_by_its_target_date(editor: User, target: dt.date, looked: dt.date, is_due: bool) -> None:
    addressee = asked(target_date=target)
    checked(addressee, looked)
    assert found(editor) == ([(QueueKind.DUE, addressee)] if is_due else [])


def test_long_past_target_is_stale_and_not_forgotten(editor: User) -> None:
    addressee = asked(target_date=ON - 300 * DAY)
    checked(addressee, ON - 301 * DAY)
    assert found(editor) == [(QueueKind.STALE, addressee)]


@pytest.mark.parametrize("state", ["not_implemented", "no_longer_applicable", "withdrawn", "superseded"])
def test_what_has_ended_needs_nothing(editor: User, state: str) -> None:
    addressee = asked(target_date=ON)
    awaiting(addressee, ON - 200 * DAY)
    assert len(found(editor)) == 1
    checked(addressee, ON - 190 * DAY, state=state)
    assert found(editor) == []


# Whose, and of what


@pytest.mark.parametrize("most", [1, 2000])
def test_mine_is_what_i_wrote_or_recorded_last(editor: User, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommendations.queue.listing.MAX_BY_KEY", most)  # looked for among all, and by their keys
    written = asked(author=editor)
    checked(written, ON - 200 * DAY)
    recorded = asked()
    checked(recorded, ON - 210 * DAY, by=editor)
    taken_over = asked()
    checked(taken_over, ON - 230 * DAY, by=editor)
    checked(taken_over, ON - 220 * DAY)
    assert {one for _kind, one in found(editor)} == {written, recorded, taken_over}
    assert {one for _kind, one in found(editor, mine=True)} == {written, recorded}
    assert {one.addressee: one.is_mine for one in queue.items(editor, on=ON)} == {
        written: True,
        recorded: True,
        taken_over: False,
    }


def test_queue_is_narrowed_by_kind_series_and_partner(editor: User) -> None:
    series = SeriesFactory(published=True)
    of_series = asked(event=EventFactory(published=True, series=series))
    other = asked(target_date=ON)
    for addressee in (of_series, other):
        checked(addressee, ON - 200 * DAY)
    assert found(editor, series=series.pk) == [(QueueKind.STALE, of_series)]
    assert found(editor, partner=other.actor_id) == [(QueueKind.DUE, other)]
    assert found(editor, kind=QueueKind.STALE) == [(QueueKind.STALE, of_series)]
    assert found(editor, kind=QueueKind.STALE, partner=other.actor_id) == []


# Put off


def test_snoozed_comes_back_on_its_day(editor: User, reviewer: User) -> None:
    addressee = stale()
    snooze(addressee, until=ON + 7 * DAY, reason="They meet next week.", act=Act(by=editor, at=AT))
    assert found(editor) == found(reviewer) == []
    assert [one.addressee for one in queue.items(editor, on=ON + 7 * DAY)] == [addressee]
    assert queue.items(editor, on=ON + 6 * DAY) == []


def test_snoozed_comes_back_with_something_new(editor: User) -> None:
    addressee = stale()
    snooze(addressee, until=ON + 300 * DAY, reason="They meet next year.", act=Act(by=editor, at=AT))
    record_check(addressee, as_of=ON - 190 * DAY, act=Act(by=editor, at=AT + dt.timedelta(minutes=1)))
    assert found(editor) == [(QueueKind.STALE, addressee)]


def test_last_snooze_counts(editor: User) -> None:
    addressee = stale()
    snooze(addressee, until=ON + 300 * DAY, reason="They meet next year.", act=Act(by=editor, at=AT))
    snooze(addressee, until=ON + DAY, reason="No: tomorrow.", act=Act(by=editor, at=AT))
    assert [one.addressee for one in queue.items(editor, on=ON + DAY)] == [addressee]


def test_snoozed_submission_lets_the_next_reason_show(editor: User) -> None:
    addressee = stale()
    first, second = SubmissionFactory(addressee=addressee), SubmissionFactory(addressee=addressee)
    assert [one.submission for one in queue.items(editor, on=ON)] == [first]
    snooze(first, until=ON + DAY, reason="We asked back.", act=Act(by=editor, at=AT))
    assert [one.submission for one in queue.items(editor, on=ON)] == [second]
    snooze(second, until=ON + DAY, reason="We asked back.", act=Act(by=editor, at=AT))
    assert found(editor) == [(QueueKind.STALE, addressee)]
    assert [one.submission for one in queue.items(editor, on=ON + DAY)] == [first]


# Pages


def test_pages_follow_one_another_and_hold_all(reviewer: User) -> None:
    series = SeriesFactory(published=True)
    EventFactory(series=series, start_date=ON + 5 * DAY, lifecycle="planned")
    event = EventFactory(published=True, series=series, start_date=ON - 400 * DAY, lifecycle="held")
    for number in range(3):
        stale()
        asked(published_at=noon(ON - 200 * DAY))
        asked(event=event)
        asked(target_date=ON + number * DAY)
        awaiting(asked(), ON - (90 + number % 2) * DAY)
        checked(asked(), ON - 20 * DAY, state="implemented")
        SubmissionFactory(addressee=asked())
    whole = queue.items(reviewer, on=ON)
    assert len(whole) == 21
    paged: list[Any] = []
    after = None
    while page := queue.items(reviewer, on=ON, after=after, number=2):
        paged += page
        after = Place.read(str(page[-1].place))
    assert [one.place for one in paged] == [one.place for one in whole]
    assert [one.place for one in whole] == sorted(
        {one.place for one in whole}, key=lambda one: (list(QueueKind).index(one.kind), one.day, one.key)
    )


@pytest.mark.parametrize(
    "text",
    ["", "stale", "stale.2026-01-01", "nothing.2026-01-01.1", "stale.2026-02-30.1", "stale.2026-01-01.-1", "a.b.c",
     "stale.2026-01-01.1\n", "stale.٢٠٢٦-01-01.1", "stale.2026-01-01.9999999999999999999", "stale.0000-01-01.1"],
)  # fmt: skip
def test_place_that_is_none_is_none(text: str) -> None:
    assert Place.read(text) is None


def test_place_reads_what_it_writes() -> None:
    place = Place(QueueKind.STALE, dt.date.min, 7)
    assert Place.read(str(place)) == place


def test_queue_costs_the_same_for_one_and_for_three(
    reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in (1, 3):
        stale()
        SubmissionFactory(addressee=asked())
        entry = checked(asked(), ON - DAY, state="partly_implemented", cited=False)
        EvidenceFactory(entry=entry, source=SourceFactory(in_review=True))
        partnerships = [PartnershipFactory(published=True)]
        ClaimFactory(published=True, published_at=noon(ON - 200 * DAY), partnerships=partnerships)
        reviewer.__dict__.pop("_desk_groups", None)
        with django_assert_num_queries(16):  # the person's groups, ten kinds, and what they are about
            for item in queue.items(reviewer, on=ON):
                assert all([item.title, str(item.why), item.age, item.url])
        with django_assert_num_queries(1):
            queue.counts(reviewer, on=ON)


def test_counts_end_where_more_would_only_cost(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommendations.queue.listing.COUNTED", 2)
    for _number in range(2):
        stale()
    assert queue.counts(editor, on=ON) == [(QueueKind.STALE, 2, False)]
    stale()
    assert queue.counts(editor, on=ON) == [(QueueKind.STALE, 2, True)]


def test_time_of_the_queue_is_handed_in(editor: User) -> None:
    addressee = stale()
    assert queue.items(editor, on=ON - 100 * DAY) == []
    assert [one.addressee for one in queue.items(editor, on=timezone.now().date() + 3650 * DAY)] == [addressee]
