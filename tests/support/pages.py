"""Pages as a visitor gets them, and publications with more of each part."""

import datetime as dt
import html
import re
from typing import Any

from django.test import Client

from partnerships.models import ActionType, Actor, Claim, VerificationStatus
from tests.factories import (
    AS_OF,
    ActorFactory,
    AddresseeFactory,
    CitationFactory,
    ClaimFactory,
    ClaimLinkFactory,
    ClaimSubjectFactory,
    ConfirmationFactory,
    CooperationFactory,
    DisclosureFactory,
    EventFactory,
    EvidenceFactory,
    FulfilmentFactory,
    InstrumentActionFactory,
    InstrumentFactory,
    InstrumentObligationFactory,
    MembershipFactory,
    ObjectiveFactory,
    OfficialPositionFactory,
    OrganiserFactory,
    PartnershipFactory,
    PartnershipLinkFactory,
    PartyFactory,
    PointFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
    ReportFactory,
    ResponseFactory,
    ReviewFactory,
    SeriesFactory,
    SessionFactory,
    SourceFactory,
    StatusEntryFactory,
    TopicFactory,
)

TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
BLOCK = (
    "html|head|body|meta|link|title|script|header|footer|main|nav|section|article|aside|div|p|h[1-6]|ul|ol|li|dl|dt|dd|"
    "table|caption|thead|tbody|tfoot|tr|th|td|figure|figcaption|blockquote|form|fieldset|legend|details|summary|br|hr|"
    "option|select|g|path|rect|line|circle|use|text"
)
BESIDE_A_BLOCK = re.compile(rf"\s*(</?(?:{BLOCK})(?:\s[^<>]*)?/?>|<!doctype html>)\s*", re.IGNORECASE)


def folded(content: str) -> str:
    """The HTML without the white space that nobody sees: where lines break in a template is its own affair."""
    in_tags = TAG.sub(lambda tag: " ".join(tag[0].split()).replace(" >", ">"), content)
    return BESIDE_A_BLOCK.sub(r"\1", " ".join(in_tags.split()))


def page(address: str, client: Client | None = None, *, expect: int = 200, **query: str) -> str:
    """The HTML at `address`, folded, as a visitor gets it or as whoever uses `client`."""
    response = (client or Client()).get(address, query)
    assert response.status_code == expect, (address, response.status_code)
    return folded(response.content.decode())


def words(content: str) -> str:
    """What a person reads of a page: no tags, entities resolved, one space between words."""
    body = content[content.index("<body") :]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def add_to_partnership(partnership: Any) -> None:
    """One more of everything that the page of a partnership shows."""
    source = SourceFactory(published=True, publisher=ActorFactory(published=True))
    party = PartyFactory(partnership=partnership, actor=ActorFactory(published=True))
    cooperation = CooperationFactory(partnership=partnership, topic=TopicFactory(published=True))
    link = PartnershipLinkFactory(source=partnership, target=PartnershipFactory(published=True))
    PartnershipLinkFactory(source=PartnershipFactory(published=True), target=partnership)
    partnership.topics.add(TopicFactory(published=True))
    claim = ClaimFactory(
        published=True, partnerships=[partnership], perspective=ActorFactory(published=True), valid="2025-09"
    )
    ReviewFactory(claim=claim)
    OfficialPositionFactory(claim=claim, government=ActorFactory(published=True))
    Claim.objects.filter(pk=claim.pk).update(context_en="Said once.", version_note="A context was added.")
    occurrence = ClaimFactory(published=True, partnerships=[partnership], kind="occurrence", valid="2025-08")
    ClaimLinkFactory(source=occurrence, target=claim, type="contradicts")
    instrument = InstrumentFactory(partnership=partnership, promoted_from=claim)
    InstrumentObligationFactory(instrument=instrument)
    InstrumentActionFactory(
        instrument=instrument, party=ActorFactory(published=True), date="2025-05", type=ActionType.SIGNED
    )
    for cited in ({"instrument": instrument}, {"cooperation": cooperation}, {"link": link}, {"party": party}):
        CitationFactory(source=source, **cited)
    EventFactory(published=True, partnerships=[partnership], start_date=dt.date(2025, 4, 1))
    recommendation = RecommendationFactory(published=True, partnerships=[partnership])
    AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True))


def add_to_actor(actor: Any) -> None:
    """One more of everything that the page of an actor shows."""
    ActorFactory(published=True, parent=actor)
    membership = MembershipFactory(member=actor, bloc=ActorFactory(published=True, kind=Actor.Kind.BLOC))
    CitationFactory(membership=membership, source=SourceFactory(published=True))
    PartyFactory(partnership=PartnershipFactory(published=True), actor=actor)
    AddresseeFactory(recommendation=RecommendationFactory(published=True), actor=actor)
    about, of = (
        ClaimFactory(published=True, asserted_by=actor),
        ClaimFactory(published=True, perspective=actor),
    )
    for claim in (about, of):
        OfficialPositionFactory(claim=claim, government=actor, position="denied", source=SourceFactory(published=True))
    OrganiserFactory(actor=actor, event=EventFactory(published=True))
    SeriesFactory(published=True, convenors=[actor])


def add_to_claim(claim: Any) -> None:
    """One more of everything that the page of a claim shows."""
    CitationFactory(claim=claim, source=SourceFactory(published=True, publisher=ActorFactory(published=True)))
    ClaimSubjectFactory(claim=claim, actor=ActorFactory(published=True))
    ClaimLinkFactory(source=claim, target=ClaimFactory(published=True))
    ClaimLinkFactory(source=ClaimFactory(published=True), target=claim)
    ReviewFactory(claim=claim, status=VerificationStatus.DISPUTED)
    OfficialPositionFactory(
        claim=claim,
        government=ActorFactory(published=True),
        position="denied",
        source=SourceFactory(published=True),
    )
    claim.topics.add(TopicFactory(published=True))
    claim.partnerships.add(PartnershipFactory(published=True))
    InstrumentFactory(partnership=PartnershipFactory(published=True), promoted_from=claim)


def add_to_event(event: Any) -> None:
    """One more of everything that the page of an event shows."""
    OrganiserFactory(event=event, actor=ActorFactory(published=True))
    session = SessionFactory(event=event)
    DisclosureFactory(participant__event=event, session=session)
    DisclosureFactory(participant__event=event)
    report = ReportFactory(
        published=True, event=event, source=SourceFactory(published=True, publisher=ActorFactory(published=True))
    )
    point = PointFactory(report=report, session=session, topics=[TopicFactory(published=True)])
    PointFactory(report=report, qualifies=point)
    event.topics.add(TopicFactory(published=True))
    event.partnerships.add(PartnershipFactory(published=True))
    recommendation = RecommendationFactory(published=True, event=event, point=point)
    AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True))
    FulfilmentFactory(recommendation=RecommendationFactory(published=True), event=event)


def add_to_series(series: Any) -> None:
    """One more of everything that the page and the scorecard of a series show."""
    event = EventFactory(published=True, series=series)
    OrganiserFactory(event=event, actor=ActorFactory(published=True))
    recommendation = RecommendationFactory(published=True, event=event)
    AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True))
    RecommendationLinkFactory(source=recommendation, target=RecommendationFactory(published=True))
    RecommendationLinkFactory(source=RecommendationFactory(published=True), target=recommendation)
    FulfilmentFactory(recommendation=RecommendationFactory(published=True), series=series)
    series.convenors.add(ActorFactory(published=True))


def add_to_recommendation(recommendation: Any) -> None:
    """One more of everything that the page of a recommendation shows."""
    source = SourceFactory(published=True, publisher=ActorFactory(published=True))
    ObjectiveFactory(recommendation=recommendation)
    part = RecommendationFactory(published=True, event=recommendation.event, parent=recommendation)
    AddresseeFactory(recommendation=part, actor=ActorFactory(published=True))
    RecommendationLinkFactory(source=recommendation, target=RecommendationFactory(published=True))
    RecommendationLinkFactory(source=RecommendationFactory(published=True), target=recommendation)
    FulfilmentFactory(recommendation=recommendation, series=SeriesFactory(published=True))
    FulfilmentFactory(recommendation=recommendation, event=EventFactory(published=True))
    FulfilmentFactory(recommendation=recommendation, source=source)
    FulfilmentFactory(
        recommendation=recommendation, instrument=InstrumentFactory(partnership=PartnershipFactory(published=True))
    )
    recommendation.topics.add(TopicFactory(published=True))
    recommendation.partnerships.add(PartnershipFactory(published=True))
    addressee = AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True))
    ResponseFactory(addressee=addressee, accepted=True, source=source)
    entry = StatusEntryFactory(
        addressee=addressee, state="implemented", on_behalf_of=ActorFactory(published=True), as_of=AS_OF
    )
    EvidenceFactory(entry=entry, source=source)
    ConfirmationFactory(entry=entry)
    StatusEntryFactory(addressee=addressee, state="superseded", successor=RecommendationFactory(published=True))
