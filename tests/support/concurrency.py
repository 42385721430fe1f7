"""Two database sessions at once: what they write is committed, and deleted after the test."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pgtrigger
import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from pytest_django import DjangoDbBlocker

from tests.support.patience import PATIENCE

__all__ = ["Session", "cleared_away", "committing"]

T = TypeVar("T")


class Session:
    """A second session of the database, in a thread of its own."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(max_workers=1)
        self.pid: int = self.pool.submit(self._process_id).result(PATIENCE)

    @staticmethod
    def _process_id() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        return int(pid)

    @staticmethod
    def _disconnect() -> None:
        connection.close()  # the thread's own; each has one

    def run(self, work: Callable[[], T]) -> "Future[T]":
        """Starts `work` there and does not wait for it."""
        return self.pool.submit(work)

    def wait_until_it_waits(self) -> None:
        """Returns once the session waits for a lock that another session holds."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with connection.cursor() as cursor:
                cursor.execute("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", [self.pid])
                (waits_for,) = cursor.fetchone()
            if waits_for == "Lock":
                return
            threading.Event().wait(0.01)
        raise AssertionError("The second session does not wait.")

    def close(self) -> None:
        self.pool.submit(self._disconnect).result(PATIENCE)
        self.pool.shutdown()


@contextlib.contextmanager
def cleared_away() -> Iterator[None]:
    """After the block, empties the tables of the three apps and of people.

    Django's own flush would take the groups along, which a migration made.
    """
    apps_of_ours = [apps.get_app_config(label) for label in ("publishing", "partnerships", "events", "recommendations")]
    models: list[type[Model]] = [User, *(model for app in apps_of_ours for model in app.get_models())]
    tables = ", ".join(model._meta.db_table for model in models if model._meta.managed)
    try:
        yield
    finally:
        with pgtrigger.ignore(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {tables}, publishing_searchtext, publishing_searchword CASCADE")


@pytest.fixture
def committing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Lets a test commit; what it wrote is cleared away afterwards."""
    with django_db_blocker.unblock(), cleared_away():
        yield


@pytest.fixture
def session(committing: None) -> Iterator[Session]:
    """A second session, beside that of the test itself."""
    second = Session()
    yield second
    second.close()
