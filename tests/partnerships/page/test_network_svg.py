"""The picture of a partnership's links: the same links give the same picture, and nothing overlaps."""

from itertools import combinations

import pytest

from partnerships.models import Partnership
from partnerships.page.network_svg import MAX_NODES, Link, NamedBox, Picture, pictures, wrapped


def partnership(name: str) -> Partnership:
    return Partnership(name=name, name_en=name, original_language="en")


def links(*directions: bool) -> list[Link]:
    return [
        Link("complements", "Complements", partnership(f"Partnership number {n} of several states"), None, leads_away)  # type: ignore[arg-type]
        for n, leads_away in enumerate(directions)
    ]


def drawn(*directions: bool, page: str = "en") -> list[Picture]:
    return pictures(partnership("Talks"), links(*directions), page=page)


def overlap(one: NamedBox, other: NamedBox) -> bool:
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.top + other.height
        and other.top < one.top + one.height
    )


def test_nothing_is_drawn_without_links() -> None:
    assert drawn() == []


@pytest.mark.parametrize("page", ["en", "ar"])
@pytest.mark.parametrize("directions", [(True,), (False,), (True, False), (True,) * 5 + (False,) * 3, (False,) * 12])
def test_boxes_stay_inside_and_apart(directions: tuple[bool, ...], page: str) -> None:
    for picture in drawn(*directions, page=page):
        boxes = [picture.centre, *picture.boxes]
        assert len(boxes) == len(directions) + 1
        assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
        assert all(box.left >= 0 and box.left + box.width <= picture.width for box in boxes)
        assert all(box.top >= 0 and box.top + box.height <= picture.height + 0.1 for box in boxes)


def test_same_links_give_the_same_picture() -> None:
    first, second = drawn(True, False, True), drawn(True, False, True)
    assert [picture.edges for picture in first] == [picture.edges for picture in second]


def test_what_leads_to_it_stands_where_a_line_begins() -> None:
    wide, _narrow = drawn(False, True)
    precedent, complement = wide.boxes
    assert precedent.left < wide.centre.left < complement.left
    mirrored, _narrow = drawn(False, True, page="ar")
    precedent, complement = mirrored.boxes
    assert precedent.left > mirrored.centre.left > complement.left


def test_name_in_another_direction_begins_at_the_same_side() -> None:
    assert drawn(True)[0].boxes[0].anchor == "start"
    assert drawn(True, page="ar")[0].boxes[0].anchor == "end", "English words on a page that is read from the right"


def test_picture_is_bounded() -> None:
    assert len(drawn(*[True] * 40)[0].boxes) == MAX_NODES


def test_long_names_are_wrapped_and_cut() -> None:
    assert wrapped("The regional framework on security", letters=14) == ["The regional", "framework on", "security"]
    assert wrapped("one two three four", letters=5, lines=2) == ["one", "two…"]
    assert wrapped("x" * 30, letters=10) == [f"{'x' * 13}…"]
