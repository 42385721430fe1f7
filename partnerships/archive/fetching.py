"""Fetches a web address that a stranger has chosen, without trusting it.

A name is resolved once, every address it has must be public, and the connection goes to one of those very addresses,
whatever the name resolves to a moment later. The same at every redirect. No cookies, no credentials, no proxies; TLS is
verified; bytes, time, redirects and the unpacked size of compressed data are limited.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from partnerships.archive.addresses import IPAddress, is_public
from partnerships.archive.kinds import CONTENT_KINDS, declared, is_of_kind


class Reason(models.TextChoices):
    """Why there is no copy."""

    MALFORMED = "malformed", _("This is no address of a page.")
    SCHEME = "scheme", _("Only http and https are fetched.")
    CREDENTIALS = "credentials", _("The address holds a name or a password.")
    PORT = "port", _("Only the usual ports of the web are fetched.")
    ADDRESS = "address", _("It leads to an address that is not on the public internet.")
    REDIRECTS = "redirects", _("It leads on and on.")
    DENIED = "denied", _("It answers, but does not let us have it.")
    TYPE = "type", _("It is no page, PDF, text or picture.")
    TOO_LARGE = "too_large", _("It is larger than 20 MB.")
    ENCODING = "encoding", _("It is packed in a way that is not unpacked here.")
    NAME = "name", _("Its host has no address.")
    NO_CONNECTION = "no_connection", _("Its host does not answer.")
    TLS = "tls", _("Its host does not prove who it is.")
    TOO_SLOW = "too_slow", _("It takes too long.")
    NOT_FOUND = "not_found", _("Its host says that it is not there.")
    SERVER_ERROR = "server_error", _("Its host reports an error of its own.")
    BROKEN = "broken", _("Its host gives no answer that can be read.")


UNREACHABLE = frozenset(
    {
        Reason.NAME,
        Reason.NO_CONNECTION,
        Reason.TLS,
        Reason.TOO_SLOW,
        Reason.NOT_FOUND,
        Reason.SERVER_ERROR,
        Reason.BROKEN,
    }
)
"""Reasons on the other side that may pass; the rest are refusals, by the other side or by us."""


class NotFetched(Exception):  # noqa: N818 – reads as what happened
    """No copy was fetched; `reason` says why, `status` is the host's answer, if there was one."""

    def __init__(self, reason: Reason, *, final_url: str, status: int | None = None) -> None:
        self.reason, self.final_url, self.status = reason, final_url, status
        super().__init__(f"{reason.value} at {final_url}")


@dataclass(frozen=True, slots=True)
class Fetched:
    """The result of a fetch; `content` is None if it was only asked whether the address answers."""

    final_url: str
    status: int
    media_type: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Limits:
    bytes: int = 20 * 1024 * 1024
    seconds: float = 60
    silence: float = 10
    """Seconds to establish a connection, or without a byte."""

    redirects: int = 5
    url: int = 2000
    """The longest address, in characters."""


Resolve = Callable[[str, int], Sequence[IPAddress]]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
PORTS = {"http": 80, "https": 443}
TRIED = 3
"""How many addresses of one host are tried."""

BLOCK = 65_536
AGENT = "Majlis (keeps copies of what it cites)"


def resolved(host: str, port: int) -> list[IPAddress]:
    """Every address that the system finds for `host`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(answer[4][0]) for answer in found]


class _Deadline:
    """Closes the connection in use when the time is up, even if data is still arriving."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds
        self.socket: socket.socket | None = None
        self.lock = threading.Lock()
        self.passed = False
        self.timer = threading.Timer(seconds, self._break_off)
        self.timer.daemon = True

    def __enter__(self) -> "_Deadline":
        self.timer.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.timer.cancel()

    def watch(self, watched: socket.socket) -> None:
        with self.lock:
            self.socket = watched
        if self.passed:
            self._break_off()

    def _break_off(self) -> None:
        with self.lock:
            self.passed = True
            if self.socket is not None:
                with contextlib.suppress(OSError):  # it may have ended by itself
                    # The plain socket, also under TLS: whoever reads from it wakes up.
                    socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


class _PinnedConnection(HTTPConnection):
    """Connects to the given address, whatever the host's name resolves to by now."""

    pinned: IPAddress
    deadline: _Deadline

    def _new_conn(self) -> socket.socket:
        made = socket.create_connection((str(self.pinned), self.port), timeout=self.timeout)
        self.deadline.watch(made)
        return made


class _PinnedTLSConnection(_PinnedConnection, HTTPSConnection):
    """The same over TLS; the certificate must be that of the host's name."""

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, socket.socket):
            self.deadline.watch(self.sock)  # the one before was taken over by TLS


@dataclass(frozen=True, slots=True)
class _Place:
    """One address, parsed and checked, except for where it leads."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def _place(url: str, *, ports: Collection[int], limits: Limits) -> _Place:
    if len(url) > limits.url or any(ord(sign) <= 0x20 or ord(sign) == 0x7F or sign == "\\" for sign in url):
        raise NotFetched(Reason.MALFORMED, final_url=url[: limits.url])
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
        # A zone, as in fe80::1%eth0, would name one of our own network interfaces.
        host = str(ipaddress.IPv6Address(host.replace("%", "!"))) if "[" in parts.netloc else _ascii(host)
    except ValueError:  # UnicodeError is one
        raise NotFetched(Reason.MALFORMED, final_url=url) from None
    if parts.scheme not in PORTS:
        raise NotFetched(Reason.SCHEME, final_url=url)
    if parts.username is not None or parts.password is not None:
        # The record of the error must not contain what the address must not contain.
        bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        raise NotFetched(Reason.CREDENTIALS, final_url=bare)
    if not host:
        raise NotFetched(Reason.MALFORMED, final_url=url)
    port = PORTS[parts.scheme] if port is None else port
    if port not in ports:
        raise NotFetched(Reason.PORT, final_url=url)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return _Place(parts.scheme, host, port, f"{path}?{query}" if parts.query else path)


def _ascii(host: str) -> str:
    """The name of a host as it is looked up. Raises ValueError."""
    return host.encode("idna").decode("ascii").lower()


def fetch(
    url: str,
    *,
    with_content: bool = True,
    limits: Limits | None = None,
    resolve: Resolve | None = None,
    may_connect: Callable[[IPAddress], bool] = is_public,
    ports: Collection[int] | None = None,
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """Fetches `url`. Raises only NotFetched.

    Without `with_content` it only asks whether the address answers, and does not read the body.
    """
    limits = limits or Limits()
    resolve = resolve or resolved
    ports = settings.MAJLIS_ARCHIVE_PORTS if ports is None else ports
    with _Deadline(limits.seconds) as deadline:
        for _turn in range(limits.redirects + 1):
            place = _place(url, ports=ports, limits=limits)
            connection, response = _ask(place, deadline, limits, resolve, may_connect, tls)
            try:
                if response.status not in REDIRECTS or not response.headers.get("Location"):
                    return _answer(place, response, deadline, limits, with_content=with_content)
                url = _joined(place, response.headers["Location"], limits)
            finally:
                response.close()
                connection.close()
        raise NotFetched(Reason.REDIRECTS, final_url=url[: limits.url], status=response.status)


def _joined(place: _Place, location: str, limits: Limits) -> str:
    """The target of a redirect; a header holds bytes, and what was read as Latin-1 is usually UTF-8."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    try:
        return urljoin(place.url, location)
    except ValueError:
        raise NotFetched(Reason.MALFORMED, final_url=place.url) from None


def _ask(
    place: _Place,
    deadline: _Deadline,
    limits: Limits,
    resolve: Resolve,
    may_connect: Callable[[IPAddress], bool],
    tls: ssl.SSLContext | None,
) -> "tuple[_PinnedConnection, BaseHTTPResponse]":
    """The beginning of the answer, through an address that was checked."""
    try:
        addresses = list(dict.fromkeys(_in_time(deadline, resolve, place.host, place.port)))
    except TimeoutError:
        raise NotFetched(Reason.TOO_SLOW, final_url=place.url) from None
    except (OSError, ValueError):
        raise NotFetched(Reason.NAME, final_url=place.url) from None
    if not addresses:
        raise NotFetched(Reason.NAME, final_url=place.url)
    if not all(may_connect(address) for address in addresses):
        # A name that also has one of our own addresses may be an attempt to make us connect to that one.
        raise NotFetched(Reason.ADDRESS, final_url=place.url)
    refusal = NotFetched(Reason.NO_CONNECTION, final_url=place.url)
    for address in addresses[:TRIED]:
        try:
            return _ask_at(address, place, deadline, limits, tls)
        except NotFetched as refused:
            refusal = refused
            if refused.reason != Reason.NO_CONNECTION:
                break
    raise refusal


def _in_time(deadline: _Deadline, resolve: Resolve, host: str, port: int) -> Sequence[IPAddress]:
    """The result of `resolve`, or TimeoutError: the system's resolver may take any time and cannot be stopped.

    Its thread is abandoned then, and ends when the system gives up.
    """
    found: Future[Sequence[IPAddress]] = Future()

    def look_up() -> None:
        try:
            found.set_result(resolve(host, port))
        except BaseException as error:
            found.set_exception(error)  # for whoever waits

    threading.Thread(target=look_up, daemon=True).start()
    return found.result(max(0, deadline.at - time.monotonic()))


def _ask_at(
    address: IPAddress, place: _Place, deadline: _Deadline, limits: Limits, tls: ssl.SSLContext | None
) -> "tuple[_PinnedConnection, BaseHTTPResponse]":
    left = deadline.at - time.monotonic()
    if left <= 0:
        raise NotFetched(Reason.TOO_SLOW, final_url=place.url)
    patience = min(limits.silence, left)
    connection: Any
    if place.scheme == "https":
        connection = _PinnedTLSConnection(
            place.host, place.port, timeout=patience, ssl_context=tls or ssl.create_default_context()
        )
    else:
        connection = _PinnedConnection(place.host, place.port, timeout=patience)
    connection.pinned, connection.deadline = address, deadline
    try:
        connection.connect()
    except ssl.SSLError as error:
        connection.close()
        slow = deadline.passed or isinstance(error, TimeoutError)
        raise NotFetched(Reason.TOO_SLOW if slow else Reason.TLS, final_url=place.url) from None
    except (HTTPError, OSError, ValueError):
        connection.close()
        raise NotFetched(Reason.TOO_SLOW if deadline.passed else Reason.NO_CONNECTION, final_url=place.url) from None
    try:
        connection.request(
            "GET",
            place.target,
            headers={
                "User-Agent": f"{AGENT} {settings.SITE_URL}".rstrip(),
                "Accept": ", ".join([*CONTENT_KINDS, "*/*;q=0.1"]),
                "Accept-Encoding": "gzip, identity",
                "Connection": "close",
            },
            preload_content=False,
            decode_content=False,
        )
        response: BaseHTTPResponse = connection.getresponse()
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        connection.close()
        slow = deadline.passed or isinstance(error, TimeoutError)
        raise NotFetched(Reason.TOO_SLOW if slow else Reason.BROKEN, final_url=place.url) from None
    if deadline.passed:  # a closed connection looks like an end
        response.close()
        connection.close()
        raise NotFetched(Reason.TOO_SLOW, final_url=place.url)
    return connection, response


def _answer(
    place: _Place, response: BaseHTTPResponse, deadline: _Deadline, limits: Limits, *, with_content: bool
) -> Fetched:
    status = response.status
    if status != 200:
        if status in (404, 410):
            reason = Reason.NOT_FOUND
        elif status >= 500:
            reason = Reason.SERVER_ERROR
        else:
            reason = Reason.DENIED
        raise NotFetched(reason, final_url=place.url, status=status)
    media_type = declared(response.headers.get("Content-Type", ""))
    if not with_content:
        return Fetched(place.url, status, media_type, None)

    def refused(reason: Reason) -> NotFetched:
        return NotFetched(reason, final_url=place.url, status=status)

    if media_type not in CONTENT_KINDS:
        raise refused(Reason.TYPE)
    if response.headers.get("Content-Encoding", "").strip().lower() not in ENCODINGS:
        raise refused(Reason.ENCODING)
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > limits.bytes:
        raise refused(Reason.TOO_LARGE)
    content = bytearray()
    try:
        # Each block is unpacked only as far as needed, so that a small body that unpacks to a large one is stopped
        # here.
        while block := response.read(BLOCK, decode_content=True):
            content += block
            if len(content) > limits.bytes:
                raise refused(Reason.TOO_LARGE)
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        slow = deadline.passed or isinstance(error, TimeoutError) or isinstance(error.__cause__, TimeoutError)
        raise refused(Reason.TOO_SLOW if slow else Reason.BROKEN) from None
    if deadline.passed:
        raise refused(Reason.TOO_SLOW)
    if not content:
        raise refused(Reason.BROKEN)
    if not is_of_kind(bytes(content), media_type):
        raise refused(Reason.TYPE)
    return Fetched(place.url, status, media_type, bytes(content))
