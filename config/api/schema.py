"""What drf-spectacular cannot find out for the OpenAPI schema: parameters, problems, credentials."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.utils import OpenApiParameter

from config.site.search import SEARCHED_KINDS
from publishing import query_parameters
from publishing.api import parameters
from publishing.api.problems import ProblemSerializer, TombstoneSerializer
from publishing.languages import Language

PROBLEM = "application/problem+json"

PARAMETERS: dict[str, tuple[dict[str, Any], str]] = {
    "as_of": (
        {"type": "string", "format": "date"},
        "What was known on that day (YYYY-MM-DD): only what was published by then, and of what is recorded through "
        "time only what was recorded by the end of that day (UTC), in the order of its as-of dates.",
    ),
    "changed_since": (
        {"type": "string", "format": "date"},
        "The earlier day (YYYY-MM-DD) since which the change is told; by default the last day of the edition that was "
        "held last before.",
    ),
    "cursor": (
        {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
        "Where the page begins. Follow `next` and `previous` instead of making one.",
    ),
    "fields": (
        {"type": "string"},
        "Only these members of each thing, separated by commas, such as url,version. `text_languages` comes with the "
        "texts it is about.",
    ),
    "format": ({"type": "string", "enum": ["json"]}, "Overrides the Accept header."),
    "lang": (
        {"type": "string", "enum": list(Language.values)},
        "The language of texts and of errors; overrides Accept-Language. A text that is not written in it comes in "
        "its original language, and `text_languages` says so.",
    ),
    "page_size": (
        {"type": "integer", "minimum": 1, "maximum": parameters.LARGEST_PAGE, "default": parameters.PAGE_SIZE},
        "How many things on a page.",
    ),
    "since": (
        {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
        "The `cursor` of the last line that you have dealt with; from the start without it.",
    ),
    "q": (
        {"type": "string"},
        'What to look for: words, "a phrase", or, -without.',
    ),
}
"""The parameters that are not filters of a collection: their schema and meaning."""

PROBLEMS = {
    "400": "A parameter cannot be read; `errors` names each.",
    "404": "There is nothing public here.",
    "406": "There is no such format.",
    "410": "It was public and is withdrawn.",
}


def bounded(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """`schema` with the bounds that `query_parameters.problems_of` applies to every text: not empty, not too long,
    without NUL.
    """
    if schema.get("type") != "string" or "enum" in schema or "format" in schema:
        return schema
    longest = query_parameters.MAX_LIST_LENGTH if name in query_parameters.LISTS else query_parameters.MAX_LENGTH
    return {"minLength": 1, "maxLength": longest, "pattern": r"^[^\u0000]+$", **schema}


class AutoSchema(SpectacularSchema):
    """Adds to every operation its parameters and the problems that it can answer with."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        taken = [name for name in self.view.parameters_taken() if name in PARAMETERS]
        found = [self.parameter(name) for name in taken]
        if "ordering" in self.view.parameters_taken():
            found.append(self.ordering())
        if "q" in taken:
            kinds: dict[str, Any] = {"type": "array", "items": {"type": "string", "enum": list(SEARCHED_KINDS)}}
            found.append(
                OpenApiParameter(
                    "kind", kinds, description="Only these kinds. Repeat it to allow several.", explode=True
                )
            )
        return found

    def parameter(self, name: str) -> OpenApiParameter:
        schema, description = PARAMETERS[name]
        if name == "format":
            schema = {"type": "string", "enum": [renderer.format for renderer in self.view.renderer_classes]}
        if name == "fields":
            one = f"({'|'.join(self.view.members)})"
            schema = {"type": "string", "pattern": f"^{one}(,{one})*$"}
        return OpenApiParameter(name, bounded(name, schema), description=description, required=name == "q")

    def _get_filter_parameters(self) -> list[Any]:
        found: list[Any] = super()._get_filter_parameters()
        for parameter in found:
            parameter["schema"] = bounded(parameter["name"], parameter["schema"])
        return found

    def ordering(self) -> OpenApiParameter:
        orderings = list(self.view.orderings)
        schema = {"type": "string", "enum": orderings, "default": orderings[0]}
        description = "By what the list is sorted; with a minus, falling. What has no value comes last either way."
        return OpenApiParameter("ordering", schema, description=description)

    def get_tags(self) -> list[str]:
        return super().get_tags() or ["collections"]

    def get_summary(self) -> str:
        name = self.get_tags()[0]
        if "{" in self.path:
            return f"One of the {name}"
        return f"List of {name}" if self._is_list_view() else f"The {name}"

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        bodies["304"] = {"description": "It is still what the ETag in If-None-Match says."}
        one = "{" in self.path
        for status, description in PROBLEMS.items():
            if one or status in {"400", "406"}:
                serializer: Any = TombstoneSerializer if status == "410" else ProblemSerializer
                body = self._get_response_for_code(serializer, status, [PROBLEM], direction)
                bodies[status] = {**body, "description": description}
        if self.view.permission_classes:
            for status, description in {"401": "Credentials are needed.", "403": "They do not suffice."}.items():
                body = self._get_response_for_code(ProblemSerializer, status, [PROBLEM], direction)
                bodies[status] = {**body, "description": description}
        return bodies


class DeskSessionScheme(OpenApiAuthenticationExtension):
    """How the desk authenticates."""

    target_class = "recommendations.api.views.DeskSession"
    name = "deskSession"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The session of somebody who is signed in at the desk.",
        }


def optional_where_left_out(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """`text_languages` is present only in objects with a text in another language than the one asked for."""
    for component in result["components"]["schemas"].values():
        if "text_languages" in component.get("required", ()):
            component["required"].remove("text_languages")
    return result
