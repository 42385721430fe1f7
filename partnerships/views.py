"""The pages of partnerships, actors and claims."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import get_language_bidi, gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from partnerships import prefetches
from partnerships.calibration import COIN, FEW_RESOLVED, Band, calibration
from partnerships.filters import ActorFilters, ClaimFilters, ClaimPart, PartnershipFilters, has_part
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
)
from partnerships.models.claim import ClaimLinkType
from partnerships.models.partnership import CooperationStage, PartnershipLinkType
from partnerships.page.changes_since import added, since_from
from partnerships.page.ledger import (
    MAX_CLAIMS,
    SIDES,
    Contradiction,
    bound_to,
    changes_of_verification,
    claim_lines,
    columns_of,
    contradictions_of,
    ledger_of,
    load_claims,
    shares_by_partnership,
    shares_of,
    sides_of,
    unassessed_by_kind,
)
from partnerships.page.network_svg import MAX_NODES, Link, pictures
from partnerships.page.timeline import MAX_MOMENTS, Moment, timeline
from partnerships.page.timeline_svg import draw
from partnerships.verification import VerificationStatus
from publishing.database.collation import sort_key
from publishing.languages import Text, direction_of, label_of, page_language
from publishing.pages.detail import DetailPage
from publishing.pages.lists import ListPage, by_name
from publishing.pages.page import Page
from publishing.prefetches import visible_prefetch
from publishing.query_parameters import day_of
from publishing.records import LATEST_FIRST

MAX_PREVIEWED = 12
"""How many claims, positions or recommendations an actor's page shows before it links to the list."""

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

STAGES = tuple(CooperationStage)
"""The stages as the columns of the matrix, in their chronological order."""

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
    standfirst = _("Who stands in which relation, how far they work together, and how well we know it.")
    feed_url_name = "partnerships:partnership_feed"
    filters_class = PartnershipFilters
    order = ("sort_name", "slug")

    def sortable(self) -> Any:
        return super().sortable().annotate(sort_name=sort_key(page_language()))

    def rows(self) -> Any:
        user = self.request.user
        return super().rows().prefetch_related(prefetches.parties(user), visible_prefetch("topics", Topic, user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shares = shares_by_partnership(self.slice.rows, self.request.user)
        for partnership in self.slice.rows:
            partnership.shares = shares.get(partnership.pk, [])
        return super().get_context_data(**kwargs)


class PartnershipDetail(DetailPage):
    model = Partnership
    template_name = "partnerships/partnership_detail.html"
    section, section_url_name = _("Partnerships"), "partnerships:partnership_list"
    takes_as_of = True

    @property
    def since(self) -> dt.date | None:
        return since_from(self.request.GET, as_of=self.as_of)

    def get_queryset(self) -> QuerySet[Any]:
        user, as_of = self.request.user, self.as_of
        partnerships = Partnership.objects.visible_to(user)
        topics = Topic.objects.visible_to(user)
        cooperations = Cooperation.objects.filter(topic__in=topics).select_related("topic")
        actions = InstrumentAction.objects.effective(as_of).select_related("instrument")
        instruments = (
            Instrument.objects.with_status(as_of=as_of)
            .prefetch_related(
                "obligations",
                prefetches.citations(user),
                Prefetch(
                    "actions",
                    actions.order_by("date_earliest", "as_of", "pk").prefetch_related(
                        visible_prefetch("party", Actor, user)
                    ),
                    to_attr="known_actions",
                ),
                visible_prefetch("promoted_from", Claim, user),
            )
            .order_by("pk")
        )
        links = PartnershipLink.objects.prefetch_related(prefetches.citations(user)).order_by("pk")
        return partnerships.prefetch_related(
            prefetches.parties(user, with_citations=True),
            visible_prefetch("topics", Topic, user),
            Prefetch("cooperations", cooperations.prefetch_related(prefetches.citations(user)).order_by("pk")),
            Prefetch("instruments", instruments),
            Prefetch("links", links.filter(target__in=partnerships).select_related("target")),
            Prefetch("linked_from", links.filter(source__in=partnerships).select_related("source")),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        partnership, user, as_of = self.object, self.request.user, self.as_of
        on = as_of or timezone.now().date()
        events = list(partnership.events.visible_to(user)[: MAX_PREVIEWED + 1])
        about_it = partnership.recommendations.visible_to(user).public_by(as_of).with_statuses(user, as_of=as_of)
        for instrument in partnership.instruments.all():
            instrument.origins = prefetches.independent_origins(instrument.citations.all())
            instrument.articles = prefetches.supporting_articles(instrument.citations.all())
            instrument.party_statuses = party_statuses(instrument.known_actions)
        links = links_of(partnership)
        return super().get_context_data(
            **self.ledger_of_claims(events, on=on),
            cooperation_table=table_of(partnership.cooperations.all()),
            stages=STAGES,
            links=links,
            pictures=pictures(partnership, links, page=page_language()),
            most=MAX_NODES,
            events=events,
            recommendations=list(about_it[: MAX_PREVIEWED + 1]),
            few=MAX_PREVIEWED,
            today_url=self.request.path + (f"?since={self.since}" if self.since else ""),
            **kwargs,
        )

    def ledger_of_claims(self, events: list[Any], *, on: dt.date) -> dict[str, Any]:
        """All claims on the page: they are read once for all its sections."""
        partnership, user, as_of, since = self.object, self.request.user, self.as_of, self.since
        ledger = ledger_of(claim_lines(partnership, user, as_of), occurrences=MAX_MOMENTS)
        pairs = contradictions_of(partnership, user)
        changes = changes_of_verification(partnership, user, as_of, newest=MAX_MOMENTS)
        news = added(partnership, user, day=since, as_of=as_of) if since else None
        keys = ledger.keys | set(ledger.occurrences) | {key for pair in pairs for key in pair}
        keys |= {change.claim_id for change in changes} | (news.claims if news else set())
        claims = load_claims(keys, user, as_of)
        ledger.fill(claims)
        contradictions = [
            Contradiction(claims[one], claims[other]) for one, other in pairs if one in claims and other in claims
        ]
        occurrences = [claims[key] for key in ledger.occurrences if key in claims]
        moments = timeline(occurrences, partnership.instruments.all(), events, bound_to(claims, changes), on=on)
        return {
            "columns": columns_of(ledger),
            "shares": shares_of(ledger.counts),
            "number_of_claims": ledger.counts.total(),
            "number_unassessed": ledger.counts[VerificationStatus.UNASSESSED],
            "unassessed_by_kind": unassessed_by_kind(ledger),
            "sides": sides_of(ledger, partnership.parties.all(), user),
            "has_more_sides": len(ledger.perspectives) > SIDES,
            "contradictions": contradictions[:MAX_CLAIMS],
            "moments": moments,
            "drawing": draw(
                moments.dated, label_beside_mark, on=on, is_mirrored=direction_of(page_language()) == "rtl"
            ),
            "since": since,
            "news": news.bound_to(claims) if news else None,
        }


def label_beside_mark(moment: Moment) -> Text:
    """The text beside the mark of a moment, in one language: two would mix their directions."""
    page = page_language()
    match moment.kind:
        case "action":
            party = label_of(moment.thing.party) if moment.thing.party else Text("", page)
            act = moment.thing.get_type_display()
            comma = pgettext("between parts of a citation", ", ")
            return Text(f"{act}{comma}{party.words}" if party.words and party.language == page else act, page)
        case "review":
            statement = label_of(moment.thing.claim)
            if statement.language != page:
                return statement
            return Text(f"{moment.thing.get_status_display()}: {statement.words}", page)
    return label_of(moment.thing)


def links_of(partnership: Any) -> list[Link]:
    """The links of `partnership` to others, as read from its own side."""
    return [
        *(Link(link.type, LINKED_FROM[link.type], link.source, link, False) for link in partnership.linked_from.all()),
        *(Link(link.type, LINKED_TO[link.type], link.target, link, True) for link in partnership.links.all()),
    ]


@dataclass(frozen=True, slots=True)
class CooperationRow:
    """One topic of cooperation with its stages, the most advanced first, and all their citations."""

    topic: Topic
    cooperations: list[Any]

    @property
    def cells(self) -> list[tuple[CooperationStage, bool]]:
        """Each stage, and whether the topic has it."""
        reached = {cooperation.stage for cooperation in self.cooperations}
        return [(stage, stage in reached) for stage in STAGES]

    @property
    def notes(self) -> list[Any]:
        return [cooperation for cooperation in self.cooperations if cooperation.note]

    @property
    def citations(self) -> list[Citation]:
        return [citation for cooperation in self.cooperations for citation in cooperation.citations.all()]


def table_of(cooperations: Any) -> list[CooperationRow]:
    """One row per topic, the most advanced first."""
    rows: dict[int, CooperationRow] = {}
    for cooperation in sorted(cooperations, key=lambda cooperation: (REACHED[cooperation.stage], cooperation.pk)):
        rows.setdefault(cooperation.topic_id, CooperationRow(cooperation.topic, [])).cooperations.append(cooperation)
    return list(rows.values())


class ActorList(ListPage):
    model = Actor
    template_name = "partnerships/actor_list.html"
    section, section_url_name = _("Actors"), "partnerships:actor_list"
    standfirst = _(
        "States, blocs, authorities, institutes and others: what they take part in, what is addressed to them, what they say."
    )
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
            .prefetch_related(
                visible_prefetch("parent", Actor, user), Prefetch("memberships", memberships.order_by("pk"))
            )
        )


class ActorDetail(DetailPage):
    """An actor with a few of each thing that concerns it, and links to the full lists."""

    model = Actor
    template_name = "partnerships/actor_detail.html"
    section, section_url_name = _("Actors"), "partnerships:actor_list"
    takes_as_of = True

    def get_queryset(self) -> QuerySet[Any]:
        user = self.request.user
        return Actor.objects.visible_to(user).prefetch_related(visible_prefetch("parent", Actor, user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, user, as_of = self.object, self.request.user, self.as_of
        on = as_of or timezone.now().date()
        claims = prefetches.claims(user, as_of).order_by("-pk")
        positions = (
            OfficialPosition.objects.effective(as_of)
            .filter(government=actor, claim__in=Claim.objects.visible_to(user))
            .select_related("claim")
            .prefetch_related(visible_prefetch("source", Source, user))
            .order_by("-claim_id", *LATEST_FIRST)
            .distinct("claim_id")
        )
        about = claims.filter(has_part(actor, ClaimPart.SUBJECT)).exclude(perspective=actor).exclude(asserted_by=actor)
        addressed = actor.addressed.visible_to(user).public_by(as_of).with_status(on=on, as_of=as_of).order_by("-pk")
        return super().get_context_data(
            **self.relations(),
            about=list(about[: MAX_PREVIEWED + 1]),
            perspectives=list(claims.filter(has_part(actor, ClaimPart.PERSPECTIVE))[: MAX_PREVIEWED + 1]),
            asserted=list(claims.filter(has_part(actor, ClaimPart.ASSERTED_BY))[: MAX_PREVIEWED + 1]),
            positions=list(positions[: MAX_PREVIEWED + 1]),
            addressed=list(addressed.select_related("recommendation")[: MAX_PREVIEWED + 1]),
            organised=list(
                actor.organised.visible_to(user).select_related("event").order_by("-pk")[: MAX_PREVIEWED + 1]
            ),
            convened=list(actor.convened_series.visible_to(user).order_by("-pk")[: MAX_PREVIEWED + 1]),
            few=MAX_PREVIEWED,
            **kwargs,
        )

    def relations(self) -> dict[str, Any]:
        """The memberships and partnerships of the actor."""
        actor, user = self.object, self.request.user
        actors = Actor.objects.visible_to(user)
        party_to = Party.objects.filter(actor=actor, partnership__in=Partnership.objects.visible_to(user))
        memberships = Membership.objects.filter(member=actor, bloc__in=actors).select_related("bloc")
        members = Membership.objects.filter(bloc=actor, member__in=actors).select_related("member")
        return {
            "party_to": list(party_to.select_related("partnership").order_by("-pk")[: MAX_PREVIEWED + 1]),
            "memberships": list(
                memberships.prefetch_related(prefetches.citations(user)).order_by("since", "pk")[: MAX_PREVIEWED + 1]
            ),
            "members": list(members.order_by("since", "pk")[: MAX_PREVIEWED + 1]),
            "children": list(by_name(actors.filter(parent=actor))[: MAX_PREVIEWED + 1]),
        }


class ClaimList(ListPage):
    model = Claim
    template_name = "partnerships/claim_list.html"
    section, section_url_name = _("Claims"), "partnerships:claim_list"
    standfirst = _(
        "What is said about a partnership is a claim: it has sources and a verification status, "
        "and no repetition makes it a fact."
    )
    feed_url_name = "partnerships:claim_feed"
    filters_class = ClaimFilters
    identifier = "public_id"
    order = ("-pk",)

    def rows(self) -> Any:
        return self.filters.narrow(prefetches.claims(self.request.user, self.filters.known_on))


class CalibrationPage(Page, TemplateView):
    """How well the likelihoods of forecasts matched their outcomes; for the public, of published forecasts."""

    template_name = "partnerships/calibration.html"
    section, section_url_name = _("Claims"), "partnerships:claim_list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        as_of = day_of(self.request.GET)
        found = calibration(self.request.user, as_of=as_of)
        return super().get_context_data(
            calibration=found,
            rows=drawn(found.bands, mirrored=get_language_bidi()),
            scale=(0, 50, 100),
            coin=COIN,
            few=FEW_RESOLVED,
            as_of=as_of,
            **self.whereabouts(),
            **kwargs,
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A band in the picture; positions are per cent of the width, from the physical left edge."""

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
        return claims.with_lost_grounds().prefetch_related(
            visible_prefetch("perspective", Actor, user),
            visible_prefetch("asserted_by", Actor, user),
            visible_prefetch("partnerships", Partnership, user),
            visible_prefetch("topics", Topic, user),
            Prefetch("subjects", subjects),
            Prefetch("citations", prefetches.cited(user, Citation.objects.all())),
            Prefetch("reviews", reviews),
            Prefetch(
                "positions",
                positions.select_related("government")
                .prefetch_related(visible_prefetch("source", Source, user))
                .latest_first(),
            ),
            prefetches.current_positions(user, as_of),
            Prefetch(
                "resolutions",
                Resolution.objects.known_on(as_of)
                .with_corrected(as_of)
                .prefetch_related(visible_prefetch("source", Source, user))
                .latest_first(),
            ),
            Prefetch("links", links.filter(target__in=claims).prefetch_related(Prefetch("target", claims))),
            Prefetch("linked_from", links.filter(source__in=claims).prefetch_related(Prefetch("source", claims))),
            Prefetch("instruments", Instrument.objects.visible_to(user).select_related("partnership")),
        )

    def to_cite(self) -> QuerySet[Any]:
        claims: Any = super().to_cite()
        return cast("QuerySet[Any]", claims.with_status(as_of=self.as_of))

    def caveat_to_cite(self) -> str:
        status = VerificationStatus(self.object.status).label
        return gettext("verification status: %(status)s") % {"status": status}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claim = self.object
        citations = claim.citations.all()
        groups = list(dict.fromkeys(citation.independence_group for citation in citations))
        for citation in citations:
            citation.origin = groups.index(citation.independence_group) + 1
        origins = prefetches.independent_origins(citations)
        standing_reviews = [review for review in claim.reviews.all() if not review.is_corrected]
        return super().get_context_data(
            origins=origins,
            articles=prefetches.supporting_articles(citations),
            has_lost_grounds=self.as_of is None and claim.has_lost_grounds,
            deciding_review=standing_reviews[0] if standing_reviews else None,
            outcome=next(
                (resolution.outcome for resolution in claim.resolutions.all() if not resolution.is_corrected), ""
            ),
            links=[
                *((CLAIM_LINKED_TO[link.type], link.target) for link in claim.links.all()),
                *((CLAIM_LINKED_FROM[link.type], link.source) for link in claim.linked_from.all()),
            ],
            **kwargs,
        )
