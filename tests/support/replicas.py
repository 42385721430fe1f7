"""A real PostgreSQL and its streaming replicas, on servers of their own beside that of the tests."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from config import postgres
from publishing.reader.row_policies import READER
from tests.support.database import migrated_template

__all__ = ["Standby", "filled_primary", "short_folder", "standby_of"]

SETTINGS = {"fsync": "off", "full_page_writes": "off", "wal_level": "replica", "max_wal_senders": "8"}


class Standby(postgres.Cluster):
    """A copy that follows its primary."""

    def reserve_functions(self) -> None:
        """Came with the copy; a standby writes nothing."""


def done(program: str, *arguments: str) -> None:
    ended = postgres.run_program(program, *arguments)
    if ended.returncode:
        raise postgres.PostgresError(f"{program}: {ended.stdout}")


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    """The name of a socket has to fit into 108 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="majlis-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def filled_primary(folder: Path, **settings: str) -> Iterator[postgres.Cluster]:
    """A server whose database has every migration, and nothing else in it."""
    primary = postgres.Cluster(folder, SETTINGS | settings)
    with primary.held(), postgres.TEST.held():
        with psycopg.connect(primary.conninfo("postgres", postgres.SUPERUSER), autocommit=True) as server:
            server.execute(f"CREATE ROLE {READER} NOLOGIN; GRANT {READER} TO {postgres.OWNER} WITH ADMIN OPTION")
        template = postgres.TEST.conninfo(migrated_template(), postgres.SUPERUSER)
        dump = primary.socket_folder / "dump"  # where the server's account may write
        done("pg_dump", "--format=custom", "--compress=none", f"--file={dump}", f"--dbname={template}")
        done(
            *("pg_restore", "--jobs=4", "--exit-on-error"),
            f"--dbname={primary.conninfo(postgres.DATABASE, postgres.SUPERUSER)}",
            str(dump),
        )
        dump.unlink()
        yield primary


def standby_of(primary: postgres.Cluster, folder: Path, **settings: str) -> Standby:
    """A copy of `primary` that is not started yet."""
    standby = Standby(folder, SETTINGS | settings)
    standby.data.mkdir(mode=0o700, parents=True)
    postgres.give_to_server(standby.data)
    done(
        *("pg_basebackup", f"--dbname={primary.conninfo('postgres', postgres.SUPERUSER)}", "--checkpoint=fast"),
        *("--no-sync", "--write-recovery-conf", f"--pgdata={standby.data}"),
    )
    return standby
