"""Dates as sources give them: "2025-09", "2022~", "2025-09-09/2025-09-11".

Extended Date/Time Format of ISO 8601-2:2019, levels 0 and 1, as the Library of Congress specifies it
(https://www.loc.gov/standards/datetime/); parsed by the `edtf` library. A partial date is stored as EDTF, beside the
first and the last day it can mean, by which it sorts and filters. A person may type a day or a month in words, which
`read_partial_date` turns into EDTF.
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

from publishing import typed_values
from publishing.database.constraints import CheckConstraint

DAY = re.compile(r"(([0-9]{4})-([0-9]{2})-([0-9]{2}))")

Bounds = tuple[dt.date | None, dt.date | None]

DATE = r"""(?x:(?:
      [0-9]{4} (?: -(?:0[1-9]|1[0-2]) (?: -(?:0[1-9]|[12][0-9]|3[01]) )? )?         # 2025, 2025-09, 2025-09-09
    | [0-9]{4}-2[1-4]                                                               # 2025-21: spring, to winter
    | [0-9]{3}X | [0-9]{2}XX | [0-9]{4}-XX(?:-XX)? | [0-9]{4}-(?:0[1-9]|1[0-2])-XX  # digits that are not given
) [?~%]?)"""  # uncertain, approximate, or both
OPEN_END = r"(?:\.\.)?"
LEVELS_0_AND_1 = re.compile(rf"{DATE}|{DATE}/(?:{DATE}|{OPEN_END})|{OPEN_END}/{DATE}")
"""The part of levels 0 and 1 that names days of our era: no times of day, no years outside 0001 to 9999."""

YEAR = re.compile(r"(?<![0-9-])[0-9X]{4}")
WINTER = re.compile(r"([0-9]{4})-24")

OLD_SPELLINGS = (
    (re.compile(r"unknown/(.+)", re.IGNORECASE), r"/\1"),
    (re.compile(r"(.+)/unknown", re.IGNORECASE), r"\1/"),
    (re.compile(r"open/(.+)", re.IGNORECASE), r"../\1"),
    (re.compile(r"(.+)/open", re.IGNORECASE), r"\1/.."),
    (re.compile(r"(([0-9]{2})(?:[0-9]X|XX|[0-9]{2}[?~%]))-([0-9]{2})"), r"\1/\g<2>\3"),
    (re.compile(r"(([0-9]{2})[0-9]{2})-(4[2-9]|[5-9][0-9])"), r"\1/\g<2>\3"),
    (re.compile(r"(?<=[0-9uxX-])[uUx]"), "X"),
    (re.compile(r"\?~|~\?"), "%"),
)
"""Notations from drafts of EDTF and from library catalogues, each with the present one.

1922?-40, 192X-33 and 1922-45 are intervals there whose second year leaves out the century; up to 41 a number after a
plain year may be a part of it.
"""


def read_partial_date(text: str) -> str:
    """The partial date that a person typed, as EDTF: EDTF itself, or a day or a month as `typed_values` reads them.

    Raises ValidationError for anything else, for what `bounds` refuses, and for a year that looks like one of another
    calendar, unless “CE” follows it.
    """
    plain, is_ours = typed_values.without_era(text)
    if LEVELS_0_AND_1.fullmatch(plain):
        bounds(plain)
        for year in () if is_ours else YEAR.findall(plain):
            if typed_values.is_of_another_calendar(int(year.replace("X", "0")), int(year.replace("X", "9"))):
                raise typed_values.ask_about(plain, year)
        return plain
    if month := typed_values.read_month(plain):
        return read_partial_date(f"{month[0]:04}-{month[1]:02}" + (f" {typed_values.OURS}" if is_ours else ""))
    if present := present_spelling(plain):
        raise ValidationError(
            _("“%(text)s” is an old spelling. Write “%(present)s”."),
            code="partial_date",
            params={"text": text, "present": present},
        )
    try:
        return typed_values.read_day(text).isoformat()
    except ValidationError as refusal:
        if refusal.code == "unreadable":
            raise _unreadable(text) from refusal
        raise


def unambiguous_date(text: str) -> str:
    """The partial date `text` in a form that `read_partial_date` accepts without a question."""
    try:
        read_partial_date(text)
    except ValidationError as refusal:
        if refusal.code == "calendar":
            return f"{text} {typed_values.OURS}"
    return text


def present_spelling(text: str) -> str:
    """The present EDTF notation of `text`, if that is an old one; otherwise empty."""
    present = text
    for old, new in OLD_SPELLINGS:
        present = old.sub(new, present)
    try:
        bounds(present)
    except ValidationError:
        return ""
    return present if present != text else ""


@functools.lru_cache(maxsize=4096)
def bounds(text: str) -> Bounds:
    """The first and last day that `text` can mean; None for a side that is open or unknown.

    Cached: parsing takes milliseconds, and a date is validated and saved several times. Raises ValidationError for what
    is not EDTF (level 0 or 1), for a day that does not exist ("2025-02-30") and for an interval that ends before it
    starts.
    """
    if not LEVELS_0_AND_1.fullmatch(text):
        raise _unreadable(text)
    start, slash, end = text.partition("/")
    try:
        # Each side separately: for an unknown end the library would guess ten years.
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
    if winter := WINTER.fullmatch(text):
        return _end_of_winter(int(winter[1]))
    return _day(parse_edtf(text).upper_strict()) if text.strip(".") else None


def _end_of_winter(year: int) -> dt.date:
    """A winter lasts into the following year, except in the last year of the calendar."""
    return dt.date(year + 1, 3, 1) - dt.timedelta(days=1) if year < dt.MAXYEAR else dt.date.max


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
    """The error if `text` names a day that its month does not have; otherwise none."""
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
    """An EDTF text; on saving it fills the date fields `<name>_earliest` and `<name>_latest` beside it."""

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

    def deconstruct(self) -> Any:
        """In a migration it is a plain text field: filling the fields beside it is code, and code changes."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

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


def can_be(name: str) -> CheckConstraint:
    """A constraint on the partial date `name`: valid EDTF without 30 February, whoever writes it.

    `publishing_can_be` is the counterpart of `bounds` in PostgreSQL.
    """
    possible = models.Func(models.F(name), function="publishing_can_be", output_field=models.BooleanField())
    return CheckConstraint(
        condition=models.Q(**{name: ""}) | models.Q(possible),
        name=f"%(app_label)s_%(class)s_{name}_can_be",
        field=name,
        violation_error_message=_("This is no date that can be. Write 2025, 2025-09, 2025-09-09, or a/b for a span."),
    )


def bounds_in_order(name: str) -> CheckConstraint:
    """A constraint on the two bounds of the partial date `name`: in order, and empty without a text."""
    earliest, latest = f"{name}_earliest", f"{name}_latest"
    return CheckConstraint(
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
        field=name,
        violation_error_message=_("A date does not end before it starts."),
    )
