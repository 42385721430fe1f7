import datetime as dt
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from publishing.database.constraints import PREFIX, UniqueConstraint, one_of
from publishing.reader.public_rows import PublicRows, where


class KeepOnceEffective(pgtrigger.Trigger):
    """A line is never altered, and never deleted once readers may have seen it.

    A line for the end of an embargo may be deleted while it lies in the future: the embargo was moved.
    """

    name = "append_only"
    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: type[models.Model]) -> str:
        return """
            IF TG_OP = 'DELETE' AND OLD.effective_at > clock_timestamp() THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'Rows of publishing_change are never changed or deleted.'
                USING ERRCODE = 'restrict_violation', TABLE = 'publishing_change';
        """


class ChangeQuerySet(models.QuerySet[Any]):
    def effective(self, *, at: dt.datetime) -> Self:
        """The lines that readers may know at the moment `at`, in the order in which they took effect."""
        return self.filter(effective_at__lte=at).order_by("effective_at", "id")

    def tombstone(self, *, kind: str, identifier: str, at: dt.datetime) -> "Change | None":
        """The line about the withdrawal of this publication, if it is withdrawn at `at`.

        The public cannot read the row itself; this line carries the public note.
        """
        last: Change | None = self.effective(at=at).filter(kind=kind, identifier=identifier).last()
        return last if last is not None and last.event == ChangeEvent.WITHDRAWN else None


class ChangeEvent(models.TextChoices):
    PUBLISHED = "published", pgettext_lazy("change", "Published")
    CHANGED = "changed", _("Changed")
    WITHDRAWN = "withdrawn", pgettext_lazy("change", "Withdrawn")


class Change(models.Model):
    """One line of the ordered feed of everything that became public, changed or was withdrawn.

    Written by triggers on the publications and their parts, under a lock that gives the lines the order of the commits:
    a client that has read up to a line has missed nothing before it.
    """

    public_rows: ClassVar[PublicRows] = where(
        "effective_at <= statement_timestamp()",
        lambda at, path: Q(**{f"{path}effective_at__lte": at}),
        words="that have taken effect",
        why="It is the feed of what became public; what an embargo holds back is dated at its end.",
    )

    Event = ChangeEvent

    kind = models.CharField(_("kind"), max_length=20, choices=settings.PUBLICATION_KINDS)
    public_id = models.CharField(_("public id"), max_length=10)
    identifier = models.CharField(_("identifier"), max_length=80)
    event = models.CharField(_("event"), max_length=10, choices=Event)
    version = models.PositiveIntegerField(_("version"))
    note = models.TextField(_("note"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    effective_at = models.DateTimeField(_("effective at"))
    transaction_id = models.BigIntegerField(editable=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-effective_at", "-id"]
        indexes = [
            models.Index(fields=["effective_at", "id"], name="change_order"),
            models.Index(
                fields=["kind", "public_id", "effective_at"],
                name="change_of_publication",
            ),
            models.Index(fields=["kind", "identifier", "effective_at", "id"], name="change_by_identifier"),
        ]
        constraints = [
            one_of("event", ChangeEvent),
            one_of("kind", dict(settings.PUBLICATION_KINDS)),
            UniqueConstraint(
                fields=["transaction_id", "kind", "public_id", "event", "version"],
                name=f"{PREFIX}_once_per_transaction",
            ),
        ]
        triggers = [KeepOnceEffective()]

    def __str__(self) -> str:
        return f"{self.kind} {self.identifier}: {self.event}"
