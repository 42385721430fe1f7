"""Factories of the app `events`."""

import hashlib
from collections.abc import Iterable
from typing import Any

import factory
from factory.django import DjangoModelFactory

from events.models import (
    Consent,
    Disclosure,
    Document,
    Event,
    GroupSize,
    NameRefusal,
    Organiser,
    Participant,
    Point,
    PublicName,
    PublishedContent,
    PublishedDocument,
    Report,
    Rewording,
    Series,
    Session,
    Support,
    Viewing,
)
from events.models.rewording import said_by
from partnerships.models import Actor, Partnership, Topic
from tests.factories.accounts import somebody
from tests.factories.partnerships import ActorFactory
from tests.factories.publication import (
    AS_OF,
    PUBLISHED_AT,
    WITHDRAWN_AT,
    PublicationFactory,
    TranslatedFactory,
    noon,
)

__all__ = [
    "ConsentFactory",
    "DisclosureFactory",
    "DocumentFactory",
    "EventFactory",
    "GroupSizeFactory",
    "NameRefusalFactory",
    "OrganiserFactory",
    "ParticipantFactory",
    "PointFactory",
    "PublicNameFactory",
    "PublishedContentFactory",
    "PublishedDocumentFactory",
    "ReportFactory",
    "RewordingFactory",
    "SeriesFactory",
    "SessionFactory",
    "SupportFactory",
    "ViewingFactory",
]


class SeriesFactory(PublicationFactory):
    """`convenors=[…]` names who convenes it."""

    class Meta:
        model = Series

    name = factory.Sequence(lambda n: f"Series {n}")
    slug = factory.Sequence(lambda n: f"series-{n}")

    @factory.post_generation
    def convenors(self: Any, create: bool, convenors: list[Actor] | None) -> None:
        if create and convenors:
            self.convenors.set(convenors)


class EventFactory(PublicationFactory):
    """A roundtable of which nothing but the name is known; `topics=[…]`, `partnerships=[…]` say what it is about."""

    class Meta:
        model = Event

    name = factory.Sequence(lambda n: f"Event {n}")
    slug = factory.Sequence(lambda n: f"event-{n}")
    kind = Event.Kind.ROUNDTABLE

    @factory.post_generation
    def topics(self: Any, create: bool, topics: list[Topic] | None) -> None:
        if create and topics:
            self.topics.set(topics)

    @factory.post_generation
    def partnerships(self: Any, create: bool, partnerships: list[Partnership] | None) -> None:
        if create and partnerships:
            self.partnerships.set(partnerships)


class SessionFactory(TranslatedFactory):
    class Meta:
        model = Session

    event = factory.SubFactory(EventFactory)
    position = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Session {n}")


class OrganiserFactory(DjangoModelFactory):
    class Meta:
        model = Organiser

    event = factory.SubFactory(EventFactory)
    actor = factory.SubFactory(ActorFactory, kind=Actor.Kind.RESEARCH_INSTITUTE)


class ParticipantFactory(DjangoModelFactory):
    """`consents=["name", …]` records that they consented to these."""

    class Meta:
        model = Participant
        skip_postgeneration_save = True

    class Params:
        erased = factory.Trait(
            name="",
            erased_at=noon(AS_OF),
            erased_by=somebody("recorded"),
            erased_because=Participant.ErasureReason.ASKED,
        )

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"Participant {n}")

    @factory.post_generation
    def consents(self: Any, create: bool, consents: Iterable[str] | None) -> None:
        for disclosure in consents or ():
            ConsentFactory(participant=self, disclosure=disclosure)


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    participant = factory.SubFactory(ParticipantFactory)
    disclosure = Consent.Disclosure.NAME
    given = True
    as_of = AS_OF
    recorded_at = factory.LazyAttribute(lambda consent: noon(consent.as_of))
    by = somebody("recorded")
    evidence = "Form signed at the door."


class DisclosureFactory(DjangoModelFactory):
    """Shows the name of a participant who consented to every disclosure."""

    class Meta:
        model = Disclosure

    participant = factory.SubFactory(ParticipantFactory, consents=Consent.Disclosure.values)
    shows_name = True
    by = somebody("recorded")


class ViewingFactory(DjangoModelFactory):
    class Meta:
        model = Viewing

    by = somebody("recorded")
    event = factory.SubFactory(EventFactory)
    what = Viewing.What.LIST


class ReportFactory(PublicationFactory):
    """A published report is of a published event."""

    class Meta:
        model = Report

    class Params:
        published = factory.Trait(
            **PublicationFactory._meta.parameters["published"].overrides,
            event__published=True,
        )

    event = factory.SubFactory(EventFactory)
    title = factory.Sequence(lambda n: f"Report {n}")


class PointFactory(TranslatedFactory):
    """`topics=[…]` names its topics."""

    class Meta:
        model = Point
        skip_postgeneration_save = True

    report = factory.SubFactory(ReportFactory)
    position = factory.Sequence(lambda n: n + 1)
    kind = Point.Kind.OBSERVATION
    text = factory.Sequence(lambda n: f"Point {n}.")

    @factory.post_generation
    def topics(self: Any, create: bool, topics: list[Topic] | None) -> None:
        if create and topics:
            self.topics.set(topics)


class SupportFactory(DjangoModelFactory):
    """The row that the database made with its point, as it is graded."""

    class Meta:
        model = Support

    point = factory.SubFactory(PointFactory)

    @classmethod
    def _create(cls, model_class: type[Support], *args: Any, **columns: Any) -> Support:
        support = model_class._base_manager.get(pk=columns.pop("point").pk)
        for column, value in columns.items():
            setattr(support, column, value)
        support.save()
        return support


class GroupSizeFactory(DjangoModelFactory):
    """Of a whole event, unless a session is given."""

    class Meta:
        model = GroupSize

    event = factory.SubFactory(EventFactory)
    people = 12


class RewordingFactory(TranslatedFactory):
    """Of a point whose report is a draft, as only the tests have it; give it the point of a public one."""

    class Meta:
        model = Rewording

    point = factory.SubFactory(
        PointFactory,
        support=Point.Support.ONE_PARTICIPANT,
        cleared_by=somebody("cleared"),
        cleared_at=PUBLISHED_AT,
    )
    text = factory.Sequence(lambda n: f"Point {n}, reworded.")
    grade = Point.Support.ONE_PARTICIPANT
    before = factory.LazyAttribute(lambda rewording: said_by(rewording.point))
    note = "A word was misspelt."
    proposed_by = somebody("wrote")


class DocumentFactory(TranslatedFactory):
    """Names a file; none is written."""

    class Meta:
        model = Document

    event = factory.SubFactory(EventFactory)
    title = factory.Sequence(lambda n: f"Document {n}")
    file = factory.Sequence(lambda n: f"documents/{n}.pdf")
    uploaded_by = somebody("recorded")


class PublicNameFactory(DjangoModelFactory):
    class Meta:
        model = PublicName

    kind = "events.report"
    public_id = "0123456789"
    place = "summary (English)"
    words = "somebody"
    digest = "0" * 64
    reason = "Named in the press release."
    by = somebody("recorded")
    recorded_at = noon(AS_OF)


class NameRefusalFactory(DjangoModelFactory):
    class Meta:
        model = NameRefusal

    kind = "events.report"
    public_id = "0123456789"
    digests = factory.LazyFunction(lambda: ["0" * 64])
    by = somebody("recorded")
    recorded_at = noon(AS_OF)


CONTENT = b"%PDF-1.7 a cleaned copy"


class PublishedDocumentFactory(TranslatedFactory):
    """Says what its bytes are; `PublishedContentFactory` adds them. `withdrawn=True` takes it back."""

    class Meta:
        model = PublishedDocument

    class Params:
        withdrawn = factory.Trait(withdrawn_at=WITHDRAWN_AT, withdrawal_note="It named somebody.")

    event = factory.SubFactory(EventFactory)
    title = factory.Sequence(lambda n: f"Published document {n}")
    format = PublishedDocument.Format.PDF
    size = len(CONTENT)
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    published_at = PUBLISHED_AT


class PublishedContentFactory(DjangoModelFactory):
    class Meta:
        model = PublishedContent

    document = factory.SubFactory(PublishedDocumentFactory)
    content = CONTENT
