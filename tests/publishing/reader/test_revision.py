"""The revision moves with whatever the public may be told otherwise, whoever wrote it and in whatever order."""

import datetime as dt
import re
import time
from typing import Any

import pgtrigger
import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from partnerships.models import Actor
from publishing.models.change import Change
from publishing.publication import Publication
from publishing.reader import rights
from publishing.reader.audience import reading_as_the_public
from publishing.reader.public_rows import public_models
from publishing.reader.revision import MOVES, revision
from tests.factories import ActorFactory, UserFactory

pytestmark = pytest.mark.usefixtures("no_moments")

TABLES = sorted(rights.declared_access().moments)


def run(statement: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def no_moments(committing: None) -> None:
    """Those that other tests have left."""
    run("DELETE FROM publishing_moment")


def now() -> str:
    at = revision()
    assert at is not None
    return at


def as_of(clock: dt.datetime) -> str:
    return str(run("SELECT publishing_revision(%s)", clock)[0][0])


def second_session() -> psycopg.Connection[Any]:
    return psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor})


@pytest.mark.parametrize("table", TABLES)
def test_every_table_from_which_the_public_is_answered_moves_it(table: str) -> None:
    before = now()
    assert now() == before
    for statement in (f"DELETE FROM {table} WHERE FALSE", f"TRUNCATE {table} CASCADE"):
        with pgtrigger.ignore():  # what refuses to empty a table of records
            run(statement)
        assert now() != before, statement
        before = now()
    [(events,)] = run(
        "SELECT tgtype & 62 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s AND tgenabled = 'O'",
        table,
        MOVES,
    )
    assert events == 4 | 8 | 16 | 32  # insert, delete, update, truncate; after, and for each statement


def test_tables_are_all_that_the_reader_sees_and_all_behind_what_answers_him() -> None:
    seen = {
        table
        for (table,) in run(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
            " AND has_any_column_privilege('majlis_reader', oid, 'SELECT')"
        )
    }
    assert seen - {"django_migrations"} <= set(TABLES)  # the migrations are no page's
    assert len(TABLES) == len({model._meta.db_table for model in public_models()}) + 2
    # What functions look at that answer with their owner's rights, and those that they call.
    bodies = dict(run("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"))
    tables = [table for (table,) in run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    left = [function.partition("(")[0] for function in rights.declared_access().answering]
    looked_at: set[str] = set()
    called: set[str] = set()
    while left:
        name = left.pop()
        called.add(name)
        words = set(re.findall(r"[a-z_]+", re.sub("--.*", "", bodies[name])))
        looked_at |= words & set(tables)
        left += words & bodies.keys() - called
    assert {"events_participant", "events_groupsize", "partnerships_source", "events_point"} <= looked_at
    # What the search looks through is written with the rows that move the revision, by their triggers.
    search = {"publishing_searchtext", "publishing_searchword"}
    assert looked_at - set(TABLES) - search == {"publishing_changeorder", "publishing_lastwrite", "publishing_moment"}


def test_what_is_not_for_the_public_leaves_it_alone() -> None:
    before = now()
    UserFactory()
    assert now() == before


def test_whoever_commits_later_moves_it_though_he_began_first() -> None:
    ActorFactory(published=True)
    with second_session() as early, second_session() as late:
        early.execute("UPDATE partnerships_actor SET name_tr = name_tr")
        late.execute("UPDATE partnerships_topic SET name_tr = name_tr")
        seen = [now()]
        late.commit()
        seen.append(now())
        early.commit()
        seen.append(now())
    assert len(set(seen)) == 3


def test_every_state_in_which_transactions_were_seen_is_another_one() -> None:
    """Five writers at once, which commit and give up in every order: no revision comes again."""
    seen = [now()]
    for turn in range(12):
        writers = [second_session() for _ in range(5)]
        for writer in writers:
            writer.execute("DELETE FROM partnerships_topic WHERE FALSE")
        for number in range(5):
            writer = writers[(number * 2 + turn) % 5]
            commits = (number + turn) % 3
            writer.commit() if commits else writer.rollback()
            if commits:
                seen.append(now())
            else:
                assert now() == seen[-1]
        for writer in writers:
            writer.close()
    assert len(seen) == len(set(seen)) > 30
    assert run("SELECT count(*) FROM publishing_lastwrite")[0][0] <= 5


def test_what_is_taken_back_leaves_it_alone() -> None:
    before = now()
    with transaction.atomic():
        ActorFactory()
        transaction.set_rollback(True)
    assert now() == before


def test_what_follows_a_part_that_was_taken_back_moves_it() -> None:
    before = now()
    with transaction.atomic():
        with transaction.atomic():
            run("DELETE FROM partnerships_topic WHERE FALSE")
            transaction.set_rollback(True)
        run("DELETE FROM partnerships_topic WHERE FALSE")
    assert now() != before


def test_whoever_has_written_cannot_tell() -> None:
    with transaction.atomic():
        ActorFactory()
        assert revision() is None
        transaction.set_rollback(True)
    assert revision() is not None


def test_it_is_of_the_snapshot_that_the_reader_sees() -> None:
    """Read in the transaction of an answer that has one snapshot, it says what that snapshot saw."""
    with second_session() as reading:
        reading.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        [before] = reading.execute("SELECT publishing_revision(now())").fetchone() or [None]
        ActorFactory(published=True)
        [count] = reading.execute("SELECT count(*) FROM partnerships_actor").fetchone() or [None]
        [after] = reading.execute("SELECT publishing_revision(now())").fetchone() or [None]
    assert (count, after) == (0, before)
    assert now() != before


def test_end_of_an_embargo_moves_it() -> None:
    end = timezone.now() + dt.timedelta(hours=2)
    ActorFactory(published=True, embargo_until=end)
    before = now()
    assert run("SELECT at FROM publishing_moment WHERE at > now() + interval '1 minute'") == [(end,)]
    run("UPDATE publishing_moment SET at = now() + interval '0.4 seconds' WHERE at = %s", end)
    assert now() == before
    time.sleep(0.5)
    assert now() != before


def test_whatever_is_dated_in_the_future_has_its_moment() -> None:
    """Every column of a public table that holds a moment, for each could make something public by itself."""
    with_moments = {table: columns for table, columns in rights.declared_access().moments.items() if columns}
    laid = dict(
        run("SELECT tgrelid::regclass::text, encode(tgargs, 'escape') FROM pg_trigger WHERE tgname = 'notes_moments'")
    )
    assert {table: tuple(arguments.split("\\000")[:-1]) for table, arguments in laid.items()} == with_moments
    stored = run(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type = 'timestamp with time zone' AND table_name = ANY (%s)",
        [model._meta.db_table for model in public_models()],
    )
    assert {(table, column) for table, columns in with_moments.items() for column in columns} == set(stored)
    assert len(stored) > 40
    for model in public_models():
        if issubclass(model, Publication):
            assert {"published_at", "embargo_until"} <= set(with_moments[model._meta.db_table])


def test_what_a_clock_behind_could_not_see_yet_has_its_moment_too() -> None:
    written_at = timezone.now()
    Change.objects.create(
        kind="actor", public_id="aaaaaaaaaa", identifier="somebody", event="changed", version=1,
        recorded_at=written_at, effective_at=written_at, transaction_id=1,
    )  # fmt: skip
    behind, later = written_at - dt.timedelta(seconds=5), written_at + dt.timedelta(milliseconds=1)
    assert as_of(behind) != as_of(later)
    assert as_of(behind) == as_of(behind + dt.timedelta(seconds=1))


def test_it_moves_with_the_day_here_and_where_days_begin_first() -> None:
    noon = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)
    assert as_of(noon) == as_of(noon.replace(hour=10)) == as_of(noon.replace(hour=23, minute=59))
    assert len({as_of(noon.replace(hour=9, minute=59)), as_of(noon), as_of(noon.replace(day=4, hour=0))}) == 3


def test_a_clock_ahead_is_not_believed() -> None:
    ActorFactory(published=True, embargo_until=timezone.now() + dt.timedelta(days=2))
    assert as_of(timezone.now() + dt.timedelta(days=400)) == now()


def test_moments_of_the_past_go() -> None:
    run("INSERT INTO publishing_moment VALUES (now() - interval '2 hours'), (now() + interval '2 hours')")
    ActorFactory()
    moments = [at for (at,) in run("SELECT at FROM publishing_moment")]
    assert min(moments) > timezone.now() - dt.timedelta(minutes=5)
    assert max(moments) > timezone.now() + dt.timedelta(hours=1)


def test_migrate_moves_it() -> None:
    """It lays what the public may read, and writes no row of a page."""
    before = now()
    rights.lay(connection)
    assert now() != before


@pytest.mark.parametrize("table", ["publishing_lastwrite", "publishing_moment"])
def test_reader_looks_at_none_of_it(table: str) -> None:
    ActorFactory(published=True, embargo_until=timezone.now() + dt.timedelta(days=2))
    with reading_as_the_public():
        assert str(2028) not in str(run("SELECT publishing_revision('2030-01-01')"))
    with pytest.raises(ProgrammingError, match="permission denied"), reading_as_the_public():
        run(f"SELECT * FROM {table}")


def test_connection_that_has_died_is_made_anew() -> None:
    before = now()
    with second_session() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [run("SELECT pg_backend_pid()")[0][0]])
    assert now() == before
    assert Actor.objects.count() == 0


def test_thread_without_a_connection_makes_one() -> None:
    before = now()
    connection.close()
    assert now() == before
