"""Addresses within the staff desk; apart from its pages, so that the site of the desk may use them."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

ONWARD = "onward"
"""Under this name an address says where its page leads on to."""

FILTERS = "_changelist_filters"
"""Under this name Django's own pages carry the query of the list from which one came."""


def change_address(thing: Model) -> str:
    """The page on which `thing` is edited, or looked at by those who may not."""
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])


def add_address(model: type[Model], **given: object) -> str:
    """The page on which a new row of `model` is written; `given` are values that its form starts with."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    return f"{address}?{urlencode(given)}" if given else address


def key_from(text: str) -> int | None:
    """The key of a row that an address or a form says; None where it is no number, or one that no key has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS_OF_A_KEY else None


DIGITS_OF_A_KEY = 18
"""A number of so many digits is within the range of PostgreSQL's bigint."""


def list_address(model: type[Model], **filters: object) -> str:
    """The list of the rows of `model`, filtered."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(filters)}" if filters else address


def with_next(address: str, next_url: str) -> str:
    """`address`, whose page leads on to the page `next_url` of the desk once its work is saved."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode({ONWARD: next_url})}"


def next_url(request: HttpRequest) -> str:
    """Where a page leads on to, as its address says; empty unless that is a page of the desk."""
    return at_the_desk(request.GET.get(ONWARD, ""))


def at_the_desk(asked: str) -> str:
    """`asked`, if it is the address of a page of the desk, and otherwise nothing: addresses come from strangers too."""
    if not url_has_allowed_host_and_scheme(asked, allowed_hosts=None) or "\0" in asked:
        return ""
    try:
        match = resolve(urlsplit(asked).path)
    except Resolver404:
        return ""
    # What catches everything else of the desk answers nothing.
    return asked if match.app_name == "admin" and "url" not in match.kwargs else ""


def carrying(request: HttpRequest, address: str) -> str:
    """`address` with the filters of the list from which one came, and where one goes on to, as `request` has them.

    They are carried to pages of the same kind of thing, and to its list, which is shown as it was.
    """
    where, here = _page(address), request.resolver_match
    kind = _kind(here.url_name) if here is not None else ""
    if where is None or not kind or _kind(where.url_name) != kind:
        return address
    parts = urlsplit(address)
    filters = request.GET.get(FILTERS, "")
    if where.url_name == f"{kind}_changelist":
        return urlunsplit(parts._replace(query=parts.query or filters))
    asked = QueryDict(parts.query, mutable=True)
    for name, value in ((FILTERS, filters), (ONWARD, next_url(request))):
        if value and name not in asked:
            asked[name] = value
    return urlunsplit(parts._replace(query=asked.urlencode()))


def _page(address: str) -> ResolverMatch | None:
    """What answers at `address`, where that is a page of the desk."""
    return resolve(urlsplit(address).path) if at_the_desk(address) else None


def _kind(name: str | None) -> str:
    """The app and the model of the page of that name, as in `partnerships_claim`; empty where it is of none."""
    return "_".join((name or "").split("_")[:2]) if (name or "").count("_") >= 2 else ""
