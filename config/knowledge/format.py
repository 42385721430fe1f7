"""The format of knowledge files, version 1: what is allowed where.

Field names are those of the models. Every word arrives as it was written (see `document`), and its field decides what
it means. The importer checks what only the database knows (that a reference exists, that a constraint holds).
"""

import enum
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue, SkipJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError

from config.knowledge.document import PlainWord
from config.knowledge.value import (
    ActorSlug,
    Amount,
    ClaimKey,
    ClockTime,
    Credibility,
    DateTime,
    Day,
    EventSlug,
    InstrumentSlug,
    OneLine,
    PartnershipSlug,
    PointKey,
    PositiveInteger,
    PossibleDate,
    RecommendationReference,
    ReferenceText,
    Refers,
    SeriesSlug,
    Slug,
    SourceKey,
    TopicSlug,
    WrittenLine,
    YesNo,
    unexpected,
    written_text,
)
from events.models.event import AttributionRule, EventAttendance, EventKind, EventLifecycle, OrganiserRole
from events.models.report import PointKind
from events.models.series import SeriesCadence
from events.models.support import PointSupport
from partnerships.models.actor import ActorKind
from partnerships.models.claim import (
    ClaimKind,
    ClaimLinkType,
    ClaimSubjectRole,
    Likelihood,
    OfficialPositionPosition,
)
from partnerships.models.instrument import ActionType, InstrumentBinding, InstrumentObligationKind, InstrumentType
from partnerships.models.partnership import (
    CooperationStage,
    PartnershipForm,
    PartnershipLinkType,
    PartnershipStatus,
    PartyRole,
)
from partnerships.models.source import InformationCredibility, SourceReliability, Stance
from partnerships.models.topic import TopicKind
from partnerships.verification import VerificationStatus
from publishing.languages import Language
from recommendations.lifecycle.states import Confidence, ImplementationState, ResponseKind
from recommendations.models.followup import EvidenceNature
from recommendations.models.recommendation import (
    AddresseeBasis,
    AddresseeRole,
    RecommendationLinkType,
    RecommendationStrength,
)

FORMAT_VERSION = 1


class Entry(BaseModel):
    """What all maps of the format share: unknown keys are errors, a key without a value counts as left out."""

    model_config = ConfigDict(
        extra="forbid",
        use_enum_values=True,
        validate_default=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    @model_validator(mode="before")
    @classmethod
    def leave_out_nothing(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            raise unexpected("expected a map of keys", data)
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}

    natural: ClassVar[tuple[str, ...]] = ()
    """The keys that tell one part from the others of the same thing."""


class Text(Entry):
    """A text in up to three languages, or in English where it is written straight behind its key."""

    en: OneLine | SkipJsonSchema[None] = None
    """English"""
    tr: OneLine | SkipJsonSchema[None] = None
    """Turkish"""
    ar: OneLine | SkipJsonSchema[None] = None
    """Arabic"""

    @model_validator(mode="before")
    @classmethod
    def english_alone(cls, data: Any) -> Any:
        if isinstance(data, str):
            return {"en": written_text(data)}
        if not isinstance(data, dict) or not data:
            raise unexpected("expected a text, or texts by language (en, tr, ar)", data)
        return data

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        by_language = handler.resolve_ref_schema(handler(schema))
        whole = dict(by_language)
        description = whole.pop("description", "")
        by_language.clear()
        by_language.update(
            {"description": description, "anyOf": [{"type": ["string", "number"]}, {**whole, "minProperties": 1}]}
        )
        return by_language


class PublicationEntry(Entry):
    """What every publication may carry beside its content."""

    identifier: ClassVar[str] = "slug"
    """The key by which the file, and other files, refer to it."""

    original_language: Language = Language.EN
    """The language in which it was written first; its texts must be there in this language."""
    embargo_until: DateTime | SkipJsonSchema[None] = None
    """Published, but shown to nobody before this moment."""
    state: Literal["draft", "published", "withdrawn"] = "draft"
    """`published` publishes it as the act of the person who runs the import, `withdrawn` takes it back."""
    withdrawal_note: OneLine = ""
    """Public: why it was withdrawn."""


class CitationEntry(Entry):
    """A source for the thing it stands in, with the two Admiralty grades, rated independently."""

    natural: ClassVar[tuple[str, ...]] = ("source", "locator")

    source: SourceKey
    """The key of a source."""
    stance: Stance = Stance.SUPPORTS
    locator: OneLine = ""
    """Where in the source: page, paragraph, heading."""
    quotation: OneLine = ""
    source_reliability: SourceReliability = SourceReliability.F
    information_credibility: Credibility = InformationCredibility.CANNOT_BE_JUDGED
    independence_group: Slug
    """One name for all that goes back to the same origin: twelve articles that repeat one dispatch count once."""


class MembershipEntry(Entry):
    """A stretch of time in which the actor belongs to a bloc."""

    natural: ClassVar[tuple[str, ...]] = ("bloc", "since")

    bloc: ActorSlug
    """The slug of an actor of the kind bloc."""
    since: Day | SkipJsonSchema[None] = None
    """Left out if unknown or from the start."""
    until: Day | SkipJsonSchema[None] = None
    """The last day; left out while it lasts."""
    citations: list[CitationEntry] = []


class ActorEntry(PublicationEntry):
    """A state, bloc, authority, force, institute, company or association."""

    slug: Slug
    kind: ActorKind
    name: Text
    short_name: Text | SkipJsonSchema[None] = None
    iso_code: OneLine = ""
    """ISO 3166-1 alpha-2, states only."""
    wikidata_id: OneLine = ""
    """For example Q846."""
    parent: ActorSlug | SkipJsonSchema[None] = None
    """The slug of the actor that it is part of."""
    memberships: list[MembershipEntry] = []


class TopicEntry(PublicationEntry):
    """A node of the tree of subjects."""

    slug: Slug
    kind: TopicKind
    name: Text
    description: Text | SkipJsonSchema[None] = None
    parent: TopicSlug | SkipJsonSchema[None] = None
    """The slug of the topic that it lies within."""


class SourceEntry(PublicationEntry):
    """Something that can be cited. What is unknown is left out."""

    identifier: ClassVar[str] = "key"

    key: Slug
    title: Text
    publisher: ActorSlug | SkipJsonSchema[None] = None
    """The slug of an actor, where the publisher is one of the knowledge base."""
    publisher_name: OneLine = ""
    """The publisher's name where it is no actor of the knowledge base."""
    author_name: OneLine = ""
    """Left out if unsigned."""
    date: PossibleDate = ""
    source_language: OneLine = ""
    """ISO 639 code."""
    url: OneLine = ""
    note: Text | SkipJsonSchema[None] = None
    """What a reader should know about it."""
    accessed_date: Day | SkipJsonSchema[None] = None


class PartyEntry(Entry):
    """An actor's part in the partnership."""

    natural: ClassVar[tuple[str, ...]] = ("actor",)

    actor: ActorSlug
    role: PartyRole = PartyRole.PARTY
    citations: list[CitationEntry] = []


class CooperationEntry(Entry):
    """How far the partnership has come in one area of cooperation."""

    natural: ClassVar[tuple[str, ...]] = ("topic", "stage")

    topic: TopicSlug
    stage: CooperationStage
    note: OneLine = ""
    citations: list[CitationEntry] = []


class PartnershipLinkEntry(Entry):
    """What the partnership is to another one."""

    natural: ClassVar[tuple[str, ...]] = ("type", "target")

    type: PartnershipLinkType
    target: PartnershipSlug
    """The slug of the other partnership."""
    citations: list[CitationEntry] = []


class AppendedEntry(Entry):
    """A dated record. It is appended once and never changed; one with the same content is left alone."""

    as_of: Day | SkipJsonSchema[None] = None
    """The day for which it is true of the world; by default the day of the import."""
    language: Language = Language.EN
    """The language in which its words are written."""


class InstrumentActionEntry(AppendedEntry):
    """What a party, or all of them where none is named, did with the instrument."""

    type: ActionType
    party: ActorSlug | SkipJsonSchema[None] = None
    """The slug of an actor."""
    date: PossibleDate = ""
    note: OneLine = ""


class InstrumentEntry(Entry):
    """A treaty or other agreed text of the partnership."""

    natural: ClassVar[tuple[str, ...]] = ("slug",)

    slug: Slug
    name: Text
    type: InstrumentType = InstrumentType.UNKNOWN
    binding: InstrumentBinding = InstrumentBinding.UNKNOWN
    description: Text | SkipJsonSchema[None] = None
    obligations: list[InstrumentObligationKind] = []
    promoted_from: ClaimKey | SkipJsonSchema[None] = None
    """The key of the claim that it exists, once corroborated."""
    actions: list[InstrumentActionEntry] = []
    citations: list[CitationEntry] = []


class PartnershipEntry(PublicationEntry):
    """A lasting relation between actors, from first talks to its end."""

    slug: Slug
    name: Text
    form: PartnershipForm
    status: PartnershipStatus
    summary: Text | SkipJsonSchema[None] = None
    topics: list[TopicSlug] = []
    """Slugs of themes and theatres; areas of cooperation stand below, with their stage."""
    parties: list[PartyEntry] = []
    cooperations: list[CooperationEntry] = []
    links: list[PartnershipLinkEntry] = []
    instruments: list[InstrumentEntry] = []


class QuantityEntry(Entry):
    """How much or how many: one number or a range, and what is counted."""

    min: Amount | SkipJsonSchema[None] = None
    max: Amount | SkipJsonSchema[None] = None
    approximate: YesNo = False
    unit: OneLine = ""
    """For example: military personnel."""
    currency: OneLine = ""
    """ISO 4217, for amounts of money."""

    @model_validator(mode="after")
    def says_how_much(self) -> Self:
        if self.min is None and self.max is None:
            raise PydanticCustomError("unexpected", "expected min, max or both")
        return self


class ClaimSubjectEntry(Entry):
    """An actor that the claim is about, and in which role."""

    natural: ClassVar[tuple[str, ...]] = ("actor", "role")

    actor: ActorSlug
    role: ClaimSubjectRole = ClaimSubjectRole.SUBJECT


class ClaimLinkEntry(Entry):
    """What the claim is to another one."""

    natural: ClassVar[tuple[str, ...]] = ("type", "target")

    type: ClaimLinkType
    target: ClaimKey
    """The key of the other claim."""


class ReviewEntry(AppendedEntry):
    """A decision on the verification status of the claim. The first status, unassessed, needs none."""

    status: VerificationStatus
    reason: WrittenLine
    """Public: why this status."""
    decided_at: DateTime | SkipJsonSchema[None] = None
    """When it was decided; by default the moment of the import."""


class OfficialPositionEntry(AppendedEntry):
    """What a government says about the claim. Silence is recorded, and is not denial."""

    government: ActorSlug
    """The slug of an actor."""
    position: OfficialPositionPosition
    source: SourceKey | SkipJsonSchema[None] = None
    """The key of the source in which it said so; only silence needs none."""
    note: OneLine = ""


class ClaimEntry(PublicationEntry):
    """One proposition about the world."""

    identifier: ClassVar[str] = "key"

    key: Slug
    kind: ClaimKind
    statement: Text
    """One proposition, in one sentence."""
    context: Text | SkipJsonSchema[None] = None
    """What a reader needs to weigh it."""
    partnerships: list[PartnershipSlug] = []
    topics: list[TopicSlug] = []
    subjects: list[ClaimSubjectEntry] = []
    perspective: ActorSlug | SkipJsonSchema[None] = None
    """The slug of the actor from whose point of view it is said."""
    asserted_by: ActorSlug | SkipJsonSchema[None] = None
    """The slug of the actor who signs for it; left out where nobody does."""
    quantity: QuantityEntry | SkipJsonSchema[None] = None
    valid: PossibleDate = ""
    likelihood: Likelihood | Literal[""] = ""
    """For forecasts only (ICD 203)."""
    review_by: Day | SkipJsonSchema[None] = None
    sensitive: YesNo = False
    """An accusation or the like: always shown with its status and its context."""
    citations: list[CitationEntry] = []
    reviews: list[ReviewEntry] = []
    positions: list[OfficialPositionEntry] = []
    links: list[ClaimLinkEntry] = []


class SeriesEntry(PublicationEntry):
    """Events that belong together, edition after edition."""

    slug: Slug
    name: Text
    description: Text | SkipJsonSchema[None] = None
    cadence: SeriesCadence = SeriesCadence.UNKNOWN
    convenors: list[ActorSlug] = []
    """Slugs of actors."""


class OrganiserEntry(Entry):
    """An actor that hosts, co-organises, partners in or funds the event."""

    natural: ClassVar[tuple[str, ...]] = ("actor", "role")

    actor: ActorSlug
    role: OrganiserRole = OrganiserRole.CO_ORGANISER


class SessionEntry(Entry):
    """A part of the event's programme."""

    natural: ClassVar[tuple[str, ...]] = ("position",)

    position: PositiveInteger
    name: Text
    attribution_rule: AttributionRule | Literal[""] = ""
    """Left out: the rule of the event."""


class EventEntry(PublicationEntry):
    """A roundtable or another meeting. What is unknown is left out."""

    slug: Slug
    name: Text
    series: SeriesSlug | SkipJsonSchema[None] = None
    edition: PositiveInteger | SkipJsonSchema[None] = None
    kind: EventKind
    lifecycle: EventLifecycle = EventLifecycle.PLANNED
    start_date: Day | SkipJsonSchema[None] = None
    end_date: Day | SkipJsonSchema[None] = None
    start_time: ClockTime | SkipJsonSchema[None] = None
    end_time: ClockTime | SkipJsonSchema[None] = None
    time_zone: OneLine = ""
    """IANA name, for example Europe/Istanbul."""
    attendance: EventAttendance = EventAttendance.UNKNOWN
    place: Text | SkipJsonSchema[None] = None
    summary: Text | SkipJsonSchema[None] = None
    attribution_rule: AttributionRule = AttributionRule.NOT_STATED
    """not_stated is treated as chatham_house."""
    topics: list[TopicSlug] = []
    partnerships: list[PartnershipSlug] = []
    organisers: list[OrganiserEntry] = []
    sessions: list[SessionEntry] = []


class SaidSupport(enum.StrEnum):
    """How widely a point was supported; or that it is withheld, for the group was too small to say."""

    CONSENSUS = PointSupport.CONSENSUS.value
    BROAD = PointSupport.BROAD.value
    RECURRING = PointSupport.RECURRING.value
    ARGUED = PointSupport.ARGUED.value
    ONE_PARTICIPANT = PointSupport.ONE_PARTICIPANT.value
    NARRATIVE = PointSupport.NARRATIVE.value
    WITHHELD = "withheld"


class PointEntry(Entry):
    """One thing that was said, and how widely it was supported; never by whom. Points stand in their order."""

    natural: ClassVar[tuple[str, ...]] = ("key",)

    key: Slug
    """Unique within the report."""
    kind: PointKind
    support: SaidSupport = SaidSupport.NARRATIVE
    """withheld leaves what is known as it is; a new point is then narrative."""
    text: Text
    qualifies: Annotated[Slug, Refers("own points")] | SkipJsonSchema[None] = None
    """The key of the point of this report that it qualifies."""
    session: Annotated[PositiveInteger, Refers("own sessions")] | SkipJsonSchema[None] = None
    """The position of a session of the event."""
    topics: list[TopicSlug] = []
    cleared: YesNo = False
    """A single voice (support: one_participant) is cleared by the person who runs the import."""

    @model_validator(mode="after")
    def clears_a_single_voice(self) -> Self:
        if self.cleared and self.support != SaidSupport.ONE_PARTICIPANT:
            raise PydanticCustomError("unexpected", "only a single voice (support: one_participant) is cleared")
        return self


class ReportEntry(PublicationEntry):
    """What an event came to: its summary and its points."""

    identifier: ClassVar[str] = "key"

    key: Slug
    event: EventSlug
    title: Text
    summary: Text | SkipJsonSchema[None] = None
    source: SourceKey | SkipJsonSchema[None] = None
    """The key of the published text that the report rests on."""
    points: list[PointEntry] = []


class ResponseEntry(AppendedEntry):
    """What the addressee answered. Silence is never read as an answer."""

    kind: ResponseKind
    channel: OneLine = ""
    """How it was sent: letter, e-mail."""
    recipient: OneLine = ""
    """The office it was sent to; no person's name."""
    office: OneLine = ""
    """The office that answered; no person's name."""
    source: SourceKey | SkipJsonSchema[None] = None
    """The key of a source."""
    accepted_part: OneLine = ""
    words: OneLine = ""
    """What it said, in its words."""
    reason: OneLine = ""
    no_reason_given: YesNo = False


class EvidenceEntry(CitationEntry):
    """A source that shows how far the addressee has come."""

    nature: EvidenceNature = EvidenceNature.UNRATED
    """How near the source stands to it: the act itself (primary), somebody else's report, the addressee's own account."""


class StatusEntryEntry(AppendedEntry):
    """How far the addressee has come, as of a day, and on what evidence."""

    state: ImplementationState
    on_behalf_of: ActorSlug | SkipJsonSchema[None] = None
    """The slug of the partner whose own report this is."""
    confidence: Confidence = Confidence.CLAIMED
    public_note: OneLine = ""
    what_remains: OneLine = ""
    reason: OneLine = ""
    last_movement_date: Day | SkipJsonSchema[None] = None
    how_intent_is_met: OneLine = ""
    successor: RecommendationReference | SkipJsonSchema[None] = None
    """The reference of the recommendation that takes its place."""
    evidence: list[EvidenceEntry] = []


class AddresseeEntry(Entry):
    """An actor that the recommendation is addressed to."""

    natural: ClassVar[tuple[str, ...]] = ("actor",)

    actor: ActorSlug
    role: AddresseeRole = AddresseeRole.LEAD
    basis: AddresseeBasis = AddresseeBasis.STATED
    """Whether the report names the addressee, or the desk inferred it."""
    responses: list[ResponseEntry] = []
    entries: list[StatusEntryEntry] = []


class RecommendationLinkEntry(Entry):
    """What the recommendation does to an earlier one."""

    natural: ClassVar[tuple[str, ...]] = ("type", "target")

    type: RecommendationLinkType
    target: RecommendationReference
    """The reference of the earlier recommendation."""


class FulfilmentEntry(Entry):
    """What realised the recommendation: exactly one of series, event, instrument and source."""

    natural: ClassVar[tuple[str, ...]] = ("series", "event", "instrument", "source")

    series: SeriesSlug | SkipJsonSchema[None] = None
    event: EventSlug | SkipJsonSchema[None] = None
    instrument: InstrumentSlug | SkipJsonSchema[None] = None
    source: SourceKey | SkipJsonSchema[None] = None
    note: OneLine = ""


class RecommendationEntry(PublicationEntry):
    """What an event asks to be done."""

    identifier: ClassVar[str] = "reference"

    reference: ReferenceText
    """R-year-number, stable and never reused."""
    title: Text
    text: Text
    """As the report words it."""
    event: EventSlug
    point: PointKey | SkipJsonSchema[None] = None
    """The point of the report that it came from, as report/point."""
    parent: RecommendationReference | SkipJsonSchema[None] = None
    """The compound recommendation that it was split from."""
    strength: RecommendationStrength
    topics: list[TopicSlug] = []
    partnerships: list[PartnershipSlug] = []
    objectives: list[Text] = []
    test_of_done: Text | SkipJsonSchema[None] = None
    """What would have to be seen to call it implemented."""
    target_date: Day | SkipJsonSchema[None] = None
    priority: YesNo = False
    addressees: list[AddresseeEntry] = []
    links: list[RecommendationLinkEntry] = []
    fulfilments: list[FulfilmentEntry] = []


def known_version(value: object) -> int:
    if isinstance(value, PlainWord) and value == str(FORMAT_VERSION):
        return FORMAT_VERSION
    raise unexpected(f"expected {FORMAT_VERSION}, the version of the format that is read here", value)


class KnowledgeFile(Entry):
    """A knowledge file of Majlis. Sections refer to each other, across files, by slug, key or reference."""

    format: Annotated[Literal[1], BeforeValidator(known_version)]
    """The version of the format: 1."""
    actors: list[ActorEntry] = []
    topics: list[TopicEntry] = []
    sources: list[SourceEntry] = []
    partnerships: list[PartnershipEntry] = []
    claims: list[ClaimEntry] = []
    series: list[SeriesEntry] = []
    events: list[EventEntry] = []
    reports: list[ReportEntry] = []
    recommendations: list[RecommendationEntry] = []


SECTIONS: dict[str, type[PublicationEntry]] = {
    "actors": ActorEntry,
    "topics": TopicEntry,
    "sources": SourceEntry,
    "partnerships": PartnershipEntry,
    "claims": ClaimEntry,
    "series": SeriesEntry,
    "events": EventEntry,
    "reports": ReportEntry,
    "recommendations": RecommendationEntry,
}
