"""The background worker as a process of its own: it does what waits, and nothing is lost when it is killed."""

import ast
import asyncio
import contextlib
import inspect
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import sql

from publishing import background
from publishing.background import enqueue
from publishing.identifiers import new_public_id

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
            if "MAJLIS_TEST_TEMPLATE" not in os.environ:
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


def until(happened: Callable[[], object], what: str) -> None:
    """However long the machine takes; what never happens is given up after two minutes."""
    deadline = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@contextlib.contextmanager
def working(database: psycopg.Connection[Any], *, undisturbed: bool = False) -> "Iterator[subprocess.Popen[str]]":
    """A worker that has registered; afterwards it has to be there still, and end when it is told to.

    One that was `undisturbed` has nothing to say.
    """
    with start(address_of(database), "worker") as process:
        try:
            until(lambda: registered(database), "no worker registers")
            yield process
            assert process.poll() is None, "it ended by itself"
            process.terminate()
            said, _ = process.communicate(timeout=120)
            assert process.returncode == 0, said
            assert said == "" or not undisturbed
        finally:
            process.kill()


def registered(database: psycopg.Connection[Any]) -> list[int]:
    """The workers that say that they are there."""
    database.commit()
    return [number for (number,) in database.execute("SELECT id FROM procrastinate_workers ORDER BY id").fetchall()]


def jobs(database: psycopg.Connection[Any], task: str = "ask_address") -> list[Any]:
    """Status and queueing lock of each job of a kind."""
    database.commit()
    found = database.execute(
        "SELECT status, queueing_lock FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [task]
    )
    return found.fetchall()


def insert_job(
    database: psycopg.Connection[Any], lock: str = "ask-999999", task: str = "ask_address", **args: int
) -> int:
    """A job that finds nothing to do, and so is done at once."""
    (number,) = one(
        database,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)"
        " VALUES ('default', %s, %s, %s::jsonb) RETURNING id",
        task,
        lock,
        json.dumps(args or {"source": 999999}),
    )
    database.commit()
    return int(number)


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


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_breaks_off_what_takes_too_long(
    database: psycopg.Connection[Any], told: signal.Signals
) -> None:
    source = asked_for_copy(database)
    database.execute("SELECT FROM partnerships_source WHERE id = %s FOR UPDATE", [source])
    address = address_of(database)
    with start(address, "worker") as process, psycopg.connect(address, autocommit=True) as other:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        until(lambda: one(other, waiting) == (1,), "the worker does not come to the job")
        process.send_signal(told)
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert "What is not finished is broken off" in said
    assert jobs(database, "keep_copy") == [("doing", None)], "it is there to be taken up again"


def test_whatever_a_notification_says_the_worker_only_looks(database: psycopg.Connection[Any]) -> None:
    listens = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%' AND datname = current_database()"

    def is_listening() -> bool:
        database.commit()  # within a transaction the activity stands still
        return one(database, listens) == (1,)

    with working(database, undisturbed=True):
        until(is_listening, "it does not listen")
        for said in ("x", "", "{}", "[]", "null", '{"type": "abort_job_requested"}', '{"type": 7}', "\u202e" * 2000):
            database.execute("SELECT pg_notify('procrastinate_any_queue_v1', %s)", [said])
            database.commit()
        insert_job(database)
        until(lambda: not jobs(database), "the job is not done")


def test_worker_outlives_a_database_that_goes_away(database: psycopg.Connection[Any]) -> None:
    name = database.info.dbname
    with working(database), psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        before = registered(database)
        open_again = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        server.execute(open_again.format(sql.Identifier(name), sql.Literal(False)))
        gone = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
        ours = database.info.backend_pid
        for _ in range(3):
            server.execute(gone, [name, ours])
            time.sleep(1)
        insert_job(database)
        server.execute(open_again.format(sql.Identifier(name), sql.Literal(True)))
        until(lambda: not jobs(database), "the job is not done")
        until(lambda: [number for number in registered(database) if number > before[-1]], "it was not disturbed at all")


def test_worker_outlives_a_table_that_takes_nothing(database: psycopg.Connection[Any]) -> None:
    database.execute(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$"
    )
    database.execute("CREATE TRIGGER full_disk BEFORE UPDATE ON procrastinate_jobs EXECUTE FUNCTION full_disk()")
    database.commit()
    with working(database):
        before = registered(database)
        insert_job(database)
        until(lambda: [number for number in registered(database) if number > before[-1]], "it does not begin anew")
        assert jobs(database) == [("todo", "ask-999999")]
        database.execute("DROP TRIGGER full_disk ON procrastinate_jobs")
        until(lambda: not jobs(database), "the job is not done")


def test_job_whose_end_could_not_be_written_down_is_looked_at_again(database: psycopg.Connection[Any]) -> None:
    database.execute(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$"
    )
    database.execute("CREATE TRIGGER full_disk BEFORE DELETE ON procrastinate_jobs EXECUTE FUNCTION full_disk()")
    database.commit()
    with working(database):
        before = registered(database)
        insert_job(database)
        until(lambda: [number for number in registered(database) if number > before[-1]], "it does not begin anew")
        assert len(jobs(database)) == 1
        database.execute("DROP TRIGGER full_disk ON procrastinate_jobs")
        until(lambda: not jobs(database), "the job is left as it is")


def test_job_that_fails_while_the_same_waits_is_ended(database: psycopg.Connection[Any]) -> None:
    failed = insert_job(database)
    database.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    waits = insert_job(database)

    async def fail() -> None:
        connector = PsycopgConnector(conninfo=address_of(database))
        await connector.open_async()
        job = Job(id=failed, queue="default", lock=None, queueing_lock="ask-999999", task_name="ask_address")
        await background._Manager(connector).retry_job(job)
        await connector.close_async()

    asyncio.run(fail())
    assert database.execute("SELECT id, status FROM procrastinate_jobs").fetchall() == [(waits, "todo")]


def test_worker_ends_with_the_process_that_started_it(database: psycopg.Connection[Any]) -> None:
    parent = (
        "import os, subprocess, sys, time; child = subprocess.Popen("
        "[sys.executable, 'manage.py', 'worker', '--with-parent', str(os.getpid())]);"
        " print(child.pid, flush=True); time.sleep(600)"
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
        until(lambda: registered(database), "no worker registers")
        process.kill()
    until(
        lambda: not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2],
        "it lives on",
    )
    assert registered(database) == [], "it has said that it goes"


def test_worker_whose_parent_was_gone_before_it_looked_ends_too(database: psycopg.Connection[Any]) -> None:
    with start(address_of(database), "worker", "--with-parent", str(os.getppid())) as process:
        process.communicate(timeout=120)


# Jobs of workers that died


def dead(task: str, lock: str | None = None, **args: int) -> int:
    """A job that a worker was doing when it died."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')"
            " RETURNING id) INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status, worker_id)"
            " SELECT 'default', %s, %s, %s::jsonb, 'doing', id FROM dead RETURNING id",
            [task, lock, json.dumps(args)],
        )
        return int(cursor.fetchone()[0])


def left() -> dict[int, str]:
    return dict(ProcrastinateJob.objects.values_list("pk", "status"))


ONCE = [
    ("ask_address", "ask-7", {"source": 7}),
    ("keep_copy", "copy-7", {"source": 7, "by": 1}),
    ("send_digest", "digest-7", {"user": 7}),
    *(
        (name, name, {"timestamp": 0})
        for name in ("ask_addresses", "send_digests", "draft_letters", "clear_away", "clear_sent_forms")
    ),
]


def test_every_job_of_which_one_waits_at_a_time_is_known_here() -> None:
    with_a_lock = {name for name, task in app.tasks.items() if task.queueing_lock}
    enqueued = {
        call.args[0].value
        for module in (
            "partnerships/jobs",
            "partnerships/actions/sources",
            "recommendations/jobs",
            "recommendations/actions/letters",
        )
        for call in ast.walk(ast.parse((ROOT / f"{module}.py").read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "enqueue"
        if isinstance(call.args[0], ast.Constant) and any(given.arg == "queueing_lock" for given in call.keywords)
    }
    assert {name for name, _lock, _args in ONCE} == with_a_lock | enqueued


@pytest.mark.django_db
@pytest.mark.parametrize(("task", "lock", "args"), ONCE)
def test_job_of_a_dead_worker_waits_again_or_gives_way_to_the_same_that_waits(
    task: str, lock: str, args: dict[str, int]
) -> None:
    stalled = dead(task, lock, **args)
    background.take_up_again()
    assert left() == {stalled: "todo"}
    again = dead(task, f"{lock}-other", **args)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET queueing_lock = %s WHERE id = %s", [lock, again])
    background.take_up_again()
    assert left() == {stalled: "todo"}


@pytest.mark.django_db
def test_one_job_that_cannot_be_taken_up_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    stalled = [dead("ask_address", f"ask-{number}", source=number) for number in range(3)]
    retry = JobManager.retry_job_by_id

    def refuses_one(self: JobManager, job_id: int, **how: Any) -> None:
        if job_id == stalled[1]:
            raise ConnectorException
        retry(self, job_id, **how)

    monkeypatch.setattr(JobManager, "retry_job_by_id", refuses_one)
    background.take_up_again()
    assert left() == {stalled[0]: "todo", stalled[1]: "doing", stalled[2]: "todo"}


@pytest.mark.django_db
def test_worker_that_was_asleep_does_not_take_up_its_own_jobs() -> None:
    stalled = dead("ask_address", source=7)
    worker = ProcrastinateJob.objects.get().worker_id
    background.take_up_again(but_of=worker)
    assert left() == {stalled: "doing"}


@pytest.mark.django_db
def test_worker_that_gives_signs_of_life_keeps_its_jobs() -> None:
    stalled = dead("ask_address", source=7)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '15 seconds'")
    background.take_up_again()
    assert left() == {stalled: "doing"}


def test_worker_is_not_for_the_public(settings: Any) -> None:
    settings.MAJLIS_PUBLIC_ONLY = True
    with pytest.raises(CommandError, match="such a process only reads"):
        call_command("worker")


@pytest.mark.django_db
def test_job_is_there_if_what_it_follows_from_is() -> None:
    def enqueue_in_a_transaction() -> None:
        assert enqueue("ask_address", source=7)
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue_in_a_transaction()
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db
def test_same_job_waits_once_and_the_transaction_goes_on() -> None:
    with transaction.atomic():
        assert enqueue("ask_address", queueing_lock="a", source=7) is True
        assert enqueue("ask_address", queueing_lock="a", source=7) is False
        assert enqueue("ask_address", queueing_lock="b", source=8) is True
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
