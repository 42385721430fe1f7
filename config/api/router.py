"""API v1: the address of every collection, the answer to unknown addresses, the schema and its documentation."""

from functools import cache
from typing import Any

from django.http import HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import Resolver404, path, re_path, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from config.api.search import SearchViewSet
from events.api.views import EventViewSet, PointViewSet, ReportViewSet, SeriesViewSet
from partnerships.api.views import (
    ActorViewSet,
    ClaimViewSet,
    InstrumentViewSet,
    PartnershipViewSet,
    SourceViewSet,
    TopicViewSet,
)
from publishing import query_parameters
from publishing.api.changes import ChangeViewSet
from publishing.api.views import ApiView
from publishing.site_address import absolute
from recommendations.api.lineage import LineageView
from recommendations.api.scorecard import ScorecardView
from recommendations.api.views import (
    RecommendationViewSet,
    ResponseViewSet,
    StatusEntryViewSet,
    SubmissionViewSet,
)

app_name = "api"

router = SimpleRouter()
router.register("actors", ActorViewSet, "actor")
router.register("topics", TopicViewSet, "topic")
router.register("partnerships", PartnershipViewSet, "partnership")
router.register("instruments", InstrumentViewSet, "instrument")
router.register("claims", ClaimViewSet, "claim")
router.register("sources", SourceViewSet, "source")
router.register("series", SeriesViewSet, "series")
router.register("events", EventViewSet, "event")
router.register("reports", ReportViewSet, "report")
router.register("points", PointViewSet, "point")
router.register("recommendations", RecommendationViewSet, "recommendation")
router.register("status-entries", StatusEntryViewSet, "status-entry")
router.register("responses", ResponseViewSet, "response")
router.register("submissions", SubmissionViewSet, "submission")
router.register("changes", ChangeViewSet, "change")
router.register("search", SearchViewSet, "search")


class RootView(ApiView):
    """The collections, the schema and the documentation."""

    @extend_schema(
        operation_id="root",
        responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}},
    )
    def get(self, request: Request) -> Response:
        names = {prefix: f"api:{basename}-list" for prefix, _viewset, basename in router.registry}
        names |= {"schema": "api:schema", "documentation": "api:docs"}
        return Response({prefix: absolute(reverse(name), request) for prefix, name in names.items()})


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI schema, in English; it changes only with the code."""
    with translation.override("en"):
        generated: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
        return generated


class SchemaView(ApiView):
    """The OpenAPI 3.1 schema of this API, as JSON or as YAML."""

    renderer_classes = (OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer, OpenApiYamlRenderer2)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(schema())


class DocumentationView(ApiView):
    """The schema for people: a list of the operations, which a script makes interactive."""

    renderer_classes = (TemplateHTMLRenderer,)
    template_name = "api/docs.html"

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        operations = [
            {"path": address, **operation}
            for address, methods in schema()["paths"].items()
            for operation in methods.values()
        ]
        return Response({"operations": operations})


class UnknownAddress(ApiView):
    """Any other address: a redirect if only the last slash is missing, otherwise 404."""

    def parameters_taken(self) -> list[str]:
        return list(self.request.query_params)

    @extend_schema(exclude=True)
    def get(self, request: Request, address: str) -> HttpResponseBase:
        if not address.endswith("/") and self.is_known(f"{request.path_info}/"):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{request.path}/{'?' if query else ''}{query}")
        return self.http_method_not_allowed(request)

    def is_known(self, address: str) -> bool:
        try:
            return resolve(address).url_name != "unknown"
        except Resolver404:
            return False

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        detail = _("There is no “%(path)s” here. What there is stands at %(root)s.")
        raise NotFound(detail % {"path": query_parameters.displayed(request.path), "root": reverse("api:root")})

    options = http_method_not_allowed


urlpatterns = [
    path("", RootView.as_view(), name="root"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocumentationView.as_view(), name="docs"),
    *router.urls,
    path(
        "recommendations/<str:reference>/lineage/",
        LineageView.as_view({"get": "retrieve"}, detail=True, basename="lineage"),
        name="recommendation-lineage",
    ),
    path(
        "series/<str:slug>/scorecard/",
        ScorecardView.as_view({"get": "retrieve"}, detail=True, basename="scorecard"),
        name="series-scorecard",
    ),
    re_path(r"^(?P<address>(?s:.*))\Z", UnknownAddress.as_view(), name="unknown"),
]
