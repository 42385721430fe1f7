"""How a row comes in that is never changed: whole, or not at all."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from partnerships.actions.refused import NeedsMore

M = TypeVar("M", bound=Model)


def insert(row: M, *, wrong: Mapping[str, Sequence[Any]] | None = None) -> M:
    """Inserts `row`. Raises NeedsMore with all that is wrong with it, each at its field, and what is `wrong` besides."""
    told: dict[str, list[Any]] = {}
    try:
        row.full_clean()
    except ValidationError as error:
        told = dict(error.error_dict)
    for name, messages in (wrong or {}).items():
        told.setdefault(name, []).extend(messages)
    if told:
        raise NeedsMore(told)
    row.save(force_insert=True)
    return row
