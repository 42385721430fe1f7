"""The day and time of an event."""

from django import template
from django.utils.formats import time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from events.models import Event
from publishing.partial_dates.display import in_words

register = template.Library()


@register.simple_tag
def event_dates(event: Event) -> SafeString:
    """Its day or days; says so if they are unknown."""
    if event.start_date is None:
        return format_html('<span class="unknown">{}</span>', gettext("date unknown"))
    first = event.start_date.isoformat()
    if event.end_date is None or event.end_date == event.start_date:
        return format_html('<time datetime="{}">{}</time>', first, in_words(first))
    return format_html("<span>{}</span>", in_words(f"{first}/{event.end_date.isoformat()}"))


@register.simple_tag
def event_hours(event: Event) -> str:
    """The time of day, with the time zone; empty if it is unknown."""
    if event.start_time is None:
        return ""
    start = time_format(event.start_time, "H:i")
    if event.end_time is None:
        return gettext("%(start)s (time zone %(zone)s)") % {"start": start, "zone": event.time_zone}
    return gettext("%(start)s to %(end)s (time zone %(zone)s)") % {
        "start": start,
        "end": time_format(event.end_time, "H:i"),
        "zone": event.time_zone,
    }
