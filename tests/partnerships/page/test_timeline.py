"""Moments in their order, as many as a page shows."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from partnerships.page.timeline import MAX_MOMENTS, UNDATED, timeline
from publishing.partial_dates.field import bounds

TODAY = dt.date(2026, 1, 1)


def claim(valid: str) -> Any:
    earliest, latest = bounds(valid)
    return SimpleNamespace(valid=valid, valid_earliest=earliest, valid_latest=latest)


def event(start: dt.date | None) -> Any:
    return SimpleNamespace(start_date=start, end_date=None)


def test_moments_are_ordered_by_the_first_day_they_can_mean() -> None:
    found = timeline([claim("2025"), claim("2024-06"), claim("../2024-03"), claim("2024-12/..")], [], [], on=TODAY)
    assert [moment.date for moment in found.dated] == ["../2024-03", "2024-06", "2024-12/..", "2025"]


def test_unknown_dates_stand_apart() -> None:
    found = timeline([claim("2025")], [], [event(None)], on=TODAY)
    assert [moment.kind for moment in found.dated] == ["claim"]
    assert [moment.kind for moment in found.undated] == ["event"]


def test_event_that_is_to_come_is_known_as_such() -> None:
    found = timeline([], [], [event(TODAY), event(TODAY + dt.timedelta(days=1))], on=TODAY)
    assert [moment.is_to_come for moment in found.dated] == [False, True]


def test_timeline_keeps_the_latest_and_says_how_many_it_leaves_out() -> None:
    days = [claim(f"{1900 + n}") for n in range(MAX_MOMENTS + 3)]
    found = timeline(days, [], [event(None)] * (UNDATED + 2), on=TODAY)
    assert len(found.dated) == MAX_MOMENTS
    assert found.dated[0].date == "1903"
    assert found.left_out == 3
    assert len(found.undated) == UNDATED


def test_timeline_of_nothing_is_nothing() -> None:
    assert not timeline([], [], [], on=TODAY)
    assert timeline([], [], [event(None)], on=TODAY)
