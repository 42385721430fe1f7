from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events import actions
from events.admin.convenors import is_convenor
from events.models import Document, Event, GroupSize, Organiser, Participant, Report, Session
from publishing.desk.addresses import add_address, change_address, list_address
from publishing.desk.languages import texts_searched
from publishing.desk.page import Panel, PanelRow, Tool
from publishing.desk.part import PartTable
from publishing.desk.publication import PublicationAdmin


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
    kept_for_another = ("kind", "series")
    inlines = (OrganiserTable, SessionTable)

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        may = request.user.has_perm
        panels = [
            Panel(
                title=_("Reports"),
                columns=[_("title"), _("state")],
                rows=[
                    PanelRow(
                        cells=[report, report.get_state_display()], tools=[Tool(_("Open"), change_address(report))]
                    )
                    for report in obj.reports.all()
                ],
                tools=[Tool(_("Add a report"), add_address(Report, event=obj.pk))] if may("events.add_report") else [],
                empty=_("No report is entered."),
            )
        ]
        if may("events.view_document"):
            tools = [Tool(_("Documents"), list_address(Document, event__id__exact=obj.pk))]
            if may("events.add_document"):
                tools.append(Tool(_("Add a document"), add_address(Document, event=obj.pk)))
            panels.append(
                Panel(
                    title=_("Documents"),
                    columns=[],
                    rows=[],
                    tools=tools,
                    empty=_("Files of the event, and the cleaned copies of them that are published."),
                )
            )
        if is_convenor(request):
            panels.append(
                Panel(
                    title=_("Size of the group"),
                    columns=[],
                    rows=[],
                    tools=[
                        Tool(_("Sizes recorded"), list_address(GroupSize, event__id__exact=obj.pk)),
                        Tool(_("Record a size"), add_address(GroupSize, event=obj.pk)),
                    ],
                    empty=_("How many were in the room; of a small group the public does not read who supported what."),
                )
            )
            panels.append(
                Panel(
                    title=_("Restricted"),
                    columns=[],
                    rows=[],
                    tools=self._participants(obj),
                    empty=self._consents(obj),
                )
            )
        return panels

    def _participants(self, event: Event) -> list[Tool]:
        return [
            Tool(_("Participants"), list_address(Participant, event__id__exact=event.pk)),
            Tool(_("Add a participant"), add_address(Participant, event=event.pk)),
        ]

    def _consents(self, event: Event) -> str:
        """The consents that a looser rule still needs; for convenors, who know how many participants there were."""
        missing = actions.missing_consents(event)
        return ngettext(
            "Who was there; only convenors see it. A looser rule needs %(number)s more consent.",
            "Who was there; only convenors see it. A looser rule needs %(number)s more consents.",
            missing,
        ) % {"number": missing}
