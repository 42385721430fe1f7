"""The desk's pages: tools, and tables of what belongs to the object, beside its form."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import DateField, DateTimeField, Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from publishing import typed_values
from publishing.desk.addresses import FILTERS, add_address, change_address, key_from, list_address, next_url
from publishing.desk.fields import READ_AS_TYPED
from publishing.desk.forms import SLUG_HELP
from publishing.desk.saving import refused_text, said_of_names
from publishing.form_fields import days_said
from publishing.languages import listed


def request_user(request: HttpRequest) -> User:
    """The user; the desk lets nobody in who is not signed in."""
    assert isinstance(request.user, User)
    return request.user


def is_form_sent(request: HttpRequest) -> bool:
    """Whether `request` sends the form of a change page."""
    return request.method == "POST" and "seen" in request.POST


@dataclass(frozen=True, slots=True)
class Tool:
    """A link, or with `post` a button that acts at once."""

    label: Any
    url: str
    post: bool = False


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One line of a panel; a `struck` one was corrected by a later record."""

    cells: Sequence[Any]
    tools: Sequence[Tool] = ()
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A table of what belongs to an object but is not edited with it, with links to add more."""

    title: Any
    columns: Sequence[Any]
    rows: Sequence[PanelRow]
    tools: Sequence[Tool] = ()
    empty: Any = ""

    @property
    def has_tools(self) -> bool:
        return any(row.tools for row in self.rows)


class SearchedSelect(AutocompleteSelect):
    """A search field that says what it searches: an empty one would have no name for screen reader users.

    A text that cannot be a key is ignored: an address may give a form any initial value.
    """

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if one == "" or key_from(one) is not None], attr)

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        attrs: dict[str, Any] = super().build_attrs(base_attrs, extra_attrs)
        kind = self.field.remote_field.model._meta.verbose_name_plural
        attrs["data-placeholder"] = _("Search: %(kind)s") % {"kind": kind}
        return attrs


class SearchedSelectMultiple(SearchedSelect, AutocompleteSelectMultiple):
    """The same for several."""


class PlainFields(admin.options.BaseModelAdmin):
    """Form fields with defaults that suit us: a text area is as high as its text, in the direction of its language."""

    formfield_overrides = READ_AS_TYPED
    rows_of_texts = 4

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if db_field.name == "slug":
            field.required, field.help_text = False, SLUG_HELP
        if isinstance(field.widget, AdminSplitDateTime):
            for part, name in zip(field.widget.widgets, (_("date"), _("time")), strict=True):
                part.attrs["aria-label"] = f"{field.label}: {name}"
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs.update(rows=self.rows_of_texts, dir="auto")
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            # The links beside a choice only show it or add one; editing or deleting from here would be a mistake.
            field.widget.can_change_related = field.widget.can_delete_related = False
        return field


class ListOfTheDesk(ChangeList):
    """A list whose address may contain days as people type them."""

    def get_filters_params(self, params: Any = None) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = super().get_filters_params(params)
        return {name: [self._as_typed(name, value) for value in values] for name, values in found.items()}

    def _as_typed(self, name: str, value: Any) -> Any:
        """A day as Django reads it; anything else unchanged."""
        column, _separator, lookup = name.partition("__")
        field = next((field for field in self.lookup_opts.concrete_fields if field.name == column), None)
        if not isinstance(field, DateField) or lookup not in OF_A_DAY:
            return value
        try:
            day = typed_values.read_day(value)
        except ValidationError:
            return value
        if isinstance(field, DateTimeField):
            return dt.datetime.combine(day, dt.time.min, dt.UTC).isoformat()
        return day.isoformat()


OF_A_DAY = ("", "exact", "gt", "gte", "lt", "lte")


def say_days(request: HttpRequest, said: Sequence[str]) -> None:
    """Says in words which days were saved, so that a slip is noticed at once."""
    if said:
        messages.info(request, _("Days as they were read: %(days)s.") % {"days": listed(said)})


class BackToItsWhole(admin.ModelAdmin):
    """The admin of a part: after saving, leads back to its whole, or to the list that was filtered by the whole."""

    def its_whole(self, obj: Any) -> Model:
        """By default the event."""
        whole: Model = obj.event
        return whole

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self._back(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self._back(request, obj)

    def _back(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        if request.GET.get(FILTERS):
            return HttpResponseRedirect(list_address(self.model))
        return HttpResponseRedirect(change_address(self.its_whole(obj)))


class DeskPage(PlainFields, admin.ModelAdmin):
    """A change page with tools above its form and panels below it."""

    class Media:
        css = {"all": ["css/desk.css"]}

    change_form_template = "admin/publishing/desk_change_form.html"

    kept_for_another: ClassVar[Sequence[str]] = ()
    """Fields whose saved values are the initial values of the next form after “Save and add another”."""

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        """What can be done with `obj` besides editing it."""
        return []

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        """Tables shown below the form of `obj`."""
        return []

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None and not context.get("is_popup"):
            context.update(tools=self.tools(request, obj), panels=self.panels(request, obj))
        context["onward"] = next_url(request)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ListOfTheDesk

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        self.keep_days(request, form, formsets, add=add)
        return super().construct_change_message(request, form, formsets, add)

    def keep_days(self, request: HttpRequest, form: Any, formsets: Any, *, add: bool) -> None:
        """Stores the days that were typed, for the response; of a new object all of them, of another the changed ones."""
        rows = [row for formset in formsets or () for row in formset.forms if row.has_changed()]
        said = [*days_said(form, changed=not add), *(day for row in rows for day in days_said(row, changed=True))]
        request._days_said = said  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        answer = super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST and isinstance(answer, HttpResponseRedirect):
            answer = HttpResponseRedirect(add_address(self.model, **self.begun_with(obj)))
        return self._told(request, answer)

    def begun_with(self, obj: Any) -> dict[str, str]:
        """The initial values of the next form after `obj` was saved."""
        values = {name: obj._meta.get_field(name).value_from_object(obj) for name in self.kept_for_another}
        return {
            name: ",".join(str(one.pk) for one in value) if isinstance(value, list) else str(value)
            for name, value in values.items()
            if value not in (None, "", [])
        }

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._told(request, super().response_change(request, obj))

    def _told(self, request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        say_days(request, getattr(request, "_days_said", ()))
        return self._led_on(request, answer)

    @staticmethod
    def _led_on(request: HttpRequest, otherwise: HttpResponse) -> HttpResponse:
        """Redirects to the next page that the address names, unless the person chose another button."""
        address = next_url(request) if "_next" in request.POST else ""
        return HttpResponseRedirect(address) if address else otherwise

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Django would redirect to the front page; this keeps the text typed about a row that was deleted meanwhile."""
        if request.method == "POST":
            raise Http404
        answer: HttpResponse = super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        return answer

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """The row that an address names. Raises Http404."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        return row

    def ask(
        self,
        request: HttpRequest,
        obj: Any,
        *,
        title: Any,
        explanation: Any,
        form: forms.BaseForm,
        submit: Sequence[tuple[str, Any]],
        context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A page that asks before something is done; `submit` are its buttons, as (name, label)."""
        return TemplateResponse(
            request,
            "admin/publishing/ask.html",
            {
                **self.admin_site.each_context(request),
                "title": title,
                "subtitle": str(obj),
                "opts": self.opts,
                "original": obj,
                "explanation": explanation,
                "form": form,
                "submit": submit,
                "has_view_permission": True,
                "refused_text": refused_text(request),
                "names_override_reason": said_of_names(request),
                **(context or {}),
            },
        )
