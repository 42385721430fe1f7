"""HTTP caching: others may keep an answer, but must ask again each time before they use it.

What is corrected, restricted or withdrawn must change everywhere at once, also in browsers and proxies. So an answer to
the public may be kept, but must be revalidated each time. A strong ETag over its bytes makes that cheap: unchanged
content is not sent again (304). An answer to the desk is kept nowhere. What this process keeps is revalidated each
time too, in `kept_answers.py`.
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
    """Applies the conditions of `request`: 304 or 412 where they ask for it, else `response` with its ETag."""
    if (
        request.method not in {"GET", "HEAD"}
        or response.status_code != 200
        or not isinstance(response, HttpResponse)  # the content of a streamed response is not known yet
        or refuses_to_be_kept(response)
    ):
        return response
    if not response.has_header("ETag"):
        set_response_etag(response)
    answer = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return response if answer is None else answer


def without_encoding(etags: str) -> str:
    """The tags of an If-None-Match header as we sent them.

    Apache compresses responses and appends that to the tag ("…-gzip"). Others make a tag weak, which makes no
    difference to If-None-Match (RFC 9110, 13.1.2).
    """
    return ENCODED.sub('"', etags)


class FreshnessMiddleware:
    """Sets the caching headers of every response. Must stand outside all middleware that makes or changes responses.

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
