import datetime as dt
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    CharField,
    Count,
    F,
    Func,
    Q,
    Value,
)
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.models.actor import Actor
from partnerships.models.partnership import Partnership
from partnerships.models.source import Stance
from partnerships.triggers import RestsOnAnEstablishedClaim
from publishing.database.constraints import (
    PREFIX,
    CheckConstraint,
    UniqueConstraint,
    corrected_once,
    one_of,
    text_present,
)
from publishing.database.triggers import AnnouncePart, CorrectsWithin
from publishing.identifiers import PublicIdField
from publishing.partial_dates.field import (
    PartialDateField,
    bounds,
    bounds_in_order,
    can_be,
    earliest_field,
    latest_field,
)
from publishing.publication import PublicationQuerySet
from publishing.reader.public_rows import PublicQuerySet, PublicRows, kept_public_from, part_of
from publishing.records import Record
from publishing.unique_names import TellsApart


class ActionType(models.TextChoices):
    """What a party can do with an instrument: the acts of the Vienna Convention on the Law of Treaties (1969)."""

    NEGOTIATION_OPENED = "negotiation_opened", _("Negotiation opened")
    INITIALLED = "initialled", _("Initialled")
    SIGNED = "signed", pgettext_lazy("act", "Signed")
    RATIFIED = "ratified", _("Ratified")
    ACCEDED = "acceded", _("Acceded")
    PROVISIONALLY_APPLIED = "provisionally_applied", _("Provisionally applied")
    ENTERED_INTO_FORCE = "entered_into_force", _("Entered into force")
    REGISTERED = "registered", _("Registered")
    AMENDED = "amended", _("Amended")
    SUSPENDED = "suspended", pgettext_lazy("act", "Suspended")
    DENOUNCED = "denounced", _("Denounced")
    TERMINATED = "terminated", _("Terminated")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", pgettext_lazy("act", "Superseded")


IN_FORCE = (ActionType.ENTERED_INTO_FORCE, ActionType.PROVISIONALLY_APPLIED)
ENDING = (
    ActionType.DENOUNCED,
    ActionType.TERMINATED,
    ActionType.EXPIRED,
    ActionType.SUPERSEDED,
)
CONSENT = (ActionType.SIGNED, ActionType.RATIFIED, ActionType.ACCEDED)
BEFORE_CONSENT = (ActionType.NEGOTIATION_OPENED, ActionType.INITIALLED)


class InstrumentQuerySet(PublicQuerySet):
    def with_status(self, *, as_of: dt.date | None = None) -> Self:
        """Adds `status`, derived from the actions known on `as_of` (by default now).

        Each party named by the actions has a status: by the last action, its own or of all parties, that put the
        instrument into force, suspended or ended it. The instrument is in force while it is so for two parties, or for
        one if none has suspended or left it. Without such an action it is signed once a party has consented to be
        bound, under negotiation before that, and unknown without any known action. `instrument_status.status_by` is the
        counterpart in Python.
        """
        status = Func(
            F("pk"),
            Value(as_of, output_field=models.DateField()),
            function="partnerships_instrument_status",
            output_field=CharField(),
        )
        return self.annotate(status=status)

    def with_origins(self, *, sources: PublicationQuerySet | None = None) -> Self:
        """Adds `origins`, the number of independent origins of the claim that it exists, and `articles`, of their
        sources.

        With `sources`, only citations of these count: a number must not reveal what a reader may not see.
        """
        counted = Q(citations__stance=Stance.SUPPORTS)
        if sources is not None:
            counted &= Q(citations__source__in=sources)
        return self.annotate(
            origins=Count("citations__independence_group", filter=counted, distinct=True),
            articles=Count("citations__source", filter=counted, distinct=True),
        )


class InstrumentType(models.TextChoices):
    TREATY = "treaty", _("Treaty")
    AGREEMENT = "agreement", _("Agreement")
    FRAMEWORK = "framework", _("Framework")
    PROTOCOL = "protocol", _("Protocol")
    MEMORANDUM = "memorandum", _("Memorandum")
    EXCHANGE_OF_NOTES = "exchange_of_notes", _("Exchange of notes")
    JOINT_DECLARATION = "joint_declaration", _("Joint declaration")
    STATUS_OF_FORCES = "status_of_forces", _("Status-of-forces agreement")
    IMPLEMENTING_ARRANGEMENT = "implementing_arrangement", _("Implementing arrangement")
    AMENDMENT = "amendment", _("Amendment")
    UNKNOWN = "unknown", _("Unknown")


class InstrumentBinding(models.TextChoices):
    YES = "yes", _("Binding")
    NO = "no", _("Not binding")
    DISPUTED = "disputed", _("Disputed")
    UNKNOWN = "unknown", _("Unknown")


class InstrumentObligationKind(models.TextChoices):
    """ATOP's five (Leeds et al. 2002, Alliance Treaty Obligations and Provisions), or none, or unspecified."""

    DEFENCE = "defence", _("Defence")
    OFFENCE = "offence", _("Offence")
    NEUTRALITY = "neutrality", _("Neutrality")
    NON_AGGRESSION = "non_aggression", _("Non-aggression")
    CONSULTATION = "consultation", _("Consultation")
    NONE = "none", _("None")
    UNSPECIFIED = "unspecified", _("Unspecified")


class InstrumentStatus(models.TextChoices):
    UNDER_NEGOTIATION = "under_negotiation", _("Under negotiation")
    SIGNED = "signed", _("Signed")
    IN_FORCE = "in_force", _("In force")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")
    UNKNOWN = "unknown", _("Unknown")


class Instrument(TellsApart):
    """A treaty or other agreed text of a partnership. Its status is derived from its actions."""

    public_rows: ClassVar[PublicRows] = part_of("partnership")
    public_from = kept_public_from()

    Type = InstrumentType
    Binding = InstrumentBinding
    Obligation = InstrumentObligationKind
    Status = InstrumentStatus

    public_id = PublicIdField()
    partnership = models.ForeignKey(
        Partnership,
        on_delete=models.PROTECT,
        related_name="instruments",
        verbose_name=_("partnership"),
    )
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    type = models.CharField(_("type"), max_length=24, choices=Type, default=Type.UNKNOWN)
    binding = models.CharField(_("binding"), max_length=8, choices=Binding, default=Binding.UNKNOWN)
    description = models.TextField(_("description"), blank=True)
    promoted_from = models.ForeignKey(
        "partnerships.Claim",
        on_delete=models.PROTECT,
        related_name="instruments",
        verbose_name=_("promoted from"),
        null=True,
        blank=True,
        help_text=_("The claim that it exists, once corroborated."),
    )

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["slug"]
        constraints = [
            one_of("type", InstrumentType),
            one_of("binding", InstrumentBinding),
            text_present("name"),
        ]
        triggers = [
            RestsOnAnEstablishedClaim(),
            AnnouncePart("partnerships.Partnership", "part.partnership_id"),
        ]

    def __str__(self) -> str:
        return self.name or self.slug

    def get_absolute_url(self) -> str:
        return f"{self.partnership.get_absolute_url()}#instrument-{self.slug}"


class InstrumentObligation(models.Model):
    """One kind of obligation that an instrument gives its parties."""

    public_rows: ClassVar[PublicRows] = part_of("instrument")
    public_from = kept_public_from()

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="obligations")
    obligation = models.CharField(_("obligation"), max_length=16, choices=Instrument.Obligation)

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = ["instrument_id", "id"]
        constraints = [
            one_of("obligation", InstrumentObligationKind),
            UniqueConstraint(
                fields=["instrument", "obligation"],
                name="%(app_label)s_%(class)s_once",
                field="obligation",
                violation_error_message=_("This obligation is already listed."),
            ),
        ]
        triggers = [
            AnnouncePart(
                "partnerships.Partnership",
                "(SELECT partnership_id FROM partnerships_instrument WHERE id = part.instrument_id)",
            )
        ]

    def __str__(self) -> str:
        return self.get_obligation_display()


class InstrumentAction(Record):
    """What a party (or all of them, if none is named) did with an instrument, and when."""

    public_rows: ClassVar[PublicRows] = part_of("instrument", optional=["party"])
    public_from = kept_public_from()

    instrument = models.ForeignKey(
        Instrument,
        on_delete=models.PROTECT,
        related_name="actions",
        verbose_name=_("instrument"),
    )
    party = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="instrument_actions",
        verbose_name=_("party"),
        null=True,
        blank=True,
        help_text=_("Empty for what concerns all parties."),
    )
    type = models.CharField(_("type"), max_length=24, choices=ActionType)
    date = PartialDateField(_("date"))
    date_earliest = earliest_field()
    date_latest = latest_field()
    note = models.TextField(_("note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("action on an instrument")
        verbose_name_plural = _("actions on instruments")
        ordering = ["instrument_id", "as_of", "recorded_at", "id"]
        constraints = [
            *Record.Meta.constraints,
            corrected_once(),
            one_of("type", ActionType),
            can_be("date"),
            bounds_in_order("date"),
            CheckConstraint(
                condition=Q(date_earliest__isnull=True) | Q(as_of__gte=F("date_earliest")),
                name=f"{PREFIX}_happened_by_then",
                field="as_of",
                violation_error_message=_("This cannot have been true before it happened."),
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            CorrectsWithin("instrument_id"),
            AnnouncePart(
                "partnerships.Partnership",
                "(SELECT partnership_id FROM partnerships_instrument WHERE id = part.instrument_id)",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.date}".strip()

    def clean(self) -> None:
        super().clean()
        as_of: dt.date | None = self.as_of  # None while a form is being filled in
        try:
            first, _last = bounds(self.date) if self.date else (None, None)
        except ValidationError:
            return  # the field has its own error
        if first is not None and as_of is not None and as_of < first:
            raise ValidationError({"as_of": _("This cannot have been true before it happened.")})
