"""Dumps a filled database and restores it in every way that docs/deploy.md supports, and in two that it does not.

    make drill

Servers of their own are made for it, in a folder that goes with it: of the embedded PostgreSQL and, where Debian's is
on the machine, of that. Each restore is followed by what the documentation says, and is then compared with
the source: rows of every table, privileges, policies, functions, triggers, constraints, sequences, and all that
the public gets. One that is not the same is named, and the drill ends with 1.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config import postgres

OWNER, SUPERUSER, DATABASE = "majlis", "postgres", "majlis"

LETTING_GO = ("--no-owner", "--no-privileges")
WHOLE_OR_NOT = ("--exit-on-error", "--single-transaction")

ROLES_FIRST = "CREATE ROLE majlis_reader NOLOGIN; GRANT majlis_reader TO majlis;"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class DrillError(Exception):
    """Something did not go as the documentation says."""


def run(
    *command: str, sent: str = "", expect_failure: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs a program; raises DrillError if it fails, or if it does not and should."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "DATABASE_URL"))}
    done = subprocess.run(
        command,
        input=sent,
        capture_output=True,
        text=True,
        errors="replace",
        cwd=postgres.ROOT,
        env=kept | {"MAJLIS_MODE": "development", "LC_ALL": "C.UTF-8"} | environment,
        check=False,
    )
    if bool(done.returncode) != expect_failure:
        raise DrillError(f"{' '.join(command)} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-3000:]}")
    return done


@dataclass
class Server:
    """A PostgreSQL server in `folder`, whose programs lie in `programs`."""

    programs: Path
    folder: Path

    def program(self, name: str) -> str:
        return str(self.programs / name)

    @contextlib.contextmanager
    def running(self) -> Iterator["Server"]:
        """New, and with nothing in it but the role that is to own the database."""
        self.folder.mkdir(mode=0o700)
        postgres.give_to_server(self.folder)
        data = str(self.folder / "data")
        self._as_server(
            "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            f"--username={SUPERUSER}",
            data,
        )
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off"
        self._as_server("pg_ctl", "start", "-w", "-D", data, "-l", str(self.folder / "log"), "-o", options)
        try:
            self.sql(f"CREATE ROLE {OWNER} LOGIN")
            yield self
        finally:
            self._as_server("pg_ctl", "stop", "-m", "fast", "-D", data)

    def _as_server(self, name: str, *arguments: str) -> None:
        run(*postgres.as_ordinary_user(), self.program(name), *arguments)

    def sql(self, statements: str, database: str = "postgres", *, role: str = SUPERUSER) -> str:
        return run(
            self.program("psql"), *self.reach(database, role), "-qAtv", "ON_ERROR_STOP=1", sent=statements
        ).stdout

    def reach(self, database: str, role: str) -> tuple[str, ...]:
        return ("-h", str(self.folder), "-U", role, "-d", database)

    def url(self, database: str, role: str = OWNER) -> str:
        return f"postgresql://{role}@{str(self.folder).replace('/', '%2F')}/{database}"

    def make(self, database: str) -> None:
        self.sql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        self.sql(f"CREATE DATABASE {database} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0")

    def manage(self, database: str, *arguments: str, expect_failure: bool = False) -> str:
        done = run(
            *(sys.executable, "manage.py", *arguments), expect_failure=expect_failure, DATABASE_URL=self.url(database)
        )
        return done.stdout + done.stderr

    def content(self, database: str, what: str) -> str:
        return run(sys.executable, "-m", "tests.drill.content", what, DATABASE_URL=self.url(database)).stdout


# What is compared

SAME = {
    "policies": "SELECT tablename, policyname, roles::text, cmd, permissive FROM pg_policies",
    "row security": "SELECT relname, relrowsecurity::text, relforcerowsecurity::text FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
    "privileges": "SELECT table_name, grantee, privilege_type FROM information_schema.table_privileges"
    " WHERE table_schema = 'public' AND grantee <> 'majlis'",
    "functions": "SELECT oid::regprocedure::text, md5(prosrc), prosecdef::text, array_to_string(proconfig, ','),"
    " has_function_privilege('public', oid, 'EXECUTE')::text, has_function_privilege('majlis_reader', oid, 'EXECUTE')::text"
    " FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')",  # they differ with the server
    "triggers": "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal",
    "constraints": "SELECT conrelid::regclass::text, conname, contype::text, convalidated::text FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
    "indexes": "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'",
    "sequences": "SELECT sequencename, last_value::text FROM pg_sequences",
    "extensions": "SELECT extname FROM pg_extension",
    "samples not kept": "SELECT attrelid::regclass::text, attname FROM pg_attribute"
    " JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped"
    " AND attstattarget = 0",
}

OF_NOBODY = ("events_participant", "events_consent", "recommendations_internalnote", "auth_user", "django_session")
DRAFTS = ("partnerships_claim", "events_event", "recommendations_recommendation")


def inside(server: Server, database: str) -> dict[str, object]:
    """All that two databases must have alike."""
    host = str(server.folder)
    with psycopg.connect(host=host, dbname=database, user=SUPERUSER, autocommit=True) as connection:
        seen: dict[str, object] = {
            name: sorted(map(str, connection.execute(query.encode()).fetchall())) for name, query in SAME.items()
        }
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND relname <> 'publishing_lastwrite' ORDER BY 1"  # another one whenever the rights are laid again
        ).fetchall()
        seen["rows"] = {
            table: connection.execute(
                f"SELECT count(*), md5(string_agg(row::text, E'\\n' ORDER BY row::text COLLATE \"C\"))"
                f' FROM "{table}" AS row'.encode()
            ).fetchone()
            for (table,) in tables
        }
    with psycopg.connect(host=host, dbname=database, user=OWNER, autocommit=True) as connection:
        connection.execute("SET ROLE majlis_reader")
        for table in OF_NOBODY:
            try:
                connection.execute(f"SELECT count(*) FROM {table}".encode())
            except psycopg.errors.InsufficientPrivilege:
                continue
            raise DrillError(f"The public reads {table}.")
        for table in DRAFTS:
            states = connection.execute(f"SELECT DISTINCT state FROM {table}".encode()).fetchall()
            if states != [("published",)]:
                raise DrillError(f"The public sees of {table}: {states}.")
    answers = json.loads(server.content(database, "read"))
    refused = sorted(f"{address} with {status}" for address, (status, _) in answers.items() if status != 200)
    if refused:
        raise DrillError(f"{len(refused)} of {len(answers)} addresses answer otherwise than with 200: {refused[:3]}.")
    return seen | {"answers": answers}


def differences(source: dict[str, object], restored: dict[str, object]) -> list[str]:
    found = []
    for name, before in source.items():
        after = restored[name]
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            other = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        else:
            other = sorted(set(before) ^ set(after))  # type: ignore[call-overload]
        found.append(f"{name}: {', '.join(map(str, other[:3]))} and {max(len(other) - 3, 0)} more")
    return found


# The ways


@dataclass(frozen=True)
class Way:
    """One way from a dump to a database."""

    format: str  # custom, or plain: SQL
    elsewhere: bool  # into a new server, and not into another database of the same
    role: str
    options: tuple[str, ...] = ()
    dump_options: tuple[str, ...] = ()
    roles_first: bool = True

    def __str__(self) -> str:
        return (
            f"{self.format}{' -j 2' if '--jobs=2' in self.options else ''}, {'new server' if self.elsewhere else 'same server'}"
            f"{'' if self.roles_first else ' WITHOUT the reader’s role'}, as {'the owner' if self.role == OWNER else 'a superuser'}"
        )


WAYS = [
    Way(format, elsewhere, role, options, dump_options)
    for elsewhere in (False, True)
    for format, role, options, dump_options in (
        ("custom", OWNER, (*LETTING_GO, *WHOLE_OR_NOT), ()),
        ("custom", SUPERUSER, WHOLE_OR_NOT, ()),
        ("custom", SUPERUSER, ("--exit-on-error", "--jobs=2"), ()),
        ("plain", OWNER, (), LETTING_GO),
        ("plain", SUPERUSER, (), ()),
    )
]
FORGOTTEN = [
    Way("custom", True, role, options, roles_first=False) for role, options in ((SUPERUSER, ()), (OWNER, LETTING_GO))
]
"""Not as the documentation says: the roles are forgotten. It is named, and mended."""


def restore(
    source: Server, target: Server, way: Way, dump: Path, *, of: str = DATABASE, database: str = "restored"
) -> None:
    """Dumps the database `of`, restores, and does what the documentation says of it. Raises DrillError where it is not as it says."""
    dumping = source if target.programs == source.programs else target  # the newer program reads the older server
    run(
        *(dumping.program("pg_dump"), *source.reach(of, SUPERUSER)),
        *(f"--format={way.format}", *way.dump_options, "-f", str(dump)),
    )
    if way.elsewhere and way.roles_first:
        target.sql(ROLES_FIRST)
    target.make(database)
    if way.format == "custom":
        command = [target.program("pg_restore"), *target.reach(database, way.role), *way.options, str(dump)]
    else:
        command = [target.program("psql"), *target.reach(database, way.role), "-qv", "ON_ERROR_STOP=1"]
        command += ["--single-transaction", "-f", str(dump)]
    run(*command, expect_failure=not way.roles_first)
    if not way.roles_first:
        target.manage(database, "check", "--database", "default", "--fail-level", "WARNING", expect_failure=True)
    for_a_superuser = target.manage(database, "lay_rights", "--sql")
    target.sql(for_a_superuser, database)
    target.manage(database, "lay_rights")
    target.manage(database, "check", "--database", "default", "--fail-level", "WARNING")


def data_alone(server: Server, dump: Path) -> None:
    """Is not supported: it is refused by PostgreSQL, and leaves nothing."""
    run(server.program("pg_dump"), *server.reach(DATABASE, SUPERUSER), "--format=custom", "-f", str(dump))
    server.make("data_alone")
    restoring = (server.program("pg_restore"), *server.reach("data_alone", OWNER), *LETTING_GO, *WHOLE_OR_NOT)
    run(*restoring, "--schema-only", str(dump))
    run(*restoring, "--data-only", str(dump), expect_failure=True)
    if server.sql("SELECT count(*) FROM events_event", "data_alone") != "0\n":
        raise DrillError("A restore of the data alone left some of them.")


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    """A folder for servers, wherever this is run: the path of a socket may not be long."""
    with tempfile.TemporaryDirectory(prefix="majlis-drill-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


def kinds_of_servers() -> dict[str, Path]:
    kinds = {"embedded": postgres.programs()}
    kinds |= {
        path.parent.name: path
        for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if (path / "initdb").exists()
    }
    return kinds


def drill(folder: Path, only: str) -> int:
    """Every way whose words contain `only`, on every pair of servers. The number of those that failed."""
    failed = 0
    kinds = kinds_of_servers()
    dump = folder / "majlis.dump"
    for name, programs in kinds.items():
        with Server(programs, folder / name).running() as source:
            source.sql(ROLES_FIRST)
            source.make(DATABASE)
            source.sql(source.manage(DATABASE, "lay_rights", "--sql"), DATABASE)
            source.manage(DATABASE, "migrate", "--verbosity=0")
            source.content(DATABASE, "fill")
            before = inside(source, DATABASE)
            rows = sum(count for count, _ in before["rows"].values())  # type: ignore[attr-defined]
            say(f"{name}: {rows} rows in {len(before['rows'])} tables, {len(before['policies'])} policies,"  # type: ignore[arg-type]
                  f" {len(before['answers'])} addresses")  # type: ignore[arg-type]  # fmt: skip
            into = [(other, path) for other, path in kinds.items() if other == name or name != "embedded"]
            for other, path in into:
                for number, way in enumerate([*WAYS, *FORGOTTEN]):
                    words = f"{name} to {other}, {way}"
                    if only not in words or (other != name and not way.elsewhere):
                        continue
                    began = time.monotonic()
                    try:
                        with contextlib.ExitStack() as stack:
                            target = source
                            if way.elsewhere:
                                target = Server(path, folder / f"{name}-{other}-{number}")
                                stack.enter_context(target.running())
                            restore(source, target, way, dump)
                            found = differences(before, inside(target, "restored"))
                    except DrillError as error:
                        found = [str(error)]
                    failed += bool(found)
                    took = f"{time.monotonic() - began:.0f} s"
                    say(f"  {words}: {'; '.join(found) or 'the same'} ({took})")
            try:
                data_alone(source, dump)
                say("  data alone: refused, and nothing left of it")
            except DrillError as error:
                failed += 1
                say(f"  data alone: {error}")
    return failed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="only ways in whose line this stands, for example 'new server'")
    only = parser.parse_args().only
    with short_folder() as folder:
        failed = drill(folder, only)
    sys.exit(f"{failed} restores failed." if failed else 0)
