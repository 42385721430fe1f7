"""Answers for the public that are kept, and given before anything else is done for a request.

A kept answer is exactly what would be made now: the first statement of each request reads the revision of what is
public, and only what was made under the same one is given. What is made is kept under the revision that was read
before it was begun.
"""

import functools
import time
from collections.abc import Callable
from urllib.parse import quote_from_bytes, unquote_to_bytes

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import set_response_etag

from config.fingerprint import fingerprint
from config.request_language import accepted
from publishing.api.negotiation import preferences
from publishing.reader.audience import PROBES
from publishing.reader.http_cache import refuses_to_be_kept
from publishing.reader.kept_answers import MAKING, InProcess, InValkey, Kept, Making, Question
from publishing.reader.replicas import Replicas
from publishing.reader.revision import revision
from publishing.site_address import site_address

ELSEWHERE = ("/admin", *PROBES)
"""Beginnings of the paths that are no public pages."""

THE_API = "/api/"

ON_THE_PRIMARY = "/api/v1/changes/"
"""Waits for whoever is publishing, which only the primary knows."""

OF_ONE_PERSON = ("HTTP_AUTHORIZATION", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_TRANSFER_ENCODING")
"""What makes a request one that is answered for itself: who sends it, conditions that refuse it, a body."""

METHODS = ("GET", "HEAD")

COOKIES = (settings.SESSION_COOKIE_NAME, "messages")
"""What tells who somebody is, or waits to be told to him."""

KEPT = {200, 404, 410}

IN_THE_KEY = {"accept", "accept-language"}
"""What an answer of the API may vary on; a page varies on nothing."""

MAX_PARAMETERS = 50
MAX_QUERY = 2_000
"""Characters. What is longer is answered, and not kept."""

A_LOOK = 0.02
"""Seconds between two looks for what another process makes."""


def canonical(query: str) -> str | None:
    """The query of an address in the one way in which it is asked here; None where it is too long to be kept.

    Parameters by their names, those of one name in their order; each character written as itself or as its percent
    sign, never in two ways. Raises UnicodeError for what no server hands on.
    """
    if not query:
        return ""
    parts = [part for part in query.encode("latin-1").split(b"&") if part]
    if len(parts) > MAX_PARAMETERS or len(query) > MAX_QUERY:
        return None
    pairs = [part.partition(b"=")[::2] for part in parts]
    plain = [tuple(unquote_to_bytes(text.replace(b"+", b" ")) for text in pair) for pair in pairs]
    plain.sort(key=lambda pair: pair[0])
    return "&".join("=".join(quote_from_bytes(text, safe=" ").replace(" ", "+") for text in pair) for pair in plain)


@functools.lru_cache(512)
def language_and_formats(language: str, formats: str) -> tuple[str, str]:
    """What the API makes of Accept-Language and of Accept."""
    return accepted(language), preferences(formats)


def question_of(request: HttpRequest) -> Question | None:
    """What `request` asks, to the last thing that its answer depends on; None where the answer is for itself alone.

    Equal questions are put to the views in one way, so that their answers are the same to the byte.
    """
    sent = request.META
    cookies = sent.get("HTTP_COOKIE", "")
    if (
        not settings.MAJLIS_KEPT_MEGABYTES
        or request.method not in METHODS
        or request.path_info.startswith(ELSEWHERE)
        or any(name in sent for name in OF_ONE_PERSON)
        or any(name in cookies for name in COOKIES)
        or sent.get("CONTENT_LENGTH", "") not in {"", "0"}
    ):
        return None
    try:
        if settings.SITE_URL:
            request.get_host()  # which may not be ours, also where no address begins with it
        site, query = site_address(request), canonical(sent.get("QUERY_STRING", ""))
    except (DisallowedHost, UnicodeError):
        return None
    if query is None:
        return None
    sent["QUERY_STRING"] = query
    if not request.path_info.startswith(THE_API):
        return (site, request.path_info, query)
    asked = language_and_formats(sent.get("HTTP_ACCEPT_LANGUAGE", ""), sent.get("HTTP_ACCEPT", ""))
    return (site, request.path_info, query, *asked)


def may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether `response` is the same for everybody who asks what `request` does."""
    varies = {name.strip().lower() for name in response.headers.get("Vary", "").split(",")} - {""}
    return (
        request.method == "GET"
        and isinstance(response, HttpResponse)  # what is streamed is not there yet
        and response.status_code in KEPT
        and not response.cookies
        and not refuses_to_be_kept(response)
        and varies <= (IN_THE_KEY if request.path_info.startswith(THE_API) else set())
    )


class KeptAnswersMiddleware:
    """Gives what is kept, and keeps what is made. Stands inside of what answers conditions, and outside of the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.in_process = InProcess()
        self.in_valkey = InValkey(fingerprint() if settings.CACHE_URL else "")
        self.making = Making()
        self.replicas = Replicas()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        question = question_of(request)
        if question is None:
            return self.get_response(request)
        deadline = time.monotonic() + MAKING
        while True:
            at = revision()
            if at is None:
                return self.get_response(request)
            kept = self.in_process.get(question, at)
            if kept is not None:
                return kept.response()
            if request.method == "HEAD":
                return self.answer(request, at)
            made = self.making.begin(question, at)
            if made is None:
                try:
                    return self.make(request, question, at)
                finally:
                    self.making.end(question, at)
            if not made.wait(deadline - time.monotonic()):
                return self.answer(request, at)

    def answer(self, request: HttpRequest, at: str) -> HttpResponseBase:
        """Made on a replica that shows the revision `at`; on the primary where there is none, or where it fails."""
        if not request.path_info.startswith(ON_THE_PRIMARY):
            with self.replicas.reading(at) as reading:
                if reading is not None:
                    response = self.get_response(request)
            if reading is not None and not reading.has_failed:
                return response
        return self.get_response(request)

    def make(self, request: HttpRequest, question: Question, at: str) -> HttpResponseBase:
        """The answer under the revision `at`, which was read before: from another process, or made here."""
        kept = self.made_elsewhere(question, at)
        if kept is not None:
            self.in_process.put(question, at, kept)
            return kept.response()
        try:
            response = self.answer(request, at)
            if may_be_kept(request, response):
                self.keep(question, at, response)  # type: ignore[arg-type]
        finally:
            self.in_valkey.has_made(question, at)
        return response

    def keep(self, question: Question, at: str, response: HttpResponse) -> None:
        if response.status_code == 200 and not response.has_header("ETag"):
            set_response_etag(response)
        kept = Kept.of(response)
        self.in_process.put(question, at, kept)
        self.in_valkey.put(question, at, kept)

    def made_elsewhere(self, question: Question, at: str) -> Kept | None:
        """What another process has made, or makes just now; None where it is for this one to make it."""
        deadline = time.monotonic() + MAKING
        while True:
            kept = self.in_valkey.get(question, at)
            if kept is not None or self.in_valkey.may_make(question, at) or time.monotonic() > deadline:
                return kept
            time.sleep(A_LOOK)
