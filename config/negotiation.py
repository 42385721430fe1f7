"""In which format the API answers."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer

from partnerships.api import parameters


def plain(value: Any) -> Any:
    """What orjson does not know: a text that is still to be translated."""
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
        return b"" if data is None else orjson.dumps(data, default=plain, option=orjson.OPT_UTC_Z)


class ProblemRenderer(JSONRenderer):
    """JSON of an error (RFC 9457)."""

    media_type = "application/problem+json"
    format = "problem"


class Negotiation(DefaultContentNegotiation):
    """By the Accept header, or by the parameter `format`, which overrides it."""

    def filter_renderers(self, renderers: Iterable[Any], format: str) -> list[Any]:
        renderers = list(renderers)
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            detail = _("There is no format “%(format)s” here. There are: %(known)s.")
            known = parameters.listed(renderer.format for renderer in renderers)
            raise NotAcceptable(detail % {"format": parameters.shown(format), "known": known})
        return found
