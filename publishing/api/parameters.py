"""Query parameters that several views of the API take."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from publishing import typed_values
from publishing.languages import Language
from publishing.query_parameters import ParameterProblem, UnreadableQuery, choice

COMMON_PARAMETERS = ("lang", "format")
"""Parameters that every view takes."""

PAGE_SIZE = 50
LARGEST_PAGE = 200


def page_size(query: QueryDict) -> int:
    """The page size in `page_size`: from 1 to `LARGEST_PAGE`, by default `PAGE_SIZE`."""
    text = query.get("page_size", str(PAGE_SIZE))
    try:
        size = typed_values.read_whole(text)
    except forms.ValidationError:
        size = 0
    if not 1 <= size <= LARGEST_PAGE:
        detail = _("Give a whole number from 1 to %(largest)d.")
        raise UnreadableQuery(ParameterProblem("page_size", text, detail % {"largest": LARGEST_PAGE}))
    return size


def language(query: QueryDict) -> str | None:
    """The language in `lang`; None without it."""
    text = query.get("lang")
    return None if text is None else choice("lang", text, Language.values)


def fields(query: QueryDict, known: Iterable[str]) -> list[str] | None:
    """The members in `fields`, in the order given; None without it."""
    text = query.get("fields")
    if text is None:
        return None
    known = tuple(known)
    return list(dict.fromkeys(choice("fields", name.strip(), known) for name in text.split(",")))
