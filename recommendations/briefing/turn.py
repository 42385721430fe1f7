"""Where one addressee stands with one recommendation: who has to act, and what comes next.

Who has to act is decided as in the roll-up (`recommendations.querysets.rollup`), for one addressee; a test compares the
two.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from recommendations.lifecycle.rules import WELL
from recommendations.lifecycle.states import ENDS, NO_RESPONSE, ImplementationState, ResponseKind, Turn

S, R = ImplementationState, ResponseKind


@dataclass(frozen=True, slots=True)
class Where:
    """What is known of one addressee of one recommendation."""

    state: str
    response: str
    is_confirmed: bool
    is_stale: bool
    is_overdue: bool
    target_date: dt.date | None
    entry: Any = None
    """The effective `StatusEntry`, or None."""

    answer: Any = None
    """The effective `Response`, or None."""

    @property
    def is_open(self) -> bool:
        """Whether something is left to do: an open state, or one that waits for its confirmation."""
        return self.state not in ENDS or (self.state in WELL and not self.is_confirmed)

    @property
    def turn(self) -> Turn:
        """Who has to act next."""
        if self.state in ENDS:
            return Turn.DESK if self.is_open else Turn.NOBODY
        if self.response in (R.NOT_SENT, NO_RESPONSE):
            return Turn.DESK
        if self.response == R.AWAITING:
            return Turn.ADDRESSEE
        return Turn.DESK if self.is_stale else Turn.ADDRESSEE


def day_in_words(date: dt.date) -> str:
    """A day in words, in the active language."""
    return date_format(date, "DATE_FORMAT")


def short_day(date: dt.date) -> str:
    """The same in a short form."""
    return date_format(date, "j M Y")


def next_step(where: Where) -> str:
    """What comes next, in a line that does not say who does it."""
    if where.state in ENDS:
        return gettext("A second person has to confirm what is recorded.") if where.is_open else ""
    if where.response == R.NOT_SENT:
        return gettext("The recommendation has to be sent.")
    if where.response == NO_RESPONSE:
        return gettext("It has to be sent again: no answer since %(date)s.") % {
            "date": day_in_words(where.answer.as_of)
        }
    if where.response == R.AWAITING:
        return gettext("An answer is awaited since %(date)s.") % {"date": day_in_words(where.answer.as_of)}
    if where.is_stale:
        if where.entry is None:
            return gettext("It has to be looked into for the first time.")
        return gettext("It has to be looked into again: the last time was on %(date)s.") % {
            "date": day_in_words(where.entry.as_of)
        }
    match where.state:
        case S.NOT_ASSESSED | S.NOT_STARTED:
            return gettext("A start has to be made.")
        case S.STALLED:
            return gettext("Work on it has to be resumed.")
        case S.PARTLY_IMPLEMENTED:
            return gettext("What remains has to be done.")
        case S.REVERSED:
            return gettext("What was undone has to be restored.")
    return gettext("Work on it has to be completed.")
