"""Two people record for the same addressee at the same moment: one after the other, and the second is told what the
first recorded.
"""

from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from publishing.acting import Act
from publishing.database.errors import validation_error_from
from recommendations import actions
from recommendations.actions import followup
from recommendations.lifecycle import rules as lifecycle
from recommendations.lifecycle.states import ImplementationState
from recommendations.models import Confirmation, Response, StatusEntry
from tests.factories import (
    AddresseeFactory,
    ConfirmationFactory,
    StatusEntryFactory,
    UserFactory,
    noon,
)
from tests.recommendations.recording import (
    ANSWERS,
    DAY,
    LATER,
    NEXT,
    ONE,
    WORDS,
    at_the_state,
    corrected,
    evidence,
    record_in_sql,
    standing,
)
from tests.support.concurrency import Session
from tests.support.patience import PATIENCE
from tests.support.refusal import refused


@pytest.fixture
def two_editors(session: Session) -> tuple[User, User]:
    one, other = UserFactory.create_batch(2, groups=("editors",))
    return one, other


def test_second_person_is_told_what_the_first_recorded(session: Session, two_editors: tuple[User, User]) -> None:
    addressee = at_the_state("not_started")
    seen = addressee.entries.get().pk

    def record(by: User, **given: Any) -> StatusEntry:
        return actions.record_status(
            addressee, as_of=NEXT, act=Act(by=by, at=noon(NEXT)), **{"state": "not_started", "seen": seen, **given}
        )

    with transaction.atomic():
        first = record(two_editors[0], state="not_implemented", reason="No budget.")
        recording = session.run(lambda: record(two_editors[1]))
        session.wait_until_it_waits()
    with pytest.raises(actions.StaleRecord) as moved:
        recording.result(PATIENCE)
    assert moved.value.record == first
    assert moved.value.messages == [
        f"Meanwhile {two_editors[0].username} recorded “Not implemented (2025-06-02)” here. Look at it, and save "
        "again if yours still holds: nothing of what you typed is lost."
    ]
    again = record(two_editors[1], seen=first.pk, state="not_implemented", reason="No budget.")
    assert standing(addressee) == ["not_started", "not_implemented", "not_implemented"]
    with pytest.raises(actions.StaleRecord):
        record(two_editors[0], seen=first.pk, corrects=first)
    assert record(two_editors[0], seen=again.pk, state="not_implemented", reason="None.", corrects=first).pk > again.pk


def test_who_saw_nothing_is_told_too(session: Session, two_editors: tuple[User, User]) -> None:
    addressee = AddresseeFactory()
    given: dict[str, Any] = {"kind": "awaiting", **ANSWERS["awaiting"], "as_of": DAY}
    acts = [Act(by=one, at=noon(DAY)) for one in two_editors]
    with transaction.atomic():
        first = actions.record_response(addressee, act=acts[0], seen=actions.NOTHING_SEEN, **given)
        recording = session.run(
            lambda: actions.record_response(addressee, act=acts[1], seen=actions.NOTHING_SEEN, **given)
        )
        session.wait_until_it_waits()
    with pytest.raises(actions.StaleRecord) as moved:
        recording.result(PATIENCE)
    assert moved.value.record == first
    assert Response.objects.count() == 1


def test_whoever_waited_and_does_not_look_is_judged_by_what_stands_then(
    session: Session, two_editors: tuple[User, User]
) -> None:
    addressee = at_the_state("in_progress")
    with transaction.atomic():
        actions.record_status(
            addressee,
            state="not_implemented",
            reason="None.",
            as_of=NEXT,
            act=Act(by=two_editors[0], at=noon(NEXT + ONE)),
        )
        recording = session.run(
            lambda: actions.record_status(
                addressee,
                state="stalled",
                **WORDS["stalled"],
                as_of=NEXT,
                act=Act(by=two_editors[1], at=noon(NEXT)),
            )
        )
        session.wait_until_it_waits()
    with pytest.raises(actions.ForbiddenTransition, match="After “Not implemented”"):
        recording.result(PATIENCE)


AT_ONCE: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "a step that cannot follow": (
        {"state": "withdrawn", "reason": "None."},
        {"state": "stalled", **WORDS["stalled"]},
        "follows_the_lifecycle",
    ),
    "an earlier day": (
        {"state": "stalled", **WORDS["stalled"], "as_of": NEXT + ONE},
        {"state": "stalled", **WORDS["stalled"], "recorded_at": noon(NEXT + ONE)},
        "in_order",
    ),
    "an earlier moment": (
        {"state": "stalled", **WORDS["stalled"], "recorded_at": noon(NEXT + ONE)},
        {"state": "stalled", **WORDS["stalled"]},
        "recorded_in_order",
    ),
    "a second correction": (
        {"state": "not_started", "corrects": "first", "recorded_at": noon(NEXT)},
        {"state": "not_started", "corrects": "first", "recorded_at": noon(NEXT)},
        "corrects_what_stands",
    ),
}


@pytest.mark.parametrize("case", AT_ONCE)
def test_database_judges_the_second_by_what_the_first_committed(case: str, session: Session) -> None:
    addressee = at_the_state("in_progress")
    entry = addressee.entries.get()
    first, second, constraint = AT_ONCE[case]
    first, second = (
        {name: entry if value == "first" else value for name, value in one.items()} for one in (first, second)
    )
    by = UserFactory()

    def write() -> None:
        with transaction.atomic():
            record_in_sql(StatusEntry, addressee, by=by, **second)

    with transaction.atomic():
        record_in_sql(StatusEntry, addressee, by=by, **first)
        writing = session.run(write)
        session.wait_until_it_waits()
    with pytest.raises(IntegrityError) as caught:
        writing.result(PATIENCE)
    assert isinstance(caught.value.__cause__, psycopg.Error)
    assert caught.value.__cause__.diag.constraint_name == f"recommendations_statusentry_{constraint}"
    assert StatusEntry.objects.count() == 2


def test_entry_is_not_confirmed_while_it_is_corrected(session: Session, two_editors: tuple[User, User]) -> None:
    addressee = at_the_state("in_progress")
    entry: StatusEntry = StatusEntryFactory(addressee=addressee, state="implemented", as_of=NEXT, by=two_editors[0])

    def confirm() -> Confirmation:
        return actions.confirm(entry, act=Act(by=two_editors[1], at=noon(LATER)))

    def confirm_in_sql() -> Confirmation:
        made: Confirmation = ConfirmationFactory(entry=entry, by=two_editors[1])
        return made

    for way, refusal in ((confirm, actions.NothingToConfirm), (confirm_in_sql, IntegrityError)):
        with transaction.atomic():
            right = corrected(entry, "implemented", two_editors[0], evidence=[evidence()])
            confirming = session.run(way)
            session.wait_until_it_waits()
        with pytest.raises(refusal):
            confirming.result(PATIENCE)
        entry = right
    assert not Confirmation.objects.exists()


def test_entry_without_its_source_is_refused_where_it_is_committed(session: Session) -> None:
    addressee = AddresseeFactory()
    with refused("recommendations_statusentry_has_its_sources"):
        record_in_sql(StatusEntry, addressee, state="in_progress")
    assert not StatusEntry.objects.exists()


def test_what_only_the_database_refuses_is_a_refusal_in_words(
    session: Session, two_editors: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever Python overlooks, be it at the end of the transaction, is told at its field."""
    monkeypatch.setattr(followup, "_lacks", lambda *_: {})
    addressee = AddresseeFactory()
    act: dict[str, Any] = {"as_of": DAY, "act": Act(by=two_editors[0], at=noon(DAY))}
    with pytest.raises(IntegrityError) as refusal:
        actions.record_status(addressee, state="in_progress", **act)
    assert validation_error_from(refusal.value).message_dict == {
        "state": ["An entry lacks the source that its state or its confidence needs."]
    }
    monkeypatch.setattr(
        lifecycle, "FROM", {**lifecycle.FROM, ImplementationState.REVERSED: frozenset({"not_assessed"})}
    )
    with pytest.raises(IntegrityError) as refusal:
        actions.record_status(addressee, state="reversed", **act)
    assert validation_error_from(refusal.value).message_dict == {
        "state": ["This cannot come after what was recorded before."]
    }
    assert not StatusEntry.objects.exists()
