"""What a claim needs for each verification status.

The only place that defines it. `actions.record_review` takes its refusals from it, the desk's form shows it before
anything is saved, and the trigger `RestsOnItsGrounds` is generated from it, so that the database refuses the same. All
other statuses need only a reason.

A review is checked when it is recorded, against the citations at that time: a citation has no date of its own. A source
dated after the review's as-of date does not count: nobody could have read it on the day for which the status is
claimed. If a claim loses something later (a source is withdrawn, two origins turn out to be one), no record changes;
the loss is computed and shown, and somebody records a new review.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext, ngettext_lazy, pgettext_lazy


class VerificationStatus(models.TextChoices):
    UNASSESSED = "unassessed", _("Unassessed")
    UNVERIFIED = "unverified", _("Unverified")
    DISPUTED = "disputed", _("Disputed")
    CORROBORATED = "corroborated", _("Corroborated")
    OFFICIALLY_CONFIRMED = "officially_confirmed", _("Officially confirmed")
    REFUTED = "refuted", _("Refuted")
    SUPERSEDED = "superseded", pgettext_lazy("claim", "Superseded")
    RETRACTED = "retracted", _("Retracted")


ESTABLISHED = (VerificationStatus.CORROBORATED, VerificationStatus.OFFICIALLY_CONFIRMED)
"""Statuses of established claims: from here on, a claim that a pact exists can become an instrument."""

UNCONFIRMED = (VerificationStatus.UNASSESSED, VerificationStatus.UNVERIFIED)
"""Statuses of unverified claims: somebody has to check again before long."""


class VerificationNeed(StrEnum):
    """What a claim must have. The values are the columns of `partnerships_grounds`, which counts it."""

    ORIGINS = "origins"
    PARTIES = "parties"


ORIGINS_NEEDED = 2

NEEDS: Mapping[VerificationStatus, tuple[VerificationNeed, int]] = {
    VerificationStatus.CORROBORATED: (VerificationNeed.ORIGINS, ORIGINS_NEEDED),
    VerificationStatus.OFFICIALLY_CONFIRMED: (VerificationNeed.PARTIES, 1),
}
"""For each status, what it needs and how much of it."""

SAID_BY_THE_DATABASE: Mapping[VerificationNeed, str] = {
    VerificationNeed.ORIGINS: gettext_noop("Corroborated needs supporting citations of two independent origins."),
    VerificationNeed.PARTIES: gettext_noop(
        "Officially confirmed needs a supporting citation of a source that a party published."
    ),
}
"""The messages of the trigger, which contain no numbers."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a claim rests on, on one day.

    `origins` is the number of independence groups among the citations that support it, `parties` the number of parties
    whose own publications are among those.
    """

    origins: int
    parties: int

    def found(self, need: VerificationNeed) -> int:
        return self.origins if need is VerificationNeed.ORIGINS else self.parties


def is_lacking(status: str, grounds: Grounds) -> bool:
    """Whether `grounds` are not enough for `status`."""
    if status not in NEEDS:
        return False
    need, number = NEEDS[VerificationStatus(status)]
    return grounds.found(need) < number


def lacking(status: str, grounds: Grounds) -> Any:
    """What is missing for `status`, in words; empty if nothing is."""
    if not is_lacking(status, grounds):
        return ""
    need, _number = NEEDS[VerificationStatus(status)]
    return MISSING[need] % {"found": grounds.found(need)}


MISSING: Mapping[VerificationNeed, Any] = {
    VerificationNeed.ORIGINS: ngettext_lazy(
        "“Corroborated” needs supporting citations of two independent origins, and there is %(found)d. "
        "Articles that repeat one dispatch are one origin; withdrawn sources, and sources dated after "
        "the as-of date, do not count.",
        "“Corroborated” needs supporting citations of two independent origins, and there are %(found)d. "
        "Articles that repeat one dispatch are one origin; withdrawn sources, and sources dated after "
        "the as-of date, do not count.",
        "found",
    ),
    VerificationNeed.PARTIES: _(
        "“Officially confirmed” needs a supporting citation of a source that a party published itself: "
        "a party to the partnership, or the government that the claim is about. A newspaper’s report of it "
        "does not count, nor does a withdrawn source or one dated after the as-of date."
    ),
}


def needs_in_words(status: str, grounds: Grounds | None) -> str:
    """What `status` needs and, if the claim is known, how much of it there is; empty if it needs nothing."""
    if status not in NEEDS:
        return ""
    need, number = NEEDS[VerificationStatus(status)]
    if need is VerificationNeed.ORIGINS:
        if grounds is None:
            return ngettext("needs %(n)d independent origin", "needs %(n)d independent origins", number) % {"n": number}
        return ngettext("%(found)d of %(n)d independent origin", "%(found)d of %(n)d independent origins", number) % {
            "found": grounds.origins,
            "n": number,
        }
    if grounds is None:
        return ngettext("needs the word of %(n)d party", "needs the word of %(n)d parties", number) % {"n": number}
    return ngettext("the word of %(found)d of %(n)d party", "the word of %(found)d of %(n)d parties", number) % {
        "found": grounds.parties,
        "n": number,
    }
