"""Turns what the database refused into a message for the user, at the field that it is about.

The database checks last: two people may save at once, and only the database sees a circle of parents. Its refusals are
integrity errors, also those of our triggers.
"""

import re
from collections.abc import Iterable
from typing import Any

import pgtrigger
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import Error, IntegrityError, InterfaceError, OperationalError
from django.db.models import ProtectedError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from psycopg.errors import Diagnostic, ForeignKeyViolation, UniqueViolation

from publishing.database.constraints import FieldConstraint
from publishing.languages import listed

SESSION_ENDED = {"25P03", "25P04"}
"""SQLSTATEs of sessions that PostgreSQL ended for being slow; the driver takes the class of them for errors of ours."""

KEY_IN_DETAIL = re.compile(r"^Key \((?P<columns>[^)]+)\)=")


def validation_error_from(error: IntegrityError) -> ValidationError:
    """The validation error for `error`, with the message of the constraint or trigger, at its field.

    Raises `error` again unless its SQLSTATE class is 23: only then is the data at fault.
    """
    if isinstance(error, ProtectedError):
        # Not said: how many restricted rows there are.
        users = sorted(
            {
                str(thing._meta.verbose_name_plural)
                if getattr(thing, "restricted", False)
                else f"{thing._meta.verbose_name} “{thing}”"
                for thing in error.protected_objects
            }
        )
        return ValidationError(_("It is still named by: %(users)s."), code="protected", params={"users": listed(users)})
    diagnostic: Diagnostic | None = getattr(error.__cause__, "diag", None)
    if diagnostic is None or not (diagnostic.sqlstate or "").startswith("23"):
        raise error
    said = gettext(diagnostic.message_primary or str(error))
    model = next((one for one in apps.get_models() if one._meta.db_table == diagnostic.table_name), None)
    if model is None:
        return ValidationError(said)
    for constraint in model._meta.constraints:
        if constraint.name == diagnostic.constraint_name:
            names = constraint.error_fields(model) if isinstance(constraint, FieldConstraint) else []
            return _at(names, constraint.get_violation_error_message())
    match = KEY_IN_DETAIL.match(diagnostic.message_detail or "")
    columns = match["columns"].split(", ") if match else [diagnostic.column_name]
    names = [
        next((field.name for field in model._meta.fields if field.column == column), column)
        for column in columns
        if column
    ]
    if isinstance(error.__cause__, UniqueViolation) and names:
        if model._meta.label == "recommendations.Reference":
            return _at(names, _("This reference was given before, and is never given again."))
        return _at(names, model().unique_error_message(model, tuple(names)))
    if isinstance(error.__cause__, ForeignKeyViolation):
        return _at(names, _("What this names is not there any more: choose again."))
    return _at(names, said)


def is_away(error: BaseException | None) -> bool:
    """Whether `error` is the lack of a connection, or its loss: of the server, and not of what was asked.

    Too many connections, a server or a pooler that starts, stops, is full or gone, a session that was ended. Also inside
    of what a library made of it.
    """
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        if isinstance(error, Error) and getattr(error.__cause__, "sqlstate", None) in SESSION_ENDED:
            return True
        error = error.__cause__
    return False


def judge_by_now() -> None:
    """Has the database check the constraints deferred to the end of the transaction now, before the user reads “saved”."""
    left = [
        f"{model._meta.label}:{rule.name}"
        for model, rule in pgtrigger.registered()
        if rule.timing == pgtrigger.Deferred
    ]
    pgtrigger.constraints(pgtrigger.Immediate, *left)
    pgtrigger.constraints(pgtrigger.Deferred, *left)


def _at(names: Iterable[str], message: Any) -> ValidationError:
    """`message` at the first of `names`, or at no field if there are none."""
    for name in names:
        return ValidationError({name: message})
    return ValidationError(message)
