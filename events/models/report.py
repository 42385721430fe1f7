import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pgtrigger
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from events.models.event import AttributionRule, Event, Session
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
from publishing.database.triggers import AnnouncePart, NoCycle, literal
from publishing.identifiers import PublicIdField
from publishing.public_texts import PublicText, texts_of_parts
from publishing.publication import Publication, PublicationQuerySet
from publishing.reader.public_rows import PublicRows, part_of, published, where
from publishing.roles import reads_drafts

if TYPE_CHECKING:
    from events.models.support import Support as SupportRow

CLEARED_WHEN_PUBLIC = "events.Support:single_voices_are_cleared"
"""The trigger that judges a single voice; put off where words and clearance are written one after the other."""


class SingleVoicesAreCleared(pgtrigger.Trigger):
    """A report with an uncleared point of a single voice does not become public, nor such a point in a public one.

    On a report it is judged before anything is written. On a point and on its support it is judged
    when the statement is done, and can be put off within a transaction (`pgtrigger.constraints`):
    words and their clearance stand in two rows, and change together.
    """

    name = "single_voices_are_cleared"
    refusal = gettext_noop("A point of a single voice needs a second editor's clearance before it is published.")

    def __init__(self, *, of: str) -> None:
        self.of = of
        if of == "report":
            super().__init__(when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update)
            return
        # A new point begins as told by the report; what it becomes is a change of its support.
        is_point = of == "point"
        super().__init__(
            when=pgtrigger.After,
            operation=pgtrigger.Update if is_point else pgtrigger.Insert | pgtrigger.Update,
            condition=pgtrigger.Condition("NEW.report_id <> OLD.report_id") if is_point else None,
            timing=pgtrigger.Immediate,
        )

    def get_func(self, model: type[models.Model]) -> str:
        table = model._meta.db_table
        which = {
            "report": "NEW.state = 'published' AND point.report_id = NEW.id",
            "point": "point.id = NEW.id",
            "support": "point.id = NEW.point_id",
        }[self.of]
        public = "EXISTS (SELECT 1 FROM events_report AS report WHERE report.id = point.report_id AND report.state = 'published')"
        condition = f"""EXISTS (
                SELECT 1 FROM events_support AS support JOIN events_point AS point ON point.id = support.point_id
                WHERE support.grade = 'one_participant' AND support.cleared_by_id IS NULL AND {which}
                AND {"TRUE" if self.of == "report" else public})"""
        return f"""
            IF {condition} THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'support',
                          CONSTRAINT = '{table}_single_voices_are_cleared';
            END IF;
            RETURN NEW;
        """


class ClearanceIsOfTheWords(pgtrigger.Trigger):
    """A point that is reworded, or whose support is graded anew, loses the clearance it had for what it said."""

    name = "clearance_is_of_the_words"

    def __init__(self, *, of: str) -> None:
        self.of = of
        super().__init__(when=pgtrigger.After if of == "point" else pgtrigger.Before, operation=pgtrigger.Update)

    def get_func(self, model: type[models.Model]) -> str:
        if self.of == "point":
            return """
                IF (NEW.text_en, NEW.text_tr, NEW.text_ar) IS DISTINCT FROM (OLD.text_en, OLD.text_tr, OLD.text_ar) THEN
                    UPDATE events_support SET cleared_by_id = NULL, cleared_at = NULL
                        WHERE point_id = NEW.id AND cleared_by_id IS NOT NULL;
                END IF;
                RETURN NULL;
            """
        return """
            IF NEW.cleared_at IS NOT DISTINCT FROM OLD.cleared_at AND NEW.grade <> OLD.grade THEN
                NEW.cleared_by_id := NULL;
                NEW.cleared_at := NULL;
            END IF;
            RETURN NEW;
        """


class OffRecordIsNotPublished(pgtrigger.Trigger):
    """What was said off the record is not published: no report of such an event, no point of such a session.

    What is public already when a rule is tightened vanishes at once, by the row policies; nothing has
    to be withdrawn first, and so nothing stands in the way of tightening it.
    """

    name = "off_record_is_not_published"
    refusal_of_report = gettext_noop("This event is off the record: no report of it is published.")
    refusal_of_points = gettext_noop(
        "A point was made in a session that is off the record: take it out of the report first."
    )
    refusal_of_point = gettext_noop("This session is off the record: no point of it is published.")
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, *, of: str) -> None:
        self.of = of
        super().__init__()

    def get_func(self, model: type[models.Model]) -> str:
        table = model._meta.db_table

        def refusal(message: str, column: str) -> str:
            return f"""RAISE EXCEPTION {literal(message)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = '{column}',
                          CONSTRAINT = '{table}_off_record_is_not_published'"""

        if self.of == "report":
            return f"""
            IF NEW.state <> 'published' OR (TG_OP = 'UPDATE'
                AND OLD.state = 'published' AND NEW.event_id = OLD.event_id)
            THEN
                RETURN NEW;
            END IF;
            IF EXISTS (SELECT 1 FROM events_event AS event
                WHERE event.id = NEW.event_id AND event.attribution_rule = 'off_record')
            THEN
                {refusal(self.refusal_of_report, "event_id")};
            END IF;
            IF EXISTS (SELECT 1 FROM events_point AS point JOIN events_session AS session ON session.id = point.session_id
                WHERE point.report_id = NEW.id AND session.attribution_rule = 'off_record')
            THEN
                {refusal(self.refusal_of_points, "event_id")};
            END IF;
            RETURN NEW;
            """
        return f"""
            IF NEW.session_id IS NULL OR (TG_OP = 'UPDATE'
                AND NEW.session_id IS NOT DISTINCT FROM OLD.session_id AND NEW.report_id = OLD.report_id)
            THEN
                RETURN NEW;
            END IF;
            IF EXISTS (SELECT 1 FROM events_session AS session, events_report AS report
                WHERE session.id = NEW.session_id AND session.attribution_rule = 'off_record'
                AND report.id = NEW.report_id AND report.state = 'published')
            THEN
                {refusal(self.refusal_of_point, "session_id")};
            END IF;
            RETURN NEW;
        """


class HasItsSupport(pgtrigger.Trigger):
    """Every point has one row in the table of support, from the beginning; it begins as told by the report."""

    name = "has_its_support"
    when = pgtrigger.After
    operation = pgtrigger.Insert

    def get_func(self, model: type[models.Model]) -> str:
        return """
            INSERT INTO events_support (point_id, grade) VALUES (NEW.id, 'narrative');
            RETURN NULL;
        """


class ReportQuerySet(PublicationQuerySet):
    def published(self, *, at: dt.datetime) -> Self:
        """Less those of events that are off the record: nothing that was said there is public."""
        return super().published(at=at).exclude(event__attribution_rule=AttributionRule.OFF_RECORD)


class Report(Publication):
    """What an event came to, in our words: its summary and its points. Versioned as it is edited."""

    public_rows: ClassVar[PublicRows] = (
        published()
        & part_of("event")
        & where(
            "EXISTS (SELECT 1 FROM events_event AS event WHERE event.id = events_report.event_id"
            " AND event.attribution_rule <> 'off_record')",
            lambda at, path: ~Q(**{f"{path}event__attribution_rule": "off_record"}),
            words="of an event that is not off the record",
            why="Nothing that was said off the record is public.",
        )
    )

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

    objects: ClassVar[Any] = ReportQuerySet.as_manager()

    class Meta(Publication.Meta):
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["event_id", "id"]
        constraints = [*Publication.Meta.constraints, original_present("title")]
        triggers = [
            *Publication.Meta.triggers,
            OffRecordIsNotPublished(of="report"),
            SingleVoicesAreCleared(of="report"),
        ]

    def __str__(self) -> str:
        return self.title or self.public_id

    def get_absolute_url(self) -> str:
        return self.event.get_absolute_url()

    def is_published(self, *, at: dt.datetime) -> bool:
        """The same rule as `ReportQuerySet.published`, for one row."""
        return super().is_published(at=at) and self.event.attribution_rule != AttributionRule.OFF_RECORD

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


class PointQuerySet(models.QuerySet[Any]):
    def with_support(self) -> Self:
        """Each point with the row of its support; `point.support` then asks nothing further."""
        return self.select_related("graded")

    def for_the_desk(self) -> Self:
        """All of them, each with its support, and with whether the public sees it."""
        return self.with_support().annotate(group_is_too_small=GroupIsTooSmall("report__event_id", "session_id"))

    def visible_to(self, user: Any, *, at: dt.datetime | None = None) -> Self:
        """Points of the reports, of the events, that `user` may see: a part is public with its whole.

        Each comes with its support as far as `user` may see it: none where the group was too small to
        say. The desk sees it, and `group_is_too_small` says what the public does not. What was said in
        a session off the record is the desk's alone.
        """
        if reads_drafts(user):
            return self.for_the_desk()
        return (
            self.with_support()
            .filter(
                Q(session__isnull=True) | ~Q(session__attribution_rule=AttributionRule.OFF_RECORD),
                report__in=Report.objects.visible_to(user, at=at),
                report__event__in=Event.objects.visible_to(user, at=at),
            )
            .annotate(support_is_shown=SupportIsShown("pk"))
        )

    def uncleared(self) -> Self:
        """Points of a single voice that no second editor has cleared."""
        return self.filter(graded__grade=Point.Support.ONE_PARTICIPANT, graded__cleared_by__isnull=True)

    def to_decide(self) -> Self:
        """Points of which a rewording is proposed and waits for a second editor."""
        return self.filter(rewordings__outcome="pending")


class SupportIsShown(models.Func):
    """Whether the public may see the support of the point of this key; the database decides."""

    function = "events_support_is_shown"
    output_field = models.BooleanField()


class GroupIsTooSmall(models.Func):
    """Whether the group at an event, or at its session, was too small to say how widely anything was supported.

    The owner alone may ask; the public's answer is `SupportIsShown`.
    """

    function = "events_group_is_too_small"
    output_field = models.BooleanField()


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


def of_its_support(column: str) -> property:
    """An attribute of a point that stands in the row of its support; see `Point`."""

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

    Support, and the clearance of a single voice, which would give it away, stand in a row of their own
    (`events.models.Support`), for the public may not always see them. Here they read and write like
    columns: `point.support`, `cleared_by` and `cleared_at` are read from that row, and `Point(support=…)`
    or `point.support = …` is written with `save()`. To whom the row is hidden all three are None. Lists
    load it with `with_support()` or `visible_to()`; a lookup goes through `graded__grade`.
    """

    public_rows: ClassVar[PublicRows] = part_of("report") & where(
        "NOT EXISTS (SELECT 1 FROM events_session AS session"
        " WHERE session.id = events_point.session_id AND session.attribution_rule = 'off_record')",
        lambda at, path: (
            Q(**{f"{path}session__isnull": True}) | ~Q(**{f"{path}session__attribution_rule": "off_record"})
        ),
        words="and of no session that is off the record",
        why="Nothing that was said off the record is public.",
    )

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
    """False on points that were read for somebody who may not know how widely they were supported."""
    group_is_too_small: bool = False
    """True on points that were read for the desk, where the public may not know it."""

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
        ]

    def __str__(self) -> str:
        return self.text or self.public_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With its support, where that was changed: words and their clearance in one step."""
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
    def its_support(self) -> "SupportRow | None":
        """The row of its support; None where the reader may not see it."""
        if not self.support_is_shown:
            return None
        row: Any = self  # of which the type checker knows nothing of the other end of the key
        if self._state.adding and "graded" not in self._state.fields_cache:
            row.graded = apps.get_model("events.Support")()  # the database makes it with the point
        try:
            support: SupportRow = row.graded
        except ObjectDoesNotExist:
            return None
        return support

    @property
    def is_single_voice(self) -> bool:
        """Whether one participant said it, as far as the reader may know."""
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
        """The grade of its support in words; empty where the reader may not see it."""
        return str(PointSupport(self.support).label) if self.support is not None else ""

    def get_absolute_url(self) -> str:
        return f"{self.report.event.get_absolute_url()}#point-{self.public_id}"
