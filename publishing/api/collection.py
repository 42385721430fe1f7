"""A collection of the API: a list with filters and pages, and a detail view for each row."""

import datetime as dt
from collections.abc import Collection as AnyCollection
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NoReturn

import orjson
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import mixins, viewsets
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, ListSerializer

from publishing import query_parameters
from publishing.api import parameters
from publishing.api.filters import Filters
from publishing.api.ordering import Column, Ordering
from publishing.api.reader import Reader
from publishing.api.statements import statement_of
from publishing.api.views import ApiView
from publishing.models.change import Change
from publishing.publication import Publication
from publishing.query_parameters import ParameterProblem, UnreadableQuery
from publishing.site_address import site_address

Names = list[str]
"""In a class with a method `list` that word means another thing."""


class Withdrawn(APIException):
    """The publication was public and is withdrawn: the answer is its tombstone, with status 410."""

    status_code = 410
    default_code = "withdrawn"

    def __init__(self, line: Change) -> None:
        self.line = line
        super().__init__(line.note)


class StrictFilterBackend(DjangoFilterBackend):
    """Applies the filterset; refuses an impossible value with the name of the parameter."""

    def get_filterset_kwargs(self, request: Request, queryset: QuerySet[Any], view: Any) -> dict[str, Any]:
        return {**super().get_filterset_kwargs(request, queryset, view), "reader": view.reader}

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        if request.query_params.keys().isdisjoint(view.filters_taken()):
            return queryset  # making a form of all filters takes longer than most queries
        filterset = self.get_filterset(request, queryset, view)
        if not filterset.is_valid():
            raise UnreadableQuery(
                *(
                    ParameterProblem(
                        name, request.query_params.get(name, ""), " ".join(error.messages), error.code or "invalid"
                    )
                    for name, errors in filterset.errors.as_data().items()
                    for error in errors
                )
            )
        filtered: QuerySet[Any] = filterset.qs
        return filtered


class ListViewSet(ApiView, mixins.ListModelMixin, viewsets.GenericViewSet):
    """A list with filters, pages and sparse fields."""

    filterset_class: ClassVar[type[Filters]]
    filter_backends: Sequence[Any] = (StrictFilterBackend,)

    def filters_taken(self) -> list[str]:
        """Names of the parameters that narrow the list."""
        return list(self.filterset_class.base_filters)

    def parameters_taken(self) -> list[str]:
        paging: Any = self.paginator
        return [*self.filters_taken(), *paging.parameters, "fields", *super().parameters_taken()]

    def parameters_repeatable(self) -> AnyCollection[str]:
        return self.filterset_class.repeatable()

    def check_parameters(self, request: Request) -> None:
        super().check_parameters(request)
        _members = self.fields_asked  # read here, to refuse it early, like the day

    @property
    def members(self) -> list[str]:
        """The names of the members of each row."""
        whole: Any = super().get_serializer()
        return list(whole.fields)

    @cached_property
    def fields_asked(self) -> list[str] | None:
        """The members that `fields` asks for; None for all."""
        if "fields" not in self.request.query_params:
            return None
        return parameters.fields(self.request.query_params, self.members)

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer[Any]:
        serializer = super().get_serializer(*args, **kwargs)
        item: Any = serializer.child if isinstance(serializer, ListSerializer) else serializer
        if args and self.fields_asked is not None:
            # A text always comes with the note that it is in another language than the one asked for.
            for name in set(item.fields) - {*self.fields_asked, "text_languages"}:
                del item.fields[name]
        return serializer


class Collection(ListViewSet):
    """Publications of one kind, as far as their reader may see them.

    A subclass gives the rows (`rows` and `shown`), the serializer (`serializer_class`), the filters (`filterset_class`)
    and the orderings (`sortable`; the first is the default).

    A list or a detail first finds the keys of its rows, and then asks for all that it shows of them in one statement.
    """

    model: ClassVar[type[Model]]
    lookup_value_regex = "[^/]+"
    sortable: ClassVar[Mapping[str, tuple[Column, ...]]]

    def shown(self, reader: Reader) -> QuerySet[Any]:
        """The rows that `reader` may see, with everything the serializer needs."""
        raise TypeError(f"{type(self).__name__} does not say what it shows.")

    def rows(self, reader: Reader) -> QuerySet[Any]:
        """The same rows to be found, narrowed and sorted, without what the serializer needs."""
        return reader.visible(self.model)

    def get_queryset(self) -> QuerySet[Any]:
        return self.rows(self.reader)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page: Any = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.written([row.pk for row in page]))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        identifier = self.kwargs[self.lookup_field]
        keys = self.get_queryset().filter(**{self.lookup_field: identifier}).values_list("pk", flat=True)[:1]
        for found in self.written(list(keys)):
            return Response(found)
        self.refuse(identifier)

    def written(self, keys: Sequence[Any]) -> Sequence[Any]:
        """What is shown of the rows with these keys, in their order: JSON as PostgreSQL has written it, or in part."""
        statement = statement_of(self, self.reader)
        texts = statement.answers(keys, reader=self.reader, site=site_address(self.request))
        if self.fields_asked is None and not statement.finished:
            return [orjson.Fragment(text) for text in texts]
        return [self.in_part(statement.finish(orjson.loads(text))) for text in texts]

    def in_part(self, shown: dict[str, Any]) -> dict[str, Any]:
        """`shown` with the members that are asked for."""
        if self.fields_asked is None:
            return shown
        part = {name: value for name, value in shown.items() if name in self.fields_asked}
        # A text always comes with the note that it is in another language than the one asked for.
        fallen = {name: code for name, code in shown.get("text_languages", {}).items() if name in part}
        return {**part, "text_languages": fallen} if fallen else part

    def parameters_taken(self) -> Names:
        # Filters and pages are for the list only.
        return ["fields", *ApiView.parameters_taken(self)] if self.detail else super().parameters_taken()

    def parameters_repeatable(self) -> AnyCollection[str]:
        return () if self.detail else super().parameters_repeatable()

    @cached_property
    def orderings(self) -> dict[str, Ordering]:
        """The values of `ordering`, the default first; each ends with the unique column that is used in the address."""
        unique = Column(self.lookup_field, str)
        found = {}
        for name, columns in self.sortable.items():
            complete = columns if unique in columns else (*columns, unique)
            turned = name.removeprefix("-") if name.startswith("-") else f"-{name}"
            for value in (name, turned):
                found[value] = Ordering(complete, descending=value.startswith("-"))
        return found

    # Detail

    def get_object(self) -> Any:
        """The row itself, for a view that renders it in Python."""
        identifier = self.kwargs[self.lookup_field]
        thing = self.shown(self.reader).filter(**{self.lookup_field: identifier}).first()
        if thing is not None:
            return thing
        self.refuse(identifier)

    def refuse(self, identifier: str) -> NoReturn:
        """Raises what fits a row that is not shown: withdrawn, not yet public on the day asked for, or unknown."""
        now, day = self.reader.now, self.reader.as_of
        if issubclass(self.model, Publication):
            line = Change.objects.tombstone(kind=str(self.model._meta.model_name), identifier=identifier, at=now)
            if line is not None:
                raise Withdrawn(line)
        today = self.rows(Reader(user=self.reader.user, now=now))
        if day is not None and today.filter(**{self.lookup_field: identifier}).exists():
            raise NotFound(_("This was not public yet on %(day)s.") % {"day": day.isoformat()}, "not_yet_published")
        detail = _("There is nothing public under “%(identifier)s” here.")
        raise NotFound(detail % {"identifier": query_parameters.displayed(identifier)})


PUBLISHED_AT = Column("published_at", dt.datetime, nullable_for_the_desk=True)
"""When it was published; empty for drafts, which only the desk sees."""
