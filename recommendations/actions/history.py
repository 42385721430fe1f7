"""The records of an addressee on one of its two axes, in order, and where a new record belongs among them.

They are ordered by as-of date, then by recorded-at. A new one is appended at the end; a correction takes the place of
its own date, and a record that then comes after another one than before is checked too. The database checks the same
(`lifecycle/triggers.py`).
"""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from publishing.languages import listed
from publishing.refusals import Refused
from recommendations.lifecycle import rules as lifecycle
from recommendations.lifecycle.states import ImplementationState, ResponseKind
from recommendations.models import Addressee, Response, StatusEntry


class ForbiddenTransition(Refused):
    """The record before it does not allow this one."""


class OutOfOrder(Refused):
    """The as-of date is before a later record, or before the recommendation itself."""


class StaleRecord(Refused):
    """Somebody else has recorded something meanwhile."""

    def __init__(self, record: Response | StatusEntry) -> None:
        self.record = record
        super().__init__(
            _(
                "Meanwhile %(person)s recorded “%(what)s” here. Look at it, and save again if yours still holds: "
                "nothing of what you typed is lost."
            ),
            code="moved",
            params={"person": record.by.get_username(), "what": record},
        )


NOTHING_SEEN = 0
"""The value of `seen` if the form showed no record."""


class Step(NamedTuple):
    """A record (an entry or a response) and the one before it; None at the start.

    `was` is the record before it until now, if it existed already.
    """

    before: Any
    record: Any
    was: Any = None


@dataclass(frozen=True)
class History:
    """The responses or the status entries of an addressee: the records, their states, and which may follow which."""

    model: type[Any]
    field: str
    start: Any
    may_follow: Callable[[str, str], bool]
    possible: Callable[[str], Sequence[Any]]

    @property
    def states(self) -> Any:
        return type(self.start)

    def of(self, addressee: Addressee) -> Any:
        """The effective records of `addressee`, with who recorded them."""
        return self.model.objects.filter(addressee=addressee).effective().select_related("by")

    def last(self, addressee: Addressee) -> Any:
        return self.of(addressee).latest_first().first()

    def moment(self, addressee: Addressee, at: dt.datetime) -> dt.datetime:
        """`at`, or the moment of the latest record if that is later: whoever waited for the lock comes after it."""
        latest = self.model.objects.filter(addressee=addressee).aggregate(at=Max("recorded_at"))["at"]
        return at if latest is None else max(at, latest)

    def reached(self, record: Any) -> Any:
        """The state after `record`; the start for None."""
        return self.start if record is None else self.states(getattr(record, self.field))

    def steps(self, record: Any, *, seen: int | None) -> list[Step]:
        """The steps that exist once the unsaved `record` is appended, and did not exist before.

        The step to it, and for a correction also the first step from it and the one that closes the gap of the
        corrected record. Raises StaleRecord if another record than `seen` is the last (None skips this check),
        OutOfOrder, or ForbiddenTransition.
        """
        standing = list(self.of(record.addressee).order_by("as_of", "recorded_at", "pk"))
        if seen is not None and standing and standing[-1].pk != seen:
            raise StaleRecord(standing[-1])
        self._require_made(record)
        if record.corrects_id is None:
            last = standing[-1] if standing else None
            self._require_order(record, last)
            steps = [Step(last, record)]
        else:
            self._require_correction(record)
            kept = [one for one in standing if one.pk != record.corrects_id]
            was = {step.record.pk: step.before for step in _steps(standing)}
            now = _steps(sorted([*kept, record], key=_place))
            steps = [
                step._replace(was=was.get(step.record.pk))
                for step in now
                if step.record is record or step.before is not was[step.record.pk]
            ]
        self._require_possible(record, steps)
        return steps

    def _require_made(self, record: Any) -> None:
        made_on = record.addressee.recommendation.event.start_date
        if made_on is not None and record.as_of < made_on:
            message = _("The event at which this was recommended was on %(day)s: give that day or a later one.")
            raise OutOfOrder({"as_of": message % {"day": date_format(made_on, "DATE_FORMAT")}})

    def _require_order(self, record: Any, last: Any) -> None:
        if last is not None and record.as_of < last.as_of:
            message = _(
                "“%(what)s” is recorded already. Give that day or a later one, or correct that entry if it is wrong."
            )
            raise OutOfOrder({"as_of": message % {"what": last}})

    def _require_correction(self, record: Any) -> None:
        if record.corrects.addressee_id != record.addressee_id:
            raise Refused({"corrects": _("A correction names an earlier record about the same thing.")})
        instead = self.model.objects.filter(corrects=record.corrects).select_related("by").first()
        if instead is not None:
            raise StaleRecord(instead)

    def _require_possible(self, record: Any, steps: Iterable[Step]) -> None:
        """Raises ForbiddenTransition for the first impossible step; values that are no states are reported elsewhere."""
        if getattr(record, self.field) not in self.states.values:
            return
        for step in steps:
            before, after = self.reached(step.before), self.reached(step.record)
            # A correction may remove the first record: then it is as if nobody had checked, or asked.
            is_taken_back = record.corrects_id is not None and before == after == self.start
            if is_taken_back or self.may_follow(before, after):
                continue
            if step.record is record:
                message = _("After “%(before)s” this cannot come. What can: %(possible)s.")
                possible = listed(f"“{state.label}”" for state in self.possible(before))
                raise ForbiddenTransition({self.field: message % {"before": before.label, "possible": possible}})
            message = _("“%(what)s” would then come after “%(before)s”, which cannot be. Correct that one first.")
            raise ForbiddenTransition({self.field: message % {"what": step.record, "before": before.label}})


def _place(record: Any) -> tuple[dt.date, dt.datetime, float]:
    return record.as_of, record.recorded_at, math.inf if record.pk is None else record.pk


def _steps(chain: Sequence[Any]) -> list[Step]:
    return [Step(before, record) for before, record in zip([None, *chain], chain, strict=False)]


RESPONSE_HISTORY = History(
    Response, "kind", ResponseKind.NOT_SENT, lifecycle.response_may_follow, lifecycle.next_responses
)
STATE_HISTORY = History(
    StatusEntry, "state", ImplementationState.NOT_ASSESSED, lifecycle.may_follow, lifecycle.next_states
)
