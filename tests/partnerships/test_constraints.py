"""Each constraint of the app refuses what it should, in the database itself."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from partnerships.models import Claim
from publishing.identifiers import new_public_id
from publishing.models.change import Change
from tests.factories import (
    ActorFactory,
    ArchivedCopyFactory,
    CitationFactory,
    ClaimFactory,
    ClaimLinkFactory,
    ClaimSubjectFactory,
    CooperationFactory,
    InstrumentActionFactory,
    InstrumentFactory,
    InstrumentObligationFactory,
    MembershipFactory,
    OfficialPositionFactory,
    OriginDecisionFactory,
    PartnershipFactory,
    PartnershipLinkFactory,
    PartyFactory,
    ResolutionFactory,
    ReviewFactory,
    SourceFactory,
    TopicFactory,
    noon,
)
from tests.support.refusal import (
    Violation,
    appended_violations,
    citation_violations,
    constraints_of,
    publication_violations,
    refused,
    rolled_back,
    unknown_values,
    violations,
)

DAY = dt.date(2025, 6, 1)
SHA256 = "0123456789abcdef" * 4


def one_bloc_and_member() -> dict[str, Any]:
    return {"bloc": ActorFactory(kind="bloc"), "member": ActorFactory()}


def forecast() -> Claim:
    made: Claim = ClaimFactory(published=True, kind="forecast")
    return made


def corrected(factory: Any, pk: int, *about: str) -> dict[str, Any]:
    """A correction of what corrects the record `pk`; `about` are the fields that say what it is about."""
    first = factory(id=pk)
    subject = {name: getattr(first, name) for name in about}
    return {**subject, "corrects_id": factory(**subject, corrects=first).pk}


def corrected_once(factory: Any, pk: int, *about: str) -> Violation:
    return Violation(
        f"partnerships_{factory._meta.model._meta.model_name}_corrected_once",
        factory,
        {"corrects_id": pk},
        valid=lambda: corrected(factory, pk, *about),
    )


def two_claims() -> dict[str, Any]:
    return {"source": ClaimFactory(), "target": ClaimFactory()}


def two_partnerships() -> dict[str, Any]:
    return {"source": PartnershipFactory(), "target": PartnershipFactory()}


def nothing() -> dict[str, Any]:
    return {"claim": None}


def a_claim_and_an_instrument() -> dict[str, Any]:
    return {"claim": ClaimFactory(), "instrument": InstrumentFactory()}


def a_party_and_a_membership() -> dict[str, Any]:
    return {"claim": None, "party": PartyFactory(), "membership": MembershipFactory()}


def line(**columns: Any) -> Change:
    """A line of the feed, as a trigger writes it."""
    return Change.objects.create(
        **{
            "kind": "actor",
            "public_id": new_public_id(),
            "identifier": "qatar",
            "event": "published",
            "version": 1,
            "recorded_at": noon(DAY),
            "effective_at": noon(DAY),
            "transaction_id": 1,
            **columns,
        }
    )


class Lines:
    """Stands where a factory stands: readers and triggers make lines, nobody else does."""

    class _meta:  # noqa: N801 – the name that a factory uses
        model = Change

    def __call__(self, **columns: Any) -> Change:
        return line(**columns)


VIOLATIONS = [
    # Actor
    *publication_violations(ActorFactory, "name"),
    *unknown_values(ActorFactory, "kind"),
    Violation(
        "partnerships_actor_not_its_own_parent", ActorFactory, {"parent": F("pk")}, update=True, past=("no_cycle",)
    ),
    *violations(
        "partnerships_actor_iso_code_is_a_states",
        ActorFactory,
        {"kind": "bloc"},
        {"iso_code": "qa"},
        {"iso_code": "Q"},
        {"iso_code": "Q1"},
        valid={"iso_code": "QA"},
    ),
    *violations(
        "partnerships_actor_wikidata_id_is_one",
        ActorFactory,
        {"wikidata_id": "846"},
        {"wikidata_id": "Q0846"},
        {"wikidata_id": "Q"},
        {"wikidata_id": "Q8 "},
        valid={"wikidata_id": "Q846"},
    ),
    Violation(
        "partnerships_actor_one_per_iso_code",
        ActorFactory,
        {"iso_code": "QA"},
        valid={"iso_code": "PK"},
        beside={"iso_code": "QA"},
    ),
    Violation(
        "partnerships_actor_one_per_wikidata_id",
        ActorFactory,
        {"wikidata_id": "Q846"},
        valid={"wikidata_id": "Q843"},
        beside={"wikidata_id": "Q846"},
    ),
    # Membership
    Violation(
        "partnerships_membership_ends_after_start",
        MembershipFactory,
        {"until": dt.date(1981, 5, 24)},
        valid={"since": dt.date(1981, 5, 25), "until": dt.date(1981, 5, 25)},
    ),
    Violation(
        "partnerships_membership_not_to_itself",
        MembershipFactory,
        lambda: dict.fromkeys(("bloc", "member"), ActorFactory(kind="bloc")),
    ),
    # Topic
    *publication_violations(TopicFactory, "name"),
    *unknown_values(TopicFactory, "kind"),
    Violation(
        "partnerships_topic_not_its_own_parent", TopicFactory, {"parent": F("pk")}, update=True, past=("no_cycle",)
    ),
    # Partnership
    *publication_violations(PartnershipFactory, "name"),
    *unknown_values(PartnershipFactory, "form", "status"),
    # Party
    *unknown_values(PartyFactory, "role"),
    Violation(
        "partnerships_party_once_per_actor",
        PartyFactory,
        lambda: {"actor": ActorFactory._meta.model.objects.get(slug="party")},
        valid=lambda: {"partnership": PartnershipFactory()},
        beside=lambda: {"actor": ActorFactory(slug="party")},
    ),
    # PartnershipLink
    *unknown_values(PartnershipLinkFactory, "type"),
    Violation(
        "partnerships_partnershiplink_not_to_itself",
        PartnershipLinkFactory,
        lambda: dict.fromkeys(("source", "target"), PartnershipFactory()),
    ),
    Violation(
        "partnerships_partnershiplink_once",
        PartnershipLinkFactory,
        {"type": "substitutes"},
        valid=lambda: {**two_partnerships(), "type": "complements"},
        beside={"type": "substitutes"},
    ),
    # Cooperation
    *unknown_values(CooperationFactory, "stage"),
    Violation(
        "partnerships_cooperation_once_per_topic_and_stage",
        CooperationFactory,
        {"stage": "operating"},
        valid=lambda: {"partnership": PartnershipFactory(), "topic": TopicFactory(), "stage": "agreed"},
        beside={"stage": "operating"},
    ),
    # Source
    *publication_violations(SourceFactory, "title"),
    *violations(
        "partnerships_source_date_can_be",
        SourceFactory,
        {"date": "2025-02-30"},
        {"date": "soon"},
        valid={"date": "2025-02"},
        update=True,
    ),
    *violations(
        "partnerships_source_date_in_order",
        SourceFactory,
        {"date": ""},
        {"date_latest": dt.date(2025, 8, 31)},
        valid={"date": "2025-09"},
        update=True,
    ),
    Violation(
        "partnerships_source_publisher_is_named_once",
        SourceFactory,
        {"publisher_name": "ORSAM"},
        valid=lambda: {"publisher": ActorFactory()},
    ),
    *violations(
        "partnerships_source_copy_has_its_sha256",
        SourceFactory,
        {"archived_date": None},
        {"archived_sha256": ""},
        {"archived_sha256": SHA256.upper()},
        valid={"archived_date": dt.date(2025, 6, 1), "archived_sha256": SHA256},
    ),
    Violation(
        "partnerships_source_only_an_address_is_gone",
        SourceFactory,
        {"url": ""},
        valid={"url": "https://example.org/talks", "gone_since": dt.date(2025, 6, 1)},
    ),
    # ArchivedCopy
    Violation(
        "partnerships_archivedcopy_outcome_is_known", ArchivedCopyFactory, {"outcome": "lost"}, valid={"answers": True}
    ),
    Violation("partnerships_archivedcopy_reason_is_known", ArchivedCopyFactory, {"reason": "bored"}),
    *violations(
        "partnerships_archivedcopy_kept_has_its_bytes",
        ArchivedCopyFactory,
        {"media_type": ""},
        {"media_type": "application/zip"},
        {"size": 0},
        {"size": None},
        {"sha256": ""},
        {"sha256": SHA256.upper()},
    ),
    *violations(
        "partnerships_archivedcopy_says_what_kept_it",
        ArchivedCopyFactory,
        {"reason": ""},
        {"reason": "denied"},
        valid={"unreachable": True},
    ),
    *violations(
        "partnerships_archivedcopy_upload_is_somebodys",
        ArchivedCopyFactory,
        {"by": None},
        {"final_url": "https://example.org/talks"},
        {"http_status": 200},
        valid={"uploaded": True},
    ),
    *violations(
        "partnerships_archivedcopy_failures_are_counted",
        ArchivedCopyFactory,
        {"failures": 0},
        {"failing_since": None},
        {"failing_since": noon(dt.date(2025, 6, 2))},
        valid={"unreachable": True},
    ),
    *violations(
        "partnerships_archivedcopy_gone_after_a_week",
        ArchivedCopyFactory,
        {"failures": 2},
        {"failing_since": noon(dt.date(2025, 5, 26))},
        valid={"gone": True},
    ),
    # Citation
    *citation_violations(CitationFactory),
    *violations(
        "partnerships_citation_bears_on_one_thing",
        CitationFactory,
        nothing,
        a_claim_and_an_instrument,
        a_party_and_a_membership,
    ),
    Violation(
        "partnerships_citation_once_per_place",
        CitationFactory,
        {"locator": "p. 3"},
        valid=lambda: {"source": SourceFactory(), "claim": ClaimFactory(), "locator": "p. 4"},
        beside={"locator": "p. 3"},
    ),
    # Claim
    *publication_violations(ClaimFactory, "statement"),
    *unknown_values(ClaimFactory, "kind"),
    *unknown_values(ClaimFactory, "likelihood", valid={"kind": "forecast", "likelihood": "likely"}),
    *violations(
        "partnerships_claim_valid_can_be",
        ClaimFactory,
        {"valid": "2025-02-30"},
        {"valid": "soon"},
        valid={"valid": "2025-02"},
        update=True,
    ),
    *violations(
        "partnerships_claim_valid_in_order",
        ClaimFactory,
        {"valid": ""},
        {"valid_earliest": dt.date(2023, 1, 1)},
        valid={"valid": "2022~"},
        update=True,
    ),
    Violation(
        "partnerships_claim_likelihood_is_for_forecasts",
        ClaimFactory,
        {"kind": "assessment"},
        valid={"kind": "forecast", "likelihood": "likely"},
    ),
    Violation(
        "partnerships_claim_quantity_in_order",
        ClaimFactory,
        {"quantity_max": 649},
        valid={"quantity_min": 650, "quantity_max": 650, "unit": "military personnel"},
    ),
    Violation(
        "partnerships_claim_quantity_not_negative",
        ClaimFactory,
        {"quantity_min": -1},
        valid={"quantity_min": 0, "unit": "military personnel"},
    ),
    Violation(
        "partnerships_claim_quantity_max_not_negative",
        ClaimFactory,
        {"quantity_max": -1},
        valid={"quantity_max": 0, "unit": "military personnel"},
    ),
    *violations(
        "partnerships_claim_quantity_has_its_unit",
        ClaimFactory,
        {"currency": ""},
        {"currency": "usd"},
        {"unit": "troops"},
        {"quantity_min": None},
        valid={"quantity_min": 2, "currency": "USD"},
    ),
    Violation(
        "partnerships_claim_quantity_has_its_unit",
        ClaimFactory,
        {"quantity_max": None},
        valid={"quantity_max": 2, "unit": "troops"},
    ),
    Violation("partnerships_claim_quantity_has_its_unit", ClaimFactory, {"quantity_approximate": True}),
    # ClaimSubject
    *unknown_values(ClaimSubjectFactory, "role"),
    Violation(
        "partnerships_claimsubject_once_per_role",
        ClaimSubjectFactory,
        {"role": "sender"},
        valid=lambda: {"claim": ClaimFactory(), "actor": ActorFactory(), "role": "host"},
        beside={"role": "sender"},
    ),
    # ClaimLink
    *unknown_values(ClaimLinkFactory, "type"),
    Violation(
        "partnerships_claimlink_not_to_itself",
        ClaimLinkFactory,
        lambda: dict.fromkeys(("source", "target"), ClaimFactory()),
    ),
    Violation(
        "partnerships_claimlink_once",
        ClaimLinkFactory,
        {"type": "contradicts"},
        valid=lambda: {**two_claims(), "type": "qualifies"},
        beside={"type": "contradicts"},
    ),
    # Review
    *appended_violations(ReviewFactory),
    corrected_once(ReviewFactory, 9_000_003, "claim"),
    *unknown_values(ReviewFactory, "status"),
    Violation("partnerships_review_says_why", ReviewFactory, {"reason": ""}),
    Violation(
        "partnerships_review_decided_before_recorded",
        ReviewFactory,
        {"decided_at": noon(DAY) + dt.timedelta(microseconds=1)},
        valid={"recorded_at": noon(DAY), "decided_at": noon(DAY)},
    ),
    # Resolution
    *appended_violations(ResolutionFactory),
    *unknown_values(ResolutionFactory, "outcome"),
    Violation("partnerships_resolution_says_why", ResolutionFactory, {"reason": ""}),
    Violation(
        "partnerships_resolution_came_about_has_its_source",
        ResolutionFactory,
        {"source": None},
        valid=lambda: {"outcome": "came_about", "source": SourceFactory()},
    ),
    Violation(
        "partnerships_resolution_resolved_once",
        ResolutionFactory,
        {"corrects_id": None},
        valid=lambda: {"claim": forecast(), "corrects_id": 9_000_002},
        beside={"id": 9_000_002, "corrects_id": None},
    ),
    corrected_once(ResolutionFactory, 9_000_003, "claim"),
    # OfficialPosition
    corrected_once(OfficialPositionFactory, 9_000_003, "claim", "government"),
    *appended_violations(OfficialPositionFactory),
    *unknown_values(OfficialPositionFactory, "position"),
    *violations(
        "partnerships_officialposition_statement_has_its_source",
        OfficialPositionFactory,
        {"position": "confirmed"},
        {"position": "denied"},
        {"position": "mixed"},
    ),
    Violation(
        "partnerships_officialposition_statement_has_its_source",
        OfficialPositionFactory,
        {"source": None},
        valid=lambda: {"position": "confirmed", "source": SourceFactory()},
    ),
    # OriginDecision
    *unknown_values(OriginDecisionFactory, "outcome"),
    *violations(
        "partnerships_origindecision_of_several_groups", OriginDecisionFactory, {"groups": ["a"]}, {"groups": []}
    ),
    Violation("partnerships_origindecision_says_why", OriginDecisionFactory, {"reason": ""}),
    # Instrument
    *unknown_values(InstrumentFactory, "type", "binding"),
    *violations("partnerships_instrument_name_is_written", InstrumentFactory, {"name": ""}, {"name": None}),
    # InstrumentObligation
    *unknown_values(InstrumentObligationFactory, "obligation"),
    Violation(
        "partnerships_instrumentobligation_once",
        InstrumentObligationFactory,
        {"obligation": "defence"},
        valid=lambda: {"instrument": InstrumentFactory(), "obligation": "consultation"},
        beside={"obligation": "defence"},
    ),
    # InstrumentAction
    *appended_violations(InstrumentActionFactory),
    corrected_once(InstrumentActionFactory, 9_000_003, "instrument"),
    *unknown_values(InstrumentActionFactory, "type"),
    *violations(
        "partnerships_instrumentaction_date_can_be",
        InstrumentActionFactory,
        {"date": "2025-02-30"},
        {"date": "soon"},
        valid={"date": "2025-02"},
        update=True,
        past=("append_only",),
    ),
    *violations(
        "partnerships_instrumentaction_date_in_order",
        InstrumentActionFactory,
        {"date": ""},
        {"date_latest": dt.date(2025, 4, 30)},
        valid={"date": "2025-05"},
        update=True,
        past=("append_only",),
    ),
    Violation(
        "partnerships_instrumentaction_happened_by_then",
        InstrumentActionFactory,
        {"as_of": dt.date(2025, 4, 30)},
        valid={"date": "2025-05", "as_of": dt.date(2025, 5, 1)},
    ),
    # Change
    *unknown_values(Lines(), "event", "kind"),
    Violation(
        "publishing_change_once_per_transaction",
        Lines(),
        {"event": "published"},
        valid={"public_id": "0123456789", "event": "changed"},
        beside={"event": "published"},
    ),
]

SPANS = {
    # (first since, first until), (second since, second until): whether both can stand
    ((None, None), (None, None)): False,
    ((None, None), (2000, 2001)): False,
    ((2000, None), (None, 2000)): False,
    ((2000, None), (None, 1999)): True,
    ((1990, 2000), (2000, 2010)): False,
    ((1990, 2000), (2001, 2010)): True,
    ((1990, 2010), (1995, 2000)): False,
    ((1990, 2000), (2001, None)): True,
}


@pytest.mark.django_db
@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda violation: violation.constraint)
def test_database_refuses(violation: Violation) -> None:
    violation.check()


TRIED_ELSEWHERE = {"partnerships_membership_no_overlap", "publishing_sentform_is_recorded_once"}
"""By a test of its own: below, and in test_sent_forms.py."""


def test_every_constraint_is_tried() -> None:
    tried = {violation.constraint for violation in VIOLATIONS} | TRIED_ELSEWHERE
    assert sorted(tried) == sorted([*constraints_of("publishing"), *constraints_of("partnerships")])


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "second"), SPANS)
def test_memberships_of_one_pair_do_not_overlap(first: Any, second: Any) -> None:
    def years(span: tuple[int | None, int | None]) -> dict[str, Any]:
        since, until = span
        return {"since": since and dt.date(since, 1, 1), "until": until and dt.date(until, 12, 31)}

    pair = one_bloc_and_member()
    MembershipFactory(**pair, **years(first))
    with rolled_back():
        MembershipFactory(bloc=pair["bloc"], **years(second))
        MembershipFactory(member=pair["member"], **years(second))
    if SPANS[first, second]:
        MembershipFactory(**pair, **years(second))
    else:
        with refused("partnerships_membership_no_overlap"):
            MembershipFactory(**pair, **years(second))


@pytest.mark.django_db
def test_membership_may_begin_the_day_after_another_ended() -> None:
    pair = one_bloc_and_member()
    MembershipFactory(**pair, until=DAY)
    with refused("partnerships_membership_no_overlap"):
        MembershipFactory(**pair, since=DAY)
    MembershipFactory(**pair, since=DAY + dt.timedelta(days=1))


@pytest.mark.django_db
@pytest.mark.parametrize("app", ["publishing", "partnerships", "events", "recommendations"])
def test_database_has_every_constraint_that_the_models_declare(app: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE convalidated UNION SELECT indexname FROM pg_indexes"
        )  # a unique constraint with a condition is an index
        there = {name for (name,) in cursor.fetchall()}
    assert [name for name in constraints_of(app) if name not in there] == []
