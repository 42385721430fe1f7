"""The update of one addressee: a short page that leads on to the next item of the queue."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.acting import Act
from publishing.desk.addresses import change_address, key_from
from publishing.desk.page import DeskPage, SearchedSelect, request_user, say_days
from publishing.desk.saving import refused_text, said_of_names, show_refusal
from publishing.form_fields import days_said
from publishing.languages import listed
from publishing.refusals import REFUSALS
from recommendations import actions
from recommendations.actions.update import record_update
from recommendations.admin.in_queue import MAY_RECORD, asked_with, go_on, narrowed_by, put_off_address, today
from recommendations.lifecycle import rules as lifecycle
from recommendations.lifecycle.states import ImplementationState
from recommendations.models import Addressee, Evidence, Response, StatusEntry, Submission
from recommendations.queue import Place
from recommendations.update_form import UpdateForm

SEARCHED = {
    "source": Evidence._meta.get_field("source"),
    "successor": StatusEntry._meta.get_field("successor"),
    "response_source": Response._meta.get_field("source"),
}
"""Search fields of the form, each with the column that has the same choices."""


class UpdatedPage(DeskPage):
    """The page of an addressee, with the update."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.update_view)
        return [path("<path:object_id>/update/", view, name="recommendations_addressee_update"), *super().get_urls()]

    def update_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        addressee = self.of_update(object_id)
        if not request.user.has_perm(MAY_RECORD):
            raise PermissionDenied
        by = request_user(request)
        form = UpdateForm(
            request.POST if request.method == "POST" else None,
            request.FILES if request.method == "POST" else None,
            addressee=addressee,
            by=by,
            today=today(),
        )
        for name, column in SEARCHED.items():
            field: Any = form.fields[name]
            field.widget = SearchedSelect(column, self.admin_site)
            field.widget.choices = field.choices
        if request.method == "POST" and form.is_valid():
            try:
                updated = record_update(
                    addressee,
                    act=Act(by=by, at=timezone.now(), names_override_reason=said_of_names(request)),
                    **form.given(),
                )
            except REFUSALS as refusal:
                show_refusal(request, form, refusal)
                if isinstance(refusal, actions.StaleRecord):
                    form.see_what_stands()
            else:
                self.log_change(request, addressee, "Updated")
                messages.success(request, said_of(updated, addressee))
                say_days(request, days_said(form))
                return go_on(request, otherwise=change_address(addressee))
        return TemplateResponse(request, "admin/recommendations/update.html", self.shown(request, addressee, form))

    def of_update(self, object_id: str) -> Addressee:
        """The addressee that the address names, with what the page shows of it."""
        related = ("recommendation__event", "actor", "current_status__entry__by", "current_status__response__by")
        key = key_from(unquote(object_id))
        found = Addressee.objects.select_related(*related).filter(pk=key).first() if key is not None else None
        if found is None:
            raise Http404
        return found

    def to_confirm(self, request: HttpRequest, addressee: Addressee) -> StatusEntry | None:
        """The entry that says implemented, if this person may confirm it."""
        if (
            addressee.current_status.state not in lifecycle.WELL
            or addressee.current_status.is_confirmed
            or not request.user.has_perm("recommendations.add_confirmation")
        ):
            return None
        waiting = StatusEntry.objects.to_confirm().filter(addressee=addressee).exclude(by=request.user.pk)
        found: StatusEntry | None = waiting.select_related("by").prefetch_related("evidence__source").first()
        return found

    def shown(self, request: HttpRequest, addressee: Addressee, form: UpdateForm) -> dict[str, Any]:
        narrowed, place = narrowed_by(request), Place.read(request.GET.get("place", ""))
        others = (
            Addressee.objects.filter(recommendation=addressee.recommendation)
            .exclude(pk=addressee.pk)
            .select_related("actor", "current_status")
            .order_by("role", "pk")
        )
        return {
            **self.admin_site.each_context(request),
            "title": _("Record an update"),
            "opts": self.opts,
            "addressee": addressee,
            "recommendation": addressee.recommendation,
            "current_status": addressee.current_status,
            "put_off": addressee.snoozes.filter(until__gt=today()).select_related("by").order_by("-pk").first(),
            "submissions": addressee.submissions.filter(decision=Submission.Decision.PENDING).order_by("pk"),
            "to_confirm": self.to_confirm(request, addressee),
            "others": others,
            "form": form,
            "refused_text": refused_text(request),
            "names_override_reason": said_of_names(request),
            "queue_address": reverse("admin:queue") + asked_with(narrowed),
            "snooze_address": put_off_address(addressee) + asked_with(narrowed, place=place),
            "end_of_address": asked_with(narrowed, place=place),
        }


def said_of(updated: Any, addressee: Addressee) -> str:
    """The message about what was recorded."""
    recorded = [
        *([ImplementationState(updated.entry.state).label] if updated.entry else []),
        *([updated.response.get_kind_display()] if updated.response else []),
    ]
    said = _("Recorded of %(addressee)s: %(what)s.") % {
        "addressee": addressee,
        "what": listed(f"“{one}”" for one in recorded),
    }
    if updated.source is not None:
        said = f"{said} {_('Its source is public once a second person has published it.')}"
    return str(said)
