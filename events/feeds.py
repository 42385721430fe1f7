"""The Atom feed of new and changed events."""

from django.utils.translation import gettext_lazy as _

from events.models import Event
from publishing.pages.feeds import PublicationFeed


class EventFeed(PublicationFeed):
    model = Event
    title = _("Majlis: events")
    list_url_name = "events:event_list"
