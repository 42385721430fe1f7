"""How pages of the desk lead through the queue: its filters in an address, and the next item."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.desk.addresses import key_from, with_next
from publishing.desk.page import request_user
from recommendations import queue
from recommendations.queue import Narrowed, Place, QueueItem, QueueKind

MAY_RECORD = "recommendations.add_statusentry"


def narrowed_by(request: HttpRequest) -> Narrowed:
    """The filters of the queue in an address; unreadable values are ignored."""
    asked = request.GET
    kind = asked.get("kind", "")
    return Narrowed(
        kind=QueueKind(kind) if kind in QueueKind.values else None,
        mine=asked.get("mine") == "1",
        series=key_from(asked.get("series", "")),
        partner=key_from(asked.get("partner", "")),
    )


def asked_with(narrowed: Narrowed, **more: object) -> str:
    """A query string with the same filters, beginning with “?”; empty without filters."""
    said = {
        "kind": narrowed.kind.value if narrowed.kind else None,
        "mine": "1" if narrowed.mine else None,
        "series": narrowed.series,
        "partner": narrowed.partner,
        **more,
    }
    given = {name: value for name, value in said.items() if value not in (None, "")}
    return f"?{urlencode(given)}" if given else ""


def address_in_queue(item: QueueItem, narrowed: Narrowed) -> str:
    """The page on which one handles `item`, with a link to the next item of the filtered queue."""
    asked = asked_with(narrowed, place=item.place)
    if item.claim is None and item.source is None:
        return item.url + asked
    return with_next(item.url, reverse("admin:queue_next") + asked)


def put_off_address(what: Any) -> str:
    """The page on which `what`, an item of the queue, is postponed."""
    return reverse("admin:queue_put_off", args=[what._meta.model_name, what.pk])


def go_on(request: HttpRequest, *, otherwise: str) -> HttpResponse:
    """Redirects to the next item of the queue that the person works through, or back to where they came from."""
    if "_next" in request.POST:
        return to_next_item(request)
    is_from_queue = Place.read(request.GET.get("place", "")) is not None
    back = reverse("admin:queue") + asked_with(narrowed_by(request))
    return HttpResponseRedirect(back if is_from_queue else otherwise)


def to_next_item(request: HttpRequest) -> HttpResponse:
    """Redirects to the item after the `?place=` of the address, or to the queue with a message that there is none."""
    narrowed, place = narrowed_by(request), Place.read(request.GET.get("place", ""))
    following = queue.items(request_user(request), on=today(), narrowed=narrowed, after=place, number=1)
    if following:
        return HttpResponseRedirect(address_in_queue(following[0], narrowed))
    messages.info(request, _("That was the last item of this list."))
    return HttpResponseRedirect(reverse("admin:queue") + asked_with(narrowed))


def today() -> dt.date:
    return timezone.now().date()
