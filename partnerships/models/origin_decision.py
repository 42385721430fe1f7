"""The desk's decisions about citations with similar words."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models.claim import Claim
from publishing.database.clean_text import CleanTexts
from publishing.database.constraints import PREFIX, CheckConstraint, one_of
from publishing.database.triggers import AppendOnly
from publishing.reader.public_rows import Private, private
from publishing.records import RecordedModel


class OriginOutcome(models.TextChoices):
    INDEPENDENT = "independent", _("Independent of each other")
    ONE_ORIGIN = "one_origin", _("One origin")


class OriginDecision(RecordedModel, CleanTexts):
    """A decision by somebody at the desk on whether several independence groups of a claim are one origin.

    For each pair of groups the last decision counts: if groups were called independent and are found later to repeat
    one dispatch, a new decision merges them. Only for the desk; the public sees the number of origins.
    """

    public_rows: ClassVar[Private] = private(
        "It holds the desk's working; what comes of it shows in the origins of the claim."
    )

    Outcome = OriginOutcome

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="origin_decisions", verbose_name=_("claim"))
    outcome = models.CharField(_("decision"), max_length=12, choices=OriginOutcome)
    groups = ArrayField(models.SlugField(max_length=80), verbose_name=_("independence groups"))
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("decision on origins")
        verbose_name_plural = _("decisions on origins")
        ordering = ["claim_id", "id"]
        default_permissions = ()  # whoever may change the claim decides; there is nothing to edit
        constraints = [
            one_of("outcome", OriginOutcome),
            CheckConstraint(
                condition=Q(groups__len__gte=2),
                name=f"{PREFIX}_of_several_groups",
                field="groups",
                violation_error_message=_("A decision is about two independence groups or more."),
            ),
            CheckConstraint(
                condition=~Q(outcome="independent") | ~Q(reason=""),
                name=f"{PREFIX}_says_why",
                field="reason",
                violation_error_message=_("Say why they are independent of each other."),
            ),
        ]
        triggers: ClassVar = [AppendOnly()]

    def __str__(self) -> str:
        return f"{', '.join(self.groups)}: {self.get_outcome_display()}"
