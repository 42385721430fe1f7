from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events.models import Document, Event, Organiser, Participant, Report, Session
from partnerships.admin.languages import texts_searched
from partnerships.admin.page import Panel, Row, Tool
from partnerships.admin.part import PartTable
from partnerships.admin.publication import PublicationAdmin
from partnerships.desk_addresses import add_address, change_address, list_address


class OrganiserTable(PartTable):
    model = Organiser
    fields = ("actor", "role")
    autocomplete_fields = ("actor",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("actor")


class SessionTable(PartTable):
    model = Session
    fields = ("position", "name_en", "name_tr", "name_ar", "attribution_rule")


@admin.register(Event)
class EventAdmin(PublicationAdmin):
    texts = ("name", "place", "summary")
    about = (
        (
            _("Event"),
            {"fields": [("kind", "lifecycle"), "attribution_rule", ("series", "edition"), "slug"]},
        ),
        (
            _("When and how"),
            {"fields": [("start_date", "end_date"), ("start_time", "end_time", "time_zone"), "attendance"]},
        ),
        (_("What it is about"), {"fields": ["topics", "partnerships"]}),
    )
    list_display = ("name", "kind", "lifecycle", "start_date", "series", "edition")
    list_filter = ("kind", "lifecycle", "attribution_rule", ("series", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("series",)
    date_hierarchy = "start_date"
    search_fields = (*texts_searched("name"), "slug")
    autocomplete_fields = ("series", "topics", "partnerships")
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = (OrganiserTable, SessionTable)

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        may = request.user.has_perm
        panels = [
            Panel(
                title=_("Reports"),
                columns=[_("title"), _("state")],
                rows=[
                    Row(cells=[report, report.get_state_display()], tools=[Tool(_("Open"), change_address(report))])
                    for report in obj.reports.all()
                ],
                tools=[Tool(_("Add a report"), add_address(Report, event=obj.pk))] if may("events.add_report") else [],
                empty=_("No report is entered."),
            )
        ]
        if may("events.view_participant"):
            panels.append(
                Panel(
                    title=_("Restricted"),
                    columns=[],
                    rows=[],
                    tools=[
                        Tool(_("Participants"), list_address(Participant, event__id__exact=obj.pk)),
                        Tool(_("Add a participant"), add_address(Participant, event=obj.pk)),
                        Tool(_("Documents"), list_address(Document, event__id__exact=obj.pk)),
                        Tool(_("Add a document"), add_address(Document, event=obj.pk)),
                    ],
                    empty=_("Who was there and what was handed out; only administrators see it."),
                )
            )
        return panels
