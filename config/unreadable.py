"""Refuses requests with text that PostgreSQL cannot store, before any view, at the desk as on every page.

PostgreSQL has no text with a NUL byte, so a query with one fails. Forms refuse NUL at their fields; the API has its own
message for its parameters.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from publishing.query_parameters import null_characters

NUL = "\0"
THE_API = "/api/"


class UnreadableMiddleware:
    """Refuses NUL bytes in an address, and removes cookies that contain one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A browser sends its cookies with every request: if they were refused, all its requests would fail.
        for name in [name for name, value in request.COOKIES.items() if NUL in value]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if request.path_info.startswith(THE_API):
            return None
        if NUL in request.path_info:
            raise Http404("a NUL byte in the path")
        problems = null_characters(request.GET)
        return render(request, "unreadable.html", {"problems": problems}, status=400) if problems else None
