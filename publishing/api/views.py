"""What all views of the API have in common."""

from collections.abc import Collection
from functools import partial
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, NotAcceptable
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from publishing.api import parameters
from publishing.api.reader import Reader
from publishing.languages import Language
from publishing.query_parameters import ParameterProblem, UnreadableQuery, day_of, problems_of
from publishing.reader.http_cache import ASK_EACH_TIME, on_condition
from publishing.typed_values import read_iso_day

MAX_PROBLEMS = 50
"""At most this many unreadable parameters are named; an address with more was not written by hand."""


class PreconditionFailed(APIException):
    """If-Match names another version than the present one."""

    status_code = 412
    default_code = "precondition_failed"


class ApiView(APIView):
    """The base of all views of the API.

    - Unknown and wrong parameters are refused before anything else is done: see `publishing.query_parameters`.
    - `lang`, or else Accept-Language, is the language of texts and errors.
    - Answers carry a strong ETag over their bytes, see `publishing.reader.http_cache`; If-Match with another ETag is
      answered with a problem.
    """

    as_of_taken: ClassVar[bool] = False
    not_acceptable: NotAcceptable | None = None
    """The error if no format of the answer is acceptable."""
    cache_control: ClassVar[str] = ASK_EACH_TIME

    def parameters_taken(self) -> list[str]:
        """The names of the parameters of this view."""
        return [*(["as_of"] if self.as_of_taken else []), *parameters.COMMON_PARAMETERS]

    def parameters_repeatable(self) -> Collection[str]:
        """The parameters that may be repeated, for several values."""
        return ()

    @cached_property
    def reader(self) -> Reader:
        """Who reads, and as of which day."""
        day = day_of(self.request.query_params, read=read_iso_day) if self.as_of_taken else None
        return Reader(user=self.request.user, now=timezone.now(), as_of=day)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not hasattr(self, str(request.method).lower()):
            self.http_method_not_allowed(request, *args, **kwargs)  # this raises, whatever else is asked
        asked = request.query_params.get("lang", "")
        if asked in Language.values:
            translation.activate(asked)
        if "\0" in request.path:
            advice = _("It holds a NUL byte, which no text can hold. Remove it.")
            raise UnreadableQuery(ParameterProblem("path", "", advice, "null_character"))
        problems = problems_of(
            request.query_params, known=self.parameters_taken(), repeatable=self.parameters_repeatable()
        )
        if problems:
            raise UnreadableQuery(*problems[:MAX_PROBLEMS])
        super().initial(request, *args, **kwargs)
        self.check_parameters(request)

    def check_parameters(self, request: Request) -> None:
        """Raises UnreadableQuery for values that cannot be read; called before any query."""
        parameters.language(request.query_params)
        _day = self.reader.as_of  # read here, so that an impossible day is refused before anything else is done

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """An address that does not exist is answered with 404 in some format, even if none is acceptable: 404 is more
        useful than 406.
        """
        try:
            return super().perform_content_negotiation(request, force)
        except NotAcceptable as refusal:
            self.not_acceptable = refusal
            return super().perform_content_negotiation(request, force=True)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """The allowed methods, in the Allow header; the schema describes them."""
        return Response(status=204)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if self.not_acceptable is not None and response.status_code == 200:
            response = self.handle_exception(self.not_acceptable)
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept", "Accept-Language"])
        response.headers["Content-Language"] = translation.get_language() or Language.EN
        response.headers.setdefault("Cache-Control", self.cache_control)
        if isinstance(response, Response) and "If-Match" in request.headers:
            response.add_post_render_callback(partial(self.refuse_another_version, request._request))
        return response

    def refuse_another_version(self, request: HttpRequest, response: Response) -> HttpResponseBase | None:
        """The problem to answer if If-Match names another version than that of `response`."""
        if on_condition(request, response).status_code != 412 or response.status_code == 412:
            return None
        refusal = PreconditionFailed(_("What stands here is another version than the one that If-Match names."))
        refused = self.finalize_response(self.request, self.handle_exception(refusal), *self.args, **self.kwargs)
        return refused.render() if isinstance(refused, Response) else refused
