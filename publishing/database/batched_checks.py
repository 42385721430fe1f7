"""Asks the database about all check constraints of a row in one query.

Django asks about each constraint separately, in a savepoint: three round trips for each of the ten or twenty
constraints of a publication, at every write. Nearly every row satisfies all of them, and one query finds that out.
"""

from collections.abc import Collection, Sequence

from django.core.exceptions import FieldError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BaseConstraint, BooleanField, CheckConstraint, Model, Q
from django.db.models.functions import Coalesce

from publishing.database.clean_text import CleanTexts

__all__ = ["BatchedConstraintsModel", "constraints_to_check_singly"]

Constraints = list[tuple[type[Model], Sequence[BaseConstraint]]]


def constraints_to_check_singly(
    row: Model, constraints: Constraints, *, exclude: Collection[str] | None = None
) -> Constraints:
    """Those of `constraints` that must be checked one by one: all, unless `row` satisfies every check constraint.

    An unknown result counts as satisfied, as always in SQL. `exclude` names fields that are not checked.
    """
    checks = [one for _model, some in constraints for one in some if isinstance(one, CheckConstraint)]
    kept = Q(*(Q(Coalesce(one.condition, True, output_field=BooleanField())) for one in checks))
    columns = row._get_field_expression_map(meta=row._meta, exclude=exclude)  # type: ignore[attr-defined]
    try:
        # Asks whether one is violated, because Django says yes if the result is unknown.
        is_in_doubt = (~kept).check(columns, using=DEFAULT_DB_ALIAS)
    except FieldError:  # a constraint is about an excluded field
        return constraints
    if is_in_doubt:
        return constraints
    return [(model, [one for one in some if not isinstance(one, CheckConstraint)]) for model, some in constraints]


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
