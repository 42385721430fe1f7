"""The follow-up of recommendations: what is refused, to whom, and what is recorded."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from partnerships.models import Source
from publishing.acting import Act
from publishing.actions import withdraw
from publishing.refusals import NeedsMore, NotAllowed, NothingSaid, RefersToUnpublished, Refused
from recommendations import actions
from recommendations.models import (
    Addressee,
    Confirmation,
    Evidence,
    InternalNote,
    Recommendation,
    Reference,
    Response,
    StatusEntry,
    Submission,
)
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    EvidenceFactory,
    FulfilmentFactory,
    RecommendationFactory,
    ResponseFactory,
    SourceFactory,
    StatusEntryFactory,
    SubmissionFactory,
    UserFactory,
)
from tests.support.concurrency import Session
from tests.support.patience import PATIENCE
from tests.support.refusal import refused

DAY = dt.date(2025, 6, 1)
AT = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def evidence(**columns: Any) -> Evidence:
    """Evidence that is not yet of any entry."""
    return Evidence(**{"independence_group": "gazette", "source_reliability": "A", "nature": "primary", **columns})


def dated(**attributes: Any) -> Source:
    """A source that has a date."""
    source: Source = SourceFactory(date="2025-05", **attributes)
    return source


def asked(**attributes: Any) -> Addressee:
    """An addressee that was asked, and has not answered."""
    addressee: Addressee = AddresseeFactory(**attributes)
    ResponseFactory(addressee=addressee, awaiting=True)
    return addressee


def begun(**attributes: Any) -> Addressee:
    """An addressee that is at it."""
    addressee: Addressee = AddresseeFactory(**attributes)
    StatusEntryFactory(addressee=addressee, state="in_progress")
    return addressee


# Who may

ACTS: dict[str, Callable[[User], object]] = {
    "record_response": lambda by: actions.record_response(
        AddresseeFactory(),
        kind="awaiting",
        as_of=DAY,
        act=Act(by=by, at=AT),
        channel="letter",
        recipient="Ministry of Defence",
    ),
    "record_status": lambda by: actions.record_status(
        AddresseeFactory(), state="not_started", as_of=DAY, act=Act(by=by, at=AT)
    ),
    "confirm": lambda by: actions.confirm(StatusEntryFactory(state="implemented"), act=Act(by=by, at=AT)),
    "accept_submission": lambda by: actions.accept_submission(
        SubmissionFactory(proposed_state="not_started"), act=Act(by=by, at=AT)
    ),
    "record_check": lambda by: actions.record_check(begun(), as_of=DAY, act=Act(by=by, at=AT)),
    "decline_submission": lambda by: actions.decline_submission(
        SubmissionFactory(), act=Act(by=by, at=AT), reason="The source says something else."
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", ["partner", "other_partner", "anonymous"])
def test_only_the_desk_records(act: str, name: str, request: pytest.FixtureRequest) -> None:
    outsider = request.getfixturevalue(name)
    with pytest.raises(NotAllowed):
        ACTS[act](outsider)
    assert not any(model.objects.exists() for model in (Response, Confirmation))
    assert StatusEntry.objects.count() == (1 if act in {"confirm", "record_check"} else 0)  # what was there before
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
        ("awaiting", {"channel": "letter", "recipient": "Ministry of Defence"}),
        ("accepted", {"office": "Ministry of Defence", "source": True}),
        ("partly_accepted", {"office": "Ministry of Defence", "source": True, "accepted_part": "The first aim."}),
        ("noted", {"words": "We take note."}),
        ("rejected", {"reason": "No budget."}),
        ("rejected", {"no_reason_given": True}),
    ],
)
def test_record_response_appends(kind: str, given: dict[str, Any], editor: User) -> None:
    addressee = asked()
    if "source" in given:
        given = {**given, "source": SourceFactory()}
    response = actions.record_response(
        addressee, kind=kind, as_of=DAY, act=Act(by=editor, at=AT), language="ar", **given
    )
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
        (
            "awaiting",
            {"as_of": DAY + dt.timedelta(days=2), "channel": "letter", "recipient": "Ministry of Defence"},
            "lies in the future",
        ),
    ],
)
def test_record_response_refuses(kind: str, given: dict[str, Any], message: str, editor: User) -> None:
    addressee = asked()
    with pytest.raises(Refused, match=message):
        actions.record_response(addressee, kind=kind, act=Act(by=editor, at=AT), **{"as_of": DAY, **given})
    assert Response.objects.get().kind == "awaiting"


@pytest.mark.django_db
def test_record_response_corrects_an_earlier_one(editor: User) -> None:
    addressee = asked()
    first, wrong = Response.objects.get(), ResponseFactory(addressee=addressee, noted=True)
    given: dict[str, Any] = {
        "kind": "rejected",
        "no_reason_given": True,
        "as_of": DAY,
        "act": Act(by=editor, at=AT + HOUR),
    }
    with pytest.raises(Refused, match="about the same thing"):
        actions.record_response(asked(), corrects=wrong, **given)
    right = actions.record_response(addressee, corrects=wrong, **given)
    assert [*Response.objects.effective().filter(addressee=addressee)] == [first, right]


@pytest.mark.django_db
def test_record_response_to_a_public_recommendation_names_no_draft(editor: User) -> None:
    addressee = asked(recommendation=RecommendationFactory(published=True))
    given: dict[str, Any] = {
        "kind": "accepted",
        "office": "Ministry of Defence",
        "as_of": DAY,
        "act": Act(by=editor, at=AT),
    }
    draft = SourceFactory()
    with pytest.raises(RefersToUnpublished) as refusal:
        actions.record_response(addressee, source=draft, **given)
    assert refusal.value.publications == [draft]
    assert Response.objects.count() == 1
    actions.record_response(addressee, source=SourceFactory(published=True), **given)
    assert Response.objects.count() == 2


# Status entries


@pytest.mark.django_db
def test_record_status_appends_with_its_evidence_and_the_desks_note(editor: User) -> None:
    addressee, source = begun(), SourceFactory()
    entry = actions.record_status(
        addressee,
        state="implemented",
        as_of=DAY,
        act=Act(by=editor, at=AT),
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
    actions.record_status(
        AddresseeFactory(), state="not_started", as_of=DAY, act=Act(by=editor, at=AT), internal_note=note
    )
    assert not InternalNote.objects.exists()


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
    with pytest.raises(Refused, match=message):
        actions.record_status(
            AddresseeFactory(), act=Act(by=editor, at=AT), **{"state": "not_started", "as_of": DAY, **given}
        )
    assert not StatusEntry.objects.exists()


@pytest.mark.django_db
def test_record_status_is_all_or_nothing(editor: User) -> None:
    source = dated()
    twice = [evidence(source=source), evidence(source=source)]
    with pytest.raises(Refused, match="already cited here"):
        actions.record_status(
            AddresseeFactory(), state="in_progress", as_of=DAY, act=Act(by=editor, at=AT), evidence=twice
        )
    with pytest.raises(Refused, match="cannot be blank"):
        actions.record_status(
            AddresseeFactory(),
            state="in_progress",
            as_of=DAY,
            act=Act(by=editor, at=AT),
            evidence=[evidence(source=source, independence_group="")],
        )
    assert not StatusEntry.objects.exists()
    assert not Evidence.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("named", ["successor", "on_behalf_of"])
def test_record_status_of_a_public_recommendation_names_no_draft(named: str, editor: User) -> None:
    addressee = AddresseeFactory(recommendation=RecommendationFactory(published=True))

    def record(thing: Any) -> StatusEntry:
        cited = [evidence(source=dated(published=True))]
        return actions.record_status(
            addressee, state="in_progress", as_of=DAY, act=Act(by=editor, at=AT), evidence=cited, **{named: thing}
        )

    factory: Any = {"successor": RecommendationFactory, "on_behalf_of": ActorFactory}[named]
    draft = factory()
    with pytest.raises(RefersToUnpublished) as refusal:
        record(draft)
    assert refusal.value.publications == [draft]
    assert not StatusEntry.objects.exists()
    record(factory(published=True))
    assert StatusEntry.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "published"])
def test_withdrawn_source_is_no_evidence(state: str, editor: User) -> None:
    addressee = AddresseeFactory(recommendation=RecommendationFactory(published=state == "published"))
    gone = dated(withdrawn=True)
    with pytest.raises(NeedsMore) as refusal:
        actions.record_status(
            addressee, state="in_progress", as_of=DAY, act=Act(by=editor, at=AT), evidence=[evidence(source=gone)]
        )
    assert refusal.value.message_dict == {
        "source": [f"“{gone}” was withdrawn: cite another source, or have it published again first."]
    }
    entry = StatusEntryFactory(addressee=addressee, state="in_progress")
    with refused("recommendations_evidence_cites_what_stands"):
        EvidenceFactory(entry=entry, source=gone)


@pytest.mark.django_db
def test_withdrawn_source_is_no_answer_and_fulfils_nothing(editor: User) -> None:
    addressee, gone = AddresseeFactory(), dated(withdrawn=True)
    ResponseFactory(addressee=addressee, awaiting=True, as_of=DAY)
    said = f"“{gone}” was withdrawn: cite another source, or have it published again first."
    given: dict[str, Any] = {"kind": "rejected", "no_reason_given": True, "as_of": DAY, "act": Act(by=editor, at=AT)}
    with pytest.raises(ValidationError) as refusal:
        actions.record_response(addressee, source=gone, **given)
    assert refusal.value.message_dict == {"source": [said]}
    with refused("recommendations_response_cites_what_stands"):
        ResponseFactory(addressee=addressee, source=gone)
    with refused("recommendations_fulfilment_cites_what_stands"):
        FulfilmentFactory(series=None, source=gone)
    fulfilment: Any = FulfilmentFactory(series=None, source=dated(published=True))
    with refused("recommendations_fulfilment_cites_what_stands"):
        type(fulfilment).objects.filter(pk=fulfilment.pk).update(source=gone)
    fulfilment.source = gone
    with pytest.raises(ValidationError, match="was withdrawn"):
        fulfilment.full_clean()


@pytest.mark.django_db
def test_evidence_stays_when_its_source_is_withdrawn_and_a_correction_needs_another(
    editor: User, reviewer: User
) -> None:
    source = dated(published=True)
    given: dict[str, Any] = {"state": "in_progress", "as_of": DAY}
    later = Act(by=editor, at=AT + HOUR)
    addressee = AddresseeFactory()
    entry = actions.record_status(addressee, evidence=[evidence(source=source)], act=Act(by=editor, at=AT), **given)
    withdraw(source, act=Act(by=reviewer, at=AT), note="It rested on a misreading.")
    assert [one.source for one in entry.evidence.all()] == [source]
    with pytest.raises(NeedsMore, match="was withdrawn"):
        actions.record_status(addressee, evidence=[evidence(source=source)], act=later, corrects=entry, **given)
    other = dated(published=True)
    right = actions.record_status(addressee, evidence=[evidence(source=other)], act=later, corrects=entry, **given)
    assert [one.source for one in right.evidence.all()] == [other]


@pytest.mark.django_db
def test_record_status_corrects_an_earlier_one(editor: User) -> None:
    addressee = begun()
    first, wrong = StatusEntry.objects.get(), StatusEntryFactory(addressee=addressee, state="implemented")
    given: dict[str, Any] = {"state": "in_progress", "as_of": DAY, "act": Act(by=editor, at=AT + HOUR)}
    with pytest.raises(Refused, match="about the same thing"):
        actions.record_status(begun(), corrects=wrong, **given)
    right = actions.record_status(addressee, corrects=wrong, **given)
    assert [*StatusEntry.objects.effective().filter(addressee=addressee)] == [first, right]


# Confirmation


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["implemented", "implemented_otherwise"])
def test_second_person_confirms_what_is_implemented(state: str, editor: User, reviewer: User) -> None:
    entry = StatusEntryFactory(state=state, by=editor)
    confirmation = actions.confirm(entry, act=Act(by=reviewer, at=AT))
    assert (confirmation.entry, confirmation.by, confirmation.recorded_at) == (entry, reviewer, AT)
    with pytest.raises(actions.NothingToConfirm):
        actions.confirm(entry, act=Act(by=reviewer, at=AT))
    assert Confirmation.objects.count() == 1


@pytest.mark.django_db
def test_nobody_confirms_what_they_recorded(editor: User) -> None:
    with pytest.raises(NotAllowed, match="somebody else has to confirm"):
        actions.confirm(StatusEntryFactory(state="implemented", by=editor), act=Act(by=editor, at=AT))
    assert not Confirmation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["not_started", "in_progress", "partly_implemented", "reversed", "withdrawn"])
def test_only_what_is_implemented_is_confirmed(state: str, editor: User) -> None:
    with pytest.raises(actions.NothingToConfirm):
        actions.confirm(StatusEntryFactory(state=state), act=Act(by=editor, at=AT))
    assert not Confirmation.objects.exists()


@pytest.mark.django_db
def test_entry_that_was_corrected_is_not_confirmed(editor: User) -> None:
    wrong = StatusEntryFactory(state="implemented")
    StatusEntryFactory(state="in_progress", addressee=wrong.addressee, corrects=wrong)
    with pytest.raises(actions.NothingToConfirm):
        actions.confirm(wrong, act=Act(by=editor, at=AT))
    assert not Confirmation.objects.exists()


@pytest.mark.django_db
def test_entries_to_confirm_stand_and_say_implemented(editor: User) -> None:
    waiting = [StatusEntryFactory(state=state) for state in ("implemented", "implemented_otherwise")]
    actions.confirm(StatusEntryFactory(state="implemented"), act=Act(by=editor, at=AT))
    wrong = StatusEntryFactory(state="implemented")
    StatusEntryFactory(state="in_progress", addressee=wrong.addressee, corrects=wrong)
    assert {*StatusEntry.objects.to_confirm()} == {*waiting}


@pytest.mark.django_db
def test_check_of_what_is_implemented_waits_for_nobody(editor: User, reviewer: User) -> None:
    entry = StatusEntryFactory(state="implemented", addressee=begun(), by=editor)
    checks = [
        actions.record_check(
            entry.addressee, as_of=DAY + day * dt.timedelta(days=1), act=Act(by=editor, at=AT + day * 24 * HOUR)
        )
        for day in (1, 2)
    ]
    assert [*StatusEntry.objects.to_confirm()] == [entry]  # the one that brought it, with its evidence
    for check in checks:
        with pytest.raises(actions.NothingToConfirm, match="needs no confirmation"):
            actions.confirm(check, act=Act(by=reviewer, at=AT))
    actions.confirm(entry, act=Act(by=reviewer, at=AT))
    assert [*StatusEntry.objects.to_confirm()] == []


@pytest.mark.django_db
def test_correction_of_a_confirmed_entry_waits_for_a_second_person_again(editor: User, reviewer: User) -> None:
    entry = StatusEntryFactory(state="implemented", addressee=begun(), by=editor)
    actions.confirm(entry, act=Act(by=reviewer, at=AT))
    actions.record_check(entry.addressee, as_of=DAY + dt.timedelta(days=9), act=Act(by=editor, at=AT + 9 * 24 * HOUR))
    right = actions.record_status(
        entry.addressee,
        state="implemented",
        as_of=DAY + dt.timedelta(days=1),
        act=Act(by=editor, at=AT + 10 * 24 * HOUR),
        evidence=[evidence(source=SourceFactory())],
        corrects=entry,
    )
    assert [*StatusEntry.objects.to_confirm()] == [right]
    with pytest.raises(NotAllowed, match="somebody else has to confirm"):
        actions.confirm(right, act=Act(by=editor, at=AT))
    actions.confirm(right, act=Act(by=reviewer, at=AT))
    assert Confirmation.objects.count() == 2


@pytest.mark.django_db
def test_what_was_reversed_and_done_again_is_confirmed_again(editor: User, reviewer: User) -> None:
    addressee = begun()
    entries = [
        StatusEntryFactory(state=state, addressee=addressee, by=editor)
        for state in ("implemented", "reversed", "in_progress", "implemented")
    ]
    actions.confirm(entries[0], act=Act(by=reviewer, at=AT))
    assert [*StatusEntry.objects.to_confirm()] == [entries[-1]]


# Submissions


@pytest.mark.django_db
def test_accepted_submission_becomes_an_entry_on_the_partners_behalf(editor: User) -> None:
    submission = SubmissionFactory(proposed_state="in_progress", note="Two rounds were held.")
    entry = actions.accept_submission(
        submission,
        act=Act(by=editor, at=AT),
        confidence="documented",
        evidence=[evidence(source=dated())],
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
    submission = SubmissionFactory(addressee=begun(), proposed_state="partly_implemented")
    cited = [evidence(source=SourceFactory())]
    with pytest.raises(actions.NeedsMore, match="what remains"):
        actions.accept_submission(submission, act=Act(by=editor, at=AT), evidence=cited)
    with pytest.raises(actions.NeedsMore, match="Cite a source"):
        actions.accept_submission(submission, act=Act(by=editor, at=AT), what_remains="The second part.")
    submission.refresh_from_db()
    assert submission.decision == "pending"
    assert StatusEntry.objects.count() == 1
    entry = actions.accept_submission(
        submission, act=Act(by=editor, at=AT), what_remains="The second part.", evidence=cited
    )
    assert entry.what_remains == "The second part."


@pytest.mark.django_db
def test_accepted_submission_names_the_successor(editor: User) -> None:
    submission, successor = SubmissionFactory(proposed_state="superseded"), RecommendationFactory()
    with pytest.raises(actions.NeedsMore, match="takes its place"):
        actions.accept_submission(submission, act=Act(by=editor, at=AT))
    assert actions.accept_submission(submission, act=Act(by=editor, at=AT), successor=successor).successor == successor


@pytest.mark.django_db
def test_declined_submission_tells_the_partner_why(editor: User) -> None:
    submission = SubmissionFactory()
    actions.decline_submission(submission, act=Act(by=editor, at=AT), reason=" The source says something else. ")
    submission.refresh_from_db()
    assert (submission.decision, submission.decided_by, submission.decided_at) == ("declined", editor, AT)
    assert (submission.decision_reason, submission.entry) == ("The source says something else.", None)
    assert not StatusEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", " "])
def test_decline_submission_needs_a_reason(reason: str, editor: User) -> None:
    submission = SubmissionFactory()
    with pytest.raises(NothingSaid):
        actions.decline_submission(submission, act=Act(by=editor, at=AT), reason=reason)
    submission.refresh_from_db()
    assert submission.decision == "pending"


@pytest.mark.django_db
@pytest.mark.parametrize("decided", ["accepted", "declined"])
def test_submission_is_decided_once(decided: str, editor: User) -> None:
    submission = SubmissionFactory(**{decided: True})
    entries = StatusEntry.objects.count()
    with pytest.raises(actions.AlreadyDecided):
        actions.accept_submission(submission, act=Act(by=editor, at=AT))
    with pytest.raises(actions.AlreadyDecided):
        actions.decline_submission(submission, act=Act(by=editor, at=AT), reason="On second thoughts.")
    submission.refresh_from_db()
    assert submission.decision == decided
    assert StatusEntry.objects.count() == entries


@pytest.mark.django_db
def test_nobody_decides_on_their_own_submission(editor: User) -> None:
    submission = SubmissionFactory(submitted_by=editor)
    with pytest.raises(NotAllowed, match="their own submission"):
        actions.accept_submission(submission, act=Act(by=editor, at=AT))
    with pytest.raises(NotAllowed, match="their own submission"):
        actions.decline_submission(submission, act=Act(by=editor, at=AT), reason="No.")
    submission.refresh_from_db()
    assert submission.decision == "pending"
    assert not StatusEntry.objects.exists()


def test_two_editors_at_once_decide_once(session: Session) -> None:
    editors = [UserFactory(groups=("editors",)) for _ in range(2)]
    submission = SubmissionFactory()
    with transaction.atomic():
        actions.decline_submission(submission, act=Act(by=editors[0], at=AT), reason="No.")
        deciding = session.run(
            lambda: actions.accept_submission(Submission.objects.get(), act=Act(by=editors[1], at=AT))
        )
        session.wait_until_it_waits()
    with pytest.raises(actions.AlreadyDecided):
        deciding.result(PATIENCE)
    assert not StatusEntry.objects.exists()
