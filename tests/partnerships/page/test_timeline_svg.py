"""The positions of the marks on a timeline."""

import datetime as dt
import random
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import pytest

from partnerships.page.timeline import Moment
from partnerships.page.timeline_svg import MIN_DATE_DISTANCE, Drawing, Mark, draw, shortened
from publishing.languages import Text
from publishing.partial_dates.field import bounds

TODAY = dt.date(2026, 1, 1)


def moment(date: str, kind: str = "claim") -> Moment:
    return Moment(kind, SimpleNamespace(status="unverified"), date, *bounds(date))


def drawn(*moments: Moment, words: str = "A strike.", language: str = "en", is_mirrored: bool = False) -> Drawing:
    drawing = draw(moments, lambda _moment: Text(words, language), on=TODAY, is_mirrored=is_mirrored)
    assert drawing is not None
    return drawing


def marks(drawing: Drawing) -> list[Mark]:
    return [mark for lane in drawing.lanes for mark in lane.marks]


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw([], lambda _moment: Text("", ""), on=TODAY, is_mirrored=False) is None


def test_time_runs_from_left_to_right_and_on_an_arabic_page_from_right_to_left() -> None:
    days = ("2022-01-01", "2024-01-01")
    first, second = (mark.middle for mark in marks(drawn(*map(moment, days))))
    assert (first, second, drawn(*map(moment, days)).today) == (5.0, 49.97, 95.0)
    mirrored = drawn(*map(moment, days), is_mirrored=True)
    assert [mark.middle for mark in marks(mirrored)] == [95.0, 50.03]
    assert (mirrored.today, mirrored.start) == (5.0, 100.0)


def test_partial_date_is_a_bar_over_all_the_days_that_it_can_mean() -> None:
    day, month, year = marks(drawn(moment("2025-03-09"), moment("2025-03"), moment("2025")))
    assert day.width == 0
    assert 0 < month.width < year.width
    assert month.left > year.left
    assert not year.is_vague


@pytest.mark.parametrize("date", ["2025~", "2025-03?", "2024/..", "../2025", "202X"])
def test_vague_and_open_dates_are_told_apart(date: str) -> None:
    (mark,) = marks(drawn(moment(date)))
    assert mark.is_vague


def test_unknown_end_is_not_drawn_as_an_open_one() -> None:
    end, begin, known = marks(drawn(moment("2024/"), moment("/2025-03"), moment("2023-01-01")))
    assert (end.width, begin.width) == (0, 0)
    assert 0 < end.left < begin.left < 100
    assert (end.is_vague, begin.is_vague, known.is_vague) == (True, True, False)


def test_open_date_reaches_the_edge() -> None:
    begun, ended = marks(drawn(moment("2024/.."), moment("../2025")))
    assert begun.left + begun.width == 100.0
    assert ended.left == 0.0


def test_marks_that_would_touch_stand_in_rows_of_their_own() -> None:
    near = [moment(f"2025-06-0{day}") for day in range(1, 6)]
    rows = [mark.row_middle for mark in marks(drawn(moment("2020-01-01"), *near))]
    assert len(set(rows)) == 5
    assert rows[0] == rows[1], "one that is far away shares the first row"


def test_lanes_keep_their_order_and_those_without_moments_are_left_out() -> None:
    drawing = drawn(moment("2025", "review"), moment("2024", "claim"))
    assert [lane.kind for lane in drawing.lanes] == ["claim", "review"]
    assert [mark.number for mark in marks(drawing)] == [2, 1], "numbers follow the table"
    assert drawing.lanes[0].top < drawing.lanes[1].top < drawing.height


def test_crowded_lane_has_numbers_alone() -> None:
    assert all(mark.label for mark in marks(drawn(*[moment("2025")] * 8)))
    assert not any(mark.label for mark in marks(drawn(*[moment("2025")] * 9)))


@pytest.mark.parametrize(
    ("date", "language", "is_mirrored", "anchor", "is_to_the_right"),
    [
        ("2020-01-01", "en", False, "start", True),
        ("2025-12-01", "en", False, "end", False),
        ("2020-01-01", "ar", True, "start", False),
        ("2025-12-01", "ar", True, "end", True),
        ("2025-12-01", "en", True, "start", True),
        ("2025-12-01", "ar", False, "start", False),
    ],
)
def test_label_stands_where_there_is_room_whatever_its_direction(
    date: str, language: str, is_mirrored: bool, anchor: str, is_to_the_right: bool
) -> None:
    found = marks(drawn(moment("2020-01-01"), moment(date), language=language, is_mirrored=is_mirrored))
    label = found[-1].label
    assert label is not None
    assert (label.anchor, label.offset > 0) == (anchor, is_to_the_right)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_no_two_of_a_row_touch_whatever_happened_when(seed: int, is_mirrored: bool) -> None:
    chance = random.Random(seed)

    def any_day() -> dt.date:
        return TODAY - dt.timedelta(days=int(chance.random() ** 3 * 9000))

    def any_date() -> str:
        first, second = sorted((any_day(), any_day()))
        return chance.choice(
            [f"{first}", f"{first:%Y-%m}", f"{first:%Y}~", f"{first}/..", f"../{second}", f"{first}/{second}"]
        )

    kinds = ("claim", "action", "event", "review")
    moments = [moment(any_date(), chance.choice(kinds)) for _number in range(chance.randrange(1, 40))]
    drawing = drawn(*moments, words="Delegations met, and agreed on nothing.", is_mirrored=is_mirrored)
    assert sorted(mark.number for mark in marks(drawing)) == list(range(1, len(moments) + 1))
    for lane in drawing.lanes:
        for one, other in combinations(lane.marks, 2):
            if one.row_middle == other.row_middle:
                assert abs(one.middle - other.middle) >= MIN_DATE_DISTANCE - 0.02
                left, right = sorted((one, other), key=lambda mark: mark.left)
                assert left.left + left.width <= right.left + 0.02
        assert all(lane.top < mark.row_middle < drawing.height for mark in lane.marks)


def test_long_words_are_cut_between_two_of_them() -> None:
    assert shortened("A pact between the two, at last.", 22) == "A pact between the…"
    assert shortened("A pact.", 22) == "A pact."
    assert shortened("Donaudampfschifffahrt", 8) == "Donaudam…"


@pytest.mark.parametrize("date", ["0001", "9999", "0001-01-01/9999-12-31", "2026-01-01", "1066-10-14"])
def test_line_of_time_holds_any_day_and_has_few_dates(date: str) -> None:
    drawing = drawn(moment(date))
    assert len(drawing.ticks) <= 8
    assert all(0 <= mark.left <= mark.left + mark.width <= 100.01 for mark in marks(drawing))
    assert all(0 <= tick.middle <= 100 for tick in drawing.ticks)


def test_words_for_the_day_of_asking_stay_inside_and_have_their_place_for_themselves() -> None:
    assert drawn(moment("2020")).today_words == (100.0, "end")
    assert drawn(moment("2020"), is_mirrored=True).today_words == (0.0, "end")
    assert drawn(moment("2040")).today_words == (0.0, "start")
    assert drawn(moment("2040"), is_mirrored=True).today_words == (100.0, "start")
    assert drawn(moment("2022"), moment("2029")).today_words[1] == "middle"
    found = [(tick.words, tick.is_minor) for tick in drawn(moment("2020")).ticks]
    assert found == [("2020", False), ("2022", True), ("2024", False)], "2026 would touch the word for today"


@pytest.mark.parametrize(("is_mirrored", "first", "last"), [(False, 0.0, 100.0), (True, 100.0, 0.0)])
def test_words_of_a_date_at_an_edge_begin_or_end_there(is_mirrored: bool, first: float, last: float) -> None:
    early, late = (moment("2020-01-01"), moment("2032-01-01"))
    ticks = drawn(early, late, is_mirrored=is_mirrored).ticks
    assert [ticks[0].words, ticks[-1].words] == ["2020", "2032"]
    assert (ticks[0].words_at, ticks[-1].words_at) == ((first, "start"), (last, "end"))
    assert all(tick.words_at == (tick.middle, "middle") for tick in ticks[1:-1])


def test_dates_of_a_short_time_are_months() -> None:
    ticks: Any = [tick.words for tick in drawn(moment("2025-09-15")).ticks]
    assert ticks == ["Oct 2025", "Nov 2025", "Dec 2025"]
