"""What changed about a partnership since a day: everything recorded after that day, whatever its as-of date.

`as_of=D` shows what was known by the end of day D; `since=D` shows what was added after it. Together they are what is
known today, or on the later day of another `as_of`.

A change of words is reported by its line in the feed of changes, with the public note. The earlier words are kept for
the desk and not shown, because they may be the reason for the change.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext

from partnerships.models import Actor, Claim, InstrumentAction, OfficialPosition, Partnership
from partnerships.page.ledger import changes_of_verification
from publishing.languages import isolated
from publishing.models.change import Change, ChangeEvent
from publishing.prefetches import visible_prefetch
from publishing.query_parameters import ParameterProblem, UnreadableQuery, day_from
from publishing.records import end_of

MAX_CHANGES = 25
"""How many entries a page shows: the latest."""


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """One addition or change.

    `record` is an appended record, or for a new version the line of the feed of changes; it is None for a claim that
    became public. `claim` is the key of the claim that it is about, if any, and `about` that claim; a new version
    without a claim belongs to the partnership.
    """

    kind: str
    recorded_at: dt.datetime
    record: Any = None
    claim: int | None = None
    about: Any = None

    @property
    def as_of(self) -> dt.date | None:
        """The as-of date; None for entries without one: something became public, or was reworded."""
        return None if self.kind in ("claim", "version") else self.record.as_of


@dataclass(frozen=True, slots=True)
class Since:
    """What was added after the end of `day`, the latest first; `has_more` if there was more than is shown."""

    day: dt.date
    entries: list[ChangeEntry]
    has_more: bool

    @property
    def claims(self) -> set[int]:
        """The keys of the claims that the entries are about."""
        return {entry.claim for entry in self.entries if entry.claim is not None}

    def bound_to(self, claims: Mapping[int, Any]) -> "Since":
        """The same with the rows of `claims`; entries about other claims are left out."""
        entries = [
            entry if entry.claim is None else replace(entry, about=claims[entry.claim])
            for entry in self.entries
            if entry.claim is None or entry.claim in claims
        ]
        return replace(self, entries=entries)


def since_from(query: Mapping[str, str], *, as_of: dt.date | None) -> dt.date | None:
    """The day of `since`; None where none is asked for. Raises UnreadableQuery."""
    text = query.get("since", "")
    if not text:
        return None
    try:
        day = day_from(text)
        if as_of is not None and day > as_of:
            raise ValidationError(
                gettext("This page shows what was known on %(day)s. Choose that day or one before it.")
                % {"day": isolated(as_of.isoformat())}
            )
    except ValidationError as error:
        raise UnreadableQuery(ParameterProblem("since", text, " ".join(error.messages))) from error
    return day


def added(partnership: Partnership, user: Any, *, day: dt.date, as_of: dt.date | None) -> Since:
    """What was recorded, or became public, after the end of `day` and by the end of `as_of` (by default now)."""
    begin = end_of(day)
    until = end_of(as_of) if as_of is not None else timezone.now() + dt.timedelta(seconds=1)
    claims = Claim.objects.visible_to(user).filter(partnerships=partnership)
    actors = Actor.objects.visible_to(user)
    entries = [
        ChangeEntry("review", review.recorded_at, review, claim=review.claim_id)
        for review in changes_of_verification(partnership, user, as_of, newest=MAX_CHANGES + 1, since=begin)
    ]
    positions = OfficialPosition.objects.effective(as_of).filter(
        claim__in=claims, government__in=actors, recorded_at__gte=begin
    )
    entries += [
        ChangeEntry("position", position.recorded_at, position, claim=position.claim_id)
        for position in positions.select_related("government").order_by("-recorded_at", "-pk")[: MAX_CHANGES + 1]
    ]
    actions = InstrumentAction.objects.effective(as_of).filter(
        instrument__partnership=partnership, recorded_at__gte=begin
    )
    entries += [
        ChangeEntry("action", action.recorded_at, action)
        for action in actions.select_related("instrument")
        .prefetch_related(visible_prefetch("party", Actor, user))
        .order_by("-recorded_at", "-pk")[: MAX_CHANGES + 1]
    ]
    public_at = Greatest("published_at", "embargo_until")  # the later of the two; PostgreSQL ignores a NULL embargo
    published = claims.annotate(public_at=public_at).filter(public_at__gte=begin, public_at__lt=until)
    entries += [
        ChangeEntry("claim", public_at, claim=key)
        for key, public_at in published.order_by("-public_at", "-pk").values_list("pk", "public_at")[: MAX_CHANGES + 1]
    ]
    entries += versions(partnership, claims, begin=begin, until=until)
    entries.sort(key=lambda entry: entry.recorded_at, reverse=True)
    return Since(day, entries[:MAX_CHANGES], has_more=len(entries) > MAX_CHANGES)


def versions(partnership: Partnership, claims: Any, *, begin: dt.datetime, until: dt.datetime) -> Iterator[ChangeEntry]:
    """The new versions of `partnership`, and of those of `claims` that are about it, that have a public note."""
    told = Change.objects.filter(
        event=ChangeEvent.CHANGED, effective_at__gte=begin, effective_at__lt=min(until, timezone.now())
    ).exclude(note="")
    newest = ("-effective_at", "-id")
    of_itself = told.filter(kind="partnership", public_id=partnership.public_id).order_by(*newest)
    for line in of_itself[: MAX_CHANGES + 1]:
        yield ChangeEntry("version", line.effective_at, line)
    of_claims = told.filter(kind="claim", public_id__in=claims.values("public_id")).order_by(*newest)
    key = Claim.objects.filter(public_id=OuterRef("public_id")).values("pk")
    for line in of_claims.annotate(claim=Subquery(key))[: MAX_CHANGES + 1]:
        yield ChangeEntry("version", line.effective_at, line, claim=line.claim)
