"""Items of the queue that were postponed until a day."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models import Claim, Source
from publishing.database.clean_text import CleanTexts
from publishing.database.constraints import PREFIX, CheckConstraint, exactly_one
from publishing.database.triggers import AppendOnly
from publishing.reader.public_rows import Private, private
from publishing.records import RecordedModel, calendar_day
from recommendations.models.followup import Submission
from recommendations.models.recommendation import Addressee

PUT_OFF = ("addressee", "submission", "claim", "source")


class Snooze(RecordedModel, CleanTexts):
    """Somebody at the desk has postponed an item of the queue until a day, with a reason.

    The last one counts, until its day or until something new is recorded about the item; see `recommendations/queue/`.
    """

    public_rows: ClassVar[Private] = private("It says what the desk puts off, and why.")

    addressee = models.ForeignKey(
        Addressee,
        on_delete=models.PROTECT,
        related_name="snoozes",
        verbose_name=_("addressee"),
        null=True,
        blank=True,
    )
    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        related_name="snoozes",
        verbose_name=_("submission"),
        null=True,
        blank=True,
    )
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="snoozes", verbose_name=_("claim"), null=True, blank=True
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="snoozes", verbose_name=_("source"), null=True, blank=True
    )
    until = models.DateField(_("until"), help_text=_("The day on which it is in the queue again."))
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("snooze")
        verbose_name_plural = _("snoozes")
        ordering = ["-id"]
        default_permissions = ()  # whoever records may postpone; there is nothing to edit
        constraints = [
            exactly_one(
                PUT_OFF,
                name="of_one_thing",
                field="addressee",
                message=_("One thing of the queue is put off at a time."),
            ),
            CheckConstraint(
                condition=Q(until__gt=calendar_day("recorded_at")),
                name=f"{PREFIX}_until_is_to_come",
                field="until",
                violation_error_message=_("Give a day that is still to come."),
            ),
            CheckConstraint(
                condition=~Q(reason=""),
                name=f"{PREFIX}_says_why",
                field="reason",
                violation_error_message=_("Say why it can wait."),
            ),
        ]
        triggers: ClassVar = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.addressee or self.submission or self.claim or self.source}: {self.until}"
