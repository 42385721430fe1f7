"""Addresses within the staff desk; apart from its pages, so that the site of the desk may use them."""

from urllib.parse import urlencode

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

ONWARD = "onward"


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


def leading_on(address: str, onward: str) -> str:
    """`address`, whose page leads on to the page `onward` of the desk once its work is saved."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode({ONWARD: onward})}"


def onward(request: HttpRequest) -> str:
    """Where a page leads on to, as its address says; empty unless that is a page of the desk."""
    asked = request.GET.get(ONWARD, "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith(reverse("admin:index"))
    return asked if is_ours else ""
