"""The orderings of a collection, made so that each page begins exactly where the last one ended.

A list is sorted by columns that together are unique. A row without a value in one of them comes last in both
directions, so that a reader never sees unknown values first.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

EXTREMES: dict[type, tuple[Any, Any]] = {
    dt.date: (dt.date.min, dt.date.max),
    dt.datetime: (dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)),
    int: (-1, 2**31 - 1),
}
"""Values below and above every value that a column of the type can hold here."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column to sort by: its path from the row, the type of its values, and whether it may be NULL."""

    path: str
    type: type
    nullable: bool = False

    def expression(self, *, descending: bool) -> Combinable:
        """The expression to sort by: never NULL."""
        if not self.nullable:
            return F(self.path)
        lowest, highest = EXTREMES[self.type]
        return Coalesce(F(self.path), Value(lowest if descending else highest))


@dataclass(frozen=True, slots=True)
class Ordering:
    """Columns that together are unique; `descending` reverses all of them."""

    columns: tuple[Column, ...]
    descending: bool = False

    @property
    def types(self) -> tuple[type, ...]:
        return tuple(column.type for column in self.columns)

    def expressions(self) -> dict[str, Combinable]:
        """The expressions, by the names with which they are annotated."""
        return {
            f"sorted_by_{index}": column.expression(descending=self.descending)
            for index, column in enumerate(self.columns)
        }

    def reversed(self) -> "Ordering":
        return Ordering(self.columns, descending=not self.descending)
