"""The ledger of a partnership: sorted by one query, limited to what a page can show, and its changes."""

import datetime as dt
import random
from types import SimpleNamespace
from typing import Any

import pytest

from partnerships.models import Review, VerificationStatus
from partnerships.page.ledger import (
    MAX_CLAIMS,
    SIDES,
    ClaimLine,
    changes_of_verification,
    claim_lines,
    columns_of,
    contradictions_of,
    ledger_of,
    shares_of,
    sides_of,
    unassessed_by_kind,
)
from tests.factories import (
    AS_OF,
    ActorFactory,
    ClaimFactory,
    ClaimLinkFactory,
    PartnershipFactory,
    ReviewFactory,
    noon,
)

STATUSES = tuple(VerificationStatus.values)


def line(key: int, status: str = "unassessed", kind: str = "finance", view: int | None = None) -> ClaimLine:
    return ClaimLine(key, status, kind, view, is_dated_occurrence=False, latest=None)


def test_heading_shows_the_newest_and_counts_all() -> None:
    ledger = ledger_of([line(key, "unverified") for key in range(40, 0, -1)], occurrences=5)
    confirmed, unverified = columns_of(ledger)
    assert confirmed.heap.total == 0
    assert unverified.heap.keys == list(range(40, 40 - MAX_CLAIMS, -1))
    assert (unverified.heap.total, unverified.heap.has_more) == (40, True)
    assert unverified.counts == [(VerificationStatus.UNVERIFIED, 40)]


def test_heading_of_two_statuses_counts_each() -> None:
    lines = [line(1, "corroborated"), line(2, "officially_confirmed"), line(3, "corroborated")]
    (confirmed,) = columns_of(ledger_of(lines, occurrences=5))
    assert confirmed.counts == [
        (VerificationStatus.OFFICIALLY_CONFIRMED, 1),
        (VerificationStatus.CORROBORATED, 2),
    ]


def test_bar_has_the_statuses_in_the_order_of_the_headings_and_the_unassessed_last() -> None:
    kinds = ("unassessed", "retracted", "unverified", "corroborated", "unverified", "officially_confirmed")
    shares = shares_of(ledger_of([line(key, status) for key, status in enumerate(kinds)], occurrences=5).counts)
    assert [(share["state"], share["count"]) for share in shares] == [
        ("officially_confirmed", 1),
        ("corroborated", 1),
        ("unverified", 2),
        ("retracted", 1),
        ("unassessed", 1),
    ]
    assert shares_of({}) == []


def test_point_of_view_stands_under_its_actor_and_not_among_the_unassessed() -> None:
    ledger = ledger_of([line(1, view=7), line(2), line(3, "disputed", view=7)], occurrences=5)
    assert ledger.perspectives[7].keys == [1, 3]
    assert [(kind.value, heap.keys) for kind, heap in unassessed_by_kind(ledger)] == [("finance", [2])]
    assert ledger.groups["disputed"].keys == [3], "what is assessed stands under its status too"


def test_latest_occurrences_stand_on_the_timeline() -> None:
    days = [dt.date(2025, 1, day) for day in (3, 9, 1)]
    lines = [ClaimLine(key, "unassessed", "occurrence", None, True, day) for key, day in enumerate(days)]
    assert ledger_of(lines, occurrences=2).occurrences == [1, 0]
    open_ended = ClaimLine(9, "unassessed", "occurrence", None, True, None)
    assert ledger_of([*lines, open_ended], occurrences=2).occurrences == [9, 1]


@pytest.mark.django_db
def test_lines_know_the_status_of_the_day_and_no_hidden_perspective() -> None:
    talks = PartnershipFactory(published=True)
    hidden = ActorFactory(published=True, embargo_until=noon(dt.date(2999, 1, 1)))
    claim = ClaimFactory(published=True, partnerships=[talks], perspective=hidden, kind="finance")
    ReviewFactory(claim=claim, status="refuted", as_of=AS_OF)
    ClaimFactory(partnerships=[talks])
    assert claim_lines(talks, None, None) == [line(claim.pk, "refuted")]
    assert claim_lines(talks, None, AS_OF - dt.timedelta(days=1)) == [line(claim.pk)]


@pytest.mark.django_db
def test_sides_are_bounded_and_parties_come_first() -> None:
    parties = [SimpleNamespace(actor=ActorFactory(published=True)) for _ in range(3)]
    others = [ActorFactory(published=True) for _ in range(SIDES)]
    ledger = ledger_of([line(n, view=actor.pk) for n, actor in enumerate(others)], occurrences=1)
    assert [side.actor for side in sides_of(ledger, parties, None)] == others
    few = ledger_of([line(1, view=others[0].pk)], occurrences=1)
    assert [side.actor for side in sides_of(few, parties, None)] == [*(party.actor for party in parties), others[0]]
    assert sides_of(ledger_of([], occurrences=1), parties, None) == []


@pytest.mark.django_db
def test_contradictions_are_found_from_either_side_once_and_bounded() -> None:
    talks = PartnershipFactory(published=True)
    within = [ClaimFactory(published=True, partnerships=[talks]) for _ in range(2)]
    outside = ClaimFactory(published=True)
    ClaimLinkFactory(source=within[0], target=within[1], type="contradicts")
    ClaimLinkFactory(source=outside, target=within[0], type="contradicts")
    ClaimLinkFactory(source=within[1], target=outside, type="contradicts")
    ClaimLinkFactory(source=outside, target=ClaimFactory(published=True), type="contradicts")
    ClaimLinkFactory(source=within[1], target=ClaimFactory(), type="contradicts")
    one, other, far = within[0].pk, within[1].pk, outside.pk
    assert contradictions_of(talks, None) == [(other, far), (far, one), (one, other)]
    for _number in range(MAX_CLAIMS):
        ClaimLinkFactory(source=ClaimFactory(published=True), target=within[0], type="contradicts")
    assert len(contradictions_of(talks, None)) == MAX_CLAIMS + 1


def replayed(reviews: list[Any], day: dt.date | None) -> list[tuple[str, str]]:
    """The changes of one claim as (before, after), oldest first: the two clocks in plain Python."""
    known = [review for review in reviews if day is None or review.recorded_at.date() <= day]
    corrected = {review.corrects_id for review in known}
    standing = sorted(
        (review for review in known if review.pk not in corrected),
        key=lambda review: (review.as_of, review.recorded_at, review.pk),
    )
    before, changes = "unassessed", []
    for review in standing:
        if review.status != before:
            changes.append((before, review.status))
        before = review.status
    return changes


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_changes_of_verification_are_those_of_a_plain_replay(seed: int) -> None:
    chance = random.Random(seed)
    talks = PartnershipFactory(published=True)
    claims = [ClaimFactory(published=True, partnerships=[talks]) for _ in range(3)]
    for claim in claims:
        made: list[Any] = []
        for _number in range(6):
            as_of = AS_OF + dt.timedelta(days=chance.randrange(8))
            corrects = chance.choice(made) if made and chance.random() < 0.2 else None
            if corrects is not None and any(review.corrects_id == corrects.pk for review in made):
                corrects = None
            recorded = noon(as_of + dt.timedelta(days=chance.randrange(5)))
            if corrects is not None:
                recorded = max(recorded, corrects.recorded_at + dt.timedelta(minutes=1))
            made.append(
                ReviewFactory(
                    claim=claim,
                    status=chance.choice(STATUSES),
                    as_of=as_of,
                    recorded_at=recorded,
                    decided_at=recorded,
                    corrects=corrects,
                )
            )
    for day in (None, *(AS_OF + dt.timedelta(days=n) for n in range(12))):
        found = changes_of_verification(talks, None, day, newest=100)
        for claim in claims:
            told = [(review.before, review.status) for review in reversed(found) if review.claim_id == claim.pk]
            assert told == replayed(list(Review.objects.filter(claim=claim)), day), (day, claim)
