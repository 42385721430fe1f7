"""An attacker runs SQL as the reader: no statement yields a participant, note, draft, token, user or session.

Each attack is made twice: within the process that serves everybody, where the role is set for a transaction, and
through a login of the reader, as a process for the public alone has it.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core import checks
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoDbBlocker

from publishing.reader import rights
from publishing.reader.audience import reading_as_the_public
from publishing.reader.planner_statistics import remembered
from publishing.reader.privileges import OF_THE_OWNER, OPEN_TO_EVERYBODY
from publishing.reader.row_policies import READER
from tests import factories
from tests.factories import UserFactory
from tests.support.concurrency import cleared_away
from tests.support.patience import PATIENCE

CANARY = "Zanzibarquill"
"""Stands in everything that the reader must not learn, and in nothing else."""

LOGIN = f"majlis_attacker{os.getpid()}"

OF_TABLES = [
    "SELECT name FROM events_participant",
    "SELECT participant FROM events_participant AS participant",
    "TABLE events_participant",
    "SELECT evidence FROM events_consent",
    "SELECT file FROM events_document",
    "SELECT text FROM recommendations_internalnote",
    "SELECT note FROM recommendations_submission",
    "SELECT username, password, email FROM auth_user",
    "SELECT session_key, session_data FROM django_session",
    "SELECT statement_en FROM partnerships_claimversion",
    "SELECT object_repr FROM django_admin_log",
    # Drafts: the tables are open, the rows are not.
    "SELECT statement_en FROM partnerships_claim",
    "SELECT name_en FROM events_event",
    "SELECT text_en FROM events_point",
    "SELECT title_en FROM recommendations_recommendation",
    "SELECT to_jsonb(claim) FROM partnerships_claim AS claim",
    # Joins, and a subquery in every clause
    "SELECT p.name FROM events_event AS e JOIN events_participant AS p ON p.event_id = e.id",
    "SELECT u.username FROM partnerships_claim AS c RIGHT JOIN auth_user AS u ON u.id = c.author_id",
    "SELECT (SELECT string_agg(name, ',') FROM events_participant)",
    "SELECT * FROM (SELECT name FROM events_participant) AS inner_one",
    "SELECT names.* FROM (VALUES (1)) AS one, LATERAL (SELECT name FROM events_participant) AS names",
    "SELECT lower(name) FROM events_participant WHERE EXISTS (SELECT 1 FROM events_participant)",
    "SELECT name FROM events_participant GROUP BY name HAVING max(name) = (SELECT max(name) FROM events_participant)",
    "SELECT array_agg(name ORDER BY (SELECT max(name) FROM events_participant)) FROM events_participant",
    "WITH secret AS MATERIALIZED (SELECT name FROM events_participant) SELECT * FROM secret",
    "WITH RECURSIVE r(name) AS (SELECT name::text FROM events_participant UNION SELECT name FROM r) TABLE r",
    "SELECT 'x' UNION ALL SELECT name FROM events_participant",
    "SELECT first_value(name) OVER (ORDER BY (SELECT max(text) FROM recommendations_internalnote)) FROM events_participant",
    "SELECT CASE WHEN true THEN (SELECT max(name) FROM events_participant) END",
    "SELECT COALESCE(NULL, (SELECT max(password) FROM auth_user))",
    "SELECT * FROM unnest((SELECT array_agg(name) FROM events_participant)) LIMIT (SELECT count(*) FROM auth_user)",
    "SELECT name FROM events_participant FOR KEY SHARE",
    "SELECT name FROM events_participant TABLESAMPLE BERNOULLI (100)",
    "SELECT (SELECT name FROM events_participant LIMIT 1)::int",
    # Functions that run the text that they are given
    "SELECT word FROM ts_stat('SELECT to_tsvector(''simple'', name) FROM events_participant')",
    "SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, plainto_tsquery(''simple'', name) FROM events_participant')",
    "SELECT word FROM ts_stat('SELECT to_tsvector(''simple'', statement_en) FROM partnerships_claim')",
    # Out of the database by another way
    "COPY events_participant TO STDOUT",
    "COPY (SELECT name FROM events_participant) TO STDOUT",
    "COPY partnerships_claim (statement_en) TO STDOUT",
    "PREPARE stolen AS SELECT name FROM events_participant; EXECUTE stolen",
    "DECLARE stolen CURSOR FOR SELECT name FROM events_participant; FETCH ALL FROM stolen",
    # Errors that tell what they were about
    "SELECT name::int FROM events_participant",
    "SELECT statement_en::int FROM partnerships_claim WHERE state <> 'published'",
    "SELECT id FROM partnerships_claim WHERE statement_en::int = 1 AND state = 'draft'",
    "SELECT id FROM recommendations_recommendation WHERE title_en LIKE 'Z%' AND title_en::date IS NULL",
    "SELECT id FROM events_point ORDER BY text_en::numeric",
]
"""Each of these shows it to the owner: what it asks for is there to be had."""

OF_THE_SERVER = [
    # These need a server that was built with libxml; where it was not, they prove nothing more.
    "SELECT query_to_xml('SELECT name FROM events_participant', true, true, '')",
    "SELECT table_to_xml('events_participant', true, true, '')",
    "SELECT schema_to_xml('public', true, true, '')",
    "SELECT database_to_xml(true, true, '')",
    "SELECT query_to_xml('SELECT statement_en FROM partnerships_claim', true, true, '')",
    "SELECT xmlparse(DOCUMENT statement_en) FROM partnerships_claim WHERE state = 'draft'",
    # What the server keeps of itself
    "SELECT * FROM pg_stats",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_stats_ext",
    "SELECT * FROM pg_stats_ext_exprs",
    "SELECT * FROM pg_statistic_ext_data",
    "SELECT query, usename, client_addr FROM pg_stat_activity",
    "SELECT * FROM pg_prepared_statements, pg_cursors",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT * FROM pg_user_mapping",
    "SELECT * FROM pg_largeobject",
    "SELECT lo_get(oid) FROM pg_largeobject_metadata",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT * FROM pg_settings",
    "SELECT * FROM pg_description",
    "SELECT * FROM pg_class WHERE relkind = 't'",
    "SELECT column_default FROM information_schema.columns",
    "SELECT * FROM information_schema.role_table_grants",
    "SELECT last_value FROM events_participant_id_seq",
    "SELECT * FROM pg_sequences",
    "SELECT nextval('events_participant_id_seq')",
    "SELECT setval('events_participant_id_seq', 1)",
    "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_read_binary_file('global/pg_control')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_stat_file('postgresql.conf')",
    "SELECT lo_import('/etc/hostname')",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_export(1, 'stolen')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY (SELECT 1) TO 'stolen'",
    "SELECT * FROM dblink('dbname=majlis', 'SELECT name FROM events_participant') AS stolen (name text)",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION postgres_fdw",
    "LOAD 'auto_explain'",
    "SELECT currtid2('events_participant', '(0,1)')",
    "SELECT has_any_column_privilege('events_participant', 'SELECT')",
    "EXPLAIN (ANALYZE, VERBOSE) SELECT name FROM events_participant",
    "EXPLAIN (VERBOSE) SELECT * FROM partnerships_claim WHERE statement_en < 'Zan'",
    # Tools of one's own
    "CREATE FUNCTION pg_temp.tell(text) RETURNS bool COST 0.0000001 LANGUAGE sql AS 'SELECT $1::int = 1'",
    "CREATE FUNCTION public.tell(text) RETURNS bool COST 0.0000001 LANGUAGE sql AS 'SELECT $1::int = 1'",
    "CREATE TEMPORARY TABLE stolen AS SELECT statement_en FROM partnerships_claim",
    "CREATE TEMPORARY VIEW stolen AS SELECT name FROM events_participant",
    "CREATE TABLE stolen AS SELECT 1",
    "CREATE SCHEMA stolen",
    "CREATE OPERATOR <<< (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text)",
    "DO $$ BEGIN RESET ROLE; RAISE '%', (SELECT name FROM events_participant LIMIT 1); END $$",
    "DO $$ BEGIN RAISE '%', (SELECT name FROM events_participant LIMIT 1); END $$",
    # Becoming somebody else, within one statement
    "SELECT set_config('role', 'none', true), (SELECT string_agg(word, ',') FROM"
    " ts_stat('SELECT to_tsvector(''simple'', name) FROM events_participant'))",
    "UPDATE pg_settings SET setting = 'none' WHERE name = 'role'",
    "SELECT query_to_xml('SET ROLE none', true, true, '')",
    "SELECT query_to_xml('SELECT set_config(''role'', ''none'', true)', true, true, '')",
    "SELECT set_config('row_security', 'off', true), count(*) FROM partnerships_claim",
    "SET SESSION AUTHORIZATION postgres",
    "SET ROLE pg_read_all_data",
    "ALTER ROLE majlis_reader SUPERUSER",
    "ALTER ROLE majlis_reader BYPASSRLS",
    "GRANT pg_read_all_data TO majlis_reader",
    "GRANT SELECT ON events_participant TO majlis_reader",
    "ALTER TABLE partnerships_claim DISABLE ROW LEVEL SECURITY",
    "DROP POLICY reader_sees_what_is_published ON partnerships_claim",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO majlis_reader",
    # Writing, and holding others up
    "UPDATE partnerships_claim SET state = 'published'",
    "WITH moved AS (DELETE FROM partnerships_claim RETURNING *) TABLE moved",
    "MERGE INTO partnerships_claim AS c USING events_event AS e ON true WHEN MATCHED THEN DELETE",
    "TRUNCATE partnerships_claim",
    "LOCK TABLE events_participant IN ACCESS SHARE MODE",
    "LOCK TABLE partnerships_claim IN ACCESS EXCLUSIVE MODE",
    "SELECT id FROM partnerships_claim FOR UPDATE",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_try_advisory_xact_lock(1, 1)",
    "SELECT pg_advisory_xact_lock_shared(1)",
    "SELECT pg_advisory_xact_lock_shared(1, 1)",
    "LOCK TABLE publishing_changeorder IN ACCESS SHARE MODE",
    "SELECT pg_notify('procrastinate_any_queue_v1', 'x')",
    "SELECT pg_notification_queue_usage(), pg_listening_channels()",
    # What PostgreSQL counts of what was read, also by a function that answers for the owner
    "SELECT * FROM pg_stat_xact_user_tables",
    "SELECT * FROM pg_stat_user_tables",
    "SELECT * FROM pg_statio_user_tables",
    "SELECT pg_stat_get_xact_tuples_fetched('events_participant'::regclass)",
    "SELECT pg_stat_get_tuples_inserted('events_participant'::regclass)",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> session_user",
    "SELECT pg_stat_reset()",
    "SELECT pg_reload_conf()",
    "NOTIFY stolen, 'x'",
    "ANALYZE events_participant",
]

REFUSED_WITH = {
    "SELECT set_config('role', 'none', true)": "permission denied for function set_config",
    "UPDATE pg_settings": "",
    "SELECT pg_advisory_lock(1)": "permission denied for function pg_advisory_lock",
    "SELECT pg_try_advisory_xact_lock(1, 1)": "permission denied for function pg_try_advisory_xact_lock",
    "SELECT pg_advisory_xact_lock_shared": "permission denied for function pg_advisory_xact_lock_shared",
    "SELECT pg_notify": "permission denied for function pg_notify",
    "SELECT * FROM pg_stat_xact_user_tables": "permission denied for function pg_stat_get_xact_",
    "SELECT * FROM pg_stat_user_tables": "permission denied for function pg_stat_get_",
    "SELECT * FROM pg_statio_user_tables": "permission denied for function pg_stat_get_",
    "SELECT pg_stat_get_": "permission denied for function pg_stat_get_",
    "CREATE TEMPORARY TABLE": "",
    "CREATE FUNCTION": "",
    "DO $$": "permission denied for language plpgsql",
    "SET SESSION AUTHORIZATION": "permission denied",
    "SET ROLE": "permission denied to set role",
    "SELECT lo_from_bytea": "permission denied for function lo_from_bytea",
    "LOCK TABLE": "",
    "GRANT pg_read_all_data": "",
    "ALTER ROLE": "",
}
"""How what an attack begins with is refused; empty where either of the two readers is told something else."""

Attack = Callable[[str], str]


def told_by(cursor: Any, statement: str) -> str:
    """Everything that the database says to `statement`: rows or error, in small letters."""
    try:
        if statement.startswith("COPY") and statement.endswith("STDOUT"):
            with cursor.copy(statement) as copied:
                told = repr([bytes(block) for block in copied])
        else:
            cursor.execute(statement)
            rows: list[Any] = []
            while True:
                rows += cursor.fetchall() if cursor.description else []
                if not cursor.nextset():
                    break
            told = repr(rows)
    except (DatabaseError, psycopg.Error) as error:
        cause = error.__cause__ if isinstance(error.__cause__, psycopg.Error) else error
        told = f"{error} {getattr(getattr(cause, 'diag', None), 'message_detail', '')}"
    return told.lower()


def secrets() -> None:
    """One of everything that is nobody's business, each with the canary in it, and something published."""
    user = UserFactory(username=CANARY, password=f"scrypt${CANARY}", email=f"{CANARY}@example.org")
    Session.objects.create(session_key=CANARY, session_data=CANARY, expire_date="2099-01-01T00:00:00Z")
    event = factories.EventFactory(published=True, name="An event")
    participant = factories.ParticipantFactory(event=event, name=f"{CANARY} Person")
    factories.ConsentFactory(participant=participant, by=user, evidence=CANARY)
    factories.DocumentFactory(event=event, file=f"documents/{CANARY}.pdf")
    factories.InternalNoteFactory(text=CANARY)
    factories.SubmissionFactory(note=CANARY)
    factories.ClaimFactory(published=True, statement="A claim")
    claim = factories.ClaimFactory(statement=f"{CANARY} draft")
    claim.statement_en = f"{CANARY} again"
    claim.save()
    factories.ClaimFactory(published=True, statement=f"{CANARY} embargoed", embargo_until="2099-01-01T00:00:00Z")
    factories.EventFactory(name=f"{CANARY} draft")
    factories.PointFactory(text=f"{CANARY} draft.")
    factories.RecommendationFactory(title=f"{CANARY} draft")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_admin_log (action_time, object_repr, action_flag, change_message, user_id)"
            " VALUES (now(), %s, 1, '', %s)",
            [CANARY, user.pk],
        )


@pytest.fixture(scope="module")
def kept_secrets(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Committed, so that another connection could see it too."""
    with django_db_blocker.unblock(), cleared_away():
        secrets()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield
        Session.objects.all().delete()


@pytest.fixture(scope="module")
def own_login(kept_secrets: None) -> Iterator[psycopg.Connection]:
    """A connection through a login that is the reader's and nothing else."""
    parameters = connection.get_connection_params()
    where = {name: parameters[name] for name in ("dbname", "host", "port") if name in parameters}
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {LOGIN} LOGIN IN ROLE {READER}")
    try:
        with psycopg.connect(**where, user=LOGIN) as reader:
            yield reader
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP ROLE {LOGIN}")


@pytest.fixture
def in_shared_process(kept_secrets: None) -> Attack:
    def attack(statement: str) -> str:
        with suppress(DatabaseError), reading_as_the_public(), connection.cursor() as cursor:
            return told_by(cursor, statement)
        raise AssertionError("not reached")

    return attack


@pytest.fixture
def through_own_login(own_login: psycopg.Connection) -> Attack:
    def attack(statement: str) -> str:
        with own_login.cursor() as cursor:
            try:
                return told_by(cursor, statement)
            finally:
                own_login.rollback()

    return attack


def as_owner(statement: str) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        told = told_by(cursor, statement)
        transaction.set_rollback(True)
    return told


def test_list_is_long() -> None:
    assert len(set(OF_TABLES + OF_THE_SERVER)) == len(OF_TABLES + OF_THE_SERVER) > 100


@pytest.mark.parametrize("statement", OF_TABLES)
def test_what_the_owner_would_see_the_reader_does_not(
    statement: str, in_shared_process: Attack, through_own_login: Attack
) -> None:
    assert CANARY.lower() in as_owner(statement)
    assert CANARY.lower() not in in_shared_process(statement)
    assert CANARY.lower() not in through_own_login(statement)


@pytest.mark.parametrize("statement", OF_THE_SERVER)
def test_server_tells_the_reader_nothing_either(
    statement: str, in_shared_process: Attack, through_own_login: Attack
) -> None:
    for told in (in_shared_process(statement), through_own_login(statement)):
        assert CANARY.lower() not in told
        for beginning, refusal in REFUSED_WITH.items():
            if statement.startswith(beginning):
                assert refusal in told
                assert not told.startswith("["), "it was done"


def test_error_tells_whether_a_draft_matches_neither_way(in_shared_process: Attack, through_own_login: Attack) -> None:
    probe = "SELECT id FROM {} WHERE 1 / (CASE WHEN {} ILIKE '{}%' THEN 0 ELSE 1 END) = 1"
    for table, column in (
        ("partnerships_claim", "statement_en"),
        ("events_point", "text_en"),
        ("events_event", "name_en"),
    ):
        assert "division by zero" in as_owner(probe.format(table, column, CANARY))
        for attack in (in_shared_process, through_own_login):
            assert attack(probe.format(table, column, CANARY)) == attack(probe.format(table, column, "Nothing"))


def test_role_is_put_off_by_one_select_where_everybody_may_set_it(in_shared_process: Attack) -> None:
    (attack,) = (one for one in OF_THE_SERVER if one.startswith("SELECT set_config('role'"))
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO {READER}")
        try:
            assert CANARY.lower() in in_shared_process(attack), "the danger is real"
        finally:
            cursor.execute(f"REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM {READER}")
    assert in_shared_process(attack).startswith("permission denied for function set_config")


def test_several_statements_are_what_only_the_readers_own_login_withstands(
    in_shared_process: Attack, through_own_login: Attack
) -> None:
    several = "RESET ROLE; SELECT name FROM events_participant"
    assert CANARY.lower() in in_shared_process(several), "docs/security.md says so, and ADR 11"
    assert through_own_login(several).startswith("permission denied for table events_participant")


# What the planner remembers

PROBES = ("Draft 1", "Draft 17", "Draft 25", "Draft 5", "Draft 9")


def estimates() -> list[float]:
    """How many claims the planner, asked by the reader, expects before each of `PROBES`; all of them drafts."""
    found = []
    with reading_as_the_public(), connection.cursor() as cursor:
        for probe in PROBES:
            cursor.execute("EXPLAIN (FORMAT JSON) SELECT 1 FROM partnerships_claim WHERE statement_en < %s", [probe])
            found.append(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])
    return found


@pytest.mark.django_db
def test_estimates_do_not_spell_out_drafts() -> None:
    for number in range(60):
        factories.ClaimFactory(statement=f"Draft {number}")
        factories.ClaimFactory(statement="Published", published=True)
    connection.check_constraints()  # what is deferred happens now, and no longer holds the table
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE partnerships_claim ALTER COLUMN statement_en SET STATISTICS 100")
        cursor.execute("ANALYZE partnerships_claim")
        assert len(set(estimates())) > 3, "the danger is real"
        assert [name for _, table, _, name in remembered(connection)] == ["statement_en"]
        call_command("migrate", verbosity=0)
        cursor.execute("ANALYZE partnerships_claim")
    assert remembered(connection) == []
    if connection.pg_version >= 180000:  # type: ignore[attr-defined] # before, what ANALYZE has kept stays
        assert len(set(estimates())) == 1


# What the catalogue says


def names(statement: str, *parameters: Any) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {name for (name,) in cursor.fetchall()}


OURS = """
    namespace.nspname = 'public' AND NOT EXISTS (
        SELECT FROM pg_depend AS depends WHERE depends.objid = thing.oid AND depends.deptype = 'e'
    )
"""
CALLED_BY_THE_READER = {
    "_pgh_attach_context",  # of pghistory's and pgtrigger's triggers; they read and write as whoever calls them
    "_pgtrigger_should_ignore",
    "majlis_bare",
    "majlis_folded",
    "majlis_is_clean",
    "majlis_plain",
    "partnerships_instrument_status",
    "publishing_search_bare",
    "publishing_search_folded",
    "publishing_search_words",
    "recommendations_state_over",
}
"""Functions of ours that the reader may call, and that run with the reader's own rights."""

ANSWERS_FOR_THE_OWNER = {
    "events_support_is_shown",
    "publishing_changes_settled_at",  # a moment: tests/config/test_api_changes.py
    "publishing_search",  # what is public alone: tests/config/test_search.py
    "publishing_search_near",
    "publishing_revision",  # what moved last, and no moment to come: tests/publishing/reader/test_revision.py
    "partnerships_has_lost_grounds",  # tests/partnerships/test_verification.py
    "recommendations_has_source_being_read",  # tests/recommendations/test_being_read.py
}  # yes or no, and no for what is not public; tests/events/test_support.py
"""The others that it may call, which run as their owner."""


@pytest.mark.django_db
def test_reader_may_call_few_functions_of_ours() -> None:
    called = names(
        f"""
        SELECT thing.proname FROM pg_proc AS thing JOIN pg_namespace AS namespace ON namespace.oid = thing.pronamespace
        WHERE {OURS} AND thing.prorettype <> 'trigger'::regtype AND has_function_privilege(%s, thing.oid, 'EXECUTE')
        """,
        READER,
    )
    assert called == CALLED_BY_THE_READER | ANSWERS_FOR_THE_OWNER


@pytest.mark.django_db
def test_no_function_that_the_reader_may_call_runs_as_its_owner() -> None:
    assert names("SELECT proname FROM pg_proc WHERE prosecdef AND proname = ANY (%s)", [*CALLED_BY_THE_READER]) == set()


@pytest.mark.django_db
def test_function_that_runs_as_its_owner_has_a_fixed_search_path() -> None:
    loose = names(
        f"""
        SELECT thing.proname FROM pg_proc AS thing JOIN pg_namespace AS namespace ON namespace.oid = thing.pronamespace
        WHERE {OURS} AND thing.prosecdef
            AND NOT COALESCE(array_to_string(thing.proconfig, ',') ~ '(^|,)search_path=', FALSE)
        """
    )
    assert loose == set()


@pytest.mark.django_db
def test_view_that_runs_as_its_owner_is_a_barrier() -> None:
    open_views = names(
        f"""
        SELECT thing.relname FROM pg_class AS thing JOIN pg_namespace AS namespace ON namespace.oid = thing.relnamespace
        WHERE {OURS} AND thing.relkind IN ('v', 'm') AND has_any_column_privilege(%s, thing.oid, 'SELECT')
            AND NOT COALESCE('security_barrier=true' = ANY (thing.reloptions)
                OR 'security_invoker=true' = ANY (thing.reloptions), FALSE)
        """,
        READER,
    )
    assert open_views == set(), "an error of a cast would tell what the view hides"


@pytest.mark.django_db
def test_everybody_is_kept_from_what_is_the_owners() -> None:
    assert names(OPEN_TO_EVERYBODY) == set()
    with connection.cursor() as cursor:
        for function in OF_THE_OWNER:
            cursor.execute("SELECT to_regprocedure(%s) IS NULL", [f"pg_catalog.{function}"])
            if cursor.fetchone() == (True,):
                continue  # a server that is too old to have it
            cursor.execute(
                "SELECT has_function_privilege(%s, %s, 'EXECUTE'), has_function_privilege(%s, 'EXECUTE')",
                [READER, f"pg_catalog.{function}", f"pg_catalog.{function}"],
            )
            assert cursor.fetchone() == (False, True), function
        cursor.execute(
            "SELECT has_database_privilege(%s, current_database(), 'TEMPORARY'),"
            " has_schema_privilege(%s, 'public', 'CREATE'), has_language_privilege(%s, 'plpgsql', 'USAGE')",
            [READER] * 3,
        )
        assert cursor.fetchone() == (False, False, False)


@pytest.mark.django_db
def test_no_lock_of_ones_own_making_is_open_to_the_reader() -> None:
    """Whatever this server has of them, also those that a list of ours forgot."""
    locking = "SELECT proname FROM pg_proc WHERE proname ~ 'advisory' AND proname !~ 'unlock'"
    assert names(f"{locking} AND has_function_privilege(%s, oid, 'EXECUTE')", READER) == set()
    assert len(names(locking)) == 8


# Holding up the desk


@pytest.fixture
def holding(own_login: psycopg.Connection) -> Iterator[psycopg.Cursor]:
    """A transaction of the reader's own login that is not ended."""
    with own_login.cursor() as cursor:
        yield cursor
    own_login.rollback()


def test_desk_writes_whatever_the_reader_holds(holding: psycopg.Cursor) -> None:
    holding.execute("SELECT publishing_changes_settled_at()")
    holding.execute("SAVEPOINT one")
    holding.execute("SELECT publishing_changes_settled_at()")
    for table in sorted(rights.declared(rights.applied_to(connection))[1].readable):
        holding.execute(f"LOCK TABLE {table} IN ACCESS SHARE MODE".encode())
        holding.execute(f"SELECT * FROM {table}".encode())
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        claim = factories.ClaimFactory(published=True)
        claim.save()
        event = factories.EventFactory(published=True)
        factories.DisclosureFactory(participant__event=event)
        cursor.execute("SELECT count(*) FROM publishing_change WHERE public_id = %s", [event.public_id])
        assert cursor.fetchone()[0] > 0, "it was announced, under the feed's lock"
        transaction.set_rollback(True)


LOCKS = """
    SELECT {} FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE relation = 'publishing_changeorder'::regclass AND datname = current_database()
"""
"""Copies of one database give a table the same number."""


def test_feed_that_is_stopped_while_it_waits_holds_nothing(holding: psycopg.Cursor) -> None:
    """Neither when it gives up, nor in a transaction that goes on after that."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE publishing_changeorder IN EXCLUSIVE MODE")
        holding.execute("SET LOCAL statement_timeout = '50ms'")
        holding.execute("SAVEPOINT before")
        with pytest.raises(psycopg.errors.QueryCanceled):
            holding.execute("SELECT publishing_changes_settled_at()")
        holding.execute("ROLLBACK TO before")
        cursor.execute(LOCKS.format("mode"))
        assert cursor.fetchall() == [("ExclusiveLock",)]
    holding.execute("SELECT publishing_changes_settled_at() <= clock_timestamp()")
    assert holding.fetchone() == (True,)
    with connection.cursor() as cursor:
        cursor.execute(LOCKS.format("count(*)"))
        assert cursor.fetchone() == (0,)


def test_login_begins_with_bounds_and_cannot_raise_the_number_of_its_connections(own_login: psycopg.Connection) -> None:
    """The others it can raise, for one session; docs/security.md says so."""
    with connection.cursor() as cursor:
        for fault in rights.faults(connection, with_logins=True):
            if LOGIN in fault.name:
                cursor.execute(fault.mend)
        cursor.execute(f"ALTER ROLE {LOGIN} CONNECTION LIMIT 2")
    where = own_login.info.get_parameters()
    with psycopg.connect(host=where["host"], dbname=where["dbname"], user=LOGIN) as another:
        for setting, value in (("statement_timeout", "10s"), ("lock_timeout", "5s"), ("TimeZone", "UTC")):
            assert another.execute(f"SHOW {setting}".encode()).fetchone() == (value,)
        with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
            psycopg.connect(host=where["host"], dbname=where["dbname"], user=LOGIN)
        another.commit()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            another.execute(f"SET TRANSACTION READ WRITE; ALTER ROLE {LOGIN} CONNECTION LIMIT -1".encode())
        another.rollback()
        another.execute("SET LOCAL idle_in_transaction_session_timeout = '50ms'")
        deadline = time.monotonic() + PATIENCE
        while names("SELECT pid FROM pg_stat_activity WHERE pid = %s", another.info.backend_pid):
            assert time.monotonic() < deadline, "a transaction in which nothing happens is ended"
        another.close()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {LOGIN} CONNECTION LIMIT -1")


# What a plan tells


def plan_of(statement: str) -> list[dict[str, Any]]:
    """The nodes of the plan by which the reader gets what `statement` asks for."""
    with reading_as_the_public(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, VERBOSE, TIMING OFF, SUMMARY OFF, BUFFERS OFF, FORMAT JSON) {statement}")
        nodes, found = [cursor.fetchone()[0][0]["Plan"]], []
    while nodes:
        node = nodes.pop()
        nodes += node.pop("Plans", [])
        found.append(node)
    return found


@pytest.mark.django_db
def test_no_plan_reads_what_the_reader_may_not() -> None:
    readable = rights.declared(rights.applied_to(connection))[1].readable
    assert len(readable) > 40
    for table in sorted(readable):
        read = {node["Relation Name"] for node in plan_of(f"SELECT * FROM {table}") if "Relation Name" in node}
        assert read <= readable, table


@pytest.mark.django_db
def test_no_plan_counts_who_was_there() -> None:
    """The same plan, to the last number, whether four were there or nine, and whatever the rule is."""
    events = [
        factories.EventFactory(published=True),
        factories.EventFactory(published=True, attribution_rule="off_record"),
        factories.EventFactory(),
    ]
    for event in events:
        factories.ParticipantFactory.create_batch(4, event=event)
    factories.DisclosureFactory(participant__event=events[0])
    asked = [
        f"SELECT * FROM events_disclosedparticipant WHERE event_id = {event.pk} AND role = 'participant'"
        for event in events
    ] + ["SELECT count(*) FROM events_support", "SELECT * FROM events_disclosedparticipant"]
    before = [plan_of(statement) for statement in asked]
    for event in events:
        factories.ParticipantFactory.create_batch(5, event=event)
    draft = factories.DisclosureFactory(participant__event=events[2])
    assert [plan_of(statement) for statement in asked] == before
    assert draft.pk


@pytest.mark.django_db
def test_check_names_what_everybody_may_still_use() -> None:
    def warnings() -> list[checks.CheckMessage]:
        found = checks.run_checks(databases=["default"])
        return [one for one in found if one.id == "publishing.W001" and "for everybody" in one.msg]

    assert warnings() == []
    with connection.cursor() as cursor:
        cursor.execute("GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC")
    (warning,) = warnings()
    assert "too much: FUNCTION set_config(text,text,boolean) for everybody" in warning.msg
    assert "manage.py lay_rights --sql" in (warning.hint or "")
    assert [one for one in checks.run_checks() if one.id == "publishing.W001"] == [], "it asks no database unbidden"
