"""What happened in a partnership, in the order in which it happened, as far as that is known."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing on the timeline: an occurrence somebody claims, an act on an instrument, or an event.

    `date` is a partial date (EDTF), empty if unknown; `earliest` is the first day that it can mean.
    """

    kind: str
    thing: Any
    date: str
    earliest: dt.date | None
    latest: dt.date | None
    is_to_come: bool = False


def timeline(claims: Iterable[Any], instruments: Iterable[Any], events: Iterable[Any], *, on: dt.date) -> list[Moment]:
    """Dated moments first to last, then those of unknown date.

    `claims` are occurrences; of `instruments` the actions in `known_actions`; `on` tells what is still
    to come.
    """
    moments = [
        Moment("claim", claim, claim.valid, claim.valid_earliest, claim.valid_latest)
        for claim in claims
        if claim.valid and claim.kind == claim.Kind.OCCURRENCE
    ]
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
    return sorted(
        moments, key=lambda moment: (moment.earliest is None, moment.earliest or moment.latest or dt.date.max)
    )
