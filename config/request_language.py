"""The language of a request.

For pages only the address decides: Turkish is under /tr/, Arabic under /ar/, English has no prefix. Cookies and
Accept-Language are ignored, so an address shows everybody the same page, and a cache may keep it. The desk has the same
address in all languages, so there the reader's choice decides. In the API Accept-Language decides, unless the `lang`
parameter is given.
"""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

CHOSEN_BY_THE_READER = ("/admin/", "/api/")

MAX_RANGES = 50
"""More than these nobody asks for; the rest of the header is not read."""


def chosen(request: HttpRequest) -> str:
    """At the desk the language in the cookie of its switch; otherwise the one that Accept-Language asks for."""
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if kept in dict(settings.LANGUAGES) and request.path_info.startswith(settings.LANGUAGE_COOKIE_PATH):
        return kept
    return accepted(request.headers.get("Accept-Language", ""))


def accepted(header: str) -> str:
    """The language of the site that an Accept-Language header prefers (RFC 9110, 12.5.4).

    A range with weight 0 refuses a language. `*` applies to all languages that are not named. If none is accepted, the
    result is the first one that is not refused.
    """
    weights: dict[str, float] = {}
    for text in header.lower().split(",")[:MAX_RANGES]:
        name, _, number = text.replace(" ", "").partition(";q=")
        named, _, territory = name.partition("-")
        try:
            weighs = float(number or 1)
        except ValueError:
            continue
        if 0 <= weighs <= 1 and (weighs or not territory):  # a refused territory does not refuse the language
            weights[named] = max(weights.get(named, 0), weighs)
    languages = [code for code, _name in settings.LANGUAGES]
    weight = {language: weights.get(language, weights.get("*")) for language in languages}
    as_named = [name for name in weights if name in languages] + languages
    wanted = [language for language in as_named if weight[language]]
    if wanted:
        return max(wanted, key=lambda language: weight[language] or 0)  # of equal weights the first
    return next((language for language in languages if weight[language] is None), settings.LANGUAGE_CODE)


def language_of(request: HttpRequest) -> str:
    """The language in which `request` is answered."""
    if request.path_info.startswith(CHOSEN_BY_THE_READER):
        return chosen(request)
    return translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
