"""A hostile host on the loopback of this machine: each test defines what it does."""

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from partnerships.archive.addresses import IPAddress
from partnerships.archive.fetching import Fetched, Limits, fetch
from tests.support.patience import PATIENCE

__all__ = ["LOOPBACK", "StrangersHost", "answer", "listening"]

LOOPBACK = ipaddress.ip_address("127.0.0.1")
Conduct = Callable[[socket.socket, str], None]
"""What the host does with one connection, once it knows which path was asked for."""


def answer(
    body: bytes = b"<!doctype html><p>Talks</p>", *, status: str = "200 OK", **headers: str | None
) -> Callable[[socket.socket, str], None]:
    """Answers like any host; a header that is None is left out."""
    given: dict[str, str | None] = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }

    def conduct(client: socket.socket, path: str) -> None:
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in given.items() if value is not None)]
        client.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    return conduct


@dataclass
class StrangersHost:
    port: int
    conduct: Conduct
    asked: list[str] = field(default_factory=list)
    """The first bytes of each request."""

    ended: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/", *, scheme: str = "http", host: str = "example.org") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def fetch(self, path: str = "/", **how: Any) -> Fetched:
        """Fetches from here, with the one exception that names lead to the loopback and that it may be connected to."""
        how = {
            "resolve": lambda host, port: [LOOPBACK],
            "may_connect": lambda address: address == LOOPBACK,
            "ports": {self.port},
            "limits": Limits(seconds=10, silence=2),
            **how,
        }
        scheme, host = how.pop("scheme", "http"), how.pop("host", "example.org")
        return fetch(self.url(path, scheme=scheme, host=host), **how)


@contextlib.contextmanager
def listening(conduct: Conduct, *, tls: ssl.SSLContext | None = None) -> Iterator[StrangersHost]:
    with socket.create_server((str(LOOPBACK), 0)) as listener:
        host = StrangersHost(listener.getsockname()[1], conduct)
        threads: list[threading.Thread] = []

        def serve() -> None:
            while True:
                try:
                    client, _address = listener.accept()
                except OSError:
                    return
                thread = threading.Thread(target=attend, args=(client,))
                threads.append(thread)
                thread.start()

        def attend(client: socket.socket) -> None:
            with client:
                client.settimeout(10)
                with contextlib.suppress(OSError):  # the other side may hang up whenever it likes
                    if tls is None:
                        talk(client)
                    else:
                        with tls.wrap_socket(client, server_side=True) as over_tls:
                            talk(over_tls)

        def talk(client: socket.socket) -> None:
            request = b""
            while b"\r\n\r\n" not in request:
                block = client.recv(65_536)
                if not block:
                    return
                request += block
            host.asked.append(request.decode())
            host.conduct(client, request.split()[1].decode())

        accepting = threading.Thread(target=serve)
        accepting.start()
        try:
            yield host
        finally:
            host.ended.set()
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join(PATIENCE)
            for thread in threads:
                thread.join(PATIENCE)


def addresses(*texts: str) -> list[IPAddress]:
    return [ipaddress.ip_address(text) for text in texts]
