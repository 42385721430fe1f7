"""How widely a point was supported, in a table where it can be hidden, and the group sizes that decide whether it is."""

import datetime as dt
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from events.models.event import Event, Session
from events.triggers import ClearanceIsOfTheWords, SingleVoicesAreCleared
from publishing.database.constraints import (
    PREFIX,
    CheckConstraint,
    one_of,
    together,
    unique,
)
from publishing.database.triggers import AnnouncePart, literal
from publishing.reader.public_rows import Private, PublicQuerySet, PublicRows, kept_public_from, part_of, private, where
from publishing.roles import reads_drafts


class SupportIsShown(models.Func):
    """SQL: whether the public may see the support of the point with this key."""

    function = "events_support_is_shown"
    output_field = models.BooleanField()


class GroupIsTooSmall(models.Func):
    """SQL: whether the group at an event, or at its session, was too small to show how widely anything was supported.

    Only the owner may call it; the public may call `SupportIsShown`.
    """

    function = "events_group_is_too_small"
    output_field = models.BooleanField()


class PointSupport(models.TextChoices):
    CONSENSUS = "consensus", _("Consensus")
    BROAD = "broad", _("Broad support")
    RECURRING = "recurring", _("Recurring")
    ARGUED = "argued", _("Argued")
    ONE_PARTICIPANT = "one_participant", _("One participant")
    NARRATIVE = "narrative", _("Told by the report")


class StaysWithItsPoint(pgtrigger.Trigger):
    """The row of a point's support is deleted with the point, and not before."""

    name = "stays_with_its_point"
    when = pgtrigger.Before
    operation = pgtrigger.Delete
    refusal = gettext_noop("The support of a point is graded anew, never deleted.")

    def get_func(self, model: type[models.Model]) -> str:
        return f"""
            IF EXISTS (SELECT 1 FROM events_point AS point WHERE point.id = OLD.point_id) THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'restrict_violation', TABLE = '{model._meta.db_table}';
            END IF;
            RETURN OLD;
        """


class SupportQuerySet(PublicQuerySet):
    def visible_to(self, user: Any, *, at: dt.datetime | None = None) -> Self:
        """Of the points that `user` may see; for the public less those of groups too small to say."""
        visible = super().visible_to(user, at=at)
        return visible if reads_drafts(user) else visible.filter(SupportIsShown("point_id"))


class Support(models.Model):
    """How widely one point was supported. Public with its point, unless the group was too small.

    In a group smaller than k (`MAJLIS_SMALLEST_GROUP`), "one participant" or "consensus" identifies people to anybody
    who knows who took part. The clearance of a single voice is stored here too, because a point that needed one was a
    single voice. The database creates the row with its point and deletes it with it (a cascading foreign key that
    Django does not know).
    """

    public_rows: ClassVar[PublicRows] = part_of("point") & where(
        "events_support_is_shown(events_support.point_id)",
        lambda at, path: Q(SupportIsShown(f"{path}point_id")),
        words="whose group was not too small to say it",
        why="In a small group, “one participant” tells who was meant.",
    )
    public_from = kept_public_from()

    point = models.OneToOneField(
        "events.Point",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="graded",
        verbose_name=_("point"),
    )
    grade = models.CharField(_("support"), max_length=16, choices=PointSupport, default=PointSupport.NARRATIVE)
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

    objects = SupportQuerySet.as_manager()

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("support")
        ordering = ["point_id"]
        constraints = [
            one_of("grade", PointSupport),
            together(
                "cleared_by",
                "cleared_at",
                name="clearance_is_whole",
                message=_("A clearance has a person and a time."),
            ),
        ]
        triggers = [
            StaysWithItsPoint(),
            ClearanceIsOfTheWords(of="support"),
            SingleVoicesAreCleared(of="support"),
            AnnouncePart("events.Report", "(SELECT report_id FROM events_point WHERE id = part.point_id)"),
        ]

    def __str__(self) -> str:
        return str(self.get_grade_display())

    @cached_property
    def unsaved(self) -> set[str]:
        """The columns that were changed through the point and wait for its `save()`."""
        return set()

    def save_of(self, point: Any) -> None:
        """Writes what was changed through `point`, which is in the database by now."""
        self.point_id = point.pk
        values = {column: getattr(self, column) for column in self.unsaved}
        type(self)._base_manager.filter(pk=point.pk).update(**values)
        self._state.adding = False
        self.unsaved.clear()


class SessionIsOfItsEvent(pgtrigger.Trigger):
    """The session whose size is recorded belongs to the event."""

    name = "session_is_of_its_event"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    condition = pgtrigger.Q(new__session__isnull=False)
    refusal = gettext_noop("This session is part of another event.")

    def get_func(self, model: type[models.Model]) -> str:
        table = model._meta.db_table
        return f"""
            IF NOT EXISTS (SELECT 1 FROM events_session AS session
                WHERE session.id = NEW.session_id AND session.event_id = NEW.event_id)
            THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'session_id',
                          CONSTRAINT = '{table}_session_is_of_its_event';
            END IF;
            RETURN NEW;
        """


class AnnounceWhatSizesHide(pgtrigger.Trigger):
    """Announces the reports of an event when a recorded size begins or ceases to hide support.

    Only then: a line for every change would let a reader count the additions.
    """

    name = "announce_what_sizes_hide"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def get_declare(self, model: type[models.Model]) -> list[tuple[str, str]]:
        return [("otherwise", "INTEGER")]

    def get_func(self, model: type[models.Model]) -> str:
        def flip(row: str, before: str, after: str) -> str:
            """SQL that announces the event's reports if the change of the size from `before` to `after` changes what is
            hidden.
            """
            return f"""
                SELECT CASE WHEN {row}.session_id IS NULL THEN NULL ELSE (
                    SELECT size.people FROM events_groupsize AS size
                    WHERE size.event_id = {row}.event_id AND size.session_id IS NULL) END INTO otherwise;
                otherwise := COALESCE(otherwise, (SELECT NULLIF(count(*), 0) FROM events_participant AS participant
                    WHERE participant.event_id = {row}.event_id));
                IF events_is_too_small(COALESCE({before}, otherwise))
                   <> events_is_too_small(COALESCE({after}, otherwise))
                THEN
                    PERFORM events_announce_reports({row}.event_id);
                END IF;
            """

        return f"""
            IF TG_OP = 'UPDATE' AND NEW.event_id = OLD.event_id AND NEW.session_id IS NOT DISTINCT FROM OLD.session_id
            THEN
                {flip("NEW", "OLD.people", "NEW.people")}
                RETURN NULL;
            END IF;
            IF TG_OP <> 'INSERT' THEN
                {flip("OLD", "OLD.people", "NULL")}
            END IF;
            IF TG_OP <> 'DELETE' THEN
                {flip("NEW", "NULL", "NEW.people")}
            END IF;
            RETURN NULL;
        """


class GroupSize(models.Model):
    """How many people were in the room, at an event or at one of its sessions. Restricted to convenors.

    Support is hidden if there were fewer than `MAJLIS_SMALLEST_GROUP`: the size of the session counts, else that of the
    event, else the number of participants; if nothing is known, nothing is hidden. Its text form is opaque, because the
    admin's log stores it.
    """

    public_rows: ClassVar[Private] = private(
        "It says how many were there: with that, support could be traced to a person."
    )

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+", verbose_name=_("event"))
    session = models.ForeignKey(
        Session,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("session"),
        null=True,
        blank=True,
        help_text=_("Empty: of the whole event."),
    )
    people = models.PositiveIntegerField(
        _("people"),
        validators=[MinValueValidator(1)],
        help_text=_("Everybody who could speak. Restricted: nobody is shown the number."),
    )

    class Meta:
        verbose_name = _("group size")
        verbose_name_plural = _("group sizes")
        ordering = ["event_id", "session_id", "id"]
        constraints = [
            CheckConstraint(
                condition=Q(people__gte=1),
                name=f"{PREFIX}_people_are_some",
                field="people",
                violation_error_message=_("A group is at least one person."),
            ),
            unique(
                "event",
                "session",
                name="once_per_session",
                field="session",
                message=_("The size of this group is recorded already: change it there."),
            ),
        ]
        triggers = [SessionIsOfItsEvent(), AnnounceWhatSizesHide()]

    def __str__(self) -> str:
        return f"#{self.pk}"
