"""The scorecard of a series in the API."""

import datetime as dt
from collections import Counter
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request

from events.api.serializers import EventReferenceSerializer, SeriesReferenceSerializer
from events.models import Event, Series
from partnerships.api.serializers import ActorReferenceSerializer
from publishing.api.collection import Collection
from publishing.api.fields import PageMember
from publishing.api.filters import Filters
from publishing.api.reader import Reader
from publishing.query_parameters import ParameterProblem, UnreadableQuery, day_of
from publishing.typed_values import read_iso_day
from recommendations.analysis import scorecard
from recommendations.api.serializers import RecommendationReferenceSerializer
from recommendations.lifecycle.states import RESPONSES, ImplementationState
from recommendations.models import Recommendation
from recommendations.querysets.rollup import addressees_with_status

STATE_COUNTS_SCHEMA = {
    "type": "object",
    "properties": {state: {"type": "integer", "minimum": 0} for state in ImplementationState.values},
    "required": ImplementationState.values,
}


class TallySerializer(serializers.Serializer[Any]):
    """How many; of what was asked, each is in one of done, partly_done, open and ceased."""

    asked = serializers.IntegerField()
    answered = serializers.IntegerField(help_text="All that lead have answered, whatever they said.")
    done = serializers.IntegerField(help_text="Implemented, or implemented otherwise.")
    partly_done = serializers.IntegerField()
    open = serializers.IntegerField()
    ceased = serializers.IntegerField(help_text="Follow-up has ceased, and it was not done.")


class ViewsSerializer(serializers.Serializer[Any]):
    """The same recommendations, counted as they are known on one day and another."""

    known = TallySerializer(help_text="As known on the day of `as_of`, or now.")
    change = TallySerializer(allow_null=True, help_text="Since `changed_since`; below nought where it is less.")
    in_hindsight = TallySerializer(allow_null=True, help_text="With as_of: what is known by now of that day.")
    today = TallySerializer(allow_null=True, help_text="With as_of: what is known by now.")


class MoveSerializer(serializers.Serializer[Any]):
    """What became of one recommendation since `changed_since`; before it was public, it had no state."""

    recommendation = RecommendationReferenceSerializer()
    state_before = serializers.ChoiceField(source="before", choices=ImplementationState.choices, allow_null=True)
    state = serializers.ChoiceField(source="after", choices=ImplementationState.choices)
    response_before = serializers.ChoiceField(choices=RESPONSES, allow_null=True)
    response = serializers.ChoiceField(source="response_after", choices=RESPONSES)


class EditionScoreSerializer(serializers.Serializer[Any]):
    event = EventReferenceSerializer()
    views = ViewsSerializer()
    by_state = serializers.SerializerMethodField(help_text="How many were known to be in each state.")
    changes = MoveSerializer(source="moves", many=True)

    @extend_schema_field(STATE_COUNTS_SCHEMA)
    def get_by_state(self, edition: scorecard.Edition) -> dict[str, int]:
        return {state: Counter(edition.states)[state] for state in ImplementationState.values}


class AskedSerializer(serializers.Serializer[Any]):
    actor = ActorReferenceSerializer()
    tally = TallySerializer(help_text="As known on the day; what was asked of several counts with each.")


class ScorecardSerializer(serializers.Serializer[Any]):
    """What every edition of a series asked, and what came of it, on a day and since an earlier one."""

    series = SeriesReferenceSerializer()
    page = PageMember()
    as_of = serializers.DateField(allow_null=True)
    changed_since = serializers.DateField(
        source="since", allow_null=True, help_text="Null where no edition with a known date was held before."
    )
    last_edition = EventReferenceSerializer(
        source="since_event", allow_null=True, help_text="The edition whose last day that is, if none was asked for."
    )
    views = ViewsSerializer(help_text="All editions together.")
    editions = EditionScoreSerializer(many=True)
    addressees = AskedSerializer(many=True)


class ScorecardView(RetrieveModelMixin, Collection):
    """What every edition of a series asked, and what came of it."""

    model = Series
    lookup_field = "slug"
    serializer_class = ScorecardSerializer
    filterset_class = Filters
    sortable: ClassVar[Any] = {}
    as_of_taken = True

    def parameters_taken(self) -> list[str]:
        return ["changed_since", *super().parameters_taken()]

    @cached_property
    def changed_since(self) -> dt.date | None:
        since = day_of(self.request.query_params, "changed_since", read=read_iso_day)
        if since is not None and since >= (self.reader.as_of or self.reader.now.date()):
            advice = _("A change is told since an earlier day. Choose one before the day of the scorecard.")
            raise UnreadableQuery(ParameterProblem("changed_since", since.isoformat(), advice))
        return since

    def check_parameters(self, request: Request) -> None:
        super().check_parameters(request)
        _since = self.changed_since  # read here, to refuse it early, like the day

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return reader.visible(Series)

    def get_object(self) -> Any:
        series, day = super().get_object(), self.reader.as_of
        # The answer also contains what is known by now, so visibility is checked for today.
        today = Reader(user=self.reader.user, now=self.reader.now)
        on = day or today.now.date()
        asked = today.parts(today.visible(Recommendation), "event").with_rollup(as_of=day)  # type: ignore[attr-defined]
        addressees = today.parts(addressees_with_status(day, on=on).order_by("role", "pk"), "actor")
        return scorecard.scorecard(
            series,
            scorecard.editions_of(today.visible(Event).filter(series=series)),
            asked.prefetch_related(Prefetch("addressees", addressees, to_attr="followed")),
            as_of=day,
            since=self.changed_since,
            now=today.now,
        )
