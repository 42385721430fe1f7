"""Two dates: what was known on a day, compared with a plain implementation of the same rule."""

import dataclasses
import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.models import Claim, Review, VerificationStatus
from publishing.records import end_of
from tests.factories import ClaimFactory, ReviewFactory, UserFactory, noon
from tests.support.refusal import rolled_back

DAY = dt.date(2025, 6, 1)
ONE = dt.timedelta(days=1)
LAST_MOMENT = dt.time.max
FIRST_MOMENT = dt.time.min


def on(day: int, time: dt.time = dt.time(12)) -> dt.datetime:
    """A moment on the day that lies `day` days after DAY."""
    return dt.datetime.combine(DAY + day * ONE, time, tzinfo=dt.UTC)


# The rule, in plain Python


@dataclasses.dataclass(frozen=True)
class Entry:
    number: int
    as_of: dt.date
    recorded_at: dt.datetime
    status: str
    corrects: int | None


def known(entries: list[Entry], day: dt.date | None) -> list[Entry]:
    return [entry for entry in entries if day is None or entry.recorded_at.date() <= day]


def standing(entries: list[Entry], day: dt.date | None) -> list[Entry]:
    corrected = {entry.corrects for entry in known(entries, day)}
    return [entry for entry in known(entries, day) if entry.number not in corrected]


def latest_first(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.as_of, entry.recorded_at, entry.number), reverse=True)


@st.composite
def histories(draw: st.DrawFn) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(draw(st.integers(0, 6))):
        corrected = {entry.corrects for entry in entries}
        free = [entry.number for entry in entries if entry.number not in corrected]  # each is corrected once
        recorded_at = on(draw(st.integers(0, 4)), draw(st.sampled_from([FIRST_MOMENT, dt.time(12), LAST_MOMENT])))
        entries.append(
            Entry(
                number,
                as_of=recorded_at.date() - draw(st.integers(0, 3)) * ONE,
                recorded_at=recorded_at,
                status=draw(st.sampled_from(VerificationStatus.values)),
                corrects=draw(st.none() | st.sampled_from(free)) if free else None,
            )
        )
    return entries


def write(claim: Claim, entries: list[Entry]) -> dict[int, int]:
    """The entries as reviews of `claim`; numbers of entries by primary key."""
    by = UserFactory()
    rows: list[Review] = []
    for entry in entries:
        rows.append(
            ReviewFactory(
                claim=claim,
                by=by,
                as_of=entry.as_of,
                recorded_at=entry.recorded_at,
                status=entry.status,
                corrects=None if entry.corrects is None else rows[entry.corrects],
            )
        )
    return {row.pk: number for number, row in enumerate(rows)}


@pytest.mark.django_db
@settings(max_examples=30)
@given(entries=histories())
def test_database_knows_on_each_day_what_the_plain_rule_says(entries: list[Entry]) -> None:
    with rolled_back():
        claim = ClaimFactory()
        number = write(claim, entries)

        def numbers(rows: Any) -> list[int]:
            return [number[pk] for pk in rows.latest_first().values_list("pk", flat=True)]

        for day in [None, *(DAY + offset * ONE for offset in range(-1, 6))]:
            assert numbers(claim.reviews.known_on(day)) == [e.number for e in latest_first(known(entries, day))]
            expected = latest_first(standing(entries, day))
            assert numbers(claim.reviews.effective(day)) == [entry.number for entry in expected]
            marked = claim.reviews.known_on(day).with_corrected(day).filter(is_corrected=False)
            assert numbers(marked) == [entry.number for entry in expected]
            status = Claim.objects.with_status(as_of=day).get(pk=claim.pk).status
            assert status == (expected[0].status if expected else "unassessed")


# The same by example


def statuses(claim: Claim, day: dt.date | None) -> list[str]:
    return [review.status for review in claim.reviews.effective(day).latest_first()]


@pytest.mark.django_db
def test_what_is_recorded_by_the_end_of_a_day_was_known_on_it() -> None:
    claim = ClaimFactory()
    ReviewFactory(claim=claim, as_of=DAY, recorded_at=on(1, LAST_MOMENT), status="unverified")
    ReviewFactory(claim=claim, as_of=DAY, recorded_at=on(2, FIRST_MOMENT), status="disputed")
    assert statuses(claim, DAY) == []
    assert statuses(claim, DAY + ONE) == ["unverified"]
    assert statuses(claim, DAY + 2 * ONE) == ["disputed", "unverified"]
    assert statuses(claim, None) == ["disputed", "unverified"]


@pytest.mark.django_db
def test_later_truth_comes_first_however_late_it_was_learnt() -> None:
    claim = ClaimFactory()
    ReviewFactory(claim=claim, as_of=DAY + ONE, recorded_at=on(1), status="corroborated")
    ReviewFactory(claim=claim, as_of=DAY, recorded_at=on(5), status="disputed")
    assert statuses(claim, None) == ["corroborated", "disputed"]


@pytest.mark.django_db
def test_of_the_same_day_the_later_record_comes_first() -> None:
    claim = ClaimFactory()
    ReviewFactory(claim=claim, as_of=DAY, recorded_at=on(2), status="corroborated")
    ReviewFactory(claim=claim, as_of=DAY, recorded_at=on(1), status="disputed")
    ReviewFactory(claim=claim, as_of=DAY, recorded_at=on(2), status="refuted")
    assert statuses(claim, None) == ["refuted", "corroborated", "disputed"]


@pytest.mark.django_db
def test_correction_takes_effect_on_the_day_it_becomes_known() -> None:
    claim = ClaimFactory()
    wrong = ReviewFactory(claim=claim, as_of=DAY, recorded_at=on(0), status="corroborated")
    ReviewFactory(claim=claim, as_of=DAY, recorded_at=on(2), status="unverified", corrects=wrong)
    assert statuses(claim, DAY) == ["corroborated"]
    assert statuses(claim, DAY + ONE) == ["corroborated"]
    assert statuses(claim, DAY + 2 * ONE) == ["unverified"]


@pytest.mark.django_db
def test_correction_of_a_correction_does_not_bring_the_first_back() -> None:
    claim = ClaimFactory()
    first = ReviewFactory(claim=claim, as_of=DAY, recorded_at=on(0), status="corroborated")
    second = ReviewFactory(claim=claim, as_of=DAY, recorded_at=on(1), status="unverified", corrects=first)
    ReviewFactory(claim=claim, as_of=DAY, recorded_at=on(2), status="disputed", corrects=second)
    assert statuses(claim, DAY + 2 * ONE) == ["disputed"]


@pytest.mark.django_db
def test_correction_may_move_a_record_to_an_earlier_day() -> None:
    claim = ClaimFactory()
    first = ReviewFactory(claim=claim, as_of=DAY + ONE, recorded_at=on(1), status="corroborated")
    ReviewFactory(claim=claim, as_of=DAY, recorded_at=on(0), status="unverified")
    ReviewFactory(claim=claim, as_of=DAY - ONE, recorded_at=on(2), status="corroborated", corrects=first)
    assert statuses(claim, None) == ["unverified", "corroborated"]


@pytest.mark.django_db
def test_correction_of_one_claim_leaves_another_alone() -> None:
    one, other = ClaimFactory.create_batch(2)
    first = ReviewFactory(claim=one, status="corroborated")
    ReviewFactory(claim=one, status="unverified", corrects=first)
    ReviewFactory(claim=other, status="corroborated")
    found = dict(Claim.objects.with_status().values_list("pk", "status"))
    assert found == {one.pk: "unverified", other.pk: "corroborated"}


def test_day_ends_at_midnight_utc() -> None:
    assert end_of(dt.date(2025, 12, 31)) == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "known"), [(dt.date.min, 0), (dt.date.max, 1)])
def test_first_and_last_day_of_the_calendar_are_days(day: dt.date, known: int) -> None:
    claim = ClaimFactory()
    ReviewFactory(claim=claim)
    assert claim.reviews.effective(day).count() == known


# What a form says


@pytest.mark.django_db
def test_as_of_in_the_future_is_refused_with_a_message() -> None:
    entry = ReviewFactory.build(
        claim=ClaimFactory(), by=UserFactory(), as_of=DAY + 2 * ONE, recorded_at=noon(DAY), decided_at=noon(DAY)
    )
    with pytest.raises(ValidationError, match="The as-of date lies in the future"):
        entry.full_clean()
    entry.as_of = DAY + ONE  # where the desk is, it may be tomorrow already
    entry.full_clean()
