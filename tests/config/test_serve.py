"""`make run`, from a fresh database to a running site, and again after any failure."""

import contextlib
import datetime as dt
import errno
import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from psycopg import sql

from config import local_server
from config.management.commands.serve import Command, bring_in_knowledge, way_out
from tests.factories import TopicFactory

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120
"""Seconds after which what should happen is taken not to: no measure of how fast it is."""


def until(happened: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


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
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE) as response:
                status: int = response.status
                return status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    def links(self, path: str, **headers: str) -> set[str]:
        """The beginnings of the addresses in what is answered to `headers`, whatever letters their names have."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            return set(re.findall(r"https?://(?:127|localhost|evil)[^/\"<]*(?:/evil)?", response.read().decode()))

    def said(self, last: str = "Majlis is at") -> str:
        """Everything it prints until a line that begins so: by default, until it serves."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith(last):
                break
        return "".join(lines)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=PATIENCE)

    def background(self) -> list[int]:
        """The background workers that belong to it."""
        whose = f"worker\0--with-parent\0{self.process.pid}\0".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if whose in (process / "cmdline").read_bytes():
                    found.append(int(process.name))
        return found


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
        assert site.status("/static/css/layout.css") == 200
        assert site.status("/nothing-here/") == 404
        for path in ("/api/v1/", "/sitemap.xml", "/feeds/claims/"):
            forged = {
                "Host": "LocalHost.:99",
                "X-Forwarded-Proto": "https",
                "SCRIPT_NAME": "/evil",
                "PATH_INFO": "/tr/",
            }
            assert site.links(path, **forged) == {f"http://localhost:{port}"}
            assert site.links(path) == {f"http://127.0.0.1:{port}"}
        assert site.stop() == 0
    with serve(address, port) as site:
        said = site.said()
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
            said, _ = site.process.communicate(timeout=PATIENCE)
            assert site.process.returncode == 1
    assert said == (
        f"CommandError: Port {busy} cannot be had (Address already in use). Stop what uses it, "
        f"or take another one: make run PORT={busy + 1}\n"
    )


@pytest.mark.parametrize("wrong", ["0", "65536", "http"])
def test_number_that_is_no_port_is_refused(wrong: str) -> None:
    with pytest.raises(CommandError, match=f"argument --port: invalid port_number value: '{wrong}'"):
        call_command("serve", "--port", wrong)


def test_killed_server_frees_its_port_and_leaves_nobody_behind(address: str, port: int) -> None:
    with serve(address, port) as site:
        site.said()
        until(site.background, "no worker was started")
        site.stop(signal.SIGKILL)  # while its worker starts, which has not looked yet whose it is

        def is_free() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) != 0

        until(is_free, "somebody still holds the port")
        until(lambda: not site.background(), "the background worker lives on")
    with serve(address, port) as site:
        site.said()
        assert site.status("/readyz") == 200


def test_connections_on_which_nothing_or_little_comes_hold_up_nobody(address: str, port: int) -> None:
    """Browsers open connections ahead, and leave them idle; other clients send a letter now and then."""
    with serve(address, port) as site, contextlib.ExitStack() as clients:
        site.said()
        opened = [clients.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(100)]
        for client in opened[:50]:
            client.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert site.status("/readyz") == 200
        for client in opened[:50]:
            client.sendall(b"loc")
        assert [site.status(page) for page in ("/readyz", "/", "/admin/")] == [200] * 3
        site.process.send_signal(signal.SIGINT)
        said, _ = site.process.communicate(timeout=PATIENCE)
        assert site.process.returncode == 0
        assert said == "", "nobody had to be killed"


def test_slow_client_is_answered_when_it_has_asked(address: str, port: int) -> None:
    with serve(address, port) as site:
        site.said()
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
            for _ in range(2):  # the second time on a connection that was kept
                for part in (b"GET /healthz HTTP/1.1\r\n", b"Host: 127.0.0.1\r\n", b"\r\n"):
                    client.sendall(part)
                    time.sleep(0.3)
                answer = b""
                while not answer.endswith(b"\r\n\r\nok\n"):  # it may come in several pieces
                    come = client.recv(4096)
                    assert come, answer
                    answer += come
                assert answer.startswith(b"HTTP/1.1 200 "), answer
        assert site.stop() == 0


def test_two_hundred_at_once_are_all_answered(address: str, port: int) -> None:
    with serve(address, port) as site, ThreadPoolExecutor(200) as visitors:
        site.said()
        assert set(visitors.map(site.status, ["/", "/api/v1/claims/", *["/healthz"] * 8] * 20)) == {200}
        assert site.stop() == 0


def test_background_worker_that_was_killed_is_started_again(address: str, port: int) -> None:
    with serve(address, port) as site:
        site.said()
        until(site.background, "no worker was started")
        (first,) = site.background()
        os.kill(first, signal.SIGKILL)
        assert "The background worker has ended; it is started again in 1 s\n" in site.said("The background worker")
        until(lambda: set(site.background()) - {first}, "it is not started again")
        assert site.stop() == 0
        until(lambda: not site.background(), "it outlives the site")


def test_what_ends_again_and_again_is_started_later_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(local_server, "time", SimpleNamespace(monotonic=lambda: now))
    again = local_server.Again()
    pauses = []
    for _ in range(8):
        pauses.append(again.has_ended())
        now += pauses[-1] - 0.1
        assert not again.is_due()
        now += 0.1
        assert again.is_due()
        again.has_started()
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    now += 61
    assert again.has_ended() == 1, "it had run for a while"


def test_site_without_knowledge_files_is_served_all_the_same(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    bring_in_knowledge()


def test_port_of_the_system_is_not_answered_with_another_one() -> None:
    assert way_out(80, PermissionError()).endswith("make run PORT=8000")
    assert way_out(8000, OSError()).endswith("make run PORT=8001")


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [True, False])
def test_clock_that_was_ahead_is_told_of(ahead: bool) -> None:
    moment = timezone.now() + dt.timedelta(days=300 if ahead else -300)
    TopicFactory(published=True, published_at=moment)
    said = io.StringIO()
    Command(stderr=said).warn_of_the_clock()
    assert (f"something here was published on {moment:%Y-%m-%d %H:%M}" in said.getvalue()) is ahead
    assert bool(said.getvalue()) is ahead


def test_full_disk_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    def full(*arguments: object, **how: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("config.management.commands.serve.call_command", full)
    with pytest.raises(CommandError, match=r"does not let the site start: .*No space left on device"):
        call_command("serve", "--port", str(port))


def test_closed_terminal_ends_the_server(address: str, port: int) -> None:
    with serve(address, port) as site:
        site.said()
        assert site.status("/readyz") == 200
        assert site.stop(signal.SIGHUP) == 0


def test_database_that_is_away_is_explained_in_one_line(port: int) -> None:
    with serve("postgresql://majlis@127.0.0.1:9/majlis", port) as site:
        said, _ = site.process.communicate(timeout=PATIENCE)
    assert site.process.returncode == 1
    assert said.splitlines()[-1].startswith("CommandError: The database does not do its work: ")
    assert "Traceback" not in said
