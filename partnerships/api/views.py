"""The collections of this app."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from partnerships.api import querysets
from partnerships.api.filters import (
    ActorFilters,
    ClaimFilters,
    InstrumentFilters,
    PartnershipFilters,
    SourceFilters,
    TopicFilters,
)
from partnerships.api.serializers import (
    ActorSerializer,
    ClaimSerializer,
    InstrumentSerializer,
    PartnershipSerializer,
    SourceSerializer,
    TopicSerializer,
)
from partnerships.models import Actor, Claim, Instrument, Partnership, Source, Topic
from publishing.api.collection import PUBLISHED_AT, Collection
from publishing.api.ordering import Column
from publishing.api.reader import Reader

SLUG = Column("slug", str)


class ActorViewSet(Collection):
    """States, blocs, authorities, forces, institutes, companies and associations that stand in relations."""

    model = Actor
    lookup_field = "slug"
    serializer_class = ActorSerializer
    filterset_class = ActorFilters
    sortable = {"slug": (SLUG,), "published_at": (PUBLISHED_AT,)}

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.actors(reader)


class TopicViewSet(Collection):
    """The one controlled tree of subjects: areas of cooperation, theatres, themes."""

    model = Topic
    lookup_field = "slug"
    serializer_class = TopicSerializer
    filterset_class = TopicFilters
    sortable = {"slug": (SLUG,), "published_at": (PUBLISHED_AT,)}

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.topics(reader)


class SourceViewSet(Collection):
    """What can be cited: articles, communiqués, reports, datasets."""

    model = Source
    lookup_field = "public_id"
    serializer_class = SourceSerializer
    filterset_class = SourceFilters
    sortable = {"-published_at": (PUBLISHED_AT,), "date": (Column("date_earliest", dt.date, nullable=True),)}

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.sources(reader)


class PartnershipViewSet(Collection):
    """Lasting relations between actors, with parties, cooperation by stage, instruments and links."""

    model = Partnership
    lookup_field = "slug"
    serializer_class = PartnershipSerializer
    filterset_class = PartnershipFilters
    sortable = {"slug": (SLUG,), "published_at": (PUBLISHED_AT,)}
    as_of_taken = True

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.partnerships(reader)


class InstrumentViewSet(Collection):
    """Treaties and other agreed texts; the status of each is derived from what its parties did."""

    model = Instrument
    lookup_field = "slug"
    serializer_class = InstrumentSerializer
    filterset_class = InstrumentFilters
    sortable = {"slug": (SLUG,)}
    as_of_taken = True

    def rows(self, reader: Reader) -> QuerySet[Any]:
        return reader.visible(Instrument).with_status(as_of=reader.as_of)  # type: ignore[attr-defined]

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.instruments(reader)


class ClaimViewSet(Collection):
    """Propositions about the world, each with its sources, its reviews and the positions of governments."""

    model = Claim
    lookup_field = "public_id"
    serializer_class = ClaimSerializer
    filterset_class = ClaimFilters
    sortable = {
        "-published_at": (PUBLISHED_AT,),
        "valid": (Column("valid_earliest", dt.date, nullable=True),),
        "review_by": (Column("review_by", dt.date, nullable=True),),
    }
    as_of_taken = True

    def rows(self, reader: Reader) -> QuerySet[Any]:
        return querysets.claims_named(reader)

    def shown(self, reader: Reader) -> QuerySet[Any]:
        return querysets.claims(reader)
