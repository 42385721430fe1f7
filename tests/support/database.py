"""The databases on the embedded test server: one migrated template, and copies of it for each run."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import django
import psycopg
from psycopg import sql

from config import postgres

ROOT = Path(__file__).resolve().parents[2]
APPS = ("publishing", "partnerships", "events", "recommendations")
KEPT_TEMPLATES = 4
BUILDING = 0x6D616A6C  # the key of the advisory lock under which a template is built


class MigrationError(Exception):
    """What `manage.py migrate` said."""


def connect() -> psycopg.Connection:
    return psycopg.connect(postgres.TEST.url, autocommit=True)


def drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def names(connection: psycopg.Connection, pattern: str) -> list[str]:
    """Names of databases, the newest first."""
    found = connection.execute("SELECT datname FROM pg_database WHERE datname ~ %s ORDER BY oid DESC", [pattern])
    return [name for (name,) in found]


def drop_databases_of_killed_runs() -> None:
    """A run names its databases after its process and removes them; a killed one leaves them behind."""
    with connect() as connection:
        for name in names(connection, "^test_majlis_.*run[0-9]+$"):
            try:
                os.kill(int(name.rpartition("run")[2]), 0)
            except ProcessLookupError:
                drop(connection, name)
            except PermissionError:
                continue


def migrated_template() -> str:
    """The name of a database that has every migration; built when a migration changed.

    Migrating takes longer than most runs of a few tests; copying takes a tenth of a second.
    """
    template = f"template_majlis_{digest_of_migrations()}"
    with connect() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
        if template not in names(connection, "^template_majlis_"):
            build(connection, template)
        for old in names(connection, "^template_majlis_")[KEPT_TEMPLATES:]:
            drop(connection, old)
    return template


def build(connection: psycopg.Connection, template: str) -> None:
    """Under another name until it is complete."""
    unfinished = "building_template_majlis"
    drop(connection, unfinished)
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    address = postgres.TEST.url.removesuffix(postgres.DATABASE) + unfinished
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MigrationError(done.stdout)
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(template)))


def digest_of_migrations() -> str:
    """Changes with the migrations, with what every migrate ends by laying, and with the pinned packages and Django, which is another in .venv-next."""
    files = [file for app in APPS for file in sorted((ROOT / app / "migrations").rglob("*.*")) if file.suffix != ".pyc"]
    # What the public may read is declared by the models and by the configurations of the apps.
    files += [file for app in APPS for file in sorted((ROOT / app / "models").glob("*.py"))]
    files += [file for app in APPS if (file := ROOT / app / "apps.py").exists()]
    files += sorted((ROOT / "publishing" / "reader").glob("*.py"))
    seen = hashlib.sha256(django.__version__.encode())
    for file in [*files, ROOT / "requirements" / "run.txt"]:
        seen.update(f"{file.relative_to(ROOT)} {file.stat().st_size}\n".encode())
        seen.update(file.read_bytes())
    return seen.hexdigest()[:16]
