"""What a recommendation takes up from earlier ones, and what later ones made of it."""

from typing import Any

from django import template
from django.utils.functional import Promise

from recommendations.lineage import lineage

register = template.Library()


@register.filter
def lines_of(recommendation: Any) -> list[tuple[Promise, Any]]:
    """`{% for relation, other in recommendation|lines_of %}`."""
    return lineage(recommendation)
