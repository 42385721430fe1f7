"""The present state of each addressee: an index over the records, maintained by the database."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishing.reader.public_rows import PublicRows, kept_public_from, part_of
from recommendations.lifecycle.rules import WELL
from recommendations.lifecycle.states import OPEN, ImplementationState, ResponseKind
from recommendations.models.followup import Response, StatusEntry
from recommendations.models.recommendation import Addressee, AddresseeRole, Recommendation


class CurrentStatus(models.Model):
    """The last effective records for an addressee, and since when. Written only by triggers.

    It contains only what follows from the records, and nothing that changes with the calendar: overdue, stale, no
    response and whose turn it is are computed from it on the day. Without it the tracker would have to read every
    record for each page.
    """

    public_rows: ClassVar[PublicRows] = part_of("addressee")
    public_from = kept_public_from()

    addressee = models.OneToOneField(
        Addressee,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="current_status",
        verbose_name=_("addressee"),
    )
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="+", verbose_name=_("recommendation")
    )
    role = models.CharField(_("role"), max_length=8, choices=AddresseeRole)
    entry = models.ForeignKey(
        StatusEntry, on_delete=models.DO_NOTHING, related_name="+", null=True, verbose_name=_("entry")
    )
    state = models.CharField(_("state"), max_length=22, choices=ImplementationState)
    checked_on = models.DateField(_("checked"), null=True)
    since = models.DateField(_("since"), null=True, help_text=_("When it was first seen in this state, of this time."))
    is_confirmed = models.BooleanField(_("confirmed"))
    response = models.ForeignKey(
        Response, on_delete=models.DO_NOTHING, related_name="+", null=True, verbose_name=_("response")
    )
    response_kind = models.CharField(_("response"), max_length=16, choices=ResponseKind)
    responded_on = models.DateField(_("responded"), null=True)
    asked_on = models.DateField(_("asked"), null=True, help_text=_("When it was first asked, of this time."))

    class Meta:
        verbose_name = _("current status")
        verbose_name_plural = _("current statuses")
        ordering = ["recommendation_id", "addressee_id"]
        default_permissions = ()  # nobody edits it
        indexes = [
            models.Index(fields=["state", "recommendation"], name="current_status_state"),
            models.Index(fields=["response_kind", "responded_on", "recommendation"], name="current_status_response"),
            models.Index(
                fields=["checked_on", "addressee"],
                condition=Q(state__in=[state.value for state in OPEN]),
                name="current_status_open_by_check",
            ),
            models.Index(
                fields=["responded_on", "addressee"],
                condition=Q(response_kind=ResponseKind.AWAITING.value, state__in=[state.value for state in OPEN]),
                name="current_status_awaiting",
            ),
            models.Index(
                fields=["since", "addressee"],
                condition=Q(state__in=[state.value for state in WELL], is_confirmed=False),
                name="current_status_to_confirm",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.addressee}: {self.get_state_display()}"
