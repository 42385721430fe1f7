"""The same page in the other languages, for the switch in the header and for search engines."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, translate_url
from django.utils.translation import get_language, get_language_info

from publishing.site_address import absolute

register = template.Library()

OPEN_GRAPH_LOCALES = {"en": "en_GB", "tr": "tr_TR", "ar": "ar_AR"}
"""Open Graph requires a territory for every language; these are the ones that its consumers know."""


@dataclass(frozen=True, slots=True)
class LanguageVersion:
    """A page in one language: `url` keeps the query (filters, as_of), `canonical` is absolute and has none."""

    code: str
    name: str
    direction: str
    url: str
    canonical: str
    is_current: bool

    @property
    def open_graph_locale(self) -> str:
        return OPEN_GRAPH_LOCALES.get(self.code, self.code)


def home_path(code: str) -> str:
    """The home page's path in a language: no prefix for the default one."""
    return get_script_prefix() + ("" if code == settings.LANGUAGE_CODE else f"{code}/")


def _translated(path: str, code: str, current: str) -> str:
    # Django returns unchanged what it cannot resolve (an error page's address): then the home page is used.
    translated = translate_url(path, code)
    return home_path(code) if translated == path and code != current else translated


@register.simple_tag(takes_context=True)
def language_versions(context: template.Context) -> list[LanguageVersion]:
    """This page in every language of the site, in the order of settings; empty without a request."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    current = get_language() or settings.LANGUAGE_CODE
    asked = "/" + request.get_full_path().lstrip("/")  # two slashes would begin the address of another site
    return [
        LanguageVersion(
            code=code,
            name=str(name),
            direction="rtl" if get_language_info(code)["bidi"] else "ltr",
            url=_translated(asked, code, current),
            canonical=absolute(_translated(request.path, code, current), request),
            is_current=code == current,
        )
        for code, name in settings.LANGUAGES
    ]


@register.filter
def direction_of(code: Any) -> str:
    """`rtl` or `ltr` for a language code; for the dir attribute of a text in another language."""
    try:
        return "rtl" if get_language_info(str(code))["bidi"] else "ltr"
    except KeyError:
        return "auto"
