"""Dates as sources give them: "2025-09", "2022~", "2025-09-09/2025-09-11".

Extended Date/Time Format of ISO 8601-2:2019, levels 0 and 1, as the Library of Congress specifies
it (https://www.loc.gov/standards/datetime/); parsed by the `edtf` library. A partial date is kept as
written, beside the first and the last day it can mean, by which it sorts and filters.
"""

import calendar
import datetime as dt
import functools
import re
import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

DAY = re.compile(r"(([0-9]{4})-([0-9]{2})-([0-9]{2}))")

Bounds = tuple[dt.date | None, dt.date | None]

DATE = r"""(?x:(?:
      [0-9]{4} (?: -(?:0[1-9]|1[0-2]) (?: -(?:0[1-9]|[12][0-9]|3[01]) )? )?         # 2025, 2025-09, 2025-09-09
    | [0-9]{4}-2[1-4]                                                               # 2025-21: spring, to winter
    | [0-9]{3}X | [0-9]{2}XX | [0-9]{4}-XX(?:-XX)? | [0-9]{4}-(?:0[1-9]|1[0-2])-XX  # digits that are not given
) [?~%]?)"""  # uncertain, approximate, or both
OPEN = r"(?:\.\.)?"
LEVELS_0_AND_1 = re.compile(rf"{DATE}|{DATE}/(?:{DATE}|{OPEN})|{OPEN}/{DATE}")
"""What of levels 0 and 1 names days of our era: no times of day, no years outside 0001 to 9999."""


@functools.lru_cache(maxsize=4096)
def bounds(text: str) -> Bounds:
    """The first and last day that `text` can mean; None on a side that is open or unknown.

    Kept for the next time: parsing takes milliseconds, and a date is judged and saved several times over.

    Raises ValidationError for what is no EDTF (level 0 or 1), for a day that cannot be
    ("2025-02-30") and for an interval that ends before it starts.
    """
    if not LEVELS_0_AND_1.fullmatch(text):
        raise _unreadable(text)
    start, slash, end = text.partition("/")
    try:
        # Each side by itself: for an unknown end the library would guess ten years.
        first = _first_day(start)
        last = _last_day(end if slash else start)
    except (EDTFParseException, ValueError, OverflowError) as error:
        raise _not_in_the_calendar(text) or _unreadable(text) from error
    if first is not None and last is not None and first > last:
        raise ValidationError(_("“%(text)s” ends before it starts."), code="partial_date", params={"text": text})
    return first, last


def _first_day(text: str) -> dt.date | None:
    return _day(parse_edtf(text).lower_strict()) if text.strip(".") else None


def _last_day(text: str) -> dt.date | None:
    return _day(parse_edtf(text).upper_strict()) if text.strip(".") else None


def _day(moment: time.struct_time) -> dt.date:
    return dt.date(moment.tm_year, moment.tm_mon, moment.tm_mday)


def _unreadable(text: str) -> ValidationError:
    return ValidationError(
        _(
            "“%(text)s” is no date we can read. "
            "Write 2025, 2025-09, 2025-09-09, 2022~ for “about 2022”, or a/b for a span."
        ),
        code="partial_date",
        params={"text": text},
    )


def _not_in_the_calendar(text: str) -> ValidationError | None:
    """What is wrong with `text` if it names a day that its month does not have."""
    for day, year, month, number in DAY.findall(text):
        if int(number) > calendar.monthrange(int(year), int(month))[1]:
            return ValidationError(
                _("There is no “%(day)s” in the calendar. Write a day that there is, or the month or the year alone."),
                code="partial_date",
                params={"day": day},
            )
    return None


def validate(text: str) -> None:
    bounds(text)


class PartialDateField(models.CharField):
    """An EDTF text; fills the date fields `<name>_earliest` and `<name>_latest` beside it on saving."""

    MAX_LENGTH = 40

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", self.MAX_LENGTH)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault(
            "help_text",
            _("As the source gives it: 2025, 2025-09, 2025-09-09, 2022~ (about), 2025-09-09/2025-09-11."),
        )
        super().__init__(*args, **kwargs)
        if validate not in self.validators:
            self.validators = [*self.validators, validate]

    def pre_save(self, instance: models.Model, add: bool) -> str:
        text: str = super().pre_save(instance, add) or ""
        earliest, latest = bounds(text) if text else (None, None)
        setattr(instance, f"{self.attname}_earliest", earliest)
        setattr(instance, f"{self.attname}_latest", latest)
        return text


def earliest_field() -> models.DateField:
    """The column for the first day a partial date can mean."""
    return models.DateField(null=True, blank=True, editable=False)


def latest_field() -> models.DateField:
    """The column for the last day a partial date can mean."""
    return models.DateField(null=True, blank=True, editable=False)


class CanBe(models.Func):
    """Whether a text is a partial date of a day that can be, as PostgreSQL sees it: the counterpart of `bounds`."""

    function = "partnerships_can_be"
    arity = 1
    output_field = models.BooleanField()


def can_be(name: str) -> models.CheckConstraint:
    """A constraint over the text of the partial date `name`: EDTF, and no 30 February, whoever writes it."""
    return models.CheckConstraint(
        condition=models.Q(**{name: ""}) | models.Q(CanBe(models.F(name))),
        name=f"%(app_label)s_%(class)s_{name}_can_be",
        violation_error_message=_("This is no date that can be. Write 2025, 2025-09, 2025-09-09, or a/b for a span."),
    )


def in_order(name: str) -> models.CheckConstraint:
    """A constraint over the two bounds of the partial date `name`: in order, and none without a text."""
    earliest, latest = f"{name}_earliest", f"{name}_latest"
    return models.CheckConstraint(
        condition=(
            models.Q(**{name: "", f"{earliest}__isnull": True, f"{latest}__isnull": True})
            | (
                ~models.Q(**{name: ""})
                & (
                    models.Q(**{f"{earliest}__lte": models.F(latest)})
                    | models.Q(**{f"{earliest}__isnull": True})
                    | models.Q(**{f"{latest}__isnull": True})
                )
            )
        ),
        name=f"%(app_label)s_%(class)s_{name}_in_order",
        violation_error_message=_("A date does not end before it starts."),
    )
