"""The ledger of a partnership: its claims grouped by status, as many as a page can show.

A partnership may have thousands of claims. One query reads the few columns by which they are grouped and sorted; then
the newest of every group are loaded in full, and the number of the others is shown.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from partnerships import prefetches
from partnerships.models import Actor, Claim, ClaimLink, Partnership, Review, VerificationStatus
from partnerships.models.claim import ClaimKind, ClaimLinkType
from partnerships.page.headings import ClaimGroup, claim_groups
from publishing.languages import Text, label_of

MAX_CLAIMS = 12
"""How many claims a group shows."""

SIDES = 8
"""How many perspectives are shown side by side."""


class ClaimLine(NamedTuple):
    """The columns by which a claim is sorted. `view` is the actor whose perspective it is, None if the reader sees
    none.
    """

    key: int
    status: str
    kind: str
    view: int | None
    is_dated_occurrence: bool
    latest: dt.date | None


@dataclass(slots=True)
class Heap:
    """The newest claims of one group, and the number of all."""

    keys: list[int] = field(default_factory=list)
    total: int = 0
    claims: list[Any] = field(default_factory=list)

    def add(self, key: int) -> None:
        self.total += 1
        if len(self.keys) < MAX_CLAIMS:
            self.keys.append(key)

    @property
    def has_more(self) -> bool:
        return self.total > len(self.keys)


@dataclass(slots=True)
class Ledger:
    """The claims of a partnership, the newest first in each group."""

    groups: dict[str, Heap] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    unassessed: dict[str, Heap] = field(default_factory=dict)
    perspectives: dict[int, Heap] = field(default_factory=dict)
    occurrences: list[int] = field(default_factory=list)
    """Those on the timeline, the latest first."""

    @property
    def keys(self) -> set[int]:
        heaps = (*self.groups.values(), *self.unassessed.values(), *self.perspectives.values())
        return {key for heap in heaps for key in heap.keys}

    def fill(self, claims: dict[int, Any]) -> None:
        """Replaces keys by the rows of `claims`."""
        for heap in (*self.groups.values(), *self.unassessed.values(), *self.perspectives.values()):
            heap.claims = [claims[key] for key in heap.keys if key in claims]


@dataclass(frozen=True, slots=True)
class Side:
    """The claims from one actor's perspective; a party without any has its side too."""

    actor: Actor
    heap: Heap

    @property
    def name(self) -> Text:
        return label_of(self.actor)


def claim_lines(partnership: Partnership, user: Any, as_of: dt.date | None) -> list[ClaimLine]:
    """One line per claim of `partnership` that `user` may see, the newest first."""
    claims = (
        Claim.objects.visible_to(user)
        .with_status(as_of=as_of)
        .filter(partnerships=partnership)
        .order_by("-pk")
        .values_list("pk", "status", "kind", "perspective_id", "valid", "valid_earliest", "valid_latest")
    )
    seen = set(
        Actor.objects.visible_to(user)
        .filter(perspectives__partnerships=partnership)
        .values_list("pk", flat=True)
        .distinct()
    )
    return [
        ClaimLine(
            key,
            status,
            kind,
            view if view in seen else None,
            bool(valid) and kind == ClaimKind.OCCURRENCE,
            latest or earliest,
        )
        for key, status, kind, view, valid, earliest, latest in claims
    ]


def ledger_of(lines: Iterable[ClaimLine], *, occurrences: int) -> Ledger:
    """`lines` in their groups; of the dated occurrences the keys of the latest."""
    ledger = Ledger()
    column = {status: group.slug for group in claim_groups() for status in group.statuses}
    dated: list[ClaimLine] = []
    for line in lines:
        ledger.counts[line.status] += 1
        if line.status in column:
            ledger.groups.setdefault(column[line.status], Heap()).add(line.key)
        elif line.view is None:
            ledger.unassessed.setdefault(line.kind, Heap()).add(line.key)
        if line.view is not None:
            ledger.perspectives.setdefault(line.view, Heap()).add(line.key)
        if line.is_dated_occurrence:
            dated.append(line)
    dated.sort(key=lambda line: (line.latest or dt.date.max, line.key), reverse=True)
    ledger.occurrences = [line.key for line in dated[:occurrences]]
    return ledger


@dataclass(frozen=True, slots=True)
class GroupColumn:
    """Claims of one group on the page: the newest, and the number of each status."""

    group: ClaimGroup
    heap: Heap
    counts: list[tuple[VerificationStatus, int]]


def columns_of(ledger: Ledger) -> list[GroupColumn]:
    """The groups in their order; a group without claims only if it has a text for that."""
    found = []
    for group in claim_groups():
        heap = ledger.groups.get(group.slug, Heap())
        counts = [(status, ledger.counts[status]) for status in map(VerificationStatus, group.statuses)]
        if heap.total or group.empty:
            found.append(GroupColumn(group, heap, [(status, count) for status, count in counts if count]))
    return found


def shares_of(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The number of claims of each status, for a bar: in the order of the headings, unassessed ones last."""
    order = [status for group in claim_groups() for status in group.statuses]
    return [
        {"state": status.value, "label": status.label, "count": counts[status]}
        for status in map(VerificationStatus, (*order, VerificationStatus.UNASSESSED))
        if counts.get(status)
    ]


def shares_by_partnership(partnerships: Collection[Partnership], user: Any) -> dict[int, list[dict[str, Any]]]:
    """The shares of the claims of each of `partnerships` that `user` may see, today, by its key."""
    found = (
        Claim.objects.visible_to(user)
        .filter(partnerships__in=partnerships)
        .with_status()
        .order_by()
        .values_list("partnerships", "status")
        .annotate(number=Count("pk"))
    )
    counts: dict[int, Counter[str]] = {}
    for key, status, number in found:
        counts.setdefault(key, Counter())[status] = number
    return {key: shares_of(counted) for key, counted in counts.items()}


def unassessed_by_kind(ledger: Ledger) -> list[tuple[ClaimKind, Heap]]:
    """Unassessed claims without a perspective, in the order of the kinds."""
    return [(kind, ledger.unassessed[kind]) for kind in ClaimKind if kind in ledger.unassessed]


def sides_of(ledger: Ledger, parties: Iterable[Any], user: Any) -> list[Side]:
    """The perspectives side by side: those of the parties in their order, then others; none if there are no such
    claims.
    """
    if not ledger.perspectives:
        return []
    actors = {party.actor.pk: party.actor for party in parties}
    others = Actor.objects.visible_to(user).filter(pk__in=ledger.perspectives.keys() - actors.keys()).order_by("pk")
    actors |= {actor.pk: actor for actor in others}
    sides = [Side(actor, ledger.perspectives.get(key, Heap())) for key, actor in actors.items()]
    # A party without claims gives its place to an actor with some.
    spoken = [side for side in sides if side.heap.total]
    room = max(SIDES - len(spoken), 0)
    silent = [side for side in sides if not side.heap.total][:room]
    return [side for side in sides if side in spoken[:SIDES] or side in silent]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two claims that contradict each other. Both are kept."""

    claim: Any
    contradicted: Any

    @property
    def anchor(self) -> str:
        return f"contradiction-{self.claim.public_id}-{self.contradicted.public_id}"


def contradictions_of(partnership: Partnership, user: Any) -> list[tuple[int, int]]:
    """The newest contradictions of the claims of `partnership`, as pairs of keys; one more than is shown."""
    visible = Claim.objects.visible_to(user)
    of_it = visible.filter(partnerships=partnership)
    links = (
        ClaimLink.objects.filter(type=ClaimLinkType.CONTRADICTS).order_by().values_list("pk", "source_id", "target_id")
    )
    # Two queries that use an index; one query with OR would read every link.
    either = links.filter(source__in=of_it, target__in=visible).union(
        links.filter(source__in=visible, target__in=of_it)
    )
    return [(source, target) for _key, source, target in either.order_by("-pk")[: MAX_CLAIMS + 1]]


def changes_of_verification(
    partnership: Partnership, user: Any, as_of: dt.date | None, *, newest: int, since: dt.datetime | None = None
) -> list[Any]:
    """The newest reviews that changed the status of a claim of `partnership`, each with the status `before` it.

    A review that confirms the status is not a change. With `since`, only those recorded from that moment on.
    """
    earlier = (
        Review.objects.effective(as_of)
        .filter(claim=OuterRef("claim"))
        .filter(
            Q(as_of__lt=OuterRef("as_of"))
            | Q(as_of=OuterRef("as_of"), recorded_at__lt=OuterRef("recorded_at"))
            | Q(as_of=OuterRef("as_of"), recorded_at=OuterRef("recorded_at"), pk__lt=OuterRef("pk"))
        )
        .latest_first()
        .values("status")[:1]
    )
    reviews = (
        Review.objects.effective(as_of)
        .filter(claim__in=Claim.objects.visible_to(user).filter(partnerships=partnership))
        .annotate(before=Coalesce(Subquery(earlier), Value(VerificationStatus.UNASSESSED.value)))
        .exclude(status=F("before"))
    )
    if since is not None:
        reviews = reviews.filter(recorded_at__gte=since)
        return list(reviews.order_by("-recorded_at", "-pk")[:newest])
    return list(reviews.latest_first()[:newest])


def load_claims(keys: Collection[int], user: Any, as_of: dt.date | None) -> dict[int, Any]:
    """The claims of `keys` with everything that one line shows, as far as `user` may see them.

    For today it also says which have lost what their status needs; for a past day that is not computed.
    """
    claims = prefetches.claims(user, as_of).filter(pk__in=keys)
    return {claim.pk: claim for claim in (claims.with_lost_grounds() if as_of is None else claims)}


def bound_to(claims: dict[int, Any], records: Iterable[Any]) -> list[Any]:
    """Those of `records` (each about a claim) whose claim is among `claims`, each with that row."""
    bound = []
    for record in records:
        if record.claim_id in claims:
            record.claim = claims[record.claim_id]
            bound.append(record)
    return bound
