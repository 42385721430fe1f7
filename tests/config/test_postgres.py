"""The embedded server: shared, restartable after any failure, and with an explanation if it cannot be started."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from config import local_server, postgres
from config.postgres import DISPOSABLE, Cluster, PostgresError, processes_in

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent

HOLDER = """
import sys
from pathlib import Path
from config.postgres import DISPOSABLE, Cluster
with Cluster(Path(sys.argv[1]), DISPOSABLE).held():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path / "pg", DISPOSABLE)
    yield made
    made.stop()


@contextlib.contextmanager
def holder(cluster: Cluster) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the server until this block ends or it is killed."""
    command = [sys.executable, "-c", HOLDER, str(cluster.folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def wait_until_held(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"


def ask(cluster: Cluster, question: str) -> object:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        cursor = connection.execute(question)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def test_held_server_answers_and_then_stops(cluster: Cluster) -> None:
    with cluster.held():
        assert ask(cluster, "SELECT current_user::text") == "majlis"
        assert ask(cluster, "SHOW listen_addresses") == ""
        assert ask(cluster, "SHOW server_encoding") == "UTF8"
        assert cluster.socket_folder.stat().st_mode & 0o777 == 0o700
    assert processes_in(cluster.data) == []


def test_owner_is_no_superuser_but_makes_databases_roles_and_extensions(cluster: Cluster) -> None:
    with cluster.held():
        assert ask(cluster, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        ask(cluster, "CREATE DATABASE another")
        ask(cluster, "CREATE ROLE reader")
        for extension in ("btree_gist", "citext", "pg_trgm", "unaccent"):
            ask(cluster, f"CREATE EXTENSION {extension}")


def test_what_is_the_owners_alone_is_closed_to_everybody_in_every_database(cluster: Cluster) -> None:
    everybody = "SELECT has_function_privilege('public', 'pg_catalog.set_config(text, text, boolean)', 'EXECUTE')"
    with cluster.held():
        assert ask(cluster, everybody) is False
        assert ask(cluster, "SELECT set_config('application_name', 'owner', false)") == "owner"
        ask(cluster, "CREATE DATABASE another")
        with psycopg.connect(cluster.conninfo("another")) as another:
            assert another.execute(everybody).fetchone() == (False,), "a copy of template1"
        with psycopg.connect(cluster.conninfo("another", postgres.SUPERUSER), autocommit=True) as another:
            another.execute("GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC")
    with cluster.held(), psycopg.connect(cluster.conninfo("another")) as another:
        assert another.execute(everybody).fetchone() == (False,), "as in a cluster from before, at its next start"


def test_run_data_is_safe_from_a_power_cut_and_test_data_is_not() -> None:
    assert "fsync" not in postgres.RUN.settings
    assert postgres.TEST.settings["fsync"] == "off"
    assert postgres.RUN.folder != postgres.TEST.folder


def test_last_holder_stops_the_server(cluster: Cluster) -> None:
    with holder(cluster) as other:
        wait_until_held(other)
        with cluster.held():
            pass
        assert ask(cluster, "SELECT 1") == 1, "the other process still holds it"
        other.communicate("")
    assert processes_in(cluster.data) == []


def test_holders_that_start_at_once_share_one_server(cluster: Cluster) -> None:
    with contextlib.ExitStack() as stack:
        others = [stack.enter_context(holder(cluster)) for _ in range(4)]
        for other in others:
            wait_until_held(other)
        started = cluster.log.read_text().count("starting PostgreSQL")
        for other in others:
            other.communicate("")
    assert started == 1
    assert processes_in(cluster.data) == []


def test_killed_holder_leaves_a_server_that_the_next_one_takes_over(cluster: Cluster) -> None:
    with holder(cluster) as other:
        wait_until_held(other)
        other.kill()
        other.communicate()
    left = cluster.postmaster()
    assert left is not None
    with cluster.held():
        assert cluster.postmaster() == left
    assert processes_in(cluster.data) == []


def test_killed_server_recovers_what_was_committed(cluster: Cluster) -> None:
    cluster.settings = postgres.RUN.settings
    with cluster.held():
        ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
        postmaster = cluster.postmaster()
        assert postmaster is not None
        os.kill(postmaster, signal.SIGKILL)
        with cluster.held():
            assert cluster.postmaster() != postmaster
            assert ask(cluster, "SELECT answer FROM kept") == 42


def test_pid_file_that_names_a_stranger_is_overcome(cluster: Cluster) -> None:
    with cluster.held():
        postmaster = cluster.postmaster()
        assert postmaster is not None
        written = (cluster.data / "postmaster.pid").read_text()
        os.kill(postmaster, signal.SIGKILL)
        assert postgres.happens_in_time(10, lambda: not processes_in(cluster.data))
        # Since then the number went to a process that lives: this one.
        (cluster.data / "postmaster.pid").write_text(written.replace(str(postmaster), str(os.getpid()), 1))
        with cluster.held():
            assert ask(cluster, "SELECT 1") == 1


def test_server_whose_socket_was_swept_away_is_started_anew(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "MAX_WAIT", 4.0)
    with holder(cluster) as other:
        wait_until_held(other)
        other.kill()
        other.communicate()
    shutil.rmtree(cluster.socket_folder)
    with cluster.held():
        assert ask(cluster, "SELECT 1") == 1


def test_interrupted_making_of_the_data_is_begun_again(cluster: Cluster) -> None:
    unfinished = cluster.folder / "unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with cluster.held():
        assert ask(cluster, "SELECT 1") == 1


def test_deep_clone_gets_its_socket_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(tmp_path / ("deep" * 25) / "pg", DISPOSABLE)
    with tempfile.TemporaryDirectory(prefix="s", dir="/tmp") as short:
        monkeypatch.setattr(tempfile, "gettempdir", lambda: short)
        with cluster.held():
            assert str(cluster.socket_folder.parent) == short
            assert cluster.socket_folder.stat().st_mode & 0o777 == 0o700
            assert ask(cluster, "SELECT 1") == 1
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / ("deep" * 25)))
    assert len(str(cluster.socket_folder / postgres.SOCKET)) <= postgres.MAX_SOCKET_PATH


def test_socket_folder_open_to_others_is_refused(cluster: Cluster) -> None:
    cluster.socket_folder.mkdir(parents=True)
    cluster.socket_folder.chmod(0o777)
    with pytest.raises(PostgresError, match="must be a folder that only you may enter"), cluster.held():
        pass


def test_data_of_another_version_is_explained(cluster: Cluster) -> None:
    with cluster.held():
        pass
    (cluster.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(PostgresError, match="was made by PostgreSQL 15 and this is 18"), cluster.held():
        pass


def test_failed_start_names_the_reason_and_the_log(cluster: Cluster) -> None:
    with cluster.held():
        pass
    (cluster.data / "global" / "pg_control").unlink()
    with pytest.raises(PostgresError) as refused, cluster.held():
        pass
    assert str(cluster.log) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_full_disk_is_explained(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=0))
    monkeypatch.setattr(postgres, "SERVER_SETTINGS", {"no_such_setting": "1"})
    with pytest.raises(PostgresError, match=r"did not start: the disk that holds .* is full"), cluster.held():
        pass


def test_folder_reached_through_a_link_is_stopped_too(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    cluster.folder.symlink_to(tmp_path / "elsewhere")
    with cluster.held():
        assert processes_in(cluster.data)
    assert processes_in(cluster.data) == []


def test_somebody_elses_endless_start_is_explained(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "MAX_WAIT", 0.1)
    cluster.folder.mkdir()
    with (
        cluster.alone(),
        pytest.raises(PostgresError, match="Another process has been starting or stopping PostgreSQL"),
        cluster.held(),
    ):
        pass


def test_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(PostgresError, match=r"PostgreSQL cannot be started: .* Not a directory"),
        Cluster(tmp_path / "file" / "pg").held(),
    ):
        pass


def test_missing_package_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(PostgresError, match="Set DATABASE_URL, or install"):
        postgres.programs()


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (
            "creating directory pg ... ok\ninitdb: error: could not write file: No space left on device\nremoving",
            "could not write file: No space left on device",
        ),
        (
            'LOG:  starting\nFATAL:  could not write lock file "postmaster.pid": No space left on device\nLOG:  down',
            'could not write lock file "postmaster.pid": No space left on device',
        ),
        ("", "it said nothing"),
    ],
)
def test_last_complaint_is_the_line_that_says_why(said: str, complaint: str) -> None:
    assert postgres.last_complaint(said) == complaint


def test_root_without_user_namespaces_becomes_nobody(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    is_root = os.geteuid() == 0
    way = postgres.WAYS_DOWN_FROM_ROOT[1]
    with cluster.held():
        ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
    monkeypatch.setattr(postgres, "as_ordinary_user", lambda: way if is_root else ())
    with cluster.held():
        owner = Path(f"/proc/{cluster.postmaster()}").stat().st_uid
        assert owner == (postgres.NOBODY if is_root else os.geteuid())
        assert ask(cluster, "SELECT answer FROM kept") == 42, "the data changed hands"
    monkeypatch.undo()
    with cluster.held():
        assert ask(cluster, "SELECT answer FROM kept") == 42, "and back"


def test_server_that_was_killed_is_started_again_for_who_holds_it(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "RUN", cluster)
    said: list[str] = []
    with cluster.held():
        beside = local_server.EmbeddedPostgres(said.append)
        beside.look()
        assert said == [], "it is there"
        killed = cluster.postmaster()
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        assert postgres.happens_in_time(60, cluster.is_gone)
        beside.look()
        assert said == ["PostgreSQL had ended, and was started again"]
        assert ask(cluster, "SELECT 42") == 42


def test_server_that_cannot_be_started_again_is_tried_later(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise PostgresError("The disk is full.")

    monkeypatch.setattr(postgres, "RUN", SimpleNamespace(is_gone=lambda: True, start_again=fails))
    said: list[str] = []
    beside = local_server.EmbeddedPostgres(said.append)
    for _ in range(3):
        beside.look()
    assert said == ["PostgreSQL has ended; it is tried again in 1 s. The disk is full."]


def test_server_that_starts_and_refuses_its_work_is_explained(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Cluster) -> None:
        raise psycopg.OperationalError("could not write init file:\nNo space left on device")

    monkeypatch.setattr(Cluster, "reserve_functions", full)
    with pytest.raises(PostgresError, match=r"does not do its work: could not write init file: No space left"):
        cluster.take()
    monkeypatch.undo()
    cluster.leave(cluster.take())  # the next who takes it finds it running, and stops it


def run_manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "MAJLIS_MODE": "development", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_database_url_is_honoured(cluster: Cluster) -> None:
    with cluster.held():
        asked = run_manage(
            *("shell", "--no-imports", "-c"),
            "from django.db import connection as c; from django.conf import settings as s; "
            "c.ensure_connection(); print(s.EMBEDDED_POSTGRES, c.connection.info.host)",
            DATABASE_URL=cluster.url,
        )
    assert asked.stdout == f"False {cluster.socket_folder}\n", asked.stderr


def test_database_url_that_does_not_answer_starts_nothing_else() -> None:
    asked = run_manage("migrate", DATABASE_URL="postgresql://majlis@127.0.0.1:9/majlis")
    assert asked.returncode == 1
    assert "Connection refused" in asked.stderr


def test_database_url_of_another_kind_is_refused_in_one_line() -> None:
    asked = run_manage("check", DATABASE_URL="sqlite:///majlis.db")
    assert asked.returncode == 1
    assert asked.stderr == "DATABASE_URL must begin with postgresql://; no other database will do.\n"
