"""Which rows of a table the public may read: declared on its model, as `public_rows`.

Since when the public reads a row stands in the row, as `public_from`: of a publication the moment at which it is
published and under no embargo, of a part the latest moment of all that it hangs on; null for what is not public.
Triggers made from the declaration keep it (`public_from.py`), so that nobody who reads walks from part to whole.

The declaration is made into the row policy of the table (`rights.py` lays it after every migrate), into the same
condition as Django's (`condition`; a test holds the two together for every table), and into the table of
docs/security.md (`public_rows_table.py`). A model that declares nothing is refused: the role `majlis_reader` has no
privilege on its table.
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
"""The moment of what is not public, among others that are compared with it."""

ALWAYS = "'-infinity'::timestamptz"


def kept_public_from() -> "models.DateTimeField[Any, Any]":
    """The column of a model that says since when the public reads a row. Never written but by triggers."""
    return models.DateTimeField(_("public from"), null=True, blank=True, editable=False)


class PublicQuerySet(models.QuerySet[Any]):
    """Of a model that has `public_from`."""

    def published(self, *, at: dt.datetime) -> Self:
        """What the public may read at the moment `at`, as things stand today."""
        return self.filter(public_from__lte=at)

    def visible_to(self, user: Any, *, at: dt.datetime | None = None) -> Self:
        """Everything for the desk, what the public may read (at `at`, by default now) for everybody else."""
        if reads_drafts(user):
            return self.all()
        return self.published(at=at or timezone.now())


@dataclass(frozen=True)
class Whole:
    """What a row hangs on, and since when the public may read the row as far as that is concerned."""

    field: "ForeignKey[Any, Any]"
    moment: str
    """SQL over the row `whole`; null: not at all."""
    watched: str
    """The column of the whole that decides it."""
    is_needed: bool = True
    """Whether a row without one is hidden."""

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
    """A rule that goes into the column `public_from`, and that triggers keep."""

    own_columns: tuple[str, ...] = ()
    """The columns of the row itself that decide."""

    def own(self, row: str) -> str | None:
        """SQL over `row`: since when it may be read as far as it decides itself, null for not at all. None: it does not."""
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
        # Django knows nothing of the column of a table of links that no model declares.
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
    """Not where `column` of the `whole`, a foreign key by name, holds `value`; a row without one is let through.

    It does not say that the whole must be public. `words` and `why` are as those of `where`.
    """
    return _Unless(whole, words, why, column, value)


def while_empty(column: str, *, words: str, why: str) -> PublicRows:
    """As long as a column of its own is null. `words` and `why` are as those of `where`."""
    return _WhileEmpty(column, words, why)


def where(sql: str, matching: Callable[[dt.datetime, str], Q], *, words: str, why: str) -> PublicRows:
    """Rows for which a condition holds: in SQL, as a Q object (for a moment and a path), and in words.

    It stands in the row policy beside `public_from`, and is asked of each row: for what no column can say.

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
    """The rules of `model` that go into its `public_from`; none where it has no such column."""
    try:
        return [rule for rule in declared_by(model).rules() if isinstance(rule, Kept)]
    except LookupError:
        return []


def wholes_of(model: type[Model]) -> list[Whole]:
    """What rows of `model` hang on. Raises TypeError where that is hidden by what no column says: the part would show."""
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
