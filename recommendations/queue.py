"""What needs the desk, as one list: computed when somebody looks, never stored.

An addressee stands in it once, for its most pressing reason; the reasons are the members of `Kind`, the
most pressing first, and within each the oldest come first. Of a pressing reason that somebody put off
(`Snooze`) nothing is shown until its day, or until something new is recorded.

Each kind is a walk along an index of its own that ends with the page, so the first page of a large base
costs what that of a small one costs; so do the next ones, which begin after an item and count none.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.db import connection, models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partnerships.actions import reviews
from partnerships.audience import User
from partnerships.desk_addresses import change_address
from partnerships.models import Source
from recommendations.lifecycle import WELL
from recommendations.models import Addressee, Recommendation, Submission
from recommendations.states import OPEN

COUNTED = 100
"""How many of a kind are counted; of more than that, it is only known that there are more."""


class Kind(models.TextChoices):
    """Why something is in the queue; the most pressing first."""

    SUBMISSION = "submission", _("To decide")
    SOURCE = "source", _("To publish")
    CONFIRM = "confirm", _("To be confirmed")
    DUE = "due", _("Due soon")
    NO_RESPONSE = "no_response", _("No response")
    STALE = "stale", _("Not checked for long")


KINDS = tuple(Kind)
SOMETIME = dt.date.min
"""Where a date stands that nobody knows, before all others: nobody has looked yet."""


class Place(NamedTuple):
    """Where an item stands in the queue; what an address names to begin after it."""

    kind: Kind
    day: dt.date
    key: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place that `text` names; None where it names none."""
        found = re.fullmatch(r"([a-z_]{1,20})\.(\d{4}-\d\d-\d\d)\.(\d{1,18})", text, re.ASCII)
        if found is None or found[1] not in Kind.values:
            return None
        try:
            return cls(Kind(found[1]), dt.date.fromisoformat(found[2]), int(found[3]))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.kind.value}.{self.day.isoformat()}.{self.key}"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What somebody wants to see of the queue."""

    kind: Kind | None = None
    mine: bool = False
    series: int | None = None
    partner: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that needs the desk. A source is not of one addressee: of the first that it is evidence for."""

    place: Place
    recommendation: Recommendation
    addressee: Addressee
    submission: Submission | None
    source: Source | None
    since: dt.date
    """From when its age is counted; for what is due, the day on which it is."""
    is_mine: bool
    on: dt.date

    @property
    def kind(self) -> Kind:
        return self.place.kind

    @property
    def days(self) -> int:
        """How many days it has waited; negative for what is still to come."""
        return (self.on - self.since).days

    @property
    def age(self) -> str:
        """The same in words."""
        number = abs(self.days)
        if self.kind == Kind.DUE:
            if self.days < 0:
                return ngettext("in %(number)d day", "in %(number)d days", number) % {"number": number}
            return ngettext("%(number)d day ago", "%(number)d days ago", number) % {"number": number}
        return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}

    @property
    def why(self) -> str:
        """Why it is here, in a few words."""
        said = {"day": date_format(self.since, "DATE_FORMAT")}
        if self.kind == Kind.STALE and self.place.day == SOMETIME:
            return _("Published on %(day)s, and nobody has looked since.") % said
        return str(WHY[self.kind]) % said

    @property
    def url(self) -> str:
        """Where one does what it needs."""
        if self.source is not None:
            return change_address(self.source)
        if self.submission is not None:
            return reverse("admin:recommendations_submission_accept", args=[self.submission.pk])
        return reverse("admin:recommendations_addressee_update", args=[self.addressee.pk])


WHY = {
    Kind.SUBMISSION: _("The partner reported on %(day)s."),
    Kind.SOURCE: _("Cited since %(day)s, and shown to nobody before a second person publishes it."),
    Kind.CONFIRM: _("Said to be implemented on %(day)s; a second person has to confirm it."),
    Kind.DUE: _("The next edition or the target date is on %(day)s."),
    Kind.NO_RESPONSE: _("Asked on %(day)s, and no answer since."),
    Kind.STALE: _("Last checked on %(day)s."),
}


class Count(NamedTuple):
    """How many of a kind there are; `is_more` where there are more than were counted."""

    kind: Kind
    number: int
    is_more: bool


def _texts(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


IS_OPEN = f"standing.state IN ({_texts(state.value for state in OPEN)})"
NO_RESPONSE_DAYS = "COALESCE(series.no_response_days, %(no_response_days)s)"
STALE_BEFORE = "(%(on)s::DATE - make_interval(months => COALESCE(series.stale_months, %(stale_months)s)))::DATE"
PUBLISHED_ON = "(recommendation.published_at AT TIME ZONE 'UTC')::DATE"
WINDOW = "%(on)s::DATE + %(due_days)s::INTEGER"


def _put_off(column: str, key: str, *news: str) -> str:
    """Whether somebody put this off until a day to come, and nothing of `news` was recorded since."""
    unchanged = "".join(
        f" AND NOT EXISTS (SELECT 1 FROM {table} AS news WHERE news.{column} = {key}"
        " AND news.recorded_at > put_off.recorded_at)"
        for table in news
    )
    return f"""EXISTS (
        SELECT 1 FROM (
            SELECT snooze.until, snooze.recorded_at FROM recommendations_snooze AS snooze
            WHERE snooze.{column} = {key} ORDER BY snooze.id DESC LIMIT 1
        ) AS put_off WHERE put_off.until > %(on)s::DATE{unchanged}
    )"""


def _decidable(submission: str) -> str:
    return f"""{submission}.decision = 'pending' AND {submission}.submitted_by_id <> %(by)s
        AND NOT {_put_off("submission_id", f"{submission}.id")}"""


IS_PUT_OFF = _put_off(
    "addressee_id", "standing.addressee_id", "recommendations_statusentry", "recommendations_response"
)
HAS_SUBMISSION = f"""EXISTS (
    SELECT 1 FROM recommendations_submission AS other
    WHERE other.addressee_id = standing.addressee_id AND {_decidable("other")}
)"""
NEXT_EDITION = """
    LEFT JOIN LATERAL (
        SELECT min(later.start_date) AS day FROM events_event AS later
        WHERE later.series_id = event.series_id AND later.lifecycle IN ('planned', 'confirmed')
        AND later.start_date BETWEEN %(on)s::DATE AND %(on)s::DATE + %(due_days)s::INTEGER AND later.id <> event.id
    ) AS next_edition ON TRUE
"""
"""Joins the day of the next edition that is due, of the series of the event; looked up once for each row."""


def _unseen_before(day: str) -> str:
    """Nobody has looked in the run-up to a day, nor after it where it has passed."""
    return f"""(standing.checked_on IS NULL OR standing.checked_on <
        CASE WHEN {day} < %(on)s::DATE THEN {day} ELSE {day} - %(due_days)s::INTEGER END)"""


BEFORE_EDITION = f"next_edition.day IS NOT NULL AND {_unseen_before('next_edition.day')}"
BEFORE_TARGET = f"""(recommendation.target_date BETWEEN {STALE_BEFORE} AND {WINDOW}
    AND {_unseen_before("recommendation.target_date")})"""
IS_DUE = f"(({BEFORE_EDITION}) OR COALESCE({BEFORE_TARGET}, FALSE))"
IS_UNANSWERED = f"""(standing.response_kind = 'awaiting'
    AND standing.responded_on < %(on)s::DATE - {NO_RESPONSE_DAYS})"""

LIMIT_OF_SOME_SERIES = """(%(on)s::DATE - make_interval(months => {0}(%(stale_months)s,
    (SELECT {1}(limited.stale_months) FROM events_series AS limited WHERE limited.stale_months IS NOT NULL))))::DATE"""
LATEST_LIMIT = LIMIT_OF_SOME_SERIES.format("LEAST", "min")
EARLIEST_LIMIT = LIMIT_OF_SOME_SERIES.format("GREATEST", "max")
"""The limit of no series lies beyond these, so that a walk along an index ends there."""

OF_ITS_EVENT = """
    JOIN recommendations_addressee AS addressee ON addressee.id = standing.addressee_id
    JOIN events_event AS event ON event.id = recommendation.event_id
    LEFT JOIN events_series AS series ON series.id = event.series_id
    LEFT JOIN recommendations_statusentry AS entry ON entry.id = standing.entry_id
"""
FROM_STANDING = f"""FROM recommendations_standing AS standing
    JOIN recommendations_recommendation AS recommendation ON recommendation.id = standing.recommendation_id
        AND recommendation.state = 'published' {OF_ITS_EVENT} {NEXT_EDITION}"""


@dataclass(frozen=True, slots=True)
class Walk:
    """One way in which things come into the queue: rows in the order of `day` and `key`."""

    kind: Kind
    day: str
    key: str
    rows: str
    """FROM and WHERE; the last condition stands open for more."""

    since: str
    submission: str = "NULL::BIGINT"
    source: str = "NULL::BIGINT"

    def sql(self, narrowed: Narrowed, after: Place | None, *, mine: list[int] | None, limit: str) -> str:
        conditions = [self.rows]
        if narrowed.mine:
            conditions.append("standing.addressee_id = ANY (%(mine)s)" if mine is not None else IS_MINE)
        if narrowed.series is not None:
            conditions.append("event.series_id = %(series)s")
        if narrowed.partner is not None:
            conditions.append("addressee.actor_id = %(partner)s")
        if after is not None and after.kind == self.kind:
            conditions.append(f"({self.day}, {self.key}) > (%(after_day)s::DATE, %(after_key)s)")
        return f"""(SELECT {KINDS.index(self.kind)} AS place, {self.day} AS day, {self.key} AS key,
            standing.addressee_id AS addressee, {self.submission} AS submission, {self.source} AS source,
            {self.since} AS since, {IS_MINE} AS is_mine
            {" AND ".join(conditions)} ORDER BY {self.order} LIMIT {limit})"""

    @property
    def order(self) -> str:
        return f"{self.day}, {self.key}"


IS_MINE = "(recommendation.author_id = %(by)s OR COALESCE(entry.by_id = %(by)s, FALSE))"
MINE = """
    (SELECT own.addressee_id FROM recommendations_standing AS own
    JOIN recommendations_recommendation AS written ON written.id = own.recommendation_id
    WHERE written.author_id = %(by)s LIMIT %(most)s)
    UNION ALL
    (SELECT own.addressee_id FROM recommendations_standing AS own
    JOIN recommendations_statusentry AS said ON said.id = own.entry_id WHERE said.by_id = %(by)s LIMIT %(most)s)
"""
MOST_BY_KEY = 2000
"""Whoever has fewer addressees than these has them looked up by their keys; others have one on every page of a walk."""

WALKS = (
    Walk(
        Kind.SUBMISSION,
        day="(submission.submitted_at AT TIME ZONE 'UTC')::DATE",
        key="submission.id",
        since="(submission.submitted_at AT TIME ZONE 'UTC')::DATE",
        submission="submission.id",
        rows=f"""FROM recommendations_submission AS submission
            JOIN recommendations_standing AS standing ON standing.addressee_id = submission.addressee_id
            JOIN recommendations_recommendation AS recommendation ON recommendation.id = standing.recommendation_id
                AND recommendation.state = 'published' {OF_ITS_EVENT}
            WHERE {_decidable("submission")} AND NOT EXISTS (
                SELECT 1 FROM recommendations_submission AS other WHERE other.addressee_id = submission.addressee_id
                AND other.id < submission.id AND {_decidable("other")}
            )""",
    ),
    Walk(
        Kind.SOURCE,
        day="(cited.created_at AT TIME ZONE 'UTC')::DATE",
        key="cited.id",
        since="(cited.created_at AT TIME ZONE 'UTC')::DATE",
        source="cited.id",
        rows=f"""FROM partnerships_source AS cited
            JOIN LATERAL (
                SELECT said.addressee_id FROM recommendations_evidence AS evidence
                JOIN recommendations_statusentry AS said ON said.id = evidence.entry_id
                JOIN recommendations_addressee AS asked ON asked.id = said.addressee_id
                JOIN recommendations_recommendation AS whole ON whole.id = asked.recommendation_id
                WHERE evidence.source_id = cited.id AND whole.state = 'published'
                ORDER BY evidence.id LIMIT 1
            ) AS first ON TRUE
            JOIN recommendations_standing AS standing ON standing.addressee_id = first.addressee_id
            JOIN recommendations_recommendation AS recommendation ON recommendation.id = standing.recommendation_id
            {OF_ITS_EVENT}
            WHERE cited.state IN ('draft', 'in_review') AND cited.author_id <> %(by)s AND %(reviews)s""",
    ),
    Walk(
        Kind.CONFIRM,
        day="standing.since",
        key="standing.addressee_id",
        since="standing.since",
        rows=f"""{FROM_STANDING}
            WHERE standing.state IN ({_texts(state.value for state in WELL)}) AND NOT standing.is_confirmed
            AND (
                SELECT said.by_id FROM recommendations_statusentry AS said
                WHERE said.addressee_id = standing.addressee_id AND said.state = standing.state
                AND said.as_of = standing.since AND NOT EXISTS (
                    SELECT 1 FROM recommendations_statusentry AS correction WHERE correction.corrects_id = said.id
                )
                ORDER BY said.recorded_at, said.id LIMIT 1
            ) <> %(by)s
            AND NOT {HAS_SUBMISSION} AND NOT {IS_PUT_OFF}""",
    ),
    Walk(
        Kind.DUE,
        day="edition.start_date",
        key="standing.addressee_id",
        since="edition.start_date",
        rows=f"""FROM events_event AS edition
            JOIN events_event AS event ON event.series_id = edition.series_id AND event.id <> edition.id
            JOIN recommendations_recommendation AS recommendation ON recommendation.event_id = event.id
                AND recommendation.state = 'published'
            JOIN recommendations_standing AS standing ON standing.recommendation_id = recommendation.id
            JOIN recommendations_addressee AS addressee ON addressee.id = standing.addressee_id
            LEFT JOIN events_series AS series ON series.id = event.series_id
            LEFT JOIN recommendations_statusentry AS entry ON entry.id = standing.entry_id
            WHERE edition.lifecycle IN ('planned', 'confirmed') AND edition.series_id IS NOT NULL
            AND edition.start_date BETWEEN %(on)s::DATE AND {WINDOW} AND {IS_OPEN}
            AND {_unseen_before("edition.start_date")}
            AND NOT EXISTS (
                SELECT 1 FROM events_event AS sooner WHERE sooner.series_id = edition.series_id
                AND sooner.lifecycle IN ('planned', 'confirmed') AND sooner.start_date >= %(on)s::DATE
                AND sooner.id <> event.id
                AND (sooner.start_date, sooner.id) < (edition.start_date, edition.id)
            )
            AND NOT {HAS_SUBMISSION} AND NOT {IS_PUT_OFF}""",
    ),
    Walk(
        Kind.DUE,
        day="recommendation.target_date",
        key="standing.addressee_id",
        since="recommendation.target_date",
        rows=f"""{FROM_STANDING}
            WHERE recommendation.target_date IS NOT NULL
            AND recommendation.target_date BETWEEN {EARLIEST_LIMIT} AND {WINDOW} AND {IS_OPEN}
            AND {BEFORE_TARGET} AND NOT ({BEFORE_EDITION}) AND NOT {HAS_SUBMISSION} AND NOT {IS_PUT_OFF}""",
    ),
    Walk(
        Kind.NO_RESPONSE,
        day="standing.responded_on",
        key="standing.addressee_id",
        since="standing.responded_on",
        rows=f"""{FROM_STANDING}
            WHERE {IS_OPEN} AND {IS_UNANSWERED} AND NOT {IS_DUE} AND NOT {HAS_SUBMISSION} AND NOT {IS_PUT_OFF}""",
    ),
    Walk(
        Kind.STALE,
        day=f"'{SOMETIME.isoformat()}'::DATE",
        key="standing.addressee_id",
        since=PUBLISHED_ON,
        rows=f"""{FROM_STANDING}
            WHERE {IS_OPEN} AND standing.checked_on IS NULL AND {PUBLISHED_ON} < {STALE_BEFORE}
            AND {IS_UNANSWERED} IS NOT TRUE AND NOT {IS_DUE} AND NOT {HAS_SUBMISSION} AND NOT {IS_PUT_OFF}""",
    ),
    Walk(
        Kind.STALE,
        day="standing.checked_on",
        key="standing.addressee_id",
        since="standing.checked_on",
        rows=f"""{FROM_STANDING}
            WHERE {IS_OPEN} AND standing.checked_on < {LATEST_LIMIT} AND standing.checked_on < {STALE_BEFORE}
            AND {IS_UNANSWERED} IS NOT TRUE AND NOT {IS_DUE} AND NOT {HAS_SUBMISSION} AND NOT {IS_PUT_OFF}""",
    ),
)


def _walks(narrowed: Narrowed, after: Place | None) -> list[Walk]:
    first = KINDS.index(after.kind) if after is not None else 0
    return [walk for walk in WALKS if narrowed.kind in (None, walk.kind) and KINDS.index(walk.kind) >= first]


def _mine(by: User) -> list[int] | None:
    """The addressees that are of `by`, where they are few; None where they are many."""
    with connection.cursor() as cursor:
        cursor.execute(MINE, {"by": by.pk, "most": MOST_BY_KEY})
        found = [key for (key,) in cursor.fetchall()]
    return found if len(found) < MOST_BY_KEY else None


def _given(by: User, narrowed: Narrowed, after: Place | None, *, on: dt.date) -> dict[str, Any]:
    return {
        "by": by.pk,
        "reviews": reviews(by),
        "on": on,
        "no_response_days": settings.MAJLIS_NO_RESPONSE_DAYS,
        "stale_months": settings.MAJLIS_STALE_MONTHS,
        "due_days": settings.MAJLIS_DUE_DAYS,
        "mine": _mine(by) if narrowed.mine else None,
        "series": narrowed.series,
        "partner": narrowed.partner,
        "after_day": after.day if after else None,
        "after_key": after.key if after else None,
    }


def items(
    by: User, *, on: dt.date, narrowed: Narrowed = Narrowed(), after: Place | None = None, number: int = 50
) -> list[Item]:
    """The first `number` items of the queue of `by` on a day, or those after the place `after`.

    One query for each kind until there are enough, and three for what they are about.
    """
    walks = _walks(narrowed, after)
    given = _given(by, narrowed, after, on=on)
    rows: list[tuple[Any, ...]] = []
    for kind in dict.fromkeys(walk.kind for walk in walks):
        lists = [
            walk.sql(narrowed, after, mine=given["mine"], limit="%(number)s") for walk in walks if walk.kind == kind
        ]
        whole = " UNION ALL ".join(lists)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT * FROM ({whole}) AS queue ORDER BY day, key LIMIT %(number)s",
                given | {"number": number - len(rows)},
            )
            rows += cursor.fetchall()
        if len(rows) == number:
            break
    related = ("recommendation__event__series", "actor", "standing")
    addressees = Addressee.objects.select_related(*related).in_bulk({row[3] for row in rows})
    submissions = Submission.objects.select_related("submitted_by").in_bulk({row[4] for row in rows if row[4]})
    sources = Source.objects.in_bulk({row[5] for row in rows if row[5]})
    return [
        Item(
            place=Place(KINDS[place], day, key),
            recommendation=addressees[addressee].recommendation,
            addressee=addressees[addressee],
            submission=submissions.get(submission),
            source=sources.get(source),
            since=since,
            is_mine=is_mine,
            on=on,
        )
        for place, day, key, addressee, submission, source, since, is_mine in rows
    ]


def counts(by: User, *, on: dt.date, narrowed: Narrowed = Narrowed()) -> list[Count]:
    """How many items of each kind there are, in one query; kinds that nothing is of are left out.

    A kind is counted to `COUNTED`, so that the count costs no more on a large base.
    """
    given = _given(by, narrowed, None, on=on) | {"number": COUNTED + 1}
    walks = " UNION ALL ".join(
        walk.sql(narrowed, None, mine=given["mine"], limit="%(number)s") for walk in _walks(narrowed, None)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT place, count(*) FROM ({walks}) AS queue GROUP BY place ORDER BY place", given)
        rows = cursor.fetchall()
    return [Count(KINDS[place], min(number, COUNTED), number > COUNTED) for place, number in rows]
