"""The state of a recommendation over its addressees, as of a day. All of it SQL, none stored.

The roll-up for display uses the lead addressees, or all of them if none leads:

- all in one state: that state;
- all ended, some of them well: partly implemented; all well, in different ways: implemented otherwise; none well: not
  implemented;
- otherwise, one of them implemented something: partly implemented; one makes progress: in progress; one went back:
  reversed; one is stuck: stalled; one was checked: not started;
- otherwise: not assessed.

The response rolls up to the answer they share, or to "mixed"; one that is awaited for longer than the limit counts as
"no_response".
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    JSONField,
    OuterRef,
    Prefetch,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from partnerships.models import Actor
from publishing.publication import PublicationQuerySet
from publishing.reader.public_rows import PublicQuerySet
from publishing.records import END_OF_TIME, LATEST_FIRST, end_of
from recommendations.lifecycle.states import NO_RESPONSE, ImplementationState, ResponseKind
from recommendations.querysets.consecutive_editions import ConsecutiveEditions
from recommendations.querysets.similarity import Near, TrigramDistance, TrigramSimilarity, opening_as_typed, opening_of

S = ImplementationState


WELL_STATES = (S.IMPLEMENTED, S.IMPLEMENTED_OTHERWISE)

MADE_POSSIBLE_BY = {
    S.NOT_STARTED: tuple(state for state in S if state != S.NOT_ASSESSED),
    S.IN_PROGRESS: (S.IN_PROGRESS,),
    S.STALLED: (S.STALLED,),
    S.PARTLY_IMPLEMENTED: (*WELL_STATES, S.PARTLY_IMPLEMENTED),
    S.IMPLEMENTED: (S.IMPLEMENTED,),
    S.IMPLEMENTED_OTHERWISE: WELL_STATES,
    S.NOT_IMPLEMENTED: (S.NOT_IMPLEMENTED,),
    S.SUPERSEDED: (S.SUPERSEDED,),
    S.NO_LONGER_APPLICABLE: (S.SUPERSEDED, S.NO_LONGER_APPLICABLE, S.WITHDRAWN),
    S.WITHDRAWN: (S.WITHDRAWN,),
    S.REVERSED: (S.REVERSED,),
}
"""For each rolled-up state, the states of which at least one addressee must have one. Anything may be not assessed."""


TODAY = """
    SELECT current_status.role, current_status.state, current_status.checked_on, current_status.is_confirmed,
        current_status.response_kind AS response, current_status.responded_on
    FROM recommendations_currentstatus AS current_status WHERE current_status.recommendation_id = given.recommendation
"""
"""The addressees of a recommendation with their present state."""


def replayed(*, only_true_by_then: bool) -> str:
    """The same from what was recorded before `given.known_before`; optionally only what is true by `given.judged_on`."""

    def true_of(record: str) -> str:
        return f" AND {record}.as_of <= given.judged_on" if only_true_by_then else ""

    return f"""
    SELECT addressee.role, COALESCE(entry.state, 'not_assessed') AS state, entry.as_of AS checked_on,
        EXISTS (
            -- Confirmed once, a state stays confirmed while it is only checked again.
            SELECT 1 FROM recommendations_confirmation AS confirmation
            JOIN recommendations_statusentry AS same ON same.id = confirmation.entry_id
            WHERE confirmation.recorded_at < given.known_before AND same.addressee_id = addressee.id
            AND same.state = entry.state AND NOT EXISTS (
                SELECT 1 FROM recommendations_statusentry AS correction
                WHERE correction.corrects_id = same.id AND correction.recorded_at < given.known_before
            ) AND NOT EXISTS (
                SELECT 1 FROM recommendations_statusentry AS other
                WHERE other.addressee_id = addressee.id AND other.state <> entry.state
                AND other.recorded_at < given.known_before{true_of("other")}
                AND (other.as_of, other.recorded_at, other.id) > (same.as_of, same.recorded_at, same.id)
                AND NOT EXISTS (
                    SELECT 1 FROM recommendations_statusentry AS correction
                    WHERE correction.corrects_id = other.id AND correction.recorded_at < given.known_before
                )
            )
        ) AS is_confirmed,
        COALESCE(response.kind, 'not_sent') AS response, response.as_of AS responded_on
    FROM recommendations_addressee AS addressee
    LEFT JOIN LATERAL (
        SELECT entry.state, entry.as_of FROM recommendations_statusentry AS entry
        WHERE entry.addressee_id = addressee.id AND entry.recorded_at < given.known_before{true_of("entry")} AND NOT EXISTS (
            SELECT 1 FROM recommendations_statusentry AS correction
            WHERE correction.corrects_id = entry.id AND correction.recorded_at < given.known_before
        )
        ORDER BY entry.as_of DESC, entry.recorded_at DESC, entry.id DESC LIMIT 1
    ) AS entry ON TRUE
    LEFT JOIN LATERAL (
        SELECT response.kind, response.as_of FROM recommendations_response AS response
        WHERE response.addressee_id = addressee.id AND response.recorded_at < given.known_before{true_of("response")}
        AND NOT EXISTS (
            SELECT 1 FROM recommendations_response AS correction
            WHERE correction.corrects_id = response.id AND correction.recorded_at < given.known_before
        )
        ORDER BY response.as_of DESC, response.recorded_at DESC, response.id DESC LIMIT 1
    ) AS response ON TRUE
    WHERE addressee.recommendation_id = given.recommendation
"""


TURN_SQL = """CASE
    WHEN {state} IN ('implemented', 'implemented_otherwise') AND NOT {is_confirmed} THEN 'desk'
    WHEN {state} IN ('implemented', 'implemented_otherwise', 'not_implemented', 'superseded', 'no_longer_applicable',
                     'withdrawn') THEN 'nobody'
    WHEN {response} IN ('not_sent', 'no_response') THEN 'desk'
    WHEN {response} = 'awaiting' THEN 'addressee'
    WHEN {is_stale} THEN 'desk'
    ELSE 'addressee'
END"""
"""Who has to act for one addressee: to send, to ask again, to confirm and to check are the desk's turn."""

ROLLUP = """(
    SELECT jsonb_build_object(
        'state', state,
        'response', CASE WHEN cardinality(responses) = 1 THEN responses[1] ELSE 'mixed' END,
        'checked_date', checked_on,
        'is_overdue', is_open AND COALESCE(target_date < judged_on, FALSE),
        'is_stale', is_open AND published_on IS NOT NULL
            AND COALESCE(COALESCE(checked_on, published_on) < stale_before, FALSE),
        'answered', responses <@ ARRAY['accepted', 'partly_accepted', 'noted', 'rejected'],
        'turn', CASE WHEN 'desk' = ANY (turns) THEN 'desk' WHEN 'addressee' = ANY (turns) THEN 'addressee'
            ELSE 'nobody' END
    )
    FROM (
        SELECT rolled.*, state NOT IN ('implemented', 'implemented_otherwise', 'not_implemented', 'superseded',
            'no_longer_applicable', 'withdrawn') AS is_open
        FROM (
            SELECT given.*,
                recommendations_state_over(COALESCE(array_agg(DISTINCT state::TEXT) FILTER (WHERE counts),
                    ARRAY['not_assessed'])) AS state,
                COALESCE(array_agg(DISTINCT response::TEXT) FILTER (WHERE counts), ARRAY['not_sent']) AS responses,
                COALESCE(array_agg(DISTINCT turn) FILTER (WHERE counts), ARRAY['desk']) AS turns,
                max(checked_on) FILTER (WHERE counts) AS checked_on
            FROM (
                SELECT recommendation, target_date, published_on, judged_on, known_before,
                    judged_on - no_response_days AS no_response_before,
                    (judged_on - make_interval(months => stale_months))::DATE AS stale_before
                FROM (SELECT {recommendation} AS recommendation, {target_date} AS target_date,
                    ({published_at} AT TIME ZONE 'UTC')::DATE AS published_on, {judged_on} AS judged_on,
                    {known_before} AS known_before, {no_response_days} AS no_response_days,
                    {stale_months} AS stale_months) AS asked
            ) AS given
            LEFT JOIN LATERAL (
                SELECT state, response, checked_on, {turn} AS turn,
                    role = 'lead' OR NOT bool_or(role = 'lead') OVER () AS counts
                FROM (
                    SELECT role, state, is_confirmed, checked_on, CASE
                        WHEN response = 'awaiting' AND responded_on < given.no_response_before THEN 'no_response'
                        ELSE response
                    END AS response, COALESCE(COALESCE(checked_on, given.published_on) < given.stale_before, FALSE)
                        AS is_stale
                    FROM ({addressees}) AS recorded
                ) AS judged
            ) AS addressee ON TRUE
            GROUP BY given.recommendation, given.target_date, given.published_on, given.judged_on,
                given.known_before, given.no_response_before, given.stale_before
        ) AS rolled
    ) AS whole
)"""


class Rollup(Func):
    """The roll-up of a recommendation, as JSON: state, response, answered, checked_date, is_overdue, is_stale, turn.

    Answered means that all addressees that count have answered, whatever they said. `as_of` is the day on which it was
    known; with `in_hindsight`, what is known by now about the state on that day.

    Part of the query that uses it, so that PostgreSQL plans both together; a function called for every row would start
    again each time, under all row policies.
    """

    output_field = JSONField()
    given = (
        "recommendation",
        "target_date",
        "published_at",
        "judged_on",
        "known_before",
        "no_response_days",
        "stale_months",
    )

    def __init__(self, *, as_of: dt.date | None, on: dt.date, in_hindsight: bool = False) -> None:
        self.addressees = TODAY if as_of is None else replayed(only_true_by_then=in_hindsight)
        known_before = END_OF_TIME if in_hindsight else end_of(as_of) if as_of else None
        super().__init__(
            F("pk"),
            F("target_date"),
            F("published_at"),
            Cast(Value(on), DateField()),
            Cast(Value(known_before), DateTimeField()),
            Coalesce(F("event__series__no_response_days"), settings.MAJLIS_NO_RESPONSE_DAYS),
            Coalesce(F("event__series__stale_months"), settings.MAJLIS_STALE_MONTHS),
        )

    def as_sql(self, compiler: Any, connection: Any, *arguments: Any, **context: Any) -> tuple[str, Any]:
        compiled = [compiler.compile(expression) for expression in self.get_source_expressions()]
        turn = TURN_SQL.format(state="state", response="response", is_confirmed="is_confirmed", is_stale="is_stale")
        sql = ROLLUP.format(
            addressees=self.addressees,
            turn=turn,
            **{name: part for name, (part, _parameters) in zip(self.given, compiled, strict=True)},
        )
        return sql, [parameter for _part, parameters in compiled for parameter in parameters]


class AddresseeQuerySet(PublicQuerySet):
    def public_by(self, as_of: dt.date | None) -> Self:
        """Those of recommendations that were public by the end of `as_of`; without a day, all."""
        return self if as_of is None else self.filter(recommendation__published_at__lt=end_of(as_of))

    def with_status(self, *, on: dt.date, as_of: dt.date | None = None) -> Self:
        """Adds `state`, `checked_date`, `response`, `recorded_response`, `response_date`, as known on `as_of`.

        `on` is the day from which "too long ago" is counted. Today's values are read from `CurrentStatus`, those of a
        past day are computed from the records.
        """
        if as_of is None:
            found = self.annotate(
                state=Coalesce(F("current_status__state"), Value(S.NOT_ASSESSED.value)),
                checked_date=F("current_status__checked_on"),
                recorded_response=Coalesce(F("current_status__response_kind"), Value(ResponseKind.NOT_SENT.value)),
                response_date=F("current_status__responded_on"),
            )
        else:
            entries = apps.get_model("recommendations.StatusEntry").objects.effective(as_of)
            responses = apps.get_model("recommendations.Response").objects.effective(as_of)
            latest_entry = entries.filter(addressee=OuterRef("pk")).order_by(*LATEST_FIRST)
            latest_response = responses.filter(addressee=OuterRef("pk")).order_by(*LATEST_FIRST)
            found = self.annotate(
                state=Coalesce(Subquery(latest_entry.values("state")[:1]), Value(S.NOT_ASSESSED.value)),
                checked_date=Subquery(latest_entry.values("as_of")[:1]),
                recorded_response=Coalesce(
                    Subquery(latest_response.values("kind")[:1]),
                    Value(ResponseKind.NOT_SENT.value),
                ),
                response_date=Subquery(latest_response.values("as_of")[:1]),
            )
        days = Coalesce(F("recommendation__event__series__no_response_days"), settings.MAJLIS_NO_RESPONSE_DAYS)
        limit = CombinedExpression(Value(on, DateField()), "-", days, output_field=DateField())
        return found.annotate(
            response=Case(
                When(
                    recorded_response=ResponseKind.AWAITING.value,
                    response_date__lt=limit,
                    then=Value(NO_RESPONSE),
                ),
                default=F("recorded_response"),
                output_field=CharField(),
            )
        )


def addressees_with_status(as_of: dt.date | None, *, on: dt.date) -> AddresseeQuerySet:
    """All addressees with what `AddresseeQuerySet.with_status` adds."""
    addressees: AddresseeQuerySet = apps.get_model("recommendations.Addressee").objects.all()
    return addressees.with_status(as_of=as_of, on=on)


def state_counts(counted: Mapping[str, int]) -> list[dict[str, Any]]:
    """The states that occur, as `{"state", "label", "count"}`, in their order and in the reader's language."""
    return [{"state": state.value, "label": state.label, "count": counted[state]} for state in S if state in counted]


class RecommendationQuerySet(PublicationQuerySet):
    def public_by(self, as_of: dt.date | None) -> Self:
        """Those that were public by the end of `as_of`, as the API has it; without a day, all."""
        return self if as_of is None else self.filter(published_at__lt=end_of(as_of))

    def with_rollup(self, *, as_of: dt.date | None = None, on: dt.date | None = None) -> Self:
        """Adds `state_rolled_up`, `response_rolled_up`, `checked_date`, `is_overdue`, `is_stale` and `turn`.

        Each is an attribute of the rows, and all except the date can be used in filters and orderings. All as known on
        `as_of` (by default now). `on` is today, for what is overdue or stale without `as_of`.
        """
        return self.knowing_rollup(as_of=as_of, on=on).annotate(rollup=F("whole_rollup"))

    def knowing_rollup(self, *, as_of: dt.date | None = None, on: dt.date | None = None) -> Self:
        """The same, only for filters and orderings."""
        rollup = Rollup(as_of=as_of, on=as_of or on or timezone.now().date())
        members = {
            "state_rolled_up": "state",
            "response_rolled_up": "response",
            "is_overdue": "is_overdue",
            "is_stale": "is_stale",
            "turn": "turn",
        }
        return self.alias(whole_rollup=rollup).alias(
            **{
                name: Cast(KeyTextTransform(member, "whole_rollup"), BooleanField())
                if name.startswith("is_")
                else KeyTextTransform(member, "whole_rollup")
                for name, member in members.items()
            }
        )

    def with_statuses(self, user: Any, *, as_of: dt.date | None = None) -> Self:
        """The roll-up, and in `followed` each addressee that `user` may see with its response and state.

        Also everything else that one line about a recommendation shows. Leads come before supporters.
        """
        on = as_of or timezone.now().date()
        addressees = addressees_with_status(as_of, on=on).filter(actor__in=Actor.objects.visible_to(user))
        return self.with_rollup(as_of=as_of).prefetch_related(
            Prefetch("addressees", addressees.select_related("actor").order_by("role", "pk"), to_attr="followed"),
            Prefetch("event", apps.get_model("events.Event").objects.visible_to(user)),
            Prefetch("parent", self.model._default_manager.all().visible_to(user)),
        )

    def with_lineage(self, user: Any, *, as_of: dt.date | None = None) -> Self:
        """With `links` and `linked_from`: the recommendations that it takes up, and those that take it up.

        As far as `user` may see them; for a past day those that were public by then.
        """
        visible = self.model._default_manager.all().visible_to(user).public_by(as_of)
        links = apps.get_model("recommendations.RecommendationLink").objects.order_by("pk")
        return self.prefetch_related(
            Prefetch("links", links.filter(target__in=visible).select_related("target")),
            Prefetch("linked_from", links.filter(source__in=visible).select_related("source")),
        )

    def with_editions_running(self, *, as_of: dt.date | None = None, now: dt.datetime | None = None) -> Self:
        """Adds `editions_running`: the number of consecutive editions that asked for it, as public on `as_of` or `now`."""
        before = end_of(as_of) if as_of else now or timezone.now()
        return self.annotate(editions_running=ConsecutiveEditions(before=before))

    def asked_in(self, editions: int, *, as_of: dt.date | None = None) -> Self:
        """Those that at least so many consecutive editions asked for; see `ConsecutiveEditions`.

        An index finds those that take up anything at all; only these are examined.
        """
        if editions < 2:
            return self
        links = apps.get_model("recommendations.RecommendationLink").objects.filter(source=OuterRef("pk"))
        before = end_of(as_of) if as_of else timezone.now()
        running = self.model._default_manager.filter(Exists(links)).alias(running=ConsecutiveEditions(before=before))
        return self.filter(pk__in=running.filter(running__gte=editions).values("pk"))

    def near(self, title: str, text: str, *, language: str) -> Self:
        """Those whose text in `language` is similar to these, the most similar first; adds `likeness`, from 0 to 1."""
        opening, sought = opening_of(language), opening_as_typed(title, text)
        return (
            self.filter(Near(opening, sought), **{f"title_{language}__gt": ""})  # as in the index
            .annotate(likeness=TrigramSimilarity(opening, sought))
            .order_by(TrigramDistance(opening, sought), "pk")
        )

    def in_state(self, state: str, *, as_of: dt.date | None = None) -> Self:
        """Those in the rolled-up `state`; the rows must have their roll-up.

        For today, an index finds those with an addressee that makes the state possible.
        """
        if as_of is None and state != S.NOT_ASSESSED:
            standing = apps.get_model("recommendations.CurrentStatus").objects.all()
            possible = standing.filter(recommendation=OuterRef("pk"), state__in=MADE_POSSIBLE_BY[S(state)])
            return self.filter(Exists(possible), state_rolled_up=state)
        return self.filter(state_rolled_up=state)

    def state_counts(self, *, as_of: dt.date | None = None) -> list[dict[str, Any]]:
        """How many of these are in each state, as `{"state", "label", "count"}`, in the order of the states."""
        return state_counts(self._counts_of_today() if as_of is None else self._counts_replayed(as_of))

    def _counts_replayed(self, as_of: dt.date) -> dict[str, int]:
        rows = self if "state_rolled_up" in self.query.annotations else self.with_rollup(as_of=as_of)
        states = rows.order_by().annotate(rolled_up=F("state_rolled_up")).values("rolled_up")
        return dict(states.annotate(count=Count("pk")).values_list("rolled_up", "count"))

    def _counts_of_today(self) -> dict[str, int]:
        """In one pass over `CurrentStatus`; computing the roll-up for each row would take one pass for each."""
        chosen, parameters = self.order_by().values("pk").query.sql_with_params()
        counting = f"""
            SELECT state, count(*) FROM (
                SELECT recommendations_state_over(COALESCE(
                    array_agg(DISTINCT current_status.state::TEXT) FILTER (WHERE current_status.role = 'lead'),
                    array_agg(DISTINCT current_status.state::TEXT) FILTER (WHERE current_status.role IS NOT NULL),
                    ARRAY['not_assessed']
                )) AS state
                FROM ({chosen}) AS chosen (id)
                LEFT JOIN recommendations_currentstatus AS current_status ON current_status.recommendation_id = chosen.id
                GROUP BY chosen.id
            ) AS each GROUP BY state"""
        with connections[self.db].cursor() as cursor:
            cursor.execute(counting, parameters)
            return dict(cursor.fetchall())
