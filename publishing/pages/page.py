"""What every public page keeps to, whatever it shows.

A visitor sees what is published. What was withdrawn answers with its tombstone, what a reader may
not know of with "not found", and an address that cannot be read with a page that names what is wrong
in it, in the reader's language. `as_of=YYYY-MM-DD` asks what was known on that day, in UTC.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from publishing import typed_values
from publishing.desk.addresses import change_address
from publishing.models.change import Change
from publishing.publication import Publication
from publishing.roles import reads_drafts

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


def day_from(text: str, *, read: Callable[[str], dt.date] = typed_values.read_day) -> dt.date:
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
