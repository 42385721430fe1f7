"""The latest changes that a reader may see, with the publication of each."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.urls import reverse

from publishing.models.change import Change, ChangeEvent

FOLLOWED_MODELS = {
    "partnership": "partnerships.Partnership",
    "claim": "partnerships.Claim",
    "series": "events.Series",
    "event": "events.Event",
    "report": "events.Report",
    "recommendation": "recommendations.Recommendation",
}
"""The kinds that readers follow. Actors, topics and sources only appear in these and have no news of their own."""

ADDRESSES = {
    "partnership": "partnerships:partnership_detail",
    "claim": "partnerships:claim_detail",
    "series": "events:series_detail",
    "event": "events:event_detail",
    "recommendation": "recommendations:recommendation_detail",
}

LOOKED_THROUGH = 200
"""How many lines of the feed are searched for the latest changes; one action often writes many lines."""


@dataclass(frozen=True, slots=True)
class News:
    """One change, its publication, and the address of that.

    For a withdrawal `publication` is None, and `url` leads to the tombstone, or is empty if the kind has no page of its
    own.
    """

    change: Change
    publication: Any
    url: str


def latest(user: Any, *, at: dt.datetime, number: int) -> list[News]:
    """The latest change of each of the `number` publications that changed last."""
    lines = Change.objects.effective(at=at).filter(kind__in=FOLLOWED_MODELS).order_by("-effective_at", "-id")
    newest: dict[tuple[str, str], Change] = {}
    for change in lines[:LOOKED_THROUGH]:
        newest.setdefault((change.kind, change.public_id), change)
    return with_publications(newest.values(), user)[:number]


def corrections(user: Any, *, at: dt.datetime, number: int) -> list[News]:
    """The withdrawals, and every edit after publication that has a note, the latest first."""
    lines = Change.objects.effective(at=at).filter(kind__in=FOLLOWED_MODELS)
    told = lines.filter(Q(event=ChangeEvent.WITHDRAWN) | (Q(event=ChangeEvent.CHANGED) & ~Q(note="")))
    return with_publications(told.order_by("-effective_at", "-id")[:number], user)


def with_publications(changes: Iterable[Change], user: Any) -> list[News]:
    """The changes of what `user` may see, and the withdrawals; one query for each kind."""
    changes = list(changes)
    found: dict[tuple[str, str], Any] = {}
    for kind, label in FOLLOWED_MODELS.items():
        ids = [change.public_id for change in changes if change.kind == kind]
        publications = apps.get_model(label)._default_manager.all().visible_to(user).filter(public_id__in=ids)
        if kind == "report":
            events = apps.get_model("events.Event").objects.visible_to(user)
            publications = publications.filter(event__in=events).select_related("event")
        found.update({(kind, publication.public_id): publication for publication in publications})
    return [news for change in changes if (news := news_of(change, found.get((change.kind, change.public_id))))]


def news_of(change: Change, publication: Any) -> News | None:
    """The change as news; None if it is about something that the reader may not see."""
    if change.event == ChangeEvent.WITHDRAWN:
        address = ADDRESSES.get(change.kind)
        return News(change, None, reverse(address, args=[change.identifier]) if address else "")
    if publication is None:
        return None
    if change.kind == "report":
        return News(change, publication, publication.event.get_absolute_url())
    return News(change, publication, publication.get_absolute_url())
