"""The lifecycle of a recommendation with one addressee, enforced by PostgreSQL whoever writes.

Generated from `rules.py`; `actions/` refuses the same earlier, with a message for the user. Only the effective records
are checked (those that no other one corrects), in the order of their as-of dates, then recorded-at, then primary key.

Whoever writes locks the addressee's row until the end of the transaction, so that concurrent writers take turns: under
READ COMMITTED, the default of Django and PostgreSQL, each statement of these functions sees what the first one
committed.
"""

from collections.abc import Iterable
from typing import Any

import pgtrigger
from django.db.models import Model
from django.utils.translation import gettext_noop

from publishing.database.triggers import literal
from publishing.roles import ADMINISTRATORS, REVIEWERS
from recommendations.lifecycle import rules as lifecycle
from recommendations.lifecycle.rules import Need
from recommendations.lifecycle.states import ImplementationState

RECORD_ORDER = "{0}.as_of, {0}.recorded_at, {0}.id"


def _texts(values: Iterable[str]) -> str:
    """A list of SQL literals, of our own codes."""
    return ", ".join(f"'{value}'" for value in values)


def _order(row: str, *, latest_first: bool = False) -> str:
    columns = RECORD_ORDER.format(row)
    return columns.replace(",", " DESC,") + " DESC" if latest_first else columns


def _stands(table: str, row: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM {table} AS correction WHERE correction.corrects_id = {row}.id)"


def _last(table: str, *columns: str) -> str:
    """The last effective record for the addressee of NEW."""
    return f"""SELECT {", ".join(f"record.{column}" for column in columns)} FROM {table} AS record
        WHERE record.addressee_id = NEW.addressee_id AND {_stands(table, "record")}
        ORDER BY {_order("record", latest_first=True)} LIMIT 1"""


def _shifted(table: str, column: str, start: str) -> str:
    """The records that come after another state than before because of the correction NEW, which is one of them.

    Columns: id, reached, before, and in `was` what came before it until now (NULL for NEW).
    """

    def chain(records: str) -> str:
        return f"""SELECT chain.id, chain.reached,
            LAG(chain.reached, 1, '{start}') OVER (ORDER BY {_order("chain")}) AS before FROM ({records}) AS chain"""

    standing = f"""SELECT record.id, record.{column}::TEXT AS reached, record.as_of, record.recorded_at
        FROM {table} AS record WHERE record.addressee_id = NEW.addressee_id AND {_stands(table, "record")}"""
    with_new = f"""{standing} AND record.id <> NEW.corrects_id
        UNION ALL SELECT NEW.id, NEW.{column}::TEXT, NEW.as_of, NEW.recorded_at"""
    return f"""SELECT so.id, so.reached, so.before, was.before AS was FROM ({chain(with_new)}) AS so
        LEFT JOIN ({chain(standing)}) AS was ON was.id = so.id WHERE was.before IS DISTINCT FROM so.before"""


class FollowsTheLifecycle(pgtrigger.Trigger):
    """Each record of an addressee must be allowed after the one before it, in the order of their as-of dates.

    A record is appended at the end. Only a correction may be inserted between others; then every record that comes
    after another one than before must be allowed there. A correction may change the first record back to the start.
    Records are ordered in time, so that what was known on a day never changes, and was a possible history.
    """

    name = "follows_the_lifecycle"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    before_the_event = gettext_noop("The as-of date lies before the event at which this was recommended.")
    recorded_later = gettext_noop("Something was recorded here at a later moment: what was known then would change.")
    later_record = gettext_noop("A later record is there already: give its day or a later one, or correct it.")
    cannot_follow = gettext_noop("This cannot come after what was recorded before.")
    corrected_already = gettext_noop("This was corrected already: correct what stands in its place.")
    correction_breaks_order = gettext_noop(
        "With this correction one record would come after another that does not lead to it."
    )

    def __init__(self, *, column: str, start: str, steps: Iterable[tuple[str, str]]) -> None:
        self.column, self.start, self.steps = column, start, tuple(steps)
        super().__init__()

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("earlier", "TEXT"), ("later", "TEXT"), ("last", "DATE"), ("made_on", "DATE")]

    def get_func(self, model: type[Model]) -> str:
        table, column, start = model._meta.db_table, self.column, self.start
        steps = _texts(f"{before}>{after}" for before, after in self.steps)
        refusal = f"USING ERRCODE = 'check_violation', TABLE = '{table}'"
        return f"""
            PERFORM 1 FROM recommendations_addressee AS addressee WHERE addressee.id = NEW.addressee_id
                FOR NO KEY UPDATE;
            SELECT event.start_date INTO made_on FROM recommendations_addressee AS addressee
                JOIN recommendations_recommendation AS recommendation ON recommendation.id = addressee.recommendation_id
                JOIN events_event AS event ON event.id = recommendation.event_id
                WHERE addressee.id = NEW.addressee_id;
            IF NEW.as_of < made_on THEN
                RAISE EXCEPTION {literal(self.before_the_event)}
                    {refusal}, COLUMN = 'as_of', CONSTRAINT = '{table}_not_before_it_was_made';
            END IF;
            IF EXISTS (
                SELECT 1 FROM {table} AS record WHERE record.addressee_id = NEW.addressee_id
                AND (record.recorded_at, record.id) > (NEW.recorded_at, NEW.id)
            ) THEN
                RAISE EXCEPTION {literal(self.recorded_later)}
                    {refusal}, COLUMN = 'recorded_at', CONSTRAINT = '{table}_recorded_in_order';
            END IF;
            IF NEW.corrects_id IS NULL THEN
                SELECT was.{column}, was.as_of INTO earlier, last FROM ({_last(table, column, "as_of")}) AS was;
                IF last > NEW.as_of THEN
                    RAISE EXCEPTION {literal(self.later_record)}
                        {refusal}, COLUMN = 'as_of', CONSTRAINT = '{table}_in_order';
                END IF;
                IF COALESCE(earlier, '{start}') || '>' || NEW.{column} NOT IN ({steps}) THEN
                    RAISE EXCEPTION {literal(self.cannot_follow)}
                        {refusal}, COLUMN = '{column}', CONSTRAINT = '{table}_follows_the_lifecycle';
                END IF;
            ELSE
                IF EXISTS (SELECT 1 FROM {table} AS correction WHERE correction.corrects_id = NEW.corrects_id) THEN
                    RAISE EXCEPTION {literal(self.corrected_already)}
                        {refusal}, COLUMN = 'corrects_id', CONSTRAINT = '{table}_corrects_what_stands';
                END IF;
                IF EXISTS (
                    SELECT 1 FROM ({_shifted(table, column, start)}) AS shifted
                    WHERE shifted.before || '>' || shifted.reached NOT IN ({steps}, '{start}>{start}')
                ) THEN
                    RAISE EXCEPTION {literal(self.correction_breaks_order)}
                        {refusal}, COLUMN = '{column}', CONSTRAINT = '{table}_follows_the_lifecycle';
                END IF;
            END IF;
            RETURN NEW;
        """


class ReopenedByAReviewer(pgtrigger.Trigger):
    """Only a reviewer reopens what had ceased, with a reason; also if a correction has this effect."""

    name = "reopened_by_a_reviewer"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    condition = pgtrigger.Q(new__state__in=[state.value for state in lifecycle.REOPENED]) | pgtrigger.Q(
        new__corrects__isnull=False
    )
    refusal = gettext_noop("Follow-up had ceased: a reviewer takes it up again, and says why.")

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("reopening", "RECORD"), ("unheard", "BOOLEAN")]

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        not_by_a_reviewer = f"""NOT EXISTS (
            SELECT 1 FROM auth_user AS person
            LEFT JOIN auth_user_groups AS seat ON seat.user_id = person.id
            LEFT JOIN auth_group AS desk ON desk.id = seat.group_id
            WHERE person.id = opened.by_id AND person.is_active AND (
                person.is_superuser OR (person.is_staff AND desk.name IN ({_texts((REVIEWERS, ADMINISTRATORS))}))
            ))"""
        unheard = f"(btrim(opened.reason, E' \\t\\n\\r') = '' OR {not_by_a_reviewer})"
        return f"""
            IF NEW.corrects_id IS NULL THEN
                SELECT EXISTS (
                    SELECT 1 FROM ({_last(table, "state")}) AS was, (SELECT NEW.reason, NEW.by_id) AS opened
                    WHERE was.state IN ({_texts(lifecycle.CEASED)}) AND {unheard}
                ) INTO unheard;
            ELSE
                SELECT EXISTS (
                    SELECT 1 FROM ({_shifted(table, "state", ImplementationState.NOT_ASSESSED.value)}) AS shifted
                    JOIN (
                        SELECT record.id, record.reason, record.by_id FROM {table} AS record
                        WHERE record.addressee_id = NEW.addressee_id
                        UNION ALL SELECT NEW.id, NEW.reason, NEW.by_id
                    ) AS opened ON opened.id = shifted.id
                    WHERE shifted.before IN ({_texts(lifecycle.CEASED)})
                    AND (shifted.was IN ({_texts(lifecycle.CEASED)})) IS NOT TRUE  -- judged when it was recorded
                    AND shifted.reached IN ({_texts(lifecycle.REOPENED)}) AND {unheard}
                ) INTO unheard;
            END IF;
            IF unheard THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'reason',
                          CONSTRAINT = '{table}_reopened_by_a_reviewer';
            END IF;
            RETURN NEW;
        """


class SucceededByAnother(pgtrigger.Trigger):
    """The successor of a recommendation is another one, and its chain of successors never leads back to it.

    Only the last effective entries count. Writers of successors take turns; otherwise two of them could close a circle
    that neither sees.
    """

    name = "succeeded_by_another"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    condition = pgtrigger.Q(new__successor__isnull=False)
    by_itself = gettext_noop("A recommendation does not take its own place: name another one.")
    in_a_circle = gettext_noop("Its successors lead back to this recommendation: name one that is still open.")

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        return f"""
            IF EXISTS (SELECT 1 FROM recommendations_addressee AS addressee
                WHERE addressee.id = NEW.addressee_id AND addressee.recommendation_id = NEW.successor_id
            ) THEN
                RAISE EXCEPTION {literal(self.by_itself)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'successor_id',
                          CONSTRAINT = '{table}_succeeded_by_another';
            END IF;
            PERFORM pg_advisory_xact_lock(hashtext('majlis.successors'));
            IF EXISTS (
                WITH RECURSIVE reached(id) AS (
                    SELECT NEW.successor_id
                    UNION
                    SELECT entry.successor_id
                    FROM reached
                    JOIN recommendations_currentstatus AS current_status ON current_status.recommendation_id = reached.id
                    JOIN {table} AS entry ON entry.id = current_status.entry_id
                    WHERE entry.successor_id IS NOT NULL
                )
                SELECT 1 FROM reached
                JOIN recommendations_addressee AS addressee ON addressee.recommendation_id = reached.id
                WHERE addressee.id = NEW.addressee_id
            ) THEN
                RAISE EXCEPTION {literal(self.in_a_circle)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'successor_id',
                          CONSTRAINT = '{table}_successors_lead_on';
            END IF;
            RETURN NEW;
        """


class HasItsSources(pgtrigger.Trigger):
    """At the end of the transaction an effective entry must have the evidence that its state and confidence need.

    A correction is checked together with the records after it and after the corrected one: a check that repeats nothing
    any more needs a source of its own.
    """

    name = "has_its_sources"
    when = pgtrigger.After
    operation = pgtrigger.Insert
    timing = pgtrigger.Deferred
    refusal = gettext_noop("An entry lacks the source that its state or its confidence needs.")

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("entry", "RECORD"), ("lacks", "BOOLEAN")]

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table

        def next_after(row: str) -> str:
            return f"""(SELECT later.id FROM {table} AS later
                WHERE later.addressee_id = NEW.addressee_id AND {_stands(table, "later")}
                AND ({_order("later")}) > ({_order(row)}) ORDER BY {_order("later")} LIMIT 1)"""

        def with_need(need: Need) -> str:
            return _texts(state for state, wanted in lifecycle.SOURCES.items() if wanted == need)

        def confident(need: Need) -> str:
            return _texts(confidence for confidence, wanted in lifecycle.CONFIDENT.items() if wanted == need)

        # A check keeps a confidence that is not higher than that of the entry that it repeats.
        kept = " OR ".join(
            f"(entry.confidence = '{confidence.value}' AND entry.confidence_before IN ({_texts(reached)}))"
            for confidence in lifecycle.CONFIDENT
            for reached in [[c.value for c in type(confidence) if not lifecycle.confidence_needs(c, confidence)]]
        )
        return f"""
            FOR entry IN
                SELECT one.id, one.state, one.confidence, before.state AS state_before,
                    CASE WHEN before.state = one.state THEN before.confidence END AS confidence_before
                FROM {table} AS one
                LEFT JOIN LATERAL (
                    SELECT earlier.state, earlier.confidence FROM {table} AS earlier
                    WHERE earlier.addressee_id = one.addressee_id AND {_stands(table, "earlier")}
                    AND ({_order("earlier")}) < ({_order("one")})
                    ORDER BY {_order("earlier", latest_first=True)} LIMIT 1
                ) AS before ON TRUE
                WHERE one.addressee_id = NEW.addressee_id AND {_stands(table, "one")} AND (
                    one.id = NEW.id OR (NEW.corrects_id IS NOT NULL AND one.id IN (
                        {next_after("NEW")},
                        (SELECT {next_after("wrong")} FROM {table} AS wrong WHERE wrong.id = NEW.corrects_id)
                    ))
                )
            LOOP
                SELECT (
                    entry.state_before IS DISTINCT FROM entry.state AND (
                        (entry.state IN ({with_need(Need.SOURCE)}) AND count(*) = 0)
                        OR (entry.state IN ({with_need(Need.DATED_SOURCE)})
                            AND count(*) FILTER (WHERE source.date <> '') = 0)
                        OR (entry.state IN ({with_need(Need.PRIMARY_OR_INDEPENDENT_SOURCE)})
                            AND count(*) FILTER (WHERE evidence.nature IN ('primary', 'independent')) = 0)
                    )
                ) OR (
                    ({kept}) IS NOT TRUE AND (
                        (entry.confidence IN ({confident(Need.SOURCE)}) AND count(*) = 0)
                        OR (entry.confidence IN ({confident(Need.PRIMARY_OR_INDEPENDENT_SOURCE)})
                            AND count(*) FILTER (WHERE evidence.nature IN ('primary', 'independent')) = 0)
                    )
                )
                INTO lacks
                FROM recommendations_evidence AS evidence
                JOIN partnerships_source AS source ON source.id = evidence.source_id
                WHERE evidence.entry_id = entry.id AND evidence.stance = 'supports';
                IF lacks THEN
                    RAISE EXCEPTION {literal(self.refusal)}
                        USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'state',
                              CONSTRAINT = '{table}_has_its_sources';
                END IF;
            END LOOP;
            RETURN NULL;
        """


class ConfirmedByASecondPerson(pgtrigger.Trigger):
    """Only a second person confirms that something is implemented; and nothing else is confirmed.

    The confirmed entry is the first effective one that says so, not a check that repeats it.
    """

    name = "confirmed_by_a_second_person"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    by_the_same_person = gettext_noop("You recorded this entry: somebody else has to confirm it.")
    nothing_to_confirm = gettext_noop("Only an entry that stands and says first that it is implemented is confirmed.")

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("entry", "RECORD")]

    def get_func(self, model: type[Model]) -> str:
        table, entries = model._meta.db_table, "recommendations_statusentry"
        refusal = f"USING ERRCODE = 'check_violation', TABLE = '{table}'"
        return f"""
            PERFORM 1 FROM recommendations_addressee AS addressee
                WHERE addressee.id = (SELECT said.addressee_id FROM {entries} AS said WHERE said.id = NEW.entry_id)
                FOR NO KEY UPDATE;
            SELECT one.by_id, one.state, {_stands(entries, "one")} AS stands, (
                    SELECT earlier.state FROM {entries} AS earlier
                    WHERE earlier.addressee_id = one.addressee_id AND {_stands(entries, "earlier")}
                    AND ({_order("earlier")}) < ({_order("one")})
                    ORDER BY {_order("earlier", latest_first=True)} LIMIT 1
                ) AS state_before
                INTO entry FROM {entries} AS one WHERE one.id = NEW.entry_id;
            IF NOT FOUND THEN
                RETURN NEW;
            END IF;
            IF entry.by_id = NEW.by_id THEN
                RAISE EXCEPTION {literal(self.by_the_same_person)}
                    {refusal}, COLUMN = 'by_id', CONSTRAINT = '{table}_by_a_second_person';
            END IF;
            IF NOT entry.stands OR entry.state NOT IN ({_texts(lifecycle.WELL)}) OR entry.state_before = entry.state THEN
                RAISE EXCEPTION {literal(self.nothing_to_confirm)}
                    {refusal}, COLUMN = 'entry_id', CONSTRAINT = '{table}_of_what_is_implemented';
            END IF;
            RETURN NEW;
        """


class KeepCurrentStatus(pgtrigger.Trigger):
    """Updates the `CurrentStatus` of an addressee; `of` is the SQL expression of its key."""

    name = "keep_current_status"
    when = pgtrigger.After

    def __init__(self, of: str, *, operation: Any = pgtrigger.Insert) -> None:
        self.of = of
        super().__init__(operation=operation)

    def get_func(self, model: type[Model]) -> str:
        return f"PERFORM recommendations_keep_current_status({self.of}); RETURN NULL;"
