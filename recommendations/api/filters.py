"""The filters of this app's collections."""

from typing import Any

from django.db.models import QuerySet

from events.models import Event, Series
from partnerships.api.filters import topic
from partnerships.models import Actor, Partnership, Topic
from publishing.api.filters import CodesFilter, Filters, FlagFilter, NumberFilter, PublicationFilter, column, part
from publishing.api.reader import Reader
from recommendations.lifecycle.states import RESPONSES, Confidence, ImplementationState, ResponseKind
from recommendations.models import Addressee, Recommendation, Submission


def of_series(rows: QuerySet[Any], series: Series, reader: Reader) -> QuerySet[Any]:
    return rows.filter(event__in=reader.visible(Event).filter(series=series))


class RecommendationFilters(Filters):
    addressee = PublicationFilter(Actor, part(Addressee, "recommendation", "actor"))
    state = CodesFilter(
        ImplementationState.choices,
        field_name="state_rolled_up",
        help_text="The state as rolled up. Repeat the parameter to allow several values.",
    )
    response = CodesFilter(
        RESPONSES,
        field_name="response_rolled_up",
        help_text="The response as rolled up. Repeat the parameter to allow several values.",
    )
    strength = CodesFilter(Recommendation.Strength.choices)
    priority = FlagFilter()
    overdue = FlagFilter(field_name="is_overdue")
    stale = FlagFilter(field_name="is_stale")
    event = PublicationFilter(Event, column("event"))
    series = PublicationFilter(Series, of_series)
    edition = NumberFilter(method="of_edition")
    editions_running = NumberFilter(
        method="asked_running", help_text="Asked in at least so many editions of its series running."
    )
    topic = PublicationFilter(Topic, topic((Recommendation.topics.through, "recommendation")))
    partnership = PublicationFilter(
        Partnership, part(Recommendation.partnerships.through, "recommendation", "partnership")
    )
    parent = PublicationFilter(Recommendation, column("parent"))

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rolled_up: Any = queryset
        narrowed: QuerySet[Any] = super().filter_queryset(rolled_up.knowing_rollup(as_of=self.reader.as_of))
        return narrowed

    def asked_running(self, rows: QuerySet[Any], name: str, value: int | None) -> QuerySet[Any]:
        if value is None:
            return rows
        asked: QuerySet[Any] = rows.asked_in(value, as_of=self.reader.as_of)  # type: ignore[attr-defined]
        return asked

    def of_edition(self, rows: QuerySet[Any], name: str, value: int | None) -> QuerySet[Any]:
        if value is None:
            return rows
        return rows.filter(event__in=self.reader.visible(Event).filter(edition=value))


class StatusEntryFilters(Filters):
    recommendation = PublicationFilter(Recommendation, column("addressee__recommendation"))
    addressee = PublicationFilter(Actor, column("addressee__actor"))
    state = CodesFilter(ImplementationState.choices)
    confidence = CodesFilter(Confidence.choices)


class ResponseFilters(Filters):
    recommendation = PublicationFilter(Recommendation, column("addressee__recommendation"))
    addressee = PublicationFilter(Actor, column("addressee__actor"))
    kind = CodesFilter(ResponseKind.choices)


class SubmissionFilters(Filters):
    recommendation = PublicationFilter(Recommendation, column("addressee__recommendation"))
    addressee = PublicationFilter(Actor, column("addressee__actor"))
    decision = CodesFilter(Submission.Decision.choices)
