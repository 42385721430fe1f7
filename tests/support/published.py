"""Everything that the public can read, with every relation filled: for the API's tests."""

import datetime as dt
from typing import Any

from django.test import Client

from events.models import Consent
from partnerships.models import ActionType, Actor, VerificationStatus
from recommendations.lifecycle.states import ImplementationState
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
    InternalNoteFactory,
    MembershipFactory,
    ObjectiveFactory,
    OfficialPositionFactory,
    OrganiserFactory,
    ParticipantFactory,
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
    SubmissionFactory,
    TopicFactory,
)

API = "/api/v1/"

IDENTIFIERS = {
    "actors": "slug",
    "topics": "slug",
    "partnerships": "slug",
    "instruments": "slug",
    "claims": "public_id",
    "sources": "public_id",
    "series": "slug",
    "events": "slug",
    "reports": "public_id",
    "points": "public_id",
    "recommendations": "reference",
    "status-entries": "public_id",
    "responses": "public_id",
}
"""The collections that everybody may read, and what stands in the addresses of their things."""

COLLECTIONS = (*IDENTIFIERS, "changes")
"""The lists that need no parameter."""


def everything() -> dict[str, Any]:  # noqa: PLR0915 -- one of everything, a statement each
    """One whole thing per collection, by the collection's name, all of them bound together.

    Called again, it makes others, so that a test can compare one of each with three.
    """
    source = SourceFactory(published=True, publisher=ActorFactory(published=True), date="2025-09")
    bloc = ActorFactory(published=True, kind=Actor.Kind.BLOC)
    actor = ActorFactory(published=True, parent=ActorFactory(published=True))
    membership = MembershipFactory(bloc=bloc, member=actor)
    topic = TopicFactory(published=True, parent=TopicFactory(published=True))

    other = PartnershipFactory(published=True)
    partnership = PartnershipFactory(published=True, topics=[topic])
    party = PartyFactory(partnership=partnership, actor=actor)
    cooperation = CooperationFactory(partnership=partnership, topic=topic)
    link = PartnershipLinkFactory(source=partnership, target=other)
    PartnershipLinkFactory(source=other, target=partnership)

    claim = ClaimFactory(
        published=True,
        partnerships=[partnership],
        topics=[topic],
        perspective=actor,
        asserted_by=ActorFactory(published=True),
        quantity_min=650,
        quantity_approximate=True,
        unit="military personnel",
        valid="2025-09",
    )
    ClaimSubjectFactory(claim=claim, actor=actor)
    ClaimLinkFactory(source=claim, target=ClaimFactory(published=True))
    ClaimLinkFactory(source=ClaimFactory(published=True), target=claim)
    review = ReviewFactory(claim=claim, as_of=AS_OF)
    ReviewFactory(claim=claim, as_of=AS_OF, status=VerificationStatus.DISPUTED, corrects=review)
    OfficialPositionFactory(claim=claim, government=actor)
    OfficialPositionFactory(claim=claim, government=actor, position="denied", source=source)

    instrument = InstrumentFactory(partnership=partnership, promoted_from=claim)
    InstrumentObligationFactory(instrument=instrument)
    InstrumentActionFactory(instrument=instrument, party=actor, date="2025-05", type=ActionType.SIGNED)
    for cited in ("claim", "instrument", "cooperation", "link", "party", "membership"):
        CitationFactory(source=source, **{cited: locals()[cited]})

    series = SeriesFactory(published=True, convenors=[actor])
    event = EventFactory(
        published=True,
        series=series,
        edition=1,
        start_date=dt.date(2025, 4, 1),
        topics=[topic],
        partnerships=[partnership],
    )
    OrganiserFactory(event=event, actor=actor)
    session = SessionFactory(event=event)
    ParticipantFactory(event=event, name="Somebody Secret", consents=Consent.Disclosure.values)
    disclosed = ParticipantFactory(
        event=event, name="Leyla Public", affiliation="Public Institute", consents=Consent.Disclosure.values
    )
    DisclosureFactory(participant=disclosed, session=session)
    DisclosureFactory(participant=disclosed, shows_name=False, shows_affiliation=True)
    report = ReportFactory(published=True, event=event, source=source)
    qualified = PointFactory(report=report)
    point = PointFactory(report=report, session=session, topics=[topic], qualifies=qualified)
    PointFactory(report=report, qualifies=point)

    compound = RecommendationFactory(published=True, event=event)
    recommendation = RecommendationFactory(
        published=True, event=event, point=point, parent=compound, topics=[topic], partnerships=[partnership]
    )
    RecommendationFactory(published=True, event=event, parent=recommendation)
    ObjectiveFactory(recommendation=recommendation)
    RecommendationLinkFactory(source=recommendation, target=RecommendationFactory(published=True, event=event))
    RecommendationLinkFactory(source=RecommendationFactory(published=True, event=event), target=recommendation)
    FulfilmentFactory(recommendation=recommendation, series=series)
    FulfilmentFactory(recommendation=recommendation, event=event)
    FulfilmentFactory(recommendation=recommendation, instrument=instrument)
    FulfilmentFactory(recommendation=recommendation, source=source)
    addressee = AddresseeFactory(recommendation=recommendation, actor=actor)
    response = ResponseFactory(addressee=addressee, accepted=True, source=source)
    earlier = StatusEntryFactory(addressee=addressee, state=ImplementationState.IN_PROGRESS)
    entry = StatusEntryFactory(
        addressee=addressee, state=ImplementationState.IMPLEMENTED, on_behalf_of=actor, corrects=earlier
    )
    EvidenceFactory(entry=entry, source=source)
    ConfirmationFactory(entry=entry)
    InternalNoteFactory(entry=entry, text="Something internal")
    SubmissionFactory(addressee=addressee, note="Something submitted")
    return {
        "actors": actor,
        "topics": topic,
        "partnerships": partnership,
        "instruments": instrument,
        "claims": claim,
        "sources": source,
        "series": series,
        "events": event,
        "reports": report,
        "points": point,
        "recommendations": recommendation,
        "status-entries": entry,
        "responses": response,
    }


def address_of(collection: str, thing: Any) -> str:
    """Where the API shows `thing`."""
    return f"{API}{collection}/{getattr(thing, IDENTIFIERS[collection])}/"


def get(path: str, **parameters: Any) -> Any:
    """What the API answers to a visitor: the parsed body of a 200."""
    response = Client().get(f"{API}{path}", parameters)
    assert response.status_code == 200, response.content
    return response.json()


def listed(path: str, member: str, **parameters: Any) -> list[Any]:
    """One member of each thing in a list."""
    return [thing[member] for thing in get(path, **parameters)["results"]]
