"""As of a day: what was recorded and public by then, on every page and in the API."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import (
    AS_OF,
    ActorFactory,
    AddresseeFactory,
    ConfirmationFactory,
    EventFactory,
    PartnershipFactory,
    RecommendationFactory,
    ResponseFactory,
    SeriesFactory,
    StatusEntryFactory,
    noon,
)
from tests.support.pages import page, words

ClientOf = Callable[[User], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.long]

ONE = dt.timedelta(days=1)
LATE = AS_OF + 20 * ONE
"""When what is true of AS_OF came to be known."""

BETWEEN = AS_OF + 10 * ONE


@pytest.fixture
def scene() -> dict[str, Any]:
    """A recommendation of which something was recorded late, and one that was published late."""
    series = SeriesFactory(published=True, slug="dialogue")
    partnership = PartnershipFactory(published=True, slug="pact")
    event = EventFactory(
        published=True, series=series, edition=1, name="Roundtable", start_date=dt.date(2025, 4, 1), lifecycle="held"
    )
    actor = ActorFactory(published=True, slug="qatar")
    known = RecommendationFactory(published=True, event=event, title="KNOWN", partnerships=[partnership])
    late = RecommendationFactory(
        published=True, published_at=noon(LATE), event=event, title="LATER", partnerships=[partnership]
    )
    addressee = AddresseeFactory(recommendation=known, actor=actor)
    AddresseeFactory(recommendation=late, actor=actor)
    StatusEntryFactory(addressee=addressee, state="in_progress", as_of=AS_OF)
    done = StatusEntryFactory(addressee=addressee, state="implemented", as_of=AS_OF, recorded_at=noon(LATE))
    ResponseFactory(addressee=addressee, noted=True, as_of=AS_OF, recorded_at=noon(LATE))
    return {"known": known, "late": late, "done": done, "actor": actor, "series": series, "partnership": partnership}


UNREADABLE = "is no day we can read. Write 2026-04-03, or the day first: 3/4/2026 or 3 April 2026."
PAGES = [
    "/recommendations/",
    "/actors/qatar/",
    "/partnerships/pact/",
    "/series/dialogue/",
    "/series/dialogue/scorecard/",
]


def stands_at(state: str, said: str) -> bool:
    """Whether a page says that something is in `state`: in a badge, or in the legend of a bar."""
    return f"Implementation: {state}" in said or f" {state} 1" in said


@pytest.mark.parametrize("address", PAGES)
def test_page_of_a_day_tells_what_was_recorded_by_then_of_what_was_public_by_then(
    address: str, scene: dict[str, Any]
) -> None:
    now = words(page(address))
    then = words(page(address, as_of=BETWEEN.isoformat()))
    assert "What we knew on 11 June 2025" in then
    assert [stands_at(state, now) for state in ("Implemented", "In progress")] == [True, False]
    assert [stands_at(state, then) for state in ("Implemented", "In progress")] == [False, True]
    assert ("LATER" in now) is (address != "/series/dialogue/")
    assert "LATER" not in then
    assert words(page(address, as_of=LATE.isoformat())).count("LATER") == now.count("LATER")


def test_desk_sees_no_draft_among_what_was_public_on_a_day(
    scene: dict[str, Any], client_of: ClientOf, editor: User
) -> None:
    RecommendationFactory(title="DRAFT", event=scene["known"].event)
    client = client_of(editor)
    assert "DRAFT" in page("/recommendations/", client)
    assert "DRAFT" not in page("/recommendations/", client, as_of=BETWEEN.isoformat())


@pytest.mark.parametrize("collection", ["status-entries", "responses"])
def test_api_gives_the_records_of_a_day(collection: str, scene: dict[str, Any]) -> None:
    def records(**query: str) -> list[Any]:
        answer = Client().get(f"/api/v1/{collection}/", query)
        assert answer.status_code == 200
        rows: list[Any] = answer.json()["results"]
        return rows

    late = {"status-entries": 1, "responses": 1}[collection]
    assert len(records()) - len(records(as_of=BETWEEN.isoformat())) == late
    assert records(as_of=LATE.isoformat()) == records()


def test_corrections_and_confirmations_of_a_later_day_are_not_told(scene: dict[str, Any]) -> None:
    entry = StatusEntryFactory(addressee=AddresseeFactory(recommendation=scene["known"], actor__published=True))
    StatusEntryFactory(addressee=entry.addressee, state="stalled", corrects=entry, recorded_at=noon(LATE))
    ConfirmationFactory(entry=scene["done"], recorded_at=noon(LATE + ONE))
    address = f"/api/v1/status-entries/{entry.public_id}/"
    assert len(Client().get(address).json()["corrected_by"]) == 1
    assert Client().get(address, {"as_of": BETWEEN.isoformat()}).json()["corrected_by"] == []
    done = f"/api/v1/status-entries/{scene['done'].public_id}/"
    assert Client().get(done).json()["confirmed_at"]
    assert Client().get(done, {"as_of": LATE.isoformat()}).json()["confirmed_at"] is None
    assert Client().get(done, {"as_of": BETWEEN.isoformat()}).status_code == 404
    own = scene["known"].get_absolute_url()
    assert "confirmed by a second person" in words(page(own))
    assert "confirmed by a second person" not in words(page(own, as_of=LATE.isoformat()))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2025-03-31", "Not yet asked on that day It was recommended at an event that began on 1 April 2025."),
        ("2025-04-30", "Not yet public on that day"),
    ],
)
def test_day_before_the_recommendation_existed_is_told(day: str, said: str, scene: dict[str, Any]) -> None:
    address = scene["known"].get_absolute_url()
    assert said in words(page(address, as_of=day))
    assert "on that day" not in words(page(address, as_of="2025-05-01"))
    answer = Client().get(f"/api/v1/recommendations/{scene['known'].reference}/", {"as_of": day})
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == f"This was not public yet on {day}."


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2999-01-01", "That day is still to come."),
        ("0000-01-01", UNREADABLE),
        ("2025-00-01", "There is no “2025-00-01” in the calendar."),
        ("1899-12-31", "That day is too long ago."),
        ("10000-01-01", UNREADABLE),
        ("2025-02-30", "There is no “2025-02-30” in the calendar."),
        ("2025-06-01T00:00:00", UNREADABLE),
        ("-2025-06-01", UNREADABLE),
        ("2025-06-01' OR 1=1", UNREADABLE),
    ],
)
@pytest.mark.parametrize("address", [*PAGES, "/recommendations/R-2024-900/"])
def test_day_that_is_none_is_told_on_every_page_and_in_the_api(
    address: str, day: str, said: str, scene: dict[str, Any]
) -> None:
    RecommendationFactory(published=True, reference="R-2024-900")
    assert said in words(page(address, expect=400, as_of=day))
    if address.startswith("/actors/"):  # the API tells nothing of an actor that depends on the day
        return
    answer = Client().get(f"/api/v1{address}", {"as_of": day})
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    (error,) = answer.json()["errors"]
    expected = "Write the day as year-month-day" if said == UNREADABLE else said  # the API takes no other order
    assert (error["parameter"], expected in error["detail"]) == ("as_of", True)


@pytest.mark.parametrize(("prefix", "said"), [("/tr", "takvim"), ("/ar", "التقويم")])
def test_day_that_is_none_is_told_in_the_readers_language(prefix: str, said: str, scene: dict[str, Any]) -> None:
    assert said in words(page(f"{prefix}/actors/qatar/", expect=400, as_of="2025-02-30")).casefold()
