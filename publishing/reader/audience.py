"""Who is reading: the desk, or the public. The only place that decides it.

The desk reads as the owner of the tables. Everybody else, partners included, reads inside a transaction as the database
role `majlis_reader`, which sees only what is published (see `row_policies.py`): if a view or a serializer forgets a
filter, the database still refuses. The transaction is read-only, and a query that takes longer than
MAJLIS_QUERY_SECONDS is cancelled, so that nobody blocks a worker process for long.

In a process for the public alone (MAJLIS_PUBLIC_ONLY) everybody counts as the public.
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
"""The message of the trigger on auth_group, repeated for translation."""

PROBES = ("/healthz", "/readyz")
"""Addresses that are answered with the process's own database rights and show no content."""

THE_DESK = "/admin/"
"""Reads as the owner, and shows nothing but a login to strangers."""

ASK_AGAIN_AFTER = 5
"""Seconds after which a client may repeat a request that took too long."""


@contextlib.contextmanager
def reading_as_the_public() -> Iterator[None]:
    """Inside the block the database shows only what is published, refuses to write, and cancels slow queries."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        # One round trip for all of them. JIT costs more than it saves for pages; here it is off also behind a pooler,
        # which accepts no options with a connection, and in a copy of a database, which loses its settings. What is prepared
        # is planned once, and not anew for the values of each request.
        cursor.execute(
            f"SET TRANSACTION READ ONLY; SET LOCAL ROLE {READER}; SET LOCAL jit = off;"
            " SET LOCAL plan_cache_mode = force_generic_plan;"
            f" SET LOCAL statement_timeout = {settings.MAJLIS_QUERY_SECONDS * 1000:.0f}"
        )
        yield
        if is_outermost:
            return  # all settings end with the transaction
        try:
            # Inside another transaction, as in tests, that would be too late.
            cursor.execute("RESET ROLE; RESET jit; RESET plan_cache_mode; RESET statement_timeout")
        except DatabaseError:
            transaction.set_rollback(True)  # a failed query has already ended the transaction, and its role with it


def was_given_up(error: BaseException) -> bool:
    """Whether the database cancelled a query because it took too long."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, QueryCanceled)


class AudienceMiddleware:
    """Answers everybody who is not at the desk with the database role of the reader. Must stand after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(PROBES):
            return self.get_response(request)
        is_at_the_desk = self.is_at_the_desk(request)
        # Computed before the view runs, because the API discards the signed-in user.
        is_for_one_person = request.path_info.startswith(THE_DESK) or request.user.is_authenticated
        with contextlib.nullcontext() if is_at_the_desk else reading_as_the_public():
            response = self.get_response(request)
        if is_for_one_person:
            response.headers["Cache-Control"] = KEEP_NOWHERE
        return response

    def is_at_the_desk(self, request: HttpRequest) -> bool:
        """Whether `request` may read what is not public; sets its user if it has none."""
        if not settings.MAJLIS_PUBLIC_ONLY:
            if request.path_info.startswith(THE_DESK):
                return True
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                return reads_drafts(request.user)
        # Without a session nobody is at the desk; and the reader role could not look one up.
        request.user = AnonymousUser()
        return False

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page whose query was cancelled says that it took too long; the API has its own error for that."""
        if not was_given_up(exception):
            return None
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = str(ASK_AGAIN_AFTER)
        return response
