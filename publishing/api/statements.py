"""The objects of a collection, straight from PostgreSQL: one statement gives the JSON of all that an answer shows.

The statement is made of what a collection declares anyway. Its serializer says which members an object has, and each
field how its JSON is written in SQL (`Written`, or by the kind of its column); its queryset says which rows, parts and
relations the reader may see, and in which order. So nothing is declared twice: the serializer alone makes the schema,
and rendered by Django both give the same bytes (tests/config/test_api_statements.py).

A statement is made once for each collection, language, and for today or a past day, with the moments of a request as
parameters. PostgreSQL plans it once for each connection: ADR 40.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from rest_framework import serializers

from publishing.api.fields import Finished, ReadOnlySerializer, TextLanguages, TextMember, Written
from publishing.api.json_sql import KEYS, Row, Subquery, json_object
from publishing.api.reader import Reader
from publishing.languages import page_language
from publishing.records import END_OF_TIME, end_of
from publishing.roles import reads_drafts

MOMENTS: dict[str, tuple[str, Callable[[Reader], Any]]] = {
    "now": ("timestamptz", lambda reader: reader.now),
    "at": ("timestamptz", lambda reader: reader.at),
    "today": ("date", lambda reader: reader.now.date()),
    "as_of": ("date", lambda reader: reader.as_of),
    "end_of_day": ("timestamptz", lambda reader: end_of(reader.as_of) if reader.as_of else None),
}
"""What differs from request to request: its type, and how it follows from the reader."""

A_DAY = dt.date(1, 1, 2)
A_MOMENT = dt.datetime(1, 1, 4, 5, 6, 7, tzinfo=dt.UTC)
"""Stand for the day and the moment of any reader while a statement is made."""


class Statement:
    """SQL with the parameters $1, the keys of the rows, $2, the address of the site, and those of `MOMENTS` that it needs."""

    def __init__(self, serializer: ReadOnlySerializer, rows: Callable[[Reader], QuerySet[Any]], reader: Reader) -> None:
        self.moments = {read(reader): name for name, (_type, read) in reversed(MOMENTS.items())}
        self.needed: list[str] = []
        self.aliases = 0
        self.finished = {name: field for name, field in serializer.fields.items() if isinstance(field, Finished)}
        subquery = Subquery(rows(reader).order_by().filter(pk=RawSQL("given.key", ())), self)
        written = self.object(serializer, Row(subquery))
        self.sql = (
            f"SELECT {written} FROM unnest({KEYS}) WITH ORDINALITY AS given (key, place)"
            f" CROSS JOIN LATERAL {subquery.sql()} ORDER BY given.place"
        )

    # Making it

    def alias(self) -> str:
        self.aliases += 1
        return f"r{self.aliases}"

    def parameter(self, value: Any) -> str:
        """A moment of the reader becomes a parameter, anything else a constant."""
        if isinstance(value, dt.date) and value != END_OF_TIME:
            name = self.moments.get(value)
            if name is None:
                raise ValueError(f"{value} is no moment of the reader: a statement that is kept would keep it.")
            if name not in self.needed:
                self.needed.append(name)
            return f"${self.needed.index(name) + 3}::{MOMENTS[name][0]}"
        return psycopg.sql.Literal(value).as_string(connection.connection)

    def object(self, serializer: ReadOnlySerializer, row: Row) -> str:
        members, fallen = {}, []
        for name, field in serializer.fields.items():
            if isinstance(field, TextMember):
                words, language = row.text(str(field.source))
                members[name] = f"COALESCE(to_json({words})::text, 'null')"
                fallen.append(f"""'"{name}":"' || {language} || '"'""")
            elif not isinstance(field, TextLanguages):
                members[name] = self.member(field, row)
        if not fallen:
            return json_object(members)
        languages = f"""',"text_languages":{{' || NULLIF(concat_ws(',', {", ".join(fallen)}), '') || '}}'"""
        return json_object(members, languages)

    def member(self, field: Any, row: Row) -> str:
        if isinstance(field, Written):
            return field.json(row)
        path = str(field.source).split(".")
        if isinstance(field, serializers.ManyRelatedField):
            slug: Any = field.child_relation
            return row.related(path, lambda one: one.value([slug.slug_field]))
        if isinstance(field, serializers.SlugRelatedField):
            return row.value([*path, str(field.slug_field)])
        item = field.child if isinstance(field, serializers.ListSerializer) else field
        if isinstance(item, serializers.BaseSerializer):
            return row.related(path, lambda one: self.object(item, one))  # type: ignore[arg-type]
        if isinstance(field, serializers.SerializerMethodField):
            raise TypeError(f"{field.field_name} is computed in Python: say in SQL how it is written.")
        return row.value(path)

    # Asking it

    def answers(self, keys: Sequence[int], *, reader: Reader, site: str) -> list[str]:
        """The JSON of the rows with these `keys`, in their order; of a row that is not shown, nothing."""
        moments = [MOMENTS[name][1](reader) for name in self.needed]
        connection.ensure_connection()
        raw: Any = psycopg.RawCursor(connection.connection)
        # As text: numbers would be sent in a type of their size, and planned anew for each.
        given = f"{{{','.join(map(str, keys))}}}"
        with connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw) as cursor:
            cursor.execute(self.sql, [given, site, *moments])
            return [text for (text,) in cursor.fetchall()]

    def finish(self, shown: dict[str, Any]) -> dict[str, Any]:
        """`shown` with the members that are worked out from others."""
        return shown | {name: field.of(shown) for name, field in self.finished.items()}


MADE: dict[tuple[Any, ...], Statement] = {}


def statement_of(collection: Any, reader: Reader) -> Statement:
    """The statement that writes what `collection` shows to `reader`, in the language of the page."""
    key = (type(collection), page_language(), reader.as_of is None, reads_drafts(reader.user))
    if key not in MADE:
        like_it = Reader(reader.user, A_MOMENT, A_DAY if reader.as_of else None)
        MADE[key] = Statement(collection.serializer_class(), collection.shown, like_it)
    return MADE[key]
