"""The points of an event's reports in reading order.

By kind, as the reports list them; a point that qualifies another is placed below it, at any depth, so that nobody
quotes the one without seeing the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from events.models import Point
from events.models.report import PointKind


@dataclass(slots=True)
class QualifiedPoint:
    """A point, and the points that qualify it."""

    point: Point
    qualifications: list["QualifiedPoint"] = field(default_factory=list)


def by_kind(points: Iterable[Point]) -> list[tuple[PointKind, list[QualifiedPoint]]]:
    """The points that qualify no others, by kind, with their qualifications below them."""
    said = {point.pk: QualifiedPoint(point) for point in points}
    kinds: dict[str, list[QualifiedPoint]] = {}
    for one in said.values():
        qualified = said.get(one.point.qualifies_id or 0)
        if qualified is not None:
            qualified.qualifications.append(one)
        else:
            kinds.setdefault(one.point.kind, []).append(one)
    return [(kind, kinds[kind]) for kind in PointKind if kind in kinds]
