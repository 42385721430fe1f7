from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from partnerships import actions
from partnerships.models import ArchivedCopy, Source
from partnerships.models.archived_copy import FAILING, with_last_word
from publishing import refusals
from publishing.acting import Act
from publishing.database.clean_text import CleanForm
from publishing.desk.fields import READ_AS_TYPED
from publishing.desk.languages import texts_searched
from publishing.desk.page import Panel, PanelRow, Tool, request_user
from publishing.desk.publication import PublicationAdmin
from publishing.desk.saving import show_refusal

MAX_COPIES_SHOWN = 12
"""How many records of a source are shown; the rest are older than a year."""


class AddressFilter(admin.SimpleListFilter):
    """Filters by the state of the address, and by whether there is a copy in case it disappears."""

    title = _("address and copy")
    parameter_name = "address"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("gone", _("No longer answers")),
            ("failing", _("Did not answer lately")),
            ("lost", _("No longer answers, and no copy")),
            ("copy", _("Copy kept")),
            ("no_copy", _("Address without a copy")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "gone":
                return queryset.filter(gone_since__isnull=False)
            case "failing":
                return with_last_word(queryset).filter(last_outcome__in=FAILING, last_url=models.F("url"))
            case "lost":
                return queryset.filter(gone_since__isnull=False, archived_sha256="")
            case "copy":
                return queryset.exclude(archived_sha256="")
            case "no_copy":
                return queryset.filter(archived_sha256="").exclude(url="")
        return queryset


class UploadForm(CleanForm, forms.Form):
    """A copy that somebody saved by hand."""

    file = forms.FileField(
        label=_("Copy"),
        help_text=_("A page, PDF, plain text or picture, at most 20 MB. Kept as it is, for the desk alone."),
    )


@admin.register(Source)
class SourceAdmin(PublicationAdmin):
    texts = ("title", "note")
    about = (
        (
            _("Source"),
            {
                "fields": [
                    "publisher",
                    "publisher_name",
                    "author_name",
                    ("date", "source_language"),
                    "url",
                    "accessed_date",
                ]
            },
        ),
        (_("Archived copy"), {"fields": ["gone_since", "archived_date", "archived_sha256"]}),
    )
    list_display = ("title", "published_by", "date", "source_language", "cited", "reached")
    list_filter = ("source_language", AddressFilter)
    list_select_related = ("publisher",)
    search_fields = (*texts_searched("title", "publisher__name"), "publisher_name", "author_name", "url", "key")
    autocomplete_fields = ("publisher",)
    readonly_fields = ("gone_since", "archived_date", "archived_sha256")
    permanent = ("key",)
    formfield_overrides = {**READ_AS_TYPED, models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(times_cited=models.Count("partnerships_citations"))

    @admin.display(description=_("publisher"), ordering="publisher_name")
    def published_by(self, source: Source) -> str:
        return source.published_by or "–"

    @admin.display(description=_("citations"), ordering="times_cited")
    def cited(self, source: Any) -> int:
        return int(source.times_cited)

    @admin.display(description=_("address and copy"), ordering="gone_since")
    def reached(self, source: Source) -> str:
        said: list[Any] = []
        if source.gone_since is not None:
            day = date_format(source.gone_since, "DATE_FORMAT")
            said.append(_("no answer since %(day)s") % {"day": day})
        if source.archived_date is not None:
            day = date_format(source.archived_date, "DATE_FORMAT")
            said.append(_("copy of %(day)s") % {"day": day})
        elif source.url:
            said.append(_("no copy"))
        return "; ".join(map(str, said)) or "–"

    # Copies

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        own = super().tools(request, obj)
        if not self._keeps_copies(request):
            return own
        if obj.url:
            own.append(Tool(_("Fetch a copy"), reverse("admin:partnerships_source_fetch", args=[obj.pk]), post=True))
        return [*own, Tool(_("Upload a copy"), reverse("admin:partnerships_source_upload", args=[obj.pk]))]

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        copies: list[ArchivedCopy] = list(obj.copies.select_related("by").latest_first()[:MAX_COPIES_SHOWN])
        return [
            *super().panels(request, obj),
            Panel(
                title=_("Copies, and what the address answered"),
                columns=[_("when"), _("outcome"), _("reason"), _("media type"), _("bytes"), "SHA-256", _("by")],
                rows=[self._row(copy) for copy in copies],
                empty=_("Nobody has asked yet. What is cited is fetched by itself, and asked again each month."),
            ),
        ]

    def _row(self, copy: ArchivedCopy) -> PanelRow:
        reason = copy.get_reason_display() or (_("uploaded by hand") if not copy.url else "")
        if copy.http_status not in (None, 200):
            reason = f"{reason} (HTTP {copy.http_status})"
        kept = copy.outcome == ArchivedCopy.Outcome.KEPT
        return PanelRow(
            cells=[
                date_format(timezone.localtime(copy.recorded_at), "DATETIME_FORMAT"),
                copy.get_outcome_display(),
                reason,
                copy.media_type,
                "" if copy.size is None else f"{copy.size:,}".replace(",", "\N{NARROW NO-BREAK SPACE}"),
                f"{copy.sha256[:16]}…" if copy.sha256 else "",
                copy.by.get_username() if copy.by else _("the background"),
            ],
            tools=[Tool(_("Download"), reverse("admin:partnerships_source_copy", args=[copy.source_id, copy.pk]))]
            if kept
            else [],
        )

    def _keeps_copies(self, request: HttpRequest) -> bool:
        """Also for withdrawn sources, which cannot be edited any more."""
        return super(PublicationAdmin, self).has_change_permission(request)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:object_id>/fetch/", view(self.fetch_view), name="partnerships_source_fetch"),
            path("<int:object_id>/upload/", view(self.upload_view), name="partnerships_source_upload"),
            path("<int:object_id>/copies/<int:id>/", view(self.copy_view), name="partnerships_source_copy"),
            *super().get_urls(),
        ]

    def fetch_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        source = self._kept(request, object_id)
        back = HttpResponseRedirect(reverse("admin:partnerships_source_change", args=[object_id]))
        if request.method != "POST":
            return back
        try:
            asked = actions.ask_for_copy(source, act=Act(by=request_user(request), at=timezone.now()))
        except refusals.Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
            return back
        if asked:
            messages.success(request, _("A copy is being fetched. What came of it will stand below in a minute."))
        else:
            messages.info(request, _("A copy is being fetched already."))
        return back

    def upload_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        source = self._kept(request, object_id)
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_bound and form.is_valid():
            try:
                copy = actions.keep_upload(
                    source,
                    content=form.cleaned_data["file"].read(),
                    act=Act(by=request_user(request), at=timezone.now()),
                )
            except refusals.REFUSALS as refusal:
                show_refusal(request, form, refusal)
            else:
                self.log_change(request, source, str(_("Upload a copy")))
                messages.success(request, _("The copy is kept; its SHA-256 is %(sha256)s.") % {"sha256": copy.sha256})
                return HttpResponseRedirect(reverse("admin:partnerships_source_change", args=[object_id]))
        return self.ask(
            request,
            source,
            title=_("Upload a copy"),
            explanation=_(
                "For what cannot be fetched: what is paid for, or is not on the web. The public is told its SHA-256 and its day."
            ),
            form=form,
            submit=[("", _("Keep it"))],
        )

    def copy_view(self, request: HttpRequest, object_id: int, id: int) -> HttpResponse:
        """The bytes, as a download: a stranger wrote them, so a browser must not run them."""
        source = self.found(request, str(object_id))
        if not self.has_view_permission(request, source):
            raise PermissionDenied
        copy: Any = ArchivedCopy.objects.select_related("source", "bytes").filter(source=source, pk=id).first()
        if copy is None or copy.outcome != ArchivedCopy.Outcome.KEPT:
            raise Http404
        response = HttpResponse(bytes(copy.bytes.content), content_type="application/octet-stream")
        response.headers["Content-Disposition"] = f'attachment; filename="{copy.file_name}"'
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def _kept(self, request: HttpRequest, object_id: int) -> Source:
        source: Source = self.found(request, str(object_id))
        if not self._keeps_copies(request):
            raise PermissionDenied
        return source
