"""The serializers of recommendations and their follow-up."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from events.api.serializers import EventReferenceSerializer, PointReferenceSerializer, SeriesReferenceSerializer
from partnerships.api.serializers import (
    ActorReferenceSerializer,
    CitationSerializer,
    InstrumentReferenceSerializer,
    PartnershipReferenceSerializer,
    SourceReferenceSerializer,
    TopicReferenceSerializer,
)
from publishing.api.fields import (
    PUBLICATION,
    RECORD,
    PageMember,
    PublicationShown,
    ReadOnlySerializer,
    RecordShown,
    TextMember,
    address,
)
from recommendations.lifecycle.states import RESPONSES, ImplementationState
from recommendations.models import (
    Addressee,
    Evidence,
    Fulfilment,
    Objective,
    Recommendation,
    RecommendationLink,
    Response,
    StatusEntry,
    Submission,
)

ADDRESSEE_RESPONSES = [choice for choice in RESPONSES if choice[0] != "mixed"]
"""The possible responses of one addressee, with no_response, which is computed."""


class RecommendationReferenceSerializer(ReadOnlySerializer):
    url = address("recommendation-detail", "reference")
    title = TextMember()

    class Meta:
        model = Recommendation
        fields = ("url", "reference", "title", "strength")


class RecommendationPartSerializer(RecommendationReferenceSerializer):
    """A part of a compound recommendation, with what came of it."""

    state = serializers.ChoiceField(
        source="rollup.state", choices=ImplementationState.choices, read_only=True, help_text="Rolled up."
    )
    response = serializers.ChoiceField(
        source="rollup.response", choices=RESPONSES, read_only=True, help_text="Rolled up."
    )

    class Meta(RecommendationReferenceSerializer.Meta):
        fields = (*RecommendationReferenceSerializer.Meta.fields, "state", "response")  # type: ignore[assignment]


class AddresseeSerializer(ReadOnlySerializer):
    """An actor that it is addressed to, with its response and its implementation: two axes."""

    actor = ActorReferenceSerializer(read_only=True)
    state = serializers.ChoiceField(choices=ImplementationState.choices, read_only=True)
    state_as_of = serializers.DateField(
        source="checked_date", read_only=True, allow_null=True, help_text="The day for which the state was last seen."
    )
    response = serializers.ChoiceField(
        choices=ADDRESSEE_RESPONSES, read_only=True, help_text="no_response is computed: awaited for too long."
    )
    response_as_of = serializers.DateField(source="response_date", read_only=True, allow_null=True)

    class Meta:
        model = Addressee
        fields = ("actor", "role", "basis", "state", "state_as_of", "response", "response_as_of")


class ObjectiveSerializer(ReadOnlySerializer):
    text = TextMember()

    class Meta:
        model = Objective
        fields = ("position", "text")


class RecommendationLinkSerializer(ReadOnlySerializer):
    """What this recommendation does to the earlier `target`."""

    target = RecommendationReferenceSerializer(read_only=True)

    class Meta:
        model = RecommendationLink
        fields = ("type", "target")


class RecommendationLinkedFromSerializer(ReadOnlySerializer):
    """What the later `source` does to this recommendation."""

    source = RecommendationReferenceSerializer(read_only=True)  # type: ignore[assignment]

    class Meta:
        model = RecommendationLink
        fields = ("type", "source")


class FulfilmentSerializer(ReadOnlySerializer):
    """What realised it: exactly one of a series, an event, an instrument and a source."""

    series = SeriesReferenceSerializer(read_only=True, allow_null=True)
    event = EventReferenceSerializer(read_only=True, allow_null=True)
    instrument = InstrumentReferenceSerializer(read_only=True, allow_null=True)
    source = SourceReferenceSerializer(read_only=True, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Fulfilment
        fields = ("series", "event", "instrument", "source", "note")


class RecommendationSerializer(PublicationShown):
    url = address("recommendation-detail", "reference")
    page = PageMember()
    title = TextMember()
    text = TextMember(help_text="As the report words it.")
    event = EventReferenceSerializer(read_only=True)
    point = PointReferenceSerializer(read_only=True, allow_null=True)
    parent = RecommendationReferenceSerializer(read_only=True, allow_null=True)
    parts = RecommendationPartSerializer(many=True, read_only=True)
    test_of_done = TextMember(allow_null=True)
    objectives = ObjectiveSerializer(many=True, read_only=True)
    addressees = AddresseeSerializer(many=True, read_only=True)
    state = serializers.ChoiceField(
        source="rollup.state",
        choices=ImplementationState.choices,
        read_only=True,
        help_text="Rolled up over the leading addressees, or over all where none leads.",
    )
    response = serializers.ChoiceField(
        source="rollup.response",
        choices=RESPONSES,
        read_only=True,
        help_text="Rolled up: the answer they share, or mixed.",
    )
    checked_date = serializers.DateField(
        source="rollup.checked_date",
        read_only=True,
        allow_null=True,
        help_text="The last day for which a state was seen.",
    )
    overdue = serializers.BooleanField(
        source="rollup.is_overdue", read_only=True, help_text="Open, and its target date has passed."
    )
    stale = serializers.BooleanField(
        source="rollup.is_stale", read_only=True, help_text="Open, and not checked for long."
    )
    editions_running = serializers.IntegerField(
        read_only=True, help_text="In how many editions of its series running it was asked, this one included."
    )
    topics = TopicReferenceSerializer(many=True, read_only=True)
    partnerships = PartnershipReferenceSerializer(many=True, read_only=True)
    links = RecommendationLinkSerializer(many=True, read_only=True)
    linked_from = RecommendationLinkedFromSerializer(many=True, read_only=True)
    fulfilments = FulfilmentSerializer(many=True, read_only=True)

    class Meta:
        model = Recommendation
        fields = (
            "url",
            "page",
            "public_id",
            "reference",
            "title",
            "text",
            "strength",
            "priority",
            "event",
            "point",
            "parent",
            "parts",
            "objectives",
            "test_of_done",
            "target_date",
            "addressees",
            "state",
            "response",
            "checked_date",
            "overdue",
            "stale",
            "editions_running",
            "topics",
            "partnerships",
            "links",
            "linked_from",
            "fulfilments",
            *PUBLICATION,
        )


class EvidenceSerializer(CitationSerializer):
    """A source of a status entry, how near it stands to what it shows, and its grades."""

    class Meta(CitationSerializer.Meta):
        model = Evidence  # type: ignore[assignment]
        fields = ("source", "nature", *CitationSerializer.Meta.fields[1:])  # type: ignore[assignment]


class OfAddresseeShown(RecordShown):
    """An entry on one addressee of one recommendation."""

    recommendation = RecommendationReferenceSerializer(source="addressee.recommendation", read_only=True)
    addressee = ActorReferenceSerializer(source="addressee.actor", read_only=True)
    corrected_by: serializers.Field[Any, Any, Any, Any] = serializers.SlugRelatedField(
        source="corrections",
        slug_field="public_id",
        many=True,
        read_only=True,
        help_text="The public ids of later records that set this one right.",
    )


class StatusEntrySerializer(OfAddresseeShown):
    url = address("status-entry-detail", "public_id")
    on_behalf_of = ActorReferenceSerializer(read_only=True, allow_null=True)
    successor = RecommendationReferenceSerializer(read_only=True, allow_null=True)
    evidence = EvidenceSerializer(many=True, read_only=True)
    evidence_in_review = serializers.BooleanField(
        source="is_being_read",
        read_only=True,
        help_text="Whether a source of this is still being read by a second person; it is named once it is published.",
    )
    confirmed_at = serializers.DateTimeField(
        source="confirmation.recorded_at",
        read_only=True,
        allow_null=True,
        help_text="When a second person confirmed that it is implemented.",
    )

    class Meta:
        model = StatusEntry
        fields = (
            "url",
            "recommendation",
            "addressee",
            "state",
            "confidence",
            "on_behalf_of",
            "public_note",
            "what_remains",
            "reason",
            "last_movement_date",
            "how_intent_is_met",
            "successor",
            "evidence",
            "evidence_in_review",
            "confirmed_at",
            *RECORD,
            "corrected_by",
        )


@extend_schema_serializer(component_name="AddresseeResponse")  # API clients have their own class Response
class ResponseSerializer(OfAddresseeShown):
    url = address("response-detail", "public_id")
    source = SourceReferenceSerializer(read_only=True, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Response
        fields = (
            "url",
            "recommendation",
            "addressee",
            "kind",
            "channel",
            "recipient",
            "office",
            "source",
            "accepted_part",
            "words",
            "reason",
            "no_reason_given",
            *RECORD,
            "corrected_by",
        )


class SubmissionSerializer(ReadOnlySerializer):
    """What a partner reports, and what was decided about it. Never who wrote or decided."""

    url = address("submission-detail", "public_id")
    recommendation = RecommendationReferenceSerializer(source="addressee.recommendation", read_only=True)
    addressee = ActorReferenceSerializer(source="addressee.actor", read_only=True)
    entry: serializers.Field[Any, Any, Any, Any] = serializers.SlugRelatedField(
        slug_field="public_id",
        read_only=True,
        allow_null=True,
        help_text="The public id of the status entry that it became.",
    )

    class Meta:
        model = Submission
        fields = (
            "url",
            "public_id",
            "recommendation",
            "addressee",
            "proposed_state",
            "as_of",
            "note",
            "source_title",
            "source_url",
            "submitted_at",
            "decision",
            "decision_reason",
            "decided_at",
            "entry",
        )
