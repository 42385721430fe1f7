"""/recommendations/, and what is new of them."""

from django.urls import path

from recommendations.feeds import RecommendationFeed
from recommendations.views import RecommendationDetail, RecommendationList

app_name = "recommendations"

urlpatterns = [
    path("recommendations/", RecommendationList.as_view(), name="recommendation_list"),
    path("recommendations/<slug:identifier>/", RecommendationDetail.as_view(), name="recommendation_detail"),
    path("feeds/recommendations/", RecommendationFeed(), name="recommendation_feed"),
]
