"""Reads days, times and numbers as people type them, for the desk, pages, API and knowledge files alike.

It never guesses. A day has a year of four digits that does not begin with 0. It is written year first (2026-04-03, as
in ISO 8601), day first (3/4/2026, 03.04.2026) or with the name of the month (3 April 2026, 3 Nisan 2026, ٣ نيسان ٢٠٢٦),
in any language of the site, whatever the language of the page. Digits alone are never read month first. The names of
months are those of Unicode's CLDR. ٠–٩ and ۰–۹ are digits like 0–9; one text may use only one of these scripts, because
digits of two are displayed in another order than they are stored.

A year that looks like one of another calendar is questioned, unless its era follows it: “1446 CE”. What cannot be read
raises a ValidationError that says what to write instead.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
IN_ASCII = {ord(digit): str(value) for digits in DIGITS for value, digit in enumerate(digits)}

UNSEEN = [0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
"""Direction marks, joiners and zero-width spaces, which are copied along with a day."""

STRETCH = "ـ"
NORMALISED_SIGNS = {
    **dict.fromkeys([*UNSEEN, ord(STRETCH)]),
    ord("،"): ",",
    ord("٫"): ".",
    ord("‐"): "-",
    ord("‑"): "-",
}
"""The Arabic comma and decimal point, and the hyphens of word processors."""

MONTH_LOCALES = ("en", "en_GB", "tr", "ar", "ar_SY", "ar_TN", "ar_MA", "ar_MR")
"""Locales whose names of months are read; Arabic has three: Egypt and the Gulf, the Levant and Iraq, the Maghreb."""

ISO = re.compile(r"([1-9][0-9]{3})-([0-9]{2})-([0-9]{2})")
YEAR_FIRST = re.compile(r"([1-9][0-9]{3}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})")
DAY_FIRST = re.compile(r"([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([1-9][0-9]{3})")
ORDINAL = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)", re.IGNORECASE)
CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?")
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,40}")
AMOUNT = re.compile(r"-?[0-9]{1,40}(?:[.,][0-9]{1,2})?")
"""Three digits after a separator may be thousands or decimals, so they are not read."""

OURS = "CE"
OUR_ERA = frozenset(["ce", "ad", "ms", "م", "ميلادي", "ميلاديه"])
HIJRI = frozenset(["ah", "h", "hijri", "hicri", "ه", "هجري", "هجريه"])
"""The names of the two eras beside a year, folded."""


# Texts in general


def cleaned(text: str) -> str:
    """`text` with ASCII digits, single blanks and no invisible characters. Refuses digits of two scripts."""
    if sum(any(digit in text for digit in digits) for digits in DIGITS) > 1:
        message = _("“%(text)s” has digits of two scripts. Write all of them in one, as 650 or ٦٥٠.")
        raise ValidationError(message, code="invalid", params={"text": text})
    return " ".join(text.translate(NORMALISED_SIGNS).translate(IN_ASCII).split())


def folded(word: str) -> str:
    """`word` without capitals, accents, vowel signs and other differences of spelling."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return bare.replace("ı", "i").replace("ة", "ه").replace(".", "")


# Eras


def without_era(text: str) -> tuple[str, bool]:
    """`text`, cleaned and without its era, and whether our era was given. Refuses another era."""
    words = cleaned(text).split()
    for place in (-1, 0) if len(words) > 1 else ():
        if folded(words[place]) in HIJRI:
            raise _not_converted(text)
        if folded(words[place]) in OUR_ERA:
            del words[place]
            return " ".join(words), True
    return " ".join(words), False


def _not_converted(text: str) -> ValidationError:
    message = _("“%(text)s” is a day of the Hijri calendar. Such days are not converted: write the day of our era.")
    return ValidationError(message, code="calendar", params={"text": text})


def is_of_another_calendar(first: int, last: int | None = None) -> bool:
    """Whether a year, or all from `first` to `last`, looks like one of another calendar that is in use today."""
    last = first if last is None else last
    return 1300 <= first <= last <= 1500 or 2400 <= first <= last <= 2700


def ask_about(text: str, year: str) -> ValidationError:
    """The error for a `text` whose `year` is doubtful: which calendar it looks like, and how to write our era."""
    if year.startswith("1"):
        message = _(
            "“%(year)s” looks like a year of the Hijri or the Persian calendar. Their days are not converted: write the "
            "day of our era. If it is the year %(year)s of our era, write “%(sure)s”."
        )
    else:
        message = _(
            "“%(year)s” looks like a year of the Buddhist calendar. Its days are not converted: write the day of our "
            "era. If it is the year %(year)s of our era, write “%(sure)s”."
        )
    sure = f"{text} {pgettext('era', 'CE')}"
    return ValidationError(message, code="calendar", params={"year": year, "sure": sure})


def unambiguous_day(day: dt.date) -> str:
    """`day` in a form that `read_day` accepts without a question."""
    return f"{day.isoformat()} {OURS}" if is_of_another_calendar(day.year) else day.isoformat()


# Days


def read_day(text: str) -> dt.date:
    """The day in `text`."""
    plain, is_ours = without_era(text)
    year, month, number = _in_digits(plain) or _with_a_name(plain) or (0, 0, None)
    if number is None:
        raise _unreadable(text)
    return _day(plain, year, month, number, is_ours=is_ours)


def read_iso_day(text: str) -> dt.date:
    """The day in `text`, as year-month-day only: programs write no other order."""
    plain = cleaned(text)
    found = ISO.fullmatch(plain)
    if not found:
        message = _("Write the day as year-month-day, for example 2026-05-31.")
        raise ValidationError(message, code="invalid")
    year, month, number = map(int, found.groups())
    return _day(plain, year, month, number, is_ours=False)


def read_month(text: str) -> tuple[int, int] | None:
    """The year and month in the cleaned `text`, if it names the month and has no day; otherwise None."""
    found = _with_a_name(text)
    return (found[0], found[1]) if found and found[2] is None else None


def _in_digits(text: str) -> tuple[int, int, int] | None:
    if found := YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := DAY_FIRST.fullmatch(text):
        return int(found[4]), int(found[3]), int(found[1])
    return None


def _with_a_name(text: str) -> tuple[int, int, int | None] | None:
    """Year, month and day of a text that names the month, in any order: only the year has four digits."""
    years: list[int] = []
    days: list[int] = []
    names: list[str] = []
    for part in re.split(r"[ ,./-]+", text):
        if re.fullmatch(r"[1-9][0-9]{3}", part):
            years.append(int(part))
        elif re.fullmatch(r"[0-9]{1,2}", part) or ORDINAL.fullmatch(part):
            days.append(int(part.rstrip("stndrhSTNDRH")))
        elif part:
            names.append(folded(part))
    month = months().get(" ".join(names))
    if month is None or len(years) != 1 or len(days) > 1:
        return None
    return years[0], month, days[0] if days else None


@cache
def months() -> dict[str, int]:
    """The number of each month by its folded names, long and short."""
    return {folded(name): number for number, name in names_of_months()}


def names_of_months() -> Iterator[tuple[int, str]]:
    """Each name of a month with its number, in the languages of the site."""
    for locale in MONTH_LOCALES:
        for use in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale.parse(locale).months[use][width].items():
                    yield number, " ".join(name.split())


def _day(text: str, year: int, month: int, number: int, *, is_ours: bool) -> dt.date:
    if month > 12 and not text.startswith(f"{year:04}"):
        message = _(
            "“%(text)s” would have the month %(month)d. Write the day first, then the month: 3/4/2026 is %(day)s."
        )
        example = date_format(dt.date(2026, 4, 3), "DATE_FORMAT")
        raise ValidationError(message, code="invalid", params={"text": text, "month": month, "day": example})
    try:
        day = dt.date(year, month, number)
    except ValueError:
        message = _("There is no “%(day)s” in the calendar.")
        raise ValidationError(message, code="invalid", params={"day": text}) from None
    if is_of_another_calendar(year) and not is_ours:
        raise ask_about(text, f"{year:04}")
    return day


def _unreadable(text: str) -> ValidationError:
    if any(is_of_another_calendar(int(year)) for year in re.findall(r"(?<![0-9])1[0-9]{3}(?![0-9])", cleaned(text))):
        return _not_converted(text)  # in month names of other languages
    message = _("“%(text)s” is no day we can read. Write 2026-04-03, or the day first: 3/4/2026 or %(day)s.")
    example = date_format(dt.date(2026, 4, 3), "DATE_FORMAT")
    return ValidationError(message, code="unreadable", params={"text": text, "day": example})


# Times and numbers


def read_clock(text: str) -> dt.time:
    """The time of day, on the 24-hour clock."""
    found = CLOCK.fullmatch(cleaned(text))
    try:
        if found:
            return dt.time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        pass
    raise ValidationError(_("Write the time by the clock of 24 hours: 09:30."), code="invalid")


def read_whole(text: str) -> int:
    """The whole number."""
    plain = cleaned(text)
    if not WHOLE_NUMBER.fullmatch(plain):
        raise ValidationError(_("Write a whole number, without signs between its digits: 4500."), code="invalid")
    return int(plain)


def read_amount(text: str) -> Decimal:
    """The number, with at most two decimals."""
    plain = cleaned(text)
    if not AMOUNT.fullmatch(plain):
        message = _("Write the number without signs between its thousands, with two decimals at most: 4500 or 6.5.")
        raise ValidationError(message, code="invalid")
    return Decimal(plain.replace(",", "."))
