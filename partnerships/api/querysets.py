"""What a reader may see of this app, loaded with everything that its serializers show.

Each relation costs one query, however many rows there are, and contains only what the reader may see.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from partnerships.models import (
    Actor,
    Citation,
    Claim,
    ClaimLink,
    ClaimSubject,
    Cooperation,
    Instrument,
    InstrumentAction,
    InstrumentObligation,
    Membership,
    OfficialPosition,
    Partnership,
    PartnershipLink,
    Party,
    Resolution,
    Review,
    Source,
    Topic,
)
from publishing.api.reader import Reader
from publishing.records import LATEST_FIRST


def in_record_order(records: QuerySet[Any]) -> QuerySet[Any]:
    """Appended records in display order: by as-of date, then by recorded-at; each with the record that it corrects."""
    return records.select_related("corrects").order_by("as_of", "recorded_at", "pk")


def citations(reader: Reader) -> Prefetch:
    return Prefetch("citations", queryset=reader.parts(Citation.objects.order_by("pk"), "source"))


def parts(reader: Reader, name: str, queryset: QuerySet[Any], *relations: str) -> Prefetch:
    """The parts `name`, each with the objects it refers to and its citations."""
    return Prefetch(
        name, queryset=reader.parts(queryset.order_by("pk"), *relations).prefetch_related(citations(reader))
    )


def actors(reader: Reader) -> QuerySet[Any]:
    return reader.announced(Actor).prefetch_related(
        reader.named("parent", Actor),
        parts(reader, "memberships", Membership.objects.all(), "bloc"),
        parts(reader, "members", Membership.objects.all(), "member"),
    )


def topics(reader: Reader) -> QuerySet[Any]:
    return reader.announced(Topic).prefetch_related(reader.named("parent", Topic))


def sources(reader: Reader) -> QuerySet[Any]:
    return reader.announced(Source).prefetch_related(reader.named("publisher", Actor))


def named_topics(reader: Reader) -> Prefetch:
    return Prefetch("topics", queryset=reader.visible(Topic).order_by("slug"))


def named_partnerships(reader: Reader) -> Prefetch:
    return Prefetch("partnerships", queryset=reader.visible(Partnership).order_by("slug"))


def partnerships(reader: Reader) -> QuerySet[Any]:
    claims = reader.visible(Claim).with_status(as_of=reader.as_of).filter(partnerships=OuterRef("pk"))  # type: ignore[attr-defined]
    instruments = Instrument.objects.with_status(as_of=reader.as_of).order_by("slug")
    return (
        reader.announced(Partnership)
        .annotate(statuses_of_claims=ArraySubquery(claims.order_by().values("status")))
        .prefetch_related(
            named_topics(reader),
            parts(reader, "parties", Party.objects.all(), "actor"),
            parts(reader, "cooperations", Cooperation.objects.all(), "topic"),
            Prefetch("instruments", queryset=instruments.prefetch_related(citations(reader))),
            parts(reader, "links", PartnershipLink.objects.all(), "target"),
            parts(reader, "linked_from", PartnershipLink.objects.all(), "source"),
        )
    )


def instruments(reader: Reader) -> QuerySet[Any]:
    actions = InstrumentAction.objects.known_on(reader.as_of)
    return (
        Instrument.objects.visible_to(reader.user, at=reader.at)
        .with_status(as_of=reader.as_of)
        .select_related("partnership")
        .prefetch_related(
            Prefetch("obligations", queryset=InstrumentObligation.objects.order_by("pk")),
            Prefetch("promoted_from", queryset=claims_named(reader)),
            Prefetch("actions", queryset=reader.parts(in_record_order(actions), "party")),
            citations(reader),
        )
    )


def claims_named(reader: Reader) -> QuerySet[Any]:
    """Claims as references show them: with their status."""
    named: QuerySet[Any] = reader.visible(Claim).with_status(as_of=reader.as_of)  # type: ignore[attr-defined]
    return named


def claim_links(reader: Reader, name: str, other: str) -> Prefetch:
    """The links of claims on one side, with the claim on the `other` side."""
    seen = ClaimLink.objects.filter(**{f"{other}__in": reader.visible(Claim)}).order_by("pk")
    return Prefetch(name, queryset=seen.prefetch_related(Prefetch(other, queryset=claims_named(reader))))


def claims(reader: Reader) -> QuerySet[Any]:
    latest = Review.objects.effective(reader.as_of).filter(claim=OuterRef("pk")).order_by(*LATEST_FIRST)
    positions = reader.parts(in_record_order(OfficialPosition.objects.known_on(reader.as_of)), "government")
    return (
        reader.announced(Claim)
        .with_status(as_of=reader.as_of)  # type: ignore[attr-defined]
        .annotate(status_as_of=Subquery(latest.values("as_of")[:1]))
        .prefetch_related(
            *reader.all_named(Actor, ["perspective", "asserted_by"]),
            Prefetch("subjects", queryset=reader.parts(ClaimSubject.objects.order_by("pk"), "actor")),
            named_partnerships(reader),
            named_topics(reader),
            citations(reader),
            Prefetch("reviews", queryset=in_record_order(Review.objects.known_on(reader.as_of))),
            Prefetch("positions", queryset=positions.prefetch_related(reader.named("source", Source))),
            Prefetch(
                "resolutions",
                queryset=in_record_order(Resolution.objects.known_on(reader.as_of)).prefetch_related(
                    reader.named("source", Source)
                ),
            ),
            claim_links(reader, "links", "target"),
            claim_links(reader, "linked_from", "source"),
        )
    )
