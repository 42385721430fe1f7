"""`make run`, from a fresh database to a site that answers, and again after anything."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from psycopg import sql

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A database of its own that nothing was imported into, as DATABASE_URL."""
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    name = f"test_majlis_serve{os.getpid()}_run{os.environ['MAJLIS_TEST_RUN']}"
    template = os.environ.get("MAJLIS_TEST_TEMPLATE", "template1")
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)
        yield f"{server}/{name}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


class Site:
    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
                status: int = response.status
                return status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    def said(self) -> str:
        """Everything it prints until it serves."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("Majlis is at"):
                break
        return "".join(lines)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


@contextlib.contextmanager
def serve(address: str, port: int) -> Iterator[Site]:
    with subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield Site(process, port)
        finally:
            process.kill()


def test_first_run_makes_everything_and_the_second_nothing(address: str, port: int) -> None:
    with serve(address, port) as site:
        said = site.said()
        assert re.search(r"user: +administrator\n +password: \S{16}\n", said), said
        assert f"Majlis is at http://127.0.0.1:{port}/" in said
        assert site.status("/readyz") == 200
        assert [site.status(page) for page in ("/", "/tr/", "/ar/", "/api/v1/", "/admin/")] == [200] * 5
        assert site.status("/static/css/majlis.css") == 200
        assert site.status("/nothing-here/") == 404
        assert site.stop() == 0
    before = time.monotonic()
    with serve(address, port) as site:
        said = site.said()
        assert time.monotonic() - before < 15
        assert "password" not in said
        assert "Nothing changed" in said
        assert site.status("/readyz") == 200
        assert site.stop(signal.SIGTERM) == 0


def test_busy_port_is_explained_before_anything_is_done(address: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        busy = other.getsockname()[1]
        with serve(address, busy) as site:
            said, _ = site.process.communicate(timeout=60)
            assert site.process.returncode == 1
    assert said == (
        f"CommandError: Port {busy} cannot be had (Address already in use). Stop what uses it, "
        f"or take another one: make run PORT={busy + 1}\n"
    )


@pytest.mark.parametrize("wrong", ["0", "65536", "http"])
def test_number_that_is_no_port_is_refused(wrong: str) -> None:
    with pytest.raises(CommandError, match=f"argument --port: invalid port_number value: '{wrong}'"):
        call_command("serve", "--port", wrong)


def test_killed_server_frees_its_port_at_once(address: str, port: int) -> None:
    with serve(address, port) as site:
        site.said()
        site.stop(signal.SIGKILL)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) != 0:
                    break
            time.sleep(0.05)
        else:
            pytest.fail("a worker still holds the port")
    with serve(address, port) as site:
        site.said()
        assert site.status("/readyz") == 200


def test_closed_terminal_ends_the_server(address: str, port: int) -> None:
    with serve(address, port) as site:
        site.said()
        assert site.status("/readyz") == 200
        assert site.stop(signal.SIGHUP) == 0


def test_database_that_is_away_is_explained_in_one_line(port: int) -> None:
    with serve("postgresql://majlis@127.0.0.1:9/majlis", port) as site:
        said, _ = site.process.communicate(timeout=30)
    assert site.process.returncode == 1
    assert said.splitlines()[-1].startswith("CommandError: The database does not do its work: ")
    assert "Traceback" not in said
