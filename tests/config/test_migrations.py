"""Migrations work on databases with content, not only on the empty ones of the tests."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("publishing", "partnerships", "events", "recommendations")
BODIES = re.compile(r"\$(\w*)\$.*?\$\1\$|--[^\n]*", re.DOTALL)
"""What only defines something, and comments."""

FILLS = re.compile(r"\bINSERT INTO\b|^\s*UPDATE\b|\bSELECT \w+_keep_\w+\(", re.MULTILINE)
CHECKED_AT_ONCE = "SET CONSTRAINTS ALL IMMEDIATE"

MIGRATIONS = {
    f"{app}.{name}": migration
    for (app, name), migration in MigrationLoader(None).disk_migrations.items()
    if app in ROOMS
}


def plain(operation: Operation) -> str:
    return BODIES.sub("", str(operation.sql)) if isinstance(operation, RunSQL) else ""


def altered_while_pending(operations: Iterable[Operation]) -> list[str]:
    """The operations that alter tables after rows were written whose checks wait for the end of the transaction.

    PostgreSQL refuses to alter a table with such rows, and an empty database has none to show it.
    """
    found, is_pending = [], False
    for operation in operations:
        sql = plain(operation)
        if is_pending and (not isinstance(operation, RunSQL | RunPython) or "ALTER TABLE" in sql):
            found.append(operation.describe())
        if isinstance(operation, RunPython) or FILLS.search(sql):
            is_pending = CHECKED_AT_ONCE not in sql
    return found


@pytest.mark.parametrize("name", sorted(MIGRATIONS))
def test_no_table_is_altered_while_rows_wait_to_be_checked(name: str) -> None:
    assert altered_while_pending(MIGRATIONS[name].operations) == []


def test_the_pattern_is_found() -> None:
    fill = RunSQL("SELECT rooms_keep_standing(id) FROM rooms;")
    alter = RunSQL("ALTER TABLE rooms ENABLE ROW LEVEL SECURITY;")
    define = RunSQL("CREATE FUNCTION f() RETURNS VOID AS $$ INSERT INTO rooms DEFAULT VALUES; $$ LANGUAGE sql;")
    for operations, found in (
        ([define, alter, fill], 0),
        ([fill, alter], 1),
        ([RunSQL(f"INSERT INTO rooms DEFAULT VALUES; {CHECKED_AT_ONCE};"), alter], 0),
    ):
        assert len(altered_while_pending(operations)) == found


def test_no_migration_imports_live_code() -> None:
    """What it does stays what it did, whatever becomes of the code."""
    ours = re.compile(rf"^\s*(?:from|import) ({'|'.join([*ROOMS, 'config'])})\b", re.MULTILINE)
    files = [file for app in ROOMS for file in sorted((ROOT / app / "migrations").glob("*.py"))]
    assert len(files) > len(ROOMS)
    assert {file.name: found for file in files if (found := ours.findall(file.read_text()))} == {}


@pytest.mark.django_db
def test_database_of_the_earlier_layout_is_refused_and_left_as_it_is() -> None:
    MigrationRecorder.Migration.objects.create(app="partnerships", name="0001_extensions")
    before = list(MigrationRecorder.Migration.objects.order_by("pk").values_list("app", "name"))
    with pytest.raises(CommandError) as refused:
        call_command("migrate", verbosity=0)
    said = str(refused.value)
    assert said.count(". ") == 0, "one sentence"
    assert "export_knowledge --drafts" in said
    assert "var/postgres" in said
    assert list(MigrationRecorder.Migration.objects.order_by("pk").values_list("app", "name")) == before
