"""The words of a page from its glyphs: by their places, not by the order in which they are drawn."""

import math
import statistics
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from events.documents.glyphs import Glyph

SAME_LINE = 0.35
"""The largest distance between two baselines of one line. This and all lengths below are fractions of the font size."""

ALONG, ASIDE = 2.0, 0.9
"""How far, along and across its line, the glyph may be that is the next of the same pen stroke."""

SPACE, SPACE_DRAWN = 0.22, 0.1
"""The gap between two words, and the smaller gap that suffices if a space is drawn as well."""

COLUMN = 1.6
"""The gap between two columns, or two cells of a table."""

NEXT_LINE = 3.0
"""The largest distance to the next line of a column."""

MAX_BOLD_OFFSET = 0.12
"""A letter drawn twice within this distance is bold."""

SLANTED = math.radians(3)
DIRECTIONS = 40
"""In how many directions a page is read besides those along its edges."""

Line = list["Sign"]
Order = Callable[[list[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Sign:
    """A glyph in the coordinates of its line."""

    text: str
    start: float
    end: float
    height: float
    size: float


def readings(glyphs: Sequence[Glyph]) -> list[str]:
    """The words of a page in each order in which a person may read them: row by row, and column by column.

    If there are right-to-left letters, also with these from left to right, as programs write them that do not know such
    letters. And lines in one style separately, if other lines run through them.
    """
    found: dict[str, str] = {}
    for turned in _directions(glyphs):
        rows = _rows([glyph for glyph in glyphs if _runs_along(glyph, turned)], turned)
        for lines in (rows, list(_by_column(rows))):
            for order in (to_be_read, as_it_stands, with_turned_parts):
                _add(found, "\n".join(_line(line, order) for line in lines))
    for look in dict.fromkeys(glyph.look for glyph in glyphs):
        of_one_look = [glyph for glyph in glyphs if glyph.look == look]
        if 1 < len(of_one_look) < len(glyphs):
            for turned in _directions(of_one_look):
                rows = _rows([glyph for glyph in of_one_look if _runs_along(glyph, turned)], turned)
                for order in (to_be_read, as_it_stands):
                    for line in rows:
                        _add(found, _line(line, order))
    return list(found.values())


def text_lines(glyphs: Sequence[Glyph]) -> list[str]:
    """The lines of a page, in reading order."""
    return [
        _line(row, to_be_read)
        for turned in _directions(glyphs)
        for row in _rows([glyph for glyph in glyphs if _runs_along(glyph, turned)], turned)
    ]


def _add(found: dict[str, str], text: str) -> None:
    """Adds a text unless it is part of one that is there already."""
    words = " ".join(text.split())
    if words and not any(words in other for other in found):
        found[words] = text


# Directions


def _directions(glyphs: Iterable[Glyph]) -> list[tuple[float, float]]:
    """The directions along the edges of the page that lines nearly have, and those of slanted lines."""
    edges: dict[tuple[float, float], None] = {}
    slanted: dict[tuple[float, float], None] = {}
    for glyph in glyphs:
        edge = _edge(glyph)
        edges[edge] = None
        if _between(glyph.turned, edge) > SLANTED:
            angle = math.radians(round(math.degrees(math.atan2(glyph.turned[1], glyph.turned[0]))))
            slanted[math.cos(angle), math.sin(angle)] = None
    return [*edges, *list(slanted)[:DIRECTIONS]]


def _edge(glyph: Glyph) -> tuple[float, float]:
    across, up = glyph.turned
    return (math.copysign(1.0, across), 0.0) if abs(across) >= abs(up) else (0.0, math.copysign(1.0, up))


def _between(one: tuple[float, float], other: tuple[float, float]) -> float:
    return math.acos(max(-1.0, min(1.0, one[0] * other[0] + one[1] * other[1])))


def _runs_along(glyph: Glyph, turned: tuple[float, float]) -> bool:
    return _edge(glyph) == turned or _between(glyph.turned, turned) < SLANTED / 2


# Lines


def _rows(glyphs: Sequence[Glyph], turned: tuple[float, float]) -> list[Line]:
    """The lines from top to bottom, each with its glyphs from left to right."""
    rows: list[tuple[float, float, Line]] = []
    strokes = [(statistics.median(sign.height for sign in stroke), stroke) for stroke in _strokes(glyphs, turned)]
    for height, stroke in sorted(strokes, key=lambda each: -each[0]):
        size = max(sign.size for sign in stroke)
        if rows and rows[-1][0] - height < SAME_LINE * min(size, rows[-1][1]):
            rows[-1][2].extend(stroke)
        else:
            rows.append((height, size, list(stroke)))
    return [_once(sorted(row, key=lambda sign: sign.start)) for _height, _size, row in rows]


def _strokes(glyphs: Sequence[Glyph], turned: tuple[float, float]) -> Iterator[Line]:
    """Glyphs that follow each other like one pen stroke: also where a word climbs or falls, as in Nastaliq."""
    stroke: Line = []
    for glyph in glyphs:
        sign = _sign(glyph, turned)
        if stroke:
            last, size = stroke[-1], max(stroke[-1].size, sign.size)
            gap = max(sign.start - last.end, last.start - sign.end)
            if gap > ALONG * size or abs(sign.height - last.height) > ASIDE * size:
                yield stroke
                stroke = []
        stroke.append(sign)
    if stroke:
        yield stroke


def _sign(glyph: Glyph, turned: tuple[float, float]) -> Sign:
    """The glyph in the coordinates of a line in this direction, without marks; None if it is only a mark."""
    text = "".join(each for each in glyph.text if not unicodedata.combining(each))
    across, up = turned
    start, length = glyph.x * across + glyph.y * up, math.hypot(glyph.across, glyph.up)
    backwards = glyph.across * across + glyph.up * up < 0
    return Sign(
        text,
        start - length if backwards else start,
        start if backwards else start + length,
        glyph.y * across - glyph.x * up,
        glyph.size,
    )


def _once(line: Line) -> Line:
    """Without letters that are drawn twice at one place: for bold type, or for each of their marks."""
    kept: Line = []
    for sign in line:
        same = next((n for n in range(len(kept) - 1, max(len(kept) - 4, -1), -1) if _is_again(sign, kept[n])), None)
        if same is None:
            kept.append(sign)
        else:
            kept[same] = replace(kept[same], end=max(kept[same].end, sign.end))
    return kept


def _is_again(sign: Sign, other: Sign) -> bool:
    near = MAX_BOLD_OFFSET * sign.size
    one_has_no_width = min(sign.end - sign.start, other.end - other.start) < near / 10
    return (
        bool(sign.text.strip())
        and sign.text == other.text
        and (sign.start - other.start < near or (one_has_no_width and sign.start < other.end + near / 10))
    )


def _by_column(rows: Sequence[Line]) -> Iterator[Line]:
    """The same lines in the order of their columns, with an empty one between two columns."""
    columns: list[list[Line]] = []
    open_columns: list[list[Line]] = []
    for row in rows:
        open_columns = [
            column for column in open_columns if column[-1][0].height - row[0].height < NEXT_LINE * column[-1][0].size
        ]
        taken: list[list[Line]] = []
        for part in _parts(row):
            above = [column for column in open_columns if _overlap(column[-1], part) and column not in taken]
            column = min(above, key=lambda each: abs(each[-1][0].start - part[0].start)) if above else []
            if not above:
                columns.append(column)
                open_columns.append(column)
            column.append(part)
            taken.append(column)
    for column in columns:
        yield from column
        yield []


def _parts(row: Line) -> Iterator[Line]:
    start, end = 0, -math.inf
    for number, sign in enumerate(row):
        if number and sign.start - end > COLUMN * sign.size:
            yield row[start:number]
            start = number
        end = max(end, sign.end)
    yield row[start:]


def _overlap(one: Line, other: Line) -> bool:
    return one[0].start < max(sign.end for sign in other) and other[0].start < max(sign.end for sign in one)


# Reading orders


def _line(line: Line, order: Order) -> str:
    """The text of a line. Words are separated where a space is drawn, and where there is a gap."""
    pieces: list[str] = []
    end, is_drawn = math.inf, False
    for sign in line:
        text = sign.text.strip()
        if not text:
            is_drawn = is_drawn or bool(sign.text)
            if not sign.text and sign.start - end < MAX_BOLD_OFFSET * sign.size:
                end = max(end, sign.end)
            continue
        if sign.start - end > (SPACE_DRAWN if is_drawn else SPACE) * sign.size:
            pieces.append(" ")
        pieces.append(text)
        end = max(-math.inf if end == math.inf else end, sign.end)
        is_drawn = False
    return "".join(order(pieces))


def as_it_stands(pieces: list[str]) -> list[str]:
    """From left to right."""
    return pieces


def to_be_read(pieces: list[str]) -> list[str]:
    """From right to left in a line with right-to-left letters, in which numbers and other words run to the right."""
    if not any(_is_to_the_left(piece) for piece in pieces):
        return pieces
    made: list[str] = []
    run: list[str] = []
    between: list[str] = []
    for piece in reversed(pieces):
        if _is_to_the_left(piece):
            made += [*reversed(run), *between, piece]
            run, between = [], []
        elif any(each.isalnum() for each in piece):
            run += [*between, piece]
            between = []
        elif run:
            between.append(piece)
        else:
            made.append(piece)
    return [*made, *reversed(run), *between]


def with_turned_parts(pieces: list[str]) -> list[str]:
    """The same, with glyphs of several letters (such as لا) in the order in which they are displayed."""
    return to_be_read([piece[::-1] if _is_to_the_left(piece) else piece for piece in pieces])


def _is_to_the_left(piece: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in piece)
