"""Factories of the app `partnerships`."""

import datetime as dt
import hashlib
import uuid
from typing import Any

import factory
from factory.django import DjangoModelFactory

from partnerships.models import (
    ActionType,
    Actor,
    ArchivedContent,
    ArchivedCopy,
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
    OriginDecision,
    OriginOutcome,
    Partnership,
    PartnershipLink,
    Party,
    Resolution,
    Review,
    Source,
    Topic,
    VerificationStatus,
)
from partnerships.verification import ESTABLISHED, is_lacking
from publishing.models.sent_form import SentForm
from tests.factories.accounts import somebody
from tests.factories.publication import AS_OF, AppendedFactory, PublicationFactory, TranslatedFactory, noon

__all__ = [
    "ActorFactory",
    "ArchivedContentFactory",
    "ArchivedCopyFactory",
    "CitationFactory",
    "ClaimFactory",
    "ClaimLinkFactory",
    "ClaimSubjectFactory",
    "CooperationFactory",
    "InstrumentActionFactory",
    "InstrumentFactory",
    "InstrumentObligationFactory",
    "MembershipFactory",
    "OfficialPositionFactory",
    "OriginDecisionFactory",
    "PartnershipFactory",
    "PartnershipLinkFactory",
    "PartyFactory",
    "ResolutionFactory",
    "ReviewFactory",
    "SentFormFactory",
    "SourceFactory",
    "TopicFactory",
]


class ActorFactory(PublicationFactory):
    class Meta:
        model = Actor

    kind = Actor.Kind.STATE
    name = factory.Sequence(lambda n: f"Actor {n}")
    slug = factory.Sequence(lambda n: f"actor-{n}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    bloc = factory.SubFactory(ActorFactory, kind=Actor.Kind.BLOC)
    member = factory.SubFactory(ActorFactory)


class TopicFactory(PublicationFactory):
    class Meta:
        model = Topic

    kind = Topic.Kind.THEME
    name = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")


class SourceFactory(PublicationFactory):
    class Meta:
        model = Source

    title = factory.Sequence(lambda n: f"Source {n}")


PAGE = b"<!doctype html><title>Talks</title>"


class ArchivedCopyFactory(DjangoModelFactory):
    """Kept; `unreachable=True`, `gone=True`, `refused=True`, `answers=True` and `uploaded=True` make the others."""

    class Meta:
        model = ArchivedCopy

    class Params:
        not_kept = factory.Trait(media_type="", size=None, sha256="")
        answers = factory.Trait(not_kept=True, outcome=ArchivedCopy.Outcome.ANSWERS)
        refused = factory.Trait(
            not_kept=True, outcome=ArchivedCopy.Outcome.REFUSED, reason=ArchivedCopy.Reason.DENIED, http_status=403
        )
        unreachable = factory.Trait(
            not_kept=True,
            outcome=ArchivedCopy.Outcome.UNREACHABLE,
            reason=ArchivedCopy.Reason.NOT_FOUND,
            http_status=404,
            failures=1,
            failing_since=factory.SelfAttribute("recorded_at"),
        )
        gone = factory.Trait(
            unreachable=True,
            outcome=ArchivedCopy.Outcome.GONE,
            failures=3,
            failing_since=factory.LazyAttribute(lambda copy: copy.recorded_at - dt.timedelta(days=8)),
        )
        uploaded = factory.Trait(url="", final_url="", http_status=None, by=somebody("recorded"))

    source = factory.SubFactory(SourceFactory, url="https://example.org/talks")
    outcome = ArchivedCopy.Outcome.KEPT
    url = factory.SelfAttribute("source.url")
    final_url = factory.SelfAttribute("url")
    http_status = 200
    media_type = "text/html"
    size = len(PAGE)
    sha256 = hashlib.sha256(PAGE).hexdigest()
    recorded_at = noon(AS_OF)


class ArchivedContentFactory(DjangoModelFactory):
    class Meta:
        model = ArchivedContent

    copy = factory.SubFactory(ArchivedCopyFactory)
    content = PAGE


class PartnershipFactory(PublicationFactory):
    """`topics=[…]` names its topics."""

    class Meta:
        model = Partnership

    name = factory.Sequence(lambda n: f"Partnership {n}")
    slug = factory.Sequence(lambda n: f"partnership-{n}")
    form = Partnership.Form.DEFENCE
    status = Partnership.Status.EMERGING

    @factory.post_generation
    def topics(self: Any, create: bool, topics: list[Topic] | None) -> None:
        if create and topics:
            self.topics.set(topics)


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = Party

    partnership = factory.SubFactory(PartnershipFactory)
    actor = factory.SubFactory(ActorFactory)


class PartnershipLinkFactory(DjangoModelFactory):
    class Meta:
        model = PartnershipLink

    source = factory.SubFactory(PartnershipFactory)
    type = PartnershipLink.Type.COMPLEMENTS
    target = factory.SubFactory(PartnershipFactory)


class CooperationFactory(DjangoModelFactory):
    class Meta:
        model = Cooperation

    partnership = factory.SubFactory(PartnershipFactory)
    topic = factory.SubFactory(TopicFactory, kind=Topic.Kind.COOPERATION_AREA)
    stage = Cooperation.Stage.UNDER_DISCUSSION


class InstrumentFactory(TranslatedFactory):
    class Meta:
        model = Instrument

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda n: f"Instrument {n}")
    slug = factory.Sequence(lambda n: f"instrument-{n}")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        claim = kwargs.get("promoted_from")
        if claim is not None and not claim.reviews.filter(status__in=ESTABLISHED).exists():
            ReviewFactory(claim=claim, status=VerificationStatus.CORROBORATED)
        return super()._create(model_class, *args, **kwargs)


class InstrumentObligationFactory(DjangoModelFactory):
    class Meta:
        model = InstrumentObligation

    instrument = factory.SubFactory(InstrumentFactory)
    obligation = Instrument.Obligation.CONSULTATION


class InstrumentActionFactory(AppendedFactory):
    class Meta:
        model = InstrumentAction

    instrument = factory.SubFactory(InstrumentFactory)
    type = ActionType.SIGNED


class ClaimFactory(PublicationFactory):
    """`partnerships=[…]` and `topics=[…]` name what it is about."""

    class Meta:
        model = Claim

    kind = Claim.Kind.OCCURRENCE
    statement = factory.Sequence(lambda n: f"Claim {n}.")

    @factory.post_generation
    def partnerships(self: Any, create: bool, partnerships: list[Partnership] | None) -> None:
        if create and partnerships:
            self.partnerships.set(partnerships)

    @factory.post_generation
    def topics(self: Any, create: bool, topics: list[Topic] | None) -> None:
        if create and topics:
            self.topics.set(topics)


class ClaimSubjectFactory(DjangoModelFactory):
    class Meta:
        model = ClaimSubject

    claim = factory.SubFactory(ClaimFactory)
    actor = factory.SubFactory(ActorFactory)


class ClaimLinkFactory(DjangoModelFactory):
    class Meta:
        model = ClaimLink

    source = factory.SubFactory(ClaimFactory)
    type = ClaimLink.Type.CONTRADICTS
    target = factory.SubFactory(ClaimFactory)


class CitationFactory(DjangoModelFactory):
    """Of a new claim, or of what is given: `CitationFactory(party=party)`."""

    class Meta:
        model = Citation

    class Params:
        about_claim = factory.LazyAttribute(
            lambda citation: (
                not any((citation.instrument, citation.cooperation, citation.link, citation.party, citation.membership))
            )
        )

    source = factory.SubFactory(SourceFactory)
    independence_group = factory.Sequence(lambda n: f"origin-{n}")
    instrument = None
    cooperation = None
    link = None
    party = None
    membership = None
    claim = factory.Maybe("about_claim", yes_declaration=factory.SubFactory(ClaimFactory), no_declaration=None)


class OriginDecisionFactory(DjangoModelFactory):
    """That two origins are independent of each other; the citations are made by whoever needs them."""

    class Meta:
        model = OriginDecision

    claim = factory.SubFactory(ClaimFactory)
    outcome = OriginOutcome.INDEPENDENT
    groups = factory.LazyFunction(lambda: ["agency", "daily"])
    reason = "Each had a source of its own."
    by = somebody("recorded")
    recorded_at = noon(AS_OF)


class ReviewFactory(AppendedFactory):
    """With the citations that its status needs, as far as the claim lacks them; `grounded=False` adds none."""

    class Meta:
        model = Review

    claim = factory.SubFactory(ClaimFactory)
    status = VerificationStatus.UNVERIFIED
    decided_at = factory.SelfAttribute("recorded_at")
    reason = "Nobody but the source says so."

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.pop("grounded", True):
            ground(kwargs["claim"], kwargs["status"], on=kwargs["as_of"])
        return super()._create(model_class, *args, **kwargs)


def ground(claim: Claim, status: str, *, on: dt.date) -> None:
    """Cites what `status` needs, where `claim` lacks it: origins of its own, or the word of a new subject."""
    while is_lacking(status, claim.grounds(on=on)):
        party = None
        if status == VerificationStatus.OFFICIALLY_CONFIRMED:
            party = ActorFactory(published=claim.published_at is not None)
            ClaimSubjectFactory(claim=claim, actor=party)
        source = SourceFactory(published=claim.published_at is not None, publisher=party)
        CitationFactory(claim=claim, source=source)


class ResolutionFactory(AppendedFactory):
    """Of a published forecast, by somebody who did not write it."""

    class Meta:
        model = Resolution

    claim = factory.SubFactory(ClaimFactory, published=True, kind="forecast", likelihood="likely")
    outcome = Resolution.Outcome.UNRESOLVABLE
    reason = "It cannot be said."


class OfficialPositionFactory(AppendedFactory):
    class Meta:
        model = OfficialPosition

    claim = factory.SubFactory(ClaimFactory)
    government = factory.SubFactory(ActorFactory)
    position = OfficialPosition.Position.SILENT


class SentFormFactory(DjangoModelFactory[SentForm]):
    class Meta:
        model = SentForm

    key = factory.LazyFunction(uuid.uuid4)
    by = somebody("recorded")
    path = "/admin/partnerships/source/add/"
    digest = hashlib.sha256(b"What was typed.").hexdigest()
    led_to = "/admin/partnerships/source/"
    made = "/admin/partnerships/source/1/change/"
