"""The search as a collection of the API."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from config.site.search import SEARCHED_KINDS, Hit, Search
from partnerships.models import VerificationStatus
from publishing.api import cursor, parameters
from publishing.api.collection import ListViewSet
from publishing.api.fields import LANGUAGE_SCHEMA
from publishing.languages import page_language, text_of
from publishing.query_parameters import ParameterProblem, UnreadableQuery, choice
from publishing.site_address import absolute


class HitSerializer(serializers.Serializer[Any]):
    """Something that was found. A claim always comes with its status, a sensitive one with its context too."""

    kind = serializers.ChoiceField(choices=[(kind, kind.capitalize()) for kind in SEARCHED_KINDS])
    url = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()
    public_id = serializers.CharField(source="publication.public_id")
    identifier = serializers.CharField(help_text="What stands in its address: slug, reference or public id.")
    title = serializers.CharField(source="title.words")
    snippet = serializers.CharField(source="snippet.text", help_text="A few words around what was found; plain text.")
    status = serializers.SerializerMethodField(help_text="Of a claim; null for other kinds.")
    context = serializers.SerializerMethodField(help_text="Of a sensitive claim; null for anything else.")  # type: ignore[assignment]
    text_languages = serializers.SerializerMethodField(
        help_text="For each text, the language in which it is given, if it is not the language asked for."
    )

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, hit: Hit) -> str:
        path = reverse(f"api:{hit.kind}-detail", args=[hit.identifier])
        return absolute(path, self._context["request"])

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_page(self, hit: Hit) -> str:
        return absolute(hit.publication.get_absolute_url(), self._context["request"])

    @extend_schema_field(serializers.ChoiceField(choices=VerificationStatus.choices, allow_null=True))
    def get_status(self, hit: Hit) -> str | None:
        return hit.publication.status if hit.kind == "claim" else None

    def get_context(self, hit: Hit) -> str | None:
        if hit.kind != "claim" or not hit.publication.sensitive:
            return None
        return text_of(hit.publication, "context").words or None

    @extend_schema_field({"type": "object", "additionalProperties": LANGUAGE_SCHEMA})
    def get_text_languages(self, hit: Hit) -> dict[str, str]:
        languages = {"title": hit.title.language, "snippet": hit.snippet.language}
        if self.get_context(hit) is not None:
            languages["context"] = text_of(hit.publication, "context").language
        return {name: language for name, language in languages.items() if language != page_language()}

    def to_representation(self, instance: Hit) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        fallen = {name: code for name, code in shown.pop("text_languages", {}).items() if name in shown}
        return {**shown, "text_languages": fallen} if fallen else shown


class SearchPagination(BasePagination):
    """Pages of hits, the best first, with the number of hits of each kind."""

    parameters = ("cursor", "page_size")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        search: Search = queryset
        self.address = absolute(request.get_full_path(), request)
        size = parameters.page_size(request.query_params)
        backwards, place = self.edge(request)
        ends: dict[str, Any] = {"before" if backwards else "after": place}
        found = search.hits(view.kinds, size=size + 1, **ends)
        self.counts = search.counts()
        more = len(found) > size
        self.page = (found[1:] if backwards else found[:-1]) if more else found
        self.has_next = bool(self.page) and (backwards or more)
        self.has_previous = bool(self.page) and (more if backwards else place is not None)
        return self.page

    def edge(self, request: Request) -> tuple[bool, tuple[float, str, str] | None]:
        """Whether the page goes backwards, and the place after which it begins."""
        text = request.query_params.get("cursor")
        if text is None:
            return False, None
        try:
            direction, score, kind, public_id = cursor.decode(text, (int, float, str, str))
        except cursor.UnreadableCursor as error:
            detail = _("This is no cursor of this list. Follow “next” and “previous”, or leave it out.")
            raise UnreadableQuery(ParameterProblem("cursor", text, detail)) from error
        return direction == 1, (score, kind, public_id)

    def link(self, hit: Hit, direction: int) -> str:
        return replace_query_param(self.address, "cursor", cursor.encode(direction, *hit.place))

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self.link(self.page[-1], 0) if self.has_next else None,
                "previous": self.link(self.page[0], 1) if self.has_previous else None,
                "facets": {"kind": self.counts},
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        counts = {kind: {"type": "integer", "minimum": 0} for kind in SEARCHED_KINDS}
        return {
            "type": "object",
            "required": ["next", "previous", "facets", "results"],
            "properties": {
                "next": {"type": ["string", "null"], "format": "uri"},
                "previous": {"type": ["string", "null"], "format": "uri"},
                "facets": {
                    "type": "object",
                    "description": "How many of each kind match, whichever kinds are asked for; at most 500 of each.",
                    "required": ["kind"],
                    "properties": {"kind": {"type": "object", "required": list(SEARCHED_KINDS), "properties": counts}},
                },
                "results": schema,
            },
        }


class SearchViewSet(ListViewSet):
    """What speaks of something, of every kind that has a page, the best match first."""

    serializer_class = HitSerializer
    pagination_class = SearchPagination
    filter_backends = ()

    def filters_taken(self) -> list[str]:
        return ["q", "kind"]

    def parameters_repeatable(self) -> list[str]:
        return ["kind"]

    @property
    def kinds(self) -> list[str]:
        return [choice("kind", kind, SEARCHED_KINDS) for kind in self.request.query_params.getlist("kind")]

    def get_queryset(self) -> Any:
        sought = self.request.query_params.get("q", "").strip()
        if not sought:
            raise UnreadableQuery(ParameterProblem("q", "", _("Say what to look for."), "required"))
        return Search(sought, language=page_language(), user=self.reader.user, at=self.reader.at)
