"""The serializers of series, events, reports and points. They never show who said what, and participants only by
consent.
"""

from typing import Any

from django.apps import apps
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from events.documents.formats import Format
from events.models import DisclosedParticipant, Event, Organiser, Point, PublishedDocument, Report, Series, Session
from partnerships.api.serializers import (
    ActorReferenceSerializer,
    PartnershipReferenceSerializer,
    SourceReferenceSerializer,
    TopicReferenceSerializer,
)
from publishing.api.fields import (
    PUBLICATION,
    Counts,
    PageMember,
    PublicationShown,
    ReadOnlySerializer,
    TextMember,
    Written,
    address,
)
from publishing.api.json_sql import Row, json_text, literal


def implementation_states() -> list[str]:
    """The states of a recommendation, in their order; the recommendations app defines them."""
    states: Any = apps.get_model("recommendations.StatusEntry")._meta.get_field("state").choices
    return [state for state, _label in states]


class SeriesReferenceSerializer(ReadOnlySerializer):
    url = address("series-detail", "slug")
    name = TextMember()

    class Meta:
        model = Series
        fields = ("url", "slug", "name")


class EventReferenceSerializer(ReadOnlySerializer):
    """Dates are null where they are unknown."""

    url = address("event-detail", "slug")
    name = TextMember()

    class Meta:
        model = Event
        fields = ("url", "slug", "name", "kind", "lifecycle", "edition", "start_date", "end_date")


class ReportReferenceSerializer(ReadOnlySerializer):
    url = address("report-detail", "public_id")
    title = TextMember()

    class Meta:
        model = Report
        fields = ("url", "public_id", "title")


class SupportMember(Written, serializers.ChoiceField):
    """How widely a point was supported."""

    def json(self, row: Row) -> str:
        grade = json_text(row.column("graded__grade"))
        if row.kind("support_is_shown") is None:  # for the desk
            return grade
        return f"CASE WHEN {row.column('support_is_shown')} THEN {grade} ELSE 'null' END"

    def __init__(self) -> None:
        super().__init__(
            choices=Point.Support.choices,
            read_only=True,
            allow_null=True,
            help_text="Null where the group was too small to say.",
        )


class PointReferenceSerializer(ReadOnlySerializer):
    """A point is never named without how widely it was supported, where that can be said."""

    url = address("point-detail", "public_id")
    support = SupportMember()
    text = TextMember()

    class Meta:
        model = Point
        fields = ("url", "public_id", "kind", "support", "text")


class SessionSerializer(ReadOnlySerializer):
    """`attribution_rule` is null where the rule of the event applies."""

    name = TextMember()

    class Meta:
        model = Session
        fields = ("position", "name", "attribution_rule")


class MediaType(Written, serializers.CharField):
    """It follows from the format."""

    def json(self, row: Row) -> str:
        cases = " ".join(f"WHEN {literal(one)} THEN {literal(one.media_type)}" for one in Format)
        return json_text(f"CASE {row.column('format')} {cases} END")


class DocumentSerializer(ReadOnlySerializer):
    """A cleaned copy of a file of the event, at `file`; nothing tells who made or uploaded it."""

    file = PageMember()
    title = TextMember()
    language = serializers.CharField(source="document_language", read_only=True, allow_null=True)
    media_type = MediaType(read_only=True)

    class Meta:
        model = PublishedDocument
        fields = (
            "file",
            "public_id",
            "title",
            "language",
            "format",
            "media_type",
            "size",
            "sha256",
            "pages",
            "published_at",
        )


class OrganiserSerializer(ReadOnlySerializer):
    actor = ActorReferenceSerializer(read_only=True)

    class Meta:
        model = Organiser
        fields = ("actor", "role")


class ParticipantSerializer(ReadOnlySerializer):
    """Somebody who was there and may be named; `name` and `affiliation` are null where they are not disclosed.

    How many others were there is not said.
    """

    session = SessionSerializer(read_only=True, allow_null=True)

    class Meta:
        model = DisclosedParticipant
        fields = ("name", "affiliation", "role", "session")


@extend_schema_field(Counts.schema(implementation_states()))
class RecommendationsByState(Counts):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(implementation_states(), **kwargs)


class EditionSerializer(EventReferenceSerializer):
    """An event of the series, and what came of what it asked for."""

    recommendations_by_state = RecommendationsByState(
        source="states_of_recommendations",
        help_text="How many of its public recommendations are in each state; none is left out as nought.",
    )

    class Meta(EventReferenceSerializer.Meta):
        fields = (*EventReferenceSerializer.Meta.fields, "recommendations_by_state")  # type: ignore[assignment]


class SeriesSerializer(PublicationShown):
    url = address("series-detail", "slug")
    page = PageMember()
    name = TextMember()
    description = TextMember(allow_null=True)
    convenors = ActorReferenceSerializer(many=True, read_only=True)
    editions = EditionSerializer(source="events", many=True, read_only=True)

    class Meta:
        model = Series
        fields = (
            "url",
            "page",
            "public_id",
            "slug",
            "name",
            "description",
            "cadence",
            "convenors",
            "editions",
            *PUBLICATION,
        )


class EventSerializer(PublicationShown):
    url = address("event-detail", "slug")
    page = PageMember()
    name = TextMember()
    series = SeriesReferenceSerializer(read_only=True, allow_null=True)
    place = TextMember(allow_null=True)
    summary = TextMember(allow_null=True)
    topics = TopicReferenceSerializer(many=True, read_only=True)
    partnerships = PartnershipReferenceSerializer(many=True, read_only=True)
    organisers = OrganiserSerializer(many=True, read_only=True)
    sessions = SessionSerializer(many=True, read_only=True)
    participants = ParticipantSerializer(source="disclosed_participants", many=True, read_only=True)
    reports = ReportReferenceSerializer(many=True, read_only=True)
    documents = DocumentSerializer(source="published_documents", many=True, read_only=True)

    class Meta:
        model = Event
        fields = (
            "url",
            "page",
            "public_id",
            "slug",
            "name",
            "series",
            "edition",
            "kind",
            "lifecycle",
            "start_date",
            "end_date",
            "start_time",
            "end_time",
            "time_zone",
            "attendance",
            "place",
            "summary",
            "attribution_rule",
            "topics",
            "partnerships",
            "organisers",
            "sessions",
            "participants",
            "reports",
            "documents",
            *PUBLICATION,
        )
        extra_kwargs = {"attribution_rule": {"help_text": "not_stated is treated as chatham_house."}}


class ReportSerializer(PublicationShown):
    url = address("report-detail", "public_id")
    page = PageMember()
    event = EventReferenceSerializer(read_only=True)
    title = TextMember()
    summary = TextMember(allow_null=True)
    source = SourceReferenceSerializer(read_only=True, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Report
        fields = ("url", "page", "public_id", "event", "title", "summary", "source", *PUBLICATION)


class PointSerializer(ReadOnlySerializer):
    url = address("point-detail", "public_id")
    page = PageMember()
    event = EventReferenceSerializer(source="report.event", read_only=True)
    report = ReportReferenceSerializer(read_only=True)
    session = SessionSerializer(read_only=True, allow_null=True)
    support = SupportMember()
    text = TextMember()
    qualifies = PointReferenceSerializer(read_only=True, allow_null=True)
    qualified_by = PointReferenceSerializer(many=True, read_only=True)
    topics = TopicReferenceSerializer(many=True, read_only=True)

    class Meta:
        model = Point
        fields = (
            "url",
            "page",
            "public_id",
            "event",
            "report",
            "session",
            "position",
            "kind",
            "support",
            "text",
            "qualifies",
            "qualified_by",
            "topics",
        )
