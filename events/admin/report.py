from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from events import actions
from events.models import Point, Report
from partnerships.actions import Refused
from partnerships.admin.languages import language_fieldsets, texts_searched
from partnerships.admin.page import Tool, person
from partnerships.admin.part import LinkedParts, PartAdmin
from partnerships.admin.publication import PublicationAdmin
from partnerships.desk_addresses import add_address, change_address


def clearance(point: Any) -> str:
    """Whether a point may be published as it stands."""
    if point.support != Point.Support.ONE_PARTICIPANT:
        return "–"
    return str(_("cleared")) if point.cleared_by_id is not None else str(_("to be cleared"))


class PointTable(LinkedParts):
    model = Point
    fields = ("position", "open", "kind", "support", "cleared")
    readonly_fields = ("open", "cleared")

    @admin.display(description=_("single voice"))
    def cleared(self, point: Point) -> str:
        return clearance(point)


@admin.register(Report)
class ReportAdmin(PublicationAdmin):
    texts = ("title", "summary")
    about = ((_("Report"), {"fields": ["event", "source"]}),)
    list_display = ("title", "event", "number_of_points", "number_to_clear")
    list_filter = (("event", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("event",)
    search_fields = (*texts_searched("title", "event__name"), "key")
    autocomplete_fields = ("event", "source")
    permanent = ("key",)
    inlines = (PointTable,)

    def get_queryset(self, request: HttpRequest) -> Any:
        uncleared = Q(points__support=Point.Support.ONE_PARTICIPANT, points__cleared_by__isnull=True)
        return (
            super()
            .get_queryset(request)
            .annotate(points_count=Count("points"), uncleared_count=Count("points", filter=uncleared))
        )

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None else ()

    @admin.display(description=_("points"), ordering="points_count")
    def number_of_points(self, report: Any) -> int:
        return int(report.points_count)

    @admin.display(description=_("to be cleared"), ordering="uncleared_count")
    def number_to_clear(self, report: Any) -> int:
        return int(report.uncleared_count)

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        if not self.has_change_permission(request, obj):
            return []
        last = obj.points.aggregate(last=Max("position"))["last"] or 0
        return [Tool(_("Add a point"), add_address(Point, report=obj.pk, position=last + 1))]


class ClearanceFilter(admin.SimpleListFilter):
    """Single voices that wait for a second editor."""

    title = _("clearance")
    parameter_name = "clearance"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("needed", _("To be cleared"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.uncleared() if self.value() == "needed" else queryset


@admin.register(Point)
class PointAdmin(PartAdmin):
    whole = "report"
    fieldsets = (
        *language_fieldsets("text"),
        (
            _("Point"),
            {"fields": [("kind", "support"), "report", ("position", "session"), "qualifies", "topics", "key"]},
        ),
    )
    list_display = ("short_text", "kind", "support", "cleared", "position", "report")
    list_filter = (ClearanceFilter, "kind", "support", ("report", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("report",)
    search_fields = (*texts_searched("text"), "key", "public_id")
    autocomplete_fields = ("report", "qualifies", "topics")
    actions = ("clear_selected",)

    @admin.display(description=_("text"), ordering="text")
    def short_text(self, point: Point) -> str:
        return Truncator(str(point)).chars(110)

    @admin.display(description=_("single voice"))
    def cleared(self, point: Point) -> str:
        return clearance(point)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "session":
            kwargs["queryset"] = self._sessions(request).order_by(
                F("event__start_date").desc(nulls_last=True), "event_id", "position", "id"
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _sessions(self, request: HttpRequest) -> Any:
        """The sessions of the report's event, or all while there is no report."""
        from events.models import Session

        match = request.resolver_match
        point = match.kwargs.get("object_id", "") if match else ""
        report = request.POST.get("report") or request.GET.get("report") or ""
        if point.isdecimal():
            return Session.objects.filter(event__reports__points=int(point))
        if report.isdecimal():
            return Session.objects.filter(event__reports=int(report))
        return Session.objects.all()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.clear_view))
        return [path("<path:object_id>/clear/", view, name="events_point_clear"), *super().get_urls()]

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        waits = obj.support == Point.Support.ONE_PARTICIPANT and obj.cleared_by_id is None
        if not waits or not self.has_change_permission(request, obj) or obj.report.author_id == request.user.pk:
            return []
        return [Tool(_("Clear this single voice"), reverse("admin:events_point_clear", args=[obj.pk]), post=True)]

    def clear_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        point = self.found(request, object_id)
        if not self.has_change_permission(request, point):
            raise PermissionDenied
        self._clear(request, point)
        return HttpResponseRedirect(change_address(point))

    @admin.action(description=_("Clear as single voices"), permissions=["change"])
    def clear_selected(self, request: HttpRequest, chosen: Any) -> None:
        for point in chosen.select_related("report"):
            self._clear(request, point)

    def _clear(self, request: HttpRequest, point: Any) -> None:
        name = Truncator(str(point)).chars(60)
        try:
            actions.clear_point(point, by=person(request), at=timezone.now())
        except Refused as refusal:
            messages.error(request, f"“{name}”: {' '.join(refusal.messages)}")
        else:
            self.log_change(request, point, "Cleared")
            messages.success(request, _("“%(name)s” is cleared.") % {"name": name})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        offered = super().get_actions(request)
        offered.pop("delete_selected", None)
        return offered
