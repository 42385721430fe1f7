"""What lists are sorted by: expressions, and the indexes for them."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce

EXTREMES: dict[type, tuple[Any, Any]] = {
    dt.date: (dt.date.min, dt.date.max),
    dt.datetime: (dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)),
    int: (-1, 2**31 - 1),
}
"""Values below and above every value that a column of the type can hold here."""


def empty_last(path: str, kind: type, *, descending: bool) -> Coalesce:
    """An expression to sort by that is never NULL: rows without a value come last in both directions."""
    lowest, highest = EXTREMES[kind]
    return Coalesce(F(path), Value(lowest if descending else highest))


def list_orders(name: str, column: str, kind: type, unique: str) -> list[models.Index]:
    """Indexes for lists sorted by a column that may be empty, in either direction, and then by a `unique` column."""
    return [
        models.Index(empty_last(column, kind, descending=falls), F(unique), name=f"{name}_{'down' if falls else 'up'}")
        for falls in (False, True)
    ]
