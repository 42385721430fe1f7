"""Where answers for the public are kept: in the process, within a bound in bytes, and in Valkey where there is one.

Each is kept under the question it answers and the revision of what is public (`revision.py`) that was read before it
was made. Nothing is ever thrown away because it has become old: nobody asks for its revision again, and so it is
pushed out by what is asked for.
"""

import hashlib
import hmac
import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.http import HttpResponse

logger = logging.getLogger(__name__)

T = TypeVar("T")

Question = tuple[str, ...]
"""All that an answer depends on beside what is public: the site's address, path, query, language, formats."""

MEGABYTE = 1_000_000

BESIDE = 1_000
"""Bytes that an answer costs beside its body, about."""

REGULARS = 0.8
"""The part of the bound for what was asked for more than once."""

LARGEST = 1 / 16
"""The part of the bound that one answer may take at most."""

PAUSE = 10.0
"""Seconds for which Valkey is not asked after it has failed."""

LASTS = 86_400
"""Seconds after which Valkey forgets an answer; it is pushed out earlier where there is little room."""

MAKING = 5
"""Seconds for which other processes wait at most for the one that makes an answer."""


class Kept(NamedTuple):
    """An answer: what is the same for everybody who asks the same question."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def of(cls, response: HttpResponse) -> "Kept":
        return cls(response.status_code, tuple(response.headers.items()), response.content)

    def response(self) -> HttpResponse:
        return HttpResponse(self.body, status=self.status, headers=dict(self.headers))

    def as_bytes(self) -> bytes:
        return json.dumps([self.status, self.headers]).encode() + b"\n" + self.body

    @classmethod
    def from_bytes(cls, data: bytes) -> "Kept":
        """Of what `as_bytes` made, and nobody has touched."""
        head, _, body = data.partition(b"\n")
        status, headers = json.loads(head)
        return cls(status, tuple((name, value) for name, value in headers), body)

    @property
    def size(self) -> int:
        """In bytes, about."""
        return len(self.body) + BESIDE


class InProcess:
    """The answers of this process.

    What is new has a fifth of the room; what is asked for a second time moves up to the rest. So whoever asks for ever
    other addresses pushes out what nobody asks for again, and not what many ask for.
    """

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.newcomers: OrderedDict[Question, tuple[str, Kept]] = OrderedDict()
        self.regulars: OrderedDict[Question, tuple[str, Kept]] = OrderedDict()
        self.size = self.size_of_regulars = 0

    def get(self, question: Question, revision: str) -> Kept | None:
        with self.turn:
            segment = self.regulars if question in self.regulars else self.newcomers
            at, kept = segment.get(question, ("", None))
            if kept is None or at != revision:
                return None
            if segment is self.newcomers:
                del self.newcomers[question]
                self.regulars[question] = (at, kept)
                self.size_of_regulars += kept.size
                self._make_room()
            else:
                self.regulars.move_to_end(question)
            return kept

    def put(self, question: Question, revision: str, kept: Kept) -> None:
        if kept.size > LARGEST * bound():
            return
        with self.turn:
            segment = self.regulars if question in self.regulars else self.newcomers
            before = segment[question][1].size if question in segment else 0
            segment[question] = (revision, kept)
            segment.move_to_end(question)
            self.size += kept.size - before
            if segment is self.regulars:
                self.size_of_regulars += kept.size - before
            self._make_room()

    def clear(self) -> None:
        with self.turn:
            self.newcomers.clear()
            self.regulars.clear()
            self.size = self.size_of_regulars = 0

    def _make_room(self) -> None:
        while self.size_of_regulars > REGULARS * bound():
            question, found = self.regulars.popitem(last=False)
            self.newcomers[question] = found
            self.size_of_regulars -= found[1].size
        while self.size > bound():
            _, (_, kept) = self.newcomers.popitem(last=False)
            self.size -= kept.size


def bound() -> float:
    """How many bytes of answers a process keeps."""
    return float(settings.MAJLIS_KEPT_MEGABYTES * MEGABYTE)


class AsBytes:
    """Values for Django's cache as they are: what comes from outside is never unpickled."""

    def dumps(self, value: bytes) -> bytes:
        return value

    def loads(self, value: bytes) -> bytes:
        return value


class InValkey:
    """The answers that several processes share, where CACHE_URL names a server; without it there are none.

    What fails there fails nobody: after a failure the server is left alone for a while, and one line says so. Each value
    is signed with CACHE_SECRET, for one question and revision; that somebody else has put one there is a failure too.
    """

    def __init__(self, code: str) -> None:
        """`code` is another one where the same question may be answered in another way."""
        self.code = code
        self.is_failing = False
        self.rests_until = 0.0

    def get(self, question: Question, revision: str) -> Kept | None:
        name = self.name(question, revision)

        def signed(server: BaseCache) -> bytes | None:
            value: bytes | None = server.get(name)
            if value is not None and not hmac.compare_digest(value[:32], self.sign(name, value[32:])):
                raise ValueError("what it holds is not signed with CACHE_SECRET")
            return value

        value = self.attempt(signed)
        return None if value is None else Kept.from_bytes(value[32:])

    def put(self, question: Question, revision: str, kept: Kept) -> None:
        if kept.size <= LARGEST * bound():
            name, data = self.name(question, revision), kept.as_bytes()
            self.attempt(lambda server: server.set(name, self.sign(name, data) + data, LASTS))

    def may_make(self, question: Question, revision: str) -> bool:
        """Whether no other process is making this answer just now; from then on, this one is."""
        name = f"{self.name(question, revision)}.making"
        return self.attempt(lambda server: server.add(name, b"1", MAKING)) is not False

    def has_made(self, question: Question, revision: str) -> None:
        name = f"{self.name(question, revision)}.making"
        self.attempt(lambda server: server.delete(name))

    def name(self, question: Question, revision: str) -> str:
        return self.sign(json.dumps([self.code, revision, question]), b"").hex()

    def sign(self, name: str, data: bytes) -> bytes:
        return hmac.digest(settings.CACHE_SECRET.encode(), name.encode() + b"\n" + data, hashlib.sha256)

    def attempt(self, work: Callable[[BaseCache], T]) -> T | None:
        """What `work` gives; None where there is no server, or it fails."""
        if not settings.CACHE_URL or time.monotonic() < self.rests_until:
            return None
        try:
            found = work(caches["answers"])
        except Exception as error:  # the driver fails in any way over what is no Valkey
            self.rests_until = time.monotonic() + PAUSE
            if not self.is_failing:
                self.is_failing = True
                logger.error("CACHE_URL fails, and answers are kept in each process alone: %s", error)
            return None
        if self.is_failing:
            self.is_failing = False
            logger.warning("CACHE_URL answers again")
        return found


class Making:
    """Which answers are being made in this process."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.ends: dict[tuple[Question, str], threading.Event] = {}

    def begin(self, question: Question, revision: str) -> threading.Event | None:
        """What happens when somebody else has made it; None where nobody does, and from then on the caller does."""
        with self.turn:
            end = self.ends.get((question, revision))
            if end is None:
                self.ends[question, revision] = threading.Event()
            return end

    def end(self, question: Question, revision: str) -> None:
        with self.turn:
            self.ends.pop((question, revision)).set()
