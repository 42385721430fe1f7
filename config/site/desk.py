"""The staff desk as a whole: its order, its front page with the waiting items, and its autocompletes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Count, DateField, DateTimeField, Field, Model, Q
from django.db.models.constants import LOOKUP_SEP
from django.db.models.fields.related import ForeignObject
from django.forms.utils import to_current_timezone
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import Document, Event, Point, Report, Series
from partnerships.models import Actor, Claim, Partnership, Source, Topic
from publishing.database.clean_text import CleanForm
from publishing.desk.addresses import at_the_desk, change_address, key_from, list_address
from publishing.desk.fields import READ_AS_TYPED
from publishing.desk.sent_forms import recorded_once
from publishing.form_fields import DAY, read_in_words
from publishing.publication import Publication, PublicationState
from publishing.roles import reads_drafts
from recommendations.actions.digest import choose
from recommendations.forms import DigestChoiceForm
from recommendations.models import DigestChoice, Letter, Recommendation

log = structlog.get_logger(__name__)

PUBLICATIONS: tuple[type[Publication], ...] = (
    Recommendation,
    Claim,
    Partnership,
    Report,
    Event,
    Series,
    Actor,
    Source,
    Topic,
)
"""In the order of urgency of their reviews."""

DESK_ORDER = {
    "partnerships": ("Partnership", "Instrument", "Claim", "Source", "Actor", "Topic"),
    "events": (
        "Event",
        "Series",
        "Report",
        "Point",
        "Participant",
        "GroupSize",
        "Document",
        "PublicName",
        "NameRefusal",
        "Viewing",
    ),
    "recommendations": ("Recommendation", "Response", "StatusEntry", "Submission", "Letter"),
    "auth": ("User", "Group"),
}
"""The order of the desk's pages; models that are not listed follow by name."""

MAX_DAY_LENGTH = 100
"""The longest text that is read in a field for days; no day is longer."""

FILES: dict[str, tuple[type[Model], str]] = {"documents": (Document, "file")}
"""The model of an uploaded file, by the folder in its name."""


@dataclass(frozen=True, slots=True)
class WaitingList:
    """A list of items that wait for somebody at the desk."""

    label: Any
    number: int
    address: str


class LabelledAutocomplete(AutocompleteJsonView):
    """Shows the state of a publication that is not public, because choosing it has consequences."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        result = super().serialize_result(obj, to_field_name)
        if isinstance(obj, Publication) and obj.state != PublicationState.PUBLISHED:
            result["text"] = f"{result['text']} ({obj.get_state_display()})"
        return result


class SignInForm(CleanForm, AdminAuthenticationForm):
    """Logs the account of a failed sign-in."""

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError:
            typed = self.cleaned_data.get("username", "")
            # A name without an account may be a password that was typed into the wrong field.
            known = User.objects.filter(username=typed).exists()
            log.warning("sign_in_failed", account=typed if known else None)
            raise


LOOKUPS = frozenset({"exact", "in", "isnull", "gt", "gte", "lt", "lte", "year", "month", "day"})
"""The lookups of our list filters. Django's other lookups take values that an address cannot contain."""

PARTS_OF_DAYS = ("year", "month", "day")
PART_OF_A_DAY = re.compile("[1-9][0-9]{0,3}")

KINDS_OF_FIELDS: tuple[Any, ...] = (Field, DateField, ForeignObject)
OTHER_LOOKUPS = {name for kind in KINDS_OF_FIELDS for name in kind.get_lookups()} - LOOKUPS


class ReadsItsAddress(admin.ModelAdmin):
    """Ignores or refuses what cannot be read in the address of an admin page.

    A list accepts only the lookups of its own filters: `name__range=x` would be an error of the database. Initial
    values of a form must be valid moments, and selected rows must be rows of the list.
    """

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        last = lookup.rpartition(LOOKUP_SEP)[2]
        if last in OTHER_LOOKUPS or (last in PARTS_OF_DAYS and not PART_OF_A_DAY.fullmatch(str(value))):
            return False
        return super().lookup_allowed(lookup, value, request)

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any) -> HttpResponse | None:
        if any(key_from(key) is None for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("a selected row has no such key")
        return super().response_action(request, queryset, *args, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        for field in self.opts.concrete_fields:
            if isinstance(field, DateTimeField) and field.name in given:
                try:
                    given[field.name] = to_current_timezone(field.to_python(given[field.name]))
                except (ValidationError, OverflowError):
                    del given[field.name]
        return given


class Desk(admin.AdminSite):
    login_form = SignInForm
    site_header = _("Majlis desk")
    site_title = _("Majlis desk")
    index_title = _("What waits, and everything there is")
    index_template = "admin/desk.html"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Registers a page of any app, also Django's own, with ReadsItsAddress and our form fields."""
        page = admin_class or admin.ModelAdmin
        if not page.formfield_overrides:
            options.setdefault("formfield_overrides", READ_AS_TYPED)
        super().register(model_or_iterable, type(page.__name__, (ReadsItsAddress, page), {}), **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wraps every page of the desk: a form that is sent to it is recorded once."""
        return super().admin_view(recorded_once(self, view), cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirects only to a page of the desk, whatever address the login link names."""
        for name in ("GET", "POST"):
            given = getattr(request, name).copy()
            if not at_the_desk(given.get(REDIRECT_FIELD_NAME, "")):
                given.pop(REDIRECT_FIELD_NAME, None)
                setattr(request, name, given)
        return super().login(request, extra_context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        found = {app["app_label"]: app for app in super().get_app_list(request, app_label)}
        if "partnerships" in found and "publishing" in found:  # the feed of changes needs no heading of its own
            found["partnerships"]["models"] += found.pop("publishing")["models"]
        apps: list[Any] = list(found.values())
        for app in apps:
            app["models"].sort(key=lambda model: _place(DESK_ORDER.get(app["app_label"], ()), model["object_name"]))
        return sorted(apps, key=lambda app: _place(tuple(DESK_ORDER), app["app_label"]))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        waiting = [one for one in self.waiting(request) if one.number] if reads_drafts(request.user) else []
        return super().index(request, {"waiting": waiting, **self.queued(request), **(extra_context or {})})

    def queued(self, request: HttpRequest) -> dict[str, Any]:
        """The first items of the queue, and their number, for those who record."""
        from recommendations.admin.queue import first_items

        return first_items(request)

    def waiting(self, request: HttpRequest) -> Iterable[WaitingList]:
        """What waits for a review, a decision, a second person, or this person."""
        stand = [(model, *_in_review_and_drafts_of(request.user, model)) for model in PUBLICATIONS]
        yield from (
            WaitingList(
                _("%(kind)s in review") % {"kind": _kind(model, number)},
                number,
                list_address(model, state__exact=PublicationState.IN_REVIEW),
            )
            for model, number, _drafts in stand
        )
        number = Letter.objects.waiting().count()
        yield WaitingList(
            ngettext("letter to decide on", "letters to decide on", number),
            number,
            list_address(Letter, state__exact=Letter.State.DRAFT),
        )
        number = Point.objects.uncleared().count()
        yield WaitingList(
            ngettext("single voice to clear", "single voices to clear", number),
            number,
            list_address(Point, clearance="needed"),
        )
        number = Point.objects.to_decide().count()
        yield WaitingList(
            ngettext("rewording to decide", "rewordings to decide", number),
            number,
            list_address(Point, clearance="rewording"),
        )
        yield from (
            WaitingList(
                _("%(kind)s: your drafts") % {"kind": _kind(model, number)},
                number,
                list_address(model, state__exact=PublicationState.DRAFT, author__id__exact=request.user.pk),
            )
            for model, _reviews, number in stand
        )

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """All items of the queue, page by page."""
        from recommendations.admin.queue import queue_page  # its package registers pages with this site

        return queue_page(request, self)

    def queue_next_view(self, request: HttpRequest) -> HttpResponse:
        """Redirects to the item of the queue after the given one."""
        from recommendations.admin.queue import next_page

        return next_page(request)

    def put_off_view(self, request: HttpRequest, what: str, key: int) -> HttpResponse:
        """The form that postpones an item of the queue."""
        from recommendations.admin.queue import put_off_page

        return put_off_page(request, self, what, key)

    def get_urls(self) -> list[Any]:
        return [
            path("queue/", self.admin_view(self.queue_view), name="queue"),
            path("queue/next/", self.admin_view(self.queue_next_view), name="queue_next"),
            path("queue/put-off/<slug:what>/<int:key>/", self.admin_view(self.put_off_view), name="queue_put_off"),
            path("files/<path:name>", self.admin_view(self.file_view), name="file"),
            path("reminders/", self.admin_view(self.reminders_view), name="reminders"),
            # Replaces Django's own view, which redirects any staff to the address of any row.
            path("r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.on_site_view), name="view_on_site"),
            path("in-words/", self.admin_view(self.in_words_view), name="in_words"),
            *super().get_urls(),
        ]

    def in_words_view(self, request: HttpRequest) -> HttpResponse:
        """How `?text=` in a field for days is read, in words; empty if it cannot be read."""
        text, kind = request.GET.get("text", ""), request.GET.get("kind", DAY)
        return HttpResponse(read_in_words(text[:MAX_DAY_LENGTH], kind=kind), content_type="text/plain; charset=utf-8")

    def reminders_view(self, request: HttpRequest) -> HttpResponseBase:
        """The form in which a person subscribes to the daily digest and chooses its language."""
        user: Any = request.user
        choice = DigestChoice.objects.filter(user=user).first() or DigestChoice(user=user)
        form = DigestChoiceForm(request.POST if request.method == "POST" else None, instance=choice)
        if form.is_bound and form.is_valid():
            choose(user, **{name: form.cleaned_data[name] for name in form.fields})
            messages.success(request, _("Your choice is kept."))
            return HttpResponseRedirect(request.path)
        context = {**self.each_context(request), "title": _("Reminders"), "form": form}
        return TemplateResponse(request, "admin/reminders.html", context)

    def file_view(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """Serves an uploaded file to those who may see the row that it belongs to."""
        model, field = FILES.get(name.partition("/")[0], (None, ""))
        row: Any = model._default_manager.filter(**{field: name}).first() if model and "\0" not in name else None
        if model is None or row is None or not self.get_model_admin(model).has_view_permission(request, row):
            raise Http404
        try:
            file = getattr(row, field).open("rb")
        except OSError:
            context = {**self.each_context(request), "title": _("The file is gone"), "address": change_address(row)}
            return TemplateResponse(request, "admin/file_is_gone.html", context, status=HTTPStatus.NOT_FOUND)
        return FileResponse(
            file,
            as_attachment=True,
            filename=name.rpartition("/")[2],
            content_type="application/octet-stream",  # whatever the file contains, no browser shows it under our origin
        )

    def on_site_view(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """Redirects from a row to its public page, for those who may see the row at the desk."""
        kind = ContentType.objects.filter(pk=key_from(content_type_id) or 0).first()
        model = kind.model_class() if kind is not None else None
        page = self._registry.get(model) if model is not None else None
        row = page.get_object(request, unquote(object_id)) if page is not None else None
        if page is None or row is None or not page.has_view_permission(request, row):
            raise Http404
        if callable(page.view_on_site):
            address = page.view_on_site(row)
        else:
            address = row.get_absolute_url() if hasattr(row, "get_absolute_url") else None
        if not address:
            raise Http404
        return HttpResponseRedirect(address)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return LabelledAutocomplete.as_view(admin_site=self)(request)


def _in_review_and_drafts_of(user: Any, model: type[Publication]) -> tuple[int, int]:
    counts = model._default_manager.aggregate(
        in_review=Count("pk", filter=Q(state=PublicationState.IN_REVIEW)),
        drafts=Count("pk", filter=Q(state=PublicationState.DRAFT, author=user)),
    )
    return counts["in_review"], counts["drafts"]


def _kind(model: type[Publication], number: int) -> str:
    return str(model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural)


def _place(order: tuple[str, ...], name: str) -> tuple[int, str]:
    return (order.index(name) if name in order else len(order), name)
