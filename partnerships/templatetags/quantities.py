"""The quantity of a claim."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from partnerships.models import Claim
from partnerships.quantity import quantity_of
from publishing.templatetags.texts import inline

register = template.Library()


@register.simple_tag
def quantity(claim: Claim) -> SafeString:
    """`{% quantity claim %}`: "about 650 military personnel"; empty if the claim has no quantity."""
    found = quantity_of(claim)
    if found is None:
        return SafeString("")
    if not found.unit.words:
        return format_html("<bdi>{}</bdi>", found.words)
    return format_html("<bdi>{}</bdi> {}", found.words, inline(found.unit))
