"""Errors of the API as problem details (RFC 9457), in the language asked for.

    {"type": "urn:majlis:problem:invalid-request", "title": "Invalid request", "status": 400,
     "detail": "page_size: Give a whole number from 1 to 200.", "instance": "/api/v1/claims/",
     "errors": [{"parameter": "page_size", "code": "invalid", "detail": "Give a whole number from 1 to 200."}]}

`errors` names each wrong parameter of the address, or each wrong member of the body by a JSON pointer. Nothing internal
is shown: no stack trace, no SQL, no person's name.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_standardized_errors.formatter import flatten_errors
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import serializers
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.settings import api_settings

from publishing.api.collection import Withdrawn
from publishing.api.negotiation import ProblemRenderer
from publishing.database.errors import is_away, validation_error_from
from publishing.query_parameters import ParameterProblem, UnreadableQuery
from publishing.reader.audience import ASK_AGAIN_AFTER, was_given_up

TYPES = {
    400: ("invalid-request", gettext_lazy("Invalid request")),
    401: ("not-authenticated", gettext_lazy("Credentials needed")),
    403: ("not-allowed", gettext_lazy("Not allowed")),
    404: ("not-found", gettext_lazy("Not found")),
    405: ("method-not-allowed", gettext_lazy("Method not allowed")),
    406: ("not-acceptable", gettext_lazy("No such format")),
    409: ("conflict", gettext_lazy("Conflict")),
    410: ("withdrawn", gettext_lazy("Withdrawn")),
    412: ("precondition-failed", gettext_lazy("Precondition failed")),
    413: ("too-large", gettext_lazy("Too large")),
    415: ("unsupported-media-type", gettext_lazy("Unsupported format of the body")),
    429: ("too-many-requests", gettext_lazy("Too many requests")),
    500: ("server-error", gettext_lazy("Error on our side")),
    503: ("busy", gettext_lazy("Busy")),
}
"""For each status: the last part of the problem's type, and its title."""

URN = "urn:majlis:problem:"


class BadRequest(APIException):
    """Django itself could not read the request."""

    status_code = 400


class TooSlow(APIException):
    """The database cancelled a slow query, so that others need not wait for it."""

    status_code = 503
    default_code = "too_slow"
    wait = ASK_AGAIN_AFTER


class DatabaseAway(APIException):
    """The database restarts, cannot be reached, or has no free connection."""

    status_code = 503
    default_code = "database_away"
    wait = ASK_AGAIN_AFTER


class Conflict(APIException):
    """The request contradicts what the database holds."""

    status_code = 409
    default_code = "conflict"


class ErrorSerializer(serializers.Serializer[Any]):
    """One error."""

    parameter = serializers.CharField(required=False, help_text="The parameter of the address, or “path”.")
    pointer = serializers.CharField(required=False, help_text="The member of the body, as a JSON pointer.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField(help_text=f"{URN}…; the last part names the kind of problem.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField(help_text="The path that was asked for.")
    errors = ErrorSerializer(many=True, required=False)  # type: ignore[assignment]


class TombstoneSerializer(ProblemSerializer):
    """What stays of a withdrawn publication; `detail` is its public note."""

    kind = serializers.CharField()
    public_id = serializers.CharField()
    withdrawn_at = serializers.DateTimeField()


class ParameterError(ValidationError):
    """Query parameters that cannot be read: for each a code and what to do instead."""

    def __init__(self, problems: Sequence[ParameterProblem]) -> None:
        errors: dict[str, Any] = {}
        for problem in problems:
            errors.setdefault(problem.parameter, []).append(ErrorDetail(problem.advice, problem.code))
        super().__init__(errors)


def from_django(error: DjangoValidationError) -> dict[str, list[ErrorDetail]]:
    """Django's validation errors in DRF's form: texts and codes by field."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    return {
        str(api_settings.NON_FIELD_ERRORS_KEY if field == NON_FIELD_ERRORS else field): [
            ErrorDetail(text, one.code or "invalid") for one in errors for text in one.messages
        ]
        for field, errors in by_field.items()
    }


def database_away() -> str:
    return _("The database cannot be reached just now. Try again in a moment; what was sent may not have been saved.")


def conflict(error: IntegrityError) -> Conflict:
    """The message of the constraint that was violated; it names neither tables nor people."""
    if isinstance(error, ProtectedError | RestrictedError):
        return Conflict(_("Other things still name it."))
    try:
        return Conflict(" ".join(validation_error_from(error).messages))
    except IntegrityError:
        return Conflict(_("It contradicts what already stands here."))


def pointer(path: str | None) -> str:
    """A JSON pointer to a member of the body, as a fragment; the whole body for errors of no single member."""
    if path in (None, "", api_settings.NON_FIELD_ERRORS_KEY):
        return "#"
    steps = [step.replace("~", "~0").replace("/", "~1") for step in str(path).split(".")]
    return f"#/{'/'.join(steps)}"


def opening(status: int) -> dict[str, Any]:
    """The members with which every problem of this status begins."""
    slug, title = TYPES.get(status, ("error", HTTPStatus(status).phrase))
    return {"type": f"{URN}{slug}", "title": str(title), "status": status}


def problem_response(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """The answer to a request that no view of the API has handled."""
    problem = {**opening(status), "detail": detail, "instance": escape_uri_path(request.path)}
    return HttpResponse(ProblemRenderer().render(problem), status=status, content_type=ProblemRenderer.media_type)


class ProblemHandler(ExceptionHandler):
    """Turns every exception of a view into problem details; an unexpected one is logged and answered with 500."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, DjangoValidationError):
            return ValidationError(from_django(exc))
        if isinstance(exc, UnreadableQuery):
            return ParameterError(exc.problems)
        if isinstance(exc, IntegrityError):
            return conflict(exc)
        if was_given_up(exc):
            return TooSlow(_("This takes too long just now. Try again in a moment, or ask for less at once."))
        if is_away(exc):
            return DatabaseAway(database_away())
        if isinstance(exc, SuspiciousOperation):
            return BadRequest(_("The request cannot be read."))
        known: Exception = super().convert_known_exceptions(exc)
        return known

    def format_exception(self, exc: APIException) -> dict[str, Any]:
        problem = opening(exc.status_code)
        if isinstance(exc, ValidationError):
            errors: list[dict[str, Any]] = [
                {
                    **({"parameter": one.attr} if isinstance(exc, ParameterError) else {"pointer": pointer(one.attr)}),
                    "code": one.code,
                    "detail": one.detail,
                }
                for one in flatten_errors(exc.detail)
            ]
            detail = " ".join(
                f"{one['parameter']}: {one['detail']}" if "parameter" in one else one["detail"] for one in errors
            )
            problem |= {"detail": detail, "instance": self.path, "errors": errors}
        elif exc.status_code == 500 and self.exc is not exc:
            problem |= {"detail": _("The error was recorded. Try again later."), "instance": self.path}
        else:
            problem |= {"detail": str(exc.detail), "instance": self.path}
        if isinstance(exc, Withdrawn):
            problem |= {
                "kind": exc.line.kind,
                "public_id": exc.line.public_id,
                "withdrawn_at": exc.line.effective_at.isoformat().replace("+00:00", "Z"),
            }
        return problem

    @property
    def request(self) -> Any:
        return self.context["request"]

    @property
    def path(self) -> str:
        return escape_uri_path(self.request.path)

    def get_response(self, exc: APIException, data: dict[str, Any]) -> Response:
        request = self.request
        request.accepted_renderer, request.accepted_media_type = ProblemRenderer(), ProblemRenderer.media_type
        response: Response = super().get_response(exc, data)
        return response


def exception_handler(exc: Exception, context: Any) -> Response | None:
    response: Response | None = ProblemHandler(exc, context).run()
    return response
