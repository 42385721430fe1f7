"""Closing the loop: what fulfilled a recommendation, and the status entry that can be recorded when its first edition
is held.

A roundtable asks for an annual dialogue; our own series is that dialogue. When its first edition is held, the desk is
offered the entry that says so, with the event's page as its source. A person records it and a second one confirms it:
nothing here does so automatically.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from events.models import Event
from partnerships.models import Source
from publishing.acting import Act
from publishing.actions import save_draft, submit_for_review
from publishing.languages import Language
from publishing.permissions import require_desk
from publishing.publication import PublicationState
from publishing.refusals import Refused
from recommendations.actions.followup import current_entry, record_status
from recommendations.lifecycle import rules as lifecycle
from recommendations.lifecycle.states import OPEN, Confidence, ImplementationState
from recommendations.models import Addressee, Evidence, Fulfilment, StatusEntry

S = ImplementationState


class NothingToClose(Refused):
    """The loop is closed once, with an event that was held and fulfils the recommendation."""


@dataclass(frozen=True, slots=True)
class Loop:
    """An addressee whose state is still open, and the event that was held and fulfils the recommendation."""

    addressee: Addressee
    event: Event

    @property
    def ended_on(self) -> dt.date | None:
        """The last day of the event, if it is known."""
        return self.event.end_date or self.event.start_date


def loops(recommendations: Iterable[Any]) -> list[Loop]:
    """The loops that the desk is offered to close, in three queries."""
    realised = Fulfilment.objects.filter(
        Q(event__lifecycle=Event.Lifecycle.HELD)
        | Exists(Event.objects.filter(series=OuterRef("series"), lifecycle=Event.Lifecycle.HELD)),
        recommendation__state__in=[PublicationState.DRAFT, PublicationState.IN_REVIEW, PublicationState.PUBLISHED],
        recommendation__addressees__current_status__state__in=OPEN,
        recommendation__in=recommendations,
    )
    fulfilments = list(realised.select_related("event").order_by("recommendation__reference", "pk").distinct())
    series = {fulfilment.series_id for fulfilment in fulfilments if fulfilment.series_id}
    editions: dict[int | None, Event] = {}
    for event in _held_in(series):
        editions.setdefault(event.series_id, event)
    events: dict[int, Event] = {}
    for fulfilment in fulfilments:
        event = fulfilment.event or editions[fulfilment.series_id]
        events.setdefault(fulfilment.recommendation_id, event)
    addressees = Addressee.objects.filter(recommendation__in=events, current_status__state__in=OPEN)
    ordered = addressees.select_related("recommendation", "actor", "current_status").order_by(
        "recommendation__reference", "pk"
    )
    return [Loop(addressee, events[addressee.recommendation_id]) for addressee in ordered]


def _held_in(series: Iterable[int]) -> Any:
    """The editions of `series` that were held, the first ones first."""
    held = Event.objects.filter(series__in=series, lifecycle=Event.Lifecycle.HELD)
    return held.order_by(F("edition").asc(nulls_last=True), F("start_date").asc(nulls_last=True), "pk")


@transaction.atomic
def source_of_event(event: Event, *, address: str, by: User) -> Source:
    """The event's own page as a source: an existing one, or a new one, which is submitted for review."""
    require_desk(by)
    Event.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)
    entered: Source | None = Source.objects.exclude(state=PublicationState.WITHDRAWN).filter(url=address).first()
    if entered is not None:
        return entered
    day = event.end_date or event.start_date
    source = Source(
        url=address,
        date=day.isoformat() if day else "",
        source_language=event.original_language,
        original_language=event.original_language,
        **{f"title_{language}": getattr(event, f"name_{language}") for language in Language.values},
    )
    save_draft(source, by=by)
    submit_for_review(source, by=by)
    return source


@transaction.atomic
def close_loop(
    addressee: Addressee,
    *,
    event: Event,
    source: Source,
    as_of: dt.date,
    act: Act,
    public_note: str = "",
    seen: int | None = None,
) -> list[StatusEntry]:
    """Records that `addressee` has implemented it, by `event`; a second person still confirms it.

    If there is no entry that it was in progress, one is recorded first, with the same as-of date and source. Raises
    NothingToClose if the event does not fulfil it, or its state is closed.
    """
    require_desk(act.by)
    offered = [loop for loop in loops([addressee.recommendation_id]) if loop.addressee.pk == addressee.pk]
    if not any(loop.event.pk == event.pk for loop in offered):
        raise NothingToClose(
            _("This is offered where follow-up is open, and an event that was held realises what was asked."),
            code="nothing_to_close",
        )
    last = current_entry(addressee)
    before = last.state if last is not None else S.NOT_ASSESSED.value
    states = [S.IMPLEMENTED] if lifecycle.may_follow(before, S.IMPLEMENTED) else [S.IN_PROGRESS, S.IMPLEMENTED]
    entries: list[StatusEntry] = []
    for state in states:
        is_last = state == S.IMPLEMENTED
        entries.append(
            record_status(
                addressee,
                state=state,
                as_of=as_of,
                act=act,
                evidence=[
                    Evidence(
                        source=source, nature=Evidence.Nature.PRIMARY, independence_group=f"event-{event.slug}"[:80]
                    )
                ],
                confidence=Confidence.DOCUMENTED,
                public_note=public_note if is_last else "",
                seen=seen if not entries else None,
            )
        )
    return entries
