from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema_field

from publishing import query_parameters
from publishing.api.reader import Reader
from publishing.form_fields import WholeNumberField
from publishing.publication import Publication
from publishing.query_parameters import ParameterProblem, UnreadableQuery, displayed

Rows = QuerySet[Any]

Narrow = Callable[[Rows, Any, Reader], Rows]
"""Selects the rows that concern an object, for a reader."""


class CodesField(forms.MultipleChoiceField):
    def validate(self, value: Any) -> None:
        for code in value:
            if not self.valid_value(code):
                choices: Any = self.choices
                known = [str(known) for known, _label in choices]
                raise ValidationError(query_parameters.unknown_value(code, known), code="unknown_value")


class CodesFilter(django_filters.MultipleChoiceFilter):
    """Codes of a choice; if repeated, any of them matches."""

    field_class = CodesField

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Repeat the parameter to allow several values.")
        super().__init__(choices=list(choices), distinct=False, **kwargs)


class FlagField(forms.CharField):
    def clean(self, value: Any) -> bool | None:
        if value in (None, ""):
            return None
        if value not in ("true", "false"):
            raise ValidationError(query_parameters.unknown_value(value, ("true", "false")), code="unknown_value")
        return bool(value == "true")


@extend_schema_field(bool)
class FlagFilter(django_filters.Filter):
    """true or false."""

    field_class = FlagField


class NumberField(WholeNumberField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(min_value=1, max_value=9999)
        super().__init__(**kwargs)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": 9999})
class NumberFilter(django_filters.Filter):
    """A whole number from 1 to 9999."""

    field_class = NumberField


class LanguageCodeField(forms.RegexField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            regex=r"\A[a-z]{2,3}(-[A-Za-z0-9]{1,5})?\Z",
            error_messages={"invalid": gettext_lazy("Give an ISO 639 code, for example en.")},
            **kwargs,
        )


@extend_schema_field({"type": "string", "example": "en"})
class LanguageCodeFilter(django_filters.Filter):
    """An ISO 639 code."""

    field_class = LanguageCodeField


class PublicationFilter(django_filters.Filter):
    """A publication, by the identifier in its address; `narrow` selects the rows that concern it.

    One that the reader may not see is treated like one that does not exist.
    """

    field_class = forms.CharField

    def __init__(self, publication: type[Publication], narrow: Narrow) -> None:
        self.publication, self.narrow = publication, narrow
        identifier = publication.identifier_field.replace("_", " ")
        description = f"The {identifier} of one of the {collection_of(publication)}."
        super().__init__()
        extend_schema_field({"type": "string", "description": description})(self)

    def filter(self, qs: Rows, value: Any) -> Rows:
        if not value:
            return qs
        reader: Reader = self.parent.reader
        thing = reader.visible(self.publication).filter(**{self.publication.identifier_field: value}).first()
        if thing is None:
            detail = _("Nothing public has “%(value)s” in its address. What there is stands in “%(collection)s”.")
            named = {"value": displayed(value), "collection": collection_of(self.publication)}
            raise UnreadableQuery(ParameterProblem(str(self.field_name), value, detail % named, "unknown_value"))
        return self.narrow(qs, thing, reader)


def collection_of(publication: type[Publication]) -> str:
    """The name of the collection that lists this kind of publication."""
    kind = str(publication._meta.model_name)
    return kind if kind == "series" else f"{kind}s"


class Filters(FilterSet):
    """The filters of one collection."""

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        self.reader = reader
        super().__init__(*args, **kwargs)

    @classmethod
    def repeatable(cls) -> set[str]:
        """The parameters that may be repeated."""
        return {name for name, one in cls.base_filters.items() if isinstance(one, CodesFilter)}


def column(name: str) -> Narrow:
    """Filters by the row's own column."""
    return lambda rows, thing, reader: rows.filter(**{name: thing})


def part(model: Any, whole: str, name: str, path: str = "pk") -> Narrow:
    """Filters by a part of the row, or of the object that `path` leads to: `model` links its `whole` to `name`."""

    def narrow(rows: Rows, thing: Any, reader: Reader) -> Rows:
        return rows.filter(Exists(model.objects.filter(**{whole: OuterRef(path), name: thing})))

    return narrow
