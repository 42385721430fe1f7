"""Asks the database about all check constraints of a row in one query.

Django asks about each constraint separately, in a savepoint: three round trips for each of the ten or twenty
constraints of a publication, at every write. Nearly every row satisfies all of them, and one query finds that out.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction
from django.db.models import BaseConstraint, BooleanField, CheckConstraint, Model, Q
from django.db.models.functions import Coalesce
from django.db.models.sql import Query

from publishing.database.clean_text import CleanTexts

__all__ = ["BatchedConstraintsModel", "constraints_to_check_singly"]

Constraints = list[tuple[type[Model], Sequence[BaseConstraint]]]


class Question(NamedTuple):
    """SQL that has a row if the values of `fields`, its first parameters, violate a check constraint."""

    sql: str
    fields: tuple[Any, ...]
    parameters: tuple[Any, ...]


@cache
def question_about(model: type[Model], names: tuple[str, ...]) -> Question:
    """The question whether a row of `model` violates one of its check constraints with these `names`.

    Kept for each model, because to compile it takes longer than to ask it. An unknown result counts as satisfied, as
    always in SQL.
    """
    checks = (one for one in model._meta.constraints if isinstance(one, CheckConstraint) and one.name in names)
    query = Query(model)
    query.add_q(~Q(*(Q(Coalesce(one.condition, True, output_field=BooleanField())) for one in checks)))
    table = model._meta.db_table
    compiler: Any = query.get_compiler(connection=connection)
    condition, parameters = compiler.compile(query.where)
    named = set(re.findall(rf'"{table}"\."(\w+)"', condition))
    fields = tuple(field for field in model._meta.concrete_fields if field.column in named)
    # Without the length of its type, which a cast would cut the value to.
    types = (re.sub(r"[(].*?[)]", "", field.db_type(connection) or "") for field in fields)
    values = ", ".join(
        f'CAST(%s AS {of_type}) AS "{field.column}"' for of_type, field in zip(types, fields, strict=True)
    )
    # All of it are names of our own tables and columns.
    sql = f'SELECT 1 AS "_check" FROM (SELECT {values}) AS "{table}" WHERE {condition}'  # noqa: S608
    return Question(sql, fields, tuple(parameters))


def constraints_to_check_singly(
    row: Model, constraints: Constraints, *, exclude: Collection[str] | None = None
) -> Constraints:
    """Those of `constraints` that must be checked one by one: all, unless `row` satisfies every check constraint.

    `exclude` names fields that are not checked; where a constraint is about one, Django knows which that is.
    """
    remaining: Constraints = []
    for model, some in constraints:
        names = tuple(one.name for one in some if isinstance(one, CheckConstraint))
        if names and may_violate(row, question_about(model, names), exclude or ()):
            return constraints
        remaining.append((model, [one for one in some if not isinstance(one, CheckConstraint)]))
    return remaining


def may_violate(row: Model, question: Question, exclude: Collection[str]) -> bool:
    values = [getattr(row, field.attname) for field in question.fields]
    if any(field.name in exclude for field in question.fields) or any(map(is_expression, values)):
        return True
    given = [field.get_db_prep_value(value, connection) for field, value in zip(question.fields, values, strict=True)]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(question.sql, [*given, *question.parameters])
            return cursor.fetchone() is not None
    except DatabaseError:  # a value that its type cannot hold
        return True


def is_expression(value: Any) -> bool:
    return hasattr(value, "resolve_expression")


class BatchedConstraintsModel(CleanTexts):
    """A row of a table with many check constraints; its errors are those that Django would report."""

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        remaining = constraints_to_check_singly(self, self.get_constraints(), exclude=exclude)
        self.get_constraints = lambda: remaining  # type: ignore[method-assign]
        try:
            super().validate_constraints(exclude)
        finally:
            del self.get_constraints
