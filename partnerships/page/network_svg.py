"""A picture of a partnership's links: the partnership in the middle, links that lead to it on one side, links that lead
away on the other. The layout is computed, so that the same links always give the same picture.

There are two layouts, for wide pages and for telephones, each in units of its own drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise

from publishing.languages import Text, direction_of, label_of

MAX_NODES = 12
"""How many links a picture shows; the table beside it has all."""

LINE, PADDING = 20, 10
"""The height of a line of text, and the space above and below the text of a box."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to `other`: `relation` in words, `leads_away` if it is read from the partnership to the other."""

    type: str
    relation: Promise
    other: Any
    row: Any
    leads_away: bool


@dataclass(frozen=True, slots=True)
class NamedBox:
    """A partnership: a rectangle with its name in lines, and above that its relation to the one in the middle.

    `text_left` is where its text begins, `anchor` the SVG value for that end of the name in its own direction.
    """

    left: float
    top: float
    width: float
    height: float
    relation: Promise | str
    lines: list[str]
    language: str
    direction: str
    text_left: float
    anchor: str

    @property
    def middle(self) -> float:
        return self.top + self.height / 2

    @property
    def relation_baseline(self) -> float:
        return self.top + PADDING + 13

    @property
    def baselines(self) -> list[tuple[float, str]]:
        first = self.top + PADDING + 15 + (LINE if self.relation else 0)
        return [(first + LINE * number, line) for number, line in enumerate(self.lines)]


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two boxes, as an SVG path, drawn in the direction of the link.

    A trunk, which several links share, has no type of its own.
    """

    type: str
    path: str
    has_arrow: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """One layout, in units of its own drawing."""

    name: str
    width: int
    height: float
    centre: NamedBox
    boxes: list[NamedBox]
    edges: list[Edge]

    @property
    def view_height(self) -> float:
        """Its height including the strokes of the outermost boxes."""
        return round(self.height + 4, 1)


def wrapped(words: str, *, letters: int, lines: int = 3) -> list[str]:
    """`words` in at most `lines` lines of about `letters` letters; longer text is cut and marked as cut."""
    found: list[str] = []
    for word in words.split():
        if found and len(found[-1]) + 1 + len(word) <= letters:
            found[-1] += f" {word}"
        else:
            found.append(word)
    found = [line if len(line) <= letters + 4 else f"{line[: letters + 3]}…" for line in found]
    if len(found) > lines:
        found = [*found[: lines - 1], f"{found[lines - 1]}…"]
    return found


def box_of(name: Text, relation: Promise | str, *, left: float, top: float, width: float, page: str) -> NamedBox:
    """A box as tall as its text needs. Text begins at the side where a line of the page begins."""
    letters = int(width / 8.6)
    lines = wrapped(name.words, letters=letters)
    is_mirrored = direction_of(page) == "rtl"
    height = 2 * PADDING + LINE * (len(lines) + bool(relation))
    inside = left + width - 12 if is_mirrored else left + 12
    language = name.language or page
    direction = direction_of(language)
    anchor = "start" if (direction == "rtl") == is_mirrored else "end"
    return NamedBox(left, top, width, height, relation, lines, language, direction, inside, anchor)


def stacked(links: Sequence[Link], *, left: float, width: float, gap: float, page: str) -> list[NamedBox]:
    """Boxes placed one below the other, from the top."""
    boxes: list[NamedBox] = []
    top = 0.0
    for link in links:
        box = box_of(label_of(link.other), link.relation, left=left, top=top, width=width, page=page)
        boxes.append(box)
        top += box.height + gap
    return boxes


def moved(box: NamedBox, *, down: float) -> NamedBox:
    return replace(box, top=box.top + down)


def height_of(boxes: Sequence[NamedBox]) -> float:
    return boxes[-1].top + boxes[-1].height if boxes else 0.0


def wide(partnership: Any, links: Sequence[Link], *, page: str) -> Picture:
    """The partnership in the middle; links to it on the side where a line begins, links from it where a line ends."""
    width, column, gap = 880, 250, 18.0
    is_mirrored = direction_of(page) == "rtl"
    first = [link for link in links if not link.leads_away]
    last = [link for link in links if link.leads_away]
    # If one side is empty, the middle moves there, so that the picture has no hole.
    begin, end = (width - column, 0) if is_mirrored else (0, width - column)
    sides = [(first, begin), (last, end)]
    columns = [stacked(side, left=left, width=column, gap=gap, page=page) for side, left in sides]
    empty = [left for (side, left) in sides if not side]
    middle_left = empty[0] if empty else (width - column) / 2
    centre = box_of(label_of(partnership), "", left=middle_left, top=0, width=column, page=page)
    height = max(*(height_of(boxes) for boxes in columns), centre.height)
    centre = moved(centre, down=(height - centre.height) / 2)
    boxes, edges = [], []
    for (side, _left), stack in zip(sides, columns, strict=True):
        down = (height - height_of(stack)) / 2
        for link, unmoved in zip(side, stack, strict=True):
            box = moved(unmoved, down=down)
            boxes.append(box)
            edges.append(Edge(link.type, curve(box, centre) if not link.leads_away else curve(centre, box)))
    return Picture("wide", width, height, centre, boxes, edges)


def curve(begin: NamedBox, end: NamedBox) -> str:
    """A curve that leaves one box horizontally and reaches the other horizontally, on the sides that face each other."""
    goes_right = begin.left < end.left
    x1 = begin.left + begin.width if goes_right else begin.left
    x2 = end.left - 7 if goes_right else end.left + end.width + 7
    y1, y2 = begin.middle, end.middle
    bend = (x1 + x2) / 2
    return f"M{x1:.1f} {y1:.1f}C{bend:.1f} {y1:.1f} {bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"


def narrow(partnership: Any, links: Sequence[Link], *, page: str) -> Picture:
    """The partnership on top, the others below it along a trunk at the side where lines begin."""
    width, indent, gap = 340, 34, 14.0
    is_mirrored = direction_of(page) == "rtl"
    centre = box_of(label_of(partnership), "", left=0, top=0, width=width, page=page)
    left = 0 if is_mirrored else indent
    stack = stacked(links, left=left, width=width - indent, gap=gap, page=page)
    boxes = [moved(box, down=centre.height + 18) for box in stack]
    edges: list[Edge] = []
    for leads_away, far in ((True, 9), (False, 22)):
        of_it = [(link, box) for link, box in zip(links, boxes, strict=True) if link.leads_away == leads_away]
        if not of_it:
            continue
        trunk = width - far if is_mirrored else far
        deepest = of_it[-1][1].middle
        if leads_away:
            edges.append(Edge("trunk", f"M{trunk} {centre.height:.1f}V{deepest:.1f}", has_arrow=False))
        else:
            edges.append(Edge("trunk", f"M{trunk} {deepest:.1f}V{centre.height + 7:.1f}"))
        for link, box in of_it:
            side = box.left + box.width if is_mirrored else box.left
            tip = side + (7 if is_mirrored else -7)
            path = f"M{trunk} {box.middle:.1f}H{tip:.1f}" if leads_away else f"M{side:.1f} {box.middle:.1f}H{trunk}"
            edges.append(Edge(link.type, path, has_arrow=leads_away))
    return Picture("narrow", width, height_of(boxes) or centre.height, centre, boxes, edges)


def pictures(partnership: Any, links: Sequence[Link], *, page: str) -> list[Picture]:
    """Both layouts of the first of `links`, in the language of the page; none without links."""
    shown = list(links)[:MAX_NODES]
    return [wide(partnership, shown, page=page), narrow(partnership, shown, page=page)] if shown else []
