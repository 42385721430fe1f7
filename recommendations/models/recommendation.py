import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar

import pgtrigger
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext, pgettext_lazy

from events.models import Event, Point, Series
from partnerships.models import Actor, Instrument, Partnership, Source, Topic
from partnerships.models.source import refuse_withdrawn_source
from partnerships.triggers import CitesWhatStands
from publishing.database.clean_text import CleanTexts
from publishing.database.constraints import (
    PREFIX,
    CheckConstraint,
    exactly_one,
    not_itself,
    not_own_parent,
    one_of,
    original_present,
    text_present,
    unique,
)
from publishing.database.list_order import list_orders
from publishing.database.search_texts import KeepSearchText
from publishing.database.triggers import AnnouncePart, AppendOnly, NoCycle, literal
from publishing.public_texts import PublicText, texts_of_parts
from publishing.publication import Publication, PublicationState
from publishing.reader.public_rows import (
    Private,
    PublicQuerySet,
    PublicRows,
    kept_public_from,
    part_of,
    private,
    published,
)
from recommendations.lifecycle.triggers import KeepCurrentStatus
from recommendations.querysets.rollup import AddresseeQuerySet, RecommendationQuerySet

REFERENCE = r"R-[0-9]{4}-[0-9]{3,}"


class PointIsOfItsEvent(pgtrigger.Trigger):
    """The point a recommendation came from was made at the recommendation's own event."""

    name = "point_is_of_its_event"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    condition = pgtrigger.Q(new__point__isnull=False)
    refusal = gettext_noop("The point was made at another event.")

    def get_func(self, model: type[models.Model]) -> str:
        return f"""
            IF NOT EXISTS (
                SELECT 1 FROM events_point AS point JOIN events_report AS report ON report.id = point.report_id
                WHERE point.id = NEW.point_id AND report.event_id = NEW.event_id
            ) THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{model._meta.db_table}', COLUMN = 'point_id',
                          CONSTRAINT = '{model._meta.db_table}_point_is_of_its_event';
            END IF;
            RETURN NEW;
        """


class ReferencesAreNeverReused(pgtrigger.Trigger):
    """Stores every reference ever assigned, also those of deleted drafts, so that none is reused or changed."""

    name = "references_are_never_reused"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    refusal = gettext_noop("A reference is permanent.")

    def get_func(self, model: type[models.Model]) -> str:
        return f"""
            IF TG_OP = 'UPDATE' THEN
                IF NEW.reference IS DISTINCT FROM OLD.reference THEN
                    RAISE EXCEPTION {literal(self.refusal)}
                        USING ERRCODE = 'check_violation', TABLE = '{model._meta.db_table}', COLUMN = 'reference',
                              CONSTRAINT = '{model._meta.db_table}_reference_is_permanent';
                END IF;
            ELSE
                INSERT INTO recommendations_reference (reference) VALUES (NEW.reference);
            END IF;
            RETURN NEW;
        """


class Reference(models.Model):
    """A reference that was assigned once and is never reused. Filled by a trigger."""

    public_rows: ClassVar[Private] = private("It holds every reference that was ever given, also to drafts.")

    reference = models.CharField(_("reference"), max_length=20, primary_key=True)

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["reference"]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return self.reference


class RecommendationStrength(models.TextChoices):
    KEY = "key", _("Key")
    URGED = "urged", _("Urged")
    SUGGESTED = "suggested", _("Suggested")


class Recommendation(Publication):
    """What an event asks to be done. Addressees and follow-up are linked to it."""

    public_rows: ClassVar[PublicRows] = published() & part_of("event")
    public_from = kept_public_from()

    Strength = RecommendationStrength

    identifier_field = "reference"

    reference = models.CharField(
        _("reference"),
        max_length=20,
        unique=True,
        help_text=_("R-year-number: the year in which the desk numbered it, not a date of the event."),
        validators=[RegexValidator(rf"\A{REFERENCE}\Z", _("For example R-2025-001."))],
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), help_text=_("As the report words it."))
    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        related_name="recommendations",
        verbose_name=_("event"),
    )
    point = models.ForeignKey(
        Point,
        on_delete=models.PROTECT,
        related_name="recommendations",
        verbose_name=_("point"),
        null=True,
        blank=True,
        help_text=_("The point of the report that it came from."),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="parts",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        help_text=_("The compound recommendation that it was split from."),
    )
    strength = models.CharField(_("strength"), max_length=10, choices=Strength)
    topics = models.ManyToManyField(Topic, related_name="recommendations", verbose_name=_("topics"), blank=True)
    partnerships = models.ManyToManyField(
        Partnership,
        related_name="recommendations",
        verbose_name=_("partnerships"),
        blank=True,
    )
    test_of_done = models.TextField(
        _("test of done"),
        blank=True,
        help_text=_("What would have to be seen to call it implemented."),
    )
    target_date = models.DateField(_("target date"), null=True, blank=True)
    priority = models.BooleanField(_("priority"), default=False)

    objects: ClassVar[Any] = RecommendationQuerySet.as_manager()

    class Meta(Publication.Meta):
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["reference"]
        indexes = [
            models.Index(
                fields=["target_date", "id"],
                condition=Q(target_date__isnull=False, state=PublicationState.PUBLISHED),
                name="recommendation_by_target",
            ),
            *list_orders("recommendation_target", "target_date", dt.date, "reference"),
            models.Index(fields=["published_at", "reference"], name="recommendation_by_publication"),
            # The order of the public list, so that its first page reads no more than it shows.
            models.Index(Substr("reference", 3, 4).desc(), "reference", name="recommendation_list"),
        ]
        constraints = [
            *Publication.Meta.constraints,
            one_of("strength", RecommendationStrength),
            original_present("title"),
            original_present("text"),
            not_own_parent(),
            CheckConstraint(
                condition=Q(reference__regex=rf"^{REFERENCE}$"),
                name=f"{PREFIX}_reference_is_one",
                violation_error_message=_("A reference reads R-year-number, for example R-2025-001."),
            ),
        ]
        triggers = [
            *Publication.Meta.triggers,
            NoCycle(target="parent_id"),
            PointIsOfItsEvent(),
            ReferencesAreNeverReused(),
            KeepSearchText("recommendation", title="title", body="text", reference="reference"),
        ]

    rollup: dict[str, Any]
    """What `with_rollup` adds, as the database returns it."""

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()

    @property
    def state_rolled_up(self) -> str:
        """The state over its addressees; like all of the following, only with `with_rollup`."""
        return str(self.rollup["state"])

    @property
    def response_rolled_up(self) -> str:
        return str(self.rollup["response"])

    @property
    def checked_date(self) -> dt.date | None:
        """The as-of date of the latest entry of the addressees that count."""
        found = self.rollup["checked_date"]
        return dt.date.fromisoformat(found) if found is not None else None

    @property
    def is_overdue(self) -> bool:
        return bool(self.rollup["is_overdue"])

    @property
    def overdue_since(self) -> dt.date | None:
        """The first day on which it is overdue: the day after its target date."""
        return self.target_date + dt.timedelta(days=1) if self.target_date and self.is_overdue else None

    @property
    def is_stale(self) -> bool:
        return bool(self.rollup["is_stale"])

    @property
    def turn(self) -> str:
        """Who has to act next, a `Turn`."""
        return str(self.rollup["turn"])

    def get_absolute_url(self) -> str:
        return reverse("recommendations:recommendation_detail", args=[self.reference])

    def is_published(self, *, at: dt.datetime) -> bool:
        return super().is_published(at=at) and self.event.is_published(at=at)

    def references(self) -> Iterable[Publication]:
        yield self.event
        if self.point is not None and not self.point.is_off_record:  # not shown to anybody
            yield self.point.report
        if self.parent is not None:
            yield self.parent
        addressees = self.addressees.select_related("actor").prefetch_related(
            "responses__source", "entries__evidence__source", "entries__successor", "entries__on_behalf_of"
        )
        for addressee in addressees:
            yield addressee.actor
            yield from (response.source for response in addressee.responses.all() if response.source is not None)
            for entry in addressee.entries.all():
                yield from (item.source for item in entry.evidence.all() if not item.is_being_read)
                yield from (thing for thing in (entry.successor, entry.on_behalf_of) if thing is not None)
        for link in self.links.select_related("target"):
            yield link.target
        yield from self.topics.all()
        yield from self.partnerships.all()
        for fulfilment in self.fulfilments.select_related("series", "event", "source", "instrument__partnership"):
            yield fulfilment.publication

    def public_texts(self) -> Iterable[PublicText]:
        yield from super().public_texts()
        yield from texts_of_parts(self.objectives.order_by("position", "pk"))
        yield from texts_of_parts(self.fulfilments.order_by("pk"))
        for addressee in self.addressees.order_by("pk"):
            yield from texts_of_parts(addressee.responses.order_by("pk"))
            for entry in addressee.entries.order_by("pk"):
                yield from texts_of_parts([entry], numbered=False)
                yield from texts_of_parts(entry.evidence.order_by("pk"))

    def rooms(self) -> Iterable[models.Model]:
        return [self.event]


class Objective(CleanTexts):
    """One aim that a recommendation names."""

    public_rows: ClassVar[PublicRows] = part_of("recommendation")
    public_from = kept_public_from()

    recommendation = models.ForeignKey(
        Recommendation,
        on_delete=models.CASCADE,
        related_name="objectives",
        verbose_name=_("recommendation"),
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "position"))
    text = models.CharField(_("text"), max_length=300)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["recommendation_id", "position", "id"]
        constraints = [
            text_present("text"),
            unique(
                "recommendation",
                "position",
                name="once_per_position",
                field="position",
                message=_("Another objective stands there."),
            ),
        ]
        triggers = [AnnouncePart("recommendations.Recommendation", "part.recommendation_id")]

    def __str__(self) -> str:
        return self.text


class RecommendationLinkType(models.TextChoices):
    REITERATES = "reiterates", _("Reiterates")
    STRENGTHENS = "strengthens", _("Strengthens")
    NARROWS = "narrows", _("Narrows")
    SPLITS = "splits", _("Splits")
    MERGES = "merges", _("Merges")
    SUPERSEDES = "supersedes", _("Supersedes")


class RecommendationLink(models.Model):
    """What a later recommendation does to an earlier one, read from `source` to `target`."""

    public_rows: ClassVar[PublicRows] = part_of("source", "target")
    public_from = kept_public_from()

    Type = RecommendationLinkType

    source = models.ForeignKey(
        Recommendation,
        on_delete=models.CASCADE,
        related_name="links",
        verbose_name=_("from"),
    )
    type = models.CharField(_("type"), max_length=12, choices=Type)
    target = models.ForeignKey(
        Recommendation,
        on_delete=models.PROTECT,
        related_name="linked_from",
        verbose_name=_("to"),
    )

    class Meta:
        verbose_name = _("link to a recommendation")
        verbose_name_plural = _("links to recommendations")
        ordering = ["source_id", "id"]
        constraints = [
            one_of("type", RecommendationLinkType),
            not_itself("source", "target"),
            unique(
                "source",
                "type",
                "target",
                name="once",
                field="target",
                message=_("This link is already there."),
            ),
        ]
        triggers = [
            NoCycle(source="source_id", target="target_id"),
            AnnouncePart(
                "recommendations.Recommendation",
                "part.source_id",
                name="announce_source",
            ),
            AnnouncePart(
                "recommendations.Recommendation",
                "part.target_id",
                name="announce_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} – {self.get_type_display()} – {self.target}"


FULFILLED_BY = ("series", "event", "instrument", "source")


class Fulfilment(CleanTexts):
    """What fulfilled a recommendation: one of our own series or events, an instrument, or what a source shows."""

    public_rows: ClassVar[PublicRows] = part_of("recommendation", optional=["series", "event", "instrument", "source"])
    public_from = kept_public_from()

    recommendation = models.ForeignKey(
        Recommendation,
        on_delete=models.CASCADE,
        related_name="fulfilments",
        verbose_name=_("recommendation"),
    )
    series = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        related_name="fulfilments",
        verbose_name=_("series"),
        null=True,
        blank=True,
    )
    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        related_name="fulfilments",
        verbose_name=_("event"),
        null=True,
        blank=True,
    )
    instrument = models.ForeignKey(
        Instrument,
        on_delete=models.PROTECT,
        related_name="fulfilments",
        verbose_name=_("instrument"),
        null=True,
        blank=True,
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="fulfilments",
        verbose_name=_("source"),
        null=True,
        blank=True,
    )
    note = models.TextField(_("note"), blank=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("fulfilment")
        verbose_name_plural = _("fulfilments")
        ordering = ["recommendation_id", "id"]
        constraints = [
            exactly_one(
                FULFILLED_BY,
                name="by_one_thing",
                field="series",
                message=_("Name exactly one thing that fulfilled it."),
            ),
            unique(
                "recommendation",
                *FULFILLED_BY,
                name="once",
                field="series",
                message=_("This is already listed."),
            ),
        ]
        triggers = [
            CitesWhatStands(operation=pgtrigger.Insert | pgtrigger.UpdateOf("source_id")),
            AnnouncePart("recommendations.Recommendation", "part.recommendation_id"),
        ]

    def __str__(self) -> str:
        return str(self.what)

    def clean(self) -> None:
        super().clean()
        refuse_withdrawn_source(self)

    @property
    def what(self) -> Series | Event | Instrument | Source:
        """The thing that fulfilled it."""
        found = self.series or self.event or self.instrument or self.source
        if found is None:
            raise ValueError("A fulfilment names one thing.")
        return found

    @property
    def publication(self) -> Publication:
        """The publication that makes `what` public."""
        return self.what.partnership if isinstance(self.what, Instrument) else self.what


class AddresseeRole(models.TextChoices):
    LEAD = "lead", _("Lead")
    SUPPORT = "support", _("Support")


class AddresseeBasis(models.TextChoices):
    """Whether the report names the addressee, or the desk inferred it: reports of roundtables often name none."""

    STATED = "stated", _("Named in the report")
    INFERRED = "inferred", _("Inferred by the desk")


def to_whom() -> str:
    """The arrow between a recommendation and its addressee, in the direction of the page."""
    return pgettext("from what is asked to whom", "→")


class Addressee(models.Model):
    """An actor that a recommendation is addressed to. Response and implementation are held here."""

    public_rows: ClassVar[PublicRows] = part_of("recommendation", "actor")
    public_from = kept_public_from()

    Role = AddresseeRole
    Basis = AddresseeBasis

    recommendation = models.ForeignKey(
        Recommendation,
        on_delete=models.CASCADE,
        related_name="addressees",
        verbose_name=_("recommendation"),
    )
    actor = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="addressed",
        verbose_name=_("actor"),
    )
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.LEAD)
    basis = models.CharField(_("basis"), max_length=8, choices=Basis, default=Basis.STATED)

    objects = AddresseeQuerySet.as_manager()

    class Meta:
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")
        ordering = ["recommendation_id", "id"]
        constraints = [
            one_of("role", AddresseeRole),
            one_of("basis", AddresseeBasis),
            unique(
                "recommendation",
                "actor",
                name="once_per_actor",
                field="actor",
                message=_("It is already addressed to this actor."),
            ),
        ]
        triggers = [
            KeepCurrentStatus("NEW.id", operation=pgtrigger.Insert | pgtrigger.Update),
            AnnouncePart("recommendations.Recommendation", "part.recommendation_id"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation.reference} {to_whom()} {self.actor}"
