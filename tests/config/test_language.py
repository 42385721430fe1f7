"""The address alone decides a page's language."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from config.middleware.language import LanguageMiddleware


def answer(path: str, **headers: str) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(translation.get_language())

    request = RequestFactory().get(path, headers=headers)
    response = LanguageMiddleware(view)(request)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize(
    ("path", "language"), [("/", "en"), ("/claims/x/", "en"), ("/tr/", "tr"), ("/ar/claims/x/", "ar"), ("/arx/", "en")]
)
def test_page_takes_its_language_from_the_prefix_alone(path: str, language: str) -> None:
    response = answer(path, **{"Accept-Language": "ar, tr;q=0.5", "Cookie": "language=tr"})
    assert response.content.decode() == language
    assert response.headers["Content-Language"] == language
    assert "Vary" not in response.headers


@pytest.mark.parametrize("path", ["/admin/", "/api/v1/claims/"])
def test_desk_and_api_follow_the_reader(path: str) -> None:
    response = answer(path, **{"Accept-Language": "ar"})
    assert response.content == b"ar"
    assert response.headers["Vary"] == "Accept-Language"
    assert answer(path, **{"Accept-Language": "xx"}).content == b"en"
