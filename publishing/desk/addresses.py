"""Addresses of the staff desk; separate from its pages, because the site of the desk uses them too."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

ONWARD = "onward"
"""The query parameter for the page to go to after saving."""

FILTERS = "_changelist_filters"
"""The query parameter in which Django's admin carries the filters of the list."""


def change_address(thing: Model) -> str:
    """The page that edits `thing`, or shows it to those who may not edit it."""
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])


def add_address(model: type[Model], **given: object) -> str:
    """The page that adds a row of `model`; `given` are initial values of its form."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    return f"{address}?{urlencode(given)}" if given else address


def key_from(text: str) -> int | None:
    """The primary key in a text from an address or a form; None if it is not a number, or too large."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS_OF_A_KEY else None


DIGITS_OF_A_KEY = 18
"""A number of this many digits fits PostgreSQL's bigint."""


def list_address(model: type[Model], **filters: object) -> str:
    """The list of the rows of `model`, filtered."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(filters)}" if filters else address


def with_next(address: str, next_url: str) -> str:
    """`address`, extended so that its page goes to `next_url` after saving."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode({ONWARD: next_url})}"


def next_url(request: HttpRequest) -> str:
    """The page to go to after saving, from the address; empty unless it is a page of the desk."""
    return at_the_desk(request.GET.get(ONWARD, ""))


def at_the_desk(asked: str) -> str:
    """`asked`, if it is the address of a page of the desk, otherwise empty: strangers can write addresses too."""
    if not url_has_allowed_host_and_scheme(asked, allowed_hosts=None) or "\0" in asked:
        return ""
    try:
        match = resolve(urlsplit(asked).path)
    except Resolver404:
        return ""
    # The catch-all pattern of the desk is not a page.
    return asked if match.app_name == "admin" and "url" not in match.kwargs else ""


def carrying(request: HttpRequest, address: str) -> str:
    """`address` with the filters of the previous list and the page to go to afterwards, as `request` has them.

    They are kept for pages of the same model and for its list, which is then shown as before.
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
    """The URL match of `address`, if that is a page of the desk."""
    return resolve(urlsplit(address).path) if at_the_desk(address) else None


def _kind(name: str | None) -> str:
    """The app and the model of a page by its URL name, such as `partnerships_claim`; empty if it has none."""
    return "_".join((name or "").split("_")[:2]) if (name or "").count("_") >= 2 else ""
