"""Each thing that keeps the public from what is not published is taken away, and everybody who counts names it."""

import io
import os

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from partnerships import rights
from partnerships.privileges import LANGUAGE, OF_THE_OWNER
from partnerships.rights import EVERYBODY, Fact, Fault
from partnerships.row_policies import POLICY, READER

pytestmark = pytest.mark.django_db

DECLARED, ACCESS = rights.declared(rights.Applied(frozenset(rights.known_migrations())))


def of_kind(kind: str) -> list[Fact]:
    return sorted(fact for fact in DECLARED if fact.kind == kind)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def names(wrong: list[Fault]) -> list[str]:
    return [fault.name for fault in wrong]


def check() -> str:
    found = [one for one in checks.run_checks(databases=["default"]) if one.id == "partnerships.W001"]
    return " ".join(f"{one.msg} {one.hint}" for one in found)


@pytest.fixture(autouse=True)
def of_no_other_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logins belong to the server, on which other runs may make theirs just now."""
    monkeypatch.setattr(rights, "UNBOUNDED", rights.UNBOUNDED + f" AND role.rolname = 'majlis_login{os.getpid()}'")


def test_nothing_is_wrong_with_a_migrated_database(client: Client) -> None:
    assert names(rights.faults(connection, with_logins=True)) == []
    assert check() == ""
    assert client.get("/readyz").content == b"ok\n"
    out = io.StringIO()
    call_command("lay_rights", stdout=out)
    assert out.getvalue() == "Everything that the code declares is there.\n"


def test_declaration_is_whole() -> None:
    """Against numbers that are counted in the database itself, so that a declaration which is forgotten shows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_policies")
        assert cursor.fetchone() == (len(of_kind("row policy")),)
        cursor.execute(
            "SELECT count(*) FROM information_schema.table_privileges WHERE grantee = %s AND table_schema = 'public'",
            [READER],
        )
        assert cursor.fetchone() == (len(of_kind("privilege")),)
        cursor.execute("SELECT count(*) FROM information_schema.routine_privileges WHERE grantee = %s", [READER])
        assert cursor.fetchone() == (len(of_kind("execute")),)
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND prorettype <> 'trigger'::regtype AND NOT has_function_privilege('public', oid, 'EXECUTE')"
        )
        closed = {name.replace(",", ", ") for (name,) in cursor.fetchall() if not name.startswith("procrastinate")}
    assert closed == ACCESS.answering | ACCESS.reserved


BREAKING: dict[str, list[tuple[str, str]]] = {
    "row policies": [
        (f"row policy of {fact.of}", f"DROP POLICY {POLICY} ON {fact.of}") for fact in of_kind("row policy")
    ],
    "widened row policies": [
        (f"row policy of {fact.of}", f"ALTER POLICY {POLICY} ON {fact.of} USING (true)")
        for fact in of_kind("row policy")
    ],
    "row security": [
        (f"row security of {fact.of}", f"ALTER TABLE {fact.of} DISABLE ROW LEVEL SECURITY")
        for fact in of_kind("row security")
    ],
    "grants": [
        (f"SELECT on {fact.of} for {READER}", f"REVOKE SELECT ON {fact.of} FROM {READER}")
        for fact in of_kind("privilege")
    ]
    + [("USAGE on schema public for majlis_reader", f"REVOKE USAGE ON SCHEMA public FROM {READER}")],
    "functions that answer": [
        (f"EXECUTE on {fact.of} for {READER}", f"REVOKE EXECUTE ON FUNCTION {fact.of} FROM {READER}")
        for fact in of_kind("execute")
    ],
    "functions of ours": [
        (f"EXECUTE on {name} for {EVERYBODY}", f"GRANT EXECUTE ON FUNCTION {name} TO {EVERYBODY}")
        for name in sorted(ACCESS.reserved | ACCESS.answering)
    ]
    + [
        (
            "EXECUTE on procrastinate_retry_job_v2(bigint,timestamp with time zone,integer,character varying,"
            f"character varying) for {EVERYBODY}",
            "GRANT EXECUTE ON FUNCTION procrastinate_retry_job_v2(bigint,timestamp with time zone,integer,"
            f"character varying,character varying) TO {EVERYBODY}",
        )
    ],
    "what is too much": [
        (f"SELECT on events_participant for {READER}", f"GRANT SELECT ON events_participant TO {READER}"),
        (f"SELECT (name) on events_participant for {READER}", f"GRANT SELECT (name) ON events_participant TO {READER}"),
        (f"SELECT on auth_user for {EVERYBODY}", f"GRANT SELECT ON auth_user TO {EVERYBODY}"),
        (f"UPDATE on partnerships_claim for {READER}", f"GRANT UPDATE ON partnerships_claim TO {READER}"),
        (f"USAGE on events_point_id_seq for {READER}", f"GRANT USAGE ON events_point_id_seq TO {READER}"),
        ("policy wide on events_event", f"CREATE POLICY wide ON events_event FOR SELECT TO {READER} USING (true)"),
        ("policy wide on events_event", "CREATE POLICY wide ON events_event USING (true)"),
        ("CREATE for everybody on SCHEMA public", "GRANT CREATE ON SCHEMA public TO PUBLIC"),
    ],
    "settings and triggers": [
        ("jit = off", "SET LOCAL jit = on"),
        (
            "disabled trigger never_emptied on events_consent",
            "ALTER TABLE events_consent DISABLE TRIGGER never_emptied",
        ),
    ],
}


def pgid(table: str, name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname ~ %s", [table, f"^pgtrigger_{name}_"]
        )
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize("kind", BREAKING)
def test_everybody_who_counts_names_what_is_missing_and_lays_it_again(kind: str, client: Client) -> None:
    assert BREAKING[kind]
    for name, statement in BREAKING[kind]:
        if "never_emptied" in name:
            trigger = pgid("events_consent", "append_only")
            name, statement = (text.replace("never_emptied", trigger) for text in (name, statement))
        with transaction.atomic():
            run(statement)
            answer = client.get("/readyz")
            assert (answer.status_code, name in answer.text, "manage.py lay_rights" in answer.text) == (503, True, True)
            assert name in check()
            out, err = io.StringIO(), io.StringIO()
            rights.lay_after_migrate("default", stdout=out)
            assert f"Laid again: {name}\n" in out.getvalue()
            assert names(rights.faults(connection)) == []
            transaction.set_rollback(True)
        assert err.getvalue() == ""


def test_functions_of_postgresql_are_named_and_a_superuser_told_what_to_run(client: Client) -> None:
    for what in [*(f"FUNCTION {function}" for function in OF_THE_OWNER), f"LANGUAGE {LANGUAGE}"]:
        with transaction.atomic(), connection.cursor() as cursor:
            if what.startswith("FUNCTION"):
                cursor.execute("SELECT to_regprocedure(%s)::text", [what.removeprefix("FUNCTION ")])
                (there,) = cursor.fetchone()
                if there is None:
                    continue  # this server is too old to have it
                what = f"FUNCTION {there}"
            cursor.execute(f"GRANT ALL ON {what} TO {EVERYBODY}")
            name = f"{what} for everybody"
            answer = client.get("/readyz")
            assert (answer.status_code, name in answer.text) == (503, True)
            assert "manage.py lay_rights --sql" in answer.text
            assert name in check()
            out = io.StringIO()
            call_command("lay_rights", "--sql", stdout=out)
            assert f"-- {name}\nREVOKE" in out.getvalue()
            transaction.set_rollback(True)


def test_migrate_lays_again_and_says_so() -> None:
    run(f"DROP POLICY {POLICY} ON partnerships_claim")
    out = io.StringIO()
    call_command("migrate", stdout=out)
    assert "Laid again: row policy of partnerships_claim\n" in out.getvalue()
    assert names(rights.faults(connection)) == []


def test_laid_policy_is_that_of_the_migrations() -> None:
    def policies() -> list[tuple[str, ...]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename, policyname, roles, cmd, qual FROM pg_policies ORDER BY tablename")
            return [*cursor.fetchall()]

    before = policies()
    for fact in of_kind("row policy"):
        run(f"DROP POLICY {POLICY} ON {fact.of}")
    rights.lay(connection)
    assert policies() == before


def test_owner_who_may_not_take_on_the_role_is_named(client: Client) -> None:
    run(f"REVOKE {READER} FROM CURRENT_USER")
    assert "majlis in role majlis_reader" in client.get("/readyz").text
    assert "majlis in role majlis_reader" in check()
    laid, left = rights.lay(connection)
    assert (names(laid), left) == (["majlis in role majlis_reader"], [])


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("ALTER TABLE events_participant DROP CONSTRAINT {name}", "events_participant_has_a_name"),
        ("DROP INDEX {name}", "change_order"),
        ("DROP TRIGGER {name} ON events_consent", "append_only"),
        ("DROP TABLE {name}", "recommendations_snooze"),
    ],
)
def test_what_only_the_whole_dump_brings_back_is_named_and_not_made_up(
    statement: str, name: str, client: Client
) -> None:
    kind = {"ALTER": "constraint", "DROP INDEX": "constraint", "DROP TRIGGER": "trigger", "DROP TABLE": "table"}[
        " ".join(statement.split()[: 1 if statement.startswith("ALTER") else 2])
    ]
    name = pgid("events_consent", name) if kind == "trigger" else name
    run(statement.format(name=name))
    text = client.get("/readyz").text
    assert f"{kind} {name}" in text
    assert "restore the whole dump" in text
    assert f"{kind} {name}" in check()
    with pytest.raises(CommandError, match="could not be laid"):
        call_command("lay_rights", stdout=io.StringIO(), stderr=io.StringIO())


# Between two versions


def test_code_that_serves_is_ready_while_newer_files_lie_on_the_disk(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights.known_migrations()

    def newer(*args: object, **kwargs: object) -> None:
        raise AssertionError("The files are those of another version by now.")

    monkeypatch.setattr(MigrationLoader, "__init__", newer)
    assert client.get("/readyz").content == b"ok\n"


def test_code_that_serves_is_ready_while_the_database_is_newer(client: Client) -> None:
    MigrationRecorder.Migration.objects.create(app="events", name="9999_of_the_next_version")
    run("ALTER TABLE events_event RENAME TO events_meeting")  # whatever that does
    assert client.get("/readyz").content == b"ok\n"
    run(f"REVOKE {READER} FROM CURRENT_USER")
    assert client.get("/readyz").status_code == 503


def test_migrations_that_are_to_come_are_counted_and_nothing_else(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="sessions", name="0001_initial").delete()
    assert client.get("/readyz").content == b"1 migration is not applied\n"
    assert check() == ""


# Logins of the reader's


@pytest.fixture
def login() -> str:
    name = f"majlis_login{os.getpid()}"
    run(f"CREATE ROLE {name} LOGIN IN ROLE {READER}")
    return name


def test_login_of_the_readers_gets_bounds_and_keeps_those_it_has(login: str, client: Client) -> None:
    run(f"ALTER ROLE {login} CONNECTION LIMIT 7")
    missing = [f"{name} for {login}" for name in sorted(rights.BOUNDS)]
    assert names(rights.faults(connection, with_logins=True)) == missing
    assert missing[0] in check()
    assert client.get("/readyz").content == b"ok\n", "nobody is turned away for it"
    laid, left = rights.lay(connection)
    assert (names(laid), left) == (missing, [])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolconnlimit, array_to_string(setconfig, ' ') FROM pg_roles"
            " JOIN pg_db_role_setting ON setrole = pg_roles.oid WHERE rolname = %s",
            [login],
        )
        limit, kept = cursor.fetchone()
    assert limit == 7
    assert sorted(kept.split()) == [
        "TimeZone=UTC",
        "default_transaction_read_only=on",
        "idle_in_transaction_session_timeout=30s",
        "lock_timeout=5s",
        "statement_timeout=10s",
    ]


def test_login_without_a_limit_of_connections_gets_one(login: str) -> None:
    rights.lay(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolconnlimit FROM pg_roles WHERE rolname = %s", [login])
        assert cursor.fetchone() == (rights.CONNECTIONS,)
