"""Which language a request is answered in.

For pages the address alone decides: /tr/ and /ar/ prefix theirs and English has none. Neither a
cookie nor Accept-Language is looked at, so an address shows everybody the same page, and a cache may
keep it. The desk has one address for all, so there the reader's own choice decides; so it does in
the API, whose texts are data and whose `lang` parameter overrides it.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

CHOSEN_BY_THE_READER = ("/admin/", "/api/")


def language_of(request: HttpRequest) -> str:
    """The language in which `request` is answered."""
    if request.path_info.startswith(CHOSEN_BY_THE_READER):
        return translation.get_language_from_request(request)
    return translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Activates the language of the request; stands where Django's LocaleMiddleware would."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        if request.path_info.startswith(CHOSEN_BY_THE_READER):
            patch_vary_headers(response, ["Accept-Language"])
        return response
