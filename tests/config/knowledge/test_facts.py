"""Every fact of the two source documents is in the database, published and in its place.

The files of `knowledge/` are imported once, into a transaction that is rolled back at the end. Each fact is one named
check: a query, and its expected result.
"""

import io
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from config.knowledge.importer import import_files
from events.models import Event, Point, Report, Series
from partnerships.models import (
    Actor,
    Citation,
    Claim,
    ClaimLink,
    Cooperation,
    Instrument,
    OfficialPosition,
    Partnership,
    PartnershipLink,
    Source,
    Topic,
)
from publishing.publication import Publication
from publishing.roles import ADMINISTRATORS
from recommendations.models import Recommendation
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.long]

FILES = sorted((Path(__file__).parents[3] / "knowledge").glob("*.yaml"))
ANALYSIS = "pakistan-qatar-analysis"
ROUNDTABLE = "gisr-orsam-roundtable-report"
RUMOURS = {"rumoured-finalised-pact", "rumoured-troop-deployments", "rumoured-financial-support"}
PUBLICATIONS: list[type[Publication]] = [
    Actor,
    Topic,
    Source,
    Partnership,
    Claim,
    Series,
    Event,
    Report,
    Recommendation,
]


@pytest.fixture(scope="module", autouse=True)
def imported(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The knowledge files, imported by an administrator; gone after this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        UserFactory(username="importer", groups=(ADMINISTRATORS,))
        import_files(map(str, FILES), at=timezone.now(), by="importer")
        yield
        transaction.set_rollback(True)


# What the checks ask. Each looks only at what the public sees.


def public(model: type[Publication]) -> Any:
    return model.objects.published(at=timezone.now())


def claim(key: str, *words: str) -> tuple[str, str | None, str, bool]:
    """Kind, perspective, status and whether the statement says `words`."""
    found = public(Claim).with_status().get(key=key)
    perspective = found.perspective.slug if found.perspective else None
    return found.kind, perspective, found.status, all(word in found.statement for word in words)


def presence(key: str) -> tuple[str, set[tuple[str, str]], tuple[Any, ...], str]:
    """Kind, subjects, quantity and when it is valid."""
    found = public(Claim).get(key=key)
    unit = found.unit or found.currency
    quantity = (found.quantity_min, found.quantity_max, found.quantity_approximate, unit)
    return found.kind, subjects(key), quantity, found.valid


def subjects(key: str) -> set[tuple[str, str]]:
    return set(public(Claim).get(key=key).subjects.values_list("actor__slug", "role"))


def about(key: str) -> set[str]:
    """The partnerships that a claim is about."""
    return set(public(Claim).get(key=key).partnerships.values_list("slug", flat=True))


def on(key: str) -> set[str]:
    """The topics of a claim."""
    return set(public(Claim).get(key=key).topics.values_list("slug", flat=True))


def claim_links(key: str) -> set[tuple[str, str | None]]:
    return set(ClaimLink.objects.filter(source__key=key).values_list("type", "target__key"))


def silence(key: str) -> set[tuple[str, str]]:
    return set(OfficialPosition.objects.filter(claim__key=key).values_list("government__slug", "position"))


def partnership(slug: str) -> tuple[str, str, set[tuple[str, str]]]:
    """Form, status and parties."""
    found = public(Partnership).get(slug=slug)
    return found.form, found.status, set(found.parties.values_list("actor__slug", "role"))


def cooperation(slug: str, stage: str) -> set[str]:
    """The topics in which a partnership has come to `stage`."""
    topics = Cooperation.objects.filter(partnership__slug=slug, stage=stage).values_list("topic__slug", flat=True)
    return set(topics)


def links(slug: str) -> set[tuple[str, str]]:
    return set(PartnershipLink.objects.filter(source__slug=slug).values_list("type", "target__slug"))


def point(key: str, *words: str) -> tuple[str, str, str | None, bool]:
    """Kind, support, the point that it qualifies, and whether its text says `words`."""
    found = Point.objects.visible_to(None).get(key=key)
    return found.kind, found.support, found.qualifies and found.qualifies.key, all(word in found.text for word in words)


def point_topics(key: str) -> set[str]:
    return set(Point.objects.visible_to(None).get(key=key).topics.values_list("slug", flat=True))


def recommendation(reference: str) -> tuple[str, str | None, str, str | None]:
    """Title, parent, strength and the point that it came from."""
    found = public(Recommendation).get(reference=reference)
    return found.title, found.parent and found.parent.reference, found.strength, found.point and found.point.key


def addressees(reference: str) -> set[tuple[str, str, str]]:
    return set(public(Recommendation).get(reference=reference).addressees.values_list("actor__slug", "role", "basis"))


def event() -> Event:
    found: Event = public(Event).get(slug="gisr-orsam-turkiye-qatar-roundtable")
    return found


def slug_of(series: Series | None) -> str | None:
    return series.slug if series is not None else None


def agreement() -> Any:
    return (
        Instrument.objects.visible_to(None).with_status().with_origins().get(partnership__slug="saudi-arabia-pakistan")
    )


def unassessed(kind: str, perspective: str | None = None) -> tuple[str, str | None, str, bool]:
    return kind, perspective, "unassessed", True


class Fact(NamedTuple):
    name: str
    found: Callable[[], object]
    expected: object


PAKISTAN_TO_QATAR = {("pakistan", "sender"), ("qatar", "host")}
BOTH = {("pakistan", "subject"), ("qatar", "subject")}
NO_QUANTITY = (None, None, False, "")
PARTIES = {("turkiye", "party"), ("qatar", "party")}

PAKISTAN_QATAR = [
    Fact(
        "the negotiations are an emerging defence partnership",
        lambda: partnership("pakistan-qatar"),
        ("defence", "emerging", {("pakistan", "party"), ("qatar", "party")}),
    ),
    Fact(
        "the negotiations go on",
        lambda: claim("pakistan-qatar-negotiations", "negotiations on defence"),
        unassessed("occurrence"),
    ),
    Fact(
        "the negotiations are more than routine cooperation",
        lambda: claim("pakistan-qatar-talks-beyond-routine", "more than routine"),
        unassessed("assessment"),
    ),
    Fact(
        "regional recalibration is an assessment",
        lambda: claim("gulf-security-recalibration", "recalibration"),
        unassessed("assessment"),
    ),
    Fact(
        "regional recalibration is a topic",
        lambda: on("gulf-security-recalibration"),
        {"regional-recalibration", "gulf-security", "gulf"},
    ),
    Fact(
        "states of the Gulf diversify beyond the United States",
        lambda: claim("gulf-states-diversify-beyond-united-states", "beyond the United States"),
        unassessed("assessment"),
    ),
    Fact(
        "layered security is an assessment",
        lambda: claim("gulf-states-build-layered-security", "security in layers", "uncertainty"),
        unassessed("assessment"),
    ),
    Fact(
        "layered security is a topic",
        lambda: on("gulf-states-build-layered-security"),
        {"layered-security", "gulf-security", "gulf"},
    ),
    Fact(
        "Doha was struck from the air in 2025-09",
        lambda: presence("doha-airstrike-2025"),
        ("occurrence", {("qatar", "target")}, NO_QUANTITY, "2025-09"),
    ),
    Fact(
        "the attacker is unstated",
        lambda: {role for _actor, role in subjects("doha-airstrike-2025")},
        {"target"},
    ),
    Fact(
        "the airstrike added urgency",
        lambda: (claim("doha-airstrike-added-urgency", "urgent"), claim_links("doha-airstrike-added-urgency")),
        (unassessed("assessment"), {("follows_from", "doha-airstrike-2025")}),
    ),
    Fact(
        "the airstrike exposed gaps in deterrence",
        lambda: (claim("doha-airstrike-exposed-deterrence-gaps", "gaps"), on("doha-airstrike-exposed-deterrence-gaps")),
        (unassessed("assessment"), {"deterrence", "gulf-security"}),
    ),
    Fact(
        "Qatar's first lesson: one partner is a risk",
        lambda: claim("qatar-lesson-single-partner-is-risky", "single security partner", "risk"),
        unassessed("rationale", "qatar"),
    ),
    Fact(
        "Qatar's second lesson: rapid response from more than one source",
        lambda: claim("qatar-lesson-diversify-rapid-response", "responding rapidly", "more than one source"),
        unassessed("rationale", "qatar"),
    ),
    Fact(
        "Qatar's third lesson: layered partnerships",
        lambda: claim("qatar-lesson-layered-partnerships", "layers", "indispensable"),
        unassessed("rationale", "qatar"),
    ),
    Fact(
        "no pact is confirmed",
        lambda: (claim("no-formal-pact-confirmed", "No formal", "confirmed"), claim_links("no-formal-pact-confirmed")),
        (unassessed("agreement"), {("qualifies", "rumoured-finalised-pact")}),
    ),
    Fact(
        "no instrument stands for the rumoured pact",
        lambda: Instrument.objects.filter(partnership__slug="pakistan-qatar").count(),
        0,
    ),
    Fact(
        "a gradual framework, not NATO-style",
        lambda: claim("gradual-framework-not-nato-style", "gradually", "NATO"),
        unassessed("assessment"),
    ),
    Fact(
        "a flexible framework deters without backlash",
        lambda: claim("flexible-framework-deters-without-backlash", "deterrence", "backlash"),
        unassessed("rationale"),
    ),
    Fact(
        "four areas are under discussion",
        lambda: cooperation("pakistan-qatar", "under_discussion"),
        {"training-and-advice", "intelligence-sharing", "air-defence", "joint-exercises-and-interoperability"},
    ),
    Fact(
        "about 650 advisory personnel",
        lambda: presence("pakistani-advisers-in-qatar"),
        ("presence", PAKISTAN_TO_QATAR, (Decimal(650), Decimal(650), True, "military personnel"), ""),
    ),
    Fact(
        "the presence is quiet but important",
        lambda: claim("pakistani-presence-quiet-but-important", "unobtrusive", "important"),
        unassessed("assessment"),
    ),
    Fact(
        "training and operational cooperation operate",
        lambda: cooperation("pakistan-qatar", "operating"),
        {"training-and-advice", "operational-cooperation"},
    ),
    Fact(
        "4,500 troops at the World Cup of 2022",
        lambda: presence("world-cup-troops-2022"),
        ("presence", PAKISTAN_TO_QATAR, (Decimal(4500), Decimal(4500), False, "troops"), "2022"),
    ),
    Fact(
        "the World Cup deployment took place in 2022",
        lambda: presence("world-cup-deployment-2022"),
        ("occurrence", PAKISTAN_TO_QATAR, NO_QUANTITY, "2022"),
    ),
    Fact(
        "the World Cup deployment shows trust",
        lambda: (claim("world-cup-deployment-shows-trust", "trusts"), claim_links("world-cup-deployment-shows-trust")),
        (unassessed("assessment"), {("follows_from", "world-cup-troops-2022")}),
    ),
    Fact(
        "Qatar hedges and does not replace the United States",
        lambda: claim("qatar-hedging-not-replacing-united-states", "hedging", "not replacing the United States"),
        unassessed("assessment"),
    ),
    Fact(
        "the partnership complements that of the United States and Qatar",
        lambda: links("pakistan-qatar"),
        {("complements", "united-states-qatar")},
    ),
    Fact(
        "the United States and Qatar are partners",
        lambda: partnership("united-states-qatar"),
        ("defence", "active", {("qatar", "party"), ("united-states", "party")}),
    ),
    Fact(
        "Al Udeid",
        lambda: (presence("united-states-at-al-udeid"), claim("united-states-at-al-udeid", "Al Udeid Air Base")),
        (
            ("presence", {("united-states", "sender"), ("qatar", "host")}, NO_QUANTITY, ""),
            unassessed("presence"),
        ),
    ),
    Fact(
        "a Turkish presence of unstated size",
        lambda: presence("turkish-presence-in-qatar"),
        ("presence", {("turkiye", "sender"), ("qatar", "host")}, NO_QUANTITY, ""),
    ),
    Fact(
        "Pakistan adds a layer",
        lambda: claim("pakistan-adds-a-layer", "several layers", "less on any one partner"),
        unassessed("assessment"),
    ),
    Fact("no new base", lambda: claim("no-new-pakistani-base", "No new Pakistani base"), unassessed("forecast")),
    Fact(
        "the embedded model, part one: forces in Qatar's facilities",
        lambda: claim("pakistani-forces-embedded", "embedded", "facilities"),
        unassessed("forecast"),
    ),
    Fact(
        "the embedded model, part two: advisory roles widen",
        lambda: claim("pakistani-advisory-roles-widen", "advisory roles", "widen"),
        unassessed("forecast"),
    ),
    Fact(
        "the embedded model, part three: rapid response without basing",
        lambda: claim("pakistani-rapid-response-without-basing", "respond rapidly", "without being formally based"),
        unassessed("forecast"),
    ),
    Fact(
        "advantage of the embedded model: flexibility",
        lambda: claim("embedded-model-is-flexible", "flexible"),
        unassessed("rationale"),
    ),
    Fact(
        "advantage of the embedded model: lower political risk",
        lambda: claim("embedded-model-lowers-political-risk", "less political risk"),
        unassessed("rationale"),
    ),
    Fact(
        "advantage of the embedded model: faster integration",
        lambda: claim("embedded-model-speeds-integration", "integrates operations faster"),
        unassessed("rationale"),
    ),
    Fact(
        "Saudi Arabia and Pakistan are partners in defence",
        lambda: partnership("saudi-arabia-pakistan"),
        ("defence", "active", {("saudi-arabia", "party"), ("pakistan", "party")}),
    ),
    Fact(
        "the Strategic Mutual Defence Agreement is an instrument",
        lambda: (agreement().name, agreement().type, agreement().binding, agreement().status, agreement().origins),
        ("Strategic Mutual Defence Agreement", "agreement", "unknown", "signed", 1),
    ),
    Fact(
        "the agreement was signed in 2025-09",
        lambda: list(agreement().actions.values_list("type", "date", "party")),
        [("signed", "2025-09", None)],
    ),
    Fact(
        "the agreement's obligations are unspecified",
        lambda: list(agreement().obligations.values_list("obligation", flat=True)),
        ["unspecified"],
    ),
    Fact(
        "effect of the agreement: formal cooperation",
        lambda: (
            claim("saudi-agreement-formalised-cooperation", "formal footing"),
            about("saudi-agreement-formalised-cooperation"),
        ),
        (unassessed("assessment"), {"saudi-arabia-pakistan"}),
    ),
    Fact(
        "effect of the agreement: Pakistan provides security",
        lambda: (
            claim("saudi-agreement-raised-pakistan", "provider of security"),
            about("saudi-agreement-raised-pakistan"),
        ),
        (unassessed("assessment"), {"saudi-arabia-pakistan"}),
    ),
    Fact(
        "effect of the agreement: the Gulf calculates anew",
        lambda: (
            claim("saudi-agreement-reshaped-gulf-calculations", "calculate their defence"),
            about("saudi-agreement-reshaped-gulf-calculations"),
        ),
        (unassessed("assessment"), {"saudi-arabia-pakistan"}),
    ),
    Fact(
        "a wider trend in the Gulf",
        lambda: claim("part-of-a-gulf-trend", "wider trend"),
        unassessed("assessment"),
    ),
    Fact(
        "the Saudi–Pakistan partnership is the precedent",
        lambda: links("saudi-arabia-pakistan"),
        {("precedent_for", "pakistan-qatar")},
    ),
    Fact(
        "Qatar appears to follow the precedent",
        lambda: claim("qatar-follows-saudi-precedent", "appears to follow"),
        unassessed("assessment"),
    ),
    Fact(
        "benefit to Qatar: military expertise",
        lambda: claim("qatar-gains-military-expertise", "expertise tested in battle"),
        unassessed("rationale", "qatar"),
    ),
    Fact(
        "benefit to Qatar: less reliance on Western frameworks",
        lambda: claim("qatar-relies-less-on-western-frameworks", "less on Western"),
        unassessed("rationale", "qatar"),
    ),
    Fact(
        "benefit to Qatar: deterrence through diversification",
        lambda: claim("qatar-strengthens-deterrence", "deterrence", "diversifying"),
        unassessed("rationale", "qatar"),
    ),
    Fact(
        "benefit to Pakistan: influence in the Gulf",
        lambda: claim("pakistan-gains-influence-in-the-gulf", "influence in the Gulf"),
        unassessed("rationale", "pakistan"),
    ),
    Fact(
        "benefit to Pakistan: economic and defence openings",
        lambda: claim("pakistan-gains-economic-and-defence-openings", "economy", "defence"),
        unassessed("rationale", "pakistan"),
    ),
    Fact(
        "benefit to Pakistan: geopolitical position",
        lambda: claim("pakistan-gains-geopolitical-standing", "geopolitical position"),
        unassessed("rationale", "pakistan"),
    ),
    Fact(
        "the nuclear shadow",
        lambda: (claim("nuclear-shadow-effect", "nuclear shadow", "psychological"), on("nuclear-shadow-effect")),
        (unassessed("assessment"), {"nuclear-shadow"}),
    ),
    Fact(
        "five areas are expected",
        lambda: cooperation("pakistan-qatar", "expected"),
        {
            "joint-exercises-and-interoperability",
            "counter-drone",
            "cybersecurity",
            "intelligence-sharing",
            "defence-industry-and-technology",
        },
    ),
    Fact(
        "the weight on drones",
        lambda: (claim("weight-on-drone-threats", "particular attention"), on("weight-on-drone-threats")),
        (unassessed("assessment"), {"counter-drone", "drone-warfare"}),
    ),
    Fact(
        "drones changed warfare in the region",
        lambda: claim("drones-changed-regional-warfare", "changed how wars are fought"),
        unassessed("assessment"),
    ),
    Fact(
        "rumour: a finalised pact, unverified",
        lambda: claim("rumoured-finalised-pact", "finalised a pact"),
        ("agreement", None, "unverified", True),
    ),
    Fact(
        "rumour: troop deployments, unverified, of unstated size and direction",
        lambda: (claim("rumoured-troop-deployments", "deployed"), presence("rumoured-troop-deployments")),
        (("presence", None, "unverified", True), ("presence", BOTH, NO_QUANTITY, "")),
    ),
    Fact(
        "rumour: US$2 billion, unverified, payer unstated",
        lambda: (claim("rumoured-financial-support", "US$2 billion"), presence("rumoured-financial-support")),
        (
            ("finance", None, "unverified", True),
            ("finance", BOTH, (Decimal(2_000_000_000), Decimal(2_000_000_000), False, "USD"), ""),
        ),
    ),
    *(
        Fact(
            f"both governments are silent on {key}",
            partial(silence, key),
            {("pakistan", "silent"), ("qatar", "silent")},
        )
        for key in sorted(RUMOURS)
    ),
    Fact(
        "the rumours have no official confirmation",
        lambda: (
            claim("rumours-not-officially-confirmed", "officially confirmed"),
            claim_links("rumours-not-officially-confirmed"),
        ),
        (unassessed("position"), {("qualifies", key) for key in RUMOURS}),
    ),
    Fact(
        "analysts urge caution about the rumours",
        lambda: (claim("analysts-urge-caution", "caution"), claim_links("analysts-urge-caution")),
        (unassessed("assessment"), {("qualifies", key) for key in RUMOURS}),
    ),
    Fact(
        "evidence suggests incremental expansion",
        lambda: claim("evidence-suggests-incremental-expansion", "small steps", "not to a dramatic new alliance"),
        unassessed("assessment"),
    ),
    Fact(
        "likely outcome: more personnel",
        lambda: claim("outcome-more-pakistani-personnel", "rise gradually"),
        unassessed("forecast"),
    ),
    Fact(
        "likely outcome: deeper integration",
        lambda: claim("outcome-deeper-integration", "integrated more deeply"),
        unassessed("forecast"),
    ),
    Fact(
        "likely outcome: cooperation in more domains",
        lambda: claim("outcome-cooperation-in-more-domains", "several domains"),
        unassessed("forecast"),
    ),
    Fact(
        "a quiet shift through integration",
        lambda: claim("quiet-shift-through-integration", "quietly", "institutions and operations"),
        unassessed("forecast"),
    ),
    Fact(
        "alliances are added, not replaced",
        lambda: claim("alliances-added-not-replaced", "adding alliances", "not giving up"),
        unassessed("assessment"),
    ),
    Fact(
        "quiet change often weighs more",
        lambda: claim("quiet-change-weighs-more", "quiet change"),
        unassessed("assessment"),
    ),
]

GISR_ORSAM = [
    Fact(
        "a series of the two institutes, of unknown cadence",
        lambda: (
            public(Series).get(slug="gisr-orsam-roundtables").cadence,
            set(public(Series).get(slug="gisr-orsam-roundtables").convenors.values_list("slug", flat=True)),
        ),
        ("unknown", {"gisr", "orsam"}),
    ),
    Fact(
        "the first edition, a roundtable that was held",
        lambda: (slug_of(event().series), event().edition, event().kind, event().lifecycle),
        ("gisr-orsam-roundtables", 1, "roundtable", "held"),
    ),
    Fact(
        "two organisers, side by side",
        lambda: set(event().organisers.values_list("actor__slug", "role")),
        {("gisr", "co_organiser"), ("orsam", "co_organiser")},
    ),
    Fact(
        "date, place, attendance and rule stay unknown",
        lambda: (
            event().start_date,
            event().end_date,
            event().time_zone,
            event().place,
            event().attendance,
            event().attribution_rule,
        ),
        (None, None, "", "", "unknown", "not_stated"),
    ),
    Fact(
        "an institutional partnership of the two institutes",
        lambda: partnership("gisr-orsam"),
        ("institutional", "active", {("gisr", "party"), ("orsam", "party")}),
    ),
    Fact(
        "the event is about the partnership",
        lambda: set(event().partnerships.values_list("slug", flat=True)),
        {"turkiye-qatar", "turkiye-qatar-minilateral"},
    ),
    Fact(
        "the report rests on its source",
        lambda: public(Report).get(event=event()).source.key,
        ROUNDTABLE,
    ),
    Fact(
        "Türkiye and Qatar are strategic partners",
        lambda: partnership("turkiye-qatar"),
        ("strategic", "active", PARTIES),
    ),
    Fact(
        "a pillar of the regional framework",
        lambda: (
            point("pillar-of-regional-framework", "central pillar"),
            claim("turkiye-qatar-pillar-of-regional-framework", "pillar"),
        ),
        (("conclusion", "narrative", None, True), unassessed("assessment")),
    ),
    Fact(
        "a South–South and Muslim–Muslim model resting on trust, agreed",
        lambda: point("model-of-cooperation", "South–South", "Muslim–Muslim", "trust", "vision"),
        ("agreement", "consensus", None, True),
    ),
    Fact(
        "mediation, conflict resolution and Gaza after the war",
        lambda: (point("role-in-mediation-and-gaza", "mediation"), point_topics("role-in-mediation-and-gaza")),
        (("conclusion", "narrative", None, True), {"mediation", "conflict-resolution", "governance", "gaza"}),
    ),
    Fact(
        "the maximalist approach",
        lambda: (point("maximalist-approach", "“maximalist”", "intertwined"), point_topics("maximalist-approach")),
        (("call", "narrative", None, True), {"regional-cooperation", "economic-development"}),
    ),
    Fact(
        "caveat: the GCC is not homogeneous, noted repeatedly",
        lambda: point("gcc-not-homogeneous", "not a homogeneous bloc"),
        ("caveat", "recurring", "maximalist-approach", True),
    ),
    Fact(
        "caveat: internal stresses",
        lambda: point("internal-stresses", "stresses", "caution"),
        ("caveat", "narrative", "maximalist-approach", True),
    ),
    Fact(
        "caveat: conflicting interests and caution about an axis, one participant",
        lambda: point("caution-about-axis", "conflicting interests", "suspect", "axis"),
        ("caveat", "one_participant", "maximalist-approach", True),
    ),
    Fact(
        "complementary strengths",
        lambda: (
            point("complementary-strengths", "complement each other"),
            claim("turkiye-qatar-complementary-strengths", "complement each other"),
        ),
        (("observation", "narrative", None, True), unassessed("assessment")),
    ),
    Fact(
        "strengths of Türkiye: its position",
        lambda: (claim("turkiye-geopolitical-position", "multipolar"), subjects("turkiye-geopolitical-position")),
        (unassessed("capability"), {("turkiye", "subject")}),
    ),
    Fact(
        "strengths of Türkiye: its capacities",
        lambda: (
            claim("turkiye-diplomatic-military-institutional-capacity", "diplomatic", "military", "institutional"),
            subjects("turkiye-diplomatic-military-institutional-capacity"),
        ),
        (unassessed("capability"), {("turkiye", "subject")}),
    ),
    Fact(
        "strengths of Qatar",
        lambda: (
            claim(
                "qatar-soft-power-diplomacy-reputation-finance",
                "soft power",
                "diplomacy",
                "good name",
                "financial resources",
            ),
            subjects("qatar-soft-power-diplomacy-reputation-finance"),
        ),
        (unassessed("capability"), {("qatar", "subject")}),
    ),
    Fact(
        "Qatar is becoming an important actor",
        lambda: claim("qatar-emerging-regional-actor", "important actor"),
        unassessed("assessment"),
    ),
    Fact(
        "common interests, religion and vision",
        lambda: (
            point("common-ground", "interests", "religion", "vision"),
            claim("turkiye-qatar-common-ground", "interests", "religion", "vision"),
        ),
        (("observation", "narrative", None, True), unassessed("assessment")),
    ),
    Fact(
        "strategic autonomy of Türkiye",
        lambda: (claim("turkiye-strategic-autonomy", "strategic autonomy"), subjects("turkiye-strategic-autonomy")),
        (unassessed("position"), {("turkiye", "subject")}),
    ),
    Fact(
        "strategic autonomy of Qatar",
        lambda: (claim("qatar-strategic-autonomy", "strategic autonomy"), subjects("qatar-strategic-autonomy")),
        (unassessed("position"), {("qatar", "subject")}),
    ),
    Fact(
        "the leaders' influence on the US administration",
        lambda: (
            claim("turkiye-qatar-influence-on-united-states", "Trump administration"),
            subjects("turkiye-qatar-influence-on-united-states"),
        ),
        (
            unassessed("capability"),
            {("turkiye", "subject"), ("qatar", "subject"), ("united-states", "target")},
        ),
    ),
    Fact(
        "not an axis against anyone",
        lambda: (point("not-an-axis", "axis against anyone"), claim("turkiye-qatar-not-an-axis", "axis", "anyone")),
        (("observation", "narrative", None, True), unassessed("assessment")),
    ),
    Fact(
        "Türkiye as a balancer, in Qatar's view",
        lambda: (
            point("turkiye-as-balancer", "constructive balancer"),
            claim("turkiye-as-balancer-for-qatar", "constructive balancer"),
            claim_links("turkiye-as-balancer-for-qatar"),
        ),
        (
            ("observation", "narrative", "not-an-axis", True),
            unassessed("rationale", "qatar"),
            {("qualifies", "turkiye-qatar-not-an-axis")},
        ),
    ),
    Fact(
        "the powers that it balances",
        lambda: subjects("turkiye-as-balancer-for-qatar"),
        {
            ("turkiye", "subject"),
            ("saudi-arabia", "counterpart"),
            ("iran", "counterpart"),
            ("egypt", "counterpart"),
            ("israel", "counterpart"),
        },
    ),
    Fact(
        "Gulf security is inseparable, in Türkiye's view",
        lambda: claim("gulf-security-inseparable-from-turkiyes", "inseparable"),
        unassessed("rationale", "turkiye"),
    ),
    Fact(
        "Qatar is a stabilising partner, in Türkiye's view",
        lambda: claim("qatar-as-stabilising-partner-for-turkiye", "stable", "strategic autonomy"),
        unassessed("rationale", "turkiye"),
    ),
    Fact(
        "Türkiye's defence ties grow across the region",
        lambda: (claim("turkiye-growing-defence-ties", "growing", "Middle East"), on("turkiye-growing-defence-ties")),
        (
            unassessed("assessment"),
            {"defence-cooperation", "defence-industry-and-technology", "middle-east"},
        ),
    ),
    Fact(
        "expansion to Egypt was argued",
        lambda: point("expansion-to-egypt", "Egypt"),
        ("opportunity", "argued", None, True),
    ),
    Fact(
        "a minilateral mechanism, with Egypt as a prospective party",
        lambda: partnership("turkiye-qatar-minilateral"),
        ("minilateral", "prospective", PARTIES | {("egypt", "prospective_party")}),
    ),
    Fact(
        "the bilateral partnership lays its ground",
        lambda: (point("minilateral-mechanism", "minilateral mechanism"), links("turkiye-qatar")),
        (("opportunity", "argued", None, True), {("precedent_for", "turkiye-qatar-minilateral")}),
    ),
    Fact(
        "minilateralism defined by one participant",
        lambda: (point("minilateralism-defined", "Minilateralism"), point_topics("minilateralism-defined")),
        (("definition", "one_participant", None, True), {"minilateralism"}),
    ),
    Fact(
        "divergent threat perceptions and foreign policies",
        lambda: point("divergent-threat-perceptions", "threats", "foreign policies"),
        ("divergence", "recurring", None, True),
    ),
    Fact(
        "threats are perceived individually in the GCC",
        lambda: (
            point("threats-perceived-individually", "Riyadh"),
            claim("gulf-states-perceive-threats-individually", "not collectively"),
            subjects("gulf-states-perceive-threats-individually"),
        ),
        (
            ("divergence", "narrative", None, True),
            unassessed("assessment"),
            {("gulf-cooperation-council", "subject")},
        ),
    ),
    Fact(
        "joint mediation could be formalised, in three theatres",
        lambda: (point("formalise-joint-mediation", "formal shape"), point_topics("formalise-joint-mediation")),
        (
            ("opportunity", "narrative", None, True),
            {"mediation", "somalia", "sudan", "pakistan-afghanistan"},
        ),
    ),
    Fact(
        "the three are theatres",
        lambda: set(
            public(Topic).filter(slug__in=["somalia", "sudan", "pakistan-afghanistan"]).values_list("kind", flat=True)
        ),
        {"theatre"},
    ),
    Fact(
        "Gaza: reconstruction, aid and political order, widely acknowledged",
        lambda: (
            point("role-in-gaza", "reconstruction", "humanitarian", "political order"),
            point_topics("role-in-gaza"),
        ),
        (
            ("agreement", "broad", None, True),
            {"reconstruction", "humanitarian-coordination", "governance", "gaza"},
        ),
    ),
    Fact(
        "Gaza: expected areas of cooperation",
        lambda: cooperation("turkiye-qatar", "expected"),
        {"reconstruction", "humanitarian-coordination", "governance"},
    ),
    Fact(
        "Syria",
        lambda: (point("role-in-syria", "Syria"), claim("turkiye-qatar-role-in-syria", "Syria")),
        (("opportunity", "narrative", None, True), unassessed("assessment")),
    ),
    Fact(
        "a counterbalance to Israel",
        lambda: (
            point("counterbalance-to-israel", "Israel"),
            claim("turkiye-qatar-counterbalance-to-israel", "counterweight"),
            claim_links("turkiye-qatar-counterbalance-to-israel"),
        ),
        (
            ("observation", "argued", "not-an-axis", True),
            unassessed("assessment"),
            {("qualifies", "turkiye-qatar-not-an-axis")},
        ),
    ),
    Fact(
        "the disinformation campaign: sensitive and unverified",
        lambda: (
            claim("israel-disinformation-campaign", "disinformation", "probably"),
            public(Claim).get(key="israel-disinformation-campaign").sensitive,
            subjects("israel-disinformation-campaign"),
        ),
        (
            ("occurrence", None, "unverified", True),
            True,
            {("israel", "subject"), ("turkiye", "target"), ("qatar", "target")},
        ),
    ),
    Fact(
        "nobody's position on the disinformation campaign is invented",
        lambda: silence("israel-disinformation-campaign"),
        set(),
    ),
    Fact(
        "the disinformation campaign is kept beside “not an axis”",
        lambda: (
            point("disinformation-campaign", "disinformation", "no evidence"),
            claim_links("israel-disinformation-campaign"),
        ),
        (
            ("observation", "argued", "not-an-axis", True),
            {("follows_from", "turkiye-qatar-counterbalance-to-israel"), ("qualifies", "turkiye-qatar-not-an-axis")},
        ),
    ),
    Fact(
        "the key recommendation: an annual strategic dialogue",
        lambda: recommendation("R-2025-001"),
        ("Hold an annual Türkiye–Gulf strategic dialogue", None, "key", "annual-dialogue"),
    ),
    Fact(
        "the dialogue starts among think tanks",
        lambda: (
            "think tanks" in public(Recommendation).get(reference="R-2025-001").text,
            point("annual-dialogue", "every year", "think tanks"),
        ),
        (True, ("call", "narrative", None, True)),
    ),
    Fact(
        "the dialogue's three aims",
        lambda: list(public(Recommendation).get(reference="R-2025-001").objectives.values_list("text_en", flat=True)),
        ["Build trust", "Clear up misunderstandings", "Foster cooperation in more fields"],
    ),
    Fact(
        "the dialogue's addressees are inferred",
        lambda: addressees("R-2025-001"),
        {
            ("gisr", "lead", "inferred"),
            ("orsam", "lead", "inferred"),
            ("turkiye", "support", "inferred"),
            ("gulf-cooperation-council", "support", "inferred"),
        },
    ),
    Fact(
        "the urged recommendation: concrete collaboration",
        lambda: (recommendation("R-2025-002"), point("concrete-collaboration", "concrete collaboration")),
        (
            ("Turn discussion into concrete collaboration", None, "urged", "concrete-collaboration"),
            ("call", "argued", None, True),
        ),
    ),
    Fact(
        "its first part: governance models for Gaza",
        lambda: recommendation("R-2025-003"),
        ("Develop governance models for Gaza together", "R-2025-002", "urged", "concrete-collaboration"),
    ),
    Fact(
        "its second part: published research on mediation",
        lambda: recommendation("R-2025-004"),
        ("Publish research on mediation together", "R-2025-002", "urged", "concrete-collaboration"),
    ),
    Fact(
        "its third part: defence technology",
        lambda: recommendation("R-2025-005"),
        ("Deepen cooperation in defence technology", "R-2025-002", "urged", "concrete-collaboration"),
    ),
    Fact(
        "what the parts propose stands with the partnership",
        lambda: cooperation("turkiye-qatar", "proposed"),
        {"governance", "research-and-publishing", "defence-industry-and-technology"},
    ),
    Fact(
        "joint mediation operates",
        lambda: cooperation("turkiye-qatar", "operating"),
        {"mediation", "basing"},
    ),
    Fact(
        "resilience",
        lambda: (
            point("resilient-and-dynamic", "resilient", "dynamic"),
            claim("turkiye-qatar-resilient-and-dynamic", "resilient", "dynamic"),
        ),
        (("conclusion", "narrative", None, True), unassessed("assessment")),
    ),
    Fact(
        "a beacon",
        lambda: point("beacon-in-a-fragmented-region", "beacon"),
        ("observation", "narrative", None, True),
    ),
    Fact(
        "well placed to influence the regional order",
        lambda: (
            point("well-placed-to-influence", "well placed"),
            claim("turkiye-qatar-well-placed-to-influence", "well placed"),
        ),
        (("conclusion", "narrative", None, True), unassessed("assessment")),
    ),
    Fact(
        "challenges: perceptions in the Gulf and hurdles in Gaza",
        lambda: point("challenges-remain", "Gulf states", "Gaza"),
        ("caveat", "narrative", "well-placed-to-influence", True),
    ),
    Fact(
        "the closing collective view",
        lambda: point("closing-collective-view", "stable", "secure"),
        ("conclusion", "consensus", None, True),
    ),
]


@pytest.mark.parametrize("fact", PAKISTAN_QATAR, ids=lambda fact: fact.name)
def test_fact_of_the_pakistan_qatar_analysis_stands_in_its_place(fact: Fact) -> None:
    assert fact.found() == fact.expected


@pytest.mark.parametrize("fact", GISR_ORSAM, ids=lambda fact: fact.name)
def test_fact_of_the_gisr_orsam_report_stands_in_its_place(fact: Fact) -> None:
    assert fact.found() == fact.expected


def test_knowledge_holds_what_the_files_hold() -> None:
    found = {model.__name__: public(model).count() for model in PUBLICATIONS}

    assert found == {
        "Actor": 11,
        "Topic": 53,
        "Source": 2,
        "Partnership": 6,
        "Claim": 82,
        "Series": 1,
        "Event": 1,
        "Report": 1,
        "Recommendation": 5,
    }


@pytest.mark.parametrize("model", PUBLICATIONS)
def test_knowledge_is_published_whole(model: type[Publication]) -> None:
    assert list(model.objects.exclude(pk__in=public(model).values("pk"))) == []


def test_since_when_each_row_is_public_is_what_its_wholes_say() -> None:
    call_command("rebuild_public_from", check=True, verbosity=0)


def test_search_finds_what_is_wanted_of_both_documents() -> None:
    """The list is ours, in three languages; nothing that is wanted is missing from the first ten."""
    said = io.StringIO()
    try:
        call_command("measure_search", Path(__file__).parents[2] / "search" / "queries.csv", floor=0.9, stdout=said)
    except CommandError as error:
        pytest.fail(f"{error}\n{said.getvalue()}")


def test_claim_has_one_source() -> None:
    claims = Claim.objects.prefetch_related("citations__source")
    cited = Counter(tuple(citation.source.key for citation in claim.citations.all()) for claim in claims)

    assert cited == {(ANALYSIS,): 56, (ROUNDTABLE,): 26}


def test_claim_of_the_analysis_is_unassessed_but_for_the_three_rumours() -> None:
    statuses = dict(Claim.objects.filter(citations__source__key=ANALYSIS).with_status().values_list("key", "status"))

    assert set(statuses.values()) == {"unassessed", "unverified"}
    assert {key for key, status in statuses.items() if status == "unverified"} == RUMOURS


def test_rumour_is_mentioned_by_its_source_and_supported_by_none() -> None:
    rumours = Claim.objects.with_origins().filter(key__in=RUMOURS)

    assert {(rumour.key, rumour.origins) for rumour in rumours} == {(key, 0) for key in RUMOURS}
    assert set(Citation.objects.filter(claim__key__in=RUMOURS).values_list("stance", flat=True)) == {"mentions"}


def test_citation_says_where_of_which_origin_and_that_neither_can_be_judged() -> None:
    assert not Citation.objects.filter(locator="").exists()
    assert set(
        Citation.objects.values_list(
            "source__key", "independence_group", "source_reliability", "information_credibility"
        ).distinct()
    ) == {(ANALYSIS, ANALYSIS, "F", "6"), (ROUNDTABLE, ROUNDTABLE, "F", "6")}


def test_source_is_undated_unsigned_and_of_unknown_publisher() -> None:
    unknown = Source.objects.filter(date="", author_name="", publisher=None, publisher_name="", url="")

    assert set(unknown.values_list("key", flat=True)) == {ANALYSIS, ROUNDTABLE}


def test_forecast_has_no_likelihood_that_no_source_gives() -> None:
    assert Claim.objects.filter(kind="forecast").count() == 9
    assert not Claim.objects.exclude(likelihood="").exists()


def test_recommendation_has_no_response_and_is_not_assessed() -> None:
    found = Recommendation.objects.with_rollup()

    assert {(row.response_rolled_up, row.state_rolled_up) for row in found} == {("not_sent", "not_assessed")}


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Actor, "name"),
        (Topic, "name"),
        (Source, "title"),
        (Partnership, "name"),
        (Instrument, "name"),
        (Series, "name"),
        (Event, "name"),
        (Report, "title"),
        (Recommendation, "title"),
    ],
)
@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_name_is_there_in_three_languages(model: Any, field: str, language: str) -> None:
    column = f"{field}_{language}"

    assert list(model.objects.filter(Q(**{column: ""}) | Q(**{f"{column}__isnull": True}))) == []
