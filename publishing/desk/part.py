"""Parts of publications: rows in the form of the whole, or pages of their own if they have parts themselves.

Who may edit the whole may edit its parts. A part of something public changes only with a new version of the whole and
its public note.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from publishing import actions
from publishing.desk.addresses import change_address
from publishing.desk.forms import PublicationForm
from publishing.desk.languages import TranslatedFieldsMixin, TranslatedRowsMixin
from publishing.desk.page import BackToItsWhole, DeskPage, is_form_sent, request_user
from publishing.desk.publication import DRAFT, IN_REVIEW, PUBLISHED, is_opened_to_edits, saving_fieldset
from publishing.desk.saving import FormErrorsMixin, FormSetErrorsMixin, said_of_names
from publishing.publication import Publication


class PartRows(FormSetErrorsMixin):
    """Inline rows with the permissions of the whole."""

    extra = 0

    def _may_edit_whole(self, request: HttpRequest, whole: Any) -> bool:
        page = self.admin_site.get_model_admin(self.parent_model)
        return page.has_add_permission(request) if whole is None else page.has_change_permission(request, whole)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_edit_whole(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_edit_whole(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_edit_whole(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.get_model_admin(self.parent_model).has_view_permission(request, obj)


class PartTable(PartRows, TranslatedRowsMixin, admin.TabularInline):
    """Parts in a table; its columns say what each row is."""

    classes = ("part-table",)
    rows_of_texts = 2


class PartStack(PartRows, TranslatedFieldsMixin, admin.StackedInline):
    """Parts one below the other."""


class LinkedParts(PartTable):
    """Parts that have a page of their own: here they are listed, reordered and removed, but not added."""

    max_num = 0
    readonly_fields: ClassVar[Any] = ("open",)

    @admin.display(description="")
    def open(self, row: Any) -> str:
        """A link to the page of the row."""
        return format_html('<a href="{}" dir="auto">{}</a>', change_address(row), Truncator(str(row)).chars(110))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PartAdmin(BackToItsWhole, FormErrorsMixin, TranslatedFieldsMixin, DeskPage):
    """The page of a part; `whole` is the path of attributes that leads to its publication."""

    form = PublicationForm
    list_per_page = 50
    show_full_result_count = False
    whole: ClassVar[str]
    actions: Any = None

    def begun_with(self, obj: Any) -> dict[str, str]:
        """The next part belongs to the same whole."""
        name = self.whole.split("__")[0]
        return {name: str(getattr(obj, f"{name}_id")), **super().begun_with(obj)}

    def whole_of(self, part: Any) -> Publication | None:
        """The publication that `part` belongs to; None while it is not chosen."""
        thing = part
        for step in self.whole.split("__"):
            thing = getattr(thing, step, None)
        return thing

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A part cannot move to another whole."""
        own = super().get_readonly_fields(request, obj)
        return own if obj is None else (*own, self.whole.split("__")[0])

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fieldsets: list[Any] = list(super().get_fieldsets(request, obj))
        if obj is None:
            # The whole is chosen in this form, and may be public.
            note = saving_fieldset(is_public=True)
            return [*fieldsets, (_("If it is part of something public"), note[1])]
        if self.has_change_permission(request, obj):
            whole: Any = self.whole_of(obj)
            fieldsets.append(saving_fieldset(is_public=whole.state == PUBLISHED or "what_changed" in request.POST))
        return fieldsets

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, labels=self.labels(), **kwargs)
        form.parts = [
            (
                inline.model,
                inline.fk_name
                or next(field.name for field in inline.model._meta.fields if field.related_model is self.model),
            )
            for inline in self.get_inlines(request, obj)
        ]
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Does nothing: `save_related` saves it as a change of the whole."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        save_rows = super().save_related
        part = form.instance
        whole = self.whole_of(part)
        assert whole is not None

        def save() -> None:
            part.save()
            save_rows(request, form, formsets, change)

        if whole.state != PUBLISHED:
            actions.save_draft(whole, by=request_user(request))
            save()
        elif form.has_changed() or any(formset.has_changed() for formset in formsets):
            actions.revise(
                whole,
                by=request_user(request),
                note=form.cleaned_data.get("what_changed", ""),
                parts=save,
                names_override_reason=said_of_names(request),
            )
        else:
            save_rows(request, form, formsets, change)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or is_opened_to_edits(self.whole_of(obj)) or is_form_sent(request)  # type: ignore[arg-type]
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A part of something public is removed on the page of the whole, which asks for the note."""
        whole = self.whole_of(obj) if obj is not None else None
        return super().has_delete_permission(request, obj) and (whole is None or whole.state in {DRAFT, IN_REVIEW})

    @admin.display(description=_("part of"))
    def whole_link(self, part: Any) -> str:
        whole = self.whole_of(part)
        return format_html('<a href="{}">{}</a>', change_address(whole), whole) if whole is not None else "–"

    def its_whole(self, obj: Any) -> Any:
        return self.whole_of(obj)


class PartOffTheIndex(PartAdmin):
    """A part that is reached only from its whole."""

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return {}
