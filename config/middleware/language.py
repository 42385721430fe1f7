"""Sets the language of a request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from config.request_language import CHOSEN_BY_THE_READER, language_of


class LanguageMiddleware:
    """Activates the language of the request; replaces Django's LocaleMiddleware."""

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
