"""What a recommendation takes up from earlier ones, and what later ones made of it."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.models.recommendation import RecommendationLinkType

TAKES_UP = {
    RecommendationLinkType.REITERATES: _("Reiterates"),
    RecommendationLinkType.STRENGTHENS: _("Strengthens"),
    RecommendationLinkType.NARROWS: _("Narrows"),
    RecommendationLinkType.SPLITS: _("Splits"),
    RecommendationLinkType.MERGES: _("Merges"),
    RecommendationLinkType.SUPERSEDES: _("Supersedes"),
}
TAKEN_UP_BY = {
    RecommendationLinkType.REITERATES: _("Reiterated by"),
    RecommendationLinkType.STRENGTHENS: _("Strengthened by"),
    RecommendationLinkType.NARROWS: _("Narrowed by"),
    RecommendationLinkType.SPLITS: _("Split by"),
    RecommendationLinkType.MERGES: _("Merged into"),
    RecommendationLinkType.SUPERSEDES: _("Superseded by"),
}


def lineage(recommendation: Any) -> list[tuple[Promise, Any]]:
    """Pairs of what the relation is and the other recommendation; of one read `with_lineage`."""
    return [
        *((TAKES_UP[link.type], link.target) for link in recommendation.links.all()),
        *((TAKEN_UP_BY[link.type], link.source) for link in recommendation.linked_from.all()),
    ]
