from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.admin.citation import (
    CITED_COUNT,
    CitationsOfCooperation,
    CitationsOfLink,
    CitationsOfParty,
    cited_count,
)
from partnerships.models import Cooperation, Instrument, Partnership, PartnershipLink, Party
from publishing.desk.addresses import add_address
from publishing.desk.languages import texts_searched
from publishing.desk.page import Tool
from publishing.desk.part import LinkedParts, PartOffTheIndex, PartTable
from publishing.desk.publication import PublicationAdmin


class CitedTable(PartTable):
    """Rows with the number of their sources, which are edited on the row's own page."""

    readonly_fields = ("sources",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(**CITED_COUNT)

    @admin.display(description=_("sources"))
    def sources(self, row: Any) -> str:
        return cited_count(row)


class PartyTable(CitedTable):
    model = Party
    fields = ("actor", "role", "sources")
    autocomplete_fields = ("actor",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("actor")


class CooperationTable(CitedTable):
    model = Cooperation
    fields = ("topic", "stage", "note", "sources")
    autocomplete_fields = ("topic",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("topic")


class PartnershipLinkTable(CitedTable):
    model = PartnershipLink
    fk_name = "source"
    fields = ("type", "target", "sources")
    autocomplete_fields = ("target",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("source", "target")


class InstrumentTable(LinkedParts):
    model = Instrument
    fields = ("open", "type", "binding", "sources")
    readonly_fields = ("open", "sources")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(**CITED_COUNT)

    @admin.display(description=_("sources"))
    def sources(self, row: Any) -> str:
        return cited_count(row)


@admin.register(Partnership)
class PartnershipAdmin(PublicationAdmin):
    texts = ("name", "summary")
    about = ((_("Partnership"), {"fields": [("form", "status"), "slug", "topics"]}),)
    list_display = ("name", "form", "status", "number_of_parties")
    list_filter = ("form", "status")
    search_fields = (*texts_searched("name"), "slug")
    autocomplete_fields = ("topics",)
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = (PartyTable, CooperationTable, PartnershipLinkTable, InstrumentTable)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(parties_count=Count("parties"))

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None else self.inlines[:-1]

    @admin.display(description=_("parties"), ordering="parties_count")
    def number_of_parties(self, partnership: Any) -> int:
        return int(partnership.parties_count)

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        if not self.has_change_permission(request, obj):
            return []
        return [Tool(_("Add an instrument"), add_address(Instrument, partnership=obj.pk))]


@admin.register(Party)
class PartyAdmin(PartOffTheIndex):
    whole = "partnership"
    fields = ("partnership", "actor", "role")
    autocomplete_fields = ("partnership", "actor")
    list_display = ("actor", "role", "partnership")
    list_select_related = ("actor", "partnership")
    list_filter = ("role",)
    search_fields = texts_searched("actor__name", "partnership__name")
    inlines = (CitationsOfParty,)


@admin.register(Cooperation)
class CooperationAdmin(PartOffTheIndex):
    whole = "partnership"
    fields = ("partnership", "topic", "stage", "note")
    autocomplete_fields = ("partnership", "topic")
    list_display = ("topic", "stage", "partnership")
    list_select_related = ("topic", "partnership")
    list_filter = ("stage",)
    search_fields = texts_searched("topic__name", "partnership__name")
    inlines = (CitationsOfCooperation,)


@admin.register(PartnershipLink)
class PartnershipLinkAdmin(PartOffTheIndex):
    whole = "source"
    fields = ("source", "type", "target")
    autocomplete_fields = ("source", "target")
    list_display = ("source", "type", "target")
    list_select_related = ("source", "target")
    list_filter = ("type",)
    search_fields = texts_searched("source__name", "target__name")
    inlines = (CitationsOfLink,)
