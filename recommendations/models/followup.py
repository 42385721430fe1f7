from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Case, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from partnerships.models import AbstractCitation, Actor, Source
from partnerships.models.source import refuse_withdrawn_source
from partnerships.triggers import CitesWhatStands
from publishing.database.clean_text import CleanTexts
from publishing.database.constraints import PREFIX, CheckConstraint, needs, one_of, unique
from publishing.database.triggers import AnnouncePart, AppendOnly, CorrectsWithin, literal
from publishing.identifiers import PublicIdField
from publishing.publication import PublicationState
from publishing.reader.public_rows import Private, PublicRows, kept_public_from, part_of, private
from publishing.records import DecidedModel, Record, RecordedModel, RecordQuerySet
from recommendations.lifecycle import rules as lifecycle
from recommendations.lifecycle.rules import WELL
from recommendations.lifecycle.states import Confidence, ImplementationState, ResponseKind
from recommendations.lifecycle.triggers import (
    ConfirmedByASecondPerson,
    FollowsTheLifecycle,
    HasItsSources,
    KeepCurrentStatus,
    ReopenedByAReviewer,
    SucceededByAnother,
)
from recommendations.models.recommendation import Addressee, Recommendation

WHOLE_OF_ADDRESSEE = "(SELECT recommendation_id FROM recommendations_addressee WHERE id = part.addressee_id)"
WHOLE_OF_ENTRY = """(SELECT addressee.recommendation_id FROM recommendations_statusentry AS entry
    JOIN recommendations_addressee AS addressee ON addressee.id = entry.addressee_id WHERE entry.id = part.entry_id)"""


class StatusEntryQuerySet(RecordQuerySet):
    def with_before(self) -> Self:
        """Adds `state_before`: the state before each entry, `not_assessed` for the first.

        An entry with the same state is a check.
        """
        is_earlier = (
            Q(as_of__lt=OuterRef("as_of"))
            | Q(as_of=OuterRef("as_of"), recorded_at__lt=OuterRef("recorded_at"))
            | Q(as_of=OuterRef("as_of"), recorded_at=OuterRef("recorded_at"), pk__lt=OuterRef("pk"))
        )
        standing = self.model._default_manager.all().effective()
        earlier = standing.filter(is_earlier, addressee=OuterRef("addressee")).latest_first()
        return self.annotate(
            state_before=Coalesce(Subquery(earlier.values("state")[:1]), Value(ImplementationState.NOT_ASSESSED.value))
        )

    def with_confirmation(self) -> Self:
        """Adds `is_to_confirm`: whether the entry is effective, says implemented, and waits for a second person.

        A check that repeats a confirmed entry waits for nobody; a correction of one waits again.
        """
        entries = self.with_before().with_corrected()
        waits = Q(state__in=WELL, confirmation__isnull=True, is_corrected=False) & ~Q(state_before=F("state"))
        return entries.annotate(is_to_confirm=Case(When(waits, then=True), default=False, output_field=BooleanField()))

    def with_being_read(self) -> Self:
        """Adds `is_being_read`: whether one of its sources is still in review, so that readers do not see it yet."""
        asked = Func(F("pk"), function="recommendations_has_source_being_read", output_field=BooleanField())
        return self.annotate(is_being_read=asked)

    def to_confirm(self) -> Self:
        """Entries that wait for a second person's confirmation; see `with_confirmation`."""
        return self.filter(state__in=WELL).with_confirmation().filter(is_to_confirm=True)


class Response(Record):
    """What an addressee answered: one axis, separate from what it did. Silence never counts as an answer."""

    public_rows: ClassVar[PublicRows] = part_of("addressee")
    public_from = kept_public_from()

    addressee = models.ForeignKey(
        Addressee,
        on_delete=models.PROTECT,
        related_name="responses",
        verbose_name=_("addressee"),
    )
    kind = models.CharField(_("response"), max_length=16, choices=ResponseKind)
    channel = models.CharField(
        _("channel"),
        max_length=120,
        blank=True,
        help_text=_("How it was sent: letter, e-mail."),
    )
    recipient = models.CharField(
        _("recipient"),
        max_length=200,
        blank=True,
        help_text=_("The office it was sent to; no person's name."),
    )
    office = models.CharField(
        _("office"),
        max_length=200,
        blank=True,
        help_text=_("The office that answered; no person's name."),
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="responses",
        verbose_name=_("source"),
        null=True,
        blank=True,
    )
    accepted_part = models.TextField(_("accepted part"), blank=True)
    words = models.TextField(_("words"), blank=True, help_text=_("What it said, in its words."))
    reason = models.TextField(_("reason"), blank=True)
    no_reason_given = models.BooleanField(_("no reason given"), default=False)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["addressee_id", "as_of", "recorded_at", "id"]
        indexes = [
            models.Index(
                fields=["addressee", "-as_of", "-recorded_at", "-id"],
                name="response_latest",
            ),
            models.Index(fields=["recorded_at", "public_id"], name="response_by_recording"),
            models.Index(fields=["as_of", "public_id"], name="response_by_day"),
            models.Index(fields=["kind", "recorded_at", "public_id"], name="response_by_kind"),
        ]
        constraints = [
            *Record.Meta.constraints,
            one_of("kind", ResponseKind),
            needs("channel", Q(kind="awaiting"), message=_("Say how it was sent.")),
            needs(
                "recipient",
                Q(kind="awaiting"),
                message=_("Say to which office it was sent."),
            ),
            needs(
                "office",
                Q(kind__in=["accepted", "partly_accepted"]),
                message=_("Say which office accepted."),
            ),
            needs(
                "source",
                Q(kind__in=["accepted", "partly_accepted"]),
                empty=Q(source__isnull=True),
                message=_("An acceptance needs its source."),
            ),
            needs(
                "accepted_part",
                Q(kind="partly_accepted"),
                message=_("Say which part was accepted."),
            ),
            needs(
                "words",
                Q(kind="noted"),
                message=_("Noted needs the words; it is never inferred from silence."),
            ),
            needs(
                "reason",
                Q(kind="rejected", no_reason_given=False),
                message=_("A rejection needs its reason, or that none was given."),
            ),
            CheckConstraint(
                condition=Q(no_reason_given=False) | Q(kind="rejected", reason=""),
                name=f"{PREFIX}_no_reason_is_for_rejections",
                field="no_reason_given",
                violation_error_message=_("“No reason given” is for a rejection without a reason."),
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            CorrectsWithin("addressee_id"),
            FollowsTheLifecycle(column="kind", start=ResponseKind.NOT_SENT.value, steps=lifecycle.RESPONSE_STEPS),
            CitesWhatStands(),
            KeepCurrentStatus("NEW.addressee_id"),
            AnnouncePart("recommendations.Recommendation", WHOLE_OF_ADDRESSEE),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.as_of})"

    def clean(self) -> None:
        super().clean()
        refuse_withdrawn_source(self)


class StatusEntry(Record):
    """How far an addressee has come, as of a day, and with which evidence.

    An entry that repeats the state before it is a check: somebody looked on that day, and nothing had changed. See
    `recommendations.lifecycle.rules`.
    """

    public_rows: ClassVar[PublicRows] = part_of("addressee")
    public_from = kept_public_from()

    addressee = models.ForeignKey(
        Addressee,
        on_delete=models.PROTECT,
        related_name="entries",
        verbose_name=_("addressee"),
    )
    state = models.CharField(_("state"), max_length=22, choices=ImplementationState)
    on_behalf_of = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("on behalf of"),
        null=True,
        blank=True,
        help_text=_("The partner whose own report this is."),
    )
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.CLAIMED)
    public_note = models.TextField(_("public note"), blank=True)
    what_remains = models.TextField(_("what remains"), blank=True)
    reason = models.TextField(
        _("reason"),
        blank=True,
        help_text=_("Why it stalled, ceased, no longer applies, was withdrawn, or is taken up again."),
    )
    last_movement_date = models.DateField(_("last movement"), null=True, blank=True)
    how_intent_is_met = models.TextField(_("how the intent is met"), blank=True)
    successor = models.ForeignKey(
        Recommendation,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("successor"),
        null=True,
        blank=True,
    )

    objects: ClassVar[Any] = StatusEntryQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("status entry")
        verbose_name_plural = _("status entries")
        ordering = ["addressee_id", "as_of", "recorded_at", "id"]
        indexes = [
            models.Index(
                fields=["addressee", "-as_of", "-recorded_at", "-id"],
                name="entry_latest",
            ),
            models.Index(fields=["recorded_at", "public_id"], name="entry_by_recording"),
            models.Index(fields=["as_of", "public_id"], name="entry_by_day"),
            models.Index(fields=["state", "recorded_at", "public_id"], name="entry_by_state"),
            models.Index(fields=["confidence", "recorded_at", "public_id"], name="entry_by_confidence"),
        ]
        constraints = [
            *Record.Meta.constraints,
            one_of("state", ImplementationState),
            one_of("confidence", Confidence),
            needs(
                "what_remains",
                Q(state="partly_implemented"),
                message=_("Say what remains to be done."),
            ),
            needs(
                "reason",
                Q(
                    state__in=[
                        "stalled",
                        "not_implemented",
                        "no_longer_applicable",
                        "withdrawn",
                    ]
                ),
                message=_("Say why."),
            ),
            needs(
                "last_movement_date",
                Q(state="stalled"),
                empty=Q(last_movement_date__isnull=True),
                message=_("Say when something last moved."),
            ),
            needs(
                "how_intent_is_met",
                Q(state="implemented_otherwise"),
                message=_("Say how the intent is met."),
            ),
            needs(
                "successor",
                Q(state="superseded"),
                empty=Q(successor__isnull=True),
                message=_("Name the recommendation that takes its place."),
            ),
            CheckConstraint(
                condition=Q(last_movement_date__isnull=True) | Q(last_movement_date__lte=models.F("as_of")),
                name=f"{PREFIX}_last_movement_before_as_of",
                field="last_movement_date",
                violation_error_message=_("The last movement is not after the as-of date."),
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            CorrectsWithin("addressee_id"),
            FollowsTheLifecycle(column="state", start=ImplementationState.NOT_ASSESSED.value, steps=lifecycle.STEPS),
            ReopenedByAReviewer(),
            SucceededByAnother(),
            HasItsSources(),
            KeepCurrentStatus("NEW.addressee_id"),
            AnnouncePart("recommendations.Recommendation", WHOLE_OF_ADDRESSEE),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} ({self.as_of})"


class EvidenceNature(models.TextChoices):
    """How close a source is to what it shows."""

    PRIMARY = "primary", _("Primary: the act itself, its text or its record")
    INDEPENDENT = "independent", _("Independent: reported by somebody other than the addressee")
    OWN_ACCOUNT = "own_account", _("The addressee's own account")
    UNRATED = "unrated", _("Not rated")


class Evidence(AbstractCitation):
    """A source of a status entry; appended with it and never removed.

    The source may still be in review: the public sees the evidence once the source is published, and until then only
    that there is some (`StatusEntryQuerySet.with_being_read`). A withdrawn source shows nothing any more, and cannot be
    cited.
    """

    public_rows: ClassVar[PublicRows] = part_of("entry", "source")
    public_from = kept_public_from()

    Nature = EvidenceNature

    entry = models.ForeignKey(
        StatusEntry,
        on_delete=models.PROTECT,
        related_name="evidence",
        verbose_name=_("entry"),
    )
    nature = models.CharField(_("nature"), max_length=12, choices=Nature, default=Nature.UNRATED)

    class Meta(AbstractCitation.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["entry_id", "id"]
        constraints = [
            *AbstractCitation.Meta.constraints,
            one_of("nature", EvidenceNature),
            unique(
                "entry",
                "source",
                "locator",
                name="once_per_place",
                field="locator",
                message=_("This place is already cited here."),
            ),
        ]
        triggers = [
            AppendOnly(),
            CitesWhatStands(),
            AnnouncePart("recommendations.Recommendation", WHOLE_OF_ENTRY),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.grade})"

    @property
    def is_being_read(self) -> bool:
        """Whether its source is still in review, so that the public does not see it yet."""
        return self.source.state in (PublicationState.DRAFT, PublicationState.IN_REVIEW)


class Confirmation(RecordedModel):
    """A second person's confirmation of an entry that says implemented.

    It also covers the checks that repeat the entry; a correction of the entry needs a new one.
    """

    public_rows: ClassVar[PublicRows] = part_of("entry")
    public_from = kept_public_from()

    entry = models.OneToOneField(
        StatusEntry,
        on_delete=models.PROTECT,
        related_name="confirmation",
        verbose_name=_("entry"),
    )

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["-recorded_at", "-id"]
        triggers = [
            AppendOnly(),
            ConfirmedByASecondPerson(),
            KeepCurrentStatus("(SELECT addressee_id FROM recommendations_statusentry WHERE id = NEW.entry_id)"),
            AnnouncePart("recommendations.Recommendation", WHOLE_OF_ENTRY),
        ]

    def __str__(self) -> str:
        return f"{self.entry}"


class InternalNote(RecordedModel, CleanTexts):
    """The desk's internal note about an entry. In a table of its own, which visitors cannot read."""

    public_rows: ClassVar[Private] = private("It holds notes that the desk writes for itself.")

    entry = models.ForeignKey(StatusEntry, on_delete=models.PROTECT, related_name="+", verbose_name=_("entry"))
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            CheckConstraint(
                condition=~Q(text=""),
                name=f"{PREFIX}_is_written",
                violation_error_message=_("Write the note."),
            ),
        ]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"#{self.pk}"


class DecidedOnce(pgtrigger.Trigger):
    """A submission is decided only once; what the partner wrote is never altered, and nothing is deleted."""

    name = "decided_once"
    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete
    refusal = gettext_noop("A submission is decided once, and otherwise never changed or deleted.")

    def get_func(self, model: type[models.Model]) -> str:
        table = model._meta.db_table
        decision = "ARRAY['decision', 'decision_reason', 'decided_at', 'decided_by_id', 'entry_id']"
        return f"""
            IF TG_OP = 'UPDATE' AND OLD.decision = 'pending'
               AND (to_jsonb(NEW) - {decision}) = (to_jsonb(OLD) - {decision})
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION {literal(self.refusal)}
                USING ERRCODE = 'restrict_violation', TABLE = '{table}';
        """


class SubmissionDecision(models.TextChoices):
    PENDING = "pending", _("Pending")
    ACCEPTED = "accepted", pgettext_lazy("submission", "Accepted")
    DECLINED = "declined", _("Declined")


class Submission(DecidedModel, CleanTexts):
    """What a partner reports on a recommendation addressed to it, and what the desk decided about it.

    The proposal is never altered; the decision is written once. An accepted one becomes a status entry recorded on the
    partner's behalf; for a declined one the partner sees the reason.
    """

    public_rows: ClassVar[Private] = private(
        "It holds what a partner submitted: the desk decides before any of it is public."
    )

    Decision = SubmissionDecision

    public_id = PublicIdField()
    addressee = models.ForeignKey(
        Addressee,
        on_delete=models.PROTECT,
        related_name="submissions",
        verbose_name=_("addressee"),
    )
    proposed_state = models.CharField(_("proposed state"), max_length=22, choices=ImplementationState)
    as_of = models.DateField(_("as of"))
    note = models.TextField(_("note"), blank=True)
    source_title = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("source's URL"), max_length=500, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), default=timezone.now, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("by"),
    )
    decision = models.CharField(
        _("decision"),
        max_length=8,
        choices=Decision,
        default=Decision.PENDING,
        editable=False,
    )
    decision_reason = models.TextField(_("reason"), blank=True, editable=False, help_text=_("The partner sees it."))
    entry = models.OneToOneField(
        StatusEntry,
        on_delete=models.PROTECT,
        related_name="submission",
        verbose_name=_("entry"),
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-submitted_at", "-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(decision="pending"), name="submission_pending"),
        ]
        constraints = [
            one_of("proposed_state", ImplementationState),
            one_of("decision", SubmissionDecision),
            CheckConstraint(
                condition=Q(
                    decision="pending",
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                    entry__isnull=True,
                )
                | Q(
                    decision="accepted",
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    entry__isnull=False,
                )
                | (
                    Q(
                        decision="declined",
                        decided_at__isnull=False,
                        decided_by__isnull=False,
                        entry__isnull=True,
                    )
                    & ~Q(decision_reason="")
                ),
                name=f"{PREFIX}_decision_is_whole",
                violation_error_message=_(
                    "A decision has a person and a time; an acceptance its entry, a refusal its reason."
                ),
            ),
            CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("submitted_by")),
                name=f"{PREFIX}_decided_by_another",
                violation_error_message=_("Nobody decides on their own submission."),
            ),
        ]
        triggers = [DecidedOnce()]

    def __str__(self) -> str:
        return f"{self.addressee}: {self.get_proposed_state_display()} ({self.get_decision_display()})"
