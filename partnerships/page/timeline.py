"""The events of a partnership in chronological order, as far as their dates are known."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MAX_MOMENTS = 40
"""How many dated moments a page shows: the latest."""

UNDATED = 12
"""How many undated moments it shows."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the timeline: an occurrence that a claim asserts, an act on an instrument, an event, or a review.

    `date` is a partial date (EDTF), empty if unknown; `earliest` and `latest` are the first and the last day that it
    can mean, None on an open side.
    """

    kind: str
    thing: Any
    date: str
    earliest: dt.date | None
    latest: dt.date | None
    is_to_come: bool = False

    @property
    def is_dated(self) -> bool:
        return self.earliest is not None or self.latest is not None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The moments of a page: `dated` from the first to the last, the undated ones separately."""

    dated: list[Moment]
    undated: list[Moment]
    left_out: int
    """How many of the given moments came before those in `dated`."""

    def __bool__(self) -> bool:
        return bool(self.dated or self.undated)


def timeline(
    claims: Iterable[Any],
    instruments: Iterable[Any],
    events: Iterable[Any],
    changes: Iterable[Any] = (),
    *,
    on: dt.date,
) -> Timeline:
    """Builds the timeline.

    `claims` are dated occurrences; of `instruments` the actions in `known_actions` are used; `changes` are the reviews
    that changed the status of a claim; moments after the day `on` are in the future.
    """
    moments = [Moment("claim", claim, claim.valid, claim.valid_earliest, claim.valid_latest) for claim in claims]
    moments += [
        Moment("action", action, action.date, action.date_earliest, action.date_latest)
        for instrument in instruments
        for action in instrument.known_actions
    ]
    moments += [
        Moment(
            "event",
            event,
            event.start_date.isoformat() if event.start_date else "",
            event.start_date,
            event.end_date or event.start_date,
            is_to_come=event.start_date is not None and event.start_date > on,
        )
        for event in events
    ]
    moments += [Moment("review", review, review.as_of.isoformat(), review.as_of, review.as_of) for review in changes]
    dated = sorted(
        (moment for moment in moments if moment.is_dated),
        key=lambda moment: moment.earliest or moment.latest or dt.date.max,
    )
    undated = [moment for moment in moments if not moment.is_dated]
    return Timeline(dated[-MAX_MOMENTS:], undated[:UNDATED], left_out=max(len(dated) - MAX_MOMENTS, 0))
