"""The follow-up of a recommendation as known on a day; also the editions of a series."""

import datetime as dt
from typing import Any

import pytest

from recommendations.lifecycle.states import ImplementationState, ResponseKind
from recommendations.models import Addressee, Recommendation
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    RecommendationFactory,
    ResponseFactory,
    SeriesFactory,
    StatusEntryFactory,
    noon,
)
from tests.support.published import get, listed

S = ImplementationState


def day(number: int) -> str:
    return dt.date(2025, 6, number).isoformat()


def on(number: int) -> dt.date:
    return dt.date(2025, 6, number)


@pytest.fixture
def addressee(db: None) -> Addressee:
    made: Addressee = AddresseeFactory(
        recommendation__published=True,
        recommendation__reference="R-2025-001",
        actor=ActorFactory(published=True, slug="qatar"),
    )
    return made


def shown(number: int, *members: str) -> Any:
    return get("recommendations/R-2025-001/", as_of=day(number), fields=",".join(members))


def test_state_and_response_are_those_of_the_day(addressee: Addressee) -> None:
    ResponseFactory(addressee=addressee, awaiting=True, as_of=on(1))
    StatusEntryFactory(addressee=addressee, as_of=on(2))
    StatusEntryFactory(addressee=addressee, state=S.IN_PROGRESS, as_of=on(4), recorded_at=noon(on(9)))
    ResponseFactory(addressee=addressee, accepted=True, as_of=on(6))
    members = ("state", "response", "checked_date")
    assert shown(1, *members) == {"state": "not_assessed", "response": "awaiting", "checked_date": None}
    assert shown(5, *members) == {"state": "not_started", "response": "awaiting", "checked_date": day(2)}
    assert shown(8, *members) == {"state": "not_started", "response": "accepted", "checked_date": day(2)}
    assert shown(9, *members) == {"state": "in_progress", "response": "accepted", "checked_date": day(4)}
    [one] = shown(8, "addressees")["addressees"]
    one.pop("actor")
    assert one == {
        "role": "lead",
        "basis": "stated",
        "state": "not_started",
        "state_as_of": day(2),
        "response": "accepted",
        "response_as_of": day(6),
    }


def test_filters_ask_for_the_state_of_the_day(addressee: Addressee) -> None:
    StatusEntryFactory(addressee=addressee, as_of=on(2))
    StatusEntryFactory(addressee=addressee, state=S.IN_PROGRESS, as_of=on(4))
    for asked, state in ((1, "not_assessed"), (3, "not_started"), (4, "in_progress")):
        assert listed("recommendations/", "reference", state=state, as_of=day(asked)) == ["R-2025-001"]
        other = "implemented"
        assert listed("recommendations/", "reference", state=other, as_of=day(asked)) == []


def test_no_response_is_counted_up_to_the_day(addressee: Addressee, settings: Any) -> None:
    settings.MAJLIS_NO_RESPONSE_DAYS = 10
    ResponseFactory(addressee=addressee, awaiting=True, as_of=on(1))
    assert shown(11, "response")["response"] == "awaiting"
    assert shown(12, "response")["response"] == "no_response"
    assert listed("recommendations/", "reference", response="no_response", as_of=day(11)) == []
    assert listed("recommendations/", "reference", response="no_response", as_of=day(12)) == ["R-2025-001"]


def test_overdue_and_stale_are_judged_on_the_day(addressee: Addressee, settings: Any) -> None:
    settings.MAJLIS_STALE_MONTHS = 1
    Recommendation.objects.filter(pk=addressee.recommendation_id).update(target_date=on(10), version_note="Dated.")
    assert shown(10, "overdue")["overdue"] is False
    assert shown(11, "overdue")["overdue"] is True
    assert shown(1, "stale")["stale"] is False
    assert shown(2, "stale")["stale"] is True  # published on 1 May, and never looked at
    assert listed("recommendations/", "reference", overdue="true", as_of=day(10)) == []
    assert listed("recommendations/", "reference", overdue="true", stale="true", as_of=day(11)) == ["R-2025-001"]
    assert listed("recommendations/", "reference", overdue="false", as_of=day(10)) == ["R-2025-001"]


def test_parts_have_the_state_of_the_day(addressee: Addressee) -> None:
    whole = addressee.recommendation
    part = RecommendationFactory(published=True, event=whole.event, parent=whole)
    RecommendationFactory(published=True, event=whole.event, parent=whole, published_at=noon(on(5)))
    of_part = AddresseeFactory(recommendation=part, actor=addressee.actor)
    StatusEntryFactory(addressee=of_part, as_of=on(3))
    for asked, states in ((2, ["not_assessed"]), (3, ["not_started"]), (5, ["not_started", "not_assessed"])):
        assert [one["state"] for one in shown(asked, "parts")["parts"]] == states


def test_editions_of_a_series_count_the_states_of_the_day(db: None) -> None:
    series = SeriesFactory(published=True)
    second = EventFactory(published=True, published_at=noon(on(8)), series=series, edition=2)
    first = EventFactory(published=True, series=series, edition=1)
    addressee = AddresseeFactory(
        recommendation__published=True, recommendation__event=first, actor=ActorFactory(published=True)
    )
    RecommendationFactory(published=True, event=second, published_at=noon(on(8)))
    StatusEntryFactory(addressee=addressee, state=S.IN_PROGRESS, as_of=on(4))

    def editions(number: int) -> list[tuple[int, dict[str, int]]]:
        return [
            (one["edition"], {state: count for state, count in one["recommendations_by_state"].items() if count})
            for one in get(f"series/{series.slug}/", as_of=day(number))["editions"]
        ]

    assert editions(3) == [(1, {"not_assessed": 1})]
    assert editions(4) == [(1, {"in_progress": 1})]
    assert editions(8) == [(1, {"in_progress": 1}), (2, {"not_assessed": 1})]


def test_kinds_of_responses_are_all_shown(addressee: Addressee) -> None:
    for number, trait in enumerate(("awaiting", "noted", "rejected", "partly_accepted"), start=1):
        ResponseFactory(addressee=addressee, as_of=on(number), **{trait: True})
        assert shown(number, "response")["response"] == trait
    assert listed("responses/", "kind", ordering="as_of") == ["awaiting", "noted", "rejected", "partly_accepted"]
    assert set(ResponseKind.values) == {"not_sent", "awaiting", "accepted", "partly_accepted", "noted", "rejected"}
