"""The serializers of actors, topics, sources, partnerships, instruments and claims."""

from dataclasses import dataclass
from typing import Any, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.instrument_status import party_statuses
from partnerships.models import (
    Actor,
    Citation,
    Claim,
    ClaimLink,
    ClaimSubject,
    Cooperation,
    Instrument,
    InstrumentAction,
    Membership,
    OfficialPosition,
    Partnership,
    PartnershipLink,
    Party,
    Resolution,
    Review,
    Source,
    Topic,
    VerificationStatus,
)
from partnerships.models.source import Stance
from partnerships.prefetches import independent_origins, supporting_articles
from publishing.api.fields import (
    PUBLICATION,
    RECORD,
    Counts,
    Finished,
    PageMember,
    PartialDateMember,
    PublicationShown,
    ReadOnlySerializer,
    RecordShown,
    TextMember,
    Written,
    address,
    without_trailing_zeros,
)
from publishing.api.json_sql import Row, json_object, json_text, literal

# References: what identifies an object, and its address


class ActorReferenceSerializer(ReadOnlySerializer):
    url = address("actor-detail", "slug")
    name = TextMember()
    short_name = TextMember(allow_null=True)

    class Meta:
        model = Actor
        fields = ("url", "slug", "kind", "name", "short_name")


class TopicReferenceSerializer(ReadOnlySerializer):
    url = address("topic-detail", "slug")
    name = TextMember()

    class Meta:
        model = Topic
        fields = ("url", "slug", "kind", "name")


class SourceReferenceSerializer(ReadOnlySerializer):
    url = address("source-detail", "public_id")
    title = TextMember()
    date = PartialDateMember()

    class Meta:
        model = Source
        fields = ("url", "public_id", "title", "date")


class PartnershipReferenceSerializer(ReadOnlySerializer):
    url = address("partnership-detail", "slug")
    name = TextMember()

    class Meta:
        model = Partnership
        fields = ("url", "slug", "name", "form", "status")


class ClaimReferenceSerializer(ReadOnlySerializer):
    """A claim is never named without its status; a sensitive one not without its context either."""

    url = address("claim-detail", "public_id")
    statement = TextMember()
    context = TextMember(allow_null=True)  # type: ignore[assignment]
    status = serializers.ChoiceField(choices=VerificationStatus.choices, read_only=True)

    class Meta:
        model = Claim
        fields = ("url", "public_id", "kind", "statement", "context", "status", "sensitive")


class InstrumentReferenceSerializer(ReadOnlySerializer):
    url = address("instrument-detail", "slug")
    name = TextMember()

    class Meta:
        model = Instrument
        fields = ("url", "slug", "name", "type")


# Parts


class CitationSerializer(ReadOnlySerializer):
    """A source, how it bears on the thing, and the two Admiralty grades, rated independently (AJP-2.1)."""

    source = SourceReferenceSerializer(read_only=True)  # type: ignore[assignment]

    class Meta:
        model = Citation
        fields = (
            "source",
            "stance",
            "locator",
            "quotation",
            "source_reliability",
            "information_credibility",
            "independence_group",
        )


class MembershipSerializer(ReadOnlySerializer):
    """A stretch of time in which the actor belongs to a bloc; null is unknown, or has not ended."""

    bloc = ActorReferenceSerializer(read_only=True)
    citations = CitationSerializer(many=True, read_only=True)

    class Meta:
        model = Membership
        fields = ("bloc", "since", "until", "citations")


class MemberSerializer(ReadOnlySerializer):
    """A stretch of time in which another actor belongs to this bloc."""

    member = ActorReferenceSerializer(read_only=True)
    citations = CitationSerializer(many=True, read_only=True)

    class Meta:
        model = Membership
        fields = ("member", "since", "until", "citations")


class PartySerializer(ReadOnlySerializer):
    actor = ActorReferenceSerializer(read_only=True)
    citations = CitationSerializer(many=True, read_only=True)

    class Meta:
        model = Party
        fields = ("actor", "role", "citations")


class CooperationSerializer(ReadOnlySerializer):
    """How far the partnership has come in one area of cooperation."""

    topic = TopicReferenceSerializer(read_only=True)
    citations = CitationSerializer(many=True, read_only=True)

    class Meta:
        model = Cooperation
        fields = ("topic", "stage", "note", "citations")


class PartnershipLinkSerializer(ReadOnlySerializer):
    """What this partnership is to `target`."""

    target = PartnershipReferenceSerializer(read_only=True)
    citations = CitationSerializer(many=True, read_only=True)

    class Meta:
        model = PartnershipLink
        fields = ("type", "target", "citations")


class PartnershipLinkedFromSerializer(ReadOnlySerializer):
    """What `source` is to this partnership."""

    source = PartnershipReferenceSerializer(read_only=True)  # type: ignore[assignment]
    citations = CitationSerializer(many=True, read_only=True)

    class Meta:
        model = PartnershipLink
        fields = ("type", "source", "citations")


@extend_schema_field({"type": "integer"})
class SupportingCitations(Written, serializers.Field[Any, Any, Any, Any]):
    """A number of different things among the supporting citations."""

    column: str

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, source="*", **kwargs)

    def json(self, row: Row) -> str:
        citation = row.each("citations")
        supports = f"{citation.column('stance')} = {literal(Stance.SUPPORTS)}"
        different = f"count(DISTINCT {citation.column(self.column)})"
        return citation.over_all(f"({different} FILTER (WHERE {supports}))::text")


class Origins(SupportingCitations):
    column = "independence_group"

    def to_representation(self, value: Any) -> int:
        return independent_origins(value.citations.all())


class Articles(SupportingCitations):
    column = "source_id"

    def to_representation(self, value: Any) -> int:
        return supporting_articles(value.citations.all())


class InstrumentOfPartnershipSerializer(InstrumentReferenceSerializer):
    """An instrument with its derived status and the number of independent origins on which its existence rests."""

    status = serializers.ChoiceField(choices=Instrument.Status.choices, read_only=True)
    origins = Origins(help_text="Independent origins among the supporting citations.")
    articles = Articles(help_text="Sources of the supporting citations; many of them may go back to one origin.")

    class Meta(InstrumentReferenceSerializer.Meta):
        fields = (*InstrumentReferenceSerializer.Meta.fields, "binding", "status", "origins", "articles")  # type: ignore[assignment]


class InstrumentActionSerializer(RecordShown):
    """What a party did with the instrument; `party` is null where it concerns all of them."""

    party = ActorReferenceSerializer(read_only=True, allow_null=True)
    date = PartialDateMember()

    class Meta:
        model = InstrumentAction
        fields = ("type", "party", "date", "note", *RECORD)


class ClaimSubjectSerializer(ReadOnlySerializer):
    actor = ActorReferenceSerializer(read_only=True)

    class Meta:
        model = ClaimSubject
        fields = ("actor", "role")


class ClaimLinkSerializer(ReadOnlySerializer):
    """What this claim is to `target`."""

    target = ClaimReferenceSerializer(read_only=True)

    class Meta:
        model = ClaimLink
        fields = ("type", "target")


class ClaimLinkedFromSerializer(ReadOnlySerializer):
    """What `source` is to this claim."""

    source = ClaimReferenceSerializer(read_only=True)  # type: ignore[assignment]

    class Meta:
        model = ClaimLink
        fields = ("type", "source")


class ReviewSerializer(RecordShown):
    """A decision on the verification status."""

    class Meta:
        model = Review
        fields = ("status", "decided_at", "reason", *RECORD)


class ResolutionSerializer(RecordShown):
    """How the forecast ended; `as_of` is the day on which it came about, or on which it was plain that it had not."""

    source = SourceReferenceSerializer(read_only=True, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Resolution
        fields = ("outcome", "source", "reason", *RECORD)


class OfficialPositionSerializer(RecordShown):
    """What a government says about the claim. Silence is recorded, and is not denial."""

    government = ActorReferenceSerializer(read_only=True)
    source = SourceReferenceSerializer(read_only=True, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = OfficialPosition
        fields = ("government", "position", "source", "note", *RECORD)


# The objects themselves


class ActorSerializer(PublicationShown):
    url = address("actor-detail", "slug")
    page = PageMember()
    name = TextMember()
    short_name = TextMember(allow_null=True)
    parent = ActorReferenceSerializer(read_only=True, allow_null=True)
    memberships = MembershipSerializer(many=True, read_only=True)
    members = MemberSerializer(many=True, read_only=True)

    class Meta:
        model = Actor
        fields = (
            "url",
            "page",
            "public_id",
            "slug",
            "kind",
            "name",
            "short_name",
            "iso_code",
            "wikidata_id",
            "parent",
            "memberships",
            "members",
            *PUBLICATION,
        )


class TopicSerializer(PublicationShown):
    url = address("topic-detail", "slug")
    name = TextMember()
    description = TextMember(allow_null=True)
    parent = TopicReferenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Topic
        fields = ("url", "public_id", "slug", "kind", "name", "description", "parent", *PUBLICATION)


class SourceSerializer(PublicationShown):
    url = address("source-detail", "public_id")
    title = TextMember()
    publisher = ActorReferenceSerializer(read_only=True, allow_null=True)
    date = PartialDateMember()
    source_url = serializers.URLField(
        source="url", read_only=True, allow_null=True, help_text="Where the source itself is found."
    )
    note = TextMember(allow_null=True)

    class Meta:
        model = Source
        fields = (
            "url",
            "public_id",
            "title",
            "publisher",
            "publisher_name",
            "author_name",
            "date",
            "source_language",
            "source_url",
            "note",
            "accessed_date",
            "archived_sha256",
            "archived_date",
            "gone_since",
            *PUBLICATION,
        )


@extend_schema_field(Counts.schema(VerificationStatus.values))
class ClaimsByStatus(Counts):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(VerificationStatus.values, **kwargs)


class PartnershipSerializer(PublicationShown):
    url = address("partnership-detail", "slug")
    page = PageMember()
    name = TextMember()
    summary = TextMember(allow_null=True)
    topics = TopicReferenceSerializer(many=True, read_only=True)
    parties = PartySerializer(many=True, read_only=True)
    cooperations = CooperationSerializer(many=True, read_only=True)
    instruments = InstrumentOfPartnershipSerializer(many=True, read_only=True)
    links = PartnershipLinkSerializer(many=True, read_only=True)
    linked_from = PartnershipLinkedFromSerializer(many=True, read_only=True)
    claims_by_status = ClaimsByStatus(
        source="statuses_of_claims",
        help_text="How many public claims about it have each verification status; none is left out as nought.",
    )

    class Meta:
        model = Partnership
        fields = (
            "url",
            "page",
            "public_id",
            "slug",
            "name",
            "form",
            "status",
            "summary",
            "topics",
            "parties",
            "cooperations",
            "instruments",
            "links",
            "linked_from",
            "claims_by_status",
            *PUBLICATION,
        )


class DateOfActMember(PartialDateMember):
    """The partial date of an act on an instrument; null where there is none, or its date is not known."""

    def get_attribute(self, instance: Any) -> dict[str, Any] | None:
        act = getattr(instance, str(self.source))
        if act is None or not act.date:
            return None
        return {"edtf": act.date, "earliest": act.date_earliest, "latest": act.date_latest}


class PartyStandingSerializer(serializers.Serializer[Any]):
    """Where an instrument stands for one party; the dates are those of its acts, as far as they are known."""

    party = ActorReferenceSerializer(read_only=True)
    status = serializers.ChoiceField(choices=Instrument.Status.choices, read_only=True)
    consented = DateOfActMember(source="consent", help_text="When it first agreed to be bound.")
    in_force_since = DateOfActMember(source="entry", help_text="When it entered into force for it.")


@dataclass(frozen=True, slots=True)
class ActShown:
    """An act on an instrument as its JSON has it, for `party_statuses`."""

    shown: dict[str, Any]
    pk: int
    as_of: None = None
    recorded_at: None = None
    """Acts are shown in their order, so their places alone are compared."""

    @property
    def type(self) -> str:
        return str(self.shown["type"])

    @property
    def party(self) -> dict[str, Any] | None:
        party: dict[str, Any] | None = self.shown["party"]
        return party

    @property
    def party_id(self) -> str | None:
        return None if self.party is None else str(self.party["slug"])


@extend_schema_field(PartyStandingSerializer(many=True))
class Standings(Finished, serializers.Field[Any, Any, Any, Any]):
    """Where an instrument stands for each party, after the acts that nothing corrects."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, value: Instrument) -> Any:
        actions = list(value.actions.all())
        corrected = {action.corrects_id for action in actions}
        statuses = party_statuses(action for action in actions if action.pk not in corrected)
        return PartyStandingSerializer(statuses, many=True, context=self.context).data

    def of(self, shown: dict[str, Any]) -> list[dict[str, Any]]:
        corrected = {action["corrects"] for action in shown["actions"]}
        acts: Any = [
            ActShown(action, place)
            for place, action in enumerate(shown["actions"])
            if action["public_id"] not in corrected
        ]
        return [
            {
                "party": standing.party,
                "status": standing.status,
                "consented": standing.consent and standing.consent.shown["date"],
                "in_force_since": standing.entry and standing.entry.shown["date"],
            }
            for standing in cast("Any", party_statuses(acts))
        ]


@extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Instrument.Obligation.choices)))
class Obligations(Written, serializers.Field[Any, Any, Any, Any]):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, value: Instrument) -> list[str]:
        return [one.obligation for one in value.obligations.all()]

    def json(self, row: Row) -> str:
        return row.related(["obligations"], lambda one: one.value(["obligation"]))


class InstrumentSerializer(InstrumentOfPartnershipSerializer):
    page = PageMember()
    partnership = PartnershipReferenceSerializer(read_only=True)
    description = TextMember(allow_null=True)
    obligations = Obligations(help_text="ATOP's five kinds, or none, or unspecified.")
    promoted_from = ClaimReferenceSerializer(read_only=True, allow_null=True)
    parties = Standings(help_text="Where it stands for each party that the actions name.")
    actions = InstrumentActionSerializer(many=True, read_only=True)
    citations = CitationSerializer(many=True, read_only=True)

    class Meta:
        model = Instrument
        fields = (
            "url",
            "page",
            "public_id",
            "slug",
            "partnership",
            "name",
            "type",
            "binding",
            "description",
            "obligations",
            "status",
            "origins",
            "articles",
            "promoted_from",
            "parties",
            "actions",
            "citations",
        )


class QuantitySerializer(serializers.Serializer[Any]):
    """How much the claim speaks of, in a unit or in a currency (ISO 4217); null on an open side."""

    min = serializers.CharField(allow_null=True, help_text="A decimal number.")
    max = serializers.CharField(allow_null=True, help_text="A decimal number.")
    approximate = serializers.BooleanField()
    unit = serializers.CharField(allow_null=True)
    currency = serializers.CharField(allow_null=True)


@extend_schema_field(QuantitySerializer(allow_null=True))
class QuantityMember(Written, serializers.Field[Any, Any, Any, Any]):
    """The quantity of a claim; null where it speaks of none."""

    def __init__(self) -> None:
        super().__init__(read_only=True, source="*")

    def to_representation(self, value: Claim) -> dict[str, Any] | None:
        low, high = value.quantity_min, value.quantity_max
        if low is None and high is None:
            return None
        return {
            "min": None if low is None else without_trailing_zeros(low),
            "max": None if high is None else without_trailing_zeros(high),
            "approximate": value.quantity_approximate,
            "unit": value.unit or None,
            "currency": value.currency or None,
        }

    def json(self, row: Row) -> str:
        low, high = row.column("quantity_min"), row.column("quantity_max")
        members = {
            "min": json_text(f"trim_scale({low})::text"),
            "max": json_text(f"trim_scale({high})::text"),
            "approximate": row.value(["quantity_approximate"]),
            "unit": row.value(["unit"]),
            "currency": row.value(["currency"]),
        }
        return f"CASE WHEN COALESCE({low}, {high}) IS NULL THEN 'null' ELSE {json_object(members)} END"


class ClaimSerializer(PublicationShown):
    url = address("claim-detail", "public_id")
    page = PageMember()
    statement = TextMember()
    context = TextMember(allow_null=True)  # type: ignore[assignment]
    status = serializers.ChoiceField(
        choices=VerificationStatus.choices, read_only=True, help_text="Decided by the last review; unassessed at first."
    )
    status_as_of = serializers.DateField(
        read_only=True, allow_null=True, help_text="The day for which the status holds; null while unassessed."
    )
    origins = Origins(help_text="Independent origins among the supporting citations.")
    articles = Articles(help_text="Sources of the supporting citations; many of them may go back to one origin.")
    perspective = ActorReferenceSerializer(read_only=True, allow_null=True)
    asserted_by = ActorReferenceSerializer(read_only=True, allow_null=True)
    subjects = ClaimSubjectSerializer(many=True, read_only=True)
    quantity = QuantityMember()
    valid = PartialDateMember(help_text="When it is, or was, true of the world.")
    partnerships = PartnershipReferenceSerializer(many=True, read_only=True)
    topics = TopicReferenceSerializer(many=True, read_only=True)
    citations = CitationSerializer(many=True, read_only=True)
    reviews = ReviewSerializer(many=True, read_only=True)
    positions = OfficialPositionSerializer(many=True, read_only=True)
    resolutions = ResolutionSerializer(many=True, read_only=True)
    links = ClaimLinkSerializer(many=True, read_only=True)
    linked_from = ClaimLinkedFromSerializer(many=True, read_only=True)

    class Meta:
        model = Claim
        fields = (
            "url",
            "page",
            "public_id",
            "kind",
            "statement",
            "context",
            "sensitive",
            "status",
            "status_as_of",
            "origins",
            "articles",
            "perspective",
            "asserted_by",
            "subjects",
            "quantity",
            "valid",
            "likelihood",
            "review_by",
            "partnerships",
            "topics",
            "citations",
            "reviews",
            "positions",
            "resolutions",
            "links",
            "linked_from",
            *PUBLICATION,
        )
