"""Partial dates in words, and links that keep the day (`as_of`) of the page."""

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from publishing.partial_dates.display import in_words, machine_readable

register = template.Library()


@register.filter
def partial_date(text: str) -> str | SafeString:
    """`{{ claim.valid|partial_date }}`: "2025-09" as "September 2025", in a time element if HTML can express it."""
    if not text:
        return ""
    machine = machine_readable(text)
    if not machine:
        return in_words(text)
    return format_html('<time datetime="{}">{}</time>', machine, in_words(text))


@register.filter
def and_as_of(day: dt.date | None) -> str:
    """`?kind=forecast{{ as_of|and_as_of }}`: keeps the day in a link that has a query string already."""
    return f"&as_of={day.isoformat()}" if day else ""
