"""How a page sorts claims by what is known of them: what is confirmed never mingles with rumour."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.models import VerificationStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """A heading for claims of the same standing. `empty` is said where there is none, if that is worth saying."""

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
