"""My queue: the list of what needs the desk, its beginning on the front page, and postponing."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Series
from partnerships.models import Actor
from publishing.acting import Act
from publishing.desk.addresses import change_address
from publishing.desk.page import request_user, say_days
from publishing.desk.saving import show_refusal
from publishing.form_fields import days_said
from publishing.refusals import REFUSALS
from recommendations import actions, queue
from recommendations.admin.in_queue import (
    MAY_RECORD,
    address_in_queue,
    asked_with,
    go_on,
    narrowed_by,
    put_off_address,
    to_next_item,
    today,
)
from recommendations.models import Addressee, Snooze
from recommendations.models.snooze import PUT_OFF
from recommendations.queue import Narrowed, Place
from recommendations.update_form import SnoozeForm

PER_PAGE = 50
ON_THE_FRONT_PAGE = 5
OFFERED = 100
"""How many options a filter offers at most; the address may name any other as well."""


ADDRESSED = Addressee.objects.filter(actor=OuterRef("pk"))


def first_items(request: HttpRequest) -> dict[str, Any]:
    """The part of the queue on the desk's front page; empty for those who record nothing."""
    if not request.user.has_perm(MAY_RECORD):
        return {}
    by, on = request_user(request), today()
    counts = queue.counts(by, on=on)
    items = queue.items(by, on=on, number=ON_THE_FRONT_PAGE) if counts else []
    return {
        "queue_address": reverse("admin:queue"),
        "queue_kinds": kinds(counts, Narrowed()),
        "queue_items": [(item, address_in_queue(item, Narrowed())) for item in items],
    }


def kinds(counts: list[queue.Count], narrowed: Narrowed) -> list[dict[str, Any]]:
    """Each kind with its number of items, and the address of its list."""
    return [
        {
            "kind": count.kind,
            "number": f"{count.number}+" if count.is_more else str(count.number),
            "address": reverse("admin:queue") + asked_with(Narrowed(count.kind, *_rest(narrowed))),
            "is_chosen": narrowed.kind == count.kind,
        }
        for count in counts
    ]


def _rest(narrowed: Narrowed) -> tuple[bool, int | None, int | None]:
    return narrowed.mine, narrowed.series, narrowed.partner


def offered(rows: QuerySet[Any], chosen: int | None) -> dict[str, Any]:
    """The options of a filter from `rows`: the first by name and the chosen one, and whether there are more."""
    first = list(rows.order_by("name", "pk")[: OFFERED + 1])
    shown = first[:OFFERED]
    if chosen is not None and all(row.pk != chosen for row in shown):
        shown += rows.filter(pk=chosen)
    return {"rows": shown, "is_more": len(first) > OFFERED}


def queue_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The whole queue, filtered by `?kind=`, `?mine=1`, `?series=` and `?partner=`, from the place `?after=` on."""
    if not request.user.has_perm(MAY_RECORD):
        raise PermissionDenied
    by, on, narrowed = request_user(request), today(), narrowed_by(request)
    after = Place.read(request.GET.get("after", ""))
    found = queue.items(by, on=on, narrowed=narrowed, after=after, number=PER_PAGE + 1)
    items = found[:PER_PAGE]
    every = Narrowed(None, *_rest(narrowed))
    return TemplateResponse(
        request,
        "admin/queue.html",
        {
            **site.each_context(request),
            "title": _("My queue"),
            "items": [(item, address_in_queue(item, narrowed), _put_off(item, narrowed)) for item in items],
            "kinds": kinds(queue.counts(by, on=on, narrowed=every), narrowed),
            "every_address": reverse("admin:queue") + asked_with(every),
            "narrowed": narrowed,
            "all_series": offered(Series.objects.all(), narrowed.series),
            "partners": offered(Actor.objects.filter(Exists(ADDRESSED)), narrowed.partner),
            "first_address": reverse("admin:queue") + asked_with(narrowed) if after else "",
            "next_address": (
                reverse("admin:queue") + asked_with(narrowed, after=items[-1].place) if len(found) > PER_PAGE else ""
            ),
        },
    )


def _put_off(item: queue.QueueItem, narrowed: Narrowed) -> str:
    return put_off_address(item.what) + asked_with(narrowed, place=item.place)


def next_page(request: HttpRequest) -> HttpResponse:
    """Redirects to the item after the `?place=` of the address."""
    if not request.user.has_perm(MAY_RECORD):
        raise PermissionDenied
    return to_next_item(request)


def put_off_page(request: HttpRequest, site: AdminSite, what: str, key: int) -> HttpResponse:
    """Asks until when an item of the queue can wait, and why."""
    if what not in PUT_OFF:
        raise Http404
    model: Any = Snooze._meta.get_field(what).related_model
    page: Any = site.get_model_admin(model)
    thing = page.found(request, str(key))
    if not request.user.has_perm(MAY_RECORD):
        raise PermissionDenied
    form = SnoozeForm(request.POST if request.method == "POST" else None)
    form.fields["until"].widget.attrs["autofocus"] = True
    if request.method == "POST" and form.is_valid():
        try:
            actions.snooze(thing, act=Act(by=request_user(request), at=timezone.now()), **form.cleaned_data)
        except REFUSALS as refusal:
            show_refusal(request, form, refusal)
        else:
            messages.success(request, _("It is put off."))
            say_days(request, days_said(form))
            return go_on(request, otherwise=change_address(thing))
    is_from_queue = Place.read(request.GET.get("place", "")) is not None
    answer: HttpResponse = page.ask(
        request,
        thing,
        title=_("Put off"),
        explanation=_(
            "It leaves the queue of everybody at the desk, and comes back on its day or as soon as something "
            "new is recorded on it."
        ),
        form=form,
        submit=[
            *([("_next", _("Put off and next"))] if is_from_queue else []),
            ("_save", _("Put off")),
        ],
    )
    return answer
