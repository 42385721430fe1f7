"""The ordered feed of everything that became public, changed or was withdrawn, for clients that keep a mirror.

A mirror stores the `cursor` of the last line it has processed and asks for the lines `since` then. No line is lost or
repeated, even if the client or the server crashes in between:

- Writers date their lines while they hold a lock, which they keep until they commit. The feed reads the database's
  clock while no writer holds that lock. So every line with an earlier date is committed and readable by then, and every
  later line gets a later date.
- A cursor is a moment and the number of its lines that were read. It holds no row number: gaps in those would reveal
  lines that are still under an embargo. Lines of the same moment keep the order in which they were written, and no line
  is ever inserted before another.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from psycopg.errors import LockNotAvailable
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from publishing.api import cursor, parameters
from publishing.api.collection import ListViewSet
from publishing.api.fields import ReadOnlySerializer
from publishing.api.filters import CodesFilter, Filters
from publishing.models.change import Change
from publishing.query_parameters import ParameterProblem, UnreadableQuery
from publishing.site_address import absolute

MAX_WAIT = dt.timedelta(seconds=2)
"""How long the feed waits for a transaction that is just publishing."""


class Busy(APIException):
    """Some transaction has held the lock of the feed for longer than `MAX_WAIT`; the client asks again later."""

    status_code = 503
    default_code = "busy"
    wait = 5


@contextlib.contextmanager
def settled() -> Iterator[dt.datetime]:
    """Yields a moment. Inside the block all lines dated before it can be read, and none will be added before it.

    Raises Busy.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as sql:
                # Not set_config(): only the owner may call that.
                sql.execute(f"SET LOCAL lock_timeout = {MAX_WAIT // dt.timedelta(milliseconds=1)}")
                sql.execute("SELECT publishing_changes_settled_at()")
                (moment,) = sql.fetchone()
            # A separate statement sees what was committed before it began.
            yield moment
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy(_("Something is being published just now. Ask again in a moment.")) from error
        raise


def numbered(lines: QuerySet[Any]) -> QuerySet[Any]:
    """Adds `ordinal` to `lines`: the position of each line among those of its moment, from 1."""
    same_moment = Change.objects.filter(effective_at=OuterRef("effective_at"), pk__lte=OuterRef("pk"))
    count = same_moment.order_by().values("effective_at").annotate(n=Count("pk")).values("n")
    return lines.annotate(ordinal=Subquery(count))


def after(lines: QuerySet[Any], since: str) -> QuerySet[Any]:
    """The `numbered` lines after the cursor. Raises UnreadableCursor."""
    moment, ordinal = cursor.decode(since, (dt.datetime, int))
    return lines.filter(Q(effective_at__gt=moment) | Q(effective_at=moment, ordinal__gt=ordinal))


def cursor_of(line: Any) -> str:
    return cursor.encode(line.effective_at, line.ordinal)


class SincePagination(BasePagination):
    """Pages of the feed; they go forward only."""

    parameters = ("since", "page_size")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        size = parameters.page_size(request.query_params)
        since = request.query_params.get("since")
        lines = numbered(queryset)
        if since is not None:
            try:
                lines = after(lines, since)
            except cursor.UnreadableCursor as error:
                detail = _("This is no cursor. Give the “cursor” of a line of this feed, or leave it out.")
                raise UnreadableQuery(ParameterProblem("since", since, detail)) from error
        with settled() as moment:
            found = list(lines.effective(at=moment)[: size + 1])  # type: ignore[attr-defined]
        self.has_more = len(found) > size
        self.page = found[:size]
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        following = None
        if self.has_more:
            address = absolute(self.request.get_full_path(), self.request)
            following = replace_query_param(address, "since", cursor_of(self.page[-1]))
        return Response({"next": following, "previous": None, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "What follows; null at the end. Come back with `since` of the last line's cursor.",
                },
                "previous": {  # always null; some client generators know no type that is only null
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "Null: the feed runs one way.",
                },
                "results": schema,
            },
        }


class ChangeSerializer(ReadOnlySerializer):
    cursor = serializers.SerializerMethodField(help_text="Give it as `since` to go on after this line.")
    url = serializers.SerializerMethodField(help_text="The thing; 410 with its tombstone once it is withdrawn.")

    class Meta:
        model = Change
        fields = (
            "cursor",
            "kind",
            "public_id",
            "identifier",
            "event",
            "version",
            "note",
            "recorded_at",
            "effective_at",
            "url",
        )
        extra_kwargs = {
            "identifier": {"help_text": "What stood in its address: slug, reference or public id."},
            "recorded_at": {"help_text": "When the desk did it."},
            "effective_at": {"help_text": "When readers could see it: later where there was an embargo."},
        }

    def get_cursor(self, line: Change) -> str:
        return cursor_of(line)

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, line: Change) -> str:
        return absolute(reverse(f"api:{line.kind}-detail", args=[line.identifier]), self.context["request"])


class ChangeFilters(Filters):
    kind = CodesFilter(settings.PUBLICATION_KINDS)


class ChangeViewSet(ListViewSet):
    """Everything that became public, changed or was withdrawn, the oldest first."""

    serializer_class = ChangeSerializer
    filterset_class = ChangeFilters
    pagination_class = SincePagination
    queryset = Change.objects.all()
