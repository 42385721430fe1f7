"""What a reader may see of this app, loaded with everything that its serializers show."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from events.models import Point
from partnerships.api.querysets import in_record_order, named_partnerships, named_topics
from partnerships.models import Actor, Source
from publishing.api.reader import Reader
from publishing.records import end_of
from recommendations.models import (
    Confirmation,
    Evidence,
    Fulfilment,
    Objective,
    Recommendation,
    RecommendationLink,
    Response,
    StatusEntry,
    Submission,
)
from recommendations.querysets.rollup import addressees_with_status


def recommendations(reader: Reader) -> QuerySet[Any]:
    """A recommendation is visible only with its event."""
    on = reader.as_of or reader.now.date()
    visible = reader.visible(Recommendation)
    links = RecommendationLink.objects.order_by("pk")
    return (
        reader.parts(reader.announced(Recommendation), "event")
        .with_rollup(as_of=reader.as_of, on=on)  # type: ignore[attr-defined]
        .with_editions_running(as_of=reader.as_of, now=reader.now)
        .prefetch_related(
            Prefetch("point", queryset=Point.objects.visible_to(reader.user, at=reader.at)),
            reader.named("parent", Recommendation),
            Prefetch("parts", queryset=visible.with_rollup(as_of=reader.as_of, on=on).order_by("reference")),  # type: ignore[attr-defined]
            Prefetch("objectives", queryset=Objective.objects.order_by("position")),
            Prefetch(
                "addressees",
                queryset=reader.parts(addressees_with_status(reader.as_of, on=on).order_by("role", "pk"), "actor"),
            ),
            named_topics(reader),
            named_partnerships(reader),
            Prefetch("links", queryset=reader.parts(links, "target")),
            Prefetch("linked_from", queryset=reader.parts(links, "source")),
            Prefetch(
                "fulfilments",
                queryset=reader.parts(Fulfilment.objects.order_by("pk"), "series", "event", "instrument", "source"),
            ),
        )
    )


def known(reader: Reader, model: Any) -> QuerySet[Any]:
    """Records that the reader may see; for a past day, those that were recorded by then."""
    records: QuerySet[Any] = model.objects.known_on(reader.as_of).visible_to(reader.user, at=reader.at)
    return records


def of_addressees(reader: Reader, model: Any) -> QuerySet[Any]:
    """Records about addressees of recommendations that the reader may see, with both and the corrections."""
    corrections = model.objects.known_on(reader.as_of)
    return (
        known(reader, model)
        .select_related("addressee__recommendation", "addressee__actor", "corrects")
        .prefetch_related(Prefetch("corrections", queryset=in_record_order(corrections)))
    )


def recommendations_named(reader: Reader) -> QuerySet[Any]:
    return reader.parts(reader.visible(Recommendation), "event")


def status_entries(reader: Reader) -> QuerySet[Any]:
    confirmations = Confirmation.objects.all()
    if reader.as_of is not None:
        confirmations = confirmations.filter(recorded_at__lt=end_of(reader.as_of))
    entries: Any = of_addressees(reader, StatusEntry)
    found: QuerySet[Any] = entries.with_being_read().prefetch_related(
        reader.named("on_behalf_of", Actor),
        reader.named("successor", Recommendation),
        Prefetch("evidence", queryset=reader.parts(Evidence.objects.order_by("pk"), "source")),
        Prefetch("confirmation", queryset=confirmations.only("entry", "recorded_at")),
    )
    return found


def responses(reader: Reader) -> QuerySet[Any]:
    return of_addressees(reader, Response).prefetch_related(reader.named("source", Source))


def submissions(reader: Reader) -> QuerySet[Any]:
    """All of them: the view decides who may ask."""
    return Submission.objects.select_related("addressee__recommendation", "addressee__actor", "entry")
