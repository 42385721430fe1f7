"""Errors outside of views: a page in the reader's language, and under /api/ a problem document.

Django calls these from the URL conf and from CSRF_FAILURE_VIEW, also for requests that failed before their language was
known; so each determines the language from the address itself.
"""

import functools
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from config.request_language import language_of
from publishing.api import problems
from publishing.database.errors import is_away
from publishing.reader.audience import ASK_AGAIN_AFTER

MEGABYTE = 1_000_000
THE_API = "/api/"

ErrorView = Callable[..., HttpResponse]


def in_its_language(answer: ErrorView) -> ErrorView:
    """In the language of the request: the thread may still have that of another request."""

    @functools.wraps(answer)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = translation.get_language() if hasattr(request, "LANGUAGE_CODE") else language_of(request)
        with translation.override(language):
            response = answer(request, *args, **kwargs)
        response.headers.setdefault("Content-Language", language or settings.LANGUAGE_CODE)
        return response

    return answered


def error_response(request: HttpRequest, status: int, detail: str, *, page: str = "", **context: Any) -> HttpResponse:
    """A page that needs neither the database nor the user; under /api/ a problem document with the same content."""
    if request.path_info.startswith(THE_API):
        return problems.problem_response(request, status, detail)
    return HttpResponse(render_to_string(page or f"{status}.html", context), status=status)


@in_its_language
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if isinstance(exception, DisallowedHost):
        return error_response(
            request, 400, _("This site is not known by the name that was asked for."), page="400_host.html"
        )
    return error_response(request, 400, _("The request cannot be read."))


@in_its_language
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith(THE_API):
        return problems.problem_response(
            request, 403, _("Your account lacks the right to it, or you are not signed in.")
        )
    return render(request, "403.html", status=403)


@in_its_language
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`reason` is Django's text, in English and for developers: it is only logged."""
    return error_response(
        request,
        403,
        _("The form was not sent from a page of this site that is still valid. Nothing was changed."),
        page="403_csrf.html",
        path=request.path,
    )


@in_its_language
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith(THE_API):
        return problems.problem_response(request, 404, _("There is nothing at this address."))
    return render(request, "404.html", status=404)


@in_its_language
def too_large(request: HttpRequest, *, most: int) -> HttpResponse:
    """`most` is the allowed size, in bytes."""
    megabytes = most // MEGABYTE
    detail = _("At most %(most)s MB are taken at once, so nothing of it was read or kept.") % {"most": megabytes}
    return error_response(request, 413, detail, most=megabytes)


@in_its_language
def server_error(request: HttpRequest) -> HttpResponse:
    """Also for errors of a middleware: the connection to the database is usually made, and lost, outside of a view."""
    if is_away(sys.exception()):
        response = error_response(request, 503, problems.database_away(), page="503_database.html")
        response.headers["Retry-After"] = str(ASK_AGAIN_AFTER)
        return response
    return error_response(request, 500, _("The error was recorded. Try again later."))
