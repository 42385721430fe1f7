"""The filters of this app's collections; each is named after the member that it filters by."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from partnerships.filters import concerning, topic_and_below
from partnerships.models import (
    Actor,
    Citation,
    Claim,
    Cooperation,
    Instrument,
    Membership,
    Partnership,
    Party,
    Source,
    Topic,
    VerificationStatus,
)
from publishing.api.filters import (
    CodesFilter,
    Filters,
    FlagFilter,
    LanguageCodeFilter,
    Narrow,
    PublicationFilter,
    Rows,
    column,
    part,
)
from publishing.api.reader import Reader

# How a row may concern an object


def topic(*ties: tuple[Any, str]) -> Narrow:
    """One of `ties` (a model and its column for the row) links the row to the topic, or to one below it."""

    def narrow(rows: Rows, thing: Any, reader: Reader) -> Rows:
        named = Q()
        for model, whole in ties:
            named |= Q(Exists(model.objects.filter(**{whole: OuterRef("pk"), "topic__in": topic_and_below(thing)})))
        return rows.filter(named)

    return narrow


# The collections


class ActorFilters(Filters):
    kind = CodesFilter(Actor.Kind.choices)
    bloc = PublicationFilter(Actor, part(Membership, "member", "bloc"))


class TopicFilters(Filters):
    kind = CodesFilter(Topic.Kind.choices)
    parent = PublicationFilter(Topic, column("parent"))


class SourceFilters(Filters):
    language = LanguageCodeFilter(field_name="source_language")
    publisher = PublicationFilter(Actor, column("publisher"))


class PartnershipFilters(Filters):
    form = CodesFilter(Partnership.Form.choices)
    status = CodesFilter(Partnership.Status.choices)
    actor = PublicationFilter(Actor, part(Party, "partnership", "actor"))
    topic = PublicationFilter(Topic, topic((Partnership.topics.through, "partnership"), (Cooperation, "partnership")))
    stage = CodesFilter(Cooperation.Stage.choices, method="at_stage")

    def at_stage(self, rows: Rows, name: str, value: list[str]) -> Rows:
        if not value:
            return rows
        return rows.filter(Exists(Cooperation.objects.filter(partnership=OuterRef("pk"), stage__in=value)))


class InstrumentFilters(Filters):
    partnership = PublicationFilter(Partnership, column("partnership"))
    type = CodesFilter(Instrument.Type.choices)
    status = CodesFilter(Instrument.Status.choices)
    actor = PublicationFilter(Actor, part(Party, "partnership", "actor", path="partnership"))


class ClaimFilters(Filters):
    status = CodesFilter(VerificationStatus.choices)
    kind = CodesFilter(Claim.Kind.choices)
    partnership = PublicationFilter(Partnership, part(Claim.partnerships.through, "claim", "partnership"))
    actor = PublicationFilter(Actor, lambda rows, actor, reader: rows.filter(concerning(actor)))
    topic = PublicationFilter(Topic, topic((Claim.topics.through, "claim")))
    perspective = PublicationFilter(Actor, column("perspective"))
    source = PublicationFilter(Source, part(Citation, "claim", "source"))
    sensitive = FlagFilter()
