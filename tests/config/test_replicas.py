"""Visitors read real streaming replicas, and nothing there is older than on the primary; the desk reads the primary."""

import logging
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.http import HttpRequest, HttpResponseBase
from django.test import Client
from pytest_django import DjangoDbBlocker

from config import postgres
from config.site.pages import AboutPage
from partnerships.models import Actor
from publishing.reader import replicas
from publishing.reader.audience import AudienceMiddleware
from tests.factories import ActorFactory, UserFactory
from tests.support.patience import PATIENCE
from tests.support.replicas import Standby, filled_primary, short_folder, standby_of

pytestmark = pytest.mark.long

ALIASES = ["replica_1", "replica_2"]
PRIMARY = "primary"


class Place:
    """A primary and two replicas, a site that knows them, and where each answer was made."""

    def __init__(self, primary: postgres.Cluster, standbys: dict[str, Standby]) -> None:
        self.primary = primary
        self.standbys = standbys
        self.elsewhere = connections[DEFAULT_DB_ALIAS].settings_dict
        self.made: list[tuple[str, str]] = []
        self.handler = Client().handler

    def get(self, path: str, user: User | None = None) -> Any:
        client = Client(raise_request_exception=False)
        client.handler = self.handler
        if user is not None:
            client.force_login(user)
        return client.get(path)

    def told(self, alias: str, statement: str) -> None:
        address = self.standbys[alias].conninfo(postgres.DATABASE, postgres.SUPERUSER)
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(statement)

    def catch_up(self) -> None:
        """Waits until the replicas have replayed what the primary has written."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_lsn()::text")
            (written,) = cursor.fetchone()
        for standby in self.standbys.values():
            with psycopg.connect(standby.conninfo(postgres.DATABASE), autocommit=True) as server:
                replayed = partial(server.execute, "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [written])
                assert postgres.happens_in_time(PATIENCE, partial(is_true, replayed))


def is_true(asked: Callable[[], psycopg.Cursor[Any]]) -> bool:
    return asked().fetchone() == (True,)


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[postgres.Cluster, dict[str, Standby]]]:
    with short_folder() as folder, filled_primary(folder / "primary") as primary:
        standbys = {alias: standby_of(primary, folder / alias, max_standby_streaming_delay="0") for alias in ALIASES}
        with standbys[ALIASES[0]].held(), standbys[ALIASES[1]].held():
            yield primary, standbys


@pytest.fixture
def place(
    servers: tuple[postgres.Cluster, dict[str, Standby]],
    django_db_blocker: DjangoDbBlocker,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:
    primary, standbys = servers
    settings.MAJLIS_KEPT_MEGABYTES = 16
    settings.REPLICAS = ALIASES
    monkeypatch.setattr(replicas, "PAUSE", 0.0)
    found = Place(primary, standbys)
    serve = AudienceMiddleware.__call__

    def noted(self: AudienceMiddleware, request: HttpRequest) -> HttpResponseBase:
        found.made.append((request.path, connection.alias))
        return serve(self, request)

    monkeypatch.setattr(AudienceMiddleware, "__call__", noted)
    before = connections[DEFAULT_DB_ALIAS]
    for alias, server in {PRIMARY: primary, **standbys}.items():
        where = {"HOST": str(server.socket_folder), "NAME": postgres.DATABASE, "USER": postgres.OWNER, "PORT": ""}
        monkeypatch.setitem(connections.settings, alias, {**connections.settings[DEFAULT_DB_ALIAS], **where})
    with django_db_blocker.unblock():
        connections[DEFAULT_DB_ALIAS] = connections[PRIMARY]
        try:
            yield found
        finally:
            for alias in (PRIMARY, *ALIASES):
                connections[alias].close()
                if alias != PRIMARY:
                    del connections[alias]
            del connections[PRIMARY]
            connections[DEFAULT_DB_ALIAS] = before


def test_visitors_read_each_replica_in_its_turn(place: Place) -> None:
    ActorFactory(published=True, slug="first", name="The first")
    place.catch_up()
    for path in ("/actors/first/", "/api/v1/actors/first/", "/tr/actors/first/", "/feeds/claims/"):
        assert place.get(path).status_code == 200
    assert {alias for _path, alias in place.made} == set(ALIASES)
    assert connection.alias == PRIMARY


def test_replica_that_is_behind_is_not_read(place: Place) -> None:
    ActorFactory(published=True, slug="second", name="As it was")
    place.catch_up()
    place.told(ALIASES[0], "SELECT pg_wal_replay_pause()")
    try:
        Actor.objects.filter(slug="second").update(name_en="As it is", version_note="Renamed.")
        for number in range(6):
            assert "As it is" in place.get(f"/actors/second/?n={number}").content.decode()
        assert ALIASES[0] not in dict(place.made).values()
    finally:
        place.told(ALIASES[0], "SELECT pg_wal_replay_resume()")
    place.catch_up()
    place.made.clear()
    for number in range(2):
        assert "As it is" in place.get(f"/actors/second/?again={number}").content.decode()
    assert {alias for _path, alias in place.made} == set(ALIASES)


def test_what_only_the_primary_knows_is_asked_there(place: Place) -> None:
    editor = UserFactory(username="reads-here", is_staff=True)
    place.catch_up()
    for path, user in (("/api/v1/changes/", None), ("/", editor), ("/admin/login/", None), ("/admin/", editor)):
        place.get(path, user)
    assert {alias for _path, alias in place.made} == {PRIMARY}


def test_replica_reads_as_the_public(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ActorFactory(slug="draft", name="Nobody's business")
    place.catch_up()
    seen = []

    def look(page: AboutPage, **context: Any) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user::text, current_setting('transaction_read_only')")
            seen.append((connection.alias, *cursor.fetchone(), Actor.objects.filter(slug="draft").exists()))
        return context

    monkeypatch.setattr(AboutPage, "get_context_data", look)
    place.get("/about/")
    [(alias, *found)] = seen
    assert alias in ALIASES
    assert found == ["majlis_reader", "on", False]
    assert Actor.objects.filter(slug="draft").exists()


def lose(place: Place) -> None:
    """The connection is cut in the middle of an answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
        place.told(connection.alias, f"SELECT pg_terminate_backend({pid}, 10000)")
        cursor.execute("SELECT 1")


def conflict(place: Place) -> None:
    """The replica has to replay a lock on what the answer reads."""
    Actor.objects.exists()
    with psycopg.connect(place.primary.conninfo(postgres.DATABASE)) as owner:
        owner.execute("LOCK TABLE partnerships_actor IN ACCESS EXCLUSIVE MODE")
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        Actor.objects.exists()


@pytest.mark.parametrize("fail", [lose, conflict])
def test_replica_that_fails_in_the_middle_is_made_up_for(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fail: Callable[[Place], None]
) -> None:
    def on_replicas(page: AboutPage, **context: Any) -> dict[str, Any]:
        if connection.alias != PRIMARY:
            fail(place)
        return context

    place.catch_up()
    monkeypatch.setattr(AboutPage, "get_context_data", on_replicas)
    assert place.get("/about/").status_code == 200
    assert [alias in ALIASES for _path, alias in place.made] == [True, False]
    assert len([line for line in caplog.records if line.name == "publishing.reader.replicas"]) == 1


def test_fault_of_the_answer_is_no_fault_of_the_replica(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.catch_up()
    monkeypatch.setattr(AboutPage, "get_context_data", lambda *args, **how: 1 / 0)
    assert place.get("/about/").status_code == 500
    assert len(place.made) == 1


def test_replica_that_is_gone_and_comes_back(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    place.catch_up()
    one = place.standbys[ALIASES[0]]
    monkeypatch.setattr(replicas, "PAUSE", 1000.0)
    one.stop()
    assert [place.get(f"/?gone={number}").status_code for number in range(4)] == [200] * 4
    assert {alias for _path, alias in place.made} == {ALIASES[1]}
    [line] = [line for line in caplog.records if line.name == "publishing.reader.replicas"]
    assert line.levelno == logging.WARNING
    one.start()
    place.handler = Client().handler  # another process, or the pause is over
    place.made.clear()
    place.catch_up()
    assert [place.get(f"/?back={number}").status_code for number in range(2)] == [200] * 2
    assert {alias for _path, alias in place.made} == set(ALIASES)


def test_another_database_is_no_replica(place: Place, django_db_setup: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for alias in ALIASES:
        for name in ("HOST", "NAME"):
            monkeypatch.setitem(connections.settings[alias], name, place.elsewhere[name])
    assert place.get("/about/").status_code == 200
    assert place.made == [("/about/", PRIMARY)]
