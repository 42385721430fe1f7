"""The family of a recommendation in the API: everything connected with it by links."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin

from publishing.api.collection import Collection
from publishing.api.filters import Filters
from publishing.api.reader import Reader
from publishing.languages import Language
from recommendations.analysis.lineage import Family, Tie, family_of
from recommendations.analysis.text_diff import Wording, wording
from recommendations.api.querysets import recommendations_named
from recommendations.api.serializers import RecommendationPartSerializer, RecommendationReferenceSerializer
from recommendations.models import Recommendation
from recommendations.models.recommendation import RecommendationLinkType


class PieceSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[(kind, kind) for kind in ("stays", "goes", "comes")])
    text = serializers.CharField(trim_whitespace=False)


class WordingSerializer(serializers.Serializer[Any]):
    """What the later text changes in the earlier one, word by word; no pieces where they are too long for it."""

    language = serializers.ChoiceField(choices=Language.choices)
    pieces = PieceSerializer(many=True)


class TieSerializer(serializers.Serializer[Any]):
    """What the later recommendation does to the earlier one."""

    type = serializers.ChoiceField(choices=RecommendationLinkType.choices)
    later = serializers.CharField(source="later.reference")
    earlier = serializers.CharField(source="earlier.reference")
    wording = serializers.SerializerMethodField(help_text="Null where the two are written in no common language.")

    @extend_schema_field(WordingSerializer(allow_null=True))
    def get_wording(self, tie: Tie) -> Any:
        found: Wording | None = wording(tie.earlier, tie.later)
        return WordingSerializer(found).data if found else None


class LineageSerializer(serializers.Serializer[Any]):
    """A recommendation, all its relatives by links in the order of their references, and these links."""

    recommendation = RecommendationReferenceSerializer()
    editions_running = serializers.IntegerField(help_text="In how many editions of its series running it was asked.")
    family = RecommendationPartSerializer(source="family.members", many=True)
    links = TieSerializer(source="family.ties", many=True)
    complete = serializers.BooleanField(help_text="False where only the nearest relatives are told.")


@dataclass(frozen=True, slots=True)
class Lineage:
    """What the serializer shows."""

    recommendation: Any
    family: Family

    @property
    def editions_running(self) -> int:
        return int(self.recommendation.editions_running)

    @property
    def complete(self) -> bool:
        return not self.family.is_cut


class LineageView(RetrieveModelMixin, Collection):
    """Where a recommendation comes from and what became of it, through all its relatives."""

    model = Recommendation
    lookup_field = "reference"
    serializer_class = LineageSerializer
    filterset_class = Filters
    sortable: ClassVar[Any] = {}
    as_of_taken = True

    def shown(self, reader: Reader) -> QuerySet[Any]:
        shown: Any = recommendations_named(reader)
        found: QuerySet[Any] = shown.with_rollup(as_of=reader.as_of).with_editions_running(as_of=reader.as_of)
        return found

    def get_object(self) -> Any:
        recommendation = super().get_object()
        return Lineage(recommendation, family_of(recommendation, self.shown(self.reader)))
