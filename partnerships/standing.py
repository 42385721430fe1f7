"""How a page sorts claims by what is known of them: what is confirmed never mingles with rumour."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.models import VerificationStatus
from partnerships.models.claim import ClaimKind


@dataclass(slots=True)
class Standing:
    """Claims of the same standing. `empty` is said where there is none, if that is worth saying."""

    slug: str
    title: Promise
    note: Promise
    statuses: tuple[str, ...]
    empty: Promise | str = ""
    is_apart: bool = False
    claims: list[Any] = field(default_factory=list)


def standings() -> list[Standing]:
    """Confirmed first; rumours apart; what fell away last. What nobody has assessed has no standing yet."""
    return [
        Standing(
            "confirmed",
            _("Confirmed"),
            _("Corroborated by at least two independent origins, or confirmed by a party."),
            (VerificationStatus.OFFICIALLY_CONFIRMED, VerificationStatus.CORROBORATED),
            empty=_("Nothing is confirmed: no claim rests on two independent origins or on the word of a party."),
        ),
        Standing(
            "disputed",
            _("Disputed"),
            _("Sources contradict each other."),
            (VerificationStatus.DISPUTED,),
        ),
        Standing(
            "unverified",
            _("Unverified: reported, and nothing more"),
            _("Looked into, and found in no independent source. Repeating it makes it no truer."),
            (VerificationStatus.UNVERIFIED,),
            is_apart=True,
        ),
        Standing(
            "fallen",
            _("Refuted, superseded or retracted"),
            _("Kept, so that whoever heard it finds what became of it."),
            (VerificationStatus.REFUTED, VerificationStatus.SUPERSEDED, VerificationStatus.RETRACTED),
        ),
    ]


def group_by_standing(claims: Iterable[Any]) -> list[Standing]:
    """`claims` (which know their `status`) under their standing; empty ones only where that says something."""
    groups = standings()
    of_status = {status: group for group in groups for status in group.statuses}
    for claim in claims:
        if claim.status in of_status:
            of_status[claim.status].claims.append(claim)
    return [group for group in groups if group.claims or group.empty]


def unassessed(claims: Iterable[Any]) -> list[Any]:
    """Those of `claims` that nobody has assessed."""
    return [claim for claim in claims if claim.status == VerificationStatus.UNASSESSED]


def group_by_kind(claims: Iterable[Any]) -> list[tuple[ClaimKind, list[Any]]]:
    """`claims` under their kinds, in the order of the kinds."""
    kinds: dict[str, list[Any]] = {}
    for claim in claims:
        kinds.setdefault(claim.kind, []).append(claim)
    return [(kind, kinds[kind]) for kind in ClaimKind if kind in kinds]
