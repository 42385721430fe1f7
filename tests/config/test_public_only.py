"""A process for the public alone: it has the reader's credentials, and the same answers as the full process."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import psycopg
import pytest
from django.db import connection
from django.urls import resolve
from psycopg import sql

from publishing.reader.credentials import WrongCredentials, complaint_about, refuse_all_but_the_reader
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER, _, _ = os.environ["DATABASE_URL"].rpartition("/")
LANGUAGES = ("en", "tr", "ar")
OF_ONE_REQUEST = {"date", "expires", "x-request-id"}
CANARY = "Unmistakable Participant"


def documented_role(name: str) -> str:
    """The statement of docs/deploy.md that makes the login, with another name and no password."""
    text = (ROOT / "docs" / "deploy.md").read_text()
    (statement,) = re.findall(r"CREATE ROLE majlis_public [^\"]+", text)
    return statement.replace("majlis_public", name).replace("PASSWORD '…' ", "")


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True)
class Database:
    """A database with the two documents in it, and the two logins."""

    name: str
    login: str

    @property
    def as_owner(self) -> str:
        return f"{SERVER}/{self.name}"

    @property
    def as_reader(self) -> str:
        address = urlsplit(SERVER)
        return f"{address.scheme}://{self.login}@{address.netloc.rpartition('@')[2]}/{self.name}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.as_owner, autocommit=True) as owner:
            owner.execute(statement.encode())

    def disconnect_reader(self) -> None:
        with psycopg.connect(self.as_reader, autocommit=True) as reader:
            reader.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = session_user"
                " AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    mark = f"{os.getpid()}_run{os.environ['MAJLIS_TEST_RUN']}"
    made = Database(f"test_majlis_public{mark}", f"majlis_public{mark}")
    template = os.environ.get("MAJLIS_TEST_TEMPLATE", "template1")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(create.format(sql.Identifier(made.name), sql.Identifier(template)))
        try:
            fill = (
                "from django.core.management import call_command\n"
                "from tests.factories import EventFactory, ParticipantFactory\n"
                "from config.management.commands.serve import bring_in_knowledge\n"
                "call_command('migrate', verbosity=0)\n"
                "call_command('ensure_local_administrator')\n"
                "bring_in_knowledge()\n"
                f"ParticipantFactory(event=EventFactory(published=True), name={CANARY!r})\n"
            )
            filled = run("manage.py", "shell", "--no-imports", "-c", fill, DATABASE_URL=made.as_owner)
            assert filled.returncode == 0, filled.stderr
            made.execute(documented_role(made.login))
            bounds = run("manage.py", "lay_rights", "--sql", DATABASE_URL=made.as_owner)
            assert bounds.returncode == 0, bounds.stderr
            for statement in bounds.stdout.splitlines():
                if statement.startswith("ALTER ROLE") and made.login in statement:
                    made.execute(statement)
            # Django sets the time zone where it is another one, which the reader may not: its role has it set.
            made.execute(f"ALTER DATABASE {made.name} SET timezone = 'Asia/Qatar'")
            yield made
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(made.name)))
            server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(made.login)))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Site:
    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, address: str, method: str = "GET", **headers: str) -> Answer:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            sent = {"Host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
            asked.request(method, address, headers=sent)
            response = asked.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(
                response.status,
                {name: value for name, value in named.items() if name not in OF_ONE_REQUEST},
                response.read(),
            )
        finally:
            asked.close()


@contextlib.contextmanager
def gunicorn(**variables: str) -> Iterator[Site]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}", "--no-control-socket"]
    # The directives of the content security policy stand in the order of their hashes.
    # Outside of production links have the port on which the server listens, and two listen on two.
    environment = {**os.environ, "PYTHONHASHSEED": "0", "SITE_URL": "https://majlis.example", **variables}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            site, deadline = Site(port), time.monotonic() + PATIENCE
            while True:
                assert process.poll() is None, "it ended"
                with contextlib.suppress(OSError):
                    if site.ask("/healthz").status == 200:
                        break
                assert time.monotonic() < deadline
                time.sleep(0.1)
            yield site
        finally:
            process.send_signal(signal.SIGTERM)


@pytest.fixture(scope="module")
def full(database: Database) -> Iterator[Site]:
    with gunicorn(DATABASE_URL=database.as_owner) as site:
        yield site


@pytest.fixture(scope="module")
def public(database: Database) -> Iterator[Site]:
    with gunicorn(DATABASE_URL=database.as_reader, MAJLIS_PUBLIC_ONLY="true", SECRET_KEY="") as site:
        yield site


def addresses_of(site: Site) -> list[str]:
    """One address of each kind and language: every page, feed, list and thing of the API, and what is wrong."""
    found: dict[tuple[str, str], str] = {}
    namespace = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    for location in ElementTree.fromstring(site.ask("/sitemap.xml").body).iterfind("s:url/s:loc", namespace):
        path = urlsplit(location.text or "").path
        language = path[1:3] if path[1:4] in {"tr/", "ar/"} else "en"
        english = path if language == "en" else path[3:]
        found.setdefault((resolve(english).view_name, language), path)
    addresses = list(found.values())
    for language in LANGUAGES:
        prefix = "" if language == "en" else f"/{language}"
        addresses += [f"{prefix}/feeds/{kind}/" for kind in ("partnerships", "claims", "events", "recommendations")]
        addresses += [f"{prefix}/search/", f"{prefix}/search/?q=qatar", f"{prefix}/nothing-here/"]
        addresses += [f"{prefix}/claims/?as_of=never", f"{prefix}/events/?after=nobody", f"{prefix}/claims"]
        addresses += [f"{prefix}/series/nothing/scorecard/"]
    for collection, address in json.loads(site.ask("/api/v1/").body).items():
        path = urlsplit(address).path
        query = "?q=qatar" if collection == "search" else ""
        addresses += [path + query, f"{path}?no_such_parameter=1", path.rstrip("/")]
        listed = site.ask(path + query)
        things = json.loads(listed.body).get("results", []) if "json" in listed.headers["content-type"] else []
        addresses += [urlsplit(thing["url"]).path for thing in things[:1] if thing.get("url")]
    addresses += ["/sitemap.xml", "/robots.txt", "/api/v1/", "/api/v1/schema/?format=yaml", "/api/v1/nothing/"]
    addresses += ["/api/v1/submissions/", "/healthz", "/readyz", "/static/css/layout.css", "/%00/"]
    return addresses


def test_public_process_says_what_the_full_process_says(full: Site, public: Site) -> None:
    addresses = addresses_of(full)
    assert len(addresses) > 100
    statuses = set()
    for address in addresses:
        answer = public.ask(address)
        assert answer == full.ask(address), address
        assert "set-cookie" not in answer.headers
        statuses.add(answer.status)
    assert statuses == {200, 301, 400, 401, 404}
    for address in addresses[::7]:
        for method in ("HEAD", "OPTIONS"):
            assert public.ask(address, method) == full.ask(address, method), (method, address)
        spoken = {"Accept_Language": "ar", "If_None_Match": public.ask(address).headers.get("etag", '"none"')}
        assert public.ask(address, **spoken) == full.ask(address, **spoken), address


def test_public_process_keeps_its_answers(database: Database) -> None:
    """With the reader's credentials, which read the revision by a function and by nothing else."""
    asked = (
        "from django.db import connection\n"
        "from django.test import Client\n"
        "from django.test.utils import CaptureQueriesContext\n"
        "for turn in range(2):\n"
        "    with CaptureQueriesContext(connection) as asked:\n"
        "        status = (client := globals().setdefault('client', Client())).get('/claims/').status_code\n"
        "    print(status, len(asked) > 0)\n"
    )
    answered = run(
        "manage.py", "shell", "--no-imports", "-v0", "-c", asked,
        DATABASE_URL=database.as_reader, MAJLIS_PUBLIC_ONLY="true", MAJLIS_KEPT_MEGABYTES="8", ALLOWED_HOSTS="testserver",
    )  # fmt: skip
    assert answered.stdout.splitlines() == ["200 True", "200 False"], answered.stderr


def test_public_process_knows_no_desk(public: Site, full: Site) -> None:
    for path in ("/admin/", "/admin/login/", "/admin/language/", "/admin/files/sources/a.pdf", "/admin/auth/user/"):
        for language, words in (("en", "There is no page"), ("tr", 'lang="tr"'), ("ar", 'dir="rtl"')):
            answer = public.ask(path, Accept_Language=language)
            assert answer.status == 404, path
            assert words in answer.body.decode()
            assert "password" not in answer.body.decode()
    assert public.ask("/admin/login/", "POST").status == 404
    assert full.ask("/admin/login/").status == 200


def test_public_process_does_not_look_at_a_session(public: Site) -> None:
    without = public.ask("/claims/")
    assert public.ask("/claims/", Cookie="sessionid=abcdefghijklmnopqrstuvwxyz; csrftoken=abc") == without
    assert public.ask("/api/v1/submissions/", Cookie="sessionid=abcdefghijklmnopqrstuvwxyz").status == 401
    assert "vary" not in without.headers or "Cookie" not in without.headers["vary"]


def test_public_process_stops_when_its_credentials_become_more(public: Site, database: Database) -> None:
    assert public.ask("/readyz").status == 200
    database.execute(f"GRANT SELECT ON events_participant TO {database.login}")
    try:
        database.disconnect_reader()
        refused = public.ask("/readyz")
        assert (refused.status, refused.body) == (503, b"the credentials for the database are not the reader's\n")
        assert public.ask("/claims/").status == 500
    finally:
        database.execute(f"REVOKE SELECT ON events_participant FROM {database.login}")
    ready = public.ask("/readyz")
    assert (ready.status, ready.body) == (200, b"ok\n")


def as_public(database: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("manage.py", *arguments, DATABASE_URL=database.as_reader, MAJLIS_PUBLIC_ONLY="true")


def test_public_process_reads_no_participant_however_it_asks(database: Database) -> None:
    with psycopg.connect(database.as_owner) as owner:
        assert owner.execute("SELECT count(*) FROM events_participant WHERE name = %s", [CANARY]).fetchone() == (1,)
    asked = as_public(
        database,
        *("shell", "--no-imports", "-c"),
        "from django.db import connection, DatabaseError\n"
        "for attempt in ('SELECT name FROM events_participant', 'RESET ROLE; SELECT name FROM events_participant',\n"
        "    'SET ROLE majlis; SELECT name FROM events_participant', 'SELECT password FROM auth_user',\n"
        "    'BEGIN READ WRITE; DELETE FROM publishing_change'):\n"
        "    try:\n"
        "        with connection.cursor() as cursor: cursor.execute(attempt); print('LEAK', cursor.fetchall())\n"
        "    except DatabaseError as error: print(str(error).splitlines()[0])\n"
        "    connection.close()\n",
    )
    assert asked.stdout.splitlines() == [
        "permission denied for table events_participant",
        "permission denied for table events_participant",
        'permission denied to set role "majlis"',
        "permission denied for table auth_user",
        "permission denied for table publishing_change",
    ], asked.stderr


def test_migrate_is_refused_in_one_line(database: Database) -> None:
    asked = as_public(database, "migrate")
    assert (asked.returncode, asked.stderr) == (
        1,
        "CommandError: MAJLIS_PUBLIC_ONLY is set, and such a process only reads. Migrate without it, with the owner's "
        "DATABASE_URL.\n",
    )


def test_checks_pass_without_the_desk(database: Database) -> None:
    production = {"MAJLIS_MODE": "production", "ALLOWED_HOSTS": "majlis.example", "SECRET_KEY": ""}
    asked = run(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING", "--database", "default"),
        **{**production, "DATABASE_URL": database.as_reader, "MAJLIS_PUBLIC_ONLY": "true"},
    )
    assert asked.returncode == 0, asked.stderr


def test_key_of_the_desk_is_not_even_read(database: Database) -> None:
    asked = run(
        *("manage.py", "shell", "--no-imports", "-c", "from django.conf import settings; print(settings.SECRET_KEY)"),
        DATABASE_URL=database.as_reader,
        MAJLIS_PUBLIC_ONLY="true",
        SECRET_KEY="the desk's own",
    )
    assert len(asked.stdout.strip()) > 80
    assert "desk" not in asked.stdout


def test_process_with_the_credentials_of_the_owner_does_not_start(database: Database) -> None:
    variables = {"DATABASE_URL": database.as_owner, "MAJLIS_PUBLIC_ONLY": "true"}
    line = "MAJLIS_PUBLIC_ONLY is set, and DATABASE_URL is not the reader's: “"
    started = run("-c", "import config.wsgi", **variables)
    assert started.returncode == 1
    assert line in started.stderr.splitlines()[-1]
    served = run("-m", "gunicorn", "config.wsgi", "--bind=127.0.0.1:0", "--no-control-socket", **variables)
    assert served.returncode == 3
    assert line in served.stderr
    count = ("manage.py", "shell", "--no-imports", "-c", "from partnerships.models import Claim; Claim.objects.count()")
    assert run(*count, DATABASE_URL=database.as_owner).returncode == 0
    asked = run(*count, **variables)
    assert asked.returncode == 1
    assert asked.stderr.startswith(line)
    assert len(asked.stderr.splitlines()) == 1


def test_process_starts_where_the_database_is_still_away() -> None:
    away = "postgresql://majlis_public@127.0.0.1:9/majlis"
    started = run("-c", "import config.wsgi", DATABASE_URL=away, MAJLIS_PUBLIC_ONLY="true")
    assert started.returncode == 0, started.stderr
    with gunicorn(DATABASE_URL=away, MAJLIS_PUBLIC_ONLY="true") as site:
        assert site.ask("/readyz").body == b"the database does not answer\n"


def test_public_process_needs_credentials_of_its_own() -> None:
    asked = run("manage.py", "check", DATABASE_URL="", MAJLIS_PUBLIC_ONLY="true", MAJLIS_MODE="development")
    assert asked.returncode == 1
    assert asked.stderr == (
        "MAJLIS_PUBLIC_ONLY needs a DATABASE_URL with the reader's own credentials, for example "
        "postgresql://majlis_public:password@localhost/majlis. See docs/deploy.md.\n"
    )


# What makes credentials wrong

LOGIN, OTHER = "majlis_candidate", "majlis_candidate_of"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statements", "complaint"),
    [
        ((), ""),
        ((f"GRANT SELECT ON events_participant TO {LOGIN}",), f"“{LOGIN}” can read events_participant"),
        ((f"GRANT SELECT (name) ON events_participant TO {LOGIN}",), f"“{LOGIN}” can read events_participant"),
        # Given to everybody, the reader's role has it too; a table without row policies is none for the public.
        (("GRANT SELECT ON auth_user TO PUBLIC",), f"“{LOGIN}” can read auth_user"),
        (("GRANT SELECT ON auth_user TO majlis_reader",), f"“{LOGIN}” can read auth_user"),
        ((f"GRANT INSERT ON partnerships_claim TO {LOGIN}",), f"“{LOGIN}” can write to partnerships_claim"),
        ((f"GRANT UPDATE (note) ON publishing_change TO {LOGIN}",), f"“{LOGIN}” can write to publishing_change"),
        ((f"ALTER ROLE {LOGIN} CREATEROLE",), f"“{LOGIN}” stands above the rules of the database"),
        ((f"CREATE ROLE {OTHER}", f"GRANT {OTHER} TO {LOGIN}"), f"“{LOGIN}” is also a member of {OTHER}"),
        ((f"REVOKE majlis_reader FROM {LOGIN}",), f"“{LOGIN}” is no member of majlis_reader"),
    ],
)
def test_credentials_that_are_not_the_readers_alone_are_refused(statements: tuple[str, ...], complaint: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {LOGIN} LOGIN IN ROLE majlis_reader")
        for statement in statements:
            cursor.execute(statement)
    assert complaint_about(connection, LOGIN) == complaint


@pytest.mark.django_db
def test_many_tables_are_named_shortly() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        (owner,) = cursor.fetchone()
        cursor.execute(f"CREATE ROLE {LOGIN} LOGIN IN ROLE majlis_reader")
        cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {LOGIN}")
    assert complaint_about(connection, owner).startswith(f"“{owner}” ")
    assert complaint_about(connection, LOGIN).startswith(
        f"“{LOGIN}” can read auth_group, auth_group_permissions, auth_permission and "
    )


@pytest.mark.django_db
def test_wrong_connection_is_closed_before_anything_is_asked_through_it() -> None:
    another = connection.copy()
    try:
        another.connect()
        with pytest.raises(WrongCredentials, match="is not the reader's: “"):
            refuse_all_but_the_reader(another)
        assert another.connection is None
    finally:
        another.close()
