"""The collections of this app."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from publishing.api.collection import PUBLISHED_AT, Collection
from publishing.api.ordering import Column
from publishing.api.reader import Reader
from publishing.reader.http_cache import KEEP_NOWHERE
from publishing.roles import reads_drafts
from recommendations.api import querysets
from recommendations.api.filters import (
    RecommendationFilters,
    ResponseFilters,
    StatusEntryFilters,
    SubmissionFilters,
)
from recommendations.api.serializers import (
    RecommendationSerializer,
    ResponseSerializer,
    StatusEntrySerializer,
    SubmissionSerializer,
)
from recommendations.models import Recommendation, Response, StatusEntry, Submission

RECORDED_AT = Column("recorded_at", dt.datetime)
AS_OF = Column("as_of", dt.date)


class RecommendationViewSet(Collection):
    """What is asked, of whom, what they answered, and what came of it."""

    model = Recommendation
    lookup_field = "reference"
    serializer_class = RecommendationSerializer
    filterset_class = RecommendationFilters
    sortable = {
        "reference": (Column("reference", str),),
        "published_at": (PUBLISHED_AT,),
        "target_date": (Column("target_date", dt.date, nullable=True),),
    }
    as_of_taken = True

    def rows(self, reader: Reader) -> QuerySet[Any]:
        return querysets.recommendations_named(reader)

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.recommendations(reader)


class StatusEntryViewSet(Collection):
    """How far each addressee had come, as of which day, and on what evidence; corrections included."""

    model = StatusEntry
    lookup_field = "public_id"
    serializer_class = StatusEntrySerializer
    filterset_class = StatusEntryFilters
    sortable = {"-recorded_at": (RECORDED_AT,), "as_of": (AS_OF,)}
    as_of_taken = True

    def rows(self, reader: Reader) -> QuerySet[Any]:
        return querysets.known(reader, StatusEntry)

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.status_entries(reader)


class ResponseViewSet(Collection):
    """What each addressee answered, and when; corrections included."""

    model = Response
    lookup_field = "public_id"
    serializer_class = ResponseSerializer
    filterset_class = ResponseFilters
    sortable = {"-recorded_at": (RECORDED_AT,), "as_of": (AS_OF,)}
    as_of_taken = True

    def rows(self, reader: Reader) -> QuerySet[Any]:
        return querysets.known(reader, Response)

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.responses(reader)


class DeskSession(SessionAuthentication):
    """The session of somebody who is signed in at the desk."""

    def authenticate_header(self, request: Request) -> str:
        # Without a challenge DRF would answer 403; a 401 must have one (RFC 9110, 11.6.1).
        return 'Session realm="Majlis"'


class ReadsSubmissions(BasePermission):
    """Allows only the desk."""

    message = _("Only the desk reads what partners submit.")

    def has_permission(self, request: Request, view: Any) -> bool:
        return reads_drafts(request.user)


class SubmissionViewSet(Collection):
    """What partners report on recommendations addressed to them, and what was decided. For the desk."""

    model = Submission
    lookup_field = "public_id"
    serializer_class = SubmissionSerializer
    filterset_class = SubmissionFilters
    authentication_classes = (DeskSession,)
    permission_classes = (ReadsSubmissions,)
    sortable = {"-submitted_at": (Column("submitted_at", dt.datetime),), "as_of": (AS_OF,)}
    cache_control = KEEP_NOWHERE

    def rows(self, reader: Reader) -> QuerySet[Any]:
        return Submission.objects.all()

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.submissions(reader)
