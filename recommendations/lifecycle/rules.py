"""The lifecycle of a recommendation with one addressee: which state may follow which, and what it needs.

The only place that defines it. `actions/` takes its refusals from it, the forms offer only what it allows, and the
triggers in `triggers.py` are generated from it, so that the database refuses the same.

A *check* repeats the present state with a later as-of date: somebody looked, and nothing had changed. Such negative
knowledge counts, so every state can be checked, as often as somebody looks. A check repeats the state's texts
(`record_check` in `actions/followup.py` copies them), needs no new source, keeps the confidence, and needs no second
confirmation. Without an earlier entry there is nothing to repeat.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from recommendations.lifecycle.states import ENDS, OPEN, Confidence, ImplementationState, ResponseKind

S, R = ImplementationState, ResponseKind
T = TypeVar("T", bound=TextChoices)

WELL = (S.IMPLEMENTED, S.IMPLEMENTED_OTHERWISE)
"""The end states that say it was done; only a step back leads out of them."""

CEASED = tuple(state for state in ENDS if state not in WELL)
"""The other end states: follow-up has ceased. A reviewer may reopen them with a reason."""

REOPENED = (S.NOT_STARTED, S.IN_PROGRESS)
"""The states with which a ceased follow-up is reopened."""

FROM: Mapping[ImplementationState, frozenset[ImplementationState]] = {
    S.NOT_ASSESSED: frozenset(),  # the start: nobody has checked
    S.NOT_STARTED: frozenset({S.NOT_ASSESSED, *CEASED}),
    S.IN_PROGRESS: frozenset({S.NOT_ASSESSED, S.NOT_STARTED, S.STALLED, S.PARTLY_IMPLEMENTED, S.REVERSED, *CEASED}),
    S.STALLED: frozenset({S.IN_PROGRESS, S.PARTLY_IMPLEMENTED}),
    S.PARTLY_IMPLEMENTED: frozenset({S.IN_PROGRESS, S.STALLED}),
    S.IMPLEMENTED: frozenset({S.IN_PROGRESS, S.PARTLY_IMPLEMENTED}),
    S.IMPLEMENTED_OTHERWISE: frozenset({S.IN_PROGRESS, S.PARTLY_IMPLEMENTED}),
    S.NOT_IMPLEMENTED: frozenset(OPEN),
    S.SUPERSEDED: frozenset(OPEN),
    S.NO_LONGER_APPLICABLE: frozenset(OPEN),
    S.WITHDRAWN: frozenset(OPEN),
    S.REVERSED: frozenset(WELL),
}
"""For each state, those that lead to it. A repeat is a check, and always allowed except at the start."""

ANSWERS = (R.ACCEPTED, R.PARTLY_ACCEPTED, R.NOTED, R.REJECTED)

RESPONSE_FROM: Mapping[ResponseKind, frozenset[ResponseKind]] = {
    R.NOT_SENT: frozenset(),
    R.AWAITING: frozenset({R.NOT_SENT, *ANSWERS}),  # asked, and perhaps asked again after an answer
    **{answer: frozenset({R.AWAITING, *ANSWERS}) - {answer} for answer in ANSWERS},
}
"""not_sent → awaiting → an answer; an answer may change, and may be requested again."""


class Need(StrEnum):
    """What a state needs before it is recorded, besides its as-of date."""

    SOURCE = "source"
    DATED_SOURCE = "dated_source"
    PRIMARY_OR_INDEPENDENT_SOURCE = "primary_or_independent_source"
    REASON = "reason"
    LAST_MOVEMENT = "last_movement_date"
    WHAT_REMAINS = "what_remains"
    HOW_INTENT_IS_MET = "how_intent_is_met"
    SUCCESSOR = "successor"
    REVIEWER = "reviewer"


STATE_TEXTS: Mapping[ImplementationState, frozenset[Need]] = {
    S.STALLED: frozenset({Need.REASON, Need.LAST_MOVEMENT}),
    S.PARTLY_IMPLEMENTED: frozenset({Need.WHAT_REMAINS}),
    S.IMPLEMENTED_OTHERWISE: frozenset({Need.HOW_INTENT_IS_MET}),
    S.NOT_IMPLEMENTED: frozenset({Need.REASON}),
    S.SUPERSEDED: frozenset({Need.SUCCESSOR}),
    S.NO_LONGER_APPLICABLE: frozenset({Need.REASON}),
    S.WITHDRAWN: frozenset({Need.REASON}),
}
"""The columns that every entry in a state needs, a check too; enforced by constraints of StatusEntry."""

SOURCES: Mapping[ImplementationState, Need] = {
    S.IN_PROGRESS: Need.DATED_SOURCE,
    S.PARTLY_IMPLEMENTED: Need.SOURCE,
    S.IMPLEMENTED: Need.PRIMARY_OR_INDEPENDENT_SOURCE,
    S.IMPLEMENTED_OTHERWISE: Need.PRIMARY_OR_INDEPENDENT_SOURCE,
    S.REVERSED: Need.SOURCE,
}
"""The evidence that a new state needs. A check needs none: to look and find nothing counts too.

Only a source that supports the entry counts as evidence.
"""

CONFIDENT: Mapping[Confidence, Need] = {
    Confidence.DOCUMENTED: Need.SOURCE,
    Confidence.VERIFIED: Need.PRIMARY_OR_INDEPENDENT_SOURCE,
}
"""The evidence that a new confidence needs; a check may keep the present confidence."""

EXPLAINED: Mapping[Need, Any] = {
    Need.SOURCE: _("Cite a source that supports it."),
    Need.DATED_SOURCE: _("Cite a source that supports it and has a date."),
    Need.PRIMARY_OR_INDEPENDENT_SOURCE: _(
        "Cite a primary or an independent source that supports it; the addressee's own account is not enough."
    ),
    Need.REASON: _("Say why."),
    Need.LAST_MOVEMENT: _("Say when something last moved."),
    Need.WHAT_REMAINS: _("Say what remains to be done."),
    Need.HOW_INTENT_IS_MET: _("Say how the intent is met."),
    Need.SUCCESSOR: _("Name the recommendation that takes its place."),
    Need.REVIEWER: _("Follow-up had ceased: only a reviewer takes it up again."),
}


def is_check(before: str, after: str) -> bool:
    """Whether an entry `after` would repeat `before`."""
    return before == after != S.NOT_ASSESSED


def is_reopening(before: str, after: str) -> bool:
    """Whether this reopens what had ceased."""
    return before in CEASED and after in REOPENED


def may_follow(before: str, after: str) -> bool:
    """Whether an addressee in the state `before` may next be recorded in `after`."""
    return is_check(before, after) or before in FROM[S(after)]


def next_states(before: str) -> list[ImplementationState]:
    """The states that may be recorded after `before`, a check included, in the order of the states."""
    return [state for state in S if may_follow(before, state)]


def needs(before: str, after: str) -> frozenset[Need]:
    """What the step from `before` to `after` needs; only meaningful if `may_follow` allows it."""
    wanted = set(STATE_TEXTS.get(S(after), frozenset()))
    if not is_check(before, after) and after in SOURCES:
        wanted.add(SOURCES[S(after)])
    if is_reopening(before, after):
        wanted |= {Need.REASON, Need.REVIEWER}
    return frozenset(wanted)


def confidence_needs(before: str | None, after: str) -> frozenset[Need]:
    """What the confidence `after` needs; `before` is that of the entry that a check repeats."""
    order = Confidence.values
    if after not in CONFIDENT or (before is not None and order.index(after) <= order.index(before)):
        return frozenset()
    return frozenset({CONFIDENT[Confidence(after)]})


def response_may_follow(before: str, after: str) -> bool:
    """Whether an addressee with the response `before` may next be recorded with `after`.

    A second request, or the same answer again, is recorded as often as it happens.
    """
    return before == after != R.NOT_SENT or before in RESPONSE_FROM[R(after)]


def next_responses(before: str) -> list[ResponseKind]:
    """The responses that may be recorded after `before`, in the order of the responses."""
    return [kind for kind in R if response_may_follow(before, kind)]


def pairs(choices: type[T], may: Mapping[T, Iterable[T]], start: T) -> list[tuple[str, str]]:
    """Every allowed step as (before, after), for SQL."""
    steps = {(before.value, after.value) for after, befores in may.items() for before in befores}
    steps |= {(state.value, state.value) for state in choices if state != start}
    return sorted(steps)


STEPS = pairs(S, FROM, S.NOT_ASSESSED)
RESPONSE_STEPS = pairs(R, RESPONSE_FROM, R.NOT_SENT)
