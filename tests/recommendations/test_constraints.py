"""Each constraint of the app refuses what it should, in the database itself."""

import datetime as dt
from typing import Any

import pytest
from django.db.models import F

from recommendations.models import Addressee
from tests.factories import (
    AS_OF,
    ActorFactory,
    AddresseeFactory,
    DigestChoiceFactory,
    DigestFactory,
    EventFactory,
    EvidenceFactory,
    FulfilmentFactory,
    InternalNoteFactory,
    LetterFactory,
    ObjectiveFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
    ResponseFactory,
    SeriesFactory,
    SnoozeFactory,
    SourceFactory,
    StatusEntryFactory,
    SubmissionFactory,
    UserFactory,
    noon,
)
from tests.support.refusal import (
    Violation,
    appended_violations,
    citation_violations,
    constraints_of,
    publication_violations,
    unknown_values,
    violations,
)


def a_recommendation_and_a_series() -> dict[str, Any]:
    return {"recommendation": RecommendationFactory(), "series": SeriesFactory()}


def nothing() -> dict[str, Any]:
    return {"series": None}


def a_series_and_an_event() -> dict[str, Any]:
    return {"series": SeriesFactory(), "event": EventFactory()}


def a_decider() -> dict[str, Any]:
    return {"decided_by": UserFactory(), "decided_at": noon(AS_OF)}


def a_submission() -> dict[str, Any]:
    return {"submission": SubmissionFactory()}


def an_entry() -> dict[str, Any]:
    return {"entry": StatusEntryFactory()}


def the_submitter() -> dict[str, Any]:
    return dict.fromkeys(("submitted_by", "decided_by"), UserFactory())


VIOLATIONS = [
    # Recommendation
    *publication_violations(RecommendationFactory, "title", "text"),
    *unknown_values(RecommendationFactory, "strength"),
    Violation(
        "recommendations_recommendation_not_its_own_parent",
        RecommendationFactory,
        {"parent": F("pk")},
        update=True,
        past=("no_cycle",),
    ),
    *violations(
        "recommendations_recommendation_reference_is_one",
        RecommendationFactory,
        {"reference": ""},
        {"reference": "R-2025-01"},
        {"reference": "R-25-001"},
        {"reference": "r-2025-001"},
        {"reference": "R-2025-001a"},
        {"reference": "R-2025-001 "},
        {"reference": "XR-2025-001"},
        valid={"reference": "R-1999-1000"},
    ),
    # Objective
    *violations("recommendations_objective_text_is_written", ObjectiveFactory, {"text": ""}, {"text": None}),
    Violation(
        "recommendations_objective_once_per_position",
        ObjectiveFactory,
        {"position": 2},
        valid=lambda: {"recommendation": RecommendationFactory(), "position": 1},
        beside={"position": 2},
    ),
    # RecommendationLink
    *unknown_values(RecommendationLinkFactory, "type"),
    Violation(
        "recommendations_recommendationlink_not_to_itself",
        RecommendationLinkFactory,
        lambda: dict.fromkeys(("source", "target"), RecommendationFactory()),
        past=("no_cycle",),
    ),
    Violation(
        "recommendations_recommendationlink_once",
        RecommendationLinkFactory,
        {"type": "narrows"},
        valid=lambda: {"source": RecommendationFactory(), "target": RecommendationFactory(), "type": "splits"},
        beside={"type": "narrows"},
    ),
    # Fulfilment
    *violations("recommendations_fulfilment_by_one_thing", FulfilmentFactory, nothing, a_series_and_an_event),
    Violation(
        "recommendations_fulfilment_once",
        FulfilmentFactory,
        lambda: {"series": SeriesFactory._meta.model.objects.get(slug="dialogue")},
        valid=a_recommendation_and_a_series,
        beside=lambda: {"series": SeriesFactory(slug="dialogue")},
    ),
    # Addressee
    *unknown_values(AddresseeFactory, "role", "basis"),
    Violation(
        "recommendations_addressee_once_per_actor",
        AddresseeFactory,
        lambda: {"actor": Addressee.objects.get().actor, "role": "support"},
        valid=lambda: {"recommendation": RecommendationFactory()},
        beside=lambda: {"actor": ActorFactory()},
    ),
    # Response
    *appended_violations(ResponseFactory),
    *unknown_values(ResponseFactory, "kind"),
    *(
        Violation(f"recommendations_response_needs_{needed}", ResponseFactory, {needed: ""}, valid={kind: True})
        for kind, needed in [
            ("awaiting", "channel"),
            ("awaiting", "recipient"),
            ("accepted", "office"),
            ("partly_accepted", "office"),
            ("partly_accepted", "accepted_part"),
            ("noted", "words"),
        ]
    ),
    *(
        Violation("recommendations_response_needs_source", ResponseFactory, {"source": None}, valid={kind: True})
        for kind in ("accepted", "partly_accepted")
    ),
    Violation(
        "recommendations_response_needs_reason", ResponseFactory, {"no_reason_given": False}, valid={"rejected": True}
    ),
    Violation(
        "recommendations_response_no_reason_is_for_rejections",
        ResponseFactory,
        {"reason": "No budget."},
        valid={"rejected": True},
    ),
    Violation(
        "recommendations_response_no_reason_is_for_rejections",
        ResponseFactory,
        {"no_reason_given": True},
        valid={"noted": True},
    ),
    # StatusEntry
    *appended_violations(StatusEntryFactory),
    *unknown_values(StatusEntryFactory, "state", "confidence"),
    *(
        Violation(
            f"recommendations_statusentry_needs_{needed}", StatusEntryFactory, {needed: ""}, valid={"state": state}
        )
        for state, needed in [
            ("partly_implemented", "what_remains"),
            ("stalled", "reason"),
            ("not_implemented", "reason"),
            ("no_longer_applicable", "reason"),
            ("withdrawn", "reason"),
            ("implemented_otherwise", "how_intent_is_met"),
        ]
    ),
    *(
        Violation(
            f"recommendations_statusentry_needs_{needed}", StatusEntryFactory, {needed: None}, valid={"state": state}
        )
        for state, needed in [("stalled", "last_movement_date"), ("superseded", "successor")]
    ),
    Violation(
        "recommendations_statusentry_last_movement_before_as_of",
        StatusEntryFactory,
        {"last_movement_date": AS_OF + dt.timedelta(days=1)},
        valid={"last_movement_date": AS_OF},
    ),
    # Evidence
    *citation_violations(EvidenceFactory),
    *unknown_values(EvidenceFactory, "nature"),
    Violation(
        "recommendations_evidence_once_per_place",
        EvidenceFactory,
        {"locator": "p. 3"},
        valid=lambda: {"entry": StatusEntryFactory(), "source": SourceFactory(), "locator": "p. 4"},
        beside={"locator": "p. 3"},
    ),
    # InternalNote
    Violation("recommendations_internalnote_is_written", InternalNoteFactory, {"text": ""}),
    # Snooze
    *violations("recommendations_snooze_of_one_thing", SnoozeFactory, {"addressee": None}, a_submission),
    *violations("recommendations_snooze_until_is_to_come", SnoozeFactory, {"until": AS_OF}),
    Violation("recommendations_snooze_says_why", SnoozeFactory, {"reason": ""}),
    # Submission
    *unknown_values(SubmissionFactory, "proposed_state", "decision"),
    *violations(
        "recommendations_submission_decision_is_whole",
        SubmissionFactory,
        {"decision": "accepted"},
        {"decision": "declined"},
        a_decider,
        an_entry,
    ),
    *violations(
        "recommendations_submission_decision_is_whole",
        SubmissionFactory,
        {"decided_at": None},
        {"decided_by": None},
        {"entry": None},
        {"decision": "pending"},
        valid={"accepted": True},
    ),
    *violations(
        "recommendations_submission_decision_is_whole",
        SubmissionFactory,
        {"decided_at": None},
        {"decided_by": None},
        {"decision_reason": ""},
        {"decision": "pending"},
        an_entry,
        valid={"declined": True},
    ),
    *(
        Violation("recommendations_submission_decided_by_another", SubmissionFactory, the_submitter, valid=valid)
        for valid in ({"accepted": True}, {"declined": True})
    ),
    # Letter
    *unknown_values(LetterFactory, "language"),
    Violation("recommendations_letter_step_is_known", LetterFactory, {"step": "sue"}),
    Violation(
        "recommendations_letter_state_is_known",
        LetterFactory,
        {"state": "lost"},
        behind=("recommendations_letter_decision_is_whole",),
    ),
    Violation("recommendations_letter_text_is_written", LetterFactory, {"text": " "}),
    Violation(
        "recommendations_letter_subject_is_one_line",
        LetterFactory,
        {"subject": "A\nBcc: all@example.org"},
        behind=("recommendations_letter_subject_is_clean",),
    ),
    Violation(
        "recommendations_letter_goes_to_one_address",
        LetterFactory,
        {"to_address": "a@example.org, b@example.org"},
        valid={"to_address": "a@example.org"},
    ),
    Violation("recommendations_letter_reminds_of_an_asking", LetterFactory, {"asked_on": None}),
    Violation(
        "recommendations_letter_reminds_of_an_asking",
        LetterFactory,
        {"asked_on": AS_OF},
        valid={"step": "ask", "asked_on": None},
    ),
    *violations(
        "recommendations_letter_decision_is_whole",
        LetterFactory,
        {"response": None},
        {"decided_by": None},
        {"decided_at": None},
        {"reason": "So."},
        {"state": "draft"},
        {"step": "silence"},
        valid={"sent": True},
    ),
    Violation("recommendations_letter_decision_is_whole", LetterFactory, {"reason": ""}, valid={"dropped": True}),
    Violation(
        "recommendations_letter_decision_is_whole", LetterFactory, {"entry": None}, valid={"published_note": True}
    ),
    Violation(
        "recommendations_letter_only_what_is_sent_is_mailed",
        LetterFactory,
        {"to_address": ""},
        valid={"sent": True, "to_address": "a@example.org", "mailed_at": noon(AS_OF)},
    ),
    Violation(
        "recommendations_letter_one_draft_per_step",
        LetterFactory,
        lambda: {"addressee": Addressee.objects.get(actor__slug="addressee")},
        valid=lambda: {"asked_on": AS_OF + dt.timedelta(days=1)},
        beside=lambda: {"addressee": AddresseeFactory(actor__slug="addressee"), "asked_on": AS_OF},
    ),
    Violation(
        "recommendations_letter_once_per_asking",
        LetterFactory,
        lambda: {"addressee": Addressee.objects.get(actor__slug="addressee")},
        valid={"dropped": True},
        beside=lambda: {"addressee": AddresseeFactory(actor__slug="addressee")},
    ),
    # DigestChoice, Digest
    *unknown_values(DigestChoiceFactory, "language"),
    Violation(
        "recommendations_digest_once_a_day",
        DigestFactory,
        lambda: {"user": UserFactory._meta.model.objects.get(username="reader")},
        beside=lambda: {"user": UserFactory(username="reader")},
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda violation: violation.constraint)
def test_database_refuses(violation: Violation) -> None:
    violation.check()


def test_every_constraint_is_tried() -> None:
    assert sorted({violation.constraint for violation in VIOLATIONS}) == constraints_of("recommendations")
