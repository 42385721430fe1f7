"""The pages of partnerships, actors and claims."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import get_language_bidi, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from partnerships import reading
from partnerships.alphabet import sort_key
from partnerships.appended import LATEST_FIRST
from partnerships.calibration import COIN, FEW_RESOLVED, Band, calibration
from partnerships.filters import ActorFilters, ClaimFilters, PartnershipFilters, by_name, concerning
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
)
from partnerships.models.claim import ClaimLinkType
from partnerships.models.partnership import CooperationStage, PartnershipLinkType
from partnerships.pages import DetailPage, ListPage, Page, as_of_from
from partnerships.standing import group_by_kind, group_by_standing, unassessed
from partnerships.texts import page_language
from partnerships.timeline import timeline
from partnerships.treaty import party_standings
from partnerships.verification import ORIGINS_NEEDED, VerificationStatus

FEW = 12
"""How many of its claims, positions or recommendations an actor's page shows before it points to the list."""

REACHED = {
    stage: rank
    for rank, stage in enumerate(
        (
            CooperationStage.OPERATING,
            CooperationStage.AGREED,
            CooperationStage.EXPECTED,
            CooperationStage.UNDER_DISCUSSION,
            CooperationStage.PROPOSED,
            CooperationStage.LAPSED,
        )
    )
}
"""The stages of cooperation, the most advanced first."""

LINKED_TO = {
    PartnershipLinkType.PRECEDENT_FOR: _("Is a precedent for"),
    PartnershipLinkType.COMPLEMENTS: _("Complements"),
    PartnershipLinkType.COUNTERBALANCES: _("Counterbalances"),
    PartnershipLinkType.SUBSTITUTES: _("Substitutes"),
    PartnershipLinkType.PART_OF: _("Is part of"),
}
LINKED_FROM = {
    PartnershipLinkType.PRECEDENT_FOR: _("Follows the precedent of"),
    PartnershipLinkType.COMPLEMENTS: _("Is complemented by"),
    PartnershipLinkType.COUNTERBALANCES: _("Is counterbalanced by"),
    PartnershipLinkType.SUBSTITUTES: _("Is substituted by"),
    PartnershipLinkType.PART_OF: _("Has as a part"),
}
CLAIM_LINKED_TO = {
    ClaimLinkType.CONTRADICTS: _("Contradicts"),
    ClaimLinkType.QUALIFIES: _("Qualifies"),
    ClaimLinkType.SUPPORTS: _("Supports"),
    ClaimLinkType.FOLLOWS_FROM: _("Follows from"),
}
CLAIM_LINKED_FROM = {
    ClaimLinkType.CONTRADICTS: _("Is contradicted by"),
    ClaimLinkType.QUALIFIES: _("Is qualified by"),
    ClaimLinkType.SUPPORTS: _("Is supported by"),
    ClaimLinkType.FOLLOWS_FROM: pgettext_lazy("claim", "Has as a consequence"),
}


class PartnershipList(ListPage):
    model = Partnership
    template_name = "partnerships/partnership_list.html"
    section, section_url_name = _("Partnerships"), "partnerships:partnership_list"
    filters_class = PartnershipFilters
    order = ("sort_name", "slug")

    def sortable(self) -> Any:
        return super().sortable().annotate(sort_name=sort_key(page_language()))

    def rows(self) -> Any:
        user = self.request.user
        return super().rows().prefetch_related(reading.parties(user), reading.seen("topics", Topic, user))


class PartnershipDetail(DetailPage):
    model = Partnership
    template_name = "partnerships/partnership_detail.html"
    section, section_url_name = _("Partnerships"), "partnerships:partnership_list"
    takes_as_of = True

    def get_queryset(self) -> QuerySet[Any]:
        user, as_of = self.request.user, self.as_of
        partnerships = Partnership.objects.visible_to(user)
        topics = Topic.objects.visible_to(user)
        cooperations = Cooperation.objects.filter(topic__in=topics).select_related("topic")
        actions = InstrumentAction.objects.standing(as_of).select_related("instrument")
        instruments = (
            Instrument.objects.with_status(as_of=as_of)
            .prefetch_related(
                "obligations",
                reading.citations(user),
                Prefetch(
                    "actions",
                    actions.order_by("date_earliest", "as_of", "pk").prefetch_related(
                        reading.seen("party", Actor, user)
                    ),
                    to_attr="known_actions",
                ),
                reading.seen("promoted_from", Claim, user),
            )
            .order_by("pk")
        )
        links = PartnershipLink.objects.prefetch_related(reading.citations(user)).order_by("pk")
        return partnerships.prefetch_related(
            reading.parties(user, with_citations=True),
            reading.seen("topics", Topic, user),
            Prefetch("cooperations", cooperations.prefetch_related(reading.citations(user)).order_by("pk")),
            Prefetch("instruments", instruments),
            Prefetch("links", links.filter(target__in=partnerships).select_related("target")),
            Prefetch("linked_from", links.filter(source__in=partnerships).select_related("source")),
            Prefetch("claims", reading.claims(user, as_of).order_by("pk"), to_attr="known_claims"),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        partnership, user, as_of = self.object, self.request.user, self.as_of
        on = as_of or timezone.now().date()
        events = list(partnership.events.visible_to(user))
        for instrument in partnership.instruments.all():
            instrument.origins = reading.independent_origins(instrument.citations.all())
            instrument.articles = reading.supporting_articles(instrument.citations.all())
            instrument.standings = party_standings(instrument.known_actions)
        claims = partnership.known_claims
        not_assessed = unassessed(claims)
        return super().get_context_data(
            groups=group_by_standing(claims),
            number_unassessed=len(not_assessed),
            unassessed_by_kind=group_by_kind(claim for claim in not_assessed if not claim.perspective),
            perspectives=perspectives_of(claims),
            cooperation_table=table_of(partnership.cooperations.all()),
            links=[
                *((LINKED_TO[link.type], link.target, link) for link in partnership.links.all()),
                *((LINKED_FROM[link.type], link.source, link) for link in partnership.linked_from.all()),
            ],
            moments=timeline(claims, partnership.instruments.all(), events, on=on),
            events=events,
            recommendations=list(
                partnership.recommendations.visible_to(user).public_by(as_of).with_standing(user, as_of=as_of)
            ),
            **kwargs,
        )


def perspectives_of(claims: Any) -> list[tuple[Actor, list[Any]]]:
    """The claims that state an actor's point of view, under that actor; two sides stand side by side."""
    stated = sorted((claim for claim in claims if claim.perspective), key=lambda claim: claim.perspective.pk)
    return [(actor, list(group)) for actor, group in groupby(stated, key=lambda claim: claim.perspective)]


@dataclass(frozen=True, slots=True)
class Row:
    """One topic of cooperation with its stages, the most advanced first, and all that is cited for them."""

    topic: Topic
    cooperations: list[Any]

    @property
    def citations(self) -> list[Citation]:
        return [citation for cooperation in self.cooperations for citation in cooperation.citations.all()]


def table_of(cooperations: Any) -> list[Row]:
    """One row per topic, the furthest advanced first."""
    rows: dict[int, Row] = {}
    for cooperation in sorted(cooperations, key=lambda cooperation: (REACHED[cooperation.stage], cooperation.pk)):
        rows.setdefault(cooperation.topic_id, Row(cooperation.topic, [])).cooperations.append(cooperation)
    return list(rows.values())


class ActorList(ListPage):
    model = Actor
    template_name = "partnerships/actor_list.html"
    section, section_url_name = _("Actors"), "partnerships:actor_list"
    filters_class = ActorFilters
    order = ("sort_name", "slug")

    def sortable(self) -> Any:
        return super().sortable().annotate(sort_name=sort_key(page_language()))

    def rows(self) -> Any:
        user = self.request.user
        memberships = Membership.objects.filter(bloc__in=Actor.objects.visible_to(user)).select_related("bloc")
        return (
            super()
            .rows()
            .prefetch_related(reading.seen("parent", Actor, user), Prefetch("memberships", memberships.order_by("pk")))
        )


class ActorDetail(DetailPage):
    model = Actor
    template_name = "partnerships/actor_detail.html"
    section, section_url_name = _("Actors"), "partnerships:actor_list"
    takes_as_of = True

    def get_queryset(self) -> QuerySet[Any]:
        user = self.request.user
        actors, partnerships = Actor.objects.visible_to(user), Partnership.objects.visible_to(user)
        memberships = Membership.objects.prefetch_related(reading.citations(user)).order_by("since", "pk")
        return actors.prefetch_related(
            reading.seen("parent", Actor, user),
            Prefetch("children", by_name(actors)),
            Prefetch("memberships", memberships.filter(bloc__in=actors).select_related("bloc")),
            Prefetch("members", memberships.filter(member__in=actors).select_related("member")),
            Prefetch(
                "party_to",
                Party.objects.filter(partnership__in=partnerships).select_related("partnership").order_by("pk"),
            ),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, user, as_of = self.object, self.request.user, self.as_of
        claims = reading.claims(user, as_of)
        positions = (
            OfficialPosition.objects.standing(as_of)
            .filter(government=actor, claim__in=Claim.objects.visible_to(user))
            .select_related("claim")
            .prefetch_related(reading.seen("source", Source, user))
            .order_by("claim_id", *LATEST_FIRST)
            .distinct("claim_id")
        )
        about = claims.filter(concerning(actor)).exclude(perspective=actor).order_by("-pk")
        addressed = (
            actor.addressed.visible_to(user)
            .public_by(as_of)
            .with_status(as_of=as_of, on=as_of or timezone.now().date())
            .order_by("-pk")
        )
        return super().get_context_data(
            about=list(about[: FEW + 1]),
            perspectives=list(claims.filter(perspective=actor).order_by("-pk")[: FEW + 1]),
            positions=list(positions[: FEW + 1]),
            addressed=list(addressed.select_related("recommendation")[: FEW + 1]),
            organised=list(actor.organised.visible_to(user)[: FEW + 1]),
            convened=list(actor.convened_series.visible_to(user)),
            few=FEW,
            **kwargs,
        )


class ClaimList(ListPage):
    model = Claim
    template_name = "partnerships/claim_list.html"
    section, section_url_name = _("Claims"), "partnerships:claim_list"
    filters_class = ClaimFilters
    identifier = "public_id"
    order = ("-pk",)

    def rows(self) -> Any:
        return self.filters.narrow(reading.claims(self.request.user, self.filters.known_on))


class CalibrationPage(Page, TemplateView):
    """How well the likelihoods of forecasts were judged; the public reads it of what is published."""

    template_name = "partnerships/calibration.html"
    section, section_url_name = _("Claims"), "partnerships:claim_list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        as_of = as_of_from(self.request.GET)
        found = calibration(self.request.user, as_of=as_of)
        return super().get_context_data(
            calibration=found,
            rows=drawn(found.bands, mirrored=get_language_bidi()),
            coin=COIN,
            few=FEW_RESOLVED,
            as_of=as_of,
            **self.whereabouts(),
            **kwargs,
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A band as a picture draws it; positions are per cent of the width, from the physical left edge."""

    band: Band
    left: str
    width: str
    middle: str
    dot: str


def drawn(bands: list[Band], *, mirrored: bool) -> list[Drawn]:
    def at(percent: Any) -> str:
        return f"{100 - percent if mirrored else percent:.3f}%"

    return [
        Drawn(
            band=band,
            left=at(band.high if mirrored else band.low),
            width=f"{band.high - band.low:.3f}%",
            middle=at(band.mid_point),
            dot="" if band.share is None else at(band.share),
        )
        for band in bands
    ]


class ClaimDetail(DetailPage):
    model = Claim
    template_name = "partnerships/claim_detail.html"
    section, section_url_name = _("Claims"), "partnerships:claim_list"
    takes_as_of = True

    def get_queryset(self) -> QuerySet[Any]:
        user, as_of = self.request.user, self.as_of
        actors, claims = Actor.objects.visible_to(user), Claim.objects.visible_to(user).with_status(as_of=as_of)
        subjects = ClaimSubject.objects.filter(actor__in=actors).select_related("actor").order_by("pk")
        reviews = Review.objects.known_on(as_of).with_corrected(as_of).latest_first()
        positions = OfficialPosition.objects.known_on(as_of).with_corrected(as_of).filter(government__in=actors)
        links = ClaimLink.objects.order_by("pk")
        return claims.prefetch_related(
            reading.seen("perspective", Actor, user),
            reading.seen("asserted_by", Actor, user),
            reading.seen("partnerships", Partnership, user),
            reading.seen("topics", Topic, user),
            Prefetch("subjects", subjects),
            Prefetch("citations", reading.cited(user, Citation.objects.all())),
            Prefetch("reviews", reviews),
            Prefetch(
                "positions",
                positions.select_related("government")
                .prefetch_related(reading.seen("source", Source, user))
                .latest_first(),
            ),
            reading.current_positions(user, as_of),
            Prefetch(
                "resolutions",
                Resolution.objects.known_on(as_of)
                .with_corrected(as_of)
                .prefetch_related(reading.seen("source", Source, user))
                .latest_first(),
            ),
            Prefetch("links", links.filter(target__in=claims).prefetch_related(Prefetch("target", claims))),
            Prefetch("linked_from", links.filter(source__in=claims).prefetch_related(Prefetch("source", claims))),
            Prefetch("instruments", Instrument.objects.visible_to(user).select_related("partnership")),
        )

    def to_cite(self) -> QuerySet[Any]:
        claims: Any = super().to_cite()
        return cast(QuerySet[Any], claims.with_status(as_of=self.as_of))

    def standing_to_cite(self) -> str:
        status = VerificationStatus(self.object.status).label
        return gettext("verification status: %(status)s") % {"status": status}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claim = self.object
        citations = claim.citations.all()
        groups = list(dict.fromkeys(citation.independence_group for citation in citations))
        for citation in citations:
            citation.origin = groups.index(citation.independence_group) + 1
        origins = reading.independent_origins(citations)
        standing_reviews = [review for review in claim.reviews.all() if not review.is_corrected]
        return super().get_context_data(
            origins=origins,
            articles=reading.supporting_articles(citations),
            has_lost_grounds=(
                self.as_of is None and claim.status == VerificationStatus.CORROBORATED and origins < ORIGINS_NEEDED
            ),
            deciding_review=standing_reviews[0] if standing_reviews else None,
            links=[
                *((CLAIM_LINKED_TO[link.type], link.target) for link in claim.links.all()),
                *((CLAIM_LINKED_FROM[link.type], link.source) for link in claim.linked_from.all()),
            ],
            **kwargs,
        )
