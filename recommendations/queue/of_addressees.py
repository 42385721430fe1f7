"""The items about addressees: the addressees, partners' submissions, and the sources of their entries.

An addressee appears in the queue once, for its most pressing reason.
"""

from dataclasses import replace

from recommendations.lifecycle.rules import WELL
from recommendations.lifecycle.states import OPEN
from recommendations.queue.place import SOMETIME, QueueKind
from recommendations.queue.walk import About, Walk, put_off, texts

IS_OPEN = f"current_status.state IN ({texts(state.value for state in OPEN)})"
NO_RESPONSE_DAYS = "COALESCE(series.no_response_days, %(no_response_days)s)"
STALE_BEFORE = "(%(on)s::DATE - make_interval(months => COALESCE(series.stale_months, %(stale_months)s)))::DATE"
PUBLISHED_ON = "(recommendation.published_at AT TIME ZONE 'UTC')::DATE"
WINDOW = "%(on)s::DATE + %(due_days)s::INTEGER"


def _decidable(submission: str) -> str:
    return f"""{submission}.decision = 'pending' AND {submission}.submitted_by_id <> %(by)s
        AND NOT {put_off("submission_id", f"{submission}.id")}"""


IS_PUT_OFF = put_off(
    "addressee_id", "current_status.addressee_id", "recommendations_statusentry", "recommendations_response"
)
HAS_SUBMISSION = f"""EXISTS (
    SELECT 1 FROM recommendations_submission AS other
    WHERE other.addressee_id = current_status.addressee_id AND {_decidable("other")}
)"""
NEXT_EDITION = """
    LEFT JOIN LATERAL (
        SELECT min(later.start_date) AS day FROM events_event AS later
        WHERE later.series_id = event.series_id AND later.lifecycle IN ('planned', 'confirmed')
        AND later.start_date BETWEEN %(on)s::DATE AND %(on)s::DATE + %(due_days)s::INTEGER AND later.id <> event.id
    ) AS next_edition ON TRUE
"""
"""Joins the day of the next due edition of the event's series; computed once for each row."""


def _unseen_before(day: str) -> str:
    """Not checked in the time before a day, nor after it if it has passed."""
    return f"""(current_status.checked_on IS NULL OR current_status.checked_on <
        CASE WHEN {day} < %(on)s::DATE THEN {day} ELSE {day} - %(due_days)s::INTEGER END)"""


BEFORE_EDITION = f"next_edition.day IS NOT NULL AND {_unseen_before('next_edition.day')}"
BEFORE_TARGET = f"""(recommendation.target_date BETWEEN {STALE_BEFORE} AND {WINDOW}
    AND {_unseen_before("recommendation.target_date")})"""
IS_DUE = f"(({BEFORE_EDITION}) OR COALESCE({BEFORE_TARGET}, FALSE))"
IS_UNANSWERED = f"""(current_status.response_kind = 'awaiting'
    AND current_status.responded_on < %(on)s::DATE - {NO_RESPONSE_DAYS})"""

LIMIT_OF_SOME_SERIES = """(%(on)s::DATE - make_interval(months => {0}(%(stale_months)s,
    (SELECT {1}(limited.stale_months) FROM events_series AS limited WHERE limited.stale_months IS NOT NULL))))::DATE"""
LATEST_LIMIT = LIMIT_OF_SOME_SERIES.format("LEAST", "min")
EARLIEST_LIMIT = LIMIT_OF_SOME_SERIES.format("GREATEST", "max")
"""No series has a limit outside these days, so that reading along an index stops there."""

OF_ITS_EVENT = """
    JOIN recommendations_addressee AS addressee ON addressee.id = current_status.addressee_id
    JOIN events_event AS event ON event.id = recommendation.event_id
    LEFT JOIN events_series AS series ON series.id = event.series_id
    LEFT JOIN recommendations_statusentry AS entry ON entry.id = current_status.entry_id
"""
FROM_CURRENT = f"""FROM recommendations_currentstatus AS current_status
    JOIN recommendations_recommendation AS recommendation ON recommendation.id = current_status.recommendation_id
        AND recommendation.state = 'published' {OF_ITS_EVENT} {NEXT_EDITION}"""

MINE = """
    (SELECT own.addressee_id FROM recommendations_currentstatus AS own
    JOIN recommendations_recommendation AS written ON written.id = own.recommendation_id
    WHERE written.author_id = %(by)s LIMIT %(most)s)
    UNION ALL
    (SELECT own.addressee_id FROM recommendations_currentstatus AS own
    JOIN recommendations_statusentry AS said ON said.id = own.entry_id WHERE said.by_id = %(by)s LIMIT %(most)s)
"""
MAX_BY_KEY = 2000
"""Addressees of somebody who has fewer than this are found by their keys; others have some on every page."""

AN_ADDRESSEE = About(
    is_mine="(recommendation.author_id = %(by)s OR COALESCE(entry.by_id = %(by)s, FALSE))",
    few_of_mine="current_status.addressee_id = ANY (%(mine)s)",
    of_series="event.series_id = %(series)s",
    of_partner="addressee.actor_id = %(partner)s",
    addressee="current_status.addressee_id",
)
A_SUBMISSION = replace(AN_ADDRESSEE, submission="submission.id")
A_SOURCE = replace(AN_ADDRESSEE, source="cited.id")

WALKS_OF_ADDRESSEES = (
    Walk(
        QueueKind.SUBMISSION,
        A_SUBMISSION,
        day="(submission.submitted_at AT TIME ZONE 'UTC')::DATE",
        key="submission.id",
        rows=f"""FROM recommendations_submission AS submission
            JOIN recommendations_currentstatus AS current_status ON current_status.addressee_id = submission.addressee_id
            JOIN recommendations_recommendation AS recommendation ON recommendation.id = current_status.recommendation_id
                AND recommendation.state = 'published' {OF_ITS_EVENT}
            WHERE {_decidable("submission")} AND NOT EXISTS (
                SELECT 1 FROM recommendations_submission AS other WHERE other.addressee_id = submission.addressee_id
                AND other.id < submission.id AND {_decidable("other")}
            )""",
    ),
    Walk(
        QueueKind.SOURCE,
        A_SOURCE,
        day="(cited.created_at AT TIME ZONE 'UTC')::DATE",
        key="cited.id",
        rows=f"""FROM partnerships_source AS cited
            JOIN LATERAL (
                SELECT said.addressee_id FROM recommendations_evidence AS evidence
                JOIN recommendations_statusentry AS said ON said.id = evidence.entry_id
                JOIN recommendations_addressee AS asked ON asked.id = said.addressee_id
                JOIN recommendations_recommendation AS whole ON whole.id = asked.recommendation_id
                WHERE evidence.source_id = cited.id AND whole.state = 'published'
                ORDER BY evidence.id LIMIT 1
            ) AS first ON TRUE
            JOIN recommendations_currentstatus AS current_status ON current_status.addressee_id = first.addressee_id
            JOIN recommendations_recommendation AS recommendation ON recommendation.id = current_status.recommendation_id
            {OF_ITS_EVENT}
            WHERE cited.state IN ('draft', 'in_review') AND cited.author_id <> %(by)s AND %(reviews)s
            AND NOT {put_off("source_id", "cited.id")}""",
    ),
    Walk(
        QueueKind.CONFIRM,
        AN_ADDRESSEE,
        day="current_status.since",
        key="current_status.addressee_id",
        rows=f"""{FROM_CURRENT}
            WHERE current_status.state IN ({texts(state.value for state in WELL)}) AND NOT current_status.is_confirmed
            AND (
                SELECT said.by_id FROM recommendations_statusentry AS said
                WHERE said.addressee_id = current_status.addressee_id AND said.state = current_status.state
                AND said.as_of = current_status.since AND NOT EXISTS (
                    SELECT 1 FROM recommendations_statusentry AS correction WHERE correction.corrects_id = said.id
                )
                ORDER BY said.recorded_at, said.id LIMIT 1
            ) <> %(by)s
            AND NOT {HAS_SUBMISSION} AND NOT {IS_PUT_OFF}""",
    ),
    Walk(
        QueueKind.DUE,
        AN_ADDRESSEE,
        day="edition.start_date",
        key="current_status.addressee_id",
        rows=f"""FROM events_event AS edition
            JOIN events_event AS event ON event.series_id = edition.series_id AND event.id <> edition.id
            JOIN recommendations_recommendation AS recommendation ON recommendation.event_id = event.id
                AND recommendation.state = 'published'
            JOIN recommendations_currentstatus AS current_status ON current_status.recommendation_id = recommendation.id
            JOIN recommendations_addressee AS addressee ON addressee.id = current_status.addressee_id
            LEFT JOIN events_series AS series ON series.id = event.series_id
            LEFT JOIN recommendations_statusentry AS entry ON entry.id = current_status.entry_id
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
        QueueKind.DUE,
        AN_ADDRESSEE,
        day="recommendation.target_date",
        key="current_status.addressee_id",
        rows=f"""{FROM_CURRENT}
            WHERE recommendation.target_date IS NOT NULL
            AND recommendation.target_date BETWEEN {EARLIEST_LIMIT} AND {WINDOW} AND {IS_OPEN}
            AND {BEFORE_TARGET} AND NOT ({BEFORE_EDITION}) AND NOT {HAS_SUBMISSION} AND NOT {IS_PUT_OFF}""",
    ),
    Walk(
        QueueKind.NO_RESPONSE,
        AN_ADDRESSEE,
        day="current_status.responded_on",
        key="current_status.addressee_id",
        rows=f"""{FROM_CURRENT}
            WHERE {IS_OPEN} AND {IS_UNANSWERED} AND NOT {IS_DUE} AND NOT {HAS_SUBMISSION} AND NOT {IS_PUT_OFF}""",
    ),
    Walk(
        QueueKind.STALE,
        AN_ADDRESSEE,
        day=f"'{SOMETIME.isoformat()}'::DATE",
        key="current_status.addressee_id",
        since=PUBLISHED_ON,
        rows=f"""{FROM_CURRENT}
            WHERE {IS_OPEN} AND current_status.checked_on IS NULL AND {PUBLISHED_ON} < {STALE_BEFORE}
            AND {IS_UNANSWERED} IS NOT TRUE AND NOT {IS_DUE} AND NOT {HAS_SUBMISSION} AND NOT {IS_PUT_OFF}""",
    ),
    Walk(
        QueueKind.STALE,
        AN_ADDRESSEE,
        day="current_status.checked_on",
        key="current_status.addressee_id",
        rows=f"""{FROM_CURRENT}
            WHERE {IS_OPEN} AND current_status.checked_on < {LATEST_LIMIT} AND current_status.checked_on < {STALE_BEFORE}
            AND {IS_UNANSWERED} IS NOT TRUE AND NOT {IS_DUE} AND NOT {HAS_SUBMISSION} AND NOT {IS_PUT_OFF}""",
    ),
)
