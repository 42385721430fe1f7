"""The filters of the lists of events and series."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Organiser, Series
from events.models.event import EventKind, EventLifecycle
from events.models.series import SeriesCadence
from partnerships.filters import topic_and_below
from partnerships.models import Actor, Partnership, Topic
from publishing.pages.lists import Choice, ListFilters, PublicationChoice, visible

PERIODS = (("upcoming", _("To come")), ("past", _("Past, or of unknown date")))


class EventFilters(ListFilters):
    period = Choice(PERIODS, label=_("When"))
    kind = Choice(EventKind.choices, label=_("Kind"))
    lifecycle = Choice(EventLifecycle.choices, label=_("Lifecycle"))
    series = PublicationChoice(label=_("Series"))
    organiser = PublicationChoice(label=_("Organiser"))
    partnership = PublicationChoice(label=_("Partnership"))
    topic = PublicationChoice(label=_("Topic"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisers = Exists(Organiser.objects.filter(actor=OuterRef("pk")))
        self.choices_of("series", visible(Series, self.user))
        self.choices_of("organiser", visible(Actor, self.user).filter(organisers))
        self.choices_of("partnership", visible(Partnership, self.user))
        self.choices_of("topic", visible(Topic, self.user))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.cleaned_data
        today = timezone.now().date()
        if chosen["period"] == "upcoming":
            rows = rows.filter(start_date__gte=today)
        elif chosen["period"] == "past":
            rows = rows.filter(Q(start_date__lt=today) | Q(start_date__isnull=True))
        if chosen["kind"]:
            rows = rows.filter(kind=chosen["kind"])
        if chosen["lifecycle"]:
            rows = rows.filter(lifecycle=chosen["lifecycle"])
        if chosen["series"]:
            rows = rows.filter(series=chosen["series"])
        if chosen["organiser"]:
            rows = rows.filter(Exists(Organiser.objects.filter(event=OuterRef("pk"), actor=chosen["organiser"])))
        if chosen["partnership"]:
            rows = rows.filter(partnerships=chosen["partnership"])
        if chosen["topic"]:
            rows = rows.filter(Exists(topic_and_below(chosen["topic"]).filter(events=OuterRef("pk"))))
        return rows


class SeriesFilters(ListFilters):
    cadence = Choice(SeriesCadence.choices, label=_("Cadence"))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        cadence = self.cleaned_data["cadence"]
        return rows.filter(cadence=cadence) if cadence else rows
