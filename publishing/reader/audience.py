"""Who is reading: the desk, or the public. The one place that decides it.

The desk reads as the owner of the tables. Everybody else, partners included, reads inside a
transaction as the database role `majlis_reader`, which sees what is published and nothing else (see
`row_policies.py`): what a view or a serializer forgets to filter, the database still refuses. The
transaction writes nothing, and a query in it that takes longer than MAJLIS_QUERY_SECONDS is given up,
so that nobody holds a worker for long.

In a process for the public alone (MAJLIS_PUBLIC_ONLY) everybody is the public.
"""

import contextlib
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_noop
from psycopg.errors import QueryCanceled

from publishing.reader.http_cache import KEEP_NOWHERE
from publishing.reader.row_policies import READER
from publishing.roles import reads_drafts

GROUPS_STAY = gettext_noop(
    "The groups of the desk are neither renamed nor deleted: their names decide what their members may do."
)
"""What the trigger on auth_group says, for the translators."""

PROBES = ("/healthz", "/readyz")
"""Addresses that read with the process's own rights, and say nothing of any content."""

THE_DESK = "/admin/"
"""Reads as the owner, and lets nobody past its login."""

ASK_AGAIN_AFTER = 5
"""Seconds after which an answer may be asked for again that took too long."""


@contextlib.contextmanager
def reading_as_the_public() -> Iterator[None]:
    """Inside the block the database shows what is published, refuses to write, and gives up what takes too long."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        # One journey to the database for the three.
        cursor.execute(
            f"SET TRANSACTION READ ONLY; SET LOCAL ROLE {READER};"
            f" SET LOCAL statement_timeout = {settings.MAJLIS_QUERY_SECONDS * 1000:.0f}"
        )
        yield
        if is_outermost:
            return  # all three end with the transaction
        try:
            # Where this block stands inside another transaction, as in tests, that would be too late.
            cursor.execute("RESET ROLE; RESET statement_timeout")
        except DatabaseError:
            transaction.set_rollback(True)  # a failed query has ended the transaction, and its role with it


def was_given_up(error: BaseException) -> bool:
    """Whether the database was stopped in the middle of a query that took too long."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, QueryCanceled)


class AudienceMiddleware:
    """Answers whoever is not at the desk as the database's reader. Stands after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(PROBES):
            return self.get_response(request)
        is_at_the_desk = self.is_at_the_desk(request)
        # Asked before the view is: the API forgets who is signed in.
        is_for_one_person = request.path_info.startswith(THE_DESK) or request.user.is_authenticated
        with contextlib.nullcontext() if is_at_the_desk else reading_as_the_public():
            response = self.get_response(request)
        if is_for_one_person:
            response.headers["Cache-Control"] = KEEP_NOWHERE
        return response

    def is_at_the_desk(self, request: HttpRequest) -> bool:
        """Whether `request` may read what is not public; sees to it that it has a user."""
        if not settings.MAJLIS_PUBLIC_ONLY:
            if request.path_info.startswith(THE_DESK):
                return True
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                return reads_drafts(request.user)
        # Nobody without a session is at the desk; the reader could not look for one either.
        request.user = AnonymousUser()
        return False

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page whose query was given up says that it took too long; the API has its own words for it."""
        if not was_given_up(exception):
            return None
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = str(ASK_AGAIN_AFTER)
        return response
