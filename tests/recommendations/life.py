"""The lifecycle of a recommendation by the domain description, written by hand in plain Python.

Nothing here is taken from the code under test: the tables are those of the domain description, and `Life` computes what
was known on a day from a list of records.
"""

import dataclasses
import datetime as dt

OPEN = {"not_assessed", "not_started", "in_progress", "stalled", "partly_implemented", "reversed"}
WELL = {"implemented", "implemented_otherwise"}
CEASED = {"not_implemented", "superseded", "no_longer_applicable", "withdrawn"}
STATES = sorted(OPEN | WELL | CEASED)

COMES_FROM = {
    "not_assessed": set(),
    "not_started": {"not_assessed", "not_implemented", "superseded", "no_longer_applicable", "withdrawn"},
    "in_progress": {
        *("not_assessed", "not_started", "stalled", "partly_implemented", "reversed"),
        *("not_implemented", "superseded", "no_longer_applicable", "withdrawn"),
    },
    "stalled": {"in_progress", "partly_implemented"},
    "partly_implemented": {"in_progress", "stalled"},
    "implemented": {"in_progress", "partly_implemented"},
    "implemented_otherwise": {"in_progress", "partly_implemented"},
    "not_implemented": {"not_assessed", "not_started", "in_progress", "stalled", "partly_implemented", "reversed"},
    "superseded": {"not_assessed", "not_started", "in_progress", "stalled", "partly_implemented", "reversed"},
    "no_longer_applicable": {"not_assessed", "not_started", "in_progress", "stalled", "partly_implemented", "reversed"},
    "withdrawn": {"not_assessed", "not_started", "in_progress", "stalled", "partly_implemented", "reversed"},
    "reversed": {"implemented", "implemented_otherwise"},
}
"""The states that lead to each; those in which follow-up ceased lead back to the first two."""

ANSWER_COMES_FROM = {
    "not_sent": set(),
    "awaiting": {"not_sent", "accepted", "partly_accepted", "noted", "rejected"},
    "accepted": {"awaiting", "partly_accepted", "noted", "rejected"},
    "partly_accepted": {"awaiting", "accepted", "noted", "rejected"},
    "noted": {"awaiting", "accepted", "partly_accepted", "rejected"},
    "rejected": {"awaiting", "accepted", "partly_accepted", "noted"},
}
RESPONSES = sorted(ANSWER_COMES_FROM)

NEED_A_SOURCE = {"in_progress", "partly_implemented", "implemented", "implemented_otherwise", "reversed"}
"""A check needs none."""

START = {"state": "not_assessed", "kind": "not_sent"}
TABLES = {"state": COMES_FROM, "kind": ANSWER_COMES_FROM}


def may_follow(axis: str, before: str, after: str) -> bool:
    """By the tables; what repeats the state before it is a check, but at the start there is nothing to check."""
    return before in TABLES[axis][after] or (before == after != START[axis])


def next_ones(axis: str, before: str) -> list[str]:
    return [after for after in sorted(TABLES[axis]) if may_follow(axis, before, after)]


@dataclasses.dataclass(eq=False)
class Record:
    """A status entry or a response; `number` counts all that are ever recorded."""

    state: str
    as_of: dt.date
    recorded_on: dt.date
    corrects: "Record | None" = None
    is_cited: bool = False
    number: int = 0


@dataclasses.dataclass
class Life:
    """The records of one addressee on one axis, as they were recorded."""

    axis: str
    records: list[Record] = dataclasses.field(default_factory=list)

    def chain(self, day: dt.date = dt.date.max) -> list[Record]:
        """What was known on `day` and not corrected by then, in the order of its as-of dates."""
        known = [record for record in self.records if record.recorded_on <= day]
        corrected = [record.corrects for record in known]
        return in_order([record for record in known if record not in corrected])

    def last(self, day: dt.date = dt.date.max) -> Record | None:
        return next(reversed(self.chain(day)), None)

    def state(self, day: dt.date = dt.date.max) -> str:
        last = self.last(day)
        return START[self.axis] if last is None else last.state

    def run(self, day: dt.date = dt.date.max) -> list[Record]:
        """The unbroken row of the last records that say the same."""
        chain = self.chain(day)
        return [record for n, record in enumerate(chain) if {one.state for one in chain[n:]} == {chain[-1].state}]

    def takes(self, record: Record) -> bool:
        """Whether `record` may be recorded next."""
        chain = self.chain()
        if record.corrects is None:
            if chain and record.as_of < chain[-1].as_of:
                return False
            if record.state == START[self.axis]:
                return False
            return self.could_be([*chain, record])
        return record.corrects in chain and self.could_be(
            in_order([*(one for one in chain if one is not record.corrects), record])
        )

    def could_be(self, chain: list[Record]) -> bool:
        before = START[self.axis]
        for record in chain:
            is_taken_back = before == record.state == START[self.axis]
            if not is_taken_back and not may_follow(self.axis, before, record.state):
                return False
            if record.state != before and record.state in NEED_A_SOURCE and not record.is_cited:
                return False
            before = record.state
        return True

    def add(self, record: Record) -> None:
        self.records.append(record)


def in_order(records: list[Record]) -> list[Record]:
    return sorted(records, key=lambda record: (record.as_of, record.number))


def plain_rollup(states: list[str]) -> str:
    """The rule of recommendations.querysets.rollup, in plain Python."""
    found = set(states)
    if not found:
        return "not_assessed"
    if len(found) == 1:
        return found.pop()
    if found <= WELL | CEASED:
        if found <= WELL:
            return "implemented_otherwise"
        if found & WELL:
            return "partly_implemented"
        if found <= {"superseded", "no_longer_applicable", "withdrawn"}:
            return "no_longer_applicable"
        return "not_implemented"
    for signs, result in [
        (WELL | {"partly_implemented"}, "partly_implemented"),
        ({"in_progress"}, "in_progress"),
        ({"reversed"}, "reversed"),
        ({"stalled"}, "stalled"),
    ]:
        if found & signs:
            return result
    return "not_started"  # not the same state, so one of them was looked at


def months_before(day: dt.date, months: int) -> dt.date:
    """The day `months` calendar months before `day`, or the last of that month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_of_next = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return dt.date(year, month + 1, min(day.day, (first_of_next - dt.timedelta(days=1)).day))
