"""Maps errors of Django and the database back to the line of the file that caused them."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError
from django.db.models import BaseConstraint, ProtectedError

from config.knowledge.description import QUANTITY
from config.knowledge.document import YamlDocument
from config.knowledge.problem import Path
from config.knowledge.shape import entry_at
from publishing.languages import Language
from publishing.records import Record

KEY_OF_COLUMN = {column: ("quantity", name) for name, column in QUANTITY.items()}


def complaints(document: YamlDocument, path: Path, error: ValidationError) -> Iterator[tuple[Path, str]]:
    """The errors of a validation of the entry at `path`: the place in the file, and the message."""
    if not hasattr(error, "error_dict"):
        for message in error.messages:
            yield path, message
        return
    for column, messages in error.message_dict.items():
        where = (*path, *key_of(document, path, column))
        yield from ((where, message) for message in messages)


def key_of(document: YamlDocument, path: Path, column: str) -> Path:
    """The key of the entry at `path` from which `column` is written; empty if there is none."""
    entry = entry_at(path)
    if column == NON_FIELD_ERRORS or entry is None:
        return ()
    if column in KEY_OF_COLUMN and "quantity" in entry.model_fields:
        return KEY_OF_COLUMN[column]
    name, _underscore, language = column.rpartition("_")
    if language in Language.values and name in entry.model_fields:
        return (name, language) if (*path, name, language) in document.lines else (name,)
    return (column,) if column in entry.model_fields else ()


def said_by_database(error: DatabaseError) -> str:
    """The message of a constraint or trigger that the database reported; it says what to do."""
    diagnosis: Any = getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        return " ".join(str(error).split())
    constraint = constraints().get(diagnosis.constraint_name)
    message = str(constraint.get_violation_error_message() if constraint else diagnosis.message_primary)
    return message if message.endswith(".") else f"the database refuses this: {message}."


@cache
def constraints() -> dict[str | None, BaseConstraint]:
    """Every constraint of every model, by its name."""
    return {constraint.name: constraint for model in apps.get_models() for constraint in model._meta.constraints}


def still_needed(part: Any, error: ProtectedError) -> str:
    """Why a part that is missing in the file cannot be removed."""
    keepers = sorted(error.protected_objects, key=lambda keeper: (keeper._meta.label, keeper.pk))
    vanished = f"{part._meta.verbose_name} “{part}” is no longer in the file, but"
    if any(isinstance(keeper, Record) for keeper in keepers):
        return f"{vanished} has records, which are never deleted. Put it back."
    names = ", ".join(f"{keeper._meta.verbose_name} “{keeper}”" for keeper in keepers[:3])
    return f"{vanished} is still referred to by {names}. Put it back, or change what refers to it."
