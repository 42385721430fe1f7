"""The database of a test run: a fresh one on the embedded test server, or on DATABASE_URL's."""

import contextlib
import os
from collections.abc import Iterator

import django
import psycopg
import pytest
from django.conf import settings
from django.utils import translation
from psycopg import sql

from config import postgres
from config.translations import compile_translations

# Set before Django reads it, and inherited by the workers of pytest-xdist.
HOLDS_SERVER = not os.environ.get("DATABASE_URL")
os.environ["MAJLIS_MODE"] = "development"
os.environ["DEBUG"] = "false"
os.environ["LOG_LEVEL"] = "WARNING"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.setdefault("DATABASE_URL", postgres.TEST.url)
os.environ.setdefault("MAJLIS_TEST_RUN", str(os.getpid()))

# Here and not in pytest's ini file, whose settings would be read before the lines above.
django.setup()

pytest_plugins: list[str] = []  # modules of shared fixtures, such as "tests.cast"

held = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    if HOLDS_SERVER:
        try:
            held.enter_context(postgres.TEST.held())
        except postgres.PostgresError as error:
            pytest.exit(str(error), returncode=1)
        drop_databases_of_killed_runs()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        compile_translations([config.rootpath / "config" / "locale"])


def pytest_unconfigure(config: pytest.Config) -> None:
    held.close()


def drop_databases_of_killed_runs() -> None:
    """A run names its databases after its process and removes them; a killed one leaves them behind."""
    with psycopg.connect(postgres.TEST.url, autocommit=True) as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_majlis_.*run[0-9]+$'")
        for (name,) in names.fetchall():
            try:
                os.kill(int(name.rpartition("run")[2]), 0)
            except ProcessLookupError:
                statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                connection.execute(statement)
            except PermissionError:
                continue


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A name of its own for each run, so that several may go on at once."""
    database = settings.DATABASES["default"]
    test = database.setdefault("TEST", {})
    name = test.get("NAME") or f"test_{database['NAME']}"
    test["NAME"] = f"{name}_run{os.environ['MAJLIS_TEST_RUN']}"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """No test leaves its language to the next one."""
    with translation.override("en"):
        yield
