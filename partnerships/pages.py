"""What every public page keeps to, whatever it shows.

A visitor sees what is published. What was withdrawn answers with its tombstone, what a reader may
not know of with "not found", and an address that cannot be read with a page that names what is wrong
in it, in the reader's language. `as_of=YYYY-MM-DD` asks what was known on that day, in UTC.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views import View
from django.views.generic import DetailView, ListView

from partnerships import typed
from partnerships.appended import end_of
from partnerships.audience import reads_drafts
from partnerships.bibliography import FORMATS, highwire
from partnerships.bibliography.work import Work
from partnerships.desk_addresses import change_address
from partnerships.keyset import UnknownRow, slice_of
from partnerships.models import Change
from partnerships.models.change import ChangeKind
from partnerships.publication import Publication, PublicationState
from partnerships.site_address import absolute
from partnerships.texts import Text, label_of, listed, text_of
from partnerships.typed_fields import DayField, day_in_words

IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,80}")
PAGE_SIZE = 25
OFFERED = 100
"""Of more publications than these, a filter offers only the first: nobody reads a longer list to its end."""

EARLIEST_DAY = dt.date(1900, 1, 1)
"""Nothing was known here before; it also keeps reckoning back from a day within the calendar."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One part of an address that cannot be read: its name, what was sent, and what to do instead."""

    parameter: str
    value: str
    advice: str


class Unreadable(Exception):  # noqa: N818 – reads as what happened
    """The query of the address asks for something that does not exist; answered with status 400."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(", ".join(problem.parameter for problem in self.problems))


class Gone(Exception):  # noqa: N818 – reads as what happened
    """What stood here was published once and is withdrawn; answered with its tombstone and status 410.

    `withdrawal` is the line that says so; `publication` is the row, where the reader sits at the desk.
    """

    def __init__(self, withdrawal: Change, publication: Publication | None) -> None:
        self.withdrawal = withdrawal
        self.publication = publication
        super().__init__(withdrawal.identifier)


def day_from(text: str, *, read: Callable[[str], dt.date] = typed.read_day) -> dt.date:
    """The day that `text` names; ValidationError with advice if there is none, or if it is to come.

    A day counts as come when it has begun anywhere, so that "today" is never refused.
    """
    day = read(text)
    if day < EARLIEST_DAY:
        raise ValidationError(gettext("That day is too long ago. Choose a day from 1900 on."), code="invalid")
    if day > timezone.now().astimezone(dt.timezone(dt.timedelta(hours=14))).date():
        raise ValidationError(gettext("That day is still to come. Choose today or a day before it."), code="invalid")
    return day


def as_of_from(query: Mapping[str, str], *, parameter: str = "as_of") -> dt.date | None:
    """The day of `as_of`, or of another parameter; None where none is asked for. Raises Unreadable."""
    text = query.get(parameter, "")
    if not text:
        return None
    try:
        return day_from(text)
    except ValidationError as error:
        raise Unreadable([Problem(parameter, text, " ".join(error.messages))]) from error


def refuse_nul(query: QueryDict) -> None:
    """PostgreSQL has no text with a NUL byte, so nothing can match one. Raises Unreadable."""
    problems = [
        Problem(
            name.replace("\0", "␀"),
            value.replace("\0", "␀"),
            gettext("It holds a NUL byte, which no text can hold. Remove it."),
        )
        for name, values in query.lists()
        for value in values
        if "\0" in name or "\0" in value
    ]
    if problems:
        raise Unreadable(problems)


def edit_address(publication: Publication, user: Any) -> str:
    """Where the desk edits `publication`; empty for everybody else."""
    return change_address(publication) if reads_drafts(user) else ""


class Page(View):
    """Answers GET and HEAD, and knows the answers other than 200 that a public page has."""

    http_method_names = ["get", "head", "options"]
    section: ClassVar[Any] = ""
    section_url_name: ClassVar[str] = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Unreadable as unreadable:
            context = {"problems": unreadable.problems, **self.whereabouts()}
            return render(request, "unreadable.html", context, status=400)
        except Gone as gone:
            return self.tombstone(gone)

    def whereabouts(self) -> dict[str, Any]:
        """The section of the site that this page belongs to, for breadcrumbs and ways out."""
        address = reverse(self.section_url_name) if self.section_url_name else ""
        return {"section": self.section, "section_url": address}

    def tombstone(self, gone: Gone) -> HttpResponse:
        """What stays of a withdrawn publication: that it was here, until when, and why it no longer is."""
        context = {
            "kind": gone.withdrawal.get_kind_display(),
            "identifier": gone.withdrawal.identifier,
            "withdrawn_at": gone.withdrawal.effective_at,
            "note": gone.withdrawal.note,
            "edit_url": edit_address(gone.publication, self.request.user) if gone.publication else "",
            **self.whereabouts(),
        }
        return render(self.request, "withdrawn.html", context, status=410)


@dataclass(frozen=True, slots=True)
class Applied:
    """A filter that is set: its name, its value in words, and the address of the list without it."""

    label: str
    value: str
    url: str


class ListFilters(forms.Form):
    """The filters of a list as a form. `narrow` says what its fields leave of the rows: here, all."""

    use_required_attribute = False

    def __init__(self, query: QueryDict, *, user: Any) -> None:
        self.user = user
        super().__init__(query, auto_id="filter_%s")

    def choices_of(self, name: str, publications: QuerySet[Any]) -> None:
        """What the field `name` offers; a reader is offered nothing that he may not see."""
        field: Any = self.fields[name]
        field.queryset = publications
        field.chosen = self.data.get(name, "")

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that the filters leave."""
        return rows

    @property
    def known_on(self) -> dt.date | None:
        """The day of `as_of`; None for a list that does not take it, or was not asked."""
        day: dt.date | None = self.cleaned_data.get("as_of")
        return day

    def problems(self) -> list[Problem]:
        """What the address says that these filters do not understand."""
        return [
            Problem(name, str(self.data.get(name, "")), " ".join(str(message) for message in messages))
            for name, messages in self.errors.items()
        ]

    def applied(self, path: str) -> list[Applied]:
        """The filters that are set, each with the address that lifts it."""
        found = []
        for bound in self:
            value = self.cleaned_data.get(bound.name)
            if value in (None, "", False):
                continue
            rest = self.query(without=bound.name)
            found.append(
                Applied(str(bound.label), self.in_words(bound, value), path + (f"?{urlencode(rest)}" if rest else ""))
            )
        return found

    def query(self, *, without: str = "") -> dict[str, str]:
        """The filters that are set, as they stand in an address."""
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
        return str(super().to_python(value)).translate(typed.IN_ASCII)  # some of them are numbers

    def validate(self, value: Any) -> None:
        if value and not self.valid_value(value):
            known = listed(self.labels)
            raise forms.ValidationError(gettext("This value is unknown. Choose one of: %(known)s.") % {"known": known})


class Offered(forms.models.ModelChoiceIterator):
    """The first `OFFERED` publications, and the chosen one; any other may be named in the address as well."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        rows = list(self.queryset[: OFFERED + 1])
        yield from (self.choice(row) for row in rows[:OFFERED])
        if len(rows) > OFFERED:
            yield from self.beyond(rows[:OFFERED])

    def beyond(self, rows: Sequence[Any]) -> Iterator[Any]:
        """The chosen one where it is not among `rows`, and a line that says that there are more."""
        field: Any = self.field
        if field.chosen and all(getattr(row, field.to_field_name) != field.chosen for row in rows):
            yield from (self.choice(row) for row in self.queryset.filter(**{field.to_field_name: field.chosen}))
        yield ("", gettext_lazy("… more than a list can show: search for it, and see its own page"))


class PublicationChoice(forms.ModelChoiceField):
    """One of the publications that the reader may see, by what stands in its address."""

    iterator = Offered
    chosen = ""
    """What the address names; `ListFilters.choices_of` sets it."""

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
    """A box that stands in the address as `true`, and that remembers whatever else was written there."""

    def format_value(self, value: Any) -> str:
        return "true"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name, "")


class Flag(forms.Field):
    """True or nothing; anything else is an error that says so."""

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
    """A day up to today, from the first that anything can have been known here."""

    def to_python(self, value: Any) -> dt.date | None:
        return day_from(value) if isinstance(value, str) and value.strip() else super().to_python(value)


class AsOf(PastDay):
    """What was known then."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("As known on"))
        kwargs.setdefault("help_text", gettext_lazy("Days of records are days in UTC."))
        super().__init__(required=False, **kwargs)


class ListPage(Page, ListView):
    """A list with filters, page by page. What it lists and in which order, a subclass says."""

    model: type[Publication]
    filters_class: ClassVar[type[ListFilters]]
    order: ClassVar[Sequence[str]]
    identifier: ClassVar[str] = "slug"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.filters = self.filters_class(request.GET, user=request.user)
        if not self.filters.is_valid():
            raise Unreadable(self.filters.problems())
        self.slice = self.get_slice()
        self.object_list = self.slice.rows
        return self.render_to_response(self.get_context_data())

    def sortable(self) -> Any:
        """All that the reader may see, with the columns by which the list sorts."""
        return self.model._default_manager.all().visible_to(self.request.user)

    def rows(self) -> Any:
        """What of it the filters leave, with everything that a row of the page shows."""
        return self.filters.narrow(self.sortable())

    def get_slice(self) -> Any:
        ends = {name: self.request.GET.get(name, "") for name in ("after", "before")}
        advice = gettext("The list has no such row. Begin at its first page.")
        for name, value in ends.items():
            if value and not IDENTIFIER.fullmatch(value):
                raise Unreadable([Problem(name, value, advice)])
        try:
            return slice_of(
                self.rows(), order=self.order, size=PAGE_SIZE, identifier=self.identifier, known=self.sortable(), **ends
            )
        except UnknownRow as error:
            name = "before" if ends["before"] else "after"
            raise Unreadable([Problem(name, ends[name], advice)]) from error

    def address(self, **changes: str) -> str:
        """This list with its filters, and with `changes`."""
        query = urlencode({**self.filters.query(), **changes})
        return self.request.path + (f"?{query}" if query else "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page, applied = self.slice, self.filters.applied(self.request.path)
        first_and_last = [getattr(page.rows[index], self.identifier) for index in (0, -1)] if page.rows else ["", ""]
        return super().get_context_data(
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


@dataclass(frozen=True, slots=True)
class CitationFile:
    """One format in which a page can be cited, and where."""

    name: str
    media_type: str
    url: str


class DetailPage(Page, DetailView):
    """One publication. `takes_as_of` says whether it can be asked what was known on a day.

    With `format` it answers with its citation, a file for programs that keep references.
    """

    model: type[Publication]
    takes_as_of: ClassVar[bool] = False

    @property
    def as_of(self) -> dt.date | None:
        return as_of_from(self.request.GET) if self.takes_as_of else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "format" in request.GET:
            return self.citation(request.GET["format"])
        return super().get(request, *args, **kwargs)

    def citation(self, name: str) -> HttpResponse:
        """The citation in the format that `name` asks for. Raises Unreadable, Http404, Gone."""
        form = FORMATS.get(name)
        if form is None:
            advice = gettext("There is no such format. Choose one of: %(known)s.")
            raise Unreadable([Problem("format", name, advice % {"known": listed(FORMATS)})])
        self.object = self.get_object(self.to_cite())
        work = self.work()
        if work is None:
            raise Http404(f"no citation of {self.object.identifier}")
        return HttpResponse(
            form.write(work),
            content_type=f"{form.media_type}; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{work.key}.{form.extension}"',
                "Content-Language": work.title.language,
                "Link": f'<{absolute(self.request.path, self.request)}>; rel="describes"',
                "X-Robots-Tag": "noindex",
            },
        )

    def to_cite(self) -> QuerySet[Any]:
        """What of the publication a citation needs."""
        found: Any = self.model._default_manager.all()
        return found.visible_to(self.request.user)

    def standing_to_cite(self) -> str:
        """What must not be left out where the publication is cited, in words."""
        return ""

    def work(self) -> Work | None:
        """The page as others cite it; None where it is not public, for then there is nothing to cite.

        Where nobody asked for a day it is cited as known today, so that its address keeps to what was read.
        """
        publication: Publication = self.object
        today = timezone.now().date()
        as_of = (self.as_of or today) if self.takes_as_of else None
        address = absolute(self.request.path, self.request)
        return work_of(
            publication,
            kind=str(publication._meta.model_name),
            type_name=str(ChangeKind(str(publication._meta.model_name)).label),
            identifier=publication.identifier,
            title=title_of(publication),
            address=f"{address}?as_of={as_of.isoformat()}" if as_of else address,
            as_of=as_of,
            standing=self.standing_to_cite(),
        )

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        identifier = self.kwargs["identifier"]
        visible = self.get_queryset() if queryset is None else queryset
        found = visible.filter(**{self.model.identifier_field: identifier}).first()
        if found is not None and found.state != PublicationState.WITHDRAWN:
            return found
        withdrawal = Change.objects.tombstone(
            kind=str(self.model._meta.model_name), identifier=identifier, at=timezone.now()
        )
        if withdrawal is not None:
            raise Gone(withdrawal, found)
        raise Http404(f"{self.model._meta.model_name} {identifier}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        publication: Publication = self.object
        work = self.work()
        return super().get_context_data(
            publication=publication,
            work=work,
            citation_tags=highwire.tags(work) if work else [],
            citation_files=self.citation_files() if work else [],
            edit_url=edit_address(publication, self.request.user),
            as_of=self.as_of,
            then=then(self.as_of),
            embargo_until=embargo_of(publication),
            was_not_published=not_published_on(publication, self.as_of),
            **self.whereabouts(),
            **kwargs,
        )

    def citation_files(self) -> list[CitationFile]:
        """Where the citation of this page is, in each format; what else was asked for is kept."""
        asked = {"as_of": self.as_of.isoformat()} if self.as_of else {}
        asked |= {"cite": self.request.GET["cite"]} if self.request.GET.get("cite") else {}
        return [
            CitationFile(form.name, form.media_type, f"{self.request.path}?{urlencode({**asked, 'format': name})}")
            for name, form in FORMATS.items()
        ]


def title_of(thing: Any) -> Text:
    """The full title of a publication or of a point, however long it is."""
    field = next(name for name in ("name", "title", "statement", "text") if hasattr(thing, f"{name}_en"))
    return text_of(thing, field)


def work_of(publication: Publication, **said: Any) -> Work | None:
    """A part of `publication`, or all of it, as others cite it; None where it is not public."""
    now = timezone.now()
    if publication.published_at is None or not publication.is_published(at=now):
        return None
    return Work(
        publisher=settings.MAJLIS_PUBLISHER,
        published=publication.published_at.date(),
        version=publication.version,
        accessed=now.date(),
        **said,
    )


def then(day: dt.date | None) -> str:
    """What keeps the day in the address of a link from one page of that day to another."""
    return f"?as_of={day.isoformat()}" if day is not None else ""


def not_published_on(publication: Publication, day: dt.date | None) -> bool:
    """Whether `publication` became public only after `day`, so that readers of that day knew nothing of it."""
    if day is None or publication.published_at is None:
        return False
    return publication.published_at >= end_of(day)


def embargo_of(publication: Publication) -> dt.datetime | None:
    """The end of an embargo that still holds; only the desk gets as far as asking."""
    until = publication.embargo_until
    return until if until is not None and until > timezone.now() else None
