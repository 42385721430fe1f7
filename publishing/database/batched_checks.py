"""What a row's check constraints say of it, asked of the database in one question.

Django asks about each constraint by itself, in a savepoint of its own: three journeys to the database for each of the
ten or twenty constraints of a publication, at every write. Nearly every row keeps all of them, and that is one question.
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
    """Those of `constraints` that are to be judged one by one: all, unless `row` keeps every check constraint.

    What is unknown is kept, as everywhere in SQL. `exclude` names fields that are not looked at.
    """
    checks = [one for _model, some in constraints for one in some if isinstance(one, CheckConstraint)]
    kept = Q(*(Q(Coalesce(one.condition, True, output_field=BooleanField())) for one in checks))
    columns = row._get_field_expression_map(meta=row._meta, exclude=exclude)  # type: ignore[attr-defined]
    try:
        # Asked whether one is broken, for Django answers yes where the database cannot tell.
        is_in_doubt = (~kept).check(columns, using=DEFAULT_DB_ALIAS)
    except FieldError:  # one of them is about a field that is not looked at
        return constraints
    if is_in_doubt:
        return constraints
    return [(model, [one for one in some if not isinstance(one, CheckConstraint)]) for model, some in constraints]


class BatchedConstraintsModel(CleanTexts):
    """A row of a table with many check constraints; what it breaks is said as Django says it."""

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        remaining = constraints_to_check_singly(self, self.get_constraints(), exclude=exclude)
        self.get_constraints = lambda: remaining  # type: ignore[method-assign]
        try:
            super().validate_constraints(exclude)
        finally:
            del self.get_constraints
