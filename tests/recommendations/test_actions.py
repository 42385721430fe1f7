"""The follow-up of recommendations: what is refused, to whom, and what is left behind."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partnerships.actions import NotAllowed, NothingSaid, RefersToUnpublished
from recommendations import actions
from recommendations.models import (
    Confirmation,
    Evidence,
    InternalNote,
    Recommendation,
    Reference,
    Response,
    StatusEntry,
    Submission,
)
from tests.concurrency import PATIENCE, Session
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    RecommendationFactory,
    ResponseFactory,
    SourceFactory,
    StatusEntryFactory,
    SubmissionFactory,
    UserFactory,
)

DAY = dt.date(2025, 6, 1)
AT = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def evidence(**columns: Any) -> Evidence:
    """Evidence that is not yet of any entry."""
    return Evidence(**{"independence_group": "gazette", "source_reliability": "A", **columns})


# Who may

ACTS: dict[str, Callable[[User], object]] = {
    "record_response": lambda by: actions.record_response(
        AddresseeFactory(), kind="noted", as_of=DAY, by=by, at=AT, words="We take note."
    ),
    "record_status": lambda by: actions.record_status(AddresseeFactory(), state="not_started", as_of=DAY, by=by, at=AT),
    "confirm": lambda by: actions.confirm(StatusEntryFactory(state="implemented"), by=by, at=AT),
    "accept_submission": lambda by: actions.accept_submission(SubmissionFactory(), by=by, at=AT),
    "decline_submission": lambda by: actions.decline_submission(
        SubmissionFactory(), by=by, at=AT, reason="The source says something else."
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", ["partner", "other_partner", "anonymous"])
def test_only_the_desk_records(act: str, name: str, request: pytest.FixtureRequest) -> None:
    outsider = request.getfixturevalue(name)
    with pytest.raises(NotAllowed):
        ACTS[act](outsider)
    made = (Response, Confirmation) if act == "confirm" else (Response, StatusEntry, Confirmation)
    assert not any(model.objects.exists() for model in made)
    assert not Submission.objects.exclude(decision="pending").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", ["editor", "reviewer", "administrator"])
def test_everybody_at_the_desk_records(act: str, name: str, request: pytest.FixtureRequest) -> None:
    ACTS[act](request.getfixturevalue(name))


# References


@pytest.mark.django_db
def test_next_reference_counts_on_within_its_year() -> None:
    assert actions.next_reference(year=2025) == "R-2025-001"
    RecommendationFactory(reference="R-2025-001")
    RecommendationFactory(reference="R-2025-009")
    RecommendationFactory(reference="R-2024-040")
    assert actions.next_reference(year=2025) == "R-2025-010"
    assert actions.next_reference(year=2024) == "R-2024-041"
    assert actions.next_reference(year=2026) == "R-2026-001"


@pytest.mark.django_db
def test_next_reference_has_more_digits_where_three_are_not_enough() -> None:
    RecommendationFactory(reference="R-2025-999")
    assert actions.next_reference(year=2025) == "R-2025-1000"
    RecommendationFactory(reference="R-2025-1000")
    assert actions.next_reference(year=2025) == "R-2025-1001"


@pytest.mark.django_db
def test_next_reference_passes_over_those_of_deleted_drafts() -> None:
    RecommendationFactory(reference="R-2025-001").delete()
    assert actions.next_reference(year=2025) == "R-2025-002"


def test_two_sessions_do_not_get_the_same_reference(session: Session) -> None:
    event = EventFactory()

    def write() -> str:
        with transaction.atomic():
            made: Recommendation = RecommendationFactory(reference=actions.next_reference(year=2025), event=event)
        return made.reference

    with transaction.atomic():
        first = RecommendationFactory(reference=actions.next_reference(year=2025), event=event)
        writing = session.run(write)
        session.wait_until_it_waits()
    assert (first.reference, writing.result(PATIENCE)) == ("R-2025-001", "R-2025-002")
    assert Reference.objects.count() == 2


# Responses


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("not_sent", {}),
        ("awaiting", {"channel": "letter", "recipient": "Ministry of Defence"}),
        ("accepted", {"office": "Ministry of Defence", "source": True}),
        ("partly_accepted", {"office": "Ministry of Defence", "source": True, "accepted_part": "The first aim."}),
        ("noted", {"words": "We take note."}),
        ("rejected", {"reason": "No budget."}),
        ("rejected", {"no_reason_given": True}),
    ],
)
def test_record_response_appends(kind: str, given: dict[str, Any], editor: User) -> None:
    addressee = AddresseeFactory()
    if "source" in given:
        given = {**given, "source": SourceFactory()}
    response = actions.record_response(addressee, kind=kind, as_of=DAY, by=editor, at=AT, language="ar", **given)
    response.refresh_from_db()
    assert (response.addressee, response.kind, response.as_of) == (addressee, kind, DAY)
    assert (response.by, response.recorded_at, response.language) == (editor, AT, "ar")
    assert {name: getattr(response, name) for name in given} == given


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("silent", {}, "not a valid choice"),
        ("awaiting", {"recipient": "Ministry of Defence"}, "how it was sent"),
        ("awaiting", {"channel": "letter"}, "to which office"),
        ("accepted", {"office": "Ministry of Defence"}, "needs its source"),
        ("noted", {}, "never inferred from silence"),
        ("rejected", {}, "or that none was given"),
        ("rejected", {"reason": "No budget.", "no_reason_given": True}, "rejection without a reason"),
        ("not_sent", {"as_of": DAY + dt.timedelta(days=2)}, "lies in the future"),
    ],
)
def test_record_response_refuses(kind: str, given: dict[str, Any], message: str, editor: User) -> None:
    with pytest.raises(ValidationError, match=message):
        actions.record_response(AddresseeFactory(), kind=kind, by=editor, at=AT, **{"as_of": DAY, **given})
    assert not Response.objects.exists()


@pytest.mark.django_db
def test_record_response_corrects_an_earlier_one(editor: User) -> None:
    wrong = ResponseFactory(noted=True)
    given: dict[str, Any] = {"kind": "rejected", "no_reason_given": True, "as_of": DAY, "by": editor, "at": AT + HOUR}
    with pytest.raises((ValidationError, IntegrityError), match="about the same thing"), transaction.atomic():
        actions.record_response(AddresseeFactory(), corrects=wrong, **given)
    right = actions.record_response(wrong.addressee, corrects=wrong, **given)
    assert [*Response.objects.standing()] == [right]


@pytest.mark.django_db
def test_record_response_to_a_public_recommendation_names_no_draft(editor: User) -> None:
    addressee = AddresseeFactory(recommendation=RecommendationFactory(published=True))
    given: dict[str, Any] = {"kind": "accepted", "office": "Ministry of Defence", "as_of": DAY, "by": editor, "at": AT}
    draft = SourceFactory()
    with pytest.raises(RefersToUnpublished) as refusal:
        actions.record_response(addressee, source=draft, **given)
    assert refusal.value.publications == [draft]
    assert not Response.objects.exists()
    actions.record_response(addressee, source=SourceFactory(published=True), **given)
    assert Response.objects.count() == 1


# Status entries


@pytest.mark.django_db
def test_record_status_appends_with_its_evidence_and_the_desks_note(editor: User) -> None:
    addressee, source = AddresseeFactory(), SourceFactory()
    entry = actions.record_status(
        addressee,
        state="implemented",
        as_of=DAY,
        by=editor,
        at=AT,
        evidence=[evidence(source=source, locator="p. 3"), evidence(source=source, locator="p. 4")],
        confidence="documented",
        public_note="The first dialogue was held.",
        internal_note=" Heard on the telephone. ",
        language="tr",
    )
    entry.refresh_from_db()
    assert (entry.addressee, entry.state, entry.confidence) == (addressee, "implemented", "documented")
    assert (entry.by, entry.recorded_at, entry.language) == (editor, AT, "tr")
    assert [(each.source, each.locator) for each in entry.evidence.all()] == [(source, "p. 3"), (source, "p. 4")]
    note = InternalNote.objects.get(entry=entry)
    assert (note.text, note.by, note.recorded_at) == ("Heard on the telephone.", editor, AT)


@pytest.mark.django_db
@pytest.mark.parametrize("note", ["", "  \n"])
def test_record_status_without_words_for_the_desk_keeps_no_note(note: str, editor: User) -> None:
    actions.record_status(AddresseeFactory(), state="not_started", as_of=DAY, by=editor, at=AT, internal_note=note)
    assert not InternalNote.objects.exists()


@pytest.mark.django_db
def test_record_status_takes_what_each_state_needs(editor: User) -> None:
    needed: dict[str, dict[str, Any]] = {
        "not_assessed": {},
        "not_started": {},
        "in_progress": {},
        "stalled": {"reason": "No budget.", "last_movement_date": DAY},
        "partly_implemented": {"what_remains": "The second part."},
        "implemented": {},
        "implemented_otherwise": {"how_intent_is_met": "By other means."},
        "not_implemented": {"reason": "No budget."},
        "superseded": {"successor": RecommendationFactory()},
        "no_longer_applicable": {"reason": "The council was dissolved."},
        "withdrawn": {"reason": "Its issuer took it back."},
        "reversed": {},
    }
    addressee = AddresseeFactory()
    for state, given in needed.items():
        if given:
            with pytest.raises(ValidationError):
                actions.record_status(addressee, state=state, as_of=DAY, by=editor, at=AT)
        actions.record_status(addressee, state=state, as_of=DAY, by=editor, at=AT, **given)
    assert {*addressee.entries.values_list("state", flat=True)} == needed.keys()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"state": "done"}, "not a valid choice"),
        ({"confidence": "sure"}, "not a valid choice"),
        ({"as_of": DAY + dt.timedelta(days=2)}, "lies in the future"),
        ({"last_movement_date": DAY + dt.timedelta(days=1)}, "not after the as-of date"),
    ],
)
def test_record_status_refuses(given: dict[str, Any], message: str, editor: User) -> None:
    with pytest.raises(ValidationError, match=message):
        actions.record_status(AddresseeFactory(), by=editor, at=AT, **{"state": "in_progress", "as_of": DAY, **given})
    assert not StatusEntry.objects.exists()


@pytest.mark.django_db
def test_record_status_is_all_or_nothing(editor: User) -> None:
    source = SourceFactory()
    twice = [evidence(source=source), evidence(source=source)]
    with pytest.raises(ValidationError, match="already cited here"):
        actions.record_status(AddresseeFactory(), state="in_progress", as_of=DAY, by=editor, at=AT, evidence=twice)
    with pytest.raises(ValidationError):
        actions.record_status(
            AddresseeFactory(),
            state="in_progress",
            as_of=DAY,
            by=editor,
            at=AT,
            evidence=[evidence(source=source, independence_group="")],
        )
    assert not StatusEntry.objects.exists()
    assert not Evidence.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("named", ["source", "successor", "on_behalf_of"])
def test_record_status_of_a_public_recommendation_names_no_draft(named: str, editor: User) -> None:
    addressee = AddresseeFactory(recommendation=RecommendationFactory(published=True))

    def record(thing: Any) -> StatusEntry:
        given = {"evidence": [evidence(source=thing)]} if named == "source" else {named: thing}
        return actions.record_status(addressee, state="in_progress", as_of=DAY, by=editor, at=AT, **given)

    factory: Any = {"source": SourceFactory, "successor": RecommendationFactory, "on_behalf_of": ActorFactory}[named]
    draft = factory()
    with pytest.raises(RefersToUnpublished) as refusal:
        record(draft)
    assert refusal.value.publications == [draft]
    assert not StatusEntry.objects.exists()
    record(factory(published=True))
    assert StatusEntry.objects.count() == 1


@pytest.mark.django_db
def test_record_status_corrects_an_earlier_one(editor: User) -> None:
    wrong = StatusEntryFactory(state="implemented")
    given: dict[str, Any] = {"state": "in_progress", "as_of": DAY, "by": editor, "at": AT + HOUR}
    with pytest.raises((ValidationError, IntegrityError), match="about the same thing"), transaction.atomic():
        actions.record_status(AddresseeFactory(), corrects=wrong, **given)
    right = actions.record_status(wrong.addressee, corrects=wrong, **given)
    assert [*StatusEntry.objects.standing()] == [right]


# Confirmation


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["implemented", "implemented_otherwise"])
def test_second_person_confirms_what_is_implemented(state: str, editor: User, reviewer: User) -> None:
    entry = StatusEntryFactory(state=state, by=editor)
    confirmation = actions.confirm(entry, by=reviewer, at=AT)
    assert (confirmation.entry, confirmation.by, confirmation.recorded_at) == (entry, reviewer, AT)
    with pytest.raises(actions.NothingToConfirm):
        actions.confirm(entry, by=reviewer, at=AT)
    assert Confirmation.objects.count() == 1


@pytest.mark.django_db
def test_nobody_confirms_what_they_recorded(editor: User) -> None:
    with pytest.raises(NotAllowed, match="somebody else has to confirm"):
        actions.confirm(StatusEntryFactory(state="implemented", by=editor), by=editor, at=AT)
    assert not Confirmation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["not_started", "in_progress", "partly_implemented", "reversed", "withdrawn"])
def test_only_what_is_implemented_is_confirmed(state: str, editor: User) -> None:
    with pytest.raises(actions.NothingToConfirm):
        actions.confirm(StatusEntryFactory(state=state), by=editor, at=AT)
    assert not Confirmation.objects.exists()


@pytest.mark.django_db
def test_entry_that_was_corrected_is_not_confirmed(editor: User) -> None:
    wrong = StatusEntryFactory(state="implemented")
    StatusEntryFactory(state="in_progress", addressee=wrong.addressee, corrects=wrong)
    with pytest.raises(actions.NothingToConfirm):
        actions.confirm(wrong, by=editor, at=AT)
    assert not Confirmation.objects.exists()


@pytest.mark.django_db
def test_entries_to_confirm_stand_and_say_implemented(editor: User) -> None:
    waiting = [StatusEntryFactory(state=state) for state in ("implemented", "implemented_otherwise")]
    actions.confirm(StatusEntryFactory(state="implemented"), by=editor, at=AT)
    wrong = StatusEntryFactory(state="implemented")
    StatusEntryFactory(state="in_progress", addressee=wrong.addressee, corrects=wrong)
    assert {*StatusEntry.objects.to_confirm()} == {*waiting}


# Submissions


@pytest.mark.django_db
def test_accepted_submission_becomes_an_entry_on_the_partners_behalf(editor: User) -> None:
    submission = SubmissionFactory(proposed_state="in_progress", note="Two rounds were held.")
    entry = actions.accept_submission(
        submission,
        by=editor,
        at=AT,
        confidence="documented",
        evidence=[evidence(source=SourceFactory())],
    )
    submission.refresh_from_db()
    assert (submission.decision, submission.decided_by, submission.decided_at) == ("accepted", editor, AT)
    assert submission.entry == entry
    assert (entry.addressee, entry.state, entry.as_of) == (submission.addressee, "in_progress", submission.as_of)
    assert (entry.by, entry.on_behalf_of) == (editor, submission.addressee.actor)
    assert (entry.public_note, entry.confidence) == ("Two rounds were held.", "documented")
    assert entry.evidence.count() == 1


@pytest.mark.django_db
def test_accepted_submission_says_what_its_state_needs(editor: User) -> None:
    submission = SubmissionFactory(proposed_state="partly_implemented")
    with pytest.raises(ValidationError, match="what remains"):
        actions.accept_submission(submission, by=editor, at=AT)
    submission.refresh_from_db()
    assert submission.decision == "pending"
    assert not StatusEntry.objects.exists()
    entry = actions.accept_submission(submission, by=editor, at=AT, what_remains="The second part.")
    assert entry.what_remains == "The second part."


@pytest.mark.django_db
def test_declined_submission_tells_the_partner_why(editor: User) -> None:
    submission = SubmissionFactory()
    actions.decline_submission(submission, by=editor, at=AT, reason=" The source says something else. ")
    submission.refresh_from_db()
    assert (submission.decision, submission.decided_by, submission.decided_at) == ("declined", editor, AT)
    assert (submission.decision_reason, submission.entry) == ("The source says something else.", None)
    assert not StatusEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", " "])
def test_decline_submission_needs_a_reason(reason: str, editor: User) -> None:
    submission = SubmissionFactory()
    with pytest.raises(NothingSaid):
        actions.decline_submission(submission, by=editor, at=AT, reason=reason)
    submission.refresh_from_db()
    assert submission.decision == "pending"


@pytest.mark.django_db
@pytest.mark.parametrize("decided", ["accepted", "declined"])
def test_submission_is_decided_once(decided: str, editor: User) -> None:
    submission = SubmissionFactory(**{decided: True})
    entries = StatusEntry.objects.count()
    with pytest.raises(actions.AlreadyDecided):
        actions.accept_submission(submission, by=editor, at=AT)
    with pytest.raises(actions.AlreadyDecided):
        actions.decline_submission(submission, by=editor, at=AT, reason="On second thoughts.")
    submission.refresh_from_db()
    assert submission.decision == decided
    assert StatusEntry.objects.count() == entries


@pytest.mark.django_db
def test_nobody_decides_on_their_own_submission(editor: User) -> None:
    submission = SubmissionFactory(submitted_by=editor)
    with pytest.raises(ValidationError, match="their own submission"):
        actions.accept_submission(submission, by=editor, at=AT)
    with pytest.raises(ValidationError, match="their own submission"):
        actions.decline_submission(submission, by=editor, at=AT, reason="No.")
    submission.refresh_from_db()
    assert submission.decision == "pending"
    assert not StatusEntry.objects.exists()


def test_two_editors_at_once_decide_once(session: Session) -> None:
    editors = [UserFactory(groups=("editors",)) for _ in range(2)]
    submission = SubmissionFactory()
    with transaction.atomic():
        actions.decline_submission(submission, by=editors[0], at=AT, reason="No.")
        deciding = session.run(lambda: actions.accept_submission(Submission.objects.get(), by=editors[1], at=AT))
        session.wait_until_it_waits()
    with pytest.raises(actions.AlreadyDecided):
        deciding.result(PATIENCE)
    assert not StatusEntry.objects.exists()
