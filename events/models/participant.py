import datetime as dt
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.attribution import (
    AnnounceWhatShows,
    ConsentIsRecorded,
    ConsentsInTurn,
    ParticipantsStay,
    ShowsWhatMayBeShown,
)
from events.models.event import Event, Session
from events.models.public_name import WaitsForReaders
from publishing.database.clean_text import CleanTexts
from publishing.database.collation import sort_key_of
from publishing.database.constraints import PREFIX, CheckConstraint, one_of, together, unique
from publishing.database.triggers import AppendOnly
from publishing.identifiers import PublicIdField
from publishing.reader.public_rows import Private, PublicRows, kept_public_from, part_of, private
from publishing.records import RecordedModel


class AnnounceWhatNumbersHide(pgtrigger.Trigger):
    """Announces the reports of an event when the number of participants begins or ceases to hide support.

    Only then, and not if the size of the group is recorded: a line for every change would let a reader count the
    additions. There is one trigger for each operation, because each sees all rows of its statement.
    """

    when = pgtrigger.After
    level = pgtrigger.Statement

    def __init__(self, operation: pgtrigger.Operation) -> None:
        tables = {"old": "gone"} if operation != pgtrigger.Insert else {}
        tables |= {"new": "come"} if operation != pgtrigger.Delete else {}
        super().__init__(
            name=f"announce_what_numbers_hide_{operation}".lower(),
            operation=operation,
            referencing=pgtrigger.Referencing(**tables),
        )

    def get_declare(self, model: type[models.Model]) -> list[tuple[str, str]]:
        return [("moved", "RECORD"), ("people", "INTEGER")]

    def get_func(self, model: type[models.Model]) -> str:
        moves = [
            *(["SELECT event_id, 1 AS step FROM gone"] if self.operation != pgtrigger.Insert else []),
            *(["SELECT event_id, -1 AS step FROM come"] if self.operation != pgtrigger.Delete else []),
        ]
        return f"""
            FOR moved IN
                SELECT event_id, sum(step) AS steps FROM ({" UNION ALL ".join(moves)}) AS moves
                GROUP BY event_id HAVING sum(step) <> 0 ORDER BY event_id
            LOOP
                -- Two who record at once count one after the other, or neither would see the threshold crossed.
                PERFORM pg_advisory_xact_lock(hashtext('majlis.participants'), moved.event_id::int);
                SELECT count(*) INTO people FROM events_participant WHERE event_id = moved.event_id;
                IF events_is_too_small(NULLIF(people, 0)) <> events_is_too_small(NULLIF(people + moved.steps::int, 0))
                   AND NOT EXISTS (SELECT 1 FROM events_groupsize AS size
                       WHERE size.event_id = moved.event_id AND size.session_id IS NULL)
                THEN
                    PERFORM events_announce_reports(moved.event_id);
                END IF;
            END LOOP;
            RETURN NULL;
        """


class ParticipantRole(models.TextChoices):
    CHAIR = "chair", _("Chair")
    SPEAKER = "speaker", _("Speaker")
    DISCUSSANT = "discussant", _("Discussant")
    PARTICIPANT = "participant", _("Participant")
    OBSERVER = "observer", _("Observer")
    RAPPORTEUR = "rapporteur", _("Rapporteur")


class ErasureReason(models.TextChoices):
    ASKED = "asked", _("They asked to be forgotten")
    MISTAKE = "mistake", _("Entered by mistake: they were not there")


class Participant(CleanTexts):
    """Somebody who was at an event. Restricted to convenors.

    No foreign key and no other stored link leads from anything that was said to a participant: what is not stored
    cannot leak. Its text form is opaque, because the admin's log stores it.

    A participant who asks for it is *erased*: name, affiliation, spellings and role are deleted permanently, and the
    row stays as a number under which consents were recorded. Consents are never deleted, and contain no name. A
    participant erased as a mistake did not take part, so does not count when a rule is loosened.
    """

    public_rows: ClassVar[Private] = private("It says who was there, which the Chatham House Rule keeps in the room.")

    Role = ParticipantRole
    ErasureReason = ErasureReason

    restricted: ClassVar[bool] = True

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", verbose_name=_("event"))
    name = models.CharField(_("name"), max_length=200)
    other_spellings = models.TextField(
        _("other spellings"),
        blank=True,
        help_text=_("One a line: in Arabic letters, with or without a title."),
    )
    affiliation = models.CharField(_("affiliation then"), max_length=300, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.PARTICIPANT)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("erased by"),
        null=True,
        blank=True,
        editable=False,
    )
    erased_because = models.CharField(_("why erased"), max_length=7, choices=ErasureReason, blank=True, editable=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["event_id", "id"]
        constraints = [
            one_of("role", ParticipantRole),
            one_of("erased_because", ErasureReason, blank=True),
            CheckConstraint(
                condition=~Q(name="") | Q(erased_at__isnull=False),
                name=f"{PREFIX}_has_a_name",
                field="name",
                violation_error_message=_("Write the participant's name."),
            ),
            CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(name="", other_spellings="", affiliation="", role=ParticipantRole.PARTICIPANT),
                name=f"{PREFIX}_erased_holds_nothing",
                field="name",
                violation_error_message=_("Nothing is kept of a participant who is erased."),
            ),
            together(
                "erased_at",
                "erased_by",
                name="erasure_is_whole",
                message=_("An erasure has a person and a time."),
            ),
            CheckConstraint(
                condition=Q(erased_at__isnull=True, erased_because="")
                | (Q(erased_at__isnull=False) & ~Q(erased_because="")),
                name=f"{PREFIX}_erasure_says_why",
                violation_error_message=_("Say why they are erased."),
            ),
        ]
        triggers = [
            ParticipantsStay(),
            AnnounceWhatShows(of="participant"),
            *(
                AnnounceWhatNumbersHide(operation)
                for operation in (pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete)
            ),
            WaitsForReaders(),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ConsentDisclosure(models.TextChoices):
    NAME = "name", _("Name")
    AFFILIATION = "affiliation", _("Affiliation")
    ATTENDANCE = "attendance", _("Having attended")
    QUOTATION = "quotation", _("Being quoted")


class ConsentQuerySet(models.QuerySet[Any]):
    def effective(self) -> Self:
        """The last answer of each participant on each kind of disclosure, yes or no."""
        return self.order_by("participant_id", "disclosure", "-recorded_at", "-id").distinct(
            "participant_id", "disclosure"
        )


class Consent(RecordedModel, CleanTexts):
    """A participant's answer, yes or no, on one kind of disclosure. Appended; the last one counts."""

    public_rows: ClassVar[Private] = private("It says who agreed to be named, and so who was there.")

    Disclosure = ConsentDisclosure

    restricted: ClassVar[bool] = True

    participant = models.ForeignKey(
        Participant,
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=_("participant"),
    )
    disclosure = models.CharField(_("disclosure"), max_length=12, choices=Disclosure)
    given = models.BooleanField(_("given"), help_text=_("No: refused, or taken back."))
    as_of = models.DateField(_("as of"))
    evidence = models.CharField(
        _("evidence"),
        max_length=300,
        help_text=_("How it was given: form, letter, e-mail. No name: a consent is kept for good."),
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["participant_id", "recorded_at", "id"]
        constraints = [
            one_of("disclosure", ConsentDisclosure),
            CheckConstraint(
                condition=~Q(evidence=""),
                name=f"{PREFIX}_has_its_evidence",
                violation_error_message=_("Say how the consent was given."),
            ),
        ]
        triggers = [AppendOnly(), ConsentsInTurn(), AnnounceWhatShows(of="consent")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Disclosure(RecordedModel):
    """The desk's decision to publish something about a participant, at the event or in one session. Restricted.

    It is a decision, not a permission: the database computes what is shown, in `DisclosedParticipant`, from it, the
    consents and the rule as they are now. To end it, delete it.
    """

    public_rows: ClassVar[Private] = private(
        "It says who is going to be disclosed, and so who was there; who is disclosed stands in a table of its own."
    )

    restricted: ClassVar[bool] = True

    public_id = PublicIdField()
    participant = models.ForeignKey(
        Participant,
        on_delete=models.PROTECT,
        related_name="disclosures",
        verbose_name=_("participant"),
    )
    session = models.ForeignKey(
        Session,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("session"),
        null=True,
        blank=True,
        help_text=_("Empty: at the event as a whole."),
    )
    shows_name = models.BooleanField(_("show the name"), default=False)
    shows_affiliation = models.BooleanField(_("show the affiliation"), default=False)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["participant_id", "id"]
        constraints = [
            CheckConstraint(
                condition=Q(shows_name=True) | Q(shows_affiliation=True),
                name=f"{PREFIX}_shows_something",
                field="shows_name",
                violation_error_message=_("Choose what is shown: the name, the affiliation, or both."),
            ),
            unique(
                "participant",
                "session",
                name="once_per_session",
                field="session",
                message=_("This participant is disclosed there already: take that back first."),
            ),
        ]
        triggers = [ConsentIsRecorded(), AnnounceWhatShows(of="disclosure")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class DisclosedParticipantQuerySet(models.QuerySet[Any]):
    def in_order(self, language: str) -> Self:
        """In the alphabetical order of `language` by name, or by affiliation if no name is shown."""
        shown = Coalesce(NullIf("name", Value("")), "affiliation")
        return self.annotate(sort_name=sort_key_of(shown, language)).order_by("sort_name", "affiliation", "public_id")

    def of_public_events(self, *, at: dt.datetime) -> Self:
        return self.filter(event__in=Event.objects.published(at=at))


class OfPublicEvents(models.Manager.from_queryset(DisclosedParticipantQuerySet)):  # type: ignore[misc]
    """For events that are public by now: before that, only convenors know who will be shown."""

    def get_queryset(self) -> DisclosedParticipantQuerySet:
        shown: DisclosedParticipantQuerySet = super().get_queryset()
        return shown.of_public_events(at=timezone.now())


class DisclosedParticipant(models.Model):
    """What the public reads of a participant; written only by triggers (`events/attribution.py`).

    A row exists only while its event is published, its rule is not off the record and, unless the rule is on the
    record, the consents are given. It has no number of ours, so that gaps or order do not reveal how many other
    participants there were. `name` and `affiliation` are empty if they are not disclosed.
    """

    public_rows: ClassVar[PublicRows] = part_of("event")
    public_from = kept_public_from()

    Role = ParticipantRole

    public_id = models.CharField(primary_key=True, max_length=10)
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, related_name="disclosed_participants")
    session = models.ForeignKey(Session, on_delete=models.DO_NOTHING, related_name="+", null=True)
    role = models.CharField(_("role"), max_length=12, choices=Role)
    name = models.CharField(_("name"), max_length=200, blank=True)
    affiliation = models.CharField(_("affiliation then"), max_length=300, blank=True)

    objects = OfPublicEvents()

    class Meta:
        default_permissions = ()
        verbose_name = _("disclosed participant")
        verbose_name_plural = _("disclosed participants")
        ordering = ["name", "affiliation", "public_id"]
        triggers = [ShowsWhatMayBeShown()]

    def __str__(self) -> str:
        return self.name or self.affiliation
