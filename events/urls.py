"""/events/ and /series/, and the feed of events."""

from django.urls import path

from events.feeds import EventFeed
from events.views import EventDetail, EventList, SeriesDetail, SeriesList, document

app_name = "events"

urlpatterns = [
    path("events/", EventList.as_view(), name="event_list"),
    path("events/<slug:identifier>/", EventDetail.as_view(), name="event_detail"),
    path("events/<slug:identifier>/documents/<slug:public_id>/", document, name="document"),
    path("series/", SeriesList.as_view(), name="series_list"),
    path("series/<slug:identifier>/", SeriesDetail.as_view(), name="series_detail"),
    path("feeds/events/", EventFeed(), name="event_feed"),
]
