"""Splitting, merging and the next edition at the desk: each is a page that asks before anything is done."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import Series
from publishing.acting import Act
from publishing.desk.addresses import change_address
from publishing.desk.page import Tool, request_user, say_days
from publishing.desk.publication import PublicationAdmin
from publishing.desk.saving import show_refusal
from publishing.form_fields import days_said
from publishing.publication import PublicationState
from publishing.refusals import REFUSALS
from recommendations.actions import redrafting
from recommendations.forms import AsOfDayForm, MergeForm, PlanForm, SplitForm
from recommendations.models import Recommendation

MAX_MERGED = 50


def named(things: Sequence[Any]) -> SafeString:
    """The objects in a list, each with a link to its page at the desk."""
    return format_html_join(", ", '<a href="{}">{}</a>', ((change_address(thing), thing) for thing in things))


class DraftsFromEarlierOnes(PublicationAdmin):
    """The actions that make drafts from recommendations, for their page at the desk."""

    actions = (*PublicationAdmin.actions, "merge_selected")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("merge/", view(self.merge_view), name="recommendations_recommendation_merge"),
            path("plan/<int:pk>/", view(self.plan_view), name="recommendations_recommendation_plan"),
            path("<path:object_id>/split/", view(self.split_view), name="recommendations_recommendation_split"),
            path(
                "<path:object_id>/supersede/",
                view(self.supersede_view),
                name="recommendations_recommendation_supersede",
            ),
            *super().get_urls(),
        ]

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        found = super().tools(request, obj)
        if not self.has_add_permission(request) or obj.state == PublicationState.WITHDRAWN:
            return found
        if not obj.parts.exists():
            found.append(Tool(_("Split into parts"), self._address("split", obj.pk)))
        if redrafting.to_supersede(obj):
            found.append(Tool(_("End what is merged into it"), self._address("supersede", obj.pk)))
        return found

    def _address(self, name: str, *arguments: Any) -> str:
        return reverse(f"admin:recommendations_recommendation_{name}", args=arguments)

    def _require(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    def split_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        self._require(request)
        whole = self.found(request, object_id)
        form = SplitForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                made = redrafting.split(
                    whole, parts=form.cleaned_data["parts"], act=Act(by=request_user(request), at=timezone.now())
                )
            except REFUSALS as error:
                show_refusal(request, form, error)
            else:
                self.log_change(request, whole, str(_("Split into parts")))
                for part in made:
                    self.log_addition(request, part, str(_("Split into parts")))
                messages.success(request, format_html(str(_("The parts are drafts now: {}.")), named(made)))
                return HttpResponseRedirect(change_address(whole))
        return self.ask(
            request,
            whole,
            form=form,
            title=_("Split into parts"),
            explanation=_(
                "Each part becomes a draft of the same event, addressed to the same, and linked to the whole. "
                "The whole keeps its words and every record. It says: %(text)s"
            )
            % {"text": whole.text},
            submit=[("", _("Split"))],
        )

    @admin.action(description=_("Merge into one"), permissions=["add"])
    def merge_selected(self, request: HttpRequest, chosen: Any) -> HttpResponse | None:
        keys = list(chosen.order_by("reference").values_list("pk", flat=True)[: MAX_MERGED + 1])
        if len(keys) < 2:
            messages.error(request, _("Choose at least two recommendations."))
            return None
        if len(keys) > MAX_MERGED:
            messages.error(request, _("Choose %(most)d at most.") % {"most": MAX_MERGED})
            return None
        query = "&".join(f"of={key}" for key in keys)
        return HttpResponseRedirect(f"{self._address('merge')}?{query}")

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        self._require(request)
        keys = [key for key in request.GET.getlist("of") if key.isascii() and key.isdigit() and len(key) < 10]
        rows = Recommendation.objects.select_related("event").filter(pk__in=keys[:MAX_MERGED])
        chosen = list(rows.order_by("reference"))
        if not chosen:
            raise Http404
        form = MergeForm(request.POST or None, chosen=chosen)
        if request.method == "POST" and form.is_valid():
            try:
                merged = redrafting.merge(
                    chosen, act=Act(by=request_user(request), at=timezone.now()), **form.cleaned_data
                )
            except REFUSALS as error:
                show_refusal(request, form, error)
            else:
                self._tell(request, merged)
                say_days(request, days_said(form))
                return HttpResponseRedirect(change_address(merged.into))
        return self.ask(
            request,
            chosen[0],
            form=form,
            title=_("Merge into one"),
            explanation=format_html(
                str(
                    _(
                        "These are merged: {}. Where follow-up is still open, they end as superseded by the one that "
                        "they become; if that is a draft, what is public waits until it is published. Every record is "
                        "kept."
                    )
                ),
                named(chosen),
            ),
            submit=[("", _("Merge"))],
        )

    def supersede_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        self._require(request)
        into = self.found(request, object_id)
        form = AsOfDayForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                merged = redrafting.supersede_merged(
                    into, act=Act(by=request_user(request), at=timezone.now()), **form.cleaned_data
                )
            except REFUSALS as error:
                show_refusal(request, form, error)
            else:
                self._tell(request, merged)
                say_days(request, days_said(form))
                return HttpResponseRedirect(change_address(into))
        earlier = {addressee.recommendation for addressee in redrafting.to_supersede(into)}
        return self.ask(
            request,
            into,
            form=form,
            title=_("End what is merged into it"),
            explanation=format_html(
                str(_("These end as superseded by it, with each addressee that is still open: {}.")),
                named(sorted(earlier, key=str)),
            ),
            submit=[("", _("End"))],
        )

    def _tell(self, request: HttpRequest, merged: redrafting.Merged) -> None:
        """Tells the person, and logs, the result of a merger."""
        self.log_change(request, merged.into, str(_("Merged")))
        ended, waiting = len(merged.ended), len(merged.waiting)
        told = ngettext(
            "Merged into “%(into)s”; follow-up ended with %(count)d addressee.",
            "Merged into “%(into)s”; follow-up ended with %(count)d addressees.",
            ended,
        )
        messages.success(request, told % {"into": merged.into, "count": ended})
        if waiting:
            waits = ngettext(
                "With %(count)d addressee it goes on until “%(into)s” is public. Then choose “End what is merged into it”.",
                "With %(count)d addressees it goes on until “%(into)s” is public. Then choose “End what is merged into "
                "it”.",
                waiting,
            )
            messages.warning(request, waits % {"into": merged.into, "count": waiting})

    def plan_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._require(request)
        if not request.user.has_perm("events.add_event"):
            raise PermissionDenied
        series = Series.objects.filter(pk=pk).first() if pk < 2**31 else None
        if series is None:
            raise Http404
        form = PlanForm(request.POST or None, series=series)
        if request.method == "POST" and form.is_valid():
            try:
                event = redrafting.plan_next_edition(
                    series, act=Act(by=request_user(request), at=timezone.now()), **form.cleaned_data
                )
            except REFUSALS as error:
                show_refusal(request, form, error)
            else:
                self.log_addition(request, event, str(_("Planned the next edition")))
                carried = event.recommendations.count()
                told = ngettext(
                    "“%(event)s” is planned, and %(count)d recommendation is carried forward as a draft.",
                    "“%(event)s” is planned, and %(count)d recommendations are carried forward as drafts.",
                    carried,
                )
                messages.success(request, told % {"event": event, "count": carried})
                say_days(request, days_said(form))
                return HttpResponseRedirect(change_address(event))
        return self.ask(
            request,
            series,
            form=form,
            title=_("Plan edition %(number)d") % {"number": redrafting.next_edition(series)},
            explanation=_(
                "A draft of the next event, with the organisers, topics and partnerships of the last one. What you "
                "carry forward keeps its own records."
            ),
            submit=[("", _("Plan it"))],
            context={"opts": Series._meta},
        )
