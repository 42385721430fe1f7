"""The content of a briefing pack as data; the two writers read nothing else.

Labels and sentences are in the language of the pack. What somebody wrote is a `Text`, which has its language: the
writers mark it if it is not the pack's.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from publishing.languages import Text

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text that somebody wrote, with a label: "Reason", "What remains"."""

    label: str
    text: Text


@dataclass(frozen=True, slots=True)
class Question:
    """A question for an addressee, and the text that it is about, if any."""

    words: str
    quoted: Text = NOTHING


@dataclass(frozen=True, slots=True)
class PackRecommendation:
    """A recommendation as every part of the pack names it. `address` is its page; empty if it has none yet.

    `editions_running` is the number of consecutive editions of its series that asked for it.
    """

    reference: str
    title: Text
    text: Text
    address: str
    strength: str
    event: Text
    event_days: str
    event_date: dt.date | None
    series: Text
    edition: int | None
    target_date: dt.date | None
    is_draft: bool
    editions_running: int = 0


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What is open between a recommendation and one addressee: response and implementation separately."""

    asked: PackRecommendation
    role: str
    response: str
    responded_date: dt.date | None
    implementation: str
    confidence: str
    is_confirmed: bool
    checked_date: dt.date | None
    is_overdue: bool
    is_stale: bool
    turn: str
    next_step: str
    said: tuple[LabelledText, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenItems:
    """All open items of one addressee; without an addressee, if `addressee` has no words."""

    addressee: Text
    items: tuple[OpenItem, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Something recorded since the day from which the pack lists changes."""

    recorded_date: dt.date
    as_of: dt.date
    asked: PackRecommendation
    addressee: Text
    axis: str
    value: str
    is_correction: bool
    said: tuple[LabelledText, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One source, described so that a reader can find it, and what it supports."""

    asked: PackRecommendation
    addressee: Text
    axis: str
    value: str
    as_of: dt.date
    stance: str
    title: Text
    publisher: Text
    author: str
    date: str
    locator: str
    quotation: Text
    url: str
    accessed_date: dt.date | None
    has_copy: bool
    nature: str
    """Primary, independent, the addressee's own account; empty if not rated."""

    grade: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole briefing pack in one language."""

    language: str
    about: Text
    """Its subject, if it is one partner, event or series; otherwise without words."""

    made_at: dt.datetime
    known_on: dt.date
    """The day as of which it is true."""

    is_of_the_past: bool
    """Whether somebody asked for an earlier day than today."""

    since: dt.date
    filters: tuple[tuple[str, str], ...]
    prepared_by: str
    with_drafts: bool
    number: int
    states: tuple[tuple[str, int], ...]
    """How many recommendations are in which state: for the one addressee that it is about, or over all of theirs."""

    no_response_days: int
    stale_months: int
    open_items: tuple[OpenItems, ...] = ()
    changes: tuple[Recorded, ...] = ()
    evidence: tuple[Shown, ...] = field(default=())

    def items(self) -> Iterator[tuple[Text, OpenItem]]:
        """Every open item with its addressee."""
        for group in self.open_items:
            for item in group.items:
                yield group.addressee, item
