"""The orderings of a collection, made so that each page begins exactly where the last one ended.

A list is sorted by columns that together are unique. A row without a value in one of them comes last in both
directions, so that a reader never sees unknown values first.
"""

from dataclasses import dataclass

from django.db.models import F
from django.db.models.expressions import Combinable

from publishing.database.list_order import empty_last


@dataclass(frozen=True, slots=True)
class Column:
    """A column to sort by: its path from the row, the type of its values, and whether it may be NULL.

    `nullable_for_the_desk`: in what the public sees it never is.
    """

    path: str
    type: type
    nullable: bool = False
    nullable_for_the_desk: bool = False

    def expression(self, *, descending: bool, for_the_desk: bool) -> Combinable:
        """What is sorted by: never NULL."""
        if self.nullable or (self.nullable_for_the_desk and for_the_desk):
            return empty_last(self.path, self.type, descending=descending)
        return F(self.path)


@dataclass(frozen=True, slots=True)
class Ordering:
    """Columns that together are unique; `descending` reverses all of them."""

    columns: tuple[Column, ...]
    descending: bool = False

    @property
    def types(self) -> tuple[type, ...]:
        return tuple(column.type for column in self.columns)

    def expressions(self, *, for_the_desk: bool) -> dict[str, Combinable]:
        """The expressions by the names under which rows carry them."""
        return {
            f"sorted_by_{index}": column.expression(descending=self.descending, for_the_desk=for_the_desk)
            for index, column in enumerate(self.columns)
        }

    def reversed(self) -> "Ordering":
        return Ordering(self.columns, descending=not self.descending)
