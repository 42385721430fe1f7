"""Which rows of a table the public may read: declared on its model, as `public_rows`.

From the declaration come the row policy of the table (`rights.py` creates it after every migrate), the same condition
in Django (`condition`; a test compares the two for every table), and the table in docs/security.md
(`public_rows_table.py`). Without a declaration the role `majlis_reader` has no privilege on the table.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, Q

PUBLISHED = "state = 'published' AND published_at <= now() AND (embargo_until IS NULL OR embargo_until <= now())"
"""The rule of `published` as SQL."""


def is_published(*, at: dt.datetime, path: str = "") -> Q:
    """The rule of `published` as a Q object, for the publication at the end of `path`, such as `event__`."""
    no_embargo = Q(**{f"{path}embargo_until__isnull": True}) | Q(**{f"{path}embargo_until__lte": at})
    return Q(**{f"{path}state": "published", f"{path}published_at__lte": at}) & no_embargo


class PublicRows(ABC):
    """A rule that says which rows of a model's table the public may read."""

    def __and__(self, other: "PublicRows") -> "PublicRows":
        return _All((*self.rules(), *other.rules()))

    def rules(self) -> "tuple[PublicRows, ...]":
        return (self,)

    @abstractmethod
    def sql(self, model: type[Model]) -> str:
        """The condition of the row policy, over the columns of `model`."""

    @abstractmethod
    def condition(self, model: type[Model], *, at: dt.datetime, path: str = "") -> Q:
        """The same as a Q object, for the row of `model` at the end of `path`."""

    @abstractmethod
    def words(self, model: type[Model]) -> str:
        """Which rows the public reads, for docs/security.md: the words after “rows”."""

    @abstractmethod
    def reason(self) -> str:
        """The reason, for docs/security.md: a sentence."""


@dataclass(frozen=True)
class _All(PublicRows):
    together: tuple[PublicRows, ...]

    def rules(self) -> tuple[PublicRows, ...]:
        return self.together

    def sql(self, model: type[Model]) -> str:
        return " AND ".join(rule.sql(model) for rule in self.together)

    def condition(self, model: type[Model], *, at: dt.datetime, path: str = "") -> Q:
        return Q(*(rule.condition(model, at=at, path=path) for rule in self.together))

    def words(self, model: type[Model]) -> str:
        *before, last = (rule.words(model) for rule in self.together)
        return f"{', '.join(before)}, and {last}"

    def reason(self) -> str:
        return " ".join(rule.reason() for rule in self.together if not isinstance(rule, _PartOf))


class _Published(PublicRows):
    def sql(self, model: type[Model]) -> str:
        return f"({PUBLISHED})"

    def condition(self, model: type[Model], *, at: dt.datetime, path: str = "") -> Q:
        return is_published(at=at, path=path)

    def words(self, model: type[Model]) -> str:
        return "that are published and under no embargo"

    def reason(self) -> str:
        return "Somebody who may publish has released it, from that moment on."


@dataclass(frozen=True)
class _PartOf(PublicRows):
    wholes: tuple[str, ...]
    optional: tuple[str, ...]

    def sql(self, model: type[Model]) -> str:
        table = model._meta.db_table
        conditions = []
        for name in (*self.wholes, *self.optional):
            field = _foreign_key(model, name)
            found = f"EXISTS (SELECT 1 FROM {_whole(field)._meta.db_table} AS whole WHERE whole.id = {table}.{field.column})"
            is_empty = f"{table}.{field.column} IS NULL OR "
            conditions.append(f"({is_empty}{found})" if name in self.optional else f"({found})")
        return " AND ".join(conditions)

    def condition(self, model: type[Model], *, at: dt.datetime, path: str = "") -> Q:
        conditions = Q()
        for name in (*self.wholes, *self.optional):
            whole = _whole(_foreign_key(model, name))
            is_public = declared_by(whole).condition(whole, at=at, path=f"{path}{name}__")
            conditions &= is_public | Q(**{f"{path}{name}__isnull": True}) if name in self.optional else is_public
        return conditions

    def words(self, model: type[Model]) -> str:
        wholes = f"whose {' and '.join(self.wholes)}"
        if not self.optional:
            return f"{wholes} {'is' if len(self.wholes) == 1 else 'are'} public"
        *before, last = self.optional
        optional = f"{', '.join(before)} or {last}" if before else last
        return f"{wholes}, and whose {optional} where there is one, are public"

    def reason(self) -> str:
        if len(self.wholes) + len(self.optional) == 1:
            return "A part is public with its whole."
        return "A part is public where all is that it belongs to."


@dataclass(frozen=True)
class _Where(PublicRows):
    text: str
    matching: Callable[[dt.datetime, str], Q]
    said: str
    why: str

    def sql(self, model: type[Model]) -> str:
        return f"({self.text})"

    def condition(self, model: type[Model], *, at: dt.datetime, path: str = "") -> Q:
        return self.matching(at, path)

    def words(self, model: type[Model]) -> str:
        return self.said

    def reason(self) -> str:
        return self.why


def published() -> PublicRows:
    """A publication that is published and not under an embargo."""
    return _Published()


def part_of(*wholes: str, optional: Iterable[str] = ()) -> PublicRows:
    """A part is public if everything that it refers to is: foreign keys by name; those in `optional` may be empty."""
    return _PartOf(wholes, tuple(optional))


def where(sql: str, matching: Callable[[dt.datetime, str], Q], *, words: str, why: str) -> PublicRows:
    """Rows for which a condition holds: in SQL, as a Q object (for a moment and a path), and in words.

    `words` come after “rows”, as in “whose claim is public”; `why` is a sentence.
    """
    return _Where(sql, matching, words, why)


@dataclass(frozen=True)
class Private:
    """Nothing of a model is public; a sentence says why."""

    why: str


def private(why: str) -> Private:
    return Private(why)


def declared_by(model: type[Model]) -> PublicRows:
    """What `model` declares; an automatic many-to-many table is public if both its ends are."""
    rule = getattr(model, "public_rows", None)
    if rule is None and model._meta.auto_created:
        ends = [field for field in model._meta.local_fields if isinstance(field, ForeignKey)]
        if all(isinstance(getattr(_whole(end), "public_rows", None), PublicRows) for end in ends):
            return part_of(*(end.name for end in ends))
    if not isinstance(rule, PublicRows):
        raise LookupError(f"{model._meta.label} is not public.")
    return rule


def public_models() -> dict[type[Model], PublicRows]:
    """Every model with rows that the public may read, automatic many-to-many tables among them."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        try:
            found[model] = declared_by(model)
        except LookupError:
            continue
    return found


def policies() -> dict[str, str]:
    """Tables, and the condition under which the public sees a row of each."""
    return {model._meta.db_table: rule.sql(model) for model, rule in public_models().items()}


def _foreign_key(model: type[Model], name: str) -> "ForeignKey[Any, Any]":
    field = model._meta.get_field(name)
    assert isinstance(field, ForeignKey)
    return field


def _whole(field: "ForeignKey[Any, Any]") -> type[Model]:
    model: type[Model] = field.related_model
    return model
