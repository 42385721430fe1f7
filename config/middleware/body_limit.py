"""Refuses request bodies that are too large, before reading them."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

from config import error_pages

CONTENT_LENGTH = re.compile(r"[0-9]{1,20}")
"""Python refuses to parse a number with thousands of digits."""


class BodyLimitMiddleware:
    """Refuses a request that announces more than MAX_BODY_BYTES at once, without reading it.

    Otherwise the CSRF check, which reads the form, would load the whole body before anybody has asked who sends it.
    Django does not read a body without an announced length at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        is_number = CONTENT_LENGTH.fullmatch(announced) is not None
        if not is_number and request.method not in ("GET", "HEAD", "OPTIONS"):
            raise BadRequest("the length of the body is no number")
        if not is_number or int(announced) <= settings.MAX_BODY_BYTES:
            return self.get_response(request)
        return error_pages.too_large(request, most=settings.MAX_FILE_BYTES)
