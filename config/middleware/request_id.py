"""An id for each request, in every line of its log and in the response.

A proxy or a partner may send X-Request-ID to follow a request through several systems. Because it is logged, only a
short, plain value is accepted; any other is replaced.
"""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Must stand before django_structlog's middleware, which reads the same header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = sent if ACCEPTED_ID.fullmatch(sent) else uuid.uuid4().hex
        request.META["HTTP_X_REQUEST_ID"] = request_id
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        return response
