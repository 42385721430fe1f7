from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from partnerships import actions
from partnerships.admin.citation import CitationsOfInstrument
from partnerships.models import Instrument, InstrumentAction, InstrumentObligation
from publishing.desk.addresses import add_address
from publishing.desk.languages import language_fieldsets, texts_searched
from publishing.desk.page import Panel, Tool
from publishing.desk.part import PartAdmin, PartTable
from publishing.desk.record import RecordAdmin, records_panel


class ObligationTable(PartTable):
    model = InstrumentObligation
    fields = ("obligation",)


@admin.register(Instrument)
class InstrumentAdmin(PartAdmin):
    whole = "partnership"
    fieldsets = (
        *language_fieldsets("name", "description"),
        (
            _("Instrument"),
            {"fields": ["partnership", "slug", ("type", "binding"), "promoted_from"]},
        ),
    )
    list_display = ("name", "type", "binding", "derived_status", "origins", "partnership")
    list_filter = ("type", "binding")
    list_select_related = ("partnership",)
    search_fields = (*texts_searched("name", "partnership__name"), "slug")
    autocomplete_fields = ("partnership", "promoted_from")
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = (ObligationTable, CitationsOfInstrument)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_status().with_origins()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj is not None else dict(super().get_prepopulated_fields(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The slug is part of an address once the partnership is public."""
        own = super().get_readonly_fields(request, obj)
        return (*own, "slug") if obj is not None and obj.partnership.published_at else own

    @admin.display(description=_("status"))
    def derived_status(self, instrument: Any) -> str:
        status = Instrument.Status(instrument.status)
        return format_html('<span class="standing">{}</span>', status.label)

    @admin.display(description=_("independent origins"), ordering="origins")
    def origins(self, instrument: Any) -> int:
        return int(instrument.origins)

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        return [
            records_panel(
                title=_("What was done with it"),
                records=obj.actions.select_related("by", "party").latest_first(),
                columns=[
                    (_("action"), lambda action: action.get_type_display()),
                    (_("party"), lambda action: action.party or _("all")),
                    (_("date"), lambda action: action.date),
                    (_("note"), lambda action: action.note),
                ],
                subject="instrument",
                may_add=request.user.has_perm("partnerships.add_instrumentaction"),
                tools=[Tool(_("Record an action"), add_address(InstrumentAction, instrument=obj.pk))],
                empty=_("No action is known, and so its status is unknown."),
            )
        ]


@admin.register(InstrumentAction)
class InstrumentActionAdmin(RecordAdmin):
    subject = "instrument"
    append = actions.record_instrument_action
    fieldsets = (
        (None, {"fields": ["instrument", "type", "party", ("as_of", "date"), "note"]}),
        (_("The entry"), {"fields": [("language", "corrects")]}),
    )
    list_display = ("instrument", "type", "party", "as_of", "date", "by")
    list_filter = ("type",)
    list_select_related = ("instrument", "party", "by")
    search_fields = texts_searched("instrument__name", "party__name")
    autocomplete_fields = ("instrument", "party")
