"""Claims, forecasts and sources in the queue: each once, and only while it needs somebody."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from partnerships.models import Claim, Source
from publishing.acting import Act
from recommendations import queue
from recommendations.actions import snooze
from recommendations.queue import Narrowed, QueueKind
from tests.factories import (
    ActorFactory,
    ClaimFactory,
    ClaimSubjectFactory,
    OfficialPositionFactory,
    PartnershipFactory,
    PartyFactory,
    ResolutionFactory,
    ReviewFactory,
    SeriesFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)
AT = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def claimed(*, days: int = 30, **attributes: Any) -> Claim:
    """A claim that was published `days` ago."""
    claim: Claim = ClaimFactory(published=True, published_at=noon(ON - days * DAY), **attributes)
    return claim


def foretold(**attributes: Any) -> Claim:
    return claimed(kind="forecast", likelihood="likely", **attributes)


def reviewed(claim: Claim, day: dt.date, status: str = "unverified", **attributes: Any) -> Any:
    return ReviewFactory(claim=claim, status=status, as_of=day, recorded_at=noon(day), **attributes)


def gone(since: dt.date, **attributes: Any) -> Source:
    source: Source = SourceFactory(published=True, url="https://news.example/talks", **attributes)
    Source.objects.filter(pk=source.pk).update(gone_since=since)
    return source


def found(by: User, on: dt.date = ON, **narrowed: Any) -> list[tuple[QueueKind, Any]]:
    return [(one.kind, one.what) for one in queue.items(by, on=on, narrowed=Narrowed(**narrowed))]


def test_each_kind_is_found_in_its_order(editor: User) -> None:
    old, lost = claimed(days=200), gone(ON - 3 * DAY)
    forecast, due = foretold(review_by=ON), claimed(review_by=ON)
    claimed()
    expected = [
        (QueueKind.FORECAST, forecast),
        (QueueKind.REVIEW, due),
        (QueueKind.GONE, lost),
        (QueueKind.UNVERIFIED, old),
    ]
    assert found(editor) == expected
    assert queue.counts(editor, on=ON) == [(kind, 1, False) for kind, _what in expected]


def test_oldest_of_a_kind_come_first_and_pages_follow_each_other(editor: User) -> None:
    claims = [claimed(review_by=ON - number * DAY) for number in range(3)]
    first = queue.items(editor, on=ON, number=2)
    assert [item.what for item in first] == [claims[2], claims[1]]
    assert [item.what for item in queue.items(editor, on=ON, after=first[-1].place)] == [claims[0]]


def test_claim_stands_once_for_its_most_pressing_reason(editor: User) -> None:
    claim = claimed(days=300, review_by=ON - DAY)
    assert found(editor) == [(QueueKind.REVIEW, claim)]
    Claim.objects.filter(pk=claim.pk).update(review_by=ON + DAY, version_note="Its date is set.")
    assert found(editor) == [(QueueKind.UNVERIFIED, claim)]


# To review


def test_claim_is_due_from_its_day_until_it_is_reviewed(editor: User) -> None:
    claim = claimed(review_by=ON)
    assert found(editor, on=ON - DAY) == []
    assert found(editor) == [(QueueKind.REVIEW, claim)]
    reviewed(claim, ON - DAY)  # too early to be what was asked for
    assert found(editor) == [(QueueKind.REVIEW, claim)]
    last = reviewed(claim, ON)
    assert found(editor) == []
    ReviewFactory(
        claim=claim, status="unverified", as_of=ON - 2 * DAY, recorded_at=noon(ON) + dt.timedelta(1), corrects=last
    )
    assert found(editor) == [(QueueKind.REVIEW, claim)]


def test_what_is_not_public_is_not_due(editor: User) -> None:
    ClaimFactory(review_by=ON)
    ClaimFactory(withdrawn=True, review_by=ON)
    assert found(editor) == []
    claimed(review_by=ON)
    assert len(found(editor)) == 1


# Forecasts


@pytest.mark.parametrize(
    ("dates", "deadline"),
    [
        ({"review_by": ON}, ON),
        ({"valid": "2026-11"}, dt.date(2026, 11, 30)),
        ({"valid": "2026-10", "review_by": ON}, ON),
    ],
)
def test_forecast_is_due_when_it_can_come_about_no_more(editor: User, dates: dict[str, Any], deadline: dt.date) -> None:
    forecast = foretold(**dates)
    assert found(editor, on=deadline - DAY) == []
    assert found(editor, on=deadline) == [(QueueKind.FORECAST, forecast)]
    ResolutionFactory(claim=forecast, as_of=deadline, recorded_at=noon(deadline))
    assert found(editor, on=deadline) == []


def test_nobody_is_asked_how_their_own_forecast_ended(editor: User, reviewer: User) -> None:
    forecast = foretold(review_by=ON, author=editor)
    assert found(editor) == []
    assert found(reviewer) == [(QueueKind.FORECAST, forecast)]


@pytest.mark.parametrize("kind", ["rationale", "assessment", "forecast"])
def test_opinions_are_not_unverified(editor: User, kind: str) -> None:
    reviewed(claimed(days=400, kind=kind), ON - 200 * DAY)
    assert found(editor) == []
    claim = claimed(days=400, kind="denial")
    assert found(editor) == [(QueueKind.UNVERIFIED, claim)]


# Unverified for long


@pytest.mark.parametrize(("days", "is_old"), [(91, True), (90, False)])
def test_unverified_after_the_setting(editor: User, days: int, is_old: bool) -> None:
    claimed(days=days)
    reviewed(claimed(days=300), ON - days * DAY)
    assert len(found(editor)) == (2 if is_old else 0)


def test_setting_is_obeyed(editor: User, settings: Settings) -> None:
    settings.MAJLIS_UNVERIFIED_DAYS = 7
    claim = claimed(days=8)
    assert found(editor) == [(QueueKind.UNVERIFIED, claim)]


@pytest.mark.parametrize("status", ["disputed", "corroborated", "officially_confirmed", "refuted", "superseded"])
def test_what_was_decided_is_not_unverified(editor: User, status: str) -> None:
    claim = claimed(days=300)
    assert len(found(editor)) == 1
    reviewed(claim, ON - 200 * DAY, status)
    assert found(editor) == []


def test_reasons_are_told(editor: User) -> None:
    claimed(days=200)
    reviewed(claimed(days=300), ON - 100 * DAY)
    foretold(review_by=ON - 2 * DAY)
    lost, kept = gone(ON - 4 * DAY), gone(ON - DAY)
    Source.objects.filter(pk=kept.pk).update(archived_date=ON - 9 * DAY, archived_sha256="0" * 64)
    told = [(item.age, str(item.why)) for item in queue.items(editor, on=ON)]
    assert told == [
        ("2 days ago", "Its time ended on 20 November 2026, and nobody has said how it ended."),
        ("4 days", "Its address has not answered since 18 November 2026, and there is no copy of it."),
        ("1 day", "Its address has not answered since 21 November 2026; the desk keeps a copy of it."),
        ("200 days", "Published on 6 May 2026, and nobody has assessed it since."),
        ("100 days", "Last reviewed on 14 August 2026, and still unverified."),
    ]
    assert lost.gone_since is None


# Put off


def test_claim_is_put_off_until_something_is_recorded(editor: User) -> None:
    claim = claimed(days=300)
    snooze(claim, until=ON + 7 * DAY, reason="The ministry answers next week.", act=Act(by=editor, at=AT))
    assert found(editor) == []
    assert found(editor, on=ON + 7 * DAY) == [(QueueKind.UNVERIFIED, claim)]
    OfficialPositionFactory(claim=claim, as_of=ON, recorded_at=AT + dt.timedelta(hours=1))
    assert found(editor) == [(QueueKind.UNVERIFIED, claim)]


def test_source_is_put_off_until_its_address_goes_again(editor: User) -> None:
    source = gone(ON - DAY)
    snooze(source, until=ON + 30 * DAY, reason="They rebuild their site.", act=Act(by=editor, at=AT))
    assert found(editor) == []
    Source.objects.filter(pk=source.pk).update(gone_since=None)
    Source.objects.filter(pk=source.pk).update(gone_since=ON + 5 * DAY)
    assert found(editor, on=ON + 4 * DAY) == []
    assert found(editor, on=ON + 5 * DAY) == [(QueueKind.GONE, source)]


def test_another_address_ends_it(editor: User) -> None:
    source = gone(ON - DAY)
    assert found(editor) == [(QueueKind.GONE, source)]
    Source.objects.filter(pk=source.pk).update(url="https://news.example/archive/talks", version_note="It moved.")
    assert found(editor) == []


# Narrowed


def test_mine_is_what_i_wrote_or_reviewed_last(editor: User) -> None:
    claimed(review_by=ON)
    written = claimed(review_by=ON, author=editor)
    last = claimed(review_by=ON)
    reviewed(last, ON - 9 * DAY, by=editor)
    before = claimed(review_by=ON)
    reviewed(before, ON - 9 * DAY, by=editor)
    reviewed(before, ON - 8 * DAY)
    lost = gone(ON - DAY, author=editor)
    gone(ON - DAY)
    assert found(editor, mine=True) == [(QueueKind.REVIEW, written), (QueueKind.REVIEW, last), (QueueKind.GONE, lost)]


def test_partner_is_whom_it_is_about_or_who_says_it(editor: User) -> None:
    actor = ActorFactory(published=True)
    partnership = PartnershipFactory(published=True)
    PartyFactory(partnership=partnership, actor=actor)
    of_party = claimed(review_by=ON, partnerships=[partnership])
    of_subject = claimed(review_by=ON)
    ClaimSubjectFactory(claim=of_subject, actor=actor)
    seen, said = claimed(review_by=ON, perspective=actor), claimed(review_by=ON, asserted_by=actor)
    lost = gone(ON - DAY, publisher=actor)
    claimed(review_by=ON)
    gone(ON - DAY)
    assert [what for _kind, what in found(editor, partner=actor.pk)] == [of_party, of_subject, seen, said, lost]


def test_claims_are_of_no_series(editor: User) -> None:
    claimed(review_by=ON)
    gone(ON - DAY)
    assert len(found(editor)) == 2
    assert found(editor, series=SeriesFactory().pk) == []
