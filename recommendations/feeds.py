"""The Atom feed of recommendations; a new response or status entry counts as a change."""

from django.utils.translation import gettext_lazy as _

from publishing.pages.feeds import PublicationFeed
from recommendations.models import Recommendation


class RecommendationFeed(PublicationFeed):
    model = Recommendation
    title = _("Majlis: recommendations")
    list_url_name = "recommendations:recommendation_list"
    title_field, body_field = "title", "text"
