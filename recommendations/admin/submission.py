from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from publishing.acting import Act
from publishing.desk.addresses import change_address
from publishing.desk.languages import texts_searched
from publishing.desk.page import DeskPage, SearchedSelect, Tool, request_user, say_days
from publishing.desk.saving import said_of_names, show_refusal
from publishing.form_fields import days_said
from publishing.refusals import REFUSALS
from recommendations import actions
from recommendations.actions.update import take_over
from recommendations.admin.in_queue import asked_with, go_on, narrowed_by, put_off_address
from recommendations.forms import AcceptForm, DeclineForm
from recommendations.models import Evidence, StatusEntry, Submission
from recommendations.queue import Place

SEARCHED = {"source": Evidence._meta.get_field("source"), "successor": StatusEntry._meta.get_field("successor")}
"""Search fields of the form, each with the column that has the same choices."""


@admin.register(Submission)
class SubmissionAdmin(DeskPage):
    """What partners report: accepted or declined, and never altered."""

    fieldsets = (
        (
            _("What the partner reports"),
            {"fields": ["addressee", "proposed_state", "as_of", "note", "source_title", "source_url"]},
        ),
        (_("When"), {"fields": ["submitted_by", "submitted_at"]}),
        (_("What the desk decided"), {"fields": ["decision", "decision_reason", "decided_by", "decided_at", "entry"]}),
    )
    list_display = ("addressee", "proposed_state", "as_of", "decided", "submitted_by", "submitted_at")
    list_filter = ("decision", "proposed_state")
    list_select_related = ("addressee__recommendation", "addressee__actor", "submitted_by")
    date_hierarchy = "submitted_at"
    search_fields = ("addressee__recommendation__reference", *texts_searched("addressee__actor__name"), "note")
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("decision"), ordering="decision")
    def decided(self, submission: Submission) -> str:
        return format_html('<span class="standing">{}</span>', submission.get_decision_display())

    def _may_decide(self, request: HttpRequest) -> bool:
        return request.user.has_perm("recommendations.change_submission")

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        if obj.decision != Submission.Decision.PENDING or not self._may_decide(request):
            return []
        return [
            Tool(_("Take over…"), reverse("admin:recommendations_submission_accept", args=[obj.pk])),
            Tool(_("Decline…"), reverse("admin:recommendations_submission_decline", args=[obj.pk])),
            Tool(_("Put off…"), put_off_address(obj)),
        ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/accept/",
                view(self.decide_view),
                {"accept": True},
                name="recommendations_submission_accept",
            ),
            path(
                "<path:object_id>/decline/",
                view(self.decide_view),
                {"accept": False},
                name="recommendations_submission_decline",
            ),
            *super().get_urls(),
        ]

    def beside(self, submission: Submission, end_of_address: str) -> dict[str, Any]:
        """What is shown beside the partner's report: our own records, and the other ways to deal with it."""
        addressee = submission.addressee
        last = StatusEntry.objects.filter(addressee=addressee).effective().latest_first().select_related("by").first()
        pages = [
            (reverse("admin:recommendations_submission_accept", args=[submission.pk]), _("Take over…")),
            (reverse("admin:recommendations_submission_decline", args=[submission.pk]), _("Decline…")),
            (put_off_address(submission), _("Put off…")),
        ]
        return {
            "submission": submission,
            "last": last,
            "pages": [(address + end_of_address, label) for address, label in pages],
        }

    def decide_view(self, request: HttpRequest, object_id: str, accept: bool) -> HttpResponse:
        submission = self.found(request, object_id)
        place = Place.read(request.GET.get("place", ""))
        if not self._may_decide(request):
            raise PermissionDenied
        form: forms.Form = (AcceptForm if accept else DeclineForm)(
            request.POST if request.method == "POST" else None,
            initial={"source_url": submission.source_url, "source_title": submission.source_title},
        )
        for name, column in SEARCHED.items():
            if name in form.fields:
                form.fields[name].widget = SearchedSelect(column, self.admin_site)
                form.fields[name].widget.choices = form.fields[name].choices  # type: ignore[attr-defined]
        decide: Any = take_over if accept else actions.decline_submission
        if request.method == "POST" and form.is_valid():
            try:
                reason = said_of_names(request) if accept else ""
                act = Act(by=request_user(request), at=timezone.now(), names_override_reason=reason)
                decide(submission, act=act, **form.cleaned_data)
            except REFUSALS as refusal:
                show_refusal(request, form, refusal)
            else:
                self.log_change(request, submission, "Taken over" if accept else "Declined")
                messages.success(
                    request,
                    _("It is taken over, as an entry on the partner's behalf.")
                    if accept
                    else _("It is declined; the partner sees why."),
                )
                say_days(request, days_said(form))
                return go_on(request, otherwise=change_address(submission))
        return self.ask(
            request,
            submission,
            title=_("Take over what the partner reports") if accept else _("Decline what the partner reports"),
            explanation=_(
                "It becomes a status entry, recorded by you on the partner's behalf; its note becomes public."
            )
            if accept
            else _("The submission stays as it is, with your reason beside it."),
            form=form,
            submit=[
                *([("_next", _("Take over and next") if accept else _("Decline and next"))] if place else []),
                ("_save", _("Take over") if accept else _("Decline")),
            ],
            context={"beside": self.beside(submission, asked_with(narrowed_by(request), place=place))},
        )
