"""How a page sorts claims by what is known of them: what is confirmed never mingles with rumour."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.models import VerificationStatus


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """A heading for a group of claims. `empty` is said where there is none, if that is worth saying."""

    slug: str
    title: Promise
    note: Promise
    statuses: tuple[str, ...]
    empty: Promise | str = ""
    is_apart: bool = False

    @property
    def icon(self) -> str:
        """The shape of its first status: that of a heading under which there is something."""
        return f"verification-{self.statuses[0]}"


def claim_groups() -> list[ClaimGroup]:
    """Confirmed first; rumours apart; what fell away last. What nobody has assessed is in no group yet."""
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
