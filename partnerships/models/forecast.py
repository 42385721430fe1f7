"""Forecasts: claims about the future, and their outcomes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.forecasts import Outcome, ResolvesAForecast
from partnerships.models.claim import Claim
from partnerships.models.source import Source, refuse_withdrawn_source
from partnerships.triggers import CitesWhatStands, KeepCurrentVerification
from publishing.database.constraints import PREFIX, CheckConstraint, UniqueConstraint, corrected_once, one_of
from publishing.database.triggers import AnnouncePart, CorrectsWithin
from publishing.reader.public_rows import PublicRows, kept_public_from, part_of
from publishing.records import Record


class Resolution(Record):
    """The outcome of a forecast. There is one effective resolution; a mistake is corrected by another.

    `as_of` is the day on which it came about, or on which it was clear that it had not.
    """

    public_rows: ClassVar[PublicRows] = part_of("claim")
    public_from = kept_public_from()

    Outcome = Outcome

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="resolutions", verbose_name=_("forecast"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="resolutions",
        verbose_name=_("source"),
        null=True,
        blank=True,
        help_text=_("Where it says so. What came about needs one."),
    )
    reason = models.TextField(_("reason"), help_text=_("Public: why it counts as this."))

    class Meta(Record.Meta):
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["claim_id", "as_of", "recorded_at", "id"]
        constraints = [
            *Record.Meta.constraints,
            one_of("outcome", Outcome),
            CheckConstraint(
                condition=~Q(reason=""),
                name=f"{PREFIX}_says_why",
                field="reason",
                violation_error_message=_("Say why it counts as this; the reason is public."),
            ),
            CheckConstraint(
                condition=~Q(outcome="came_about") | Q(source__isnull=False),
                name=f"{PREFIX}_came_about_has_its_source",
                field="source",
                violation_error_message=_("What came about needs the source that says so."),
            ),
            UniqueConstraint(
                fields=["claim"],
                condition=Q(corrects__isnull=True),
                name=f"{PREFIX}_resolved_once",
                field="claim",
                violation_error_message=_("This forecast is resolved already: correct what is recorded."),
            ),
            corrected_once(),
        ]
        triggers = [
            *Record.Meta.triggers,
            CorrectsWithin("claim_id"),
            ResolvesAForecast(),
            KeepCurrentVerification(),
            CitesWhatStands(),
            AnnouncePart("partnerships.Claim", "part.claim_id"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} ({self.as_of})"

    def clean(self) -> None:
        super().clean()
        refuse_withdrawn_source(self)
