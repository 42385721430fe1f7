"""The database of a test run: a fresh one on the embedded test server, or on DATABASE_URL's."""

import contextlib
import gc
import os
import sys
from collections import Counter
from collections.abc import Iterator

import django
import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test.signals import setting_changed
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from hypothesis import HealthCheck
from pytest_django import DjangoDbBlocker

from config import postgres
from config.translations import compile_translations
from tests.support import database

gc.disable()  # until all is collected; see below

# Set before Django reads it, and inherited by the workers of pytest-xdist.
HOLDS_SERVER = not os.environ.get("DATABASE_URL")
os.environ["MAJLIS_MODE"] = "development"
os.environ["DEBUG"] = "false"
os.environ["LOG_LEVEL"] = "WARNING"
os.environ["MAJLIS_QUERY_SECONDS"] = "120"  # no query is given up because the machine is busy
os.environ["MAJLIS_KEPT_MEGABYTES"] = "0"  # tests count what an answer costs that is made
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.setdefault("DATABASE_URL", postgres.TEST.url)
os.environ.setdefault("MAJLIS_TEST_RUN", str(os.getpid()))
if sys.dont_write_bytecode:
    # Dozens of processes are started, and each would compile the whole of Django; no folder of the sources is written to.
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(postgres.ROOT / "var" / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Here and not in pytest's ini file, whose settings would be read before the lines above.
django.setup()


def make_statements_anew(**changed: object) -> None:
    """What is made once for a process holds its settings, which only tests change."""
    from publishing.api.statements import MADE

    MADE.clear()


setting_changed.connect(make_statements_anew)

# No test fails because the machine is busy: how long an example takes is no property of what is tested.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
hypothesis.settings.load_profile("patient")
pytest_plugins: list[str] = ["tests.support.cast", "tests.support.concurrency", "tests.support.desk"]

if os.environ.get("MAJLIS_FETCH") == "raise":  # `make test-next`; an older Django cannot
    from tests.support import unasked_queries

    unasked_queries.refuse()

held = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    config.option.loadscopereorder = False  # by the number of their tests; see below
    if HOLDS_SERVER:
        try:
            held.enter_context(postgres.TEST.held())
            database.drop_databases_of_killed_runs()
            os.environ["MAJLIS_TEST_TEMPLATE"] = database.migrated_template()
        except (postgres.PostgresError, database.MigrationError) as error:
            held.close()
            pytest.exit(str(error), returncode=1)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        compile_translations([config.rootpath / "config" / "locale"])


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are no name of a test: packed ones hold the time, and two workers have to collect the same tests."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Several workers begin with the modules that take long, and go on with those of many tests.

    A long one that began last would leave the other workers with nothing to do.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    long = {item.path for item in items if any(map(item.get_closest_marker, ("long", "browser")))}
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path not in long, -tests[item.path], item.path))


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: no search for garbage need go through it, now or later."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    held.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A name of its own for each run, so that several may go on at once; a copy of the migrated template."""
    default = settings.DATABASES["default"]
    test = default.setdefault("TEST", {})
    name = test.get("NAME") or f"test_{default['NAME']}"
    test["TEMPLATE"] = os.environ.get("MAJLIS_TEST_TEMPLATE")
    test["NAME"] = f"{name}_run{os.environ['MAJLIS_TEST_RUN']}"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The test database, also where every test that was asked for commits by itself.

    pytest-django's own makes none when it sees no test with its mark.
    """
    with django_db_blocker.unblock():
        # The stubs ask for a mapping; Django looks at what is in it.
        databases = setup_databases(verbosity=0, interactive=False, aliases={"default": None})
    yield
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            # Threads of a server under test keep their connections, and nobody drops a database in use.
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        teardown_databases(databases, verbosity=0)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """No test leaves its language to the next one."""
    with translation.override("en"):
        yield
