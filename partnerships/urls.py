"""/partnerships/, /actors/ and /claims/, and their feeds."""

from django.urls import path

from partnerships.feeds import ClaimFeed, PartnershipFeed
from partnerships.views import (
    ActorDetail,
    ActorList,
    CalibrationPage,
    ClaimDetail,
    ClaimList,
    PartnershipDetail,
    PartnershipList,
)

app_name = "partnerships"

urlpatterns = [
    path("partnerships/", PartnershipList.as_view(), name="partnership_list"),
    path("partnerships/<slug:identifier>/", PartnershipDetail.as_view(), name="partnership_detail"),
    path("actors/", ActorList.as_view(), name="actor_list"),
    path("actors/<slug:identifier>/", ActorDetail.as_view(), name="actor_detail"),
    path("claims/", ClaimList.as_view(), name="claim_list"),
    path("claims/calibration/", CalibrationPage.as_view(), name="calibration"),
    path("claims/<slug:identifier>/", ClaimDetail.as_view(), name="claim_detail"),
    path("feeds/partnerships/", PartnershipFeed(), name="partnership_feed"),
    path("feeds/claims/", ClaimFeed(), name="claim_feed"),
]
