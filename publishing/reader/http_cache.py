"""How long an answer may stand outside this process: never unasked.

What is tightened, withdrawn or put right must be so everywhere at once, in browsers and proxies too.
So whatever the public gets may be kept, and must be asked for again each time: a strong ETag over its
bytes makes that cheap, for what has not changed is not sent again (304). What the desk gets is kept
nowhere. In this process no content is kept at all; numbers for the public are, by `revision_cache.py`.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag

ASK_EACH_TIME = "no-cache"
KEEP_NOWHERE = "private, no-store"

ENCODED = re.compile(r'-+(?:gzip|deflate|br|zstd)"')


def refuses_to_be_kept(response: HttpResponseBase) -> bool:
    return "no-store" in response.headers.get("Cache-Control", "")


def on_condition(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer to the conditions of `request`: 304 or 412 where they say so, else `response` with its ETag."""
    if (
        request.method not in {"GET", "HEAD"}
        or response.status_code != 200
        or not isinstance(response, HttpResponse)  # what is streamed is not there yet
        or refuses_to_be_kept(response)
    ):
        return response
    if not response.has_header("ETag"):
        set_response_etag(response)
    answer = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return response if answer is None else answer


def without_encoding(etags: str) -> str:
    """The tags of an If-None-Match header as they left here.

    Apache compresses what it hands on and writes that into the tag ("…-gzip"); others make a tag weak, which
    makes no difference to If-None-Match (RFC 9110, 13.1.2).
    """
    return ENCODED.sub('"', etags)


class FreshnessMiddleware:
    """Says of every answer how it may be kept. Stands outside of whatever makes or changes answers.

    `AudienceMiddleware` marks what the desk has read with `KEEP_NOWHERE`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if known := request.META.get("HTTP_IF_NONE_MATCH"):
            request.META["HTTP_IF_NONE_MATCH"] = without_encoding(known)
        response = on_condition(request, self.get_response(request))
        response.headers.setdefault("Cache-Control", ASK_EACH_TIME)
        return response
