"""Pages of a list: each begins right after the last row of the one before.

Rows are neither counted nor skipped, so the last page costs as much as the first. Rows that are added or removed in the
meantime cause no repeated and no missing rows.
"""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from publishing.api import cursor, parameters
from publishing.api.ordering import Ordering
from publishing.pages.keyset import rows_after
from publishing.query_parameters import ParameterProblem, UnreadableQuery, choice
from publishing.roles import reads_drafts
from publishing.site_address import absolute


class CursorPagination(BasePagination):
    """Pages of a collection, in one of its `orderings`.

    A page is found by its keys: each row has `pk` and what it is sorted by. A cursor holds the ordering, the direction and the sort values of the first or last row of the page; all of them are
    public.
    """

    parameters = ("cursor", "page_size", "ordering")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.address = absolute(request.get_full_path(), request)
        size = parameters.page_size(request.query_params)
        self.name = self.ordering_asked(request, view.orderings)
        ordering: Ordering = view.orderings[self.name]
        expressions = ordering.expressions(for_the_desk=reads_drafts(view.reader.user))
        self.sorted_by = list(expressions)
        edge = self.edge(request, ordering)
        backwards = edge is not None and edge[0] == 1
        falling = ordering.descending is not backwards
        rows = queryset.annotate(**expressions)
        if edge is not None:
            rows = rows.filter(rows_after(self.sorted_by, edge[1], descending=[falling] * len(self.sorted_by)))
        rows = rows.order_by(*(f"{'-' if falling else ''}{name}" for name in self.sorted_by))
        found = list(rows.values_list("pk", *self.sorted_by, named=True)[: size + 1])
        more, self.page = len(found) > size, found[:size]
        if backwards:
            self.page.reverse()
        self.has_next = bool(self.page) and (backwards or more)
        self.has_previous = bool(self.page) and (more if backwards else edge is not None)
        return self.page

    def ordering_asked(self, request: Request, orderings: dict[str, Ordering]) -> str:
        text = request.query_params.get("ordering")
        return next(iter(orderings)) if text is None else choice("ordering", text, orderings)

    def edge(self, request: Request, ordering: Ordering) -> tuple[int, list[Any]] | None:
        """The direction (1: backwards) and the values after which the page begins; None for the first page."""
        text = request.query_params.get("cursor")
        if text is None:
            return None
        try:
            name, direction, *values = cursor.decode(text, (str, int, *ordering.types))
        except cursor.UnreadableCursor as error:
            detail = _("This is no cursor of this list. Follow “next” and “previous”, or leave it out.")
            raise UnreadableQuery(ParameterProblem("cursor", text, detail)) from error
        if name != self.name:
            detail = _("This cursor belongs to another ordering. Leave it out and begin anew.")
            raise UnreadableQuery(ParameterProblem("cursor", text, detail))
        return direction, values

    def link(self, row: Any, direction: int) -> str:
        values = [getattr(row, name) for name in self.sorted_by]
        return replace_query_param(self.address, "cursor", cursor.encode(self.name, direction, *values))

    def get_paginated_response(self, data: Any) -> Response:
        following = self.link(self.page[-1], 0) if self.has_next else None
        previous = self.link(self.page[0], 1) if self.has_previous else None
        return Response({"next": following, "previous": previous, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "description": "The page after this one; null if it is the last."},
                "previous": {**link, "description": "The page before this one; null if it is the first."},
                "results": schema,
            },
        }
