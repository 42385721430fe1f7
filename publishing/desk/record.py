"""Appended records at the desk: added, viewed and corrected by another record, never changed or deleted."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from publishing.acting import Act
from publishing.desk.addresses import add_address, change_address, key_from
from publishing.desk.page import BackToItsWhole, DeskPage, Panel, PanelRow, Tool, request_user
from publishing.desk.saving import FormErrorsMixin, said_of_names
from publishing.records import Record


class RecordAdmin(BackToItsWhole, FormErrorsMixin, DeskPage):
    """The page of one kind of record.

    `subject` is the field that says what a record is about, and `append` the action that appends one: it takes the
    subject, `act`, and the other fields of the form by their names.
    """

    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "as_of"
    actions = None
    subject: ClassVar[str]
    append: ClassVar[Callable[..., Model]]
    corrected: ClassVar[str] = "corrects"
    """The field that names the record that this one corrects; empty if there is none."""

    is_public: ClassVar[bool] = True
    """Whether its texts may become public, so that the action checks them for names."""

    not_repeated: ClassVar[Sequence[str]] = ()
    """Fields whose values are not copied into a correction."""

    def begun_with(self, obj: Any) -> dict[str, str]:
        """The next record is about the same subject."""
        return {self.subject: str(getattr(obj, f"{self.subject}_id"))}

    def rows_with_it(self, formsets: Sequence[Any]) -> dict[str, Any]:
        """Further arguments of the action, from the rows below the form."""
        return {}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fieldsets: list[Any] = list(super().get_fieldsets(request, obj))
        if obj is not None:
            known = {field.name for field in self.opts.fields}
            kept = [name for name in ("by", "recorded_at", "public_id") if name in known]
            fieldsets.append((_("Recorded"), {"fields": kept}))
        return fieldsets

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Does nothing: `save_related` appends the record together with its rows."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        given = dict(form.cleaned_data)
        reason = said_of_names(request) if self.is_public else ""
        act = Act(by=request_user(request), at=timezone.now(), names_override_reason=reason)
        record = type(self).append(given.pop(self.subject), act=act, **given, **self.rows_with_it(formsets))
        form.instance.__dict__.update(record.__dict__)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, dict[str, Any]]]:
        self.keep_days(request, form, formsets, add=add)
        return [{"added": {}}]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """For a correction, the values of the corrected record; otherwise those in the address."""
        given = super().get_changeform_initial_data(request)
        initial: dict[str, Any] = {"as_of": timezone.now().date(), "language": get_language()}
        earlier = self._earlier(request)
        if earlier is not None:
            for field in self.opts.concrete_fields:
                if field.editable and not field.primary_key and field.name not in self.not_repeated:
                    initial[field.name] = getattr(earlier, field.attname)
            initial[self.corrected] = earlier.pk
        return initial | given

    def _earlier(self, request: HttpRequest) -> Any:
        key = key_from(request.GET.get(self.corrected, "")) if self.corrected else None
        return self.get_queryset(request).filter(pk=key).first() if key is not None else None

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == self.corrected:
            kwargs["queryset"] = self._of_the_same(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == self.corrected:
            field.widget.can_add_related = False  # the person corrects an existing record
        return field

    def _of_the_same(self, request: HttpRequest) -> Any:
        """The records that may be corrected: those about the same subject."""
        given = request.POST.get(self.subject) or request.GET.get(self.subject) or ""
        earlier = self._earlier(request)
        if earlier is not None and not given:
            given = str(getattr(earlier, f"{self.subject}_id"))
        records = self.get_queryset(request)
        related = self.list_select_related
        if isinstance(related, list | tuple) and related:
            records = records.select_related(*related)
        key = key_from(given)
        return records.filter(**{self.subject: key}) if key is not None else records.none()

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        if not self.corrected or not self.has_add_permission(request):
            return []
        return [Tool(_("Correct this"), correction_address(obj, self.subject))]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Shows beside a new record what it is about, and its earlier records."""
        page = self._page_of_the_subject()
        subject = self._subject_chosen(request, page) if add and page is not None else None
        if page is not None and subject is not None and not context.get("is_popup"):
            context.update(subtitle=str(subject), panels=page.panels(request, subject))
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def _page_of_the_subject(self) -> DeskPage | None:
        model: Any = self.opts.get_field(self.subject).related_model
        page = self.admin_site.get_model_admin(model) if self.admin_site.is_registered(model) else None
        return page if isinstance(page, DeskPage) else None

    def _subject_chosen(self, request: HttpRequest, page: DeskPage) -> Any:
        key = key_from(request.POST.get(self.subject) or request.GET.get(self.subject) or "")
        return page.get_queryset(request).filter(pk=key).first() if key is not None else None

    def its_whole(self, obj: Any) -> Model:
        whole: Model = getattr(obj, self.subject)
        return whole


def correction_address(record: Any, subject: str) -> str:
    """Where a record that corrects `record` is written."""
    return add_address(type(record), **{subject: getattr(record, f"{subject}_id"), "corrects": record.pk})


def records_panel(
    *,
    title: Any,
    records: Iterable[Record],
    columns: Sequence[tuple[Any, Any]],
    subject: str,
    may_add: bool,
    tools: Sequence[Tool],
    empty: Any,
) -> Panel:
    """A panel of records, the latest first; `columns` are pairs of a heading and the function that gives a cell."""
    found: list[Any] = list(records)
    corrected = {record.corrects_id for record in found}
    rows = [
        PanelRow(
            cells=[
                date_format(record.as_of, "DATE_FORMAT"),
                *(cell(record) for _heading, cell in columns),
                record.by.get_username(),
                date_format(timezone.localtime(record.recorded_at), "DATETIME_FORMAT"),
            ],
            tools=[
                Tool(_("View"), change_address(record)),
                *(
                    [Tool(_("Correct"), correction_address(record, subject))]
                    if may_add and record.pk not in corrected
                    else []
                ),
            ],
            struck=record.pk in corrected,
        )
        for record in found
    ]
    return Panel(
        title=title,
        columns=[_("as of"), *(heading for heading, _cell in columns), _("by"), _("recorded at")],
        rows=rows,
        tools=tools if may_add else (),
        empty=empty,
    )
