from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models import Event, Series
from publishing.desk.addresses import add_address, change_address
from publishing.desk.languages import texts_searched
from publishing.desk.page import Panel, PanelRow, Tool
from publishing.desk.publication import PublicationAdmin
from publishing.publication import PublicationState


@admin.register(Series)
class SeriesAdmin(PublicationAdmin):
    texts = ("name", "description")
    about = (
        (_("Series"), {"fields": ["cadence", "slug", "convenors"]}),
        (_("Follow-up"), {"fields": [("no_response_days", "stale_months")]}),
    )
    list_display = ("name", "cadence", "editions")
    list_filter = ("cadence",)
    search_fields = (*texts_searched("name"), "slug")
    autocomplete_fields = ("convenors",)
    prepopulated_fields = {"slug": ("name_en",)}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(number_of_events=Count("events"))

    @admin.display(description=_("events"), ordering="number_of_events")
    def editions(self, series: Any) -> int:
        return int(series.number_of_events)

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        """Plans the next edition; the recommendations app does that, because it takes up earlier recommendations."""
        may = request.user.has_perms(["events.add_event", "recommendations.add_recommendation"])
        if not may or obj.state == PublicationState.WITHDRAWN:
            return super().tools(request, obj)
        address = reverse("admin:recommendations_recommendation_plan", args=[obj.pk])
        return [*super().tools(request, obj), Tool(_("Plan the next edition"), address)]

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        return [
            Panel(
                title=_("Editions"),
                columns=[_("edition"), _("event"), _("first day"), _("lifecycle"), _("state")],
                rows=[
                    PanelRow(
                        cells=[
                            event.edition or "–",
                            event,
                            event.start_date or "–",
                            event.get_lifecycle_display(),
                            event.get_state_display(),
                        ],
                        tools=[Tool(_("Open"), change_address(event))],
                    )
                    for event in obj.events.order_by("-edition", "-id")
                ],
                tools=[Tool(_("Add an event"), add_address(Event, series=obj.pk))]
                if request.user.has_perm("events.add_event")
                else [],
                empty=_("No event of this series is entered."),
            )
        ]
