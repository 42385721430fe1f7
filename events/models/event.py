import datetime as dt
import zoneinfo
from collections.abc import Iterable
from typing import Any, ClassVar, Self

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.attribution import KeepDisclosed, LooseningNeedsConsents
from events.models.series import Series
from partnerships.models import Actor, Partnership, Topic
from publishing.database.clean_text import CleanTexts
from publishing.database.constraints import (
    PREFIX,
    CheckConstraint,
    UniqueConstraint,
    in_order,
    one_of,
    original_present,
    text_present,
    unique,
)
from publishing.database.list_order import empty_last, list_orders
from publishing.database.search_texts import KeepSearchText
from publishing.database.triggers import AnnouncePart
from publishing.public_texts import PublicText, texts_of_parts
from publishing.publication import Publication, PublicationQuerySet
from publishing.reader.public_rows import PublicQuerySet, PublicRows, kept_public_from, part_of


class AttributionRule(models.TextChoices):
    """What may be revealed about who said what.

    Under the Chatham House Rule (Chatham House, 2002) participants are free to use what they heard, but neither the
    identity nor the affiliation of the speakers, nor that of any other participant, may be revealed. A rule that is not
    stated is treated as the Chatham House Rule.
    """

    ON_RECORD = "on_record", _("On the record")
    CHATHAM_HOUSE = "chatham_house", _("Chatham House Rule")
    OFF_RECORD = "off_record", _("Off the record")
    NOT_STATED = "not_stated", _("Not stated")


def effective_rule(rule: str) -> AttributionRule:
    """The rule that applies: not_stated counts as chatham_house."""
    return AttributionRule.CHATHAM_HOUSE if rule == AttributionRule.NOT_STATED else AttributionRule(rule)


class AnnounceOffRecord(pgtrigger.Trigger):
    """Tells mirrors what a rule does to reports: an off-record event's report disappears, and comes back when the rule
    changes.

    A session hides only its own points, so its event's reports count as changed. Nothing else is announced of a report
    while its event is off the record: a trigger in the migration of `events_support` removes such lines from the table
    of changes.
    """

    name = "announce_off_record"
    when = pgtrigger.After
    operation = pgtrigger.UpdateOf("attribution_rule")

    def get_func(self, model: type[models.Model]) -> str:
        turned = "(NEW.attribution_rule = 'off_record') <> (OLD.attribution_rule = 'off_record')"
        announce = {
            "event": "PERFORM events_announce_off_record(NEW.id, NEW.attribution_rule = 'off_record')",
            "session": "PERFORM events_announce_reports(NEW.event_id, NEW.id)",
        }[str(model._meta.model_name)]
        return f"""
            IF {turned} THEN
                {announce};
            END IF;
            RETURN NULL;
        """


class EventQuerySet(PublicationQuerySet):
    def upcoming(self, *, on: dt.date) -> Self:
        """Planned or confirmed events that start on `on` or later, the next one first."""
        return self.filter(
            lifecycle__in=[Event.Lifecycle.PLANNED, Event.Lifecycle.CONFIRMED],
            start_date__gte=on,
        ).order_by("start_date", "id")


class EventKind(models.TextChoices):
    ROUNDTABLE = "roundtable", _("Roundtable")
    STRATEGIC_DIALOGUE = "strategic_dialogue", _("Strategic dialogue")
    WORKSHOP = "workshop", _("Workshop")
    CONFERENCE = "conference", _("Conference")
    LECTURE = "lecture", _("Lecture")
    BRIEFING = "briefing", _("Briefing")


class EventLifecycle(models.TextChoices):
    PLANNED = "planned", _("Planned")
    CONFIRMED = "confirmed", pgettext_lazy("event", "Confirmed")
    HELD = "held", _("Held")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Cancelled")


class EventAttendance(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    MIXED = "mixed", _("In person and online")
    UNKNOWN = "unknown", _("Unknown")


class Event(Publication):
    """A roundtable or another meeting. Its dates may be unknown; its participants are stored elsewhere."""

    Kind = EventKind
    Lifecycle = EventLifecycle
    Attendance = EventAttendance

    identifier_field = "slug"

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    series = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name=_("series"),
        null=True,
        blank=True,
    )
    edition = models.PositiveSmallIntegerField(_("edition"), null=True, blank=True, validators=[MinValueValidator(1)])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    lifecycle = models.CharField(_("lifecycle"), max_length=10, choices=Lifecycle, default=Lifecycle.PLANNED)
    start_date = models.DateField(_("first day"), null=True, blank=True, help_text=_("Empty if unknown."))
    end_date = models.DateField(_("last day"), null=True, blank=True)
    start_time = models.TimeField(_("starts"), null=True, blank=True)
    end_time = models.TimeField(_("ends"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        blank=True,
        help_text=_("IANA name, for example Europe/Istanbul."),
    )
    attendance = models.CharField(_("attendance"), max_length=10, choices=Attendance, default=Attendance.UNKNOWN)
    place = models.CharField(_("place"), max_length=200, blank=True, help_text=_("Empty if unknown."))
    summary = models.TextField(_("summary"), blank=True)
    attribution_rule = models.CharField(
        _("attribution rule"),
        max_length=14,
        choices=AttributionRule,
        default=AttributionRule.NOT_STATED,
    )
    topics = models.ManyToManyField(Topic, related_name="events", verbose_name=_("topics"), blank=True)
    partnerships = models.ManyToManyField(
        Partnership, related_name="events", verbose_name=_("partnerships"), blank=True
    )

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta(Publication.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = [F("start_date").desc(nulls_last=True), "-id"]
        indexes = [
            models.Index(fields=["published_at", "slug"], name="event_by_publication"),
            *list_orders("event_start", "start_date", dt.date, "slug"),
            # The order of the public list.
            models.Index(empty_last("start_date", dt.date, descending=True), F("id"), name="event_list"),
            models.Index(
                fields=["start_date", "id"],
                condition=Q(lifecycle__in=["planned", "confirmed"], series__isnull=False),
                name="event_next_edition",
            ),
        ]
        constraints = [
            *Publication.Meta.constraints,
            one_of("kind", EventKind),
            one_of("lifecycle", EventLifecycle),
            one_of("attendance", EventAttendance),
            one_of("attribution_rule", AttributionRule),
            original_present("name"),
            in_order(
                "start_date",
                "end_date",
                name="dates_in_order",
                field="end_date",
                message=_("An event does not end before it starts."),
            ),
            CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(start_date__isnull=False),
                name=f"{PREFIX}_end_needs_start",
                field="start_date",
                violation_error_message=_("Give the first day too."),
            ),
            CheckConstraint(
                condition=Q(start_time__isnull=True, end_time__isnull=True)
                | (Q(start_time__isnull=False, start_date__isnull=False) & ~Q(time_zone="")),
                name=f"{PREFIX}_time_has_date_and_zone",
                field="time_zone",
                violation_error_message=_("A time needs a first day and a time zone."),
            ),
            CheckConstraint(
                condition=Q(end_time__isnull=True)
                | Q(start_time__isnull=True)
                | Q(end_time__gt=F("start_time"))
                | Q(end_date__isnull=False, end_date__gt=F("start_date")),
                name=f"{PREFIX}_times_in_order",
                field="end_time",
                violation_error_message=_("An event does not end before it starts."),
            ),
            CheckConstraint(
                condition=Q(edition__isnull=True) | Q(series__isnull=False, edition__gte=1),
                name=f"{PREFIX}_edition_is_of_a_series",
                field="edition",
                violation_error_message=_("An edition is numbered from 1, within a series."),
            ),
            UniqueConstraint(
                fields=["series", "edition"],
                name=f"{PREFIX}_one_per_edition",
                field="edition",
                violation_error_message=_("This series already has an event with that edition."),
            ),
        ]
        triggers = [
            *Publication.Meta.triggers,
            LooseningNeedsConsents(of="event"),
            AnnounceOffRecord(),
            KeepDisclosed("attribution_rule", "state", event="id"),
            KeepSearchText("event", title="name", body="summary"),
        ]

    def __str__(self) -> str:
        return self.name or self.slug

    def get_absolute_url(self) -> str:
        return reverse("events:event_detail", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        if self.time_zone and self.time_zone not in zoneinfo.available_timezones():
            raise ValidationError({"time_zone": _("This is no IANA time zone, such as Europe/Istanbul.")})

    def references(self) -> Iterable[Publication]:
        if self.series is not None:
            yield self.series
        for organiser in self.organisers.select_related("actor"):
            yield organiser.actor
        yield from self.topics.all()
        yield from self.partnerships.all()

    def public_texts(self) -> Iterable[PublicText]:
        yield from super().public_texts()
        yield from texts_of_parts(self.sessions.order_by("position", "pk"))

    def rooms(self) -> Iterable[models.Model]:
        return [self]


class Session(CleanTexts):
    """A part of an event's programme; it may have a rule of its own."""

    public_rows: ClassVar[PublicRows] = part_of("event")
    public_from = kept_public_from()

    event = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        related_name="sessions",
        verbose_name=_("event"),
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "position"))
    name = models.CharField(_("name"), max_length=200)
    attribution_rule = models.CharField(
        _("attribution rule"),
        max_length=14,
        choices=AttributionRule,
        blank=True,
        help_text=_("Empty: the rule of the event."),
    )

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["event_id", "position", "id"]
        constraints = [
            one_of("attribution_rule", AttributionRule, blank=True),
            text_present("name"),
            unique(
                "event",
                "position",
                name="once_per_position",
                field="position",
                message=_("Another session stands there."),
            ),
        ]
        triggers = [
            LooseningNeedsConsents(of="session"),
            AnnouncePart("events.Event", "part.event_id"),
            AnnounceOffRecord(),
            KeepDisclosed("attribution_rule", event="event_id"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> AttributionRule:
        """The rule that applies: its own, or that of the event."""
        return effective_rule(self.attribution_rule or self.event.attribution_rule)


class OrganiserRole(models.TextChoices):
    HOST = "host", _("Host")
    CO_ORGANISER = "co_organiser", _("Co-organiser")
    PARTNER = "partner", _("Partner")
    FUNDER = "funder", _("Funder")


class Organiser(models.Model):
    """An actor that hosts, co-organises, partners in or funds an event."""

    public_rows: ClassVar[PublicRows] = part_of("event", "actor")
    public_from = kept_public_from()

    Role = OrganiserRole

    event = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        related_name="organisers",
        verbose_name=_("event"),
    )
    actor = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="organised",
        verbose_name=_("actor"),
    )
    role = models.CharField(_("role"), max_length=14, choices=Role, default=Role.CO_ORGANISER)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")
        ordering = ["event_id", "id"]
        constraints = [
            one_of("role", OrganiserRole),
            unique(
                "event",
                "actor",
                "role",
                name="once_per_role",
                field="actor",
                message=_("This actor already has that role here."),
            ),
        ]
        triggers = [AnnouncePart("events.Event", "part.event_id")]

    def __str__(self) -> str:
        return f"{self.actor} ({self.get_role_display()})"
