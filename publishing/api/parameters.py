"""What may stand in the query of an address of the API, and how it is refused when it does not belong there.

Nothing is ignored silently: a parameter that the address does not know, that is empty or given twice,
and a value that cannot be read are each named in the answer, with what would be possible instead.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError

from publishing import typed_values
from publishing.languages import Language
from publishing.pages.page import day_from

EVERYWHERE = ("lang", "format")
"""Parameters that every address takes."""

PAGE_SIZE = 50
LARGEST_PAGE = 200

MAX_LENGTH = 200
MAX_LIST_LENGTH = 1000
LISTS = ("cursor", "fields", "since")
"""Parameters that may be as long as `MAX_LIST_LENGTH`; any other as long as `MAX_LENGTH`."""


class ParameterError(ValidationError):
    """Query parameters that cannot be read: for each its name, a code and what to do instead."""

    def __init__(self, parameter: str, detail: Any, code: str = "invalid") -> None:
        super().__init__({parameter: [ErrorDetail(str(detail), code)]})

    @classmethod
    def of(cls, errors: Iterable[tuple[str, str, str]]) -> "ParameterError":
        """Several at once, each a parameter, a code and a text."""
        found: dict[str, Any] = {}
        for parameter, code, detail in errors:
            found.setdefault(parameter, []).append(ErrorDetail(detail, code))
        error = cls("", "")
        error.detail = found
        return error


def listed(values: Iterable[str]) -> str:
    """Values as a message names them."""
    return ", ".join(values)


def shown(text: str) -> str:
    """A value as a message may repeat it: short, and with its NUL bytes made visible."""
    visible = text.replace("\0", "␀")
    return visible if len(visible) <= 60 else f"{visible[:60]}…"


def problems_of(query: QueryDict, *, known: Sequence[str], repeatable: Collection[str]) -> list[tuple[str, str, str]]:
    """What in `query` an address that takes the parameters `known` cannot read: parameter, code and text."""
    problems = []
    for name, values in query.lists():
        parameter = shown(name)
        longest = MAX_LIST_LENGTH if name in LISTS else MAX_LENGTH
        if any("\0" in text for text in (name, *values)):
            problems.append((parameter, "null_character", _("It holds a NUL byte, which no text can hold. Remove it.")))
        elif name not in known:
            detail = _("There is no parameter “%(name)s” here. There are: %(known)s.")
            problems.append((parameter, "unknown_parameter", detail % {"name": parameter, "known": listed(known)}))
        elif len(values) > 1 and name not in repeatable:
            problems.append((parameter, "repeated", _("It is given more than once. Give it once.")))
        elif any(value == "" for value in values):
            problems.append((parameter, "blank", _("It is empty. Give it a value or leave it out.")))
        elif any(len(value) > longest for value in values):
            detail = _("It is too long. At most %(longest)d characters are read.")
            problems.append((parameter, "max_length", detail % {"longest": longest}))
    return problems


def day(parameter: str, text: str) -> dt.date:
    """The day that `text` names as year-month-day; raises ParameterError for what is none that a reader can ask about."""
    try:
        return day_from(text, read=typed_values.read_iso_day)
    except forms.ValidationError as error:
        raise ParameterError(parameter, " ".join(error.messages)) from error


def choice(parameter: str, text: str, known: Iterable[str]) -> str:
    """`text`, if it is one of `known`; raises ParameterError that names them otherwise."""
    known = tuple(known)
    if text not in known:
        raise ParameterError(parameter, unknown_value(text, known), "unknown_value")
    return text


def unknown_value(text: str, known: Iterable[str]) -> str:
    detail = _("“%(value)s” is unknown. There are: %(known)s.")
    return detail % {"value": shown(text), "known": listed(known)}


def page_size(query: QueryDict) -> int:
    """How many things `page_size` asks for on a page: from 1 to `LARGEST_PAGE`, by default `PAGE_SIZE`."""
    text = query.get("page_size", str(PAGE_SIZE))
    try:
        size = typed_values.read_whole(text)
    except forms.ValidationError:
        size = 0
    if not 1 <= size <= LARGEST_PAGE:
        detail = _("Give a whole number from 1 to %(largest)d.")
        raise ParameterError("page_size", detail % {"largest": LARGEST_PAGE})
    return size


def language(query: QueryDict) -> str | None:
    """The language that `lang` asks for; None without it."""
    text = query.get("lang")
    return None if text is None else choice("lang", text, Language.values)


def fields(query: QueryDict, known: Iterable[str]) -> list[str] | None:
    """The members that `fields` asks for, in its order; None without it."""
    text = query.get("fields")
    if text is None:
        return None
    known = tuple(known)
    return list(dict.fromkeys(choice("fields", name.strip(), known) for name in text.split(",")))
