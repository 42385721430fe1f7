"""The layout of a timeline: a drawing of lanes along one time axis.

Horizontal positions are per cent of the drawing's width, so that it fits a telephone and a desktop while marks and text
keep their size; vertical positions are pixels. Time runs in the reading direction: from right to left on an Arabic
page. Everything in the drawing is also in a table, with the same numbers.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.page.timeline import Moment
from publishing.languages import Text, direction_of

LANES: tuple[tuple[str, Promise], ...] = (
    ("claim", _("Said to have happened")),
    ("action", _("Done about instruments")),
    ("event", _("Our events")),
    ("review", _("What we came to know")),
)
"""The kinds of moments from top to bottom; each has a shape of its own."""

MARGIN = 5.0
"""The margin on either side of the axis, in per cent of the width."""

MIN_DATE_DISTANCE = 10.0
"""The width reserved for a mark, in per cent, so that two do not touch on a telephone."""

FAR, FAR_ON_A_TELEPHONE = 9.0, 27.0
"""A date closer than this (per cent of the width) would touch the text for the day asked for."""

EDGE, EDGE_OF_DATES = 20.0, 10.0
"""Closer to an end than this (per cent of the width), this text and dates are aligned to the end."""

RADIUS = 1.6
"""Half of a mark on a wide page, in per cent."""

LEAST_ROOM = 18.0
"""The least width for a label beside a bar, in per cent."""

LETTER = 0.95
"""The width of a letter of a label, in per cent, in a drawing wide enough to show labels.

The stylesheet shows them from 44rem: a letter then has 6.7 pixels, which is the width of one at its font size of 14.
"""

MAX_LABEL_LENGTH = 64
MAX_LABELS = 8
"""A lane with more moments than this shows only numbers."""

HEAD, TITLE, ROW, FOOT = 30, 30, 30, 10
"""Heights in pixels: the dates above, the name of a lane, a row of marks, the space below a lane."""


@dataclass(frozen=True, slots=True)
class Label:
    """Text beside a mark: it begins `offset` pixels from `at` per cent, and runs away from the mark."""

    text: Text
    at: float
    offset: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One moment in the drawing. Horizontal in per cent, vertical in pixels; `width` is 0 for a single day."""

    number: int
    moment: Moment
    middle: float
    left: float
    width: float
    row_middle: int
    is_vague: bool
    label: Label | None

    @property
    def kind(self) -> str:
        return self.moment.kind

    @property
    def status(self) -> str:
        """The verification status that sets its colour, for claims and reviews; otherwise empty."""
        return getattr(self.moment.thing, "status", "") if self.kind in {"claim", "review"} else ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of moments: the place of its name, and its marks."""

    kind: str
    title: Promise
    top: int
    title_middle: int
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Tick:
    """A date on the axis, and the place of its text; `is_minor` if a narrow page leaves it out."""

    middle: float
    words_at: tuple[float, str]
    words: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole drawing. `today` is the position of the day asked for, `today_words` that of its text with its anchor.

    `start` is the edge at which lines of text begin.
    """

    lanes: list[Lane]
    ticks: list[Tick]
    height: int
    today: float
    today_words: tuple[float, str]
    start: float
    is_mirrored: bool


def draw(
    moments: Sequence[Moment], labels: Callable[[Moment], Text], *, on: dt.date, is_mirrored: bool
) -> Drawing | None:
    """The drawing of dated `moments`, numbered from 1 in their order; None if there is nothing to draw.

    `labels` are the texts beside marks; `on` is the day asked for, which is always on the axis.
    """
    if not moments:
        return None
    scale = Scale.over(moments, on=on, is_mirrored=is_mirrored)
    lanes, top, today = [], HEAD, scale.at(on)
    numbered = list(enumerate(moments, start=1))
    for kind, title in LANES:
        of_lane = [(number, moment) for number, moment in numbered if moment.kind == kind]
        if not of_lane:
            continue
        labelled = len(of_lane) <= MAX_LABELS
        first_row = top + TITLE
        rows, marks = LaneRows(), []
        for number, moment in of_lane:
            left, right = scale.stretch(moment)
            label = label_beside(labels(moment), left, right, is_mirrored=is_mirrored) if labelled else None
            row = rows.take(*occupied(left, right, label))
            marks.append(
                Mark(
                    number,
                    moment,
                    middle=round((left + right) / 2, 2),
                    left=left,
                    width=round(right - left, 2),
                    row_middle=first_row + row * ROW + ROW // 2,
                    is_vague=any(sign in moment.date for sign in "~?%X")
                    or any(side in ("", "..") for side in moment.date.split("/")),
                    label=label,
                )
            )
        lanes.append(Lane(kind, title, top, top + TITLE // 2 + 3, marks))
        top = first_row + len(rows.ends) * ROW + FOOT
    return Drawing(
        lanes,
        ticks=[
            replace(tick, is_minor=tick.is_minor or abs(tick.middle - today) < FAR_ON_A_TELEPHONE)
            for tick in scale.ticks()
            if abs(tick.middle - today) > FAR
        ],
        height=top,
        today=today,
        today_words=within_edges(today, EDGE, is_mirrored=is_mirrored),
        start=100.0 if is_mirrored else 0.0,
        is_mirrored=is_mirrored,
    )


def within_edges(middle: float, edge: float, *, is_mirrored: bool) -> tuple[float, str]:
    """The position of the text for a day, and its SVG anchor, so that it stays inside the drawing."""
    if edge <= middle <= 100 - edge:
        return middle, "middle"
    is_at_the_right = middle > 50
    return (100.0 if is_at_the_right else 0.0), ("end" if is_at_the_right != is_mirrored else "start")


@dataclass(frozen=True, slots=True)
class Scale:
    """Converts days to per cent of the width, from the physical left edge, as SVG counts."""

    first: dt.date
    last: dt.date
    is_mirrored: bool

    @classmethod
    def over(cls, moments: Iterable[Moment], *, on: dt.date, is_mirrored: bool) -> "Scale":
        """From the first to the last day of `moments` and `on`; at least four weeks."""
        days = [day for moment in moments for day in (moment.earliest, moment.latest) if day is not None] + [on]
        first, last = min(days), max(days)
        if (last - first).days < 28:
            first = first - dt.timedelta(days=28) if first.toordinal() > 28 else first
        return cls(first, last, is_mirrored)

    @property
    def days(self) -> int:
        return max((self.last - self.first).days, 1)

    def at(self, day: dt.date) -> float:
        along = MARGIN + (100 - 2 * MARGIN) * (day - self.first).days / self.days
        return round(100 - along if self.is_mirrored else along, 2)

    def stretch(self, moment: Moment) -> tuple[float, float]:
        """The left and the right end of a moment. If a side is open (..), it reaches the edge there.

        If its begin or end is unknown, only the other end is drawn.
        """
        begin = self.at(moment.earliest) if moment.earliest else (100.0 if self.is_mirrored else 0.0)
        end = self.at(moment.latest) if moment.latest else (0.0 if self.is_mirrored else 100.0)
        if moment.date.endswith("/"):
            end = begin
        elif moment.date.startswith("/"):
            begin = end
        return min(begin, end), max(begin, end)

    def ticks(self) -> list[Tick]:
        """At most seven dates: first days of years or of months."""
        months = self.days / 30.4
        step = next((step for step in (1, 2, 3, 6) if months / step <= 6), 0)
        if step and self.days < 900:
            day = dt.date(self.first.year, self.first.month, 1)
            found = [day for day in every(day, months=step) if self.first <= day <= self.last]
            return [self.tick(day, date_format(day, "M Y"), n) for n, day in enumerate(found)]
        years = next(step for step in (1, 2, 5, 10, 25, 50, 100, 1000, 2500) if self.days / 365.25 / step <= 6)
        found = [
            dt.date(year, 1, 1)
            for year in range(-(-self.first.year // years) * years or years, self.last.year + 1, years)
            if dt.date(year, 1, 1) >= self.first
        ]
        return [self.tick(day, f"{day.year:04}", n) for n, day in enumerate(found)]

    def tick(self, day: dt.date, words: str, number: int) -> Tick:
        middle = self.at(day)
        words_at = within_edges(middle, EDGE_OF_DATES, is_mirrored=self.is_mirrored)
        return Tick(middle, words_at, words, is_minor=number % 2 == 1)


def every(day: dt.date, *, months: int) -> Iterable[dt.date]:
    """`day` (the first of a month) and later first days of months, `months` apart, for some years."""
    start = day.year * 12 + (day.month - 1) // months * months
    return [
        dt.date(number // 12, number % 12 + 1, 1)
        for number in range(start, start + 40 * months, months)
        if number // 12 <= dt.MAXYEAR
    ]


def label_beside(text: Text, left: float, right: float, *, is_mirrored: bool) -> Label:
    """A label on the side of the mark with more room, at most as long as that.

    Beside a bar it begins where the bar ends, unless there is no room: then it lies on the bar.
    """
    middle = (left + right) / 2
    is_beside_bar = right - left > 2 * RADIUS and max(left, 100 - right) > LEAST_ROOM
    side = 1 if (100 - right > left if is_beside_bar else middle < 50) else -1
    at = (right if side == 1 else left) if is_beside_bar else middle
    letters = min(MAX_LABEL_LENGTH, int((100 - at if side == 1 else at) / LETTER) - 3)
    is_left_to_right = direction_of(text.language) == "ltr" if text.language else not is_mirrored
    anchor = "start" if (side == 1) == is_left_to_right else "end"
    offset = side * (8 if is_beside_bar else 18)
    return Label(Text(shortened(text.words, letters), text.language), round(at, 2), offset, anchor)


def shortened(words: str, letters: int) -> str:
    """`words`, cut between two words if there are more than `letters` letters."""
    if len(words) <= letters:
        return words
    cut = words[: max(letters, 1)].rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,.;:–')}…"


def occupied(left: float, right: float, label: Label | None) -> tuple[float, float]:
    """The part of its row that a moment occupies, from left to right."""
    middle = (left + right) / 2
    left, right = min(left, middle - MIN_DATE_DISTANCE / 2), max(right, middle + MIN_DATE_DISTANCE / 2)
    if label is None:
        return left, right
    room = RADIUS + 1 + len(label.text.words) * LETTER
    return (left, max(right, label.at + room)) if label.offset > 0 else (min(left, label.at - room), right)


class LaneRows:
    """The rows of one lane: each moment goes into the first row where it touches nothing."""

    def __init__(self) -> None:
        self.ends: list[list[tuple[float, float]]] = []

    def take(self, left: float, right: float) -> int:
        for number, taken in enumerate(self.ends):
            if all(right <= other_left or left >= other_right for other_left, other_right in taken):
                taken.append((left, right))
                return number
        self.ends.append([(left, right)])
        return len(self.ends) - 1
