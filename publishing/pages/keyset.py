"""Pages of a list, found by a row and not by a page number.

A page begins after (or ends before) a row that its address names: `?after=R-2025-004`. So every page costs as much as
the first and nothing is counted. Rows that are added or removed in the meantime cause no repeated and no missing rows.
A list sorts by columns that are never NULL and that together are unique.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Value

M = TypeVar("M", bound=Model)


class UnknownRow(Exception):  # noqa: N818 – reads as what happened
    """The identifier in the address belongs to no row that the reader may see."""


@dataclass(frozen=True, slots=True)
class Slice(Generic[M]):
    """The rows of one page, and whether there are others on either side."""

    rows: list[M]
    has_previous: bool
    has_next: bool


def _names(order: Sequence[str]) -> list[str]:
    return [name.removeprefix("-") for name in order]


def _reversed(order: Sequence[str]) -> list[str]:
    return [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]


def rows_after(names: Sequence[str], values: Sequence[Any], *, descending: Sequence[bool]) -> Q:
    """The rows after the one whose columns `names` hold `values`, each column sorted as `descending` says.

    If all columns are sorted in one direction they are compared as one row value; if not, the first column is compared
    once more alone. Both let PostgreSQL enter an index where the page begins.
    """
    if len(set(descending)) == 1:
        rows = Func(*(F(name) for name in names), function="ROW"), Func(*(Value(one) for one in values), function="ROW")
        sign = "<" if descending[0] else ">"
        return Q(Func(*rows, template="%(expressions)s", arg_joiner=f" {sign} ", output_field=BooleanField()))
    after, equal = Q(), Q()
    for name, value, falls in zip(names, values, descending, strict=True):
        after |= equal & Q(**{f"{name}__{'lt' if falls else 'gt'}": value})
        equal &= Q(**{name: value})
    return Q(**{f"{names[0]}__{'lte' if descending[0] else 'gte'}": values[0]}) & after


def slice_of(
    rows: QuerySet[M],
    *,
    order: Sequence[str],
    size: int,
    identifier: str,
    known: QuerySet[M],
    after: str = "",
    before: str = "",
) -> Slice[M]:
    """At most `size` of `rows` in `order`, from the row after `after`, or up to the one before `before`.

    Both name a row of `known` by its column `identifier`; it may be missing from `rows`, because a filter may exclude
    it. Raises UnknownRow.
    """
    backwards = bool(before)
    named = before or after
    direction = _reversed(order) if backwards else list(order)
    if named:
        values = known.filter(**{identifier: named}).values_list(*_names(order)).first()
        if values is None:
            raise UnknownRow(named)
        falls = [name.startswith("-") for name in direction]
        rows = rows.filter(rows_after(_names(order), values, descending=falls))
    found = list(rows.order_by(*direction)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        return Slice(found[::-1], has_previous=more, has_next=True)
    return Slice(found, has_previous=bool(named), has_next=more)
