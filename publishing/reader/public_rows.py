"""Which rows of a table the public may read: declared on its model, as `public_rows`.

Each public table has a column `public_from`, the moment from which the public may read the row: for a publication, when
it is published and its embargo is over; for a part, the latest of its wholes; null if the row is not public. Triggers keep
it (`public_from.py`), so that no query follows the foreign keys from a part to its wholes.

From the declaration come these triggers, the row policy of the table (`rights.py` creates both after every migrate), the
same condition in Django (`condition`; a test compares the two for every table), and the table in docs/security.md
(`public_rows_table.py`). Without a declaration the role `majlis_reader` has no privilege on the table.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import ForeignKey, Model, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.roles import reads_drafts

COLUMN = "public_from"

HIDDEN = "'infinity'::timestamptz"
"""Stands for "not public" where moments are compared."""

ALWAYS = "'-infinity'::timestamptz"


def kept_public_from() -> "models.DateTimeField[Any, Any]":
    """The column `public_from` of a model; only triggers write it."""
    return models.DateTimeField(_("public from"), null=True, blank=True, editable=False)


class PublicQuerySet(models.QuerySet[Any]):
    """For models that have `public_from`."""

    def published(self, *, at: dt.datetime) -> Self:
        """What the public may read at the moment `at`; of what is withdrawn today, nothing at any moment."""
        return self.filter(public_from__lte=at)

    def visible_to(self, user: Any, *, at: dt.datetime | None = None) -> Self:
        """Everything for the desk; for everybody else what the public may read (at `at`, by default now)."""
        if reads_drafts(user):
            return self.all()
        return self.published(at=at or timezone.now())


@dataclass(frozen=True)
class Whole:
    """Something on which it depends whether a row is public: the target of a foreign key."""

    field: "ForeignKey[Any, Any]"
    moment: str
    """SQL over `whole`, its row: from when the public may read the part; null: not at all."""
    watched: str
    """The column of the whole from which that follows."""
    is_needed: bool = True
    """Whether a row with an empty key is hidden."""

    @property
    def model(self) -> type[Model]:
        return _whole(self.field)


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
        return " AND ".join(dict.fromkeys(rule.sql(model) for rule in self.together))

    def condition(self, model: type[Model], *, at: dt.datetime, path: str = "") -> Q:
        conditions: list[Q] = []
        for rule in self.together:
            condition = rule.condition(model, at=at, path=path)
            if condition not in conditions:
                conditions.append(condition)
        return Q(*conditions)

    def words(self, model: type[Model]) -> str:
        *before, last = (rule.words(model) for rule in self.together)
        return f"{', '.join(before)}, and {last}"

    def reason(self) -> str:
        return " ".join(rule.reason() for rule in self.together if not isinstance(rule, _PartOf))


class Kept(PublicRows):
    """A rule that goes into `public_from`."""

    own_columns: tuple[str, ...] = ()
    """The columns of the row on which the rule depends."""

    def own(self, row: str) -> str | None:
        """SQL over `row`: the moment that follows from its own columns, null for hidden; None if none follows from them."""
        return None

    def wholes(self, model: type[Model]) -> list[Whole]:
        return []

    def sql(self, model: type[Model]) -> str:
        return f"({COLUMN} <= now())"

    def condition(self, model: type[Model], *, at: dt.datetime, path: str = "") -> Q:
        return Q(**{f"{path}{COLUMN}__lte": at})


class _Published(Kept):
    own_columns = ("state", "published_at", "embargo_until")

    def own(self, row: str) -> str:
        return f"CASE WHEN {row}.state = 'published' THEN GREATEST({row}.published_at, {row}.embargo_until) END"

    def words(self, model: type[Model]) -> str:
        return "that are published and under no embargo"

    def reason(self) -> str:
        return "Somebody who may publish has released it, from that moment on."


@dataclass(frozen=True)
class _PartOf(Kept):
    names: tuple[str, ...]
    optional: tuple[str, ...]

    def wholes(self, model: type[Model]) -> list[Whole]:
        return [
            Whole(_foreign_key(model, name), f"whole.{COLUMN}", COLUMN, is_needed=name in self.names)
            for name in (*self.names, *self.optional)
        ]

    def condition(self, model: type[Model], *, at: dt.datetime, path: str = "") -> Q:
        if not model._meta.auto_created:
            return super().condition(model, at=at, path=path)
        # Django does not know this column in the tables that it makes for many-to-many fields.
        ends = (_whole(_foreign_key(model, name)) for name in self.names)
        return Q(
            *(
                declared_by(end).condition(end, at=at, path=f"{path}{name}__")
                for name, end in zip(self.names, ends, strict=True)
            )
        )

    def words(self, model: type[Model]) -> str:
        wholes = f"whose {' and '.join(self.names)}"
        if not self.optional:
            return f"{wholes} {'is' if len(self.names) == 1 else 'are'} public"
        *before, last = self.optional
        optional = f"{', '.join(before)} or {last}" if before else last
        return f"{wholes}, and whose {optional} where there is one, are public"

    def reason(self) -> str:
        if len(self.names) + len(self.optional) == 1:
            return "A part is public with its whole."
        return "A part is public where all is that it belongs to."


@dataclass(frozen=True)
class _Said(Kept):
    name: str
    said: str
    why: str

    def words(self, model: type[Model]) -> str:
        return self.said

    def reason(self) -> str:
        return self.why


class _WhileEmpty(_Said):
    @property
    def own_columns(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.name,)

    def own(self, row: str) -> str:
        return f"CASE WHEN {row}.{self.name} IS NULL THEN {ALWAYS} END"


@dataclass(frozen=True)
class _Unless(_Said):
    column: str
    value: str

    def wholes(self, model: type[Model]) -> list[Whole]:
        moment = f"CASE WHEN whole.{self.column} <> '{self.value}' THEN {ALWAYS} END"
        return [Whole(_foreign_key(model, self.name), moment, self.column, is_needed=False)]


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


def unless(whole: str, *, column: str, value: str, words: str, why: str) -> PublicRows:
    """Hides a row if `column` of the `whole` (a foreign key by name) holds `value`; not if the key is empty.

    Whether the whole is public does not matter for this rule. `words` and `why` are as for `where`.
    """
    return _Unless(whole, words, why, column, value)


def while_empty(column: str, *, words: str, why: str) -> PublicRows:
    """Hides a row if its `column` is not null. `words` and `why` are as for `where`."""
    return _WhileEmpty(column, words, why)


def where(sql: str, matching: Callable[[dt.datetime, str], Q], *, words: str, why: str) -> PublicRows:
    """Rows for which a condition holds: in SQL, as a Q object (for a moment and a path), and in words.

    It becomes a second condition of the row policy, and is checked for each row. No other model may be a part of this one.

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


def kept_by(model: type[Model]) -> list[Kept]:
    """The rules of `model` that go into its `public_from`; none if it has no such column."""
    try:
        return [rule for rule in declared_by(model).rules() if isinstance(rule, Kept)]
    except LookupError:
        return []


def wholes_of(model: type[Model]) -> list[Whole]:
    """The wholes of `model`. Raises TypeError if one of them has a `where`: its parts would not follow that."""
    wholes = [whole for rule in kept_by(model) for whole in rule.wholes(model)]
    for whole in wholes:
        if not all(isinstance(rule, Kept) for rule in declared_by(whole.model).rules()):
            raise TypeError(f"{model._meta.label} hangs on {whole.model._meta.label}, which declares a `where`.")
    return wholes


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
