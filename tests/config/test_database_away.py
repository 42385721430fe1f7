"""While the database is unreachable every address says so, and when to try again; afterwards everything works as
before.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, close_old_connections, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client

from config.api.router import RootView
from config.site.pages import AboutPage

SECRET = "password of majlis@10.0.0.7"
PAGES = [
    ("/", "en"),
    ("/tr/claims/", "tr"),
    ("/ar/recommendations/?q=x", "ar"),
    ("/ar/nothing-here/", "ar"),
    ("/sitemap.xml", "en"),
    ("/feeds/claims/", "en"),
]
API = ["/api/v1/", "/api/v1/claims/", "/api/v1/claims/nothing/", "/api/v1/changes/", "/api/v1/search/?q=x"]
DESK = ["/admin/", "/admin/partnerships/claim/", "/admin/partnerships/claim/1/change/", "/admin/queue/", "/"]


@pytest.fixture
def elsewhere(db: None) -> Iterator[Callable[..., Any]]:
    """Calls something in a thread of its own, which has a connection of its own, or none."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda call, *args, **how: thread.submit(call, *args, **how).result()
        thread.submit(connections.close_all).result()


@pytest.fixture
def away(elsewhere: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **how: object) -> None:
        raise OperationalError(SECRET)

    monkeypatch.setattr(DatabaseWrapper, "get_new_connection", refuse)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)  # it is logged as an error, and answered


def is_told(response: Any) -> bool:
    return (response.status_code, response.headers["Retry-After"]) == (503, "5") and SECRET not in str(response.content)


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize(("path", "language"), PAGES)
def test_page_is_not_there_just_now(elsewhere: Callable[..., Any], visitor: Client, path: str, language: str) -> None:
    response = elsewhere(visitor.get, path)
    assert is_told(response)
    assert response.headers["Content-Language"] == language
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in response.content.decode()


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("path", API)
def test_api_answers_with_a_problem(elsewhere: Callable[..., Any], visitor: Client, path: str) -> None:
    response = elsewhere(visitor.get, path)
    assert is_told(response)
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["type"], problem["status"]) == ("urn:majlis:problem:busy", 503)
    assert problem["instance"] == path.partition("?")[0]
    assert problem["detail"].startswith("The database cannot be reached just now.")


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("path", DESK)
def test_desk_is_not_there_just_now_for_who_is_signed_in(
    elsewhere: Callable[..., Any], visitor: Client, path: str
) -> None:
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = elsewhere(visitor.get, path, headers={"Accept-Language": "tr"})
    assert is_told(response)
    assert response.headers["Content-Language"] == ("tr" if path.startswith("/admin/") else "en")


@pytest.mark.usefixtures("away")
def test_nobody_signs_in_meanwhile(elsewhere: Callable[..., Any], visitor: Client) -> None:
    assert is_told(elsewhere(visitor.post, "/admin/login/", {"username": "a", "password": "b"}))


@pytest.mark.usefixtures("away")
def test_process_is_well_and_not_ready(elsewhere: Callable[..., Any], visitor: Client) -> None:
    assert [elsewhere(visitor.get, path).status_code for path in ("/healthz", "/readyz")] == [200, 503]


def lose(*args: Any, **how: Any) -> Any:
    """What a view does whose connection is cut meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
        parameters = connection.get_connection_params() | {"autocommit": True}
        for ours in ("context", "cursor_factory"):
            parameters.pop(ours, None)
        with psycopg.connect(**parameters) as other:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
        cursor.execute("SELECT 1")


@pytest.mark.parametrize(
    ("view", "method", "path"), [(AboutPage, "get_context_data", "/about/"), (RootView, "get", "/api/v1/")]
)
def test_connection_that_is_cut_in_the_middle_of_a_request(
    elsewhere: Callable[..., Any],
    visitor: Client,
    monkeypatch: pytest.MonkeyPatch,
    view: type,
    method: str,
    path: str,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(view, method, lose)
        response = elsewhere(visitor.get, path)
        assert is_told(response)
        assert (response.headers["Content-Type"] == "application/problem+json") is path.startswith("/api/")
    elsewhere(close_old_connections)  # as each request begins; the test's client leaves it out
    assert elsewhere(visitor.get, path).status_code == 200


def test_room_that_is_lacking_is_no_fault_of_ours_either(
    elsewhere: Callable[..., Any], visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **how: object) -> None:
        raise OperationalError("could not extend file") from psycopg.errors.DiskFull()

    monkeypatch.setattr(AboutPage, "get_context_data", full)
    assert is_told(elsewhere(visitor.get, "/about/"))
    monkeypatch.setattr(AboutPage, "get_context_data", lambda *args, **how: 1 / 0)
    assert elsewhere(visitor.get, "/about/").status_code == 500
