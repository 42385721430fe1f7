"""What a reader may see of this app, loaded with everything that its serializers show."""

from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Prefetch, QuerySet

from events.models import DisclosedParticipant, Event, Organiser, Point, PublishedDocument, Report, Series, Session
from events.models.participant import DisclosedParticipantQuerySet
from partnerships.api.querysets import named_partnerships, named_topics
from partnerships.models import Actor, Source
from publishing.api.reader import Reader
from publishing.languages import page_language


def editions(reader: Reader) -> QuerySet[Any]:
    """The events of a series, the first edition first, with `states_of_recommendations`."""
    recommendations: Any = reader.visible(apps.get_model("recommendations.Recommendation"))
    on = reader.as_of or reader.now.date()
    of_the_event = recommendations.filter(event=OuterRef("pk")).knowing_rollup(as_of=reader.as_of, on=on).order_by()
    states = of_the_event.annotate(rolled_up=F("state_rolled_up")).values("rolled_up")
    return (
        reader.visible(Event)
        .annotate(states_of_recommendations=ArraySubquery(states))
        .order_by(F("edition").asc(nulls_last=True), F("start_date").asc(nulls_last=True), "slug")
    )


def series(reader: Reader) -> QuerySet[Any]:
    return reader.announced(Series).prefetch_related(
        Prefetch("convenors", queryset=reader.visible(Actor).order_by("slug")),
        Prefetch("events", queryset=editions(reader)),
    )


def events(reader: Reader) -> QuerySet[Any]:
    return reader.announced(Event).prefetch_related(
        reader.named("series", Series),
        named_topics(reader),
        named_partnerships(reader),
        Prefetch("organisers", queryset=reader.parts(Organiser.objects.order_by("pk"), "actor")),
        Prefetch("sessions", queryset=Session.objects.order_by("position")),
        Prefetch("reports", queryset=reader.visible(Report).order_by("pk")),
        Prefetch(
            "disclosed_participants",
            queryset=DisclosedParticipantQuerySet(DisclosedParticipant)
            .of_public_events(at=reader.now)
            .select_related("session")
            .in_order(page_language()),
        ),
        Prefetch(
            "published_documents",
            queryset=PublishedDocument.objects.visible_to(reader.user, at=reader.at).order_by("published_at", "pk"),
        ),
    )


def reports(reader: Reader) -> QuerySet[Any]:
    """A report is visible only with its event."""
    return reader.parts(reader.announced(Report), "event").prefetch_related(reader.named("source", Source))


def points(reader: Reader) -> QuerySet[Any]:
    visible = Point.objects.visible_to(reader.user, at=reader.at)
    return visible.select_related("report__event", "session").prefetch_related(
        Prefetch("qualifies", queryset=visible),
        Prefetch("qualified_by", queryset=visible.order_by("report", "position")),
        named_topics(reader),
    )
