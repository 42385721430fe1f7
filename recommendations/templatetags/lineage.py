"""The earlier recommendations that a recommendation takes up, and the later ones that take it up."""

from typing import Any

from django import template
from django.utils.functional import Promise

from recommendations.analysis.lineage import lineage, lineage_with_wording
from recommendations.analysis.text_diff import Wording

register = template.Library()


@register.filter
def lines_of(recommendation: Any) -> list[tuple[Promise, Any]]:
    """`{% for relation, other in recommendation|lines_of %}`."""
    return lineage(recommendation)


@register.filter
def changes_of(recommendation: Any) -> list[tuple[Promise, Any, Wording | None]]:
    """`{% for relation, other, wording in recommendation|changes_of %}`."""
    return lineage_with_wording(recommendation)
