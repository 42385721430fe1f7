"""A partial date (EDTF) in words, in the language of the page.

"2025-09" is "September 2025", "2022~" is "about 2022", "2024/.." is "since 2024", "2024/" is "from 2024, end unknown".
"""

import datetime as dt
import re

from django.utils.formats import date_format
from django.utils.translation import gettext

SIMPLE = re.compile(r"(?P<year>[0-9]{4})(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?)?")
DECADE = re.compile(r"(?P<decade>[0-9]{3})X")
CENTURY = re.compile(r"(?P<century>[0-9]{2})XX")
IN_YEAR = re.compile(r"(?P<year>[0-9]{4})(-XX)+")
IN_MONTH = re.compile(r"(?P<month>[0-9]{4}-[0-9]{2})-XX")
OPEN, UNKNOWN = "..", ""
"""An interval without an end, and one whose end is unknown."""


def in_words(text: str) -> str:
    """`text` in words; a form that is not handled below is shown unchanged."""
    first, interval, last = text.partition("/")
    if not interval:
        return one_date(first)
    if {first, last} <= {OPEN, UNKNOWN}:
        return text
    if last == OPEN:
        return gettext("since %(date)s") % {"date": one_date(first)}
    if last == UNKNOWN:
        return gettext("from %(date)s, end unknown") % {"date": one_date(first)}
    if first == OPEN:
        return gettext("until %(date)s") % {"date": one_date(last)}
    if first == UNKNOWN:
        return gettext("to %(date)s, beginning unknown") % {"date": one_date(last)}
    return gettext("%(first)s to %(last)s") % {"first": one_date(first), "last": one_date(last)}


def one_date(text: str) -> str:
    """A single date, with its uncertainty."""
    plain = text.rstrip("~?%")
    words = without_doubt(plain)
    match text[len(plain) :]:
        case "~":
            return gettext("about %(date)s") % {"date": words}
        case "?":
            return gettext("perhaps %(date)s") % {"date": words}
        case "%":
            return gettext("perhaps about %(date)s") % {"date": words}
    return words


def without_doubt(text: str) -> str:
    """A year, a month, a day, a season, a decade or a century, without its uncertainty."""
    if found := SIMPLE.fullmatch(text):
        return year_month_or_day(found["year"], found["month"], found["day"])
    if found := DECADE.fullmatch(text):
        return gettext("the %(decade)ss") % {"decade": f"{found['decade']}0"}
    if found := CENTURY.fullmatch(text):
        return gettext("%(first)s to %(last)s") % {
            "first": f"{found['century']}00",
            "last": f"{found['century']}99",
        }
    if found := IN_YEAR.fullmatch(text):
        return found["year"]
    if found := IN_MONTH.fullmatch(text):
        return without_doubt(found["month"])
    return text


def year_month_or_day(year: str, month: str | None, day: str | None) -> str:
    """A year, a month or a day; months 21 to 24 are the seasons, and a winter spans two years."""
    if month is None:
        return year
    if day is not None:
        return date_format(dt.date(int(year), int(month), int(day)), "DATE_FORMAT")
    if int(month) <= 12:
        return date_format(dt.date(int(year), int(month), 1), "YEAR_MONTH_FORMAT")
    if month == "24":
        following = f"{int(year) + 1:04}"
        year = f"{year}/{following if following.endswith('00') else following[2:]}"
    seasons = {
        "21": gettext("spring %(year)s"),
        "22": gettext("summer %(year)s"),
        "23": gettext("autumn %(year)s"),
        "24": gettext("winter %(year)s"),
    }
    return seasons[month] % {"year": year} if month in seasons else f"{year}-{month}"


def machine_readable(text: str) -> str:
    """The value of the `datetime` attribute of HTML's `time`; empty if it has no notation for it."""
    found = SIMPLE.fullmatch(text.rstrip("~?%"))
    if not found or (found["month"] and int(found["month"]) > 12) or found["year"] == "0000":
        return ""
    return found[0]
