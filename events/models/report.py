import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar, Self

import pgtrigger
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.event import AttributionRule, Event, Session
from events.models.support import GroupIsTooSmall, PointSupport, SupportIsShown
from events.models.support import Support as SupportRow
from events.triggers import ClearanceIsOfTheWords, HasItsSupport, OffRecordIsNotPublished, SingleVoicesAreCleared
from partnerships.models import Source, Topic
from publishing.database.clean_text import CleanTexts
from publishing.database.constraints import (
    PREFIX,
    CheckConstraint,
    UniqueConstraint,
    one_of,
    original_present,
    text_present,
    unique,
)
from publishing.database.search_texts import KeepSearchText
from publishing.database.triggers import AnnouncePart, NoCycle
from publishing.identifiers import PublicIdField
from publishing.public_texts import PublicText, texts_of_parts
from publishing.publication import Publication
from publishing.reader.public_rows import PublicQuerySet, PublicRows, kept_public_from, part_of, published, unless
from publishing.roles import reads_drafts

CLEARED_WHEN_PUBLIC = "events.Support:single_voices_are_cleared"
"""The trigger that checks a single voice; deferred while words and clearance are written one after the other."""


class Report(Publication):
    """The result of an event in our words: its summary and its points. Every edit makes a version."""

    public_rows: ClassVar[PublicRows] = (
        published()
        & part_of("event")
        & unless(
            "event",
            column="attribution_rule",
            value="off_record",
            words="whose event is not off the record",
            why="Nothing that was said off the record is public.",
        )
    )
    public_from = kept_public_from()

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
        indexes = [models.Index(fields=["published_at", "public_id"], name="report_by_publication")]
        constraints = [*Publication.Meta.constraints, original_present("title")]
        triggers = [
            *Publication.Meta.triggers,
            OffRecordIsNotPublished(of="report"),
            SingleVoicesAreCleared(of="report"),
            KeepSearchText("report", title="title", body="summary"),
        ]

    def __str__(self) -> str:
        return self.title or self.public_id

    def get_absolute_url(self) -> str:
        return self.event.get_absolute_url()

    def is_published(self, *, at: dt.datetime) -> bool:
        return (
            super().is_published(at=at)
            and self.event.is_published(at=at)
            and self.event.attribution_rule != AttributionRule.OFF_RECORD
        )

    def references(self) -> Iterable[Publication]:
        yield self.event
        if self.source is not None:
            yield self.source
        for point in self.points.prefetch_related("topics"):
            yield from point.topics.all()

    def public_texts(self) -> Iterable[PublicText]:
        yield from super().public_texts()
        yield from texts_of_parts(self.points.order_by("position", "pk"))

    def rooms(self) -> Iterable[models.Model]:
        return [self.event]


class PointQuerySet(PublicQuerySet):
    def with_support(self) -> Self:
        """Each point with the row of its support; `point.support` then needs no further query."""
        return self.select_related("graded")

    def for_the_desk(self) -> Self:
        """All points, each with its support, and with whether the public sees that."""
        return self.with_support().annotate(group_is_too_small=GroupIsTooSmall("report__event_id", "session_id"))

    def visible_to(self, user: Any, *, at: dt.datetime | None = None) -> Self:
        """Points that `user` may see.

        Each has its support as far as `user` may see it: none if the group was too small to show it. The desk sees it,
        and `group_is_too_small` says what the public does not see. What was said in an off-record session is only for
        the desk.
        """
        if reads_drafts(user):
            return self.for_the_desk()
        return super().visible_to(user, at=at).with_support().annotate(support_is_shown=SupportIsShown("pk"))

    def uncleared(self) -> Self:
        """Points of a single voice that no second editor has cleared."""
        return self.filter(graded__grade=Point.Support.ONE_PARTICIPANT, graded__cleared_by__isnull=True)

    def to_decide(self) -> Self:
        """Points with a proposed rewording that waits for a second editor."""
        return self.filter(rewordings__outcome="pending")


class PointKind(models.TextChoices):
    CONCLUSION = "conclusion", _("Conclusion")
    AGREEMENT = "agreement", pgettext_lazy("point", "Agreement")
    DIVERGENCE = "divergence", _("Divergence")
    CAVEAT = "caveat", _("Caveat")
    OPPORTUNITY = "opportunity", _("Opportunity")
    CALL = "call", _("Call")
    OBSERVATION = "observation", _("Observation")
    DEFINITION = "definition", _("Definition")


def of_its_support(column: str) -> property:
    """An attribute of a point that is stored in the row of its support; see `Point`."""

    def read(point: "Point") -> Any:
        support = point.its_support
        return getattr(support, column) if support is not None else None

    def write(point: "Point", value: Any) -> None:
        support = point.its_support
        if support is None:
            raise ValueError("Who may not see the support of a point does not change it.")
        setattr(support, column, value)
        support.unsaved.add(column)

    return property(read, write)


class Point(CleanTexts):
    """One thing that was said, and how widely it was supported; never by whom.

    Support, and the clearance of a single voice, which would reveal it, are in a row of their own
    (`events.models.Support`), because the public may not always see them. They are used like columns: `point.support`,
    `cleared_by` and `cleared_at` are read from that row, and `Point(support=…)` or `point.support = …` is written by
    `save()`. For a reader who may not see the row all three are None. Lists load it with `with_support()` or
    `visible_to()`; a lookup uses `graded__grade`.
    """

    public_rows: ClassVar[PublicRows] = part_of("report") & unless(
        "session",
        column="attribution_rule",
        value="off_record",
        words="whose session, where there is one, is not off the record",
        why="Nothing that was said off the record is public.",
    )
    public_from = kept_public_from()

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
    support = of_its_support("grade")
    cleared_by = of_its_support("cleared_by")
    cleared_at = of_its_support("cleared_at")

    support_is_shown: bool = True
    """False on points that were read for somebody who may not see their support."""
    group_is_too_small: bool = False
    """True on points that were read for the desk, if the public may not see the support."""

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = _("point")
        verbose_name_plural = _("points")
        ordering = ["report_id", "position", "id"]
        constraints = [
            one_of("kind", PointKind),
            text_present("text"),
            CheckConstraint(
                condition=~Q(qualifies=F("id")),
                name=f"{PREFIX}_not_to_itself",
                field="qualifies",
                violation_error_message=_("A point does not qualify itself."),
            ),
            unique(
                "report",
                "position",
                name="once_per_position",
                field="position",
                message=_("Another point stands there."),
            ),
            UniqueConstraint(
                fields=["report", "key"],
                name=f"{PREFIX}_one_per_key",
                violation_error_message=_("Another point of this report has this key."),
            ),
        ]
        triggers = [
            NoCycle(target="qualifies_id"),
            HasItsSupport(),
            ClearanceIsOfTheWords(of="point"),
            OffRecordIsNotPublished(of="point"),
            SingleVoicesAreCleared(of="point"),
            AnnouncePart("events.Report", "part.report_id"),
            KeepSearchText("point", body="text"),
        ]

    def __str__(self) -> str:
        return self.text or self.public_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Also saves the support if that was changed, so that words and clearance change in one step."""
        support = self.its_support if "graded" in self._state.fields_cache else None
        if support is None or not support.unsaved:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            pgtrigger.constraints(pgtrigger.Deferred, CLEARED_WHEN_PUBLIC)
            super().save(*args, **kwargs)
            support.save_of(self)
            pgtrigger.constraints(pgtrigger.Immediate, CLEARED_WHEN_PUBLIC)

    @property
    def its_support(self) -> SupportRow | None:
        """The row of its support; None if the reader may not see it."""
        if not self.support_is_shown:
            return None
        row: Any = self  # the type checker does not know the reverse relation
        if self._state.adding and "graded" not in self._state.fields_cache:
            row.graded = apps.get_model("events.Support")()  # the database creates it with the point
        try:
            support: SupportRow = row.graded
        except ObjectDoesNotExist:
            return None
        return support

    @property
    def is_single_voice(self) -> bool:
        """Whether only one participant said it, as far as the reader may know."""
        return bool(self.support == PointSupport.ONE_PARTICIPANT)

    @property
    def is_cleared(self) -> bool:
        """Whether a second editor has cleared it for publication."""
        return self.cleared_at is not None

    @property
    def is_off_record(self) -> bool:
        """Whether it was said off the record, by the rule of its session or of its event."""
        rules = [self.report.event.attribution_rule, self.session.attribution_rule if self.session else ""]
        return AttributionRule.OFF_RECORD in rules

    def get_support_display(self) -> str:
        """The grade of its support in words; empty if the reader may not see it."""
        return str(PointSupport(self.support).label) if self.support is not None else ""

    def get_absolute_url(self) -> str:
        return f"{self.report.event.get_absolute_url()}#point-{self.public_id}"
