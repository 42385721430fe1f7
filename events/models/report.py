import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.event import Event, Session
from partnerships.constraints import (
    PREFIX,
    one_of,
    original_present,
    text_present,
    together,
    unique,
)
from partnerships.models import Source, Topic
from partnerships.publication import Publication, PublicIdField
from partnerships.triggers import AnnouncePart, NoCycle


class SingleVoicesAreCleared(pgtrigger.Trigger):
    """A report with an uncleared point of a single voice does not become public, nor such a point in a public one."""

    name = "single_voices_are_cleared"
    when = pgtrigger.Before

    def __init__(self, *, of: str) -> None:
        self.of = of
        super().__init__(operation=pgtrigger.Insert | pgtrigger.Update)

    def get_func(self, model: type[models.Model]) -> str:
        uncleared = {
            "report": """NEW.state = 'published' AND EXISTS (
                SELECT 1 FROM events_point AS point WHERE point.report_id = NEW.id
                AND point.support = 'one_participant' AND point.cleared_by_id IS NULL)""",
            "point": """NEW.support = 'one_participant' AND NEW.cleared_by_id IS NULL AND EXISTS (
                SELECT 1 FROM events_report AS report WHERE report.id = NEW.report_id AND report.state = 'published')""",
        }[self.of]
        return f"""
            IF {uncleared} THEN
                RAISE EXCEPTION 'A point of a single voice needs a second editor''s clearance before it is published.'
                    USING ERRCODE = 'check_violation', TABLE = '{model._meta.db_table}',
                          CONSTRAINT = '{model._meta.db_table}_single_voices_are_cleared';
            END IF;
            RETURN NEW;
        """


class ClearanceIsOfTheWords(pgtrigger.Trigger):
    """A point that is reworded, or becomes a single voice, loses the clearance it had for other words."""

    name = "clearance_is_of_the_words"  # fires before single_voices_are_cleared, which comes later in the alphabet
    when = pgtrigger.Before
    operation = pgtrigger.Update

    def get_func(self, model: type[models.Model]) -> str:
        return """
            IF NEW.cleared_at IS NOT DISTINCT FROM OLD.cleared_at
               AND (NEW.text_en, NEW.text_tr, NEW.text_ar, NEW.support)
                   IS DISTINCT FROM (OLD.text_en, OLD.text_tr, OLD.text_ar, OLD.support)
            THEN
                NEW.cleared_by_id := NULL;
                NEW.cleared_at := NULL;
            END IF;
            RETURN NEW;
        """


class Report(Publication):
    """What an event came to, in our words: its summary and its points. Versioned as it is edited."""

    key = models.SlugField(
        _("key"),
        max_length=80,
        unique=True,
        null=True,
        blank=True,
        help_text=_("What knowledge files call it; empty for one that no file names."),
    )
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="reports", verbose_name=_("event"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="reports",
        verbose_name=_("source"),
        null=True,
        blank=True,
        help_text=_("The published text that this report rests on, where there is one."),
    )

    class Meta(Publication.Meta):
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["event_id", "id"]
        constraints = [*Publication.Meta.constraints, original_present("title")]
        triggers = [*Publication.Meta.triggers, SingleVoicesAreCleared(of="report")]

    def __str__(self) -> str:
        return self.title or self.public_id

    def get_absolute_url(self) -> str:
        return self.event.get_absolute_url()

    def references(self) -> Iterable[Publication]:
        yield self.event
        if self.source is not None:
            yield self.source
        for point in self.points.prefetch_related("topics"):
            yield from point.topics.all()


class PointQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, *, at: dt.datetime | None = None) -> Self:
        """Points of the reports, of the events, that `user` may see: a part is public with its whole."""
        return self.filter(
            report__in=Report.objects.visible_to(user, at=at),
            report__event__in=Event.objects.visible_to(user, at=at),
        )

    def uncleared(self) -> Self:
        """Points of a single voice that no second editor has cleared."""
        return self.filter(support=Point.Support.ONE_PARTICIPANT, cleared_by__isnull=True)


class PointKind(models.TextChoices):
    CONCLUSION = "conclusion", _("Conclusion")
    AGREEMENT = "agreement", pgettext_lazy("point", "Agreement")
    DIVERGENCE = "divergence", _("Divergence")
    CAVEAT = "caveat", _("Caveat")
    OPPORTUNITY = "opportunity", _("Opportunity")
    CALL = "call", _("Call")
    OBSERVATION = "observation", _("Observation")
    DEFINITION = "definition", _("Definition")


class PointSupport(models.TextChoices):
    CONSENSUS = "consensus", _("Consensus")
    BROAD = "broad", _("Broad support")
    RECURRING = "recurring", _("Recurring")
    ARGUED = "argued", _("Argued")
    ONE_PARTICIPANT = "one_participant", _("One participant")
    NARRATIVE = "narrative", _("Told by the report")


class Point(models.Model):
    """One thing that was said, and how widely it was supported; never by whom."""

    Kind = PointKind
    Support = PointSupport

    public_id = PublicIdField()
    key = models.SlugField(
        _("key"),
        max_length=80,
        null=True,
        blank=True,
        help_text=_("What knowledge files call it."),
    )
    report = models.ForeignKey(
        Report,
        on_delete=models.CASCADE,
        related_name="points",
        verbose_name=_("report"),
    )
    session = models.ForeignKey(
        Session,
        on_delete=models.PROTECT,
        related_name="points",
        verbose_name=_("session"),
        null=True,
        blank=True,
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "position"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    support = models.CharField(_("support"), max_length=16, choices=Support, default=Support.NARRATIVE)
    text = models.TextField(_("text"))
    qualifies = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="qualified_by",
        verbose_name=_("qualifies"),
        null=True,
        blank=True,
    )
    topics = models.ManyToManyField(Topic, related_name="points", verbose_name=_("topics"), blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("cleared by"),
        null=True,
        blank=True,
        editable=False,
    )
    cleared_at = models.DateTimeField(_("cleared at"), null=True, blank=True, editable=False)

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = _("point")
        verbose_name_plural = _("points")
        ordering = ["report_id", "position", "id"]
        constraints = [
            one_of("kind", PointKind),
            one_of("support", PointSupport),
            text_present("text"),
            together(
                "cleared_by",
                "cleared_at",
                name="clearance_is_whole",
                message=_("A clearance has a person and a time."),
            ),
            models.CheckConstraint(
                condition=~Q(qualifies=F("id")),
                name=f"{PREFIX}_not_to_itself",
                violation_error_message=_("A point does not qualify itself."),
            ),
            unique(
                "report",
                "position",
                name="once_per_position",
                message=_("Another point stands there."),
            ),
            models.UniqueConstraint(
                fields=["report", "key"],
                name=f"{PREFIX}_one_per_key",
                violation_error_message=_("Another point of this report has this key."),
            ),
        ]
        triggers = [
            NoCycle(target="qualifies_id"),
            ClearanceIsOfTheWords(),
            SingleVoicesAreCleared(of="point"),
            AnnouncePart("events.Report", "part.report_id"),
        ]

    def __str__(self) -> str:
        return self.text or self.public_id

    def get_absolute_url(self) -> str:
        return f"{self.report.event.get_absolute_url()}#point-{self.public_id}"


class Document(models.Model):
    """A file of an event, as it was uploaded: for the desk only."""

    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        related_name="documents",
        verbose_name=_("event"),
    )
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to="documents/")
    document_language = models.CharField(
        _("language"),
        max_length=8,
        blank=True,
        help_text=_("ISO 639 code; empty if unknown."),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["event_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(file=""),
                name=f"{PREFIX}_has_a_file",
                violation_error_message=_("Choose a file."),
            ),
            text_present("title"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
