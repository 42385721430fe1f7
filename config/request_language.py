"""Which language a request is answered in.

For pages the address alone decides: /tr/ and /ar/ prefix theirs and English has none. Neither a
cookie nor Accept-Language is looked at, so an address shows everybody the same page, and a cache may
keep it. The desk has one address for all, so there the reader's own choice decides; so it does in
the API, whose texts are data and whose `lang` parameter overrides it.
"""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

CHOSEN_BY_THE_READER = ("/admin/", "/api/")

MAX_RANGES = 50
"""More than these nobody asks for; the rest of the header is not read."""


def chosen(request: HttpRequest) -> str:
    """At the desk the language of the cookie that its switch sets; else what Accept-Language asks for."""
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if kept in dict(settings.LANGUAGES) and request.path_info.startswith(settings.LANGUAGE_COOKIE_PATH):
        return kept
    return accepted(request.headers.get("Accept-Language", ""))


def accepted(header: str) -> str:
    """The language of the site that an Accept-Language header wants most (RFC 9110, 12.5.4).

    A range of weight 0 refuses. Of a language that is not named by itself `*` decides; where nothing is
    wanted, it is the first one that is not refused.
    """
    weights: dict[str, float] = {}
    for text in header.lower().split(",")[:MAX_RANGES]:
        name, _, number = text.replace(" ", "").partition(";q=")
        named, _, territory = name.partition("-")
        try:
            weighs = float(number or 1)
        except ValueError:
            continue
        if 0 <= weighs <= 1 and (weighs or not territory):  # who refuses one country's Arabic does not refuse Arabic
            weights[named] = max(weights.get(named, 0), weighs)
    languages = [code for code, _name in settings.LANGUAGES]
    weight = {language: weights.get(language, weights.get("*")) for language in languages}
    as_named = [name for name in weights if name in languages] + languages
    wanted = [language for language in as_named if weight[language]]
    if wanted:
        return max(wanted, key=lambda language: weight[language] or 0)  # of equals the one that is named first
    return next((language for language in languages if weight[language] is None), settings.LANGUAGE_CODE)


def language_of(request: HttpRequest) -> str:
    """The language in which `request` is answered."""
    if request.path_info.startswith(CHOSEN_BY_THE_READER):
        return chosen(request)
    return translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
