"""The query parameters of pages and the API, and how wrong ones are refused.

The answer names what cannot be read and says what is allowed: a page as a page, the API as problem details. The API
ignores nothing: it refuses parameters that are unknown, empty or repeated (`problems_of`). A page accepts what a form
sends, empty fields too, and ignores parameters that others add to its addresses.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing import typed_values

EARLIEST_DAY = dt.date(1900, 1, 1)
"""Nothing was known before this day; it also keeps date arithmetic within the calendar."""

MAX_LENGTH = 200
MAX_LIST_LENGTH = 1000
LISTS = ("cursor", "fields", "since")
"""Parameters that may be as long as `MAX_LIST_LENGTH`; all others may be as long as `MAX_LENGTH`."""


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """A parameter that cannot be read: its name, its value, what to write instead, and a code for programs."""

    parameter: str
    value: str
    advice: str
    code: str = "invalid"


class UnreadableQuery(Exception):  # noqa: N818 – reads as what happened
    """The query parameters cannot be read; answered with status 400."""

    def __init__(self, *problems: ParameterProblem) -> None:
        self.problems = list(problems)
        super().__init__(", ".join(problem.parameter for problem in problems))


def listed(values: Iterable[str]) -> str:
    """Values, joined for a message."""
    return ", ".join(values)


def visible(text: str) -> str:
    """`text` with its NUL bytes made visible."""
    return text.replace("\0", "␀")


def displayed(text: str) -> str:
    """A value as a message may repeat it: shortened, and with NUL bytes made visible."""
    return visible(text) if len(text) <= 60 else f"{visible(text)[:60]}…"


def null_characters(query: QueryDict) -> list[ParameterProblem]:
    """The parameters with a NUL byte: PostgreSQL stores no text with one, so nothing can match it."""
    advice = _("It holds a NUL byte, which no text can hold. Remove it.")
    return [
        ParameterProblem(displayed(name), displayed(value), advice, "null_character")
        for name, values in query.lists()
        for value in [next((value for value in values if "\0" in name or "\0" in value), None)]
        if value is not None
    ]


def problems_of(query: QueryDict, *, known: Sequence[str], repeatable: Collection[str]) -> list[ParameterProblem]:
    """What is wrong in `query`, if only the parameters `known` are allowed."""
    problems = {problem.parameter: problem for problem in null_characters(query)}
    for name, values in query.lists():
        longest = MAX_LIST_LENGTH if name in LISTS else MAX_LENGTH
        advice = code = ""
        if name not in known:
            named = {"name": displayed(name), "known": listed(known)}
            advice, code = (
                _("There is no parameter “%(name)s” here. There are: %(known)s.") % named,
                "unknown_parameter",
            )
        elif len(values) > 1 and name not in repeatable:
            advice, code = _("It is given more than once. Give it once."), "repeated"
        elif any(value == "" for value in values):
            advice, code = _("It is empty. Give it a value or leave it out."), "blank"
        elif any(len(value) > longest for value in values):
            advice = _("It is too long. At most %(longest)d characters are read.") % {"longest": longest}
            code = "max_length"
        if advice:
            problems.setdefault(displayed(name), ParameterProblem(displayed(name), displayed(values[0]), advice, code))
    return list(problems.values())


def day_from(text: str, *, read: Callable[[str], dt.date] = typed_values.read_day) -> dt.date:
    """The day in `text`. Raises ValidationError, with advice, if it is not a day or lies in the future.

    A day counts as begun once it has begun anywhere on Earth, so that "today" is never refused.
    """
    day = read(text)
    if day < EARLIEST_DAY:
        raise ValidationError(_("That day is too long ago. Choose a day from 1900 on."), code="invalid")
    if day > timezone.now().astimezone(dt.timezone(dt.timedelta(hours=14))).date():
        raise ValidationError(_("That day is still to come. Choose today or a day before it."), code="invalid")
    return day


def day_of(
    query: Mapping[str, str], parameter: str = "as_of", *, read: Callable[[str], dt.date] = typed_values.read_day
) -> dt.date | None:
    """The day in a parameter; None if it is absent or empty. Raises UnreadableQuery."""
    text = query.get(parameter, "")
    if not text:
        return None
    try:
        return day_from(text, read=read)
    except ValidationError as error:
        raise UnreadableQuery(ParameterProblem(parameter, text, " ".join(error.messages))) from error


def choice(parameter: str, text: str, known: Iterable[str]) -> str:
    """`text`, if it is one of `known`. Raises UnreadableQuery, which lists them."""
    known = tuple(known)
    if text not in known:
        raise UnreadableQuery(ParameterProblem(parameter, text, unknown_value(text, known), "unknown_value"))
    return text


def unknown_value(text: str, known: Iterable[str]) -> str:
    return _("“%(value)s” is unknown. There are: %(known)s.") % {"value": displayed(text), "known": listed(known)}
