from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from events import actions
from events.forms import DeclineRewordingForm, PointForm, PointRowForm, RewordingForm, hidden_remark
from events.models import Point, Report, Rewording, Session, Support
from events.models.rewording import TEXT_COLUMNS
from events.text_diff import compared
from publishing.acting import Act
from publishing.desk.addresses import add_address, change_address, key_from
from publishing.desk.languages import language_fieldsets, texts_searched
from publishing.desk.page import Panel, PanelRow, Tool, request_user
from publishing.desk.part import LinkedParts, PartAdmin
from publishing.desk.publication import PUBLISHED, PublicationAdmin
from publishing.desk.saving import explained, keep, refused_text, said_of_names, show_refusal
from publishing.refusals import REFUSALS, Refused, TextRefused


def clearance(point: Any) -> str:
    """Whether a point may be published as it is."""
    if not point.is_single_voice:
        return "–"
    return str(_("cleared")) if point.is_cleared else str(_("to be cleared"))


def support_of(point: Any) -> str:
    """How widely a point was supported, and whether the public can read that."""
    return (
        f"{point.get_support_display()} ({hidden_remark()})"
        if point.group_is_too_small
        else point.get_support_display()
    )


def is_reworded_by_two(point: Any) -> bool:
    """Whether the words of `point` are public and were cleared as they are."""
    return bool(point.is_single_voice and point.report.state == PUBLISHED)


def pending_rewording(point: Any) -> Rewording | None:
    """The proposal for `point` that waits for a decision."""
    waiting: Rewording | None = point.rewordings.filter(outcome=Rewording.Outcome.PENDING).first()
    return waiting


class PointTable(LinkedParts):
    model = Point
    form = PointRowForm
    fields = ("position", "open", "kind", "support", "shown", "cleared")
    readonly_fields = ("open", "shown", "cleared")

    def get_queryset(self, request: HttpRequest) -> Any:
        points: Any = super().get_queryset(request)
        return points.for_the_desk()

    @admin.display(description=_("support shown"))
    def shown(self, point: Point) -> str:
        return hidden_remark() if point.group_is_too_small else str(_("yes"))

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
    kept_for_another = ("event",)
    inlines = (PointTable,)

    def get_queryset(self, request: HttpRequest) -> Any:
        uncleared = Q(points__graded__grade=Point.Support.ONE_PARTICIPANT, points__graded__cleared_by__isnull=True)
        return (
            super()
            .get_queryset(request)
            .annotate(points_count=Count("points"), uncleared_count=Count("points", filter=uncleared))
        )

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.parts = [*form.parts, (Support, "point__report")]
        return form

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
    """Single voices that wait for a second editor, also with a proposed rewording."""

    title = _("clearance")
    parameter_name = "clearance"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("needed", _("To be cleared")), ("rewording", _("Rewording to decide"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "needed":
                return queryset.uncleared()
            case "rewording":
                return queryset.to_decide()
        return queryset


@admin.register(Point)
class PointAdmin(PartAdmin):
    form = PointForm
    whole = "report"
    fieldsets = (
        *language_fieldsets("text"),
        (
            _("Point"),
            {"fields": [("kind", "support"), "report", ("position", "session"), "qualifies", "topics", "key"]},
        ),
    )
    list_display = ("short_text", "kind", "support", "cleared", "position", "report")
    list_filter = (ClearanceFilter, "kind", "graded__grade", ("report", admin.RelatedOnlyFieldListFilter))
    search_fields = (*texts_searched("text"), "key", "public_id")
    autocomplete_fields = ("report", "qualifies", "topics")
    kept_for_another = ("session",)
    actions = ("clear_selected",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new point comes after the others of its report."""
        given = super().get_changeform_initial_data(request)
        report = key_from(str(given.get("report", "")))
        last = (
            Point.objects.filter(report=report).aggregate(last=Max("position"))["last"] if report is not None else None
        )
        return {"position": (last or 0) + 1, **given} if report is not None else given

    def get_queryset(self, request: HttpRequest) -> Any:
        points: Any = super().get_queryset(request)
        return points.for_the_desk().select_related("report")  # Django's own list_select_related adds to none

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.parts = [*form.parts, (Support, "point")]
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The words and the support of a public single voice change only by a proposal that a second editor accepts."""
        own = super().get_readonly_fields(request, obj)
        return (*own, *TEXT_COLUMNS, "support") if obj is not None and is_reworded_by_two(obj) else own

    @admin.display(description=_("support"), ordering="graded__grade")
    def support(self, point: Point) -> str:
        return support_of(point)

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
        """The sessions of the report's event, or all sessions if there is no report yet."""
        match = request.resolver_match
        point = match.kwargs.get("object_id", "") if match else ""
        report = request.POST.get("report") or request.GET.get("report") or ""
        if (key := key_from(point)) is not None:
            return Session.objects.filter(event__reports__points=key)
        if (key := key_from(report)) is not None:
            return Session.objects.filter(event__reports=key)
        return Session.objects.all()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/clear/", view(require_POST(self.clear_view)), name="events_point_clear"),
            path("<path:object_id>/reword/", view(self.reword_view), name="events_point_reword"),
            path("<path:object_id>/rewording/", view(self.rewording_view), name="events_point_rewording"),
            *super().get_urls(),
        ]

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        if not self.has_change_permission(request, obj):
            return []
        if pending_rewording(obj) is not None:
            return [Tool(_("Decide on the rewording…"), reverse("admin:events_point_rewording", args=[obj.pk]))]
        if is_reworded_by_two(obj):
            return [Tool(_("Propose a rewording…"), reverse("admin:events_point_reword", args=[obj.pk]))]
        if not obj.is_single_voice or obj.is_cleared or obj.report.author_id == request.user.pk:
            return []
        return [Tool(_("Clear this single voice"), reverse("admin:events_point_clear", args=[obj.pk]), post=True)]

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        """The proposals for this point, and their results."""
        proposed = list(obj.rewordings.select_related("proposed_by", "decided_by").order_by("-proposed_at", "-id"))
        if not proposed:
            return []
        return [
            Panel(
                title=_("Rewordings"),
                columns=[_("proposed"), _("by"), _("what changed"), _("outcome"), _("decided by"), _("reason")],
                rows=[
                    PanelRow(
                        cells=[
                            date_format(timezone.localtime(one.proposed_at), "DATETIME_FORMAT"),
                            one.proposed_by.get_username(),
                            one.note,
                            one.get_outcome_display(),
                            one.decided_by.get_username() if one.decided_by else "–",
                            one.reason or "–",
                        ]
                    )
                    for one in proposed
                ],
            )
        ]

    def reword_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form that proposes other words."""
        point = self.found(request, object_id)
        if not self.has_change_permission(request, point):
            raise PermissionDenied
        said = {column: getattr(point, column) for column in TEXT_COLUMNS}
        form = RewordingForm(
            request.POST if request.method == "POST" else None, initial={**said, "grade": point.support}
        )
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    actions.propose_rewording(
                        point, **form.cleaned_data, act=Act(by=request_user(request), at=timezone.now())
                    )
            except REFUSALS as error:
                show_refusal(request, form, error)
            else:
                self.log_change(request, point, "Rewording proposed")
                messages.success(request, _("It is proposed: somebody else has to accept it."))
                return HttpResponseRedirect(change_address(point))
        return self.ask(
            request,
            point,
            title=_("Propose a rewording"),
            explanation=_(
                "This is a single voice in a public report: its words change when a second editor, neither you "
                "nor the author of the report, accepts them. Until then readers see it as it stands."
            ),
            form=form,
            submit=[("", _("Propose"))],
        )

    def rewording_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A proposal, compared word by word with the present text, to be accepted or declined."""
        point = self.found(request, object_id)
        if not self.has_change_permission(request, point):
            raise PermissionDenied
        rewording = pending_rewording(point)
        if rewording is None:
            return HttpResponseRedirect(change_address(point))
        accepts = "accept" in request.POST
        form = DeclineRewordingForm(request.POST if request.method == "POST" and not accepts else None)
        if request.method == "POST" and (accepts or form.is_valid()):
            try:
                with transaction.atomic():
                    self._decide(request, rewording, None if accepts else form.cleaned_data["reason"])
            except REFUSALS as error:
                keep(request, error)
                messages.error(request, " ".join(explained(error).messages))
                if not isinstance(error, TextRefused):
                    return HttpResponseRedirect(request.get_full_path())
            else:
                self.log_change(request, point, "Rewording accepted" if accepts else "Rewording declined")
                messages.success(
                    request,
                    _("It is accepted: readers see the new words.")
                    if accepts
                    else _("It is declined; nothing changed."),
                )
                return HttpResponseRedirect(change_address(point))
        may_accept = request.user.pk not in (rewording.proposed_by_id, point.report.author_id)
        return TemplateResponse(
            request,
            "admin/events/rewording.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Decide on a rewording"),
                "subtitle": str(point),
                "opts": self.opts,
                "original": point,
                "rewording": rewording,
                "texts": compared(rewording),
                "may_accept": may_accept,
                "form": form,
                "refused_text": refused_text(request),
                "names_override_reason": said_of_names(request),
                "has_view_permission": True,
            },
        )

    @staticmethod
    def _decide(request: HttpRequest, rewording: Rewording, reason: str | None) -> None:
        if reason is None:
            actions.accept_rewording(
                rewording,
                act=Act(by=request_user(request), at=timezone.now(), names_override_reason=said_of_names(request)),
            )
        else:
            actions.decline_rewording(rewording, reason=reason, act=Act(by=request_user(request), at=timezone.now()))

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
            actions.clear_point(point, act=Act(by=request_user(request), at=timezone.now()))
        except Refused as refusal:
            messages.error(request, f"“{name}”: {' '.join(refusal.messages)}")
        else:
            self.log_change(request, point, "Cleared")
            messages.success(request, _("“%(name)s” is cleared.") % {"name": name})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        offered = super().get_actions(request)
        offered.pop("delete_selected", None)
        return offered
