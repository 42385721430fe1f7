"""The filters of this app's collections."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from events.models import Event, Organiser, Point, Report, Series, Support
from partnerships.api.filters import topic
from partnerships.models import Actor, Partnership, Topic
from publishing.api.filters import CodesFilter, Filters, NumberFilter, PublicationFilter, column, part


class SeriesFilters(Filters):
    cadence = CodesFilter(Series.Cadence.choices)
    convenor = PublicationFilter(Actor, part(Series.convenors.through, "series", "actor"))


class EventFilters(Filters):
    series = PublicationFilter(Series, column("series"))
    kind = CodesFilter(Event.Kind.choices)
    lifecycle = CodesFilter(Event.Lifecycle.choices)
    topic = PublicationFilter(Topic, topic((Event.topics.through, "event")))
    partnership = PublicationFilter(Partnership, part(Event.partnerships.through, "event", "partnership"))
    organiser = PublicationFilter(Actor, part(Organiser, "event", "actor"))
    year = NumberFilter(method="in_year")

    def in_year(self, rows: QuerySet[Any], name: str, value: int | None) -> QuerySet[Any]:
        return rows if value is None else rows.filter(start_date__year=value)


class ReportFilters(Filters):
    event = PublicationFilter(Event, column("event"))


class PointFilters(Filters):
    event = PublicationFilter(Event, column("report__event"))
    report = PublicationFilter(Report, column("report"))
    kind = CodesFilter(Point.Kind.choices)
    support = CodesFilter(
        Point.Support.choices,
        method="supported",
        help_text="Points of which it is shown. Repeat the parameter to allow several values.",
    )
    topic = PublicationFilter(Topic, topic((Point.topics.through, "point")))

    def supported(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Points with hidden support match no grade; otherwise one could find out the grade by trying each."""
        if not value:
            return rows
        graded = Support.objects.visible_to(self.reader.user, at=self.reader.at)
        return rows.filter(Exists(graded.filter(point=OuterRef("pk"), grade__in=value)))
