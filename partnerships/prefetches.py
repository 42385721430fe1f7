"""Prefetches of what a page shows with a publication: only what its reader may see.

What a publication refers to was public when it was published, but may have been withdrawn or put under an embargo
since. So every relation is read through `visible_to` again, with one query each, however many rows there are.
"""

import datetime as dt
from typing import Any

from django.db.models import Prefetch, QuerySet

from partnerships.models import Actor, Citation, Claim, OfficialPosition, Partnership, Party, Source, Topic
from partnerships.models.claim import ClaimQuerySet
from partnerships.models.source import Stance
from publishing.prefetches import visible_prefetch
from publishing.records import LATEST_FIRST


def cited(user: Any, citations: QuerySet[Any]) -> QuerySet[Any]:
    """`citations` (or evidence) of sources that `user` may see, each with its source and publisher."""
    return (
        citations.filter(source__in=Source.objects.visible_to(user))
        .select_related("source")
        .prefetch_related(visible_prefetch("source__publisher", Actor, user))
        .order_by("pk")
    )


def citations(user: Any, lookup: str = "citations") -> Prefetch:
    """The citations under `lookup`."""
    return Prefetch(lookup, queryset=cited(user, Citation.objects.all()))


def parties(user: Any, *, with_citations: bool = False) -> Prefetch:
    """The parties of partnerships, in the order in which they were entered."""
    found = Party.objects.filter(actor__in=Actor.objects.visible_to(user)).select_related("actor").order_by("pk")
    return Prefetch("parties", queryset=found.prefetch_related(citations(user)) if with_citations else found)


def current_positions(user: Any, as_of: dt.date | None) -> Prefetch:
    """For claims, as `current_positions`: the last known position of each government."""
    latest = (
        OfficialPosition.objects.effective(as_of)
        .filter(government__in=Actor.objects.visible_to(user))
        .select_related("government")
        .order_by("claim_id", "government_id", *LATEST_FIRST)
        .distinct("claim_id", "government_id")
    )
    return Prefetch("positions", queryset=latest, to_attr="current_positions")


def claims(user: Any, as_of: dt.date | None = None) -> ClaimQuerySet:
    """Claims with everything that one line shows: status, origins, perspective, positions of governments."""
    found: ClaimQuerySet = (
        Claim.objects.visible_to(user)
        .with_status(as_of=as_of)
        .with_origins(sources=Source.objects.visible_to(user))
        .prefetch_related(
            visible_prefetch("perspective", Actor, user),
            current_positions(user, as_of),
        )
    )
    return found


def partnerships(user: Any) -> QuerySet[Any]:
    """Partnerships with everything that one line shows: parties and topics."""
    return Partnership.objects.visible_to(user).prefetch_related(parties(user), visible_prefetch("topics", Topic, user))


def independent_origins(citations: Any) -> int:
    """The number of independent origins of the supporting ones among `citations`."""
    return len({citation.independence_group for citation in citations if citation.stance == Stance.SUPPORTS})


def supporting_articles(citations: Any) -> int:
    """The number of sources of the supporting ones among `citations`, independent or not."""
    return len({citation.source_id for citation in citations if citation.stance == Stance.SUPPORTS})
