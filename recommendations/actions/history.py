"""The records of an addressee on one of its two axes, in their order: where a new one would stand.

They stand in the order of their as-of dates, recorded-at breaking ties. One is appended at the end; a
correction takes the place that its own date gives it, and what comes after another record than before
because of it is judged with it. The database judges the same (`lifecycle/triggers.py`).
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
    """What was recorded before does not lead to this."""


class OutOfOrder(Refused):
    """The as-of date lies before a later record, or before the recommendation itself."""


class StaleRecord(Refused):
    """Somebody else recorded something meanwhile."""

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
"""What `seen` is when the form showed no record at all."""


class Step(NamedTuple):
    """A record (an entry or a response) and the one that it comes after; None at the start.

    `was` is the one that it came after until now, for a record that stood already.
    """

    before: Any
    record: Any
    was: Any = None


@dataclass(frozen=True)
class History:
    """Response or implementation: its records, the states they lead to, and what may follow what."""

    model: type[Any]
    field: str
    start: Any
    may_follow: Callable[[str, str], bool]
    possible: Callable[[str], Sequence[Any]]

    @property
    def states(self) -> Any:
        return type(self.start)

    def of(self, addressee: Addressee) -> Any:
        """The records of `addressee` that stand, with who recorded them."""
        return self.model.objects.filter(addressee=addressee).effective().select_related("by")

    def last(self, addressee: Addressee) -> Any:
        return self.of(addressee).latest_first().first()

    def moment(self, addressee: Addressee, at: dt.datetime) -> dt.datetime:
        """`at`, or the moment of the latest record if that is later: whoever waited their turn came after it."""
        latest = self.model.objects.filter(addressee=addressee).aggregate(at=Max("recorded_at"))["at"]
        return at if latest is None else max(at, latest)

    def reached(self, record: Any) -> Any:
        """The state that an addressee is in with `record`; the start for None."""
        return self.start if record is None else self.states(getattr(record, self.field))

    def steps(self, record: Any, *, seen: int | None) -> list[Step]:
        """The steps that there are once the unsaved `record` is appended, and were not before.

        The one that leads to it, and where it corrects another also the first one from it and the one
        over what it corrects. Raises StaleRecord if another record stands last than the one that was `seen`
        (None takes things as they are), OutOfOrder, or ForbiddenTransition.
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
        """Raises ForbiddenTransition for the first step that cannot be; what is no state is told elsewhere."""
        if getattr(record, self.field) not in self.states.values:
            return
        for step in steps:
            before, after = self.reached(step.before), self.reached(step.record)
            # A correction may take the first record back: then it is as if nobody had looked, or asked.
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


RESPONSES = History(Response, "kind", ResponseKind.NOT_SENT, lifecycle.response_may_follow, lifecycle.next_responses)
STATES = History(StatusEntry, "state", ImplementationState.NOT_ASSESSED, lifecycle.may_follow, lifecycle.next_states)
