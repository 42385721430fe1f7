"""One kind of queue items, read along an index, as SQL.

Parameters of every walk: `on` (the day), `by` (whose queue it is), the filters, and the limits from the settings;
`listing.py` gives them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.queue.place import QUEUE_KINDS, Narrowed, Place, QueueKind


def texts(values: Iterable[str]) -> str:
    """The values of a column as a list in SQL."""
    return ", ".join(f"'{value}'" for value in values)


def put_off(column: str, key: str, *news: str, since: str = "NULL::DATE") -> str:
    """SQL: whether somebody postponed this until a later day, and nothing new happened to it.

    New is a record about it in one of the tables `news`, or the day `since` if it is after the day of the postponement.
    """
    unchanged = "".join(
        f" AND NOT EXISTS (SELECT 1 FROM {table} AS news WHERE news.{column} = {key}"
        " AND news.recorded_at > put_off.recorded_at)"
        for table in news
    )
    return f"""EXISTS (
        SELECT 1 FROM (
            SELECT snooze.until, snooze.recorded_at FROM recommendations_snooze AS snooze
            WHERE snooze.{column} = {key} ORDER BY snooze.id DESC LIMIT 1
        ) AS put_off WHERE put_off.until > %(on)s::DATE
        AND COALESCE((put_off.recorded_at AT TIME ZONE 'UTC')::DATE >= {since}, TRUE){unchanged}
    )"""


@dataclass(frozen=True, slots=True)
class About:
    """What the items of a walk are about: SQL for their keys, and for the filters.

    `of_series` and `of_partner` are conditions on the parameters with these names; if one is empty, that filter finds
    nothing in this walk.
    """

    is_mine: str
    of_series: str
    of_partner: str
    few_of_mine: str = ""
    """A condition that finds my items by the keys in the parameter `mine`, if they are few."""

    addressee: str = "NULL::BIGINT"
    submission: str = "NULL::BIGINT"
    source: str = "NULL::BIGINT"
    claim: str = "NULL::BIGINT"


@dataclass(frozen=True, slots=True)
class Walk:
    """The rows in the order of `day` and `key`."""

    kind: QueueKind
    about: About
    day: str
    key: str
    rows: str
    """FROM and WHERE; more conditions can be appended."""

    since: str = ""
    """The day from which the age of an item is counted; if empty, `day`."""

    def sql(self, narrowed: Narrowed, after: Place | None, *, mine_are_few: bool, limit: str) -> str:
        """The query for its rows after a place, with the filters."""
        about = self.about
        conditions = [self.rows]
        if narrowed.mine:
            conditions.append(about.few_of_mine if about.few_of_mine and mine_are_few else about.is_mine)
        if narrowed.series is not None:
            conditions.append(about.of_series or "FALSE")
        if narrowed.partner is not None:
            conditions.append(about.of_partner or "FALSE")
        if after is not None and after.kind == self.kind:
            conditions.append(f"({self.day}, {self.key}) > (%(after_day)s::DATE, %(after_key)s)")
        return f"""(SELECT {QUEUE_KINDS.index(self.kind)} AS place, {self.day} AS day, {self.key} AS key,
            {about.addressee} AS addressee, {about.submission} AS submission, {about.source} AS source,
            {about.claim} AS claim, {self.since or self.day} AS since, {about.is_mine} AS is_mine
            {" AND ".join(conditions)} ORDER BY {self.day}, {self.key} LIMIT {limit})"""
