from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from events.models.report import Point
from events.models.support import PointSupport
from publishing.database.clean_text import CleanTexts
from publishing.database.constraints import PREFIX, CheckConstraint, UniqueConstraint, one_of, text_present
from publishing.database.triggers import literal
from publishing.languages import Language
from publishing.reader.public_rows import Private, private
from publishing.records import DecidedModel

TEXT_COLUMNS = tuple(f"text_{language}" for language in Language.values)
"""The columns for the words of a point."""


class RewordingDecidedOnce(pgtrigger.Trigger):
    """A proposal is decided once and never altered. It is deleted only with its point."""

    name = "decided_once"
    when = pgtrigger.Before
    operation = pgtrigger.Update
    refusal = gettext_noop("A rewording is decided once, and otherwise never changed.")

    def get_func(self, model: type[models.Model]) -> str:
        decision = "ARRAY['outcome', 'reason', 'decided_at', 'decided_by_id']"
        return f"""
            IF OLD.outcome = 'pending' AND (to_jsonb(NEW) - {decision}) = (to_jsonb(OLD) - {decision}) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION {literal(self.refusal)}
                USING ERRCODE = 'restrict_violation', TABLE = '{model._meta.db_table}';
        """


class RewordingOutcome(models.TextChoices):
    PENDING = "pending", _("Pending")
    ACCEPTED = "accepted", pgettext_lazy("rewording", "Accepted")
    DECLINED = "declined", _("Declined")


class Rewording(DecidedModel, CleanTexts):
    """New words for a public single voice, until a second editor accepts or declines them. Restricted.

    A clearance applies to the words that were cleared, so a public point of a single voice cannot be edited directly. A
    proposal takes effect in one step, cleared and as the report's next version. `before` stores what the point said at
    the time of the proposal; if the point has changed by the decision, the decision is refused.
    """

    public_rows: ClassVar[Private] = private("It tells how near the words of a point were to what a speaker said.")

    Outcome = RewordingOutcome

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="rewordings", verbose_name=_("point"))
    text = models.TextField(_("text"), blank=True)
    grade = models.CharField(_("support"), max_length=16, choices=PointSupport)
    before = models.JSONField(_("before"), editable=False)
    note = models.TextField(
        _("what changed"),
        help_text=_("Public: it stands in the history and in the feed of changes. One sentence is enough."),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now, editable=False)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.PENDING, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False, help_text=_("For the desk: why not."))

    class Meta:
        verbose_name = _("rewording")
        verbose_name_plural = _("rewordings")
        ordering = ["point_id", "proposed_at", "id"]
        constraints = [
            one_of("grade", PointSupport),
            one_of("outcome", RewordingOutcome),
            text_present("text"),
            CheckConstraint(
                condition=~Q(note=""),
                name=f"{PREFIX}_has_its_note",
                violation_error_message=_("Say what changed; the note is public."),
            ),
            CheckConstraint(
                condition=Q(outcome="pending", decided_by__isnull=True, decided_at__isnull=True, reason="")
                | Q(outcome="accepted", decided_by__isnull=False, decided_at__isnull=False)
                | (Q(outcome="declined", decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
                name=f"{PREFIX}_decision_is_whole",
                violation_error_message=_("A decision has a person and a time, and a refusal its reason."),
            ),
            CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(outcome="accepted") | ~Q(decided_by=F("proposed_by")),
                name=f"{PREFIX}_accepted_by_another",
                violation_error_message=_("Nobody accepts what they proposed themselves."),
            ),
            UniqueConstraint(
                fields=["point"],
                condition=Q(outcome="pending"),
                name=f"{PREFIX}_one_pending",
                violation_error_message=_("Another rewording of this point waits for a decision already."),
            ),
        ]
        triggers = [RewordingDecidedOnce()]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def after(self) -> dict[str, Any]:
        """What the point would say, with the same keys as `before`."""
        return {**{column: getattr(self, column) or "" for column in TEXT_COLUMNS}, "grade": self.grade}


def said_by(point: Point) -> dict[str, Any]:
    """What `point` says now: its words in each language and its grade, in the form of `Rewording.before`."""
    return {**{column: getattr(point, column) or "" for column in TEXT_COLUMNS}, "grade": point.support}
