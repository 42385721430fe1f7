"""Admin form fields for days, moments, times and numbers that `typed_values` reads, with calendar and clock."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminSplitDateTime, AdminTimeWidget, BaseAdminTimeWidget
from django.db import models
from django.utils.safestring import SafeString

from publishing.form_fields import (
    DAY,
    AmountField,
    ClockField,
    DayField,
    DayInput,
    MomentField,
    NumberInput,
    PartialDateFormField,
    PartialDateInput,
    WholeNumberField,
    words_beside,
)
from publishing.partial_dates.field import PartialDateField


class CalendarDayInput(DayInput):
    """A day, with the admin's calendar."""

    class Media:
        js = AdminDateWidget.Media.js

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "vDateField", "size": "16", **(attrs or {})})


class CalendarMomentInput(AdminSplitDateTime):
    """A day with the calendar, and a time with the clock."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        forms.MultiWidget.__init__(self, [CalendarDayInput, BaseAdminTimeWidget], attrs)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        day = (value if isinstance(value, list) else self.decompress(value))[0]
        words = words_beside(f"{(attrs or {}).get('id', f'id_{name}')}_0", self.widgets[0].format_value(day), kind=DAY)
        return super().render(name, value, attrs, renderer) + words


READ_AS_TYPED: dict[Any, dict[str, Any]] = {
    models.DateTimeField: {"form_class": MomentField, "widget": CalendarMomentInput},
    models.DateField: {"form_class": DayField, "widget": CalendarDayInput},
    models.TimeField: {"form_class": ClockField, "widget": AdminTimeWidget},
    models.IntegerField: {"form_class": WholeNumberField, "widget": NumberInput},
    models.DecimalField: {"form_class": AmountField, "widget": NumberInput},
    PartialDateField: {"form_class": PartialDateFormField, "widget": PartialDateInput},
}
"""By the class of the column, for `formfield_overrides`."""
