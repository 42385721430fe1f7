"""What became of each recommendation of the illustration, for each addressee, in the order of recording.

A line reads `day what [known day] [instead day] [by nature] [: words]`. The first day is the as-of date; `known` is the
day on which the desk learned it, if that was later; `instead` names the record that it corrects, by that record's as-of
date; `by` gives the nature of the source. `confirmed` is a second person's confirmation of the last entry.
"""

import datetime as dt
import re
from dataclasses import dataclass

from recommendations.lifecycle.states import ImplementationState, ResponseKind

CONFIRMED = "confirmed"


@dataclass(frozen=True)
class InventedRecord:
    """One record: what the desk recorded on `known`, true as of `day`."""

    what: str
    day: dt.date
    known: dt.date
    instead: dt.date | None = None
    nature: str = ""
    words: str = ""

    @property
    def is_response(self) -> bool:
        return self.what in ResponseKind.values

    @property
    def is_state(self) -> bool:
        return self.what in ImplementationState.values


DAY = r"\d{4}-\d\d-\d\d"
LINE = re.compile(
    rf"(?P<day>{DAY}) (?P<what>\w+)(?: known (?P<known>{DAY}))?(?: instead (?P<instead>{DAY}))?"
    r"(?: by (?P<nature>\w+))?(?: : (?P<words>.+))?"
)


def moments(life: str) -> list[InventedRecord]:
    """The moments in the lines below. Raises ValueError for a line that cannot be read."""
    return [_moment(line.strip()) for line in life.strip().splitlines()]


def _moment(line: str) -> InventedRecord:
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"This is no moment of a life: {line}")
    day = dt.date.fromisoformat(found["day"])
    moment = InventedRecord(
        what=found["what"],
        day=day,
        known=dt.date.fromisoformat(found["known"]) if found["known"] else day,
        instead=dt.date.fromisoformat(found["instead"]) if found["instead"] else None,
        nature=found["nature"] or "",
        words=found["words"] or "",
    )
    if not (moment.is_response or moment.is_state or moment.what == CONFIRMED):
        raise ValueError(f"This is neither a response nor a state: {line}")
    return moment


LIVES: dict[tuple[str, str], str] = {
    ("dialogue", "institute"): """
        2022-04-04 awaiting
        2022-05-09 accepted
        2022-06-01 not_started
        2022-10-12 in_progress
        2023-03-14 implemented : The second edition was held.
        2023-03-20 confirmed
        2024-03-12 implemented : The third edition was held.
    """,
    ("calendar", "council"): """
        2022-04-04 awaiting
        2022-05-20 accepted
        2022-06-10 not_started
        2022-11-02 in_progress
        2023-01-16 implemented known 2023-04-18 : The page had been there for three months before the desk saw it.
        2023-04-25 confirmed
    """,
    ("hotline", "ports"): """
        2022-04-04 awaiting
        2022-06-13 partly_accepted : The line itself, but not the calls at night.
        2022-09-05 in_progress
        2023-02-06 partly_implemented : Nobody answers at night.
        2024-01-22 implemented
        2024-02-05 confirmed
    """,
    ("hotline", "guard"): """
        2022-04-04 awaiting
        2022-05-30 accepted
        2022-09-05 in_progress
        2023-02-06 implemented
        2023-02-20 confirmed
    """,
    ("drills", "guard"): """
        2022-04-04 awaiting
        2022-05-11 accepted
        2022-07-04 not_started
        2022-10-03 in_progress
        2023-01-30 implemented
        2023-02-13 confirmed
        2024-02-01 reversed : No drill was planned for a second year.
    """,
    ("drills", "ports"): """
        2022-04-04 awaiting
        2022-08-22 noted : The ministry takes note and will see.
        2022-10-03 in_progress
        2023-01-30 implemented
        2023-02-13 confirmed
    """,
    ("relief", "council"): """
        2022-04-04 awaiting
        2022-07-18 noted : The council takes note of the proposal.
        2022-09-19 not_started
        2023-03-20 superseded : stores
    """,
    ("relief", "relief"): """
        2022-04-04 awaiting
        2022-04-25 accepted
        2022-09-19 in_progress by own_account
        2023-03-20 superseded : stores
    """,
    ("charts", "ports"): """
        2022-04-04 awaiting
        2022-10-24 in_progress
        2023-03-20 superseded : waters
    """,
    ("weather", "guard"): """
        2022-04-04 awaiting
        2022-05-16 accepted
        2022-08-15 in_progress
        2023-01-09 stalled : The meteorologists wait for a permission.
        2023-03-20 superseded : waters
    """,
    ("licences", "ports"): """
        2022-04-04 awaiting
        2022-09-12 awaiting : Asked again.
        2022-10-10 not_started
        2022-10-10 in_progress known 2023-05-15 instead 2022-10-10 : A draft decree had been written by then.
        2023-09-04 stalled : The draft lies with the lawyers.
    """,
    ("customs", "aldera"): """
        2022-04-04 awaiting
        2022-06-27 partly_accepted : For medicine, not yet for food.
        2022-09-26 in_progress
        2022-12-12 implemented by primary
        2023-02-13 partly_implemented known 2023-05-22 instead 2022-12-12 : Only medicine; food still waits for days.
        2023-11-13 implemented known 2023-12-04
        2023-12-18 confirmed
    """,
    ("students", "institute"): """
        2022-04-04 awaiting
        2022-04-19 accepted
        2022-09-01 in_progress
        2023-02-27 stalled : The rooms were let to others.
    """,
    ("mediators", "council"): """
        2022-04-04 awaiting
        2022-06-06 rejected : Disputes belong before the courts.
        2022-09-12 not_started
        2023-05-08 not_implemented : The council decided against a list.
        2024-04-22 in_progress : The new secretariat took it up again.
    """,
    ("archive", "institute"): """
        2022-04-04 awaiting
        2022-04-26 accepted
        2022-06-20 in_progress
        2022-12-05 partly_implemented : The minutes of two sessions are missing.
        2023-03-20 superseded : library
    """,
    ("fisheries", "aldera"): """
        2022-04-04 awaiting
        2022-09-12 awaiting : Asked again.
    """,
    ("fisheries", "besmar"): """
        2022-04-04 awaiting
        2022-06-20 rejected
        2022-10-17 not_started
    """,
    ("ferry", "besmar"): """
        2022-04-04 awaiting
        2022-05-23 noted : The kingdom has heard the proposal.
        2022-11-14 not_started
        2023-03-20 superseded : ferry-summer
    """,
    ("radio", "guard"): """
        2022-04-04 awaiting
        2022-04-28 accepted
        2022-05-30 in_progress
        2022-07-25 implemented
        2022-08-08 confirmed
        2022-07-25 partly_implemented known 2023-10-02 instead 2022-07-25 : Only one of the two plans reserves the channel.
        2024-03-04 implemented
    """,
    ("envoy", "besmar"): """
        2022-04-04 awaiting
        2022-06-08 rejected : The embassy does this already.
        2022-10-17 in_progress by independent
        2023-02-06 implemented_otherwise known 2023-06-12 : The embassy's counsellor has the task.
        2023-06-26 confirmed
    """,
    ("stores", "relief"): """
        2023-04-03 awaiting
        2023-04-21 accepted
        2023-06-05 in_progress by own_account
        2023-09-18 partly_implemented by own_account : The second store is empty.
        2023-11-20 implemented known 2024-04-08
        2024-04-22 confirmed
        2025-01-13 reversed : A flood emptied one of them, and it was not filled again.
    """,
    ("keys", "council"): """
        2023-04-03 awaiting
        2023-06-12 accepted
        2023-09-04 in_progress
        2023-12-11 stalled : Two offices claim the same store.
        2024-06-17 in_progress
        2024-10-07 implemented
        2024-10-21 confirmed
    """,
    ("waters", "ports"): """
        2023-04-03 awaiting
        2023-05-15 accepted
        2023-09-11 in_progress
        2024-02-19 partly_implemented : The warnings come late.
        2024-06-24 implemented
        2024-07-08 confirmed
    """,
    ("waters", "guard"): """
        2023-04-03 awaiting
        2023-05-29 partly_accepted : The warnings, not the charts.
        2023-10-16 in_progress
        2024-06-24 implemented
        2024-07-08 confirmed
    """,
    ("licences-again", "ports"): """
        2023-04-03 awaiting
        2023-07-24 noted : The ministry takes note.
        2023-10-09 not_started
    """,
    ("customs-firm", "aldera"): """
        2023-04-03 awaiting
        2023-05-08 accepted
        2023-08-14 in_progress
        2024-02-12 implemented
        2024-02-26 confirmed
    """,
    ("customs-firm", "besmar"): """
        2023-04-03 awaiting
        2023-06-26 accepted
        2023-10-23 in_progress
        2024-04-15 stalled : The scanners are out of order.
        2024-11-18 in_progress
    """,
    ("ferry-summer", "besmar"): """
        2023-04-03 awaiting
        2023-05-22 accepted
        2023-11-06 in_progress
        2024-09-02 implemented known 2024-10-14 by independent
        2024-10-28 confirmed
    """,
    ("students-again", "institute"): """
        2023-04-03 awaiting
        2023-04-17 accepted
        2023-06-19 in_progress
        2023-09-25 partly_implemented : Six came, not ten.
        2024-09-23 implemented
        2024-10-07 confirmed
    """,
    ("fisheries-again", "aldera"): """
        2023-04-03 awaiting
        2023-06-05 rejected : The season is a matter of each state.
        2023-06-19 partly_accepted known 2024-04-15 : To compare the dates, not to set them together.
        2023-10-02 not_started
        2024-02-19 in_progress known 2024-04-15
    """,
    ("fisheries-again", "besmar"): """
        2023-04-03 awaiting
        2023-10-02 not_started
    """,
    ("library", "institute"): """
        2023-04-03 awaiting
        2023-04-20 accepted
        2023-05-22 in_progress
        2023-10-30 implemented
        2023-11-13 confirmed
    """,
    ("pilots", "ports"): """
        2023-04-03 awaiting
        2023-06-19 accepted
        2023-11-27 in_progress by independent
        2024-01-15 not_assessed known 2024-02-05 instead 2023-11-27 : It was another school: taken back.
        2024-03-20 superseded : pilots-class
    """,
    ("cables", "aldera"): """
        2023-04-03 awaiting
        2023-05-31 accepted
        2023-08-28 in_progress
        2024-01-08 implemented
        2024-01-22 confirmed
        2024-11-04 reversed : The form has not been used for half a year.
        2025-01-20 in_progress
    """,
    ("cables", "besmar"): """
        2023-04-03 awaiting
        2023-06-14 accepted
        2023-08-28 in_progress
        2024-01-08 implemented_otherwise : By telephone, through the line between the rescue centres.
        2024-01-22 confirmed
    """,
    ("oil", "guard"): """
        2023-04-03 awaiting
        2023-05-10 accepted
        2023-09-25 in_progress
        2024-01-29 stalled : The booms were not delivered.
        2024-03-20 superseded : response
    """,
    ("divers", "guard"): """
        2023-04-03 awaiting
        2023-05-10 accepted
        2023-10-09 in_progress
        2024-02-05 partly_implemented : The list was not used in a drill yet.
        2024-03-20 superseded : response
    """,
    ("insurance", "council"): """
        2023-04-03 awaiting
        2023-06-21 rejected : Insurance is for the members.
        2023-11-20 not_implemented : Both fleets insured themselves, each alone.
    """,
    ("translation", "council"): """
        2023-04-03 awaiting
        2023-05-24 accepted
        2023-09-18 in_progress
        2024-01-15 implemented by primary
        2024-01-29 confirmed
        2024-01-15 partly_implemented known 2024-06-10 instead 2024-01-15 : The rules for the second port were missing.
        2024-09-09 implemented
        2024-09-23 confirmed
    """,
    ("licences-third", "ports"): """
        2024-04-01 awaiting
        2024-09-16 awaiting : Asked again, by a firmer letter.
        2024-12-09 accepted
        2025-01-27 in_progress
    """,
    ("fisheries-panel", "aldera"): """
        2024-04-01 awaiting
        2024-05-27 accepted
        2024-09-30 in_progress
        2025-02-10 implemented
        2025-02-24 confirmed
    """,
    ("fisheries-panel", "besmar"): """
        2024-04-01 awaiting
        2024-07-15 noted : The kingdom will follow the work of the panel.
        2024-09-30 not_started
        2024-11-11 in_progress known 2025-02-03
    """,
    ("drills-again", "guard"): """
        2024-04-01 awaiting
        2024-04-29 accepted
        2024-06-10 in_progress
        2024-10-14 implemented
    """,
    ("drills-again", "ports"): """
        2024-04-01 awaiting
        2024-08-12 noted : The ministry takes note.
        2024-10-14 not_started
    """,
    ("response", "guard"): """
        2024-04-01 awaiting
        2024-05-06 accepted
        2024-09-09 in_progress
        2025-01-20 partly_implemented : The drill is still to come.
    """,
    ("pilots-class", "ports"): """
        2024-04-01 awaiting
        2024-09-23 not_started
    """,
    ("beacons", "ports"): """
        2024-04-01 awaiting
        2024-05-13 accepted
        2024-06-24 in_progress
        2024-09-16 implemented by independent
        2024-09-16 partly_implemented known 2025-02-17 instead 2024-09-16 : Two of the nine beacons are dark.
    """,
    ("visas", "aldera"): """
        2024-04-01 awaiting
        2024-06-03 rejected
        2024-09-30 not_started
        2024-12-16 no_longer_applicable : A treaty lets all crews of the coast in without a visa.
    """,
    ("courts", "besmar"): """
        2024-04-01 awaiting
        2024-07-22 rejected : The constitution does not allow it.
        2024-10-14 withdrawn : The dialogue took it back when it had read the answer.
    """,
    ("seabed", "institute"): """
        2024-04-01 awaiting
        2024-04-15 accepted
        2024-06-17 in_progress by own_account
    """,
    ("budget", "council"): """
        2024-04-01 awaiting
        2024-05-20 accepted
        2024-05-20 partly_accepted known 2024-06-24 instead 2024-05-20 : A line for one year, on trial.
        2024-10-21 in_progress
        2024-12-23 partly_implemented : The line ends with the year.
    """,
    ("youth", "relief"): """
        2024-04-01 awaiting
        2024-04-18 accepted
        2024-07-01 in_progress by own_account
        2024-10-14 implemented by independent
        2024-10-28 confirmed
    """,
    ("ledger", "council"): """
        2024-04-01 awaiting
    """,
}
"""The histories written above; for `translators` nothing was sent and nothing assessed yet."""
