"""k: in a smaller group the support of a point is hidden.

The setting MAJLIS_SMALLEST_GROUP sets it and the database stores it, as the function `events_smallest_group()`, because
the database decides what is shown. Each `migrate` copies the setting into the function; a system check reports a
difference.
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
"""The reports that show a reader more, or less, than before."""


def smallest_group(using: str = "default") -> int | None:
    """The value in the database; None if it has no such function yet."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('events_smallest_group()') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT events_smallest_group()")
        return int(cursor.fetchone()[0])


def keep_smallest_group(sender: AppConfig, *, using: str, **_: Any) -> None:
    """Writes the setting into the database, which changes at once what is shown everywhere."""
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
    """Reports a difference between the database and the settings."""
    found: list[checks.CheckMessage] = []
    for using in databases or ():
        try:
            kept = smallest_group(using)
        except DatabaseError:
            continue  # other checks report whether there is a database at all
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
