"""Content negotiation of the API."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.http.request import MediaType
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from publishing import query_parameters


def encode_lazy_text(value: Any) -> Any:
    """Converts what orjson cannot write: lazily translated texts."""
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON.")


class JSONRenderer(BaseRenderer):
    """JSON in UTF-8."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=encode_lazy_text, option=orjson.OPT_UTC_Z)


class ProblemRenderer(JSONRenderer):
    """JSON of an error (RFC 9457)."""

    media_type = "application/problem+json"
    format = "problem"


MAX_RANGES = 50
"""More ranges than this are never needed; the rest of the header is ignored."""


def quality_of(media_type: str, ranges: Iterable[MediaType]) -> float:
    """How much the client wants it, from 0 (refused, or not listed) to 1.

    Parameters such as a charset are ignored, except where a range with a parameter is refused: that does not refuse the
    format.
    """
    main_type, _slash, sub_type = media_type.partition("/")
    naming = [
        (min(one.specificity, 2), one.quality)
        for one in ranges
        if one.main_type in ("*", main_type)
        and one.sub_type in ("*", sub_type)
        and (one.quality or not one.range_params)
    ]
    return float(max(naming, default=(0, 0))[1])


MEDIA_TYPES = (
    "application/json",
    "application/vnd.oai.openapi",
    "application/vnd.oai.openapi+json",
    "application/yaml",
    "text/html",
)
"""Those of every renderer of the API."""


def ranges_of(accept: str) -> list[MediaType]:
    return [MediaType(text) for text in (accept.strip() or "*/*").split(",")[:MAX_RANGES]]


def preferences(accept: str) -> str:
    """All that the negotiation makes of an Accept header: how much each of MEDIA_TYPES is wanted."""
    ranges = ranges_of(accept)
    return " ".join(str(quality_of(media_type, ranges)) for media_type in MEDIA_TYPES)


class Negotiation(DefaultContentNegotiation):
    """By the parameter `format`, or else by the Accept header as in RFC 9110 (12.5.1).

    Of the ranges that match a format the most specific counts; `q=0` in it refuses the format.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        asked = request.query_params.get("format")
        renderers = self.filter_renderers(renderers, asked) if asked else list(renderers)
        ranges = ranges_of(request.headers.get("Accept", ""))
        best = max(renderers, key=lambda renderer: quality_of(renderer.media_type, ranges))
        if not asked and not quality_of(best.media_type, ranges):
            detail = _("There is no format here that Accept asks for. There are: %(known)s.")
            known = query_parameters.listed(dict.fromkeys(renderer.media_type for renderer in renderers))
            raise NotAcceptable(detail % {"known": known})
        return best, best.media_type

    def filter_renderers(self, renderers: Iterable[Any], format: str) -> list[Any]:
        renderers = list(renderers)
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            detail = _("There is no format “%(format)s” here. There are: %(known)s.")
            known = query_parameters.listed(renderer.format for renderer in renderers)
            raise NotAcceptable(detail % {"format": query_parameters.displayed(format), "known": known})
        return found
