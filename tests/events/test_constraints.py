"""Each constraint of the app refuses what it should, in the database itself."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F

from events.models import Consent, Session
from tests.factories import (
    PUBLISHED_AT,
    ConsentFactory,
    DisclosureFactory,
    DocumentFactory,
    EventFactory,
    GroupSizeFactory,
    OrganiserFactory,
    ParticipantFactory,
    PointFactory,
    PublicNameFactory,
    PublishedDocumentFactory,
    ReportFactory,
    RewordingFactory,
    SeriesFactory,
    SessionFactory,
    SupportFactory,
    UserFactory,
    ViewingFactory,
    noon,
)
from tests.factories.partnerships import ActorFactory
from tests.support.refusal import Violation, constraints_of, publication_violations, unknown_values, violations

DAY = dt.date(2025, 6, 1)
TIMED = {"start_date": DAY, "start_time": dt.time(9), "end_time": dt.time(17), "time_zone": "Europe/Istanbul"}
TIMED_OVER_NIGHT = {**TIMED, "end_date": DAY + dt.timedelta(days=1), "end_time": dt.time(8)}


def consenting_in_a_session() -> dict[str, Any]:
    session = SessionFactory()
    return {
        "session": session,
        "participant": ParticipantFactory(event=session.event, consents=Consent.Disclosure.values),
    }


def of_a_session() -> dict[str, Any]:
    session = SessionFactory()
    return {"event": session.event, "session": session}


VIOLATIONS = [
    # Series
    *publication_violations(SeriesFactory, "name"),
    *unknown_values(SeriesFactory, "cadence"),
    Violation(
        "events_series_no_response_takes_days", SeriesFactory, {"no_response_days": 0}, valid={"no_response_days": 1}
    ),
    Violation("events_series_stale_takes_months", SeriesFactory, {"stale_months": 0}, valid={"stale_months": 1}),
    # Event
    *publication_violations(EventFactory, "name"),
    *unknown_values(EventFactory, "kind", "lifecycle", "attendance", "attribution_rule"),
    Violation(
        "events_event_dates_in_order",
        EventFactory,
        {"end_date": DAY - dt.timedelta(days=1)},
        valid={"start_date": DAY, "end_date": DAY},
    ),
    Violation(
        "events_event_end_needs_start",
        EventFactory,
        {"start_date": None},
        valid={"start_date": DAY, "end_date": DAY},
    ),
    *violations(
        "events_event_time_has_date_and_zone",
        EventFactory,
        {"start_date": None},
        {"time_zone": ""},
        {"start_time": None},
        valid=TIMED,
    ),
    *violations(
        "events_event_times_in_order", EventFactory, {"end_time": dt.time(9)}, {"end_time": dt.time(8)}, valid=TIMED
    ),
    Violation("events_event_times_in_order", EventFactory, {"end_time": dt.time(8)}, valid={**TIMED, "end_date": DAY}),
    Violation("events_event_times_in_order", EventFactory, {"end_date": DAY}, valid=TIMED_OVER_NIGHT),
    Violation(
        "events_event_edition_is_of_a_series",
        EventFactory,
        {"series": None},
        valid=lambda: {"series": SeriesFactory(), "edition": 1},
    ),
    Violation(
        "events_event_edition_is_of_a_series",
        EventFactory,
        {"edition": 0},
        valid=lambda: {"series": SeriesFactory(), "edition": 1},
    ),
    Violation(
        "events_event_one_per_edition",
        EventFactory,
        {"edition": 2},
        valid=lambda: {"series": SeriesFactory(), "edition": 1},
        beside={"edition": 2},
    ),
    # Session
    *unknown_values(SessionFactory, "attribution_rule"),
    *violations("events_session_name_is_written", SessionFactory, {"name": ""}, {"name": None}),
    Violation(
        "events_session_once_per_position",
        SessionFactory,
        {"position": 2},
        valid=lambda: {"event": EventFactory(), "position": 1},
        beside={"position": 2},
    ),
    # Organiser
    *unknown_values(OrganiserFactory, "role"),
    Violation(
        "events_organiser_once_per_role",
        OrganiserFactory,
        {"role": "funder"},
        valid=lambda: {"event": EventFactory(), "actor": ActorFactory(), "role": "host"},
        beside={"role": "funder"},
    ),
    # Participant
    *unknown_values(ParticipantFactory, "role"),
    *unknown_values(ParticipantFactory, "erased_because", valid={"erased": True}),
    Violation("events_participant_has_a_name", ParticipantFactory, {"name": ""}),
    *violations(
        "events_participant_erased_holds_nothing",
        ParticipantFactory,
        {"name": "Somebody"},
        {"other_spellings": "Some Body"},
        {"affiliation": "A Ministry"},
        {"role": "chair"},
        valid={"erased": True},
    ),
    Violation("events_participant_erasure_is_whole", ParticipantFactory, {"erased_by": None}, valid={"erased": True}),
    Violation(
        "events_participant_erasure_says_why", ParticipantFactory, {"erased_because": ""}, valid={"erased": True}
    ),
    Violation("events_participant_erasure_says_why", ParticipantFactory, {"erased_because": "mistake"}),
    # Consent
    *unknown_values(ConsentFactory, "disclosure"),
    Violation("events_consent_has_its_evidence", ConsentFactory, {"evidence": ""}),
    # Report
    *publication_violations(ReportFactory, "title"),
    # Point
    *unknown_values(PointFactory, "kind"),
    *violations("events_point_text_is_written", PointFactory, {"text": ""}, {"text": None}),
    Violation(
        "events_point_not_to_itself",
        PointFactory,
        {"qualifies_id": 9_000_001},
        valid={"id": 9_000_001},
        past=("no_cycle",),
    ),
    Violation(
        "events_point_once_per_position",
        PointFactory,
        {"position": 2},
        valid=lambda: {"report": ReportFactory(), "position": 1},
        beside={"position": 2},
    ),
    Violation(
        "events_point_one_per_key",
        PointFactory,
        {"key": "not-an-axis", "position": 3},
        valid=lambda: {"report": ReportFactory(), "key": "maximalist", "position": 1},
        beside={"key": "not-an-axis", "position": 2},
    ),
    # Disclosure
    Violation("events_disclosure_shows_something", DisclosureFactory, {"shows_name": False}),
    Violation(
        "events_disclosure_once_per_session",
        DisclosureFactory,
        {"session": None},
        valid=consenting_in_a_session,
        beside={"session": None},
    ),
    # Viewing
    *unknown_values(ViewingFactory, "what"),
    # Support
    *unknown_values(SupportFactory, "grade"),
    *violations(
        "events_support_clearance_is_whole",
        SupportFactory,
        {"cleared_by": None},
        {"cleared_at": None},
        valid=lambda: {"cleared_by": UserFactory(), "cleared_at": noon(DAY)},
    ),
    # Group size
    Violation("events_groupsize_people_are_some", GroupSizeFactory, {"people": 0}, valid={"people": 1}),
    Violation(
        "events_groupsize_once_per_session",
        GroupSizeFactory,
        {"session": None},
        valid=of_a_session,
        beside={"session": None},
    ),
    Violation(
        "events_groupsize_once_per_session",
        GroupSizeFactory,
        lambda: {"session": Session.objects.get()},
        valid=lambda: {**of_a_session(), "session": None},
        beside=lambda: {"session": Session.objects.get()},
    ),
    # Rewording
    *unknown_values(RewordingFactory, "grade"),
    Violation(
        "events_rewording_outcome_is_known",
        RewordingFactory,
        {"outcome": "?"},
        behind=("events_rewording_decision_is_whole",),
    ),
    *violations("events_rewording_text_is_written", RewordingFactory, {"text": ""}, {"text": None}),
    Violation("events_rewording_has_its_note", RewordingFactory, {"note": ""}),
    *violations(
        "events_rewording_decision_is_whole",
        RewordingFactory,
        {"outcome": "accepted"},
        {"outcome": "declined", "reason": "No."},
        {"reason": "No."},
        {"decided_at": noon(DAY)},
        lambda: {"decided_by": UserFactory()},
        lambda: {"outcome": "accepted", "decided_by": UserFactory()},
        {"outcome": "accepted", "decided_at": noon(DAY)},
        lambda: {"outcome": "declined", "decided_by": UserFactory(), "decided_at": noon(DAY)},
    ),
    Violation(
        "events_rewording_accepted_by_another",
        RewordingFactory,
        lambda: {"proposed_by": User.objects.get(username="second")},
        valid=lambda: {
            "outcome": "accepted",
            "decided_by": UserFactory(username="second"),
            "decided_at": noon(DAY),
        },
    ),
    Violation(
        "events_rewording_one_pending",
        RewordingFactory,
        {"outcome": "pending", "decided_by": None, "decided_at": None, "reason": ""},
        valid=lambda: {
            "point": PointFactory(),
            "outcome": "declined",
            "decided_by": UserFactory(),
            "decided_at": noon(DAY),
            "reason": "No.",
        },
        beside={"outcome": "pending", "decided_by": None, "decided_at": None, "reason": ""},
    ),
    # Document
    Violation("events_document_has_a_file", DocumentFactory, {"file": ""}),
    *violations("events_document_title_is_written", DocumentFactory, {"title": ""}, {"title": None}),
    # PublicName
    *violations("events_publicname_says_why", PublicNameFactory, {"reason": ""}, {"reason": " \n"}),
    *violations("events_publicname_digest_is_one", PublicNameFactory, {"digest": ""}, {"digest": "A" * 64}),
    *violations(
        "events_document_publication_has_its_reviewer",
        DocumentFactory,
        {"reviewer": None},
        {"published": None},
        valid=lambda: {"published": PublishedDocumentFactory(), "reviewer": UserFactory()},
    ),
    Violation(
        "events_document_reviewer_is_not_uploader",
        DocumentFactory,
        {"reviewer": F("uploaded_by")},
        valid=lambda: {"published": PublishedDocumentFactory(), "reviewer": UserFactory()},
        update=True,
    ),
    # Published document
    *unknown_values(PublishedDocumentFactory, "format"),
    *violations("events_publisheddocument_title_is_written", PublishedDocumentFactory, {"title": ""}, {"title": None}),
    Violation("events_publisheddocument_has_bytes", PublishedDocumentFactory, {"size": 0}),
    *violations(
        "events_publisheddocument_sha256_is_one",
        PublishedDocumentFactory,
        {"sha256": ""},
        {"sha256": "A" * 64},
        {"sha256": "a" * 63},
    ),
    *violations(
        "events_publisheddocument_pages_are_of_a_pdf",
        PublishedDocumentFactory,
        {"pages": 0},
        {"format": "jpeg"},
        valid={"pages": 1},
    ),
    *violations(
        "events_publisheddocument_withdrawal_says_why",
        PublishedDocumentFactory,
        {"withdrawal_note": ""},
        {"withdrawn_at": None},
        {"withdrawn_at": PUBLISHED_AT - dt.timedelta(seconds=1)},
        valid={"withdrawn": True},
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda violation: violation.constraint)
def test_database_refuses(violation: Violation) -> None:
    violation.check()


def test_every_constraint_is_tried() -> None:
    assert sorted({violation.constraint for violation in VIOLATIONS}) == constraints_of("events")


@pytest.mark.django_db
def test_points_of_one_report_may_do_without_a_key() -> None:
    report = ReportFactory()
    PointFactory(report=report, key=None)
    PointFactory(report=report, key=None)
    assert report.points.count() == 2


@pytest.mark.django_db
def test_events_of_one_series_may_do_without_an_edition() -> None:
    series = SeriesFactory()
    EventFactory(series=series)
    EventFactory(series=series)
    assert series.events.count() == 2
