"""The revision of what is public: another one whenever the public may be told something else.

The function `publishing_revision` of the database gives it, of one snapshot. Two readings that are equal saw the same
rows of every table from which the public is answered (`tables_with_moments`), on the same day, and no moment at which
something becomes public by itself lay between them. So what was made *after* a reading of the revision may be given to
whoever reads the same one later: whatever was committed meanwhile would have made it another one, for ever.

It moves with every write to those tables, drafts too: whether a part belongs to what is published cannot be told
before both have committed (ADR 36).
"""

from collections.abc import Collection, Mapping

import psycopg
from django.db import connection as default
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField
from django.utils import timezone
from psycopg.pq import ExecStatus

from publishing.reader.public_rows import COLUMN, public_models

MOVES = "moves_revision"
NOTES = "notes_moments"
"""The names of the triggers; `rights.py` lays them on each of the tables."""

READ = b"SELECT publishing_revision($1)"

MOVE = "DELETE FROM publishing_change WHERE FALSE"
"""Moves the revision by itself: the trigger looks at no rows."""


def tables_with_moments(*, beside: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """The tables from which the public is answered, and of each the columns that hold moments.

    What the reader sees rows of, and `beside`: what functions look at that answer it with their owner's rights.
    """
    found: dict[str, tuple[str, ...]] = dict.fromkeys(beside, ())
    for model in public_models():
        columns = [str(field.column) for field in model._meta.concrete_fields if isinstance(field, DateTimeField)]
        if model._meta.auto_created:  # Django does not know this column of a table of links
            columns.append(COLUMN)
        found[model._meta.db_table] = tuple(columns)
    return found


def move_revision(table: str) -> str:
    """SQL that makes the trigger: once a statement, however many rows it writes."""
    return f"""
        CREATE OR REPLACE TRIGGER {MOVES} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION publishing_move_revision();
    """


def note_moments(table: str, columns: Collection[str]) -> str:
    """SQL that makes the trigger for the `columns` that hold moments; it runs for a row that has one worth noting."""
    worth_noting = " OR ".join(f"NEW.{column} > now() - interval '1 minute'" for column in columns)
    arguments = ", ".join(f"'{column}'" for column in columns)
    return f"""
        CREATE OR REPLACE TRIGGER {NOTES} AFTER INSERT OR UPDATE ON {table}
        FOR EACH ROW WHEN ({worth_noting}) EXECUTE FUNCTION publishing_note_moments({arguments});
    """


def revision(connection: BaseDatabaseWrapper = default) -> str | None:
    """What is public now, as something to compare; None where it cannot be told.

    One statement, and the first of a request. Handed to the driver without Django's cursor, it costs a fifth of what it
    would; and as it shows that the connection lives, Django need not ask that once more.
    """
    clock = timezone.now()
    if connection.connection is not None:
        try:
            result = connection.connection.pgconn.exec_params(READ, [clock.isoformat().encode()])
        except psycopg.OperationalError:
            pass  # it is closed
        else:
            if result.status == ExecStatus.TUPLES_OK:
                connection.health_check_done = True  # type: ignore[attr-defined]
                value = result.get_value(0, 0)
                return None if value is None else value.decode()
        if connection.connection.closed and not connection.in_atomic_block:
            connection.close()
    # By a new connection; or what is wrong, in Django's words.
    with connection.cursor() as cursor:
        cursor.execute("SELECT publishing_revision(%s)", [clock])
        found: str | None = cursor.fetchone()[0]
        return found
