"""Saving at the desk: a refusal by an action or the database is shown in the form, never as a server error."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from publishing import refusals
from publishing.database.errors import judge_by_now, validation_error_from
from publishing.desk.addresses import change_address
from publishing.desk.forms import DeskForm, PartFormSet, show_at_fields


def refused(request: HttpRequest) -> Mapping[str, ValidationError]:
    """The errors of this request's first attempt to save, by the prefix of the form they concern."""
    return getattr(request, "_refused", {})


def explained(error: Exception) -> ValidationError:
    """What an action or the database refused, in words and at the fields of the model; drafts become links."""
    refusal = validation_error_from(error) if isinstance(error, IntegrityError) else error
    assert isinstance(refusal, ValidationError)
    if not isinstance(refusal, refusals.RefersToUnpublished):
        return refusal
    drafts = format_html_join(", ", '<a href="{}">{}</a>', ((change_address(one), one) for one in refusal.publications))
    return ValidationError(
        format_html(str(_("This is public, and names what is not: {}. Publish that first.")), drafts), code=refusal.code
    )


def show_refusal(request: HttpRequest, form: forms.BaseForm, error: Exception) -> None:
    """Shows in `form` what an action or the database refused; the transaction is rolled back by now."""
    keep(request, error)
    show_at_fields(form, explained(error), part=refusals.part_of(error))


def said_of_names(request: HttpRequest) -> str:
    """The reviewer's reason in this request for letting names in a text stand."""
    return request.POST.get("names_override_reason", "").strip()


def keep(request: HttpRequest, error: Exception) -> None:
    """Records the refusal of a text, outside the transaction that it rolled back, and has the page show it."""
    if isinstance(error, refusals.TextRefused):
        error.keep()
        request._refused_text = error  # type: ignore[attr-defined]


def refused_text(request: HttpRequest) -> refusals.TextRefused | None:
    """The text that was refused in this request, for the partial `refused_text.html`."""
    return getattr(request, "_refused_text", None)


class FormErrorsMixin(admin.ModelAdmin):
    """Shows the form again, with what was typed, when an action or the database refuses it.

    The attempt is one transaction and is rolled back as a whole. The same request is then shown again, with the error
    at its field.
    """

    form = DeskForm

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except refusals.REFUSALS as error:
            if request.method != "POST":
                raise
            keep(request, error)
            request._refused = {refusals.part_of(error): self._explained(error)}  # type: ignore[attr-defined]
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except refusals.REFUSALS as error:
            # The form had no place for the error, as for a row that was to be deleted.
            for message in self._explained(error).messages:
                messages.error(request, message)
            return HttpResponseRedirect(request.get_full_path())

    def _explained(self, error: Exception) -> ValidationError:
        if isinstance(error, refusals.NothingSaid):
            return ValidationError({"what_changed": error.messages})
        return explained(error)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        judge_by_now()
        request._made = change_address(obj)  # type: ignore[attr-defined] # told to who sends the form again
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        judge_by_now()
        return super().response_change(request, obj)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context.update(refused_text=refused_text(request), names_override_reason=said_of_names(request))
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refused = refused(request)
        return form

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except IntegrityError as error:
            if request.method != "POST":
                raise
            for message in validation_error_from(error).messages:
                messages.error(request, message)
            return HttpResponseRedirect(request.get_full_path())


class FormSetErrorsMixin(admin.options.InlineModelAdmin):
    """The same for inline rows."""

    form = DeskForm
    formset = PartFormSet

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.refused = refused(request)
        return formset
