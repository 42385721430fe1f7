"""Each thing that keeps the public from unpublished rows is removed, and every check of the rights reports it."""

import io
import os
import re

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from publishing.reader import rights
from publishing.reader.privileges import OF_THE_OWNER, PROCEDURAL_LANGUAGE
from publishing.reader.revision import MOVES, NOTES
from publishing.reader.rights import EVERYBODY, Fact, Fault
from publishing.reader.row_policies import POLICY, READER

pytestmark = [pytest.mark.django_db, pytest.mark.long]

DECLARED, ACCESS = rights.declared(rights.AppliedMigrations(frozenset(rights.known_migrations())))


def of_kind(kind: str) -> list[Fact]:
    return sorted(fact for fact in DECLARED if fact.kind == kind)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def names(wrong: list[Fault]) -> list[str]:
    return [fault.name for fault in wrong]


def check() -> str:
    found = [one for one in checks.run_checks(databases=["default"]) if one.id == "publishing.W001"]
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
            " AND NOT has_function_privilege('public', oid, 'EXECUTE')"
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
    "what keeps since when a row is public": [
        (f"triggers that keep public_from of {fact.of}", f"DROP TRIGGER majlis_public_from ON {fact.of}")
        for fact in of_kind("publicness")
    ],
    "what tells parts": [
        (f"triggers that keep public_from of {table}", f"DROP TRIGGER majlis_public_parts ON {table}")
        for table in ("events_event", "recommendations_addressee")
    ],
    "a function that keeps nothing": [
        (
            "triggers that keep public_from of partnerships_claim",
            "CREATE OR REPLACE FUNCTION majlis_public_from_partnerships_claim() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN NEW.public_from := now(); RETURN NEW; END'",
        )
    ],
    "row security": [
        (f"row security of {fact.of}", f"ALTER TABLE {fact.of} DISABLE ROW LEVEL SECURITY")
        for fact in of_kind("row security")
    ],
    "grants": [
        (f"SELECT on {fact.of} for {READER}", f"REVOKE SELECT ON {fact.of} FROM {READER}")
        for fact in of_kind("privilege")
    ]
    + [("USAGE on schema public for majlis_reader", f"REVOKE USAGE ON SCHEMA public FROM {READER}, {EVERYBODY}")],
    "functions that answer": [
        (f"EXECUTE on {fact.of} for {READER}", f"REVOKE EXECUTE ON FUNCTION {fact.of} FROM {READER}")
        for fact in of_kind("execute")
    ],
    "functions of ours": [
        (f"too much: EXECUTE on {name} for {EVERYBODY}", f"GRANT EXECUTE ON FUNCTION {name} TO {EVERYBODY}")
        for name in sorted(ACCESS.reserved | ACCESS.answering)
    ]
    + [
        (
            "too much: EXECUTE on procrastinate_retry_job_v2(bigint,timestamp with time zone,integer,character varying,"
            f"character varying) for {EVERYBODY}",
            "GRANT EXECUTE ON FUNCTION procrastinate_retry_job_v2(bigint,timestamp with time zone,integer,"
            f"character varying,character varying) TO {EVERYBODY}",
        )
    ],
    "what moves the revision": [
        (f"trigger {MOVES} on {fact.of}", f"DROP TRIGGER {MOVES} ON {fact.of}") for fact in of_kind("revision")
    ]
    + [
        (f"trigger {NOTES} ({fact.detail}) on {fact.of}", f"DROP TRIGGER {NOTES} ON {fact.of}")
        for fact in of_kind("moments")
    ],
    "what is too much": [
        (f"too much: SELECT on events_participant for {READER}", f"GRANT SELECT ON events_participant TO {READER}"),
        (
            f"too much: SELECT (name) on events_participant for {READER}",
            f"GRANT SELECT (name) ON events_participant TO {READER}",
        ),
        (f"too much: SELECT on auth_user for {EVERYBODY}", f"GRANT SELECT ON auth_user TO {EVERYBODY}"),
        (f"too much: UPDATE on partnerships_claim for {READER}", f"GRANT UPDATE ON partnerships_claim TO {READER}"),
        (f"too much: USAGE on events_point_id_seq for {READER}", f"GRANT USAGE ON events_point_id_seq TO {READER}"),
        (
            "too much: policy wide on events_event",
            f"CREATE POLICY wide ON events_event FOR SELECT TO {READER} USING (true)",
        ),
        ("too much: policy wide on events_event", "CREATE POLICY wide ON events_event USING (true)"),
        ("too much: CREATE for everybody on SCHEMA public", "GRANT CREATE ON SCHEMA public TO PUBLIC"),
        (f"too much: CREATE for {READER} on SCHEMA public", f"GRANT CREATE ON SCHEMA public TO {READER}"),
        (
            f"too much: EXECUTE on how_many_were_there() for {READER}",
            "CREATE FUNCTION how_many_were_there() RETURNS BIGINT LANGUAGE sql SECURITY DEFINER"
            " AS 'SELECT count(*) FROM events_participant'",
        ),
        (
            f"too much: {READER} in role majlis_other{os.getpid()}",
            f"CREATE ROLE majlis_other{os.getpid()}; GRANT majlis_other{os.getpid()} TO {READER}",
        ),
    ],
}


def pgid(table: str, name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname ~ %s", [table, f"^pgtrigger_{name}_"]
        )
        return str(cursor.fetchone()[0])


@pytest.fixture
def breaking() -> dict[str, list[tuple[str, str]]]:
    """What is called wrong, and the statement that makes it so, of each kind."""
    trigger = pgid("events_consent", "append_only")
    disabled = f"disabled trigger {trigger} on events_consent"
    return BREAKING | {
        "settings and triggers": [
            ("jit = off", "SET LOCAL jit = on"),
            (disabled, f"ALTER TABLE events_consent DISABLE TRIGGER {trigger}"),
        ]
    }


def test_each_that_is_missing_or_too_much_is_named_and_nothing_else(
    breaking: dict[str, list[tuple[str, str]]],
) -> None:
    tried = 0
    for each in breaking.values():
        for name, statement in each:
            with transaction.atomic():
                run(statement)
                assert names(rights.faults(connection)) == [name]
                transaction.set_rollback(True)
            tried += 1
    assert tried > 200


def test_everybody_who_counts_names_it_and_migrate_lays_it_again(
    breaking: dict[str, list[tuple[str, str]]], client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of each kind; that each is among the faults, which all of them tell, is shown above."""
    for name, statement in (each[0] for each in breaking.values()):
        with transaction.atomic():
            run(statement)
            answer = client.get("/readyz")
            assert (answer.status_code, name in answer.text, "manage.py lay_rights" in answer.text) == (503, True, True)
            assert name in check()
            rights.lay_after_migrate("default")
            assert capsys.readouterr() == (f"Mended: {name}\n", "")
            assert client.get("/readyz").content == b"ok\n"
            transaction.set_rollback(True)


def test_all_at_once_is_laid_again(breaking: dict[str, list[tuple[str, str]]], client: Client) -> None:
    run("SET LOCAL jit = on")
    for kind, each in breaking.items():
        if kind not in ("widened row policies", "settings and triggers"):
            for _, statement in each:
                run(statement.replace("POLICY wide ON events_event USING", "POLICY wider ON events_event USING"))
    told = client.get("/readyz").text
    assert re.search(r"triggers that keep public_from of events_disclosedparticipant, .* and \d{3} more", told)
    laid, left = rights.lay(connection)
    assert (len(laid) > 150, left) == (True, [])
    assert client.get("/readyz").content == b"ok\n"


def test_functions_of_postgresql_are_named_and_a_superuser_told_what_to_run(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'FUNCTION ' || to_regprocedure(name) FROM unnest(%s::text[]) AS name", [[*OF_THE_OWNER]])
        reserved = [what for (what,) in cursor.fetchall() if what]  # this server may be too old to have all
    for what in (*reserved, f"LANGUAGE {PROCEDURAL_LANGUAGE}"):
        with transaction.atomic():
            run(f"GRANT ALL ON {what} TO {EVERYBODY}")
            assert names(rights.faults(connection)) == [f"too much: {what} for everybody"]
            transaction.set_rollback(True)
    assert len(reserved) >= len(OF_THE_OWNER) - 2
    run(f"GRANT ALL ON LANGUAGE {PROCEDURAL_LANGUAGE} TO {EVERYBODY}")
    for told in (client.get("/readyz").text, check()):
        assert "LANGUAGE plpgsql for everybody" in told
        assert "Have a superuser run what “manage.py lay_rights --sql” prints" in told
    out = io.StringIO()
    call_command("lay_rights", "--sql", stdout=out)
    assert out.getvalue() == (
        "-- too much: LANGUAGE plpgsql for everybody\n"
        "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC; GRANT USAGE ON LANGUAGE plpgsql TO majlis WITH GRANT OPTION;\n"
    )


def test_migrate_lays_again_and_says_so() -> None:
    run(f"DROP POLICY {POLICY} ON partnerships_claim")
    out = io.StringIO()
    call_command("migrate", stdout=out)
    assert "Mended: row policy of partnerships_claim\n" in out.getvalue()
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
    ("statement", "kind", "name"),
    [
        ("ALTER TABLE events_participant DROP CONSTRAINT {}", "constraint", "events_participant_has_a_name"),
        ("DROP INDEX {}", "constraint", "change_order"),
        ("DROP TRIGGER {} ON events_consent", "trigger", "append_only"),
        ("DROP TABLE {}", "table", "recommendations_snooze"),
    ],
)
def test_what_only_the_whole_dump_brings_back_is_named_and_not_made_up(
    statement: str, kind: str, name: str, client: Client
) -> None:
    name = pgid("events_consent", name) if kind == "trigger" else name
    run(statement.format(name))
    text = client.get("/readyz").text
    assert f"{kind} {name}" in text
    assert "restore the whole dump" in text
    assert f"{kind} {name}" in check()
    with pytest.raises(CommandError, match="could not be laid"):
        call_command("lay_rights", stdout=io.StringIO(), stderr=io.StringIO())


# Between two versions


def test_lost_primary_key_is_named_with_the_foreign_keys_that_went_along(client: Client) -> None:
    run("ALTER TABLE partnerships_review DROP CONSTRAINT partnerships_review_pkey CASCADE")
    lost = [one.name for one in rights.faults(connection) if one.fact.kind == "keys"]
    assert "primary and foreign keys (1 and 3) of partnerships_review" in lost
    assert len(lost) > 1
    assert client.get("/readyz").status_code == 503


def test_tables_of_somebody_else_are_named_before_anything_else_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a superuser could give one away, so here the question is answered as after a restore that did."""
    monkeypatch.setattr(rights, "OWNED_BY_OTHERS", "SELECT 'owner', 'partnerships_actor', ''")
    monkeypatch.setattr(rights, "applied_to", None)
    (fault,) = rights.faults(connection)
    assert (fault.name, fault.mend) == (
        "owner of partnerships_actor",
        "ALTER TABLE partnerships_actor OWNER TO majlis;",
    )
    assert any("superuser" in one for one in rights.advice([fault]))


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


def test_new_database_is_not_told_what_its_first_migrate_is_about_to_lay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rights, "applied_to", lambda connection: rights.AppliedMigrations(frozenset()))
    monkeypatch.setattr(rights, "READER", "nobody_of_that_name")
    assert [fault.fact.kind for fault in rights.faults(connection) if fault.fact.kind == "role"] == ["role"]
    assert check() == ""


def test_superuser_is_told_before_the_first_migrate_what_is_to_be_revoked(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this order docs/deploy.md goes: the statements of `--sql`, and then the first migrate."""
    monkeypatch.setattr(rights, "applied_to", lambda connection: rights.AppliedMigrations(frozenset()))
    run(f"GRANT ALL ON LANGUAGE {PROCEDURAL_LANGUAGE} TO {EVERYBODY}; GRANT CREATE ON SCHEMA public TO {EVERYBODY}")
    out = io.StringIO()
    call_command("lay_rights", "--sql", stdout=out)
    assert "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC" in out.getvalue()
    assert "REVOKE CREATE ON SCHEMA public" in out.getvalue()
    assert "too much: SELECT" not in out.getvalue(), "what the models declare is not known yet"
