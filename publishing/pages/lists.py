import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.generic import ListView

from publishing import typed_values
from publishing.database.collation import sort_key
from publishing.form_fields import DayField, day_in_words
from publishing.languages import label_of, listed, page_language
from publishing.pages.detail import then
from publishing.pages.keyset import UnknownRow, slice_of
from publishing.pages.page import Page
from publishing.publication import Publication
from publishing.query_parameters import ParameterProblem, UnreadableQuery, day_from

IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,80}")

PAGE_SIZE = 25

OFFERED = 100
"""A filter offers only this many publications: nobody reads a longer list to its end."""


@dataclass(frozen=True, slots=True)
class AppliedFilter:
    """A filter that is set: its name, its value in words, and the address of the list without it."""

    label: str
    value: str
    url: str


class ListFilters(forms.Form):
    """The filters of a list, as a form. `narrow` filters the rows; here it keeps all."""

    use_required_attribute = False

    def __init__(self, query: QueryDict, *, user: Any) -> None:
        self.user = user
        super().__init__(query, auto_id="filter_%s")

    def choices_of(self, name: str, publications: QuerySet[Any]) -> None:
        """The options of the field `name`; a reader is not offered what he may not see."""
        field: Any = self.fields[name]
        field.queryset = publications
        field.chosen = self.data.get(name, "")

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows after filtering."""
        return rows

    @property
    def known_on(self) -> dt.date | None:
        """The day of `as_of`; None if the list does not take it, or it was not given."""
        day: dt.date | None = self.cleaned_data.get("as_of")
        return day

    def problems(self) -> list[ParameterProblem]:
        """The parameters that these filters do not understand."""
        return [
            ParameterProblem(name, str(self.data.get(name, "")), " ".join(str(message) for message in messages))
            for name, messages in self.errors.items()
        ]

    def applied(self, path: str) -> list[AppliedFilter]:
        """The filters that are set, each with the address that removes it."""
        found = []
        for bound in self:
            value = self.cleaned_data.get(bound.name)
            if value in (None, "", False):
                continue
            rest = self.query(without=bound.name)
            found.append(
                AppliedFilter(
                    str(bound.label), self.in_words(bound, value), path + (f"?{urlencode(rest)}" if rest else "")
                )
            )
        return found

    def query(self, *, without: str = "") -> dict[str, str]:
        """The filters that are set, as query parameters."""
        return {
            name: chosen.isoformat() if isinstance(chosen, dt.date) else self.data[name]
            for name in self.fields
            if name != without and (chosen := self.cleaned_data.get(name)) and self.data.get(name)
        }

    @staticmethod
    def in_words(bound: forms.BoundField, value: Any) -> str:
        if isinstance(value, Publication):
            return label_of(value).words
        if isinstance(bound.field, Choice):
            return str(bound.field.labels[value])
        if isinstance(value, dt.date):
            return day_in_words(value)
        return "" if value is True else str(value)


class Choice(forms.ChoiceField):
    """One of the values of an enumeration, or any."""

    def __init__(self, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        self.labels = dict(choices)
        super().__init__(choices=[("", gettext_lazy("Any")), *self.labels.items()], required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).translate(typed_values.IN_ASCII)  # some of them are numbers

    def validate(self, value: Any) -> None:
        if value and not self.valid_value(value):
            known = listed(self.labels)
            raise forms.ValidationError(gettext("This value is unknown. Choose one of: %(known)s.") % {"known": known})


class Offered(forms.models.ModelChoiceIterator):
    """The first `OFFERED` publications, and the chosen one; the address may name any other as well."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        rows = list(self.queryset[: OFFERED + 1])
        yield from (self.choice(row) for row in rows[:OFFERED])
        if len(rows) > OFFERED:
            yield from self.not_offered(rows[:OFFERED])

    def not_offered(self, rows: Sequence[Any]) -> Iterator[Any]:
        """The chosen one if it is not among `rows`, and a line that says that there are more."""
        field: Any = self.field
        if field.chosen and all(getattr(row, field.to_field_name) != field.chosen for row in rows):
            yield from (self.choice(row) for row in self.queryset.filter(**{field.to_field_name: field.chosen}))
        yield ("", gettext_lazy("… more than a list can show: search for it, and see its own page"))


class PublicationChoice(forms.ModelChoiceField):
    """A publication that the reader may see, by the identifier in its address."""

    iterator = Offered
    chosen = ""
    """The identifier in the address; `ListFilters.choices_of` sets it."""

    def __init__(self, *, identifier: str = "slug", **kwargs: Any) -> None:
        super().__init__(
            queryset=None,
            to_field_name=identifier,
            required=False,
            empty_label=gettext_lazy("Any"),
            error_messages={
                "invalid_choice": gettext_lazy("Nothing here has this name in its address. Choose from the list.")
            },
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        return label_of(obj).words


class TickBox(forms.CheckboxInput):
    """A box that is `true` in the address; a wrong value in the address is kept for the error message."""

    def format_value(self, value: Any) -> str:
        return "true"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name, "")


class Flag(forms.Field):
    """True or nothing; anything else is an error."""

    widget = TickBox

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> bool:
        if value in ("", None, "false"):
            return False
        if value != "true":
            raise forms.ValidationError(gettext("This is either true or left out."))
        return True


class PastDay(DayField):
    """A day up to today, from the first day for which we have data."""

    def to_python(self, value: Any) -> dt.date | None:
        return day_from(value) if isinstance(value, str) and value.strip() else super().to_python(value)


class AsOf(PastDay):
    """The field `as_of`: what was known on that day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("As known on"))
        kwargs.setdefault("help_text", gettext_lazy("Days of records are days in UTC."))
        super().__init__(required=False, **kwargs)


class ListPage(Page, ListView):
    """A list with filters and pages, on list_page.html. Subclasses give the rows and their order."""

    model: type[Publication]
    heading: ClassVar[Any] = ""
    """The heading of the page, if it is not the name of its section."""
    standfirst: ClassVar[Any] = ""
    """The content of the list in a sentence: under the heading, and for search engines."""
    feed_url_name: ClassVar[str] = ""
    filters_class: ClassVar[type[ListFilters]]
    order: ClassVar[Sequence[str]]
    identifier: ClassVar[str] = "slug"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.filters = self.filters_class(request.GET, user=request.user)
        if not self.filters.is_valid():
            raise UnreadableQuery(*self.filters.problems())
        self.slice = self.get_slice()
        self.object_list = self.slice.rows
        return self.render_to_response(self.get_context_data())

    def sortable(self) -> Any:
        """All rows that the reader may see, with the columns by which the list sorts."""
        return self.model._default_manager.all().visible_to(self.request.user)

    def rows(self) -> Any:
        """The filtered rows, with everything that the page shows of a row."""
        return self.filters.narrow(self.sortable())

    def get_slice(self) -> Any:
        ends = {name: self.request.GET.get(name, "") for name in ("after", "before")}
        advice = gettext("The list has no such row. Begin at its first page.")
        for name, value in ends.items():
            if value and not IDENTIFIER.fullmatch(value):
                raise UnreadableQuery(ParameterProblem(name, value, advice))
        try:
            return slice_of(
                self.rows(), order=self.order, size=PAGE_SIZE, identifier=self.identifier, known=self.sortable(), **ends
            )
        except UnknownRow as error:
            name = "before" if ends["before"] else "after"
            raise UnreadableQuery(ParameterProblem(name, ends[name], advice)) from error

    def address(self, **changes: str) -> str:
        """The address of this list with its filters, with `changes` applied."""
        query = urlencode({**self.filters.query(), **changes})
        return self.request.path + (f"?{query}" if query else "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page, applied = self.slice, self.filters.applied(self.request.path)
        first_and_last = [getattr(page.rows[index], self.identifier) for index in (0, -1)] if page.rows else ["", ""]
        return super().get_context_data(
            heading=self.heading or self.section,
            standfirst=self.standfirst,
            feed_url=reverse(self.feed_url_name) if self.feed_url_name else "",
            form=self.filters,
            active_filters=applied,
            as_of=self.filters.known_on,
            then=then(self.filters.known_on),
            today_url=self.request.path
            + (f"?{urlencode(rest)}" if (rest := self.filters.query(without="as_of")) else ""),
            is_first_page=not page.has_previous,
            first_page_url=self.address(),
            previous_url=self.address(before=first_and_last[0]) if page.has_previous and page.rows else "",
            next_url=self.address(after=first_and_last[1]) if page.has_next and page.rows else "",
            **self.whereabouts(),
            **kwargs,
        )


def by_name(publications: QuerySet[Any]) -> QuerySet[Any]:
    """In the alphabetical order of the page's language."""
    return publications.annotate(sort_name=sort_key(page_language())).order_by("sort_name", "pk")


def visible(model: Any, user: Any) -> QuerySet[Any]:
    """The publications that a filter offers."""
    return by_name(model._default_manager.all().visible_to(user))
