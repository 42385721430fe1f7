"""The files of an event: stored as uploaded for the desk, published as cleaned copies.

The admin's log records that somebody changed something, but no file name.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from events import actions
from events.documents.cleaned import removals
from events.documents.refusal import refusal_for
from events.forms import DocumentForm, WithdrawalForm
from events.models import Document
from publishing.acting import Act
from publishing.desk.addresses import change_address
from publishing.desk.languages import TranslatedFieldsMixin, language_fieldsets, texts_searched
from publishing.desk.page import BackToItsWhole, DeskPage, Panel, PanelRow, Tool, request_user
from publishing.desk.publication import may_publish
from publishing.desk.saving import FormErrorsMixin, keep, said_of_names
from publishing.refusals import Refused

NOT_KEPT = _(
    "The file could not be kept: the disk of the server is full or cannot be written to. Nothing was kept. Tell whoever"
    " runs the server, and upload the file again."
)


@admin.register(Document)
class DocumentAdmin(BackToItsWhole, FormErrorsMixin, TranslatedFieldsMixin, DeskPage):
    form = DocumentForm
    fieldsets = (
        *language_fieldsets("title"),
        (_("Document"), {"fields": ["event", "file", "document_language"]}),
    )
    autocomplete_fields = ("event",)
    kept_for_another = ("event", "document_language")
    list_display = ("name", "event", "document_language", "state_column", "uploaded_by", "uploaded_at")
    list_filter = (("event", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("event", "uploaded_by", "published")
    date_hierarchy = "uploaded_at"
    search_fields = texts_searched("title", "event__name")
    list_per_page = 50
    show_full_result_count = False
    actions = None

    @admin.display(description=_("title"), ordering="title")
    def name(self, document: Document) -> str:
        return document.title or str(document)

    @admin.display(description=_("state"))
    def state_column(self, document: Document) -> str:
        if document.published is None:
            return str(_("cannot be published")) if document.obstacle else str(_("not published"))
        return str(_("withdrawn")) if document.published.withdrawn_at else str(_("published"))

    # Saving

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, labels=self.labels(), **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The file stays as it was uploaded; another file is another document."""
        own = super().get_readonly_fields(request, obj)
        return (*own, "event", "file") if obj is not None else own

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """If saving fails after the file was stored, the file is deleted."""
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.uploaded_by = request.user
        storage = obj.file.storage
        name = obj.file.field.generate_filename(obj, obj.file.name)  # a random name, so no other file has it
        try:
            super().save_model(request, obj, form, change)
        except BaseException as error:
            storage.delete(name)
            if isinstance(error, OSError):
                raise ValidationError({"file": ValidationError(NOT_KEPT, code="not_kept")}) from error
            raise

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, dict[str, Any]]]:
        return [{"added": {}}] if add else [{"changed": {}}]

    # Permissions

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is public must be withdrawn first; otherwise nobody could find its original again."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_public)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Deletes the file too: what is deleted here must not stay on the disk."""
        storage, name = obj.file.storage, obj.file.name
        super().delete_model(request, obj)
        transaction.on_commit(lambda: storage.delete(name))

    def may_act(self, request: HttpRequest, obj: Document) -> bool:
        return self.has_change_permission(request, obj) and may_publish(request.user)

    # The page

    def tools(self, request: HttpRequest, obj: Document) -> list[Tool]:
        tools = []
        if obj.is_public or not obj.obstacle:
            tools.append(Tool(_("Look at the cleaned copy"), self._address("cleaned", obj)))
        if self.may_act(request, obj):
            if obj.published is None and not obj.obstacle and obj.uploaded_by_id != request_user(request).pk:
                tools.append(Tool(_("Publish"), self._address("publish", obj)))
            if obj.is_public:
                tools.append(Tool(_("Withdraw"), self._address("withdraw", obj)))
        return tools

    def panels(self, request: HttpRequest, obj: Document) -> list[Panel]:
        return [self._what_is_left_behind(obj), self._publication(request, obj)]

    def _what_is_left_behind(self, obj: Document) -> Panel:
        if obj.obstacle:
            return Panel(
                title=_("Why it cannot be published"),
                columns=[],
                rows=[],
                empty=" ".join(refusal_for(**obj.obstacle).messages),
            )
        return Panel(
            title=_("What a cleaned copy leaves behind"),
            columns=[_("what"), _("how often")],
            rows=[PanelRow(cells=[label, number]) for label, number in removals(obj.removed)],
            empty=_("Nothing: the file tells no more than it shows."),
        )

    def _publication(self, request: HttpRequest, obj: Document) -> Panel:
        rows = []
        if obj.published is not None:
            published = obj.published
            rows.append(
                PanelRow(
                    cells=[
                        date_format(timezone.localtime(published.published_at), "DATETIME_FORMAT"),
                        obj.reviewer.get_username() if obj.reviewer is not None else "",
                        published.get_format_display(),
                        published.withdrawal_note,
                    ],
                    tools=[] if published.withdrawn_at else [Tool(_("Open"), published.get_absolute_url())],
                    struck=published.withdrawn_at is not None,
                )
            )
        empty = _("No copy is published.")
        if obj.published is None and obj.uploaded_by_id == request_user(request).pk and may_publish(request.user):
            empty = _("No copy is published. You uploaded it: somebody else reviews and publishes it.")
        return Panel(
            title=_("Published copy"),
            columns=[_("published at"), _("reviewer"), _("format"), _("withdrawal note")],
            rows=rows,
            empty=empty,
        )

    # Tools

    def _address(self, what: str, obj: Document) -> str:
        return reverse(f"admin:events_document_{what}", args=[obj.pk])

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/cleaned/", view(self.cleaned_view), name="events_document_cleaned"),
            path("<path:object_id>/publish/", view(self.publish_view), name="events_document_publish"),
            path("<path:object_id>/withdraw/", view(self.withdraw_view), name="events_document_withdraw"),
            *super().get_urls(),
        ]

    def cleaned_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The copy that is published, or the one that would be."""
        document = self.found(request, object_id)
        if not self.has_view_permission(request, document):
            raise PermissionDenied
        try:
            if document.is_public:
                content, kind = bytes(document.published.bytes.content), document.published.format
            else:
                cleaned = actions.cleaned_copy(document)
                content, kind = cleaned.content, cleaned.format.value
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
            return HttpResponseRedirect(change_address(document))
        return HttpResponse(
            content,
            content_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="cleaned-{document.pk}.{kind}"'},
        )

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        document = self._to_act_on(request, object_id)
        form = forms.Form(request.POST if request.method == "POST" else None)
        if form.is_valid() and self._perform(
            request,
            document,
            _("Publish"),
            _("The cleaned copy is published: it can be read as soon as its event can."),
            lambda: actions.publish_document(
                document,
                act=Act(by=request_user(request), at=timezone.now(), names_override_reason=said_of_names(request)),
            ),
        ):
            return HttpResponseRedirect(change_address(document))
        return self.ask(
            request,
            document,
            title=_("Publish"),
            explanation=_(
                "A cleaned copy is made and proven clean, and everybody can read it with its event. You vouch for what"
                " it says and shows: cleaning does not see handwriting, words in pictures or a style of writing. Look"
                " at the cleaned copy first."
            ),
            form=form,
            submit=[("", _("Publish"))],
        )

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        document = self._to_act_on(request, object_id)
        form = WithdrawalForm(request.POST if request.method == "POST" else None)
        if document.published is None:
            messages.error(request, _("No copy is published."))
            return HttpResponseRedirect(change_address(document))
        if form.is_valid() and self._perform(
            request,
            document,
            _("Withdraw"),
            _("The copy is withdrawn: its bytes are gone, and its address answers “not found”."),
            lambda: actions.withdraw_document(
                document.published, act=Act(by=request_user(request), at=timezone.now()), note=form.cleaned_data["note"]
            ),
        ):
            return HttpResponseRedirect(change_address(document))
        return self.ask(
            request,
            document,
            title=_("Withdraw"),
            explanation=_("The published copy is deleted. Whoever has taken a copy keeps it."),
            form=form,
            submit=[("", _("Withdraw"))],
            context={"is_dangerous": True},
        )

    def _to_act_on(self, request: HttpRequest, object_id: str) -> Document:
        document: Document = self.found(request, object_id)
        if not self.may_act(request, document):
            raise PermissionDenied
        return document

    def _perform(self, request: HttpRequest, document: Document, what: Any, done: Any, act: Any) -> bool:
        """Performs the action and tells the person the result; returns whether it succeeded."""
        try:
            act()
        except Refused as refusal:
            keep(request, refusal)
            messages.error(request, " ".join(refusal.messages))
            return False
        self.log_change(request, document, str(what))
        messages.success(request, done)
        return True
