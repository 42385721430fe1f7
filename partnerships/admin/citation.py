"""Citations: inline rows on the page of what they support."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partnerships.models import Citation
from publishing.desk.addresses import change_address
from publishing.desk.part import PartStack

CITED_COUNT = {"cited": Count("citations")}
"""Annotates rows with the number of their citations."""


def cited_count(row: Any) -> str:
    """“3 sources”, for a row annotated with CITED_COUNT, as a link to their page."""
    if row.pk is None:
        return str(_("once it is saved"))
    number = ngettext("%(n)s source", "%(n)s sources", row.cited) % {"n": row.cited}
    return format_html('<a href="{}">{}</a>', change_address(row), number)


GRADED = (
    ("source", "stance"),
    ("locator", "independence_group"),
    "quotation",
    ("source_reliability", "information_credibility"),
)
"""The fields of a citation at the desk; the two Admiralty grades are rated independently."""


class Citations(PartStack):
    model = Citation
    fields = GRADED
    autocomplete_fields = ("source",)
    rows_of_texts = 2

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("source")


class CitationsOfClaim(Citations):
    fk_name = "claim"


class CitationsOfInstrument(Citations):
    fk_name = "instrument"


class CitationsOfCooperation(Citations):
    fk_name = "cooperation"


class CitationsOfLink(Citations):
    fk_name = "link"


class CitationsOfParty(Citations):
    fk_name = "party"


class CitationsOfMembership(Citations):
    fk_name = "membership"
