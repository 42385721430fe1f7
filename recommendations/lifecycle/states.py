"""The states of a recommendation: two axes, for each addressee."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImplementationState(models.TextChoices):
    NOT_ASSESSED = "not_assessed", _("Not assessed")
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    STALLED = "stalled", _("Stalled")
    PARTLY_IMPLEMENTED = "partly_implemented", _("Partly implemented")
    IMPLEMENTED = "implemented", _("Implemented")
    IMPLEMENTED_OTHERWISE = "implemented_otherwise", _("Implemented otherwise")
    NOT_IMPLEMENTED = "not_implemented", _("Not implemented")
    SUPERSEDED = "superseded", pgettext_lazy("recommendation", "Superseded")
    NO_LONGER_APPLICABLE = "no_longer_applicable", _("No longer applicable")
    WITHDRAWN = "withdrawn", pgettext_lazy("recommendation", "Withdrawn")
    REVERSED = "reversed", _("Reversed")


ENDS = (
    ImplementationState.IMPLEMENTED,
    ImplementationState.IMPLEMENTED_OTHERWISE,
    ImplementationState.NOT_IMPLEMENTED,
    ImplementationState.SUPERSEDED,
    ImplementationState.NO_LONGER_APPLICABLE,
    ImplementationState.WITHDRAWN,
)
"""States in which follow-up has ceased; every other state is open."""

OPEN = tuple(state for state in ImplementationState if state not in ENDS)


class ResponseKind(models.TextChoices):
    NOT_SENT = "not_sent", _("Not sent")
    AWAITING = "awaiting", _("Awaiting a response")
    ACCEPTED = "accepted", _("Accepted")
    PARTLY_ACCEPTED = "partly_accepted", _("Partly accepted")
    NOTED = "noted", _("Noted")
    REJECTED = "rejected", _("Rejected")


NO_RESPONSE = "no_response"
"""Computed, never stored: awaited for longer than `MAJLIS_NO_RESPONSE_DAYS`."""

MIXED = "mixed"
"""Computed: the lead addressees have different responses; some may have none."""


RESPONSES = (*ResponseKind.choices, (NO_RESPONSE, _("No response")), (MIXED, _("Differs by addressee")))
"""The recorded responses and the two computed ones, each with its label."""


class Turn(models.TextChoices):
    """Who has to act next. Computed, never stored."""

    DESK = "desk", _("Ours")
    ADDRESSEE = "addressee", _("The addressee's")
    NOBODY = "nobody", _("Nobody's: it has ended")


class Confidence(models.TextChoices):
    CLAIMED = "claimed", _("Claimed")
    DOCUMENTED = "documented", _("Documented")
    VERIFIED = "verified", _("Verified")
