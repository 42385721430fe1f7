"""What a form showed when it was opened, and what somebody else has changed since.

A form carries a fingerprint of each of its fields and of each row behind it. When it is sent, these are compared with
the present state: what only the other person changed is taken over into the form, and what both changed is reported,
with the other person's text beside it.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import md5
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model
from django.forms import MultiWidget
from django.forms.boundfield import BoundField
from django.http import QueryDict

from publishing.languages import Language

Parts = Sequence[tuple[type[Model], str]]
"""Models of rows that are edited with a whole, each with its foreign key to it, or a path that leads there."""

OF_THE_SAVING = {"seen", "what_changed"}
"""Fields about the saving itself."""


def fingerprint(words: str) -> str:
    """32 bits: enough to tell two states of one field apart, not to identify one among many."""
    return md5(words.encode(), usedforsecurity=False).hexdigest()[:8]


def rows_behind(instance: Model, parts: Parts) -> dict[str, str]:
    """Fingerprints of the row of `instance` in the database, of its many-to-many links and of its parts.

    The keys are model name and primary key, such as `party-7`. That a row became public with its whole is no change of it.
    """
    quote = connection.ops.quote_name
    tables: list[tuple[type[Model], str]] = [(type(instance), f"{quote('id')} = %(whole)s")]
    for many in instance._meta.many_to_many:
        through: Any = many.remote_field.through
        tables.append((through, _leads_to_whole(through, many.m2m_field_name())))
    tables += [(model, _leads_to_whole(model, path)) for model, path in parts]
    rows = " UNION ALL ".join(
        f"SELECT {n} AS place, {quote(_column(model, 'pk'))} AS id, left(md5((to_jsonb(t) - 'public_from')::text), 8) AS words"
        f" FROM {quote(model._meta.db_table)} AS t WHERE {condition}"
        for n, (model, condition) in enumerate(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(rows, {"whole": instance.pk})
        return {f"{tables[place][0]._meta.model_name}-{key}": words for place, key, words in cursor.fetchall()}


def _column(model: type[Model], name: str) -> str:
    column: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return str(column.column)


def _leads_to_whole(model: type[Model], path: str) -> str:
    """SQL: `path` leads from a row of `model` to the row with the primary key `whole`."""
    quote = connection.ops.quote_name
    step, _separator, rest = path.partition("__")
    column = quote(_column(model, step))
    if not rest:
        return f"{column} = %(whole)s"
    target: Any = model._meta.get_field(step).related_model
    rows = f"SELECT {quote(_column(target, 'pk'))} FROM {quote(target._meta.db_table)}"
    return f"{column} IN ({rows} WHERE {_leads_to_whole(target, rest)})"


def in_one_form(value: Any) -> str:
    """`value` in one notation, whether it comes from the database or from a form."""
    match value:
        case None:
            return ""
        case Model():
            return str(value.pk)
        case bool():
            return str(int(value))
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat(timespec="seconds")
        case Decimal():
            return str(value.normalize())
        case str():
            return value.replace("\r\n", "\n").strip()
    if hasattr(value, "__iter__"):
        return ",".join(sorted(map(in_one_form, value)))
    return str(value)


def of_fields(form: forms.BaseForm) -> dict[str, str]:
    """Fingerprints of the fields of an unbound `form`."""
    return {
        name: fingerprint(in_one_form(form.get_initial_for_field(shown, name)))
        for name, shown in form.fields.items()
        if name not in OF_THE_SAVING
    }


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form showed: fingerprints of its fields, by name, and of the rows behind it."""

    fields: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return json.dumps([dict(self.fields), dict(self.rows)], separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "Seen":
        """Reads the hidden field of a form; empty if it cannot be read."""
        try:
            fields, rows = json.loads(text)
            return cls(
                {str(key): str(value) for key, value in fields.items()}, {str(k): str(v) for k, v in rows.items()}
            )
        except (ValueError, TypeError, AttributeError, RecursionError):
            return cls()

    def rows_of(self, model: type[Model]) -> dict[int, str]:
        """The fingerprints of the rows of one model, by primary key."""
        of_it = f"{model._meta.model_name}-"
        return {
            int(name.removeprefix(of_it)): words
            for name, words in self.rows.items()
            if name.startswith(of_it) and name.removeprefix(of_it).isdecimal()
        }


def fill_in(data: QueryDict, shown: BoundField) -> None:
    """Writes into `data` what a browser would send for the field of an unbound form."""
    widget: Any = getattr(shown.field.widget, "widget", shown.field.widget)  # the admin wraps the widgets of relations
    value, name = shown.value(), shown.html_name
    if isinstance(widget, MultiWidget):
        values: Any = value if isinstance(value, list) else widget.decompress(value)
        names: list[str] = widget.widgets_names  # type: ignore[attr-defined] # the stubs leave it out
        for one, suffix, part in zip(widget.widgets, names, values, strict=True):
            data[f"{name}{suffix}"] = one.format_value(part) or ""
    elif isinstance(widget, forms.CheckboxInput):
        data.pop(name, None)
        if value:
            data[name] = "on"
    elif isinstance(widget, forms.Select | forms.SelectMultiple):
        data.setlist(
            name,
            [one for one in widget.format_value(value) if one]
            or ([] if shown.field.widget.allow_multiple_selected else [""]),
        )
    else:
        data[name] = widget.format_value(value) or ""


def field_label(shown: BoundField) -> str:
    """The label of a field, with its language if only the heading above it names that."""
    label, code = str(shown.label), shown.field.widget.attrs.get("lang")
    language = str(Language(code).label) if code in Language.values else ""
    return label if language in label else f"{label} ({language})"


def value_in_words(shown: BoundField) -> str:
    """The value of a field of an unbound form, in words, for a person who compares it with their own."""
    value: Any = shown.value()
    choices = getattr(shown.field, "choices", None)
    if value in (None, "", []):
        return ""
    if isinstance(shown.field, forms.ModelChoiceField):
        keys = value if isinstance(value, list | tuple) else [value]
        queryset: Any = shown.field.queryset
        return ", ".join(map(str, queryset.filter(pk__in=[getattr(key, "pk", key) for key in keys])))
    if choices is not None:
        return str(dict(choices).get(value, value))
    try:
        return str(shown.field.widget.format_value(value) or "") if not isinstance(value, bool) else str(value)
    except (AttributeError, ValidationError):
        return str(value)
