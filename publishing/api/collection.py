"""A collection of the API: a list with filters and pages, and a detail view for each row."""

import datetime as dt
from collections.abc import Collection as AnyCollection
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NoReturn

from django.db.models import Model, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import mixins, viewsets
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer, ListSerializer

from publishing import query_parameters
from publishing.api import parameters
from publishing.api.filters import Filters
from publishing.api.ordering import Column, Ordering
from publishing.api.reader import Reader
from publishing.api.views import ApiView
from publishing.models.change import Change
from publishing.publication import Publication
from publishing.query_parameters import ParameterProblem, UnreadableQuery


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
        return parameters.fields(self.request.query_params, self.members)

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer[Any]:
        serializer = super().get_serializer(*args, **kwargs)
        item: Any = serializer.child if isinstance(serializer, ListSerializer) else serializer
        if args and self.fields_asked is not None:
            # A text always comes with the note that it is in another language than the one asked for.
            for name in set(item.fields) - {*self.fields_asked, "text_languages"}:
                del item.fields[name]
        return serializer


class Collection(ListViewSet, mixins.RetrieveModelMixin):
    """Publications of one kind, as far as their reader may see them.

    A subclass gives the rows (`displayed`), the serializer (`serializer_class`), the filters (`filterset_class`) and the
    orderings (`sortable`; the first is the default).
    """

    model: ClassVar[type[Model]]
    lookup_value_regex = "[^/]+"
    sortable: ClassVar[Mapping[str, tuple[Column, ...]]]

    def shown(self, reader: Reader) -> QuerySet[Any]:
        """The rows that `reader` may see, with everything the serializer needs."""
        raise TypeError(f"{type(self).__name__} does not say what it shows.")

    def get_queryset(self) -> QuerySet[Any]:
        return self.shown(self.reader)

    def parameters_taken(self) -> list[str]:
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
        identifier = self.kwargs[self.lookup_field]
        thing = self.get_queryset().filter(**{self.lookup_field: identifier}).first()
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
        today = self.shown(Reader(user=self.reader.user, now=now))
        if day is not None and today.filter(**{self.lookup_field: identifier}).exists():
            raise NotFound(_("This was not public yet on %(day)s.") % {"day": day.isoformat()}, "not_yet_published")
        detail = _("There is nothing public under “%(identifier)s” here.")
        raise NotFound(detail % {"identifier": query_parameters.displayed(identifier)})


PUBLISHED_AT = Column("published_at", dt.datetime, nullable_for_the_desk=True)
"""When it was published; empty for drafts, which only the desk sees."""
