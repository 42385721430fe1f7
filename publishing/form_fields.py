"""Form fields for what `typed_values` reads: days, moments, times of day and numbers.

Django's own fields would read a day in the order of the page's language. Beside a field, its day is written out in
words, as it was read or would be. The widgets are text inputs: a browser's own fields for days and numbers take only
ASCII digits, and show a day in the order of the browser's language.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from publishing import typed_values
from publishing.partial_dates import field as partial_date
from publishing.partial_dates.display import in_words

DAY, PARTIAL_DATE = "day", "partial-date"


def read_in_words(text: str, *, kind: str) -> str:
    """How `text` is read as a day or partial date, in words; empty if it cannot be read."""
    try:
        return (
            day_in_words(typed_values.read_day(text)) if kind == DAY else in_words(partial_date.read_partial_date(text))
        )
    except ValidationError:
        return ""


def day_in_words(day: dt.date) -> str:
    return date_format(day, "DATE_FORMAT")


def words_beside(identifier: str, text: str | None, *, kind: str) -> SafeString:
    """The element beside the field `identifier` that shows in words how `text` is read."""
    return format_html(
        '<output class="in-words" id="{0}_words" for="{0}">{1}</output>',
        identifier,
        read_in_words(text, kind=kind) if text else "",
    )


class DayInput(forms.TextInput):
    """A day as text, shown as year-month-day, with its words beside it."""

    kind = DAY
    placeholder: Any = _("day/month/year")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"autocomplete": "off", "dir": "auto", "placeholder": self.placeholder, "data-typed": self.kind}
        super().__init__({**own, **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return typed_values.unambiguous_day(value) if isinstance(value, dt.date) else super().format_value(value)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        field = super().render(name, value, attrs, renderer)
        return field + words_beside((attrs or {}).get("id", f"id_{name}"), self.format_value(value), kind=self.kind)


class AsTyped(str):
    """Shows again exactly what was typed: only the person knows the era of the year."""


class PartialDateInput(DayInput):
    """The same for a partial date."""

    kind = PARTIAL_DATE
    placeholder = ""

    def format_value(self, value: Any) -> str | None:
        return partial_date.unambiguous_date(value) if value and not isinstance(value, AsTyped) else value


class NumberInput(forms.TextInput):
    """A number as text."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "dir": "auto", **(attrs or {})})


class DayField(forms.DateField):
    widget = DayInput

    def to_python(self, value: Any) -> dt.date | None:
        return typed_values.read_day(value) if isinstance(value, str) and value.strip() else super().to_python(value)


class ClockField(forms.TimeField):
    def to_python(self, value: Any) -> dt.time | None:
        return typed_values.read_clock(value) if isinstance(value, str) and value.strip() else super().to_python(value)


class MomentField(forms.SplitDateTimeField):
    """A day and a time of day, each in an input of its own."""

    def __init__(self, **kwargs: Any) -> None:
        forms.MultiValueField.__init__(self, (DayField(), ClockField()), **kwargs)


class WholeNumberField(forms.IntegerField):
    widget = NumberInput

    def to_python(self, value: Any) -> int | None:
        return super().to_python(typed_values.read_whole(value) if isinstance(value, str) and value.strip() else value)


class AmountField(forms.DecimalField):
    widget = NumberInput

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override] # a decimal is no integer but to Django
        return super().to_python(typed_values.read_amount(value) if isinstance(value, str) and value.strip() else value)


class PartialDateFormField(forms.CharField):
    """A partial date, as EDTF."""

    widget = PartialDateInput

    def bound_data(self, data: Any, initial: Any) -> Any:
        data = super().bound_data(data, initial)
        return AsTyped(data) if isinstance(data, str) else data

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return partial_date.read_partial_date(text) if text else text


def days_said(form: forms.BaseForm, *, changed: bool = False) -> list[str]:
    """The days in a valid `form`, each with the name of its field; with `changed`, only those that were changed."""
    said = []
    for name, field in form.fields.items():
        if not isinstance(field, DayField | MomentField | PartialDateFormField):
            continue
        value = field.clean(form[name].data)  # the form may hold something else under this name, or nothing
        if value and not (changed and name not in form.changed_data):
            said.append(f"{capfirst(str(field.label or name))}: {said_in_words(value)}")
    return said


def said_in_words(value: str | dt.date) -> str:
    """A partial date, a moment or a day, in words."""
    if isinstance(value, str):
        return in_words(value)
    if isinstance(value, dt.datetime):
        return date_format(value, "DATETIME_FORMAT")
    return day_in_words(value)
