"""k: the size below which a group is too small to say how widely anything was supported.

The setting MAJLIS_SMALLEST_GROUP says it and the database keeps it, as the function
`events_smallest_group()`, for the database decides what is shown. After each `migrate` the function says
what the setting says; a check tells where the two have parted.
"""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connections, transaction

ANNOUNCE_WHAT_FLIPS = """
    SELECT events_announce_reports(flipped.event_id) FROM (
        SELECT DISTINCT report.event_id
        FROM events_point AS point JOIN events_report AS report ON report.id = point.report_id
        WHERE events_size_of_group(report.event_id, point.session_id) >= LEAST(%(before)s, %(after)s)
        AND events_size_of_group(report.event_id, point.session_id) < GREATEST(%(before)s, %(after)s)
    ) AS flipped
"""
"""The reports of which a reader is told more, or less, than before."""


def smallest_group(using: str = "default") -> int | None:
    """What the database keeps; None where it knows of no such thing yet."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('events_smallest_group()') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT events_smallest_group()")
        return int(cursor.fetchone()[0])


def keep_smallest_group(sender: AppConfig, *, using: str, **_: Any) -> None:
    """Writes the setting into the database; what is shown changes with it, at once and everywhere."""
    before, after = smallest_group(using), int(settings.MAJLIS_SMALLEST_GROUP)
    if before is None or before == after:
        return
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION events_smallest_group() RETURNS INTEGER LANGUAGE sql STABLE"
            f" AS 'SELECT {after}'"
        )
        cursor.execute(ANNOUNCE_WHAT_FLIPS, {"before": before, "after": after})


@checks.register(checks.Tags.database)
def check_smallest_group(databases: Any = None, **_: Any) -> list[checks.CheckMessage]:
    """Says so where the database hides by another k than the settings say."""
    found: list[checks.CheckMessage] = []
    for using in databases or ():
        try:
            kept = smallest_group(using)
        except DatabaseError:
            continue  # whether there is a database at all, others ask
        if kept is not None and kept != settings.MAJLIS_SMALLEST_GROUP:
            found.append(
                checks.Warning(
                    f"MAJLIS_SMALLEST_GROUP is {settings.MAJLIS_SMALLEST_GROUP}, and the database hides support"
                    f" below {kept}.",
                    hint="Run manage.py migrate, which tells the database.",
                    id="events.W001",
                )
            )
    return found
