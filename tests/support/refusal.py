"""What the database itself refuses: rows written without any form, and the constraint that stops them.

A `Violation` is a row that is valid except for one thing. `check` proves that the database accepts the valid variant
and refuses the row, by exactly the constraint of that name.
"""

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pgtrigger
import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from tests.factories import WITHDRAWN_AT

__all__ = [
    "Violation",
    "appended_violations",
    "citation_violations",
    "constraints_of",
    "publication_violations",
    "refused",
    "rolled_back",
    "unknown_values",
    "violations",
]

Columns = Mapping[str, Any]
Given = Columns | Callable[[], Columns]
"""Columns, or what makes them once there is a database to make other rows in."""


@contextlib.contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever the block writes is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextlib.contextmanager
def refused(constraint: str | None, *, saying: str | None = None) -> Iterator[None]:
    """The database refuses the block by the constraint of that name; None for a trigger that names none."""
    with pytest.raises(IntegrityError, match=saying) as caught, transaction.atomic():
        yield
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == constraint


@contextlib.contextmanager
def lifted(model: type[models.Model], names: Iterable[str]) -> Iterator[None]:
    """Drops constraints for the length of the block: those that refuse the same row earlier."""
    table = connection.ops.quote_name(model._meta.db_table)
    with rolled_back():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with pending checks cannot be altered
            for name in names:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {connection.ops.quote_name(name)}")
        yield


def resolved(given: Given) -> dict[str, Any]:
    return dict(given() if callable(given) else given)


@dataclasses.dataclass(frozen=True)
class Violation:
    """One row that a constraint refuses.

    `valid` makes the neighbour, `broken` is what differs from it in the row that is refused, and
    `beside` the row that must already be there for a conflict. `update` breaks a row that stands,
    by SQL UPDATE, where no insert can. `behind` names constraints, and `past` triggers, that
    would refuse the row first.
    """

    constraint: str
    factory: Any
    broken: Given
    valid: Given = dataclasses.field(default_factory=dict)
    beside: Given | None = None
    update: bool = False
    behind: tuple[str, ...] = ()
    past: tuple[str, ...] = ()

    @property
    def model(self) -> type[models.Model]:
        model: type[models.Model] = self.factory._meta.model
        return model

    def check(self) -> None:
        valid = resolved(self.valid)
        if self.beside is not None:
            self.factory(**{**valid, **resolved(self.beside)})
        with rolled_back():
            self.factory(**valid)
        with self.out_of_the_way(), refused(self.constraint):
            if self.update:
                row = self.factory(**valid)
                self.model._base_manager.filter(pk=row.pk).update(**resolved(self.broken))
            else:
                self.factory(**{**valid, **resolved(self.broken)})

    @contextlib.contextmanager
    def out_of_the_way(self) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            if self.behind:
                stack.enter_context(lifted(self.model, self.behind))
            if self.past:
                label = self.model._meta.label
                stack.enter_context(pgtrigger.ignore(*(f"{label}:{name}" for name in self.past)))
            yield


def constraints_of(app: str) -> list[str]:
    """Names of all constraints that the models of an app declare, less those of `test_clean_columns.py`."""
    return sorted(
        constraint.name
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if not constraint.name.endswith("_is_clean")
    )


def prefix(factory: Any) -> str:
    options = factory._meta.model._meta
    return f"{options.app_label}_{options.model_name}"


def violations(constraint: str, factory: Any, *broken: Given, **how: Any) -> list[Violation]:
    """Several ways of breaking the same constraint."""
    return [Violation(constraint, factory, way, **how) for way in broken]


def unknown_values(factory: Any, *fields: str, valid: Given | None = None) -> list[Violation]:
    """Each of `fields` holds one of its choices."""
    return [
        Violation(f"{prefix(factory)}_{field}_is_known", factory, {field: "?"}, valid=valid or {}) for field in fields
    ]


def publication_violations(factory: Any, *originals: str) -> list[Violation]:
    """What every publication keeps to; `originals` are the texts it has in its original language."""
    name = prefix(factory)
    in_turkish = {f"{text}_tr": "Doha" for text in originals}
    first_said = tuple(f"{name}_{text}_has_original" for text in originals if text < "original_language")
    return [
        *(
            violation
            for text in originals
            for violation in violations(
                f"{name}_{text}_has_original",
                factory,
                {f"{text}_en": ""},
                {f"{text}_en": None},
                {"original_language": "tr", **in_turkish, f"{text}_tr": ""},
                {"original_language": "tr", **in_turkish, f"{text}_tr": None},
                update=True,
            )
        ),
        Violation(f"{name}_state_is_known", factory, {"state": "?"}, behind=(f"{name}_state_has_its_dates",)),
        Violation(
            f"{name}_original_language_is_known",
            factory,
            {"original_language": "de"},
            update=True,
            behind=first_said,
        ),
        Violation(
            f"{name}_reviewer_is_not_author",
            factory,
            {"reviewer": models.F("author")},
            valid={"published": True},
            update=True,
        ),
        *violations(f"{name}_state_has_its_dates", factory, {"state": "published"}),
        *violations(
            f"{name}_state_has_its_dates",
            factory,
            {"reviewer": None},
            {"published_at": None},
            {"state": "draft"},
            {"state": "in_review"},
            {"withdrawn_at": WITHDRAWN_AT},
            valid={"published": True},
        ),
        *violations(
            f"{name}_state_has_its_dates",
            factory,
            {"reviewer": None},
            {"published_at": None},
            {"withdrawn_at": None},
            valid={"withdrawn": True},
        ),
        Violation(f"{name}_withdrawal_says_why", factory, {"withdrawal_note": ""}, valid={"withdrawn": True}),
        *violations(
            f"{name}_version_says_what_changed",
            factory,
            {"version_note": ""},
            {"version": 0},
            valid={"version": 2, "version_note": "A word was wrong."},
        ),
    ]


def appended_violations(factory: Any) -> list[Violation]:
    """What every appended record keeps to."""
    name = prefix(factory)
    return [
        Violation(
            f"{name}_as_of_is_past",
            factory,
            {"as_of": dt.date(2025, 6, 3)},
            # At UTC+14, where a day begins first, it is the second of June already.
            valid={"as_of": dt.date(2025, 6, 2), "recorded_at": dt.datetime(2025, 6, 1, 10, tzinfo=dt.UTC)},
        ),
        Violation(
            f"{name}_as_of_is_past",
            factory,
            {"recorded_at": dt.datetime(2025, 6, 1, 9, 59, 59, tzinfo=dt.UTC)},
            valid={"as_of": dt.date(2025, 6, 2), "recorded_at": dt.datetime(2025, 6, 1, 10, tzinfo=dt.UTC)},
        ),
        Violation(f"{name}_corrects_another", factory, {"corrects_id": 9_000_001}, valid={"id": 9_000_001}),
        Violation(f"{name}_language_is_known", factory, {"language": "de"}),
    ]


def citation_violations(factory: Any) -> list[Violation]:
    """What every citation keeps to, of a claim or as the evidence of an entry."""
    return [
        *unknown_values(factory, "stance", "source_reliability", "information_credibility"),
        Violation(f"{prefix(factory)}_has_its_group", factory, {"independence_group": ""}),
    ]
