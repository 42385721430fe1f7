"""Factories of the app `recommendations`."""

import datetime as dt
from typing import Any

import factory
import pgtrigger
from django.db import transaction
from factory.django import DjangoModelFactory

from partnerships.models import InformationCredibility, Partnership, Source, SourceReliability, Topic
from publishing.publication import PublicationState
from recommendations.lifecycle.rules import SOURCES
from recommendations.lifecycle.states import Confidence, ImplementationState, ResponseKind
from recommendations.models import (
    Addressee,
    Confirmation,
    Digest,
    DigestChoice,
    Evidence,
    Fulfilment,
    InternalNote,
    Letter,
    Objective,
    Recommendation,
    RecommendationLink,
    Response,
    Snooze,
    StatusEntry,
    Submission,
)
from tests.factories.accounts import UserFactory, somebody
from tests.factories.events import EventFactory, SeriesFactory
from tests.factories.partnerships import ActorFactory, SourceFactory
from tests.factories.publication import AS_OF, AppendedFactory, PublicationFactory, TranslatedFactory, noon

__all__ = [
    "AddresseeFactory",
    "ConfirmationFactory",
    "DigestChoiceFactory",
    "DigestFactory",
    "EvidenceFactory",
    "FulfilmentFactory",
    "InternalNoteFactory",
    "LetterFactory",
    "ObjectiveFactory",
    "RecommendationFactory",
    "RecommendationLinkFactory",
    "ResponseFactory",
    "SnoozeFactory",
    "StatusEntryFactory",
    "SubmissionFactory",
    "recommendation_with_history",
]


class RecommendationFactory(PublicationFactory):
    """Addressed to nobody yet. A published one is of a published event."""

    class Meta:
        model = Recommendation

    class Params:
        published = factory.Trait(
            **PublicationFactory._meta.parameters["published"].overrides,
            event__published=True,
        )

    reference = factory.Sequence(lambda n: f"R-2021-{n + 1:03}")
    title = factory.Sequence(lambda n: f"Recommendation {n}")
    text = factory.Sequence(lambda n: f"The parties should do thing {n}.")
    event = factory.SubFactory(EventFactory)
    strength = Recommendation.Strength.SUGGESTED

    @factory.post_generation
    def topics(self: Any, create: bool, topics: list[Topic] | None) -> None:
        if create and topics:
            self.topics.set(topics)

    @factory.post_generation
    def partnerships(self: Any, create: bool, partnerships: list[Partnership] | None) -> None:
        if create and partnerships:
            self.partnerships.set(partnerships)


class ObjectiveFactory(TranslatedFactory):
    class Meta:
        model = Objective

    recommendation = factory.SubFactory(RecommendationFactory)
    position = factory.Sequence(lambda n: n + 1)
    text = factory.Sequence(lambda n: f"Objective {n}")


class RecommendationLinkFactory(DjangoModelFactory):
    class Meta:
        model = RecommendationLink

    source = factory.SubFactory(RecommendationFactory)
    type = RecommendationLink.Type.REITERATES
    target = factory.SubFactory(RecommendationFactory)


class FulfilmentFactory(DjangoModelFactory):
    """By a new series, or by what is given: `FulfilmentFactory(source=source)`."""

    class Meta:
        model = Fulfilment

    class Params:
        by_series = factory.LazyAttribute(
            lambda fulfilment: not any((fulfilment.event, fulfilment.instrument, fulfilment.source))
        )

    recommendation = factory.SubFactory(RecommendationFactory)
    event = None
    instrument = None
    source = None
    series = factory.Maybe("by_series", yes_declaration=factory.SubFactory(SeriesFactory), no_declaration=None)


class AddresseeFactory(DjangoModelFactory):
    class Meta:
        model = Addressee

    recommendation = factory.SubFactory(RecommendationFactory)
    actor = factory.SubFactory(ActorFactory)


class AtOnceFactory(DjangoModelFactory):
    """Rows that are made in one transaction with what hangs on them: an entry is judged with its evidence."""

    class Meta:
        abstract = True

    @classmethod
    def _generate(cls, strategy: str, params: dict[str, Any]) -> Any:
        with transaction.atomic():
            return super()._generate(strategy, params)


class OutOfTheBlueFactory(AtOnceFactory, AppendedFactory):
    """Records that need not follow from the one before, so that a test says only what it is about.

    The order of a lifecycle is tested where it is written, through actions and SQL.
    """

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        order = {"follows_the_lifecycle", "reopened_by_a_reviewer"}
        named = [trigger.name for trigger in model_class._meta.triggers]
        ignored = [f"{model_class._meta.label}:{name}" for name in named if name in order]
        # The inner block is left before the triggers are minded again, which a failed one would not let happen.
        with pgtrigger.ignore(*ignored), transaction.atomic():
            return super()._create(model_class, *args, **kwargs)


class ResponseFactory(OutOfTheBlueFactory):
    """Not sent; the traits fill what the other kinds need."""

    class Meta:
        model = Response

    class Params:
        awaiting = factory.Trait(kind=ResponseKind.AWAITING, channel="letter", recipient="Ministry of Defence")
        accepted = factory.Trait(
            kind=ResponseKind.ACCEPTED, office="Ministry of Defence", source=factory.SubFactory(SourceFactory)
        )
        partly_accepted = factory.Trait(
            kind=ResponseKind.PARTLY_ACCEPTED,
            office="Ministry of Defence",
            source=factory.SubFactory(SourceFactory),
            accepted_part="The first aim.",
        )
        noted = factory.Trait(kind=ResponseKind.NOTED, words="We take note.")
        rejected = factory.Trait(kind=ResponseKind.REJECTED, no_reason_given=True)

    addressee = factory.SubFactory(AddresseeFactory)
    kind = ResponseKind.NOT_SENT


class StatusEntryFactory(OutOfTheBlueFactory):
    """Not started; `state=` alone is enough for any other, what it needs is filled in.

    A state that needs evidence gets a source of its own, or that which is given (`cited=source`), or
    none where the test brings it (`cited=False`).
    """

    class Meta:
        model = StatusEntry
        skip_postgeneration_save = True

    class Params:
        # Named apart from the fields that they fill.
        is_superseded = factory.LazyAttribute(lambda entry: entry.state == ImplementationState.SUPERSEDED)

    addressee = factory.SubFactory(AddresseeFactory)
    state = ImplementationState.NOT_STARTED
    what_remains = factory.LazyAttribute(
        lambda entry: "The second part." if entry.state == ImplementationState.PARTLY_IMPLEMENTED else ""
    )
    reason = factory.LazyAttribute(
        lambda entry: (
            "No budget."
            if entry.state
            in {
                ImplementationState.STALLED,
                ImplementationState.NOT_IMPLEMENTED,
                ImplementationState.NO_LONGER_APPLICABLE,
                ImplementationState.WITHDRAWN,
            }
            else ""
        )
    )
    last_movement_date = factory.LazyAttribute(
        lambda entry: entry.as_of if entry.state == ImplementationState.STALLED else None
    )
    how_intent_is_met = factory.LazyAttribute(
        lambda entry: "By other means." if entry.state == ImplementationState.IMPLEMENTED_OTHERWISE else ""
    )
    successor = factory.Maybe(
        "is_superseded", yes_declaration=factory.SubFactory(RecommendationFactory), no_declaration=None
    )

    @factory.post_generation
    def cited(self: Any, create: bool, cited: Source | bool | None) -> None:
        needs = self.state in SOURCES or self.confidence != Confidence.CLAIMED
        if create and needs and cited is not False:
            is_public = self.addressee.recommendation.state == PublicationState.PUBLISHED
            named = {"published": True} if is_public else {}
            source = cited if isinstance(cited, Source) else SourceFactory(date="2025-05", **named)
            EvidenceFactory(entry=self, source=source)


class EvidenceFactory(AtOnceFactory):
    class Meta:
        model = Evidence

    entry = factory.SubFactory(StatusEntryFactory)
    source = factory.SubFactory(SourceFactory, date="2025-05")
    nature = Evidence.Nature.INDEPENDENT
    independence_group = factory.Sequence(lambda n: f"origin-{n}")
    source_reliability = SourceReliability.B
    information_credibility = InformationCredibility.PROBABLY_TRUE


class ConfirmationFactory(AtOnceFactory):
    class Meta:
        model = Confirmation

    entry = factory.SubFactory(StatusEntryFactory, state=ImplementationState.IMPLEMENTED)
    by = somebody("confirmed")
    recorded_at = factory.LazyAttribute(lambda confirmation: confirmation.entry.recorded_at)


class InternalNoteFactory(AtOnceFactory):
    class Meta:
        model = InternalNote

    entry = factory.SubFactory(StatusEntryFactory)
    text = "Heard on the telephone."
    by = somebody("recorded")
    recorded_at = factory.LazyAttribute(lambda note: note.entry.recorded_at)


class SnoozeFactory(DjangoModelFactory):
    """Of an addressee, for a week."""

    class Meta:
        model = Snooze

    addressee = factory.SubFactory(AddresseeFactory)
    until = AS_OF + dt.timedelta(days=7)
    reason = "They meet next week."
    by = somebody("recorded")
    recorded_at = noon(AS_OF)


class SubmissionFactory(AtOnceFactory):
    """Pending; `accepted=True` and `declined=True` decide it."""

    class Meta:
        model = Submission

    class Params:
        accepted = factory.Trait(
            decision=Submission.Decision.ACCEPTED,
            decided_at=noon(AS_OF),
            decided_by=somebody("decided"),
            entry=factory.SubFactory(
                StatusEntryFactory,
                addressee=factory.SelfAttribute("..addressee"),
                state=factory.SelfAttribute("..proposed_state"),
            ),
        )
        declined = factory.Trait(
            decision=Submission.Decision.DECLINED,
            decided_at=noon(AS_OF),
            decided_by=somebody("decided"),
            decision_reason="The source says something else.",
        )

    addressee = factory.SubFactory(AddresseeFactory)
    proposed_state = ImplementationState.IN_PROGRESS
    as_of = AS_OF
    submitted_at = noon(AS_OF)
    submitted_by = somebody("submitted")


class LetterFactory(DjangoModelFactory):
    """A draft of a firmer letter; `sent=True`, `published_note=True` and `dropped=True` decide it."""

    class Meta:
        model = Letter

    class Params:
        decided = factory.Trait(decided_by=somebody("decided"), decided_at=noon(AS_OF))
        sent = factory.Trait(
            decided=True,
            state=Letter.State.SENT,
            response=factory.SubFactory(ResponseFactory, awaiting=True, addressee=factory.SelfAttribute("..addressee")),
        )
        published_note = factory.Trait(
            decided=True,
            step=Letter.Step.SILENCE,
            state=Letter.State.PUBLISHED,
            entry=factory.SubFactory(StatusEntryFactory, addressee=factory.SelfAttribute("..addressee")),
        )
        dropped = factory.Trait(decided=True, state=Letter.State.DROPPED, reason="They have answered by telephone.")

    addressee = factory.SubFactory(AddresseeFactory)
    step = Letter.Step.FIRMER
    asked_on = AS_OF
    language = "en"
    subject = "Reminder"
    text = "Dear colleagues, we asked."
    drafted_at = noon(AS_OF)


class DigestChoiceFactory(DjangoModelFactory):
    class Meta:
        model = DigestChoice

    user = factory.SubFactory(UserFactory)


class DigestFactory(DjangoModelFactory):
    class Meta:
        model = Digest

    user = factory.SubFactory(UserFactory)
    day = AS_OF


def recommendation_with_history(**attributes: Any) -> Recommendation:
    """A recommendation to a lead and a supporting actor, both with responses and entries behind them.

    The lead was asked, accepted, began and implemented, which a second person confirmed; the
    supporter was asked and has not been seen to start. An internal note and a pending submission
    hang on it too. `published=True` publishes everything that it names.
    """
    named = {"published": True} if attributes.get("published") else {}
    recommendation: Recommendation = RecommendationFactory(**attributes)
    lead = AddresseeFactory(recommendation=recommendation, actor=ActorFactory(**named))
    support = AddresseeFactory(recommendation=recommendation, actor=ActorFactory(**named), role=Addressee.Role.SUPPORT)
    source = SourceFactory(date="2025-05", **named)
    day = dt.timedelta(days=1)
    for addressee in (lead, support):
        ResponseFactory(addressee=addressee, awaiting=True, as_of=AS_OF)
        StatusEntryFactory(addressee=addressee, as_of=AS_OF)
    ResponseFactory(addressee=lead, accepted=True, as_of=AS_OF + 10 * day, source=source)
    StatusEntryFactory(addressee=lead, state=ImplementationState.IN_PROGRESS, as_of=AS_OF + 20 * day, cited=source)
    done = StatusEntryFactory(
        addressee=lead,
        cited=source,
        state=ImplementationState.IMPLEMENTED,
        as_of=AS_OF + 40 * day,
        public_note="The first dialogue was held.",
    )
    ConfirmationFactory(entry=done)
    InternalNoteFactory(entry=done)
    SubmissionFactory(addressee=support)
    return recommendation
