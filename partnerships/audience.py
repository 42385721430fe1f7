"""Who is reading: the desk, or the public. The one place that decides it.

The desk reads as the owner of the tables. Everybody else, partners included, reads inside a
transaction as the database role `majlis_reader`, which sees what is published and nothing else (see
`row_policies.py`): what a view or a serializer forgets to filter, the database still refuses.
"""

import contextlib
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponseBase

from partnerships.row_policies import READER

EDITORS = "editors"
REVIEWERS = "reviewers"
ADMINISTRATORS = "administrators"
CONVENORS = "convenors"
"""Who may know who was there. No other group may, and no superuser who is not of this one."""

WRITERS = (EDITORS, REVIEWERS, ADMINISTRATORS)
"""The groups whose members write what is published."""

DESK = (*WRITERS, CONVENORS)
"""The groups whose members read drafts; made by a migration."""

OWN_GUARD = ("/admin/", "/healthz", "/readyz")
"""Addresses that read as the owner: the admin lets nobody past its login, the probes say no content."""

__all__ = [
    "ADMINISTRATORS",
    "CONVENORS",
    "DESK",
    "EDITORS",
    "REVIEWERS",
    "WRITERS",
    "AudienceMiddleware",
    "User",
    "groups_of",
    "reading_as_the_public",
    "reads_drafts",
]


def groups_of(user: User | AnonymousUser | None) -> frozenset[str]:
    """Names of the desk groups of `user`; asks the database once per user object."""
    if user is None or not user.is_authenticated or not user.is_active or not user.is_staff:
        return frozenset()
    known = user.__dict__.get("_desk_groups")
    if known is None:
        known = frozenset(user.groups.filter(name__in=DESK).values_list("name", flat=True))
        user.__dict__["_desk_groups"] = known
    return known


def reads_drafts(user: User | AnonymousUser | None) -> bool:
    """Whether `user` sits at the desk: active staff in one of the groups, or a superuser."""
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    return bool(user.is_superuser) or bool(groups_of(user))


@contextlib.contextmanager
def reading_as_the_public() -> Iterator[None]:
    """Inside the block the database shows what is published, and refuses to write."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {READER}")
        yield
        try:
            # The role ends with the transaction; where this block stands inside another one, as in
            # tests, that would be too late.
            cursor.execute("RESET ROLE")
        except DatabaseError:
            transaction.set_rollback(True)  # a failed query has ended the transaction, and its role with it


class AudienceMiddleware:
    """Answers whoever is not at the desk as the database's reader. Stands after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(OWN_GUARD):
            return self.get_response(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            # Nobody without a session is at the desk; the reader could not look for one either.
            request.user = AnonymousUser()
        elif reads_drafts(request.user):
            return self.get_response(request)
        with reading_as_the_public():
            return self.get_response(request)
