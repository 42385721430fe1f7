"""The pages of events and series."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from events.filters import EventFilters, SeriesFilters
from events.models import (
    DisclosedParticipant,
    Event,
    Organiser,
    Point,
    PublishedContent,
    PublishedDocument,
    Report,
    Series,
)
from events.models.support import PointSupport
from events.points import by_kind
from partnerships.models import Actor, Partnership, Source, Topic
from publishing.bibliography.work import Work
from publishing.database.collation import sort_key
from publishing.languages import page_language
from publishing.pages.detail import DetailPage, title_of, work_of
from publishing.pages.lists import ListPage
from publishing.prefetches import visible_prefetch
from publishing.roles import reads_drafts
from publishing.site_address import absolute

BEFORE_ALL_DATES = dt.date.min
"""Where events with unknown dates stand in a list that begins with the latest."""


def organisers(user: Any) -> Prefetch:
    """The organisers of events, in the order in which they were entered."""
    visible = Organiser.objects.filter(actor__in=Actor.objects.visible_to(user))
    return Prefetch("organisers", visible.select_related("actor").order_by("pk"))


def editions(user: Any) -> QuerySet[Any]:
    """Events in the order of their editions, each with its organisers."""
    return (
        Event.objects.visible_to(user)
        .prefetch_related(organisers(user))
        .order_by(F("edition").asc(nulls_last=True), F("start_date").asc(nulls_last=True), "pk")
    )


class EventList(ListPage):
    model = Event
    template_name = "events/event_list.html"
    section, section_url_name = _("Events"), "events:event_list"
    standfirst = _("Roundtables, dialogues and workshops: what was said, without saying who said it.")
    feed_url_name = "events:event_feed"
    filters_class = EventFilters
    order = ("-sort_date", "-pk")

    def sortable(self) -> Any:
        return super().sortable().annotate(sort_date=Coalesce("start_date", Value(BEFORE_ALL_DATES)))

    def rows(self) -> Any:
        user = self.request.user
        return super().rows().prefetch_related(visible_prefetch("series", Series, user), organisers(user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        series = Series.objects.visible_to(self.request.user).annotate(sort_name=sort_key(page_language()))
        return super().get_context_data(
            today=timezone.now().date(), series_list=series.order_by("sort_name", "pk")[:10], **kwargs
        )


class EventDetail(DetailPage):
    """An event with its reports and their points, which have no page of their own.

    With `cite`, the public id of a report or of a point, the citation names that one, at its anchor in the page.
    """

    model = Event
    template_name = "events/event_detail.html"
    section, section_url_name = _("Events"), "events:event_list"

    def work(self) -> Work | None:
        public_id = self.request.GET.get("cite", "")
        if not public_id:
            return super().work()
        now = timezone.now()
        if not self.object.is_published(at=now):
            return None
        address = absolute(self.request.path, self.request)
        reports: Any = Report.objects.visible_to(None, at=now).filter(event=self.object)
        report = reports.filter(public_id=public_id).select_related("event").first()
        if report is not None:
            return work_of(
                report,
                kind="report",
                type_name=gettext("Report"),
                identifier=report.identifier,
                title=title_of(report),
                address=f"{address}#report-{report.public_id}",
            )
        points: Any = Point.objects.visible_to(None, at=now).filter(report__in=reports, public_id=public_id)
        point = points.select_related("report__event").first()
        if point is None:
            raise Http404(f"nothing to cite as {public_id}")
        return work_of(
            point.report,
            kind="point",
            type_name=point.get_kind_display(),
            identifier=point.public_id,
            title=title_of(point),
            address=f"{address}#point-{point.public_id}",
            caveat=support_in_words(point),
            part_of=title_of(point.report),
        )

    def get_queryset(self) -> QuerySet[Any]:
        user = self.request.user
        points = (
            Point.objects.visible_to(user)
            .select_related("session")
            .prefetch_related(visible_prefetch("topics", Topic, user), visible_prefetch("qualifies", Point, user))
            .order_by("position", "pk")
        )
        reports = (
            Report.objects.visible_to(user)
            .prefetch_related(
                Prefetch("points", points),
                visible_prefetch("source", Source, user),
                visible_prefetch("source__publisher", Actor, user),
            )
            .order_by("pk")
        )
        return Event.objects.visible_to(user).prefetch_related(
            visible_prefetch("series", Series, user),
            visible_prefetch("topics", Topic, user),
            visible_prefetch("partnerships", Partnership, user),
            organisers(user),
            "sessions",
            Prefetch("reports", reports),
            Prefetch(
                "disclosed_participants",
                DisclosedParticipant.objects.select_related("session").in_order(page_language()),
            ),
            Prefetch(
                "published_documents",
                PublishedDocument.objects.visible_to(user).order_by("published_at", "pk"),
                to_attr="documents_shown",
            ),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event, user = self.object, self.request.user
        points = [point for report in event.reports.all() for point in report.points.all()]
        return super().get_context_data(
            today=timezone.now().date(),
            points_by_kind=by_kind(points),
            smallest_group=settings.MAJLIS_SMALLEST_GROUP,
            hides_support=any(point.support is None or point.group_is_too_small for point in points),
            sessions_with_own_rule=[
                session
                for session in event.sessions.all()
                if session.attribution_rule and session.attribution_rule != event.attribution_rule
            ],
            participants_by_session=by_session(event.disclosed_participants.all()),
            recommendations=list(event.recommendations.visible_to(user).with_statuses(user)),
            fulfils=fulfilled_by(event, user),
            **kwargs,
        )


def support_in_words(point: Any) -> str:
    """How widely a point was supported; empty if the group was too small to show it."""
    if point.support is None:
        return ""
    return gettext("support: %(grade)s") % {"grade": PointSupport(point.support).label}


def by_session(participants: Iterable[Any]) -> list[tuple[Any, list[Any]]]:
    """Disclosed participants by session, in the order of the programme; those of the whole event first."""
    groups: dict[Any, list[Any]] = {}
    for participant in participants:
        groups.setdefault(participant.session, []).append(participant)
    return sorted(groups.items(), key=lambda group: (0, 0) if group[0] is None else (1, group[0].position))


@require_safe
def document(request: HttpRequest, identifier: str, public_id: str) -> HttpResponse:
    """A published document, as a download: whatever it contains, no browser runs it under our origin."""
    found = (
        PublishedDocument.objects.visible_to(request.user)
        .select_related("event")
        .filter(event__slug=identifier, public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404(f"document {public_id}")
    headers = {
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="{found.file_name}"',
        "Content-Length": str(found.size),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": f'"{found.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    answer = HttpResponse(content_type=found.media_type, headers=headers)
    # The desk caches nothing, so its requests have no conditions.
    known = None if reads_drafts(request.user) else get_conditional_response(request, headers["ETag"], response=answer)
    if known is not None and known is not answer:
        for name in ("Content-Security-Policy", "Cross-Origin-Resource-Policy"):
            known.headers[name] = headers[name]
        return known
    if request.method == "GET":
        answer.content = bytes(PublishedContent.objects.get(document=found.pk).content)
    return answer


def fulfilled_by(thing: Event | Series, user: Any) -> list[Any]:
    """The recommendations that an event or series has fulfilled.

    The first edition of a series that is held fulfils what the series does.
    """
    fulfilments = apps.get_model("recommendations.Fulfilment").objects.visible_to(user)
    if isinstance(thing, Series):
        realised = fulfilments.filter(series=thing)
    else:
        realising = Q(event=thing) | Q(series=thing.series_id) if is_first_held(thing, user) else Q(event=thing)
        realised = fulfilments.filter(realising)
    found = [fulfilment.recommendation for fulfilment in realised.select_related("recommendation").order_by("pk")]
    return list(dict.fromkeys(found))


def is_first_held(event: Event, user: Any) -> bool:
    """Whether `event` is the first edition of its series that was held, among those that `user` may see."""
    held = editions(user).filter(series=event.series_id, lifecycle=Event.Lifecycle.HELD)
    if event.series_id is None or event.lifecycle != Event.Lifecycle.HELD:
        return False
    first: Event | None = held.prefetch_related(None).first()
    return first == event


class SeriesList(ListPage):
    model = Series
    template_name = "events/series_list.html"
    section, section_url_name = _("Events"), "events:event_list"
    heading = _("Series of events")
    standfirst = _("Events that belong together, edition after edition.")
    filters_class = SeriesFilters
    order = ("sort_name", "slug")

    def sortable(self) -> Any:
        return super().sortable().annotate(sort_name=sort_key(page_language()))

    def rows(self) -> Any:
        user = self.request.user
        return (
            super()
            .rows()
            .prefetch_related(
                visible_prefetch("convenors", Actor, user),
                Prefetch("events", Event.objects.visible_to(user).order_by("pk"), to_attr="editions"),
            )
        )


class SeriesDetail(DetailPage):
    model = Series
    template_name = "events/series_detail.html"
    section, section_url_name = _("Events"), "events:event_list"
    takes_as_of = True

    def get_queryset(self) -> QuerySet[Any]:
        user = self.request.user
        return Series.objects.visible_to(user).prefetch_related(
            visible_prefetch("convenors", Actor, user), Prefetch("events", editions(user), to_attr="editions")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        series, user = self.object, self.request.user
        recommendations = apps.get_model("recommendations.Recommendation").objects.visible_to(user)
        known = recommendations.public_by(self.as_of)
        asked = known.filter(event__in=Event.objects.visible_to(user).filter(series=series))
        return super().get_context_data(
            today=timezone.now().date(),
            state_counts=asked.state_counts(as_of=self.as_of),
            fulfils=fulfilled_by(series, user),
            **kwargs,
        )
