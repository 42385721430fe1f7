"""Records of what was known: appended, never changed, with two dates.

*As of* is the day for which a record is true of the world; *recorded at* is the moment when we learned it. What was
known on day D are the records recorded by the end of D (UTC), without those that another record known on D corrects,
ordered by as-of date and then by recorded-at.
"""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, Func, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.database.batched_checks import BatchedConstraintsModel
from publishing.database.constraints import CheckConstraint
from publishing.database.triggers import AppendOnly, NeverEmptied
from publishing.identifiers import PublicIdField
from publishing.languages import Language
from publishing.reader.public_rows import PublicQuerySet


def calendar_day(moment: str, *, zone: str = "UTC") -> Func:
    """SQL: the date of the column `moment` in a time zone. Built from Django's own classes, which a migration can name."""
    return Func(moment, template=f"((%(expressions)s AT TIME ZONE '{zone}')::date)", output_field=models.DateField())


def earliest_calendar_day(moment: str) -> Func:
    """SQL: the date of the column `moment` at UTC+14, where each day begins first.

    A date that lies in the future there lies in the future everywhere, whatever the time zone of the desk.
    """
    return calendar_day(moment, zone="Pacific/Kiritimati")


END_OF_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)
"""After everything that is recorded."""

LATEST_FIRST = ("-as_of", "-recorded_at", "-id")


def end_of(day: dt.date) -> dt.datetime:
    """The first moment after `day`, in UTC: records made before it were known on that day."""
    if day == dt.date.max:
        return END_OF_TIME
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=dt.UTC)


class RecordQuerySet(PublicQuerySet):
    def known_on(self, day: dt.date | None) -> Self:
        """Records made by the end of `day`; all of them for None."""
        return self if day is None else self.filter(recorded_at__lt=end_of(day))

    def effective(self, day: dt.date | None = None) -> Self:
        """Records known on `day` that no other record known on that day corrects."""
        later = self.model._default_manager.filter(corrects=OuterRef("pk"))
        if day is not None:
            later = later.filter(recorded_at__lt=end_of(day))
        return self.known_on(day).filter(~Exists(later))

    def with_corrected(self, day: dt.date | None = None) -> Self:
        """Adds `is_corrected`: whether a record known on `day` corrects this one. The counterpart of `effective`."""
        later = self.model._default_manager.filter(corrects=OuterRef("pk"))
        if day is not None:
            later = later.filter(recorded_at__lt=end_of(day))
        return self.annotate(is_corrected=Exists(later))

    def latest_first(self) -> Self:
        return self.order_by(*LATEST_FIRST)


class RecordedModel(models.Model):
    """Who recorded it, and when."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
        editable=False,
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)

    class Meta:
        abstract = True


class DecidedModel(models.Model):
    """Who decided on it, and when; both empty while nobody has."""

    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        editable=False,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Record(RecordedModel, BatchedConstraintsModel):
    """One dated entry about something. The database refuses to update or delete it."""

    public_id = PublicIdField()
    as_of = models.DateField(_("as of"), help_text=_("The day for which this is true of the world."))
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="corrections",
        verbose_name=_("corrects"),
        null=True,
        blank=True,
        help_text=_("The earlier entry that this one sets right."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language,
        default=Language.EN,
        help_text=_("The language in which the words of this entry are written."),
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            CheckConstraint(
                condition=Q(as_of__lte=earliest_calendar_day("recorded_at")),
                name="%(app_label)s_%(class)s_as_of_is_past",
                field="as_of",
                violation_error_message=_("The as-of date lies in the future."),
            ),
            CheckConstraint(
                condition=~Q(corrects=models.F("id")),
                name="%(app_label)s_%(class)s_corrects_another",
                field="corrects",
                violation_error_message=_("An entry does not correct itself."),
            ),
            CheckConstraint(
                condition=Q(language__in=Language.values),
                name="%(app_label)s_%(class)s_language_is_known",
                violation_error_message=_("English, Turkish or Arabic."),
            ),
        ]
        triggers = [AppendOnly(), NeverEmptied()]
