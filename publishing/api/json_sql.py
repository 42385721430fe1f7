"""SQL that writes JSON, to the byte as the API's renderer would write it.

What each function returns is an expression that is never NULL, but one of JSON's own forms as text.
"""

import functools
import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from django.db import models
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import RawSQL

from publishing.languages import Language, page_language

KEYS, SITE = "$1::bigint[]", "$2::text"
"""The first parameters of every statement: the keys of the rows, and the address of the site."""

MAX_ARGUMENTS = 100
"""More a function of PostgreSQL does not take."""


def literal(text: str) -> str:
    """A constant: ours, never what anybody typed."""
    return "'" + text.replace("'", "''") + "'"


def joined(parts: Iterable[str]) -> str:
    """Texts one after another, what is NULL left out."""
    parts = list(parts)
    while len(parts) > MAX_ARGUMENTS:
        parts = [
            f"concat({', '.join(parts[begin : begin + MAX_ARGUMENTS])})"
            for begin in range(0, len(parts), MAX_ARGUMENTS)
        ]
    return f"concat({', '.join(parts)})"


def json_object(members: dict[str, str], *also: str) -> str:
    """An object of `members`, which are JSON; each of `also` is NULL or more members, beginning with a comma."""
    parts: list[str] = []
    for name, value in members.items():
        parts += [literal(f'{"," if parts else ""}"{name}":'), value]
    return joined(["'{'", *parts, *also, "'}'"])


def json_text(text: str) -> str:
    """A text; null for an empty one, as everywhere in the API."""
    return f"COALESCE(to_json(NULLIF({text}, ''))::text, 'null')"


def json_moment(moment: str) -> str:
    """A moment in UTC, its microseconds only where it has any."""
    written = f"""to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
    return f"""COALESCE('"' || replace({written}, '.000000', '') || 'Z"', 'null')"""


def json_of(value: str, kind: "models.Field[Any, Any]") -> str:
    """JSON of a value of the database, by the kind of its column. Raises TypeError for a kind that has no form here."""
    match kind:
        case models.CharField() | models.TextField():
            return json_text(value)
        case models.BooleanField() | models.IntegerField() | models.JSONField():
            return f"COALESCE({value}::text, 'null')"
        case models.DateTimeField():
            return json_moment(value)
        case models.DateField():
            return f"COALESCE(to_json({value})::text, 'null')"
        case models.TimeField():
            return f"""COALESCE('"' || replace(to_char({value}::interval, 'HH24:MI:SS.US'), '.000000', '') || '"', 'null')"""
    raise TypeError(f"{type(kind).__name__} has no form in JSON.")


class Placeholder:
    """Stands for a row while its address is made: its columns are texts that name them."""

    def __init__(self, model: type[Model], path: str = "") -> None:
        self.model, self.path = model, path

    def __getattr__(self, name: str) -> Any:
        method = inspect.getattr_static(self.model, name, None)
        if inspect.isfunction(method):
            return functools.partial(method, self)
        field = self.model._meta.get_field(name)
        if isinstance(field, models.ForeignKey):
            return Placeholder(field.related_model, f"{self.path}{name}__")
        return f"--{self.path}{name}--"


class Statement(Protocol):
    """What subqueries are parts of."""

    def alias(self) -> str:
        """A name that no other subquery has."""

    def parameter(self, value: Any) -> str:
        """SQL of a value."""


class Subquery:
    """The rows of a queryset inside of a larger statement, with those columns that were asked of it."""

    def __init__(self, queryset: QuerySet[Any], statement: "Statement") -> None:
        self.queryset, self.statement = queryset, statement
        self.alias = statement.alias()
        self.names: dict[str, str] = {}
        lookups: Any = queryset
        self.prefetched: dict[str, QuerySet[Any]] = {
            prefetch.prefetch_through: prefetch.queryset for prefetch in lookups._prefetch_related_lookups
        }

    def column(self, path: str) -> str:
        """SQL of a column, an annotation, or a column at the end of foreign keys."""
        return f"{self.alias}.{self.names.setdefault(path, f'c{len(self.names)}')}"

    def sql(self) -> str:
        """The rows in the order of the queryset; to be asked when all columns are known."""
        columns = {name: F(path) for path, name in self.names.items()}
        sql, values = self.queryset.annotate(**columns).values(*columns).query.get_compiler("default").as_sql()
        # OFFSET 0: otherwise PostgreSQL would compute a column anew wherever it is used.
        return f"({sql % tuple(map(self.statement.parameter, values))} OFFSET 0) AS {self.alias}"


class Row:
    """One row of which JSON is written: of a subquery, or at the end of foreign keys from there (`path`)."""

    def __init__(self, subquery: Subquery, path: str = "", model: type[Model] | None = None) -> None:
        self.subquery, self.path = subquery, path
        self.model: type[Model] = model or subquery.queryset.model

    def column(self, path: str) -> str:
        return self.subquery.column(self.path + path)

    def kind(self, name: str) -> "models.Field[Any, Any] | None":
        """The kind of an annotation or column of this row; None if it has no such one."""
        annotated = {} if self.path else self.subquery.queryset.query.annotations
        if name in annotated:
            kind: models.Field[Any, Any] = annotated[name].output_field
            return kind
        return next((field for field in self.model._meta.concrete_fields if field.name == name), None)

    def address(self, made: Callable[[Any], str]) -> str:
        """JSON of an absolute address; `made` is given the row, or what stands for it, and returns the path.

        What stands in paths are slugs, references and public ids, of which neither an address nor JSON changes a letter.
        """
        parts = re.split("--([a-z_]+)--", made(Placeholder(self.model)))
        columns = [self.column(part) if number % 2 else literal(part) for number, part in enumerate(parts)]
        return joined(["'\"'", SITE, *columns, "'\"'"])

    def value(self, path: list[str]) -> str:
        """JSON of what `path` leads to: a column, a member of a JSON value, a column of another row."""
        kind = self.kind(path[0])
        if len(path) == 1 and kind is not None:
            return json_of(self.column(path[0]), kind)
        if isinstance(kind, models.JSONField):
            return f"COALESCE(({self.column(path[0])} -> {literal(path[1])})::text, 'null')"
        return self.related(path[:-1], lambda row: row.value(path[-1:]))

    def related(self, path: list[str], written: Callable[["Row"], str]) -> str:
        """JSON of what stands at the end of relations: `written` of its row, an array of many, or null.

        A relation that the queryset prefetches has the rows and the order that it says there; any other one is a foreign
        key, whose target is joined.
        """
        if not path:
            return written(self)
        first, *rest = path
        field: Any = self.model._meta.get_field(first)
        if self.path or first not in self.subquery.prefetched:
            target = Row(self.subquery, f"{self.path}{first}__", field.related_model)
            return f"CASE WHEN {target.presence()} IS NULL THEN 'null' ELSE {target.related(rest, written)} END"
        one = self.each(first)
        if field.one_to_many or field.many_to_many:
            return one.over_all(f"concat('[', string_agg({one.related(rest, written)}, ','), ']')")
        return f"COALESCE({one.over_all(one.related(rest, written))}, 'null')"

    def each(self, relation: str) -> "Row":
        """Each row of a relation that the queryset prefetches."""
        field: Any = self.model._meta.get_field(relation)
        if field.many_to_one:
            back, key = "pk", field.attname
        else:
            back = field.related_query_name() if field.concrete else field.field.name
            key = self.model._meta.pk.attname
        outer = RawSQL(self.column(key), ())  # noqa: S611 -- a name of ours
        rows = self.subquery.prefetched[relation].filter(**{back: outer})
        return Row(Subquery(rows, self.subquery.statement))

    def over_all(self, value: str) -> str:
        """`value` over all rows of this one's subquery."""
        return f"(SELECT {value} FROM {self.subquery.sql()})"

    def presence(self) -> str:
        """A column that is never empty, and so NULL where there is no row. Not the key, which Django would read from the
        other side of the join.
        """
        return self.column(
            next(
                field.name
                for field in self.model._meta.concrete_fields
                if not (field.null or field.primary_key or field.is_relation)
            )
        )

    def text(self, field: str) -> tuple[str, str]:
        """The words of a translated text as `publishing.languages.text_of` chooses them, and their language where it is
        not the page's; NULL where there are none.
        """
        page = page_language()
        written = {language: f"NULLIF({self.column(f'{field}_{language}')}, '')" for language in Language.values}
        mine = written.pop(page)
        choices = [(literal(language), words) for language, words in written.items()]
        if self.kind("original_language") is not None:
            original = self.column("original_language")
            cases = " ".join(f"WHEN {language} THEN {words}" for language, words in choices)
            choices.insert(0, (original, f"CASE {original} {cases} END"))
        words = f"COALESCE({', '.join([mine, *(words for _language, words in choices)])})"
        languages = " ".join(f"WHEN {words} IS NOT NULL THEN {language}" for language, words in choices)
        return words, f"CASE WHEN {mine} IS NULL THEN CASE {languages} END END"
