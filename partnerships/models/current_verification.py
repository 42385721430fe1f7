"""The present status of each claim: an index over its records, maintained by the database."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models.claim import Claim, Review
from partnerships.verification import UNCONFIRMED, VerificationStatus
from publishing.reader.public_rows import PublicRows, kept_public_from, part_of


class CurrentVerification(models.Model):
    """The last review of a claim, and the day by which somebody has to check again. Written only by triggers.

    It contains only what follows from the claim and its records, and nothing that changes with the calendar. Without it
    the queue, and each list of claims by status, would have to read the records of all claims.
    """

    public_rows: ClassVar[PublicRows] = part_of("claim")
    public_from = kept_public_from()

    claim = models.OneToOneField(
        Claim, on_delete=models.CASCADE, primary_key=True, related_name="current_verification", verbose_name=_("claim")
    )
    review = models.ForeignKey(
        Review, on_delete=models.DO_NOTHING, related_name="+", null=True, verbose_name=_("review")
    )
    status = models.CharField(_("verification status"), max_length=20, choices=VerificationStatus)
    is_forecast = models.BooleanField(_("forecast"))
    is_opinion = models.BooleanField(_("opinion"))
    """Rationale, assessment or forecast: a source says who thinks so, but no source can make it true."""

    looked_on = models.DateField(
        _("looked at"), null=True, help_text=_("The later of its publication and of the review that stands.")
    )
    due_on = models.DateField(
        _("due"),
        null=True,
        help_text=_(
            "Its review-by date unless it was reviewed since; of a forecast its deadline until it is resolved."
        ),
    )

    class Meta:
        verbose_name = _("current verification")
        verbose_name_plural = _("current verifications")
        ordering = ["claim_id"]
        default_permissions = ()  # nobody edits it
        indexes = [
            models.Index(fields=["status", "claim"], name="claim_by_status"),
            models.Index(
                fields=["is_forecast", "due_on", "claim"],
                condition=Q(public_from__isnull=False, due_on__isnull=False),
                name="claim_due",
            ),
            models.Index(
                fields=["looked_on", "claim"],
                condition=Q(
                    public_from__isnull=False, is_opinion=False, status__in=[status.value for status in UNCONFIRMED]
                ),
                name="claim_unconfirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.get_status_display()}"
