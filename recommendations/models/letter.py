from typing import Any, ClassVar, Self

import pgtrigger
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from publishing.database.clean_text import CleanTexts
from publishing.database.constraints import PREFIX, CheckConstraint, UniqueConstraint, one_of
from publishing.database.triggers import literal
from publishing.languages import Language
from publishing.reader.public_rows import Private, private
from publishing.records import DecidedModel
from recommendations.models.followup import Response, StatusEntry
from recommendations.models.recommendation import Addressee

LINE_CHARACTERS = r"[^\x00-\x1f\x7f\u0085\u2028\u2029]+"
ONE_LINE = f"^{LINE_CHARACTERS}$"
"""Allowed characters of a mail header: a line break would begin another header."""


class LetterIsDecidedOnce(pgtrigger.Trigger):
    """A letter is decided once; afterwards only the moment at which its mail was sent is added. None is deleted."""

    name = "decided_once"
    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete
    refusal = gettext_noop("A letter is decided once, and otherwise never changed or deleted.")

    def get_func(self, model: type[models.Model]) -> str:
        table = model._meta.db_table
        return f"""
            IF TG_OP = 'UPDATE' AND OLD.addressee_id = NEW.addressee_id AND OLD.step = NEW.step
               AND OLD.asked_on IS NOT DISTINCT FROM NEW.asked_on AND OLD.drafted_at = NEW.drafted_at
               AND (OLD.state = 'draft' OR (
                   OLD.mailed_at IS NULL AND (to_jsonb(NEW) - 'mailed_at') = (to_jsonb(OLD) - 'mailed_at')))
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION {literal(self.refusal)}
                USING ERRCODE = 'restrict_violation', TABLE = '{table}';
        """


class LetterStep(models.TextChoices):
    """The steps; each is a draft until a person decides."""

    ASK = "ask", _("Ask")
    FIRMER = "firmer", _("Firmer letter")
    SILENCE = "silence", _("Publish the silence")


class LetterState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("letter", "Draft")
    SENT = "sent", pgettext_lazy("letter", "Sent")
    PUBLISHED = "published", pgettext_lazy("letter", "Published as a note")
    DROPPED = "dropped", pgettext_lazy("letter", "Dropped")


class LetterQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        """Drafts that somebody has to decide on."""
        return self.filter(state=LetterState.DRAFT)


class Letter(DecidedModel, CleanTexts):
    """A draft of the next letter to an addressee, or note about it; only for the desk, and sent only by a person.

    A job drafts it when an answer has been awaited for long; a person edits it, and sends it, publishes it as a note,
    or drops it. `asked_on` is the day of the request that it belongs to.
    """

    public_rows: ClassVar[Private] = private(
        "It holds correspondence with an addressee; silence is published as an entry of its own."
    )

    Step = LetterStep
    State = LetterState

    addressee = models.ForeignKey(
        Addressee, on_delete=models.PROTECT, related_name="letters", verbose_name=_("addressee")
    )
    step = models.CharField(_("step"), max_length=7, choices=Step)
    asked_on = models.DateField(_("asked on"), null=True, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    subject = models.CharField(
        pgettext_lazy("of a mail", "subject"),
        max_length=200,
        validators=[RegexValidator(rf"\A{LINE_CHARACTERS}\Z", _("One line."))],
    )
    text = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    to_address = models.EmailField(
        _("e-mail address"),
        blank=True,
        help_text=_("Of an office. Only where the letter goes out by e-mail from here."),
    )
    drafted_at = models.DateTimeField(_("drafted at"), default=timezone.now, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False, help_text=_("Why it was dropped."))
    response = models.OneToOneField(
        Response,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("response"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The entry that says that it was asked."),
    )
    entry = models.OneToOneField(
        StatusEntry,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("entry"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The entry whose public note it became."),
    )
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        default_permissions = ("view", "change")  # a job drafts them, and none is deleted
        ordering = ["-drafted_at", "-id"]
        constraints = [
            one_of("step", LetterStep),
            one_of("state", LetterState),
            one_of("language", Language),
            CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name=f"{PREFIX}_text_is_written",
                violation_error_message=_("A letter says something."),
            ),
            CheckConstraint(
                condition=Q(subject__regex=ONE_LINE),
                name=f"{PREFIX}_subject_is_one_line",
                field="subject",
                violation_error_message=_("A subject is one line."),
            ),
            CheckConstraint(
                condition=Q(to_address="") | Q(to_address__regex=r"^[^\s,;<>]+@[^\s,;<>]+$"),
                name=f"{PREFIX}_goes_to_one_address",
                field="to_address",
                violation_error_message=_("One e-mail address, and nothing else."),
            ),
            CheckConstraint(
                condition=Q(step=LetterStep.ASK, asked_on__isnull=True)
                | (~Q(step=LetterStep.ASK) & Q(asked_on__isnull=False)),
                name=f"{PREFIX}_reminds_of_an_asking",
                field="asked_on",
                violation_error_message=_("A reminder says since when it was asked; the first letter does not."),
            ),
            CheckConstraint(
                condition=Q(
                    state=LetterState.DRAFT,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                    reason="",
                    response__isnull=True,
                    entry__isnull=True,
                )
                | Q(
                    state=LetterState.SENT,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    reason="",
                    response__isnull=False,
                    entry__isnull=True,
                    step__in=[LetterStep.ASK, LetterStep.FIRMER],
                )
                | Q(
                    state=LetterState.PUBLISHED,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    reason="",
                    response__isnull=True,
                    entry__isnull=False,
                    step=LetterStep.SILENCE,
                )
                | (
                    Q(
                        state=LetterState.DROPPED,
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        response__isnull=True,
                        entry__isnull=True,
                    )
                    & ~Q(reason="")
                ),
                name=f"{PREFIX}_decision_is_whole",
                violation_error_message=_(
                    "A decision has a person and a time; what was sent or published its entry, what was dropped a reason."
                ),
            ),
            CheckConstraint(
                condition=Q(mailed_at__isnull=True) | (Q(state=LetterState.SENT) & ~Q(to_address="")),
                name=f"{PREFIX}_only_what_is_sent_is_mailed",
                field="to_address",
                violation_error_message=_("Only what somebody has sent, to an address, is mailed."),
            ),
            UniqueConstraint(
                fields=["addressee", "step"],
                condition=Q(state=LetterState.DRAFT),
                name="recommendations_letter_one_draft_per_step",
                field="step",
                violation_error_message=_("There is such a draft already."),
            ),
            UniqueConstraint(
                fields=["addressee", "step", "asked_on"],
                name="recommendations_letter_once_per_asking",
                field="step",
                violation_error_message=_("There was such a letter already, of this time of asking."),
            ),
        ]
        triggers = [LetterIsDecidedOnce()]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.addressee}"
