"""An import that is killed, or runs at the same time as another, leaves nothing behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from config.knowledge.description import SECTION_MODELS
from publishing.models.change import Change
from tests.config.knowledge.conftest import EVERYTHING, Write, command
from tests.factories import UserFactory
from tests.support.concurrency import Session, committing, session
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.long

__all__ = ["committing", "session"]

ROOT = Path(__file__).parents[3]
SLEEP = 3
"""Seconds that the database takes over an event: time to kill the import that writes it."""


def publications() -> int:
    return sum(model._default_manager.count() for model in SECTION_MODELS.values())


def ask(question: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "It did not come to this."
        threading.Event().wait(0.05)


@pytest.fixture
def administrator_there(committing: None) -> None:
    """Committed: the import runs in another session."""
    UserFactory(groups=("administrators",))


@pytest.fixture
def slow_events(administrator_there: None) -> Iterator[None]:
    """The database takes its time over every event."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS "
            f"'BEGIN PERFORM pg_sleep({SLEEP}); RETURN NEW; END'"
        )
        cursor.execute(
            "CREATE TRIGGER take_time BEFORE INSERT ON events_event FOR EACH ROW EXECUTE FUNCTION take_time()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION take_time CASCADE")


def sleepers() -> list[tuple[object, ...]]:
    return ask(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep' "
        "AND query LIKE 'INSERT INTO \"events_event\"%'"
    )


def address_of_test_database() -> str:
    url, _slash, _name = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")
    _url, _mark, parameters = os.environ["DATABASE_URL"].partition("?")
    name = connection.settings_dict["NAME"]
    return f"{url}/{name}" + (f"?{parameters}" if parameters else "")


def test_import_that_is_killed_leaves_nothing(slow_events: None, write: Write) -> None:
    file = write(EVERYTHING)
    environment = {**os.environ, "DATABASE_URL": address_of_test_database()}
    arguments = [sys.executable, "manage.py", "import_knowledge", file]
    with subprocess.Popen(arguments, cwd=ROOT, env=environment) as process:
        wait_for(lambda: bool(sleepers()))
        # Actors, topics, sources, partnerships and claims are written by now, in its transaction.
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    wait_for(lambda: not sleepers())

    assert publications() == 0
    assert Change.objects.count() == 0
    assert command("import_knowledge", file).out == "Imported: 16 created, 16 published, from 1 file.\n"


def test_import_that_meets_another_one_says_so(slow_events: None, session: Session, write: Write) -> None:
    file = write(EVERYTHING)
    other = write("{format: 1, topics: [{slug: a, kind: theme, name: A}]}", "other.yaml")
    first = session.run(lambda: command("import_knowledge", file))
    wait_for(lambda: bool(sleepers()))

    said = command("import_knowledge", other)

    assert said.err == (
        "Nothing was imported. Another import is under way. Start this one again when that one is done.\n"
    )
    assert first.result(PATIENCE).out == "Imported: 16 created, 16 published, from 1 file.\n"
    assert publications() == 16


def test_command_line_ends_with_1_and_no_traceback(committing: None, write: Write) -> None:
    environment = {**os.environ, "DATABASE_URL": address_of_test_database()}
    file = write("{format: 1, actors: [{slug: qatar, kind: stat, name: Qatar}]}")

    done = subprocess.run(
        [sys.executable, "manage.py", "import_knowledge", file],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0].startswith(f"{file}:1: actors[0].kind: expected one of state, bloc,")
    assert done.stderr.splitlines()[1:] == ["CommandError: Nothing was imported: 1 problem."]
