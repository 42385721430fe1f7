"""What all public pages have in common.

A visitor sees what is published. A withdrawn publication is answered with its tombstone, one that the reader may not
see with "not found", and an unreadable address with a page that names the error, in the reader's language.
`as_of=YYYY-MM-DD` asks what was known on that day, in UTC.
"""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from publishing.desk.addresses import change_address
from publishing.models.change import Change
from publishing.publication import Publication
from publishing.query_parameters import UnreadableQuery
from publishing.roles import reads_drafts


class Gone(Exception):  # noqa: N818 – reads as what happened
    """The publication was public and is withdrawn; answered with its tombstone and status 410.

    `withdrawal` is the line of the feed that says so; `publication` is the row, if the reader is at the desk.
    """

    def __init__(self, withdrawal: Change, publication: Publication | None) -> None:
        self.withdrawal = withdrawal
        self.publication = publication
        super().__init__(withdrawal.identifier)


def edit_address(publication: Publication, user: Any) -> str:
    """Where the desk edits `publication`; empty for everybody else."""
    return change_address(publication) if reads_drafts(user) else ""


class Page(View):
    """Answers GET and HEAD, and gives the errors that every public page has."""

    http_method_names = ["get", "head", "options"]
    section: ClassVar[Any] = ""
    section_url_name: ClassVar[str] = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except UnreadableQuery as unreadable:
            context = {"problems": unreadable.problems, **self.whereabouts()}
            return render(request, "unreadable.html", context, status=400)
        except Gone as gone:
            return self.tombstone(gone)

    def whereabouts(self) -> dict[str, Any]:
        """The section of the site that this page belongs to, for breadcrumbs and error pages."""
        address = reverse(self.section_url_name) if self.section_url_name else ""
        return {"section": self.section, "section_url": address}

    def tombstone(self, gone: Gone) -> HttpResponse:
        """What stays of a withdrawn publication: that it existed, until when, and why it was withdrawn."""
        context = {
            "kind": gone.withdrawal.get_kind_display(),
            "identifier": gone.withdrawal.identifier,
            "withdrawn_at": gone.withdrawal.effective_at,
            "note": gone.withdrawal.note,
            "edit_url": edit_address(gone.publication, self.request.user) if gone.publication else "",
            **self.whereabouts(),
        }
        return render(self.request, "withdrawn.html", context, status=410)
