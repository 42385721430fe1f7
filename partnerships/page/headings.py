"""Groups the claims on a page by status, so that confirmed claims and rumours are never mixed."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.models import VerificationStatus


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """A heading for a group of claims. `empty` is the text for a group without claims, if one is shown."""

    slug: str
    title: Promise
    note: Promise
    statuses: tuple[str, ...]
    empty: Promise | str = ""
    is_apart: bool = False

    @property
    def icon(self) -> str:
        """The shape of its first status; used if the heading has claims."""
        return f"verification-{self.statuses[0]}"


def claim_groups() -> list[ClaimGroup]:
    """Confirmed first, rumours separately, refuted, superseded and retracted ones last. Unassessed claims are in no
    group.
    """
    return [
        ClaimGroup(
            "confirmed",
            _("Confirmed"),
            _("Corroborated by at least two independent origins, or confirmed by a party."),
            (VerificationStatus.OFFICIALLY_CONFIRMED, VerificationStatus.CORROBORATED),
            empty=_("Nothing is confirmed: no claim rests on two independent origins or on the word of a party."),
        ),
        ClaimGroup(
            "disputed",
            _("Disputed"),
            _("Sources contradict each other."),
            (VerificationStatus.DISPUTED,),
        ),
        ClaimGroup(
            "unverified",
            _("Unverified: reported, and nothing more"),
            _("Looked into, and found in no independent source. Repeating it makes it no truer."),
            (VerificationStatus.UNVERIFIED,),
            is_apart=True,
        ),
        ClaimGroup(
            "fallen",
            _("Refuted, superseded or retracted"),
            _("Kept, so that whoever heard it finds what became of it."),
            (VerificationStatus.REFUTED, VerificationStatus.SUPERSEDED, VerificationStatus.RETRACTED),
        ),
    ]
