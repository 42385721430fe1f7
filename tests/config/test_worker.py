"""The background worker as a process of its own: it does what waits, and nothing is lost when it is killed."""

import inspect
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg import sql

from partnerships.background import later
from partnerships.publication import new_public_id

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def database() -> Iterator[psycopg.Connection[Any]]:
    """A database of its own, as a worker needs one that commits; the connection is its owner's."""
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    name = f"test_majlis_worker{os.getpid()}_run{os.environ['MAJLIS_TEST_RUN']}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
        template = sql.Identifier(os.environ.get("MAJLIS_TEST_TEMPLATE", "template1"))
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
        try:
            worker("migrate", f"{server}/{name}", verbosity="0")
            with psycopg.connect(f"{server}/{name}") as own:
                yield own
        finally:
            owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def address_of(database: psycopg.Connection[Any]) -> str:
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return f"{server}/{database.info.dbname}"


def start(address: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def worker(command: str, address: str, *arguments: str, verbosity: str = "1") -> None:
    with start(address, command, "--verbosity", verbosity, *arguments) as process:
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said


def asked_for_copy(database: psycopg.Connection[Any]) -> int:
    """A source that somebody wants a copy of; its address leads to this machine, so the answer is a refusal, at once."""
    (author,) = one(
        database,
        "INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active,"
        " date_joined) VALUES ('!', false, 'author', '', '', '', true, true, now()) RETURNING id",
    )
    (source,) = one(
        database,
        "INSERT INTO partnerships_source (public_id, state, author_id, version, version_note, withdrawal_note,"
        " original_language, texts_changed_at, created_at, title, title_en, publisher_name, author_name, date,"
        " source_language, url, note, archived_sha256)"
        " VALUES (%s, 'draft', %s, 1, '', '', 'en', '{}', now(), 'Talks', 'Talks', '', '', '', '', 'http://localhost/',"
        " '', '') RETURNING id",
        new_public_id(),
        author,
    )
    database.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'keep_copy',"
        " jsonb_build_object('source', %s::int, 'by', %s::int, 'asked_at', now()))",
        [source, author],
    )
    database.commit()
    return int(source)


def one(database: psycopg.Connection[Any], statement: str, *parameters: Any) -> Any:
    row = database.execute(statement, parameters).fetchone()
    assert row is not None
    return row


def records(database: psycopg.Connection[Any]) -> list[Any]:
    found = database.execute("SELECT source_id, outcome, reason FROM partnerships_archivedcopy").fetchall()
    database.commit()
    return found


def test_killed_worker_leaves_nothing_half_done_and_the_next_does_it_once(database: psycopg.Connection[Any]) -> None:
    source = asked_for_copy(database)
    address = address_of(database)
    # It comes as far as writing, and waits there for a row that is held here.
    database.execute("SELECT FROM partnerships_source WHERE id = %s FOR UPDATE", [source])
    with start(address, "worker") as process, psycopg.connect(address, autocommit=True) as other:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            waiting = other.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if waiting.fetchone() == (1,):
                break
            time.sleep(0.1)
        else:
            pytest.fail("the worker does not come to the job")
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        database.rollback()
        assert records(database) == []
        assert one(database, "SELECT status FROM procrastinate_jobs WHERE task_name = 'keep_copy'") == ("doing",)
        database.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
        database.commit()
    worker("worker", address, "--until-done")
    assert records(database) == [(source, "refused", "address")]
    worker("worker", address, "--until-done")
    assert len(records(database)) == 1
    assert database.execute("SELECT task_name FROM procrastinate_jobs WHERE status <> 'todo'").fetchall() == []


def test_worker_ends_with_the_process_that_started_it(database: psycopg.Connection[Any]) -> None:
    parent = (
        "import subprocess, sys, time; child = subprocess.Popen([sys.executable, 'manage.py', 'worker', '--with-parent']);"
        " print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address_of(database)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        deadline = time.monotonic() + 60
        while one(database, "SELECT count(*) FROM procrastinate_workers") == (0,) and time.monotonic() < deadline:
            database.commit()
            time.sleep(0.1)
        process.kill()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and "Z" not in Path(f"/proc/{child}/stat").read_text().split()[2]:
        assert time.monotonic() < deadline, "it lives on"
        time.sleep(0.05)


def test_worker_is_not_for_the_public(settings: Any) -> None:
    settings.MAJLIS_PUBLIC_ONLY = True
    with pytest.raises(CommandError, match="such a process only reads"):
        call_command("worker")


@pytest.mark.django_db
def test_job_is_there_if_what_it_follows_from_is() -> None:
    def enqueue() -> None:
        assert later("ask_address", source=7)
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue()
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db
def test_same_job_waits_once_and_the_transaction_goes_on() -> None:
    with transaction.atomic():
        assert later("ask_address", once="a", source=7) is True
        assert later("ask_address", once="a", source=7) is False
        assert later("ask_address", once="b", source=8) is True
    assert set(ProcrastinateJob.objects.values_list("queueing_lock", flat=True)) == {"a", "b"}


@pytest.mark.django_db
def test_jobs_hold_ids_and_moments_alone() -> None:
    """By what they take: names and texts have no place in a table that anybody at the database may read."""
    ours = {name: task for name, task in app.tasks.items() if task.func.__module__.split(".")[0] != "procrastinate"}
    assert ours
    allowed = {"context", "timestamp", "source", "by", "asked_at", "user", "letter"}
    taken = {name: set(inspect.signature(task.func).parameters) for name, task in ours.items()}
    assert {name: parameters - allowed for name, parameters in taken.items() if parameters - allowed} == {}


@pytest.mark.django_db
def test_nobody_but_the_owner_may_write_a_job() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE has_function_privilege('majlis_reader', oid, 'EXECUTE'))"
            " FROM pg_proc WHERE proname LIKE 'procrastinate%'"
        )
        functions, open_ones = cursor.fetchone()
    assert functions > 10
    assert open_ones == 0
