"""/recommendations/, its feed, and the scorecard of a series."""

from django.urls import path

from recommendations.feeds import RecommendationFeed
from recommendations.views import RecommendationDetail, RecommendationList, SeriesScorecard

app_name = "recommendations"

urlpatterns = [
    path("recommendations/", RecommendationList.as_view(), name="recommendation_list"),
    path("recommendations/<slug:identifier>/", RecommendationDetail.as_view(), name="recommendation_detail"),
    path("series/<slug:identifier>/scorecard/", SeriesScorecard.as_view(), name="series_scorecard"),
    path("feeds/recommendations/", RecommendationFeed(), name="recommendation_feed"),
]
