"""Partial dates in words."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from publishing.partial_dates.display import in_words, machine_readable

register = template.Library()


@register.filter
def partial_date(text: str) -> str | SafeString:
    """`{{ claim.valid|partial_date }}`: "2025-09" as "September 2025", in a time element where it is one moment."""
    if not text:
        return ""
    machine = machine_readable(text)
    if not machine:
        return in_words(text)
    return format_html('<time datetime="{}">{}</time>', machine, in_words(text))
