"""Two dates: as of a day, only what was published and recorded by its end, in the order of its as-of dates."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import (
    CitationFactory,
    ClaimFactory,
    InstrumentActionFactory,
    InstrumentFactory,
    OfficialPositionFactory,
    PartnershipFactory,
    PartyFactory,
    ReviewFactory,
    SourceFactory,
    noon,
)
from tests.support.published import API, get, listed


def day(number: int) -> dt.date:
    return dt.date(2025, 6, number)


@pytest.fixture
def claim(db: None) -> Any:
    return ClaimFactory(published=True)


def test_status_is_the_one_known_on_the_day(claim: Any) -> None:
    ReviewFactory(claim=claim, status="unverified", as_of=day(1))
    # Decided to hold for the 3rd, but only recorded on the 10th.
    ReviewFactory(claim=claim, status="disputed", as_of=day(3), recorded_at=noon(day(10)))
    ReviewFactory(claim=claim, status="corroborated", as_of=day(5), recorded_at=noon(day(5)))
    known = {
        number: get(f"claims/{claim.public_id}/", as_of=day(number).isoformat(), fields="status,status_as_of,reviews")
        for number in (1, 2, 5, 9, 10)
    }
    assert [(known[number]["status"], known[number]["status_as_of"]) for number in known] == [
        ("unverified", "2025-06-01"),
        ("unverified", "2025-06-01"),
        ("corroborated", "2025-06-05"),
        ("corroborated", "2025-06-05"),
        ("corroborated", "2025-06-05"),
    ]
    assert [review["status"] for review in known[9]["reviews"]] == ["unverified", "corroborated"]
    assert [review["status"] for review in known[10]["reviews"]] == ["unverified", "disputed", "corroborated"]
    before = get(f"claims/{claim.public_id}/", as_of="2025-05-31", fields="status,status_as_of,reviews")
    assert before == {"status": "unassessed", "status_as_of": None, "reviews": []}


def test_what_a_later_record_corrects_stood_until_then(claim: Any) -> None:
    wrong = ReviewFactory(claim=claim, status="refuted", as_of=day(1))
    ReviewFactory(claim=claim, status="unverified", as_of=day(1), recorded_at=noon(day(4)), corrects=wrong)
    assert get(f"claims/{claim.public_id}/", as_of=day(3).isoformat())["status"] == "refuted"
    assert get(f"claims/{claim.public_id}/", as_of=day(4).isoformat())["status"] == "unverified"
    reviews = get(f"claims/{claim.public_id}/")["reviews"]
    assert [review["corrects"] for review in reviews] == [None, wrong.public_id]


def test_day_ends_with_midnight_utc(claim: Any) -> None:
    last = dt.datetime(2025, 6, 2, 23, 59, 59, 999_999, tzinfo=dt.UTC)
    ReviewFactory(claim=claim, status="disputed", as_of=day(1), recorded_at=last)
    ReviewFactory(claim=claim, status="retracted", as_of=day(1), recorded_at=last + dt.timedelta(microseconds=1))
    assert listed("claims/", "status", as_of="2025-06-02") == ["disputed"]
    assert listed("claims/", "status", as_of="2025-06-03") == ["retracted"]


def test_filter_by_status_asks_for_the_status_of_the_day(claim: Any) -> None:
    ReviewFactory(claim=claim, status="unverified", as_of=day(1))
    ReviewFactory(claim=claim, status="refuted", as_of=day(5))
    assert listed("claims/", "public_id", status="unverified", as_of="2025-06-04") == [claim.public_id]
    assert listed("claims/", "public_id", status="unverified", as_of="2025-06-05") == []
    assert listed("claims/", "public_id", status="refuted") == [claim.public_id]


def test_positions_are_those_known_on_the_day(claim: Any) -> None:
    government = PartyFactory(actor__published=True).actor
    source = SourceFactory(published=True)
    OfficialPositionFactory(claim=claim, government=government, as_of=day(1))
    OfficialPositionFactory(claim=claim, government=government, position="denied", source=source, as_of=day(7))
    for asked, positions in ((6, ["silent"]), (7, ["silent", "denied"])):
        shown = get(f"claims/{claim.public_id}/", as_of=day(asked).isoformat())["positions"]
        assert [position["position"] for position in shown] == positions


def test_instrument_has_the_status_of_the_day(db: None) -> None:
    instrument = InstrumentFactory(partnership__published=True)
    InstrumentActionFactory(instrument=instrument, type="negotiation_opened", as_of=day(1))
    InstrumentActionFactory(instrument=instrument, type="signed", as_of=day(3))
    InstrumentActionFactory(instrument=instrument, type="entered_into_force", as_of=day(4), recorded_at=noon(day(8)))
    for asked, status, actions in ((1, "under_negotiation", 1), (3, "signed", 2), (7, "signed", 2), (8, "in_force", 3)):
        shown = get(f"instruments/{instrument.slug}/", as_of=day(asked).isoformat())
        assert (shown["status"], len(shown["actions"])) == (status, actions)
        [within] = get(f"partnerships/{instrument.partnership.slug}/", as_of=day(asked).isoformat())["instruments"]
        assert within["status"] == status
        assert listed("instruments/", "slug", status=status, as_of=day(asked).isoformat()) == [instrument.slug]
    unknown = get(f"instruments/{instrument.slug}/", as_of="2025-05-20")
    assert (unknown["status"], unknown["actions"]) == ("unknown", [])


def test_partnership_counts_the_claims_of_the_day(db: None) -> None:
    partnership = PartnershipFactory(published=True)
    early = ClaimFactory(published=True, partnerships=[partnership])
    ClaimFactory(published=True, published_at=noon(day(10)), partnerships=[partnership])
    ReviewFactory(claim=early, status="disputed", as_of=day(12))
    counted = {}
    for asked in (9, 10, 12):
        counts = get(f"partnerships/{partnership.slug}/", as_of=day(asked).isoformat())["claims_by_status"]
        counted[asked] = {status: number for status, number in counts.items() if number}
    assert counted == {9: {"unassessed": 1}, 10: {"unassessed": 2}, 12: {"unassessed": 1, "disputed": 1}}


def test_what_was_published_later_is_left_out(db: None) -> None:
    early = ClaimFactory(published=True, published_at=noon(day(1)))
    late = ClaimFactory(published=True, published_at=noon(day(3)))
    embargoed = ClaimFactory(published=True, published_at=noon(day(1)), embargo_until=noon(day(3)))
    late_source = SourceFactory(published=True, published_at=noon(day(3)))
    CitationFactory(claim=early, source=late_source)
    assert listed("claims/", "public_id", as_of="2025-06-02") == [early.public_id]
    assert set(listed("claims/", "public_id", as_of="2025-06-03")) == {
        one.public_id for one in (early, late, embargoed)
    }
    assert get(f"claims/{early.public_id}/", as_of="2025-06-02")["citations"] == []
    assert len(get(f"claims/{early.public_id}/", as_of="2025-06-03")["citations"]) == 1
    answer = Client().get(f"{API}claims/{late.public_id}/", {"as_of": "2025-06-02"})
    assert answer.status_code == 404
    assert answer.json()["detail"] == "This was not public yet on 2025-06-02."


def test_today_is_known_until_now(claim: Any) -> None:
    embargoed = ClaimFactory(published=True, embargo_until=timezone.now() + dt.timedelta(seconds=30))
    today = timezone.now().date().isoformat()
    assert listed("claims/", "public_id", as_of=today) == [claim.public_id]
    assert Client().get(f"{API}claims/{embargoed.public_id}/", {"as_of": today}).status_code == 404


def test_withdrawn_is_gone_on_every_day(claim: Any) -> None:
    claim.state, claim.withdrawn_at, claim.withdrawal_note = "withdrawn", timezone.now(), "It was misread."
    claim.save()
    assert listed("claims/", "public_id", as_of="2025-06-02") == []
    assert Client().get(f"{API}claims/{claim.public_id}/", {"as_of": "2025-06-02"}).status_code == 410
