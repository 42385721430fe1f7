"""The main navigation, and the reader's place in it."""

from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

register = template.Library()

SECTIONS = (
    (gettext_noop("Partnerships"), "partnerships:partnership_list"),
    (gettext_noop("Events"), "events:event_list"),
    (gettext_noop("Recommendations"), "recommendations:recommendation_list"),
    (gettext_noop("Claims"), "partnerships:claim_list"),
    (gettext_noop("Actors"), "partnerships:actor_list"),
    (gettext_noop("Search"), "search"),
)


@dataclass(frozen=True, slots=True)
class Section:
    label: str
    name: str
    url: str
    current: str
    """The value of aria-current: "page" on the section's own page, "true" below it, else empty."""


@register.simple_tag(takes_context=True)
def main_sections(context: template.Context) -> list[Section]:
    """The six sections of the site, in the language of the page."""
    request = context.get("request")
    path = request.path if request is not None else ""
    sections = []
    for label, name in SECTIONS:
        url = reverse(name)
        current = "page" if path == url else "true" if path.startswith(url) else ""
        sections.append(Section(label=gettext(label), name=name, url=url, current=current))
    return sections
