"""The collections of this app."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from events.api import querysets
from events.api.filters import EventFilters, PointFilters, ReportFilters, SeriesFilters
from events.api.serializers import EventSerializer, PointSerializer, ReportSerializer, SeriesSerializer
from events.models import Event, Point, Report, Series
from publishing.api.collection import PUBLISHED_AT, Collection
from publishing.api.ordering import Column
from publishing.api.reader import Reader

SLUG = Column("slug", str)


class SeriesViewSet(Collection):
    """Events that belong together, edition after edition."""

    model = Series
    lookup_field = "slug"
    serializer_class = SeriesSerializer
    filterset_class = SeriesFilters
    sortable = {"slug": (SLUG,), "published_at": (PUBLISHED_AT,)}
    as_of_taken = True

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.series(reader)


class EventViewSet(Collection):
    """Roundtables and other meetings, with organisers, sessions and reports."""

    model = Event
    lookup_field = "slug"
    serializer_class = EventSerializer
    filterset_class = EventFilters
    sortable = {
        "-start_date": (Column("start_date", dt.date, nullable=True),),
        "published_at": (PUBLISHED_AT,),
        "slug": (SLUG,),
    }

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.events(reader)


class ReportViewSet(Collection):
    """What an event came to, in our words; its points are listed in `points`."""

    model = Report
    lookup_field = "public_id"
    serializer_class = ReportSerializer
    filterset_class = ReportFilters
    sortable = {"-published_at": (PUBLISHED_AT,)}

    def rows(self, reader: Reader) -> QuerySet[Any]:
        return reader.parts(reader.visible(Report), "event")

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.reports(reader)


class PointViewSet(Collection):
    """What was said at an event, and how widely it was supported; never by whom."""

    model = Point
    lookup_field = "public_id"
    serializer_class = PointSerializer
    filterset_class = PointFilters
    sortable = {"position": (Column("report__public_id", str), Column("position", int))}

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.points(reader)
