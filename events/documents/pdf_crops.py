"""The part of each picture in a PDF that any page shows; the rest is hidden by clipping or lies outside the page."""

import math
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Dictionary, Pdf

from events.documents.pdf_objects import array_of, inherited, is_dictionary

INSTRUCTIONS = 3_000_000
"""How many instructions are examined, with forms as often as they are drawn; beyond that, all pictures count as fully
shown.
"""

LEVEL = 1e-6


class Box(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float

    def within(self, other: "Box") -> "Box":
        return Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def around(self, other: "Box") -> "Box":
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


WHOLE_PLANE = Box(-math.inf, -math.inf, math.inf, math.inf)
NOWHERE = Box(math.inf, math.inf, -math.inf, -math.inf)
WHOLE_PICTURE = Box(0.0, 0.0, 1.0, 1.0)

Matrix = tuple[float, float, float, float, float, float]
UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class State:
    """The transformation from what is drawn next to the page, and the part of the page where it is visible."""

    matrix: Matrix
    shown: Box


class TooMuchError(Exception):
    """More instructions than `INSTRUCTIONS`."""


class Crops:
    """The visible parts of pictures, from (0, 0) at the lower left to (1, 1), by the objects' numbers."""

    def __init__(self, document: Pdf) -> None:
        self.document = document
        self.parts: dict[tuple[int, int], Box] = {}
        self.left = INSTRUCTIONS
        try:
            for page in document.pages:
                resources = inherited(page.obj, "/Resources")
                self._found_whole(resources)
                if resources is not None and "/XObject" in resources:
                    self._look(page, resources, State(UNMOVED, _edge(page.obj)))
        except (TooMuchError, RecursionError):
            self.parts = {}

    def of(self, picture: Any) -> Box:
        is_known = picture.is_indirect and picture.is_owned_by(self.document)
        return self.parts.get(picture.objgen, WHOLE_PICTURE) if is_known else WHOLE_PICTURE

    def _found_whole(self, resources: Any) -> None:
        """Pictures in patterns and masks are drawn elsewhere, and not examined here: they count as fully shown."""
        masks = [each.get("/SMask") for each in _values(resources, "/ExtGState")]
        groups = [each.get("/G") for each in masks if each is not None and is_dictionary(each)]
        for each in [*_values(resources, "/Pattern"), *groups]:
            for drawn in _values(each.get("/Resources"), "/XObject"):
                self.parts[drawn.objgen] = WHOLE_PICTURE

    def _look(self, content: Any, resources: Any, state: State) -> None:
        kept: list[State] = []
        path, clips = NOWHERE, False
        instructions: list[Any] = list(pikepdf.parse_content_stream(content))
        for operands, operator in instructions:
            self.left -= 1
            if self.left < 0:
                raise TooMuchError
            name = str(operator)
            if name == "q":
                kept.append(state)
            elif name == "Q" and kept:
                state = kept.pop()
            elif name == "cm":
                state = replace(state, matrix=_times(_numbers(operands), state.matrix))
            elif name in ("re", "m", "l", "c", "v", "y"):
                path = path.around(_bounds(_points(name, _numbers(operands)), state.matrix))
            elif name in ("W", "W*"):
                clips = True
            elif name in ("n", "f", "F", "f*", "s", "S", "B", "B*", "b", "b*"):
                if clips and path != NOWHERE:
                    state = replace(state, shown=state.shown.within(path))
                path, clips = NOWHERE, False
            elif name == "Do":
                self._drawn(operands[0], resources, state)

    def _drawn(self, name: Any, resources: Any, state: State) -> None:
        drawn = resources.get("/XObject", Dictionary()).get(str(name)) if resources is not None else None
        if drawn is None:
            return
        if str(drawn.get("/Subtype", "")) == "/Image":
            found = _part(state)
            for each in (drawn, drawn.get("/SMask"), drawn.get("/Mask")):
                if each is not None and is_dictionary(each):
                    self.parts[each.objgen] = self.parts.get(each.objgen, NOWHERE).around(found)
        elif str(drawn.get("/Subtype", "")) == "/Form":
            matrix = _times(_numbers(array_of(drawn.get("/Matrix"))) or UNMOVED, state.matrix)
            shown = state.shown
            if len(array_of(drawn.get("/BBox"))) == 4:
                left, bottom, right, top = _numbers(drawn["/BBox"])
                shown = shown.within(_bounds([(left, bottom), (right, bottom), (left, top), (right, top)], matrix))
            own = drawn.get("/Resources", resources)
            self._found_whole(own)
            self._look(drawn, own, State(matrix, shown))


def _values(resources: Any, kind: str) -> list[Any]:
    entries = resources.get(kind) if resources is not None and is_dictionary(resources) else None
    return [each for each in entries.values() if is_dictionary(each)] if entries is not None else []


def _edge(page: Any) -> Box:
    for key in ("/CropBox", "/MediaBox"):
        box = inherited(page, key)
        if len(array_of(box)) == 4:
            one, two, three, four = _numbers(box)
            return Box(min(one, three), min(two, four), max(one, three), max(two, four))
    return WHOLE_PLANE


def _numbers(values: Any) -> Any:
    return tuple(float(each) for each in values)


def _points(name: str, numbers: Any) -> list[tuple[float, float]]:
    if name == "re":
        x, y, width, height = numbers
        return [(x, y), (x + width, y), (x, y + height), (x + width, y + height)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    k, m, n, o, p, q = other
    return (a * k + b * n, a * m + b * o, c * k + d * n, c * m + d * o, e * k + f * n + p, e * m + f * o + q)


def _bounds(points: list[tuple[float, float]], matrix: Matrix) -> Box:
    a, b, c, d, e, f = matrix
    moved = [(a * x + c * y + e, b * x + d * y + f) for x, y in points]
    return Box(
        min(x for x, _y in moved), min(y for _x, y in moved), max(x for x, _y in moved), max(y for _x, y in moved)
    )


def _part(state: State) -> Box:
    """The visible part of the square from (0, 0) to (1, 1); all of it if it is rotated."""
    a, b, c, d, e, f = state.matrix
    place = _bounds([(0, 0), (1, 0), (0, 1), (1, 1)], state.matrix)
    shown = place.within(state.shown)
    if shown.left >= shown.right or shown.bottom >= shown.top:
        return NOWHERE
    if abs(b) < LEVEL and abs(c) < LEVEL and a and d:
        across, up = ((shown.left - e) / a, (shown.right - e) / a), ((shown.bottom - f) / d, (shown.top - f) / d)
    elif abs(a) < LEVEL and abs(d) < LEVEL and b and c:
        across, up = ((shown.bottom - f) / b, (shown.top - f) / b), ((shown.left - e) / c, (shown.right - e) / c)
    else:
        return WHOLE_PICTURE
    return Box(min(across), min(up), max(across), max(up))


def pixels_of(part: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The pixels of a picture of `size` that `part` covers: left, top, right, bottom, with two more on each side."""
    width, height = size
    if part.left > part.right:
        return (0, 0, 0, 0)
    return (
        max(0, math.floor(part.left * width) - 2),
        max(0, math.floor((1 - part.top) * height) - 2),
        min(width, math.ceil(part.right * width) + 2),
        min(height, math.ceil((1 - part.bottom) * height) + 2),
    )
