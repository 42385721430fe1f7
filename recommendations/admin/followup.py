from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from partnerships.admin.citation import GRADED
from publishing.acting import Act
from publishing.desk.addresses import add_address, change_address, key_from
from publishing.desk.languages import texts_searched
from publishing.desk.page import Panel, PanelRow, PlainFields, Tool, request_user
from publishing.desk.part import PartOffTheIndex
from publishing.desk.record import RecordAdmin, records_panel
from publishing.desk.saving import FormSetErrorsMixin
from publishing.refusals import Refused
from recommendations import actions
from recommendations.admin.in_queue import MAY_RECORD, go_on, put_off_address
from recommendations.admin.letter import draft_tool, letters_panel
from recommendations.admin.update import UpdatedPage
from recommendations.forms import StatusEntryForm
from recommendations.models import Addressee, Evidence, InternalNote, Response, StatusEntry


@admin.register(Addressee)
class AddresseeAdmin(UpdatedPage, PartOffTheIndex):
    """An addressee with both axes: its response, and its implementation."""

    whole = "recommendation"
    fields = ("recommendation", "actor", ("role", "basis"))
    autocomplete_fields = ("recommendation", "actor")
    list_display = ("recommendation", "actor", "role", "basis")
    list_filter = ("role", "basis")
    list_select_related = ("recommendation", "actor")
    search_fields = ("recommendation__reference", *texts_searched("actor__name"))

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        tools = [*super().tools(request, obj), *draft_tool(request, obj)]
        if not request.user.has_perm(MAY_RECORD):
            return tools
        return [
            Tool(_("Record an update"), reverse("admin:recommendations_addressee_update", args=[obj.pk])),
            Tool(_("Put off…"), put_off_address(obj)),
            *tools,
        ]

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        may = request.user.has_perm
        return [
            records_panel(
                title=_("What it answered"),
                records=obj.responses.select_related("by", "source").latest_first(),
                columns=[
                    (_("response"), lambda response: response.get_kind_display()),
                    (
                        _("words"),
                        lambda response: response.words or response.accepted_part or response.reason or "–",
                    ),
                    (_("source"), lambda response: response.source or "–"),
                ],
                subject="addressee",
                may_add=may("recommendations.add_response"),
                tools=[Tool(_("Record a response"), add_address(Response, addressee=obj.pk))],
                empty=_("Not sent: nothing is recorded. Silence is no answer."),
            ),
            records_panel(
                title=_("How far it has come"),
                records=obj.entries.select_related("by", "on_behalf_of", "confirmation__by")
                .with_confirmation()
                .latest_first(),
                columns=[
                    (_("state"), lambda entry: entry.get_state_display()),
                    (_("confidence"), lambda entry: entry.get_confidence_display()),
                    (_("public note"), lambda entry: entry.public_note or "–"),
                    (_("confirmation"), confirmed_by),
                ],
                subject="addressee",
                may_add=may("recommendations.add_statusentry"),
                tools=[Tool(_("Record a status"), add_address(StatusEntry, addressee=obj.pk))],
                empty=_("Not assessed: nobody has looked yet."),
            ),
            letters_panel(obj),
        ]


def confirmed_by(entry: Any) -> str:
    """Who confirmed an entry that says implemented, or that somebody still has to; see `with_confirmation`."""
    confirmation = getattr(entry, "confirmation", None)
    if confirmation is not None:
        return str(confirmation.by.get_username())
    return str(_("not yet")) if entry.is_to_confirm else "–"


@admin.register(Response)
class ResponseAdmin(RecordAdmin):
    subject = "addressee"
    append = actions.record_response
    fieldsets = (
        (None, {"fields": ["addressee", "kind", "as_of"]}),
        (_("If it was sent"), {"fields": [("channel", "recipient")]}),
        (
            _("If it was answered"),
            {"fields": ["office", "source", "accepted_part", "words", "reason", "no_reason_given"]},
        ),
        (_("The entry"), {"fields": [("language", "corrects")]}),
    )
    list_display = ("addressee", "kind", "as_of", "by", "recorded_at")
    list_filter = ("kind",)
    list_select_related = ("addressee__recommendation", "addressee__actor", "by")
    search_fields = ("addressee__recommendation__reference", *texts_searched("addressee__actor__name"))
    autocomplete_fields = ("addressee", "source")


class EvidenceStack(FormSetErrorsMixin, PlainFields, admin.StackedInline):
    """The sources of an entry: added with it, and read-only afterwards."""

    model = Evidence
    fields = (GRADED[0], "nature", *GRADED[1:])
    autocomplete_fields = ("source",)
    rows_of_texts = 2
    extra = 1

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and request.user.has_perm("recommendations.add_statusentry")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("source")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """One empty row, and on the form of a correction one for each source that is copied."""
        return self.extra + (len(self.taken_over(request)) if obj is None else 0)

    def taken_over(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The evidence of the entry that is being corrected, as initial values."""
        corrected = key_from(request.GET.get("corrects", ""))
        if request.method != "GET" or corrected is None:
            return []
        return [
            {field.name: getattr(row, field.attname) for field in Evidence._meta.fields if field.name in TAKEN_OVER}
            for row in Evidence.objects.filter(entry=corrected)
        ]


TAKEN_OVER = {
    "source",
    "nature",
    "stance",
    "locator",
    "independence_group",
    "quotation",
    "source_reliability",
    "information_credibility",
}
"""The fields of a row of evidence that a correction copies."""


class ConfirmationFilter(admin.SimpleListFilter):
    """Effective entries that say implemented and wait for a second person."""

    title = _("confirmation")
    parameter_name = "confirmation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("needed", _("To be confirmed"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.to_confirm() if self.value() == "needed" else queryset


@admin.register(StatusEntry)
class StatusEntryAdmin(RecordAdmin):
    form = StatusEntryForm
    subject = "addressee"
    append = actions.record_status
    fieldsets = (
        (None, {"fields": ["addressee", "state", ("as_of", "confidence"), "public_note"]}),
        (
            _("What some states need"),
            {"fields": ["what_remains", "reason", "last_movement_date", "how_intent_is_met", "successor"]},
        ),
        (_("The entry"), {"fields": ["on_behalf_of", ("language", "corrects")]}),
    )
    list_display = ("addressee", "state", "as_of", "confidence", "confirmed", "by")
    list_filter = ("state", "confidence", ConfirmationFilter)
    list_select_related = (
        "addressee__recommendation",
        "addressee__actor",
        "by",
        "confirmation__by",
    )
    search_fields = ("addressee__recommendation__reference", *texts_searched("addressee__actor__name"))
    autocomplete_fields = ("addressee", "successor", "on_behalf_of")
    inlines = (EvidenceStack,)

    def get_queryset(self, request: HttpRequest) -> Any:
        entries: Any = super().get_queryset(request)
        return entries.with_confirmation()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fieldsets = list(super().get_fieldsets(request, obj))
        if obj is None:
            fieldsets.insert(-1, (_("For the desk only"), {"fields": ["internal_note"]}))
        return fieldsets

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        given: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, EvidenceStack) and obj.pk is None:
            given["initial"] = inline.taken_over(request)
        return given

    def rows_with_it(self, formsets: Sequence[Any]) -> dict[str, Any]:
        return {"evidence": [row for formset in formsets for row in formset.save(commit=False)]}

    @admin.display(description=_("confirmation"))
    def confirmed(self, entry: StatusEntry) -> str:
        return confirmed_by(entry)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.confirm_view))
        return [
            path("<path:object_id>/confirm/", view, name="recommendations_statusentry_confirm"),
            *super().get_urls(),
        ]

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        tools = super().tools(request, obj)
        if (
            obj.is_to_confirm
            and obj.by_id != request.user.pk
            and request.user.has_perm("recommendations.add_confirmation")
        ):
            address = reverse("admin:recommendations_statusentry_confirm", args=[obj.pk])
            tools.append(Tool(_("Confirm that it is implemented"), address, post=True))
        return tools

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        entry = self.found(request, object_id)
        if not request.user.has_perm("recommendations.add_confirmation"):
            raise PermissionDenied
        try:
            actions.confirm(entry, act=Act(by=request_user(request), at=timezone.now()))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            self.log_change(request, entry, "Confirmed")
            messages.success(request, _("The entry is confirmed."))
        if "_next" in request.POST:
            return go_on(request, otherwise=change_address(entry.addressee))
        return HttpResponseRedirect(change_address(entry))

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        notes = InternalNote.objects.filter(entry=obj).select_related("by")
        return [
            Panel(
                title=_("For the desk only"),
                columns=[_("note"), _("by"), _("recorded at")],
                rows=[
                    PanelRow(
                        cells=[
                            note.text,
                            note.by.get_username(),
                            date_format(timezone.localtime(note.recorded_at), "DATETIME_FORMAT"),
                        ]
                    )
                    for note in notes
                ],
                empty=_("No internal note."),
            )
        ]
