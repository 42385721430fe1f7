from collections.abc import Iterable

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.models import Actor
from publishing.database.constraints import PREFIX, CheckConstraint, one_of, original_present
from publishing.database.triggers import NamedOnce
from publishing.publication import Publication
from publishing.unique_names import folded_indexes


class SeriesCadence(models.TextChoices):
    ANNUAL = "annual", _("Annual")
    BIANNUAL = "biannual", _("Twice a year")
    BIENNIAL = "biennial", _("Every two years")
    QUARTERLY = "quarterly", _("Quarterly")
    IRREGULAR = "irregular", _("Irregular")
    UNKNOWN = "unknown", _("Unknown")


class Series(Publication):
    """Events that belong together, edition after edition."""

    Cadence = SeriesCadence

    identifier_field = "slug"
    named_once_within = ()

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    description = models.TextField(_("description"), blank=True)
    cadence = models.CharField(_("cadence"), max_length=10, choices=Cadence, default=Cadence.UNKNOWN)
    no_response_days = models.PositiveSmallIntegerField(
        _("days until no response"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Of its recommendations: awaited for longer counts as no response. Empty: as everywhere."),
    )
    stale_months = models.PositiveSmallIntegerField(
        _("months until stale"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Of its recommendations: unchecked for longer counts as stale. Empty: as everywhere."),
    )
    convenors = models.ManyToManyField(Actor, related_name="convened_series", verbose_name=_("convenors"), blank=True)

    class Meta(Publication.Meta):
        verbose_name = _("series")
        verbose_name_plural = pgettext_lazy("plural", "series")
        ordering = ["slug"]
        constraints = [
            *Publication.Meta.constraints,
            one_of("cadence", SeriesCadence),
            original_present("name"),
            CheckConstraint(
                condition=Q(no_response_days__isnull=True) | Q(no_response_days__gte=1),
                name=f"{PREFIX}_no_response_takes_days",
                violation_error_message=_("One day or more."),
            ),
            CheckConstraint(
                condition=Q(stale_months__isnull=True) | Q(stale_months__gte=1),
                name=f"{PREFIX}_stale_takes_months",
                violation_error_message=_("One month or more."),
            ),
        ]
        indexes = [
            *folded_indexes("series"),
            models.Index(fields=["published_at", "slug"], name="series_by_publication"),
        ]
        triggers = [*Publication.Meta.triggers, NamedOnce()]

    def __str__(self) -> str:
        return self.name or self.slug

    def get_absolute_url(self) -> str:
        return reverse("events:series_detail", args=[self.slug])

    def rooms(self) -> Iterable[models.Model]:
        return self.events.order_by("pk")

    def references(self) -> Iterable[Publication]:
        yield from self.convenors.all()
