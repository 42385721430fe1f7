"""Who was there, and the files of an event: for administrators alone.

The admin's log keeps that somebody changed something, and no name or value.
"""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from events import actions
from events.forms import ConsentForm
from events.models import Consent, Document, Participant
from partnerships.admin.languages import InTheirLanguages, language_fieldsets, texts_searched
from partnerships.admin.page import DeskPage, Panel, Row, Tool
from partnerships.admin.record import RecordAdmin
from partnerships.admin.refused import RefusalsAtTheField
from partnerships.desk_addresses import add_address


@admin.register(Participant)
class ParticipantAdmin(RefusalsAtTheField, DeskPage):
    fields = ("event", "name", "affiliation", "role")
    autocomplete_fields = ("event",)
    list_display = ("name", "affiliation", "role", "event")
    list_filter = ("role", ("event", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("event",)
    search_fields = ("name", "affiliation")
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, dict[str, Any]]]:
        return [{"added": {}}] if add else [{"changed": {}}]

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        return [
            Panel(
                title=_("Consents"),
                columns=[_("as of"), _("disclosure"), _("given"), _("evidence"), _("by")],
                rows=[
                    Row(
                        cells=[
                            date_format(consent.as_of, "DATE_FORMAT"),
                            consent.get_disclosure_display(),
                            _("yes") if consent.given else _("no"),
                            consent.evidence,
                            consent.by.get_username(),
                        ]
                    )
                    for consent in obj.consents.select_related("by").order_by("-recorded_at", "-id")
                ],
                tools=[Tool(_("Record a consent"), add_address(Consent, participant=obj.pk))]
                if request.user.has_perm("events.add_consent")
                else [],
                empty=_("No consent is recorded, and so nothing about this person is disclosed."),
            )
        ]


@admin.register(Consent)
class ConsentAdmin(RecordAdmin):
    form = ConsentForm
    subject = "participant"
    corrected = ""
    append = actions.record_consent
    fields = ("participant", "disclosure", "given", "as_of", "evidence")
    list_display = ("participant", "disclosure", "given", "as_of", "by")
    list_filter = ("disclosure", "given")
    list_select_related = ("participant", "by")

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Reached from the participant only."""
        return {}


@admin.register(Document)
class DocumentAdmin(RefusalsAtTheField, InTheirLanguages):
    fieldsets = (
        *language_fieldsets("title"),
        (_("Document"), {"fields": ["event", "file", "document_language"]}),
    )
    autocomplete_fields = ("event",)
    list_display = ("name", "event", "document_language", "uploaded_by", "uploaded_at")
    list_filter = (("event", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("event", "uploaded_by")
    date_hierarchy = "uploaded_at"
    search_fields = texts_searched("title", "event__name")
    list_per_page = 50
    show_full_result_count = False
    actions = None

    @admin.display(description=_("title"), ordering="title")
    def name(self, document: Document) -> str:
        return document.title or str(document)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, labels=self.labels(), **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The file stays as it was uploaded; another one is another document."""
        own = super().get_readonly_fields(request, obj)
        return (*own, "event", "file") if obj is not None else own

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.uploaded_by = request.user
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """With its file: what is deleted here must not stay on the disk."""
        storage, name = obj.file.storage, obj.file.name
        super().delete_model(request, obj)
        transaction.on_commit(lambda: storage.delete(name))
