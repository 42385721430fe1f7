"""Bodies that are too large are answered before anything of them is read."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

from config import error_pages

LENGTH = re.compile(r"[0-9]{1,20}")
"""Python refuses to read a number of some thousand digits."""


class BodyLimitMiddleware:
    """Answers a request that announces more than MAX_BODY_BYTES at once, and reads nothing of it.

    Otherwise the check against forged forms, which reads the form, would take the whole body in before
    anybody has asked who sends it. A body of which no length is announced is not read by Django at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        is_number = LENGTH.fullmatch(announced) is not None
        if not is_number and request.method not in ("GET", "HEAD", "OPTIONS"):
            raise BadRequest("the length of the body is no number")
        if not is_number or int(announced) <= settings.MAX_BODY_BYTES:
            return self.get_response(request)
        return error_pages.too_large(request, most=settings.MAX_FILE_BYTES)
