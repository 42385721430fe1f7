"""The scorecard of a series: what every edition asked, and what became of it, as of any day.

It counts what is public, for every reader alike: drafts of the next edition do not count. It has four views of one
series, all from the roll-up in `querysets/rollup.py`:

- what was known on the day asked for;
- what was known on an earlier day, *since* which the change is shown: by default that of the previous edition;
- what is known by now about the day asked for, including what was learned later;
- what is known by now.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from publishing.publication import PublicationState
from publishing.records import end_of
from recommendations.lifecycle.states import ENDS, ImplementationState, ResponseKind
from recommendations.querysets.rollup import Rollup

S = ImplementationState

DONE = (S.IMPLEMENTED, S.IMPLEMENTED_OTHERWISE)
ANSWERED = (ResponseKind.ACCEPTED, ResponseKind.PARTLY_ACCEPTED, ResponseKind.NOTED, ResponseKind.REJECTED)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many recommendations there were, how many all their leads have answered, and how far they have come.

    Each is in one of done, partly done, open and ceased; in the difference of two tallies the numbers may be negative.
    """

    asked: int = 0
    answered: int = 0
    done: int = 0
    partly_done: int = 0
    open: int = 0
    ceased: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(mine + theirs for mine, theirs in zip(self.numbers, other.numbers, strict=True)))

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(*(mine - theirs for mine, theirs in zip(self.numbers, other.numbers, strict=True)))

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.asked, self.answered, self.done, self.partly_done, self.open, self.ceased)


def one(state: str, *, answered: bool) -> Tally:
    """The tally of a single recommendation."""
    return Tally(
        asked=1,
        answered=int(answered),
        done=int(state in DONE),
        partly_done=int(state == S.PARTLY_IMPLEMENTED),
        open=int(state not in ENDS and state != S.PARTLY_IMPLEMENTED),
        ceased=int(state in ENDS and state not in DONE),
    )


def in_all(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


@dataclass(frozen=True, slots=True)
class Views:
    """The tallies of one edition, or of all, in the four views; None for a view that is not shown."""

    known: Tally
    before: Tally | None
    in_hindsight: Tally | None
    today: Tally | None

    @property
    def change(self) -> Tally | None:
        """The difference from the earlier day."""
        return None if self.before is None else self.known - self.before

    @property
    def figures(self) -> list[tuple[int, int]]:
        """The numbers as known on the day, each with its change; 0 if no change is shown."""
        change = self.change or Tally()
        return list(zip(self.known.numbers, change.numbers, strict=True))

    @property
    def side_by_side(self) -> list[tuple[int, bool]]:
        """Asked, answered and done: as known then, as known by now about then, and now; and whether the second differs."""
        if self.in_hindsight is None or self.today is None:
            return []
        views = [view.numbers[:3] for view in (self.known, self.in_hindsight, self.today)]
        return [
            (number, place == 1 and number != then)
            for place, numbers in enumerate(views)
            for number, then in zip(numbers, views[0], strict=True)
        ]

    @property
    def came_to_light(self) -> bool:
        """Whether something is known by now about the day that was not known on it."""
        return any(differs for _number, differs in self.side_by_side)


@dataclass(frozen=True, slots=True)
class Move:
    """What became of one recommendation since the earlier day; `before` is None for a new one."""

    recommendation: Any
    before: str | None
    after: str
    response_before: str | None
    response_after: str

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def changed_state(self) -> bool:
        return self.before != self.after

    @property
    def changed_response(self) -> bool:
        return self.response_before != self.response_after


@dataclass(frozen=True, slots=True)
class Edition:
    """One event of the series; `asked` are its recommendations by reference."""

    event: Any
    asked: Sequence[Any]
    views: Views
    states: dict[str, int]
    moves: Sequence[Move]

    @property
    def state_counts(self) -> list[dict[str, Any]]:
        return state_counts(self.states)


@dataclass(frozen=True, slots=True)
class AddresseeTally:
    """One addressee over all editions, as known on the day: how many recommendations it has, and what became of them."""

    actor: Any
    tally: Tally


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The scorecard of `series`. `since` is the earlier day, and `since_event` the edition of which it is the last day,
    if any.
    """

    series: Any
    as_of: dt.date | None
    since: dt.date | None
    since_event: Any
    editions: Sequence[Edition]
    addressees: Sequence[AddresseeTally]

    def get_absolute_url(self) -> str:
        return reverse("recommendations:series_scorecard", args=[self.series.slug])

    @property
    def views(self) -> Views:
        """All editions together."""
        every = [edition.views for edition in self.editions]

        def together(name: str) -> Tally | None:
            tallies = [getattr(views, name) for views in every]
            return None if None in tallies else in_all(tallies)

        return Views(
            known=in_all(views.known for views in every),
            before=together("before") if self.since else None,
            in_hindsight=together("in_hindsight") if self.as_of else None,
            today=together("today") if self.as_of else None,
        )

    @property
    def state_counts(self) -> list[dict[str, Any]]:
        states: Counter[str] = Counter()
        for edition in self.editions:
            states.update(edition.states)
        return state_counts(states)

    @property
    def moves(self) -> list[Move]:
        return [move for edition in self.editions for move in edition.moves]


def state_counts(states: Any) -> list[dict[str, Any]]:
    """The states that occur, as `{"state", "label", "count"}`, in their order."""
    return [{"state": state.value, "label": state.label, "count": states[state]} for state in S if states.get(state)]


def was_public(publication: Any, day: dt.date | None, *, now: dt.datetime) -> bool:
    """Whether it was public by the end of `day`, and still is; without a day, whether it is now."""
    if publication.state != PublicationState.PUBLISHED:
        return False
    by = now if day is None else min(end_of(day), now)
    return max(moment for moment in (publication.published_at, publication.embargo_until) if moment) < by


def held_on(event: Any) -> dt.date | None:
    """The last day of an event that was held; None if that is unknown, or it was not held."""
    return (event.end_date or event.start_date) if event.lifecycle == Event.Lifecycle.HELD else None


def last_held(events: Iterable[Any], *, before: dt.date) -> Any:
    """The last event held before a day, of those with a known day."""
    found = [(day, event.pk, event) for event in events if (day := held_on(event)) is not None and day < before]
    return max(found)[2] if found else None


def with_views(recommendations: Any, *, as_of: dt.date | None, since: dt.date | None) -> Any:
    """Adds what the other views need to recommendations that are read `with_rollup(as_of=as_of)`."""
    views = {}
    if since is not None:
        views["before"] = Rollup(as_of=since, on=since)
    if as_of is not None:
        views["in_hindsight"] = Rollup(as_of=as_of, on=as_of, in_hindsight=True)
        views["today"] = Rollup(as_of=None, on=timezone.now().date())
    return recommendations.annotate(**views)


def editions_of(events: Any) -> Any:
    """Events in the order of their editions."""
    return events.order_by(F("edition").asc(nulls_last=True), F("start_date").asc(nulls_last=True), "pk")


def scorecard(
    series: Any,
    events: Iterable[Any],
    recommendations: Any,
    *,
    as_of: dt.date | None,
    since: dt.date | None,
    now: dt.datetime,
) -> Scorecard:
    """The scorecard of the editions `events` of `series`, from those of their `recommendations` that may be seen.

    These are read with their roll-up and, in `followed`, their addressees with their status, both as of the same day.
    Without `since`, the change is shown from the last edition held before.
    """
    events = list(events)
    since_event = None
    if since is None:
        since_event = last_held(events, before=as_of or now.date())
        since = held_on(since_event) if since_event is not None else None
    rows: dict[int, list[Any]] = {event.pk: [] for event in events}
    of_these = recommendations.filter(event__in=list(rows)).order_by("reference")
    for recommendation in with_views(of_these, as_of=as_of, since=since):
        rows[recommendation.event_id].append(recommendation)
    editions = [_edition(event, rows[event.pk], as_of=as_of, since=since, now=now) for event in events]
    shares: dict[Any, list[Tally]] = {}
    for edition in editions:
        for recommendation in edition.asked:
            if was_public(recommendation, as_of, now=now):
                for addressee in recommendation.followed:
                    share = one(addressee.state, answered=addressee.response in ANSWERED)
                    shares.setdefault(addressee.actor, []).append(share)
    asked = [AddresseeTally(actor, in_all(tallies)) for actor, tallies in shares.items()]
    return Scorecard(
        series=series,
        as_of=as_of,
        since=since,
        since_event=since_event,
        editions=editions,
        addressees=sorted(asked, key=lambda asked: (-asked.tally.asked, asked.actor.slug)),
    )


def _of(rollup: dict[str, Any]) -> Tally:
    return one(rollup["state"], answered=rollup["answered"])


def _edition(
    event: Any, recommendations: Sequence[Any], *, as_of: dt.date | None, since: dt.date | None, now: dt.datetime
) -> Edition:
    known = [row for row in recommendations if was_public(row, as_of, now=now)]
    before = {row.pk for row in recommendations if since is not None and was_public(row, since, now=now)}
    today = [row for row in recommendations if was_public(row, None, now=now)]
    held = held_on(event)
    by_then = {row.pk for row in known}
    # What an edition that was held by the day asked for counts as asked then, even if it was published later.
    in_time = [row for row in today if row.pk in by_then or (as_of is not None and held is not None and held <= as_of)]
    moves = [_move(row, before=row.before if row.pk in before else None) for row in known] if since is not None else []
    return Edition(
        event=event,
        asked=[row for row in recommendations if row.pk in by_then or as_of is None],
        views=Views(
            known=in_all(_of(row.rollup) for row in known),
            before=in_all(_of(row.before) for row in known if row.pk in before) if since is not None else None,
            in_hindsight=in_all(_of(row.in_hindsight) for row in in_time) if as_of is not None else None,
            today=in_all(_of(row.today) for row in today) if as_of is not None else None,
        ),
        states=dict(Counter(row.rollup["state"] for row in known)),
        moves=[move for move in moves if move.changed_state or move.changed_response],
    )


def _move(recommendation: Any, *, before: dict[str, Any] | None) -> Move:
    after = recommendation.rollup
    return Move(
        recommendation=recommendation,
        before=before["state"] if before else None,
        after=after["state"],
        response_before=before["response"] if before else None,
        response_after=after["response"],
    )
