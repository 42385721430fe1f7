"""A request for which the database has no connection is told when to ask again, whoever refuses it: a server that is full,
a pooler that is full, a machine that says nothing, a session that was ended meanwhile.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from struct import pack, unpack
from time import monotonic
from typing import Any

import psycopg
import pytest
from django.db import InternalError, OperationalError, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from procrastinate.exceptions import ConnectorException

from config.site.pages import AboutPage

PLACES = [("/", "en"), ("/tr/claims/", "tr"), ("/ar/nothing-here/", "ar"), ("/admin/login/", "en")]
API = ["/api/v1/", "/api/v1/claims/", "/api/v1/changes/"]


@pytest.fixture
def elsewhere(db: None) -> Iterator[Callable[..., Any]]:
    """Calls something in a thread of its own, which has no connection yet."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda call, *args, **how: thread.submit(call, *args, **how).result()
        thread.submit(connections.close_all).result()


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def ask(visitor: Client, path: str) -> Any:
    return visitor.post(path, {"username": "a", "password": "b"}) if path == "/admin/login/" else visitor.get(path)


def are_told(elsewhere: Callable[..., Any], visitor: Client) -> None:
    for path, language in PLACES:
        response = elsewhere(ask, visitor, path)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5"), path
        assert response.headers["Content-Language"] == language
        assert f'<html lang="{language}"' in response.content.decode()
    for path in API:
        response = elsewhere(ask, visitor, path)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5"), path
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["type"] == "urn:majlis:problem:busy"


@contextmanager
def owner() -> Iterator[psycopg.Connection[Any]]:
    """A connection to another database of the server."""
    parameters = connection.get_connection_params() | {"autocommit": True, "dbname": "postgres"}
    for ours in ("context", "cursor_factory"):
        parameters.pop(ours, None)
    with psycopg.connect(**parameters) as other:
        yield other


def test_server_that_is_full(elsewhere: Callable[..., Any], visitor: Client) -> None:
    name = psycopg.sql.Identifier(connection.settings_dict["NAME"])
    limit = psycopg.sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}")
    with owner() as other:
        other.execute(limit.format(name, 0))
        try:
            with pytest.raises(OperationalError, match="too many connections"):
                elsewhere(lambda: connection.cursor().execute("SELECT 1"))
            are_told(elsewhere, visitor)
        finally:
            other.execute(limit.format(name, -1))
    assert elsewhere(ask, visitor, "/").status_code == 200


# What PgBouncer says, and whether it says so to whoever connects or to whoever waits for a server afterwards.
REFUSALS = [
    ("no more connections allowed (max_client_conn)", False),
    ("pgbouncer cannot connect to server", False),
    ("query_wait_timeout", True),
    ("server conn crashed?", True),
    ("the database system is shutting down", True),
]


def message(kind: bytes, body: bytes) -> bytes:
    return kind + pack("!i", len(body) + 4) + body


def refuse(client: socket.socket, words: str, later: bool) -> None:
    """Speaks PostgreSQL's protocol as far as its refusal."""
    fatal = message(b"E", b"".join((b"SFATAL\0VFATAL\0C08P01\0M", words.encode(), b"\0\0")))
    with client, client.makefile("rb") as sent:
        while True:
            length, version = unpack("!ii", sent.read(8))
            sent.read(length - 8)
            if version == 3 << 16:
                break
            client.sendall(b"N")  # no encryption
        if later:
            parameters = [message(b"S", b"server_version\x0018.0\0"), message(b"S", b"client_encoding\0UTF8\0")]
            client.sendall(b"".join((message(b"R", pack("!i", 0)), *parameters, message(b"Z", b"I"))))
            sent.read(1)
        client.sendall(fatal)


@contextmanager
def pooler(words: str, later: bool) -> Iterator[int]:
    """A pooler that has no connection for anybody; its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                refuse(client, words, later)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def to_port(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    parameters = DatabaseWrapper.get_connection_params

    def elsewhere(wrapper: DatabaseWrapper) -> dict[str, Any]:
        return parameters(wrapper) | {"host": "127.0.0.1", "port": port}

    monkeypatch.setattr(DatabaseWrapper, "get_connection_params", elsewhere)


@pytest.mark.parametrize(("words", "later"), REFUSALS)
def test_pooler_that_is_full(
    elsewhere: Callable[..., Any], visitor: Client, monkeypatch: pytest.MonkeyPatch, words: str, later: bool
) -> None:
    with pooler(words, later) as port:
        to_port(monkeypatch, port)
        with pytest.raises(OperationalError, match=words.partition("(")[0]):
            elsewhere(lambda: connection.cursor().execute("SELECT 1"))
        elsewhere(connections.close_all)
        are_told(elsewhere, visitor)


def test_machine_that_says_nothing_is_waited_for_for_seconds(
    elsewhere: Callable[..., Any], visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        to_port(monkeypatch, silent.getsockname()[1])
        began = monotonic()
        response = elsewhere(ask, visitor, "/tr/claims/")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
        assert monotonic() - began < 20  # of gunicorn's 30


def ended(*args: object, **how: object) -> None:
    """A session in whose transaction nothing happened for too long."""
    raise InternalError("terminating connection") from psycopg.errors.IdleInTransactionSessionTimeout()


def in_a_library(*args: object, **how: object) -> None:
    try:
        raise OperationalError("too many connections")
    except OperationalError as error:
        raise ConnectorException from error


def wrong(*args: object, **how: object) -> None:
    raise InternalError("cannot execute INSERT") from psycopg.errors.ReadOnlySqlTransaction()


@pytest.mark.parametrize(("fails", "status"), [(ended, 503), (in_a_library, 503), (wrong, 500)])
def test_what_is_no_fault_of_the_request(
    elsewhere: Callable[..., Any],
    visitor: Client,
    monkeypatch: pytest.MonkeyPatch,
    fails: Callable[..., None],
    status: int,
) -> None:
    monkeypatch.setattr(AboutPage, "get_context_data", fails)
    response = elsewhere(visitor.get, "/about/")
    assert (response.status_code, response.headers.get("Retry-After")) == (status, "5" if status == 503 else None)
