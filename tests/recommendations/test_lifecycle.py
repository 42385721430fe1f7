"""Which state may follow which, and what it needs: through the actions, and directly in SQL.

The tables are in `life.py`, written from the description of the domain and not taken from the code.
"""

import datetime as dt
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from publishing.acting import Act
from publishing.database.errors import validation_error_from
from publishing.identifiers import new_public_id
from publishing.refusals import Refused
from recommendations import actions
from recommendations.lifecycle import rules as lifecycle
from recommendations.lifecycle.states import ImplementationState, ResponseKind
from recommendations.models import Addressee, Response, StatusEntry
from tests.factories import (
    AddresseeFactory,
    StatusEntryFactory,
    UserFactory,
    noon,
)
from tests.recommendations.life import (
    CEASED,
    NEED_A_SOURCE,
    RESPONSES,
    STATES,
    WELL,
    may_follow,
    next_ones,
)
from tests.recommendations.recording import (
    ANSWERS,
    DAY,
    NEXT,
    ONE,
    SOURCES,
    STRONG,
    TABLES,
    WORDS,
    acted,
    at_the_response,
    at_the_state,
    corrected,
    evidence,
    judge,
    made,
    needed,
    record_in_sql,
)
from tests.support.refusal import refused, rolled_back

PAIRS = [(before, after) for before in STATES for after in STATES]
ALLOWED = [pair for pair in PAIRS if may_follow("state", *pair)]
RESPONSE_PAIRS = [(before, after) for before in RESPONSES for after in RESPONSES]
ALLOWED_RESPONSES = [pair for pair in RESPONSE_PAIRS if may_follow("kind", *pair)]


def named(pairs: list[tuple[str, str]]) -> list[str]:
    return [" to ".join(pair) for pair in pairs]


def test_tables_are_over_all_states() -> None:
    assert {*STATES} == {*ImplementationState.values}
    assert {*RESPONSES} == {*ResponseKind.values}
    assert (len(PAIRS), len(ALLOWED), len(RESPONSE_PAIRS), len(ALLOWED_RESPONSES)) == (144, 59, 36, 26)
    assert {*SOURCES} == NEED_A_SOURCE


def test_code_says_what_the_tables_say() -> None:
    assert [pair for pair in PAIRS if lifecycle.may_follow(*pair)] == ALLOWED
    assert [pair for pair in RESPONSE_PAIRS if lifecycle.response_may_follow(*pair)] == ALLOWED_RESPONSES
    for before in STATES:
        assert {*lifecycle.next_states(before)} == {*next_ones("state", before)}
    for before in RESPONSES:
        assert {*lifecycle.next_responses(before)} == {*next_ones("kind", before)}
    assert ({*lifecycle.WELL}, {*lifecycle.CEASED}) == (WELL, CEASED)


# All pairs of states


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), PAIRS, ids=named(PAIRS))
def test_every_pair_of_states_through_the_action(before: str, after: str, reviewer: User) -> None:
    addressee = at_the_state(before)
    recorded = addressee.entries.count()
    act: dict[str, Any] = {"state": after, "as_of": NEXT, "act": Act(by=reviewer, at=noon(NEXT))}
    if (before, after) in ALLOWED:
        entry = actions.record_status(addressee, **act, **needed(after, before=before))
        assert (entry.state, addressee.entries.count()) == (after, recorded + 1)
    else:
        with pytest.raises(actions.ForbiddenTransition) as refusal:
            actions.record_status(addressee, **act, **needed(after, before=before))
        assert [*refusal.value.message_dict] == ["state"]
        assert addressee.entries.count() == recorded


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), PAIRS, ids=named(PAIRS))
def test_every_pair_of_states_in_sql(before: str, after: str, reviewer: User) -> None:
    addressee = at_the_state(before)
    given = {"state": after, "by": reviewer, **needed(after, before=before)}
    if (before, after) in ALLOWED:
        record_in_sql(StatusEntry, addressee, **given)
        judge()
    else:
        with refused("recommendations_statusentry_follows_the_lifecycle", saying="cannot come after"):
            record_in_sql(StatusEntry, addressee, **given)


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), ALLOWED, ids=named(ALLOWED))
def test_no_step_is_taken_without_each_single_need(before: str, after: str, reviewer: User, editor: User) -> None:
    addressee = at_the_state(before)
    recorded = addressee.entries.count()
    is_reopening = before in CEASED and after != before
    act: dict[str, Any] = {"state": after, "as_of": NEXT, "at": noon(NEXT)}
    whole = needed(after, before=before)
    lacking: list[tuple[str, str, dict[str, Any]]] = [
        (word, f"recommendations_statusentry_needs_{word}", {word: "" if isinstance(value, str) else None})
        for word, value in WORDS.get(after, {}).items()
    ]
    if "evidence" in whole:
        for insufficient in SOURCES[after].values():
            lacking.append(("__all__", "recommendations_statusentry_has_its_sources", {"evidence": insufficient()}))
    if is_reopening:
        lacking.append(("reason", "recommendations_statusentry_reopened_by_a_reviewer", {"reason": " "}))
        lacking.append(("__all__", "recommendations_statusentry_reopened_by_a_reviewer", {"by": editor}))
    for place, constraint, without in lacking:
        given = {**act, "by": reviewer, **whole, **without}
        with pytest.raises(actions.NeedsMore) as refusal:
            actions.record_status(addressee, **acted(given))
        assert [*refusal.value.message_dict] == [place], without
        given.pop("at")
        for item in given.get("evidence", []):
            item.pk = None
        with refused(constraint):
            record_in_sql(StatusEntry, addressee, **given)
            judge()
    assert addressee.entries.count() == recorded
    by = reviewer if is_reopening else editor
    actions.record_status(addressee, **acted({**act, "by": by}), **needed(after, before=before))


@pytest.mark.django_db
def test_everything_that_is_missing_is_told_at_once(editor: User) -> None:
    addressee = at_the_state("in_progress")
    with pytest.raises(actions.NeedsMore) as refusal:
        actions.record_status(
            addressee,
            state="partly_implemented",
            as_of=NEXT,
            act=Act(by=editor, at=noon(NEXT)),
            confidence="verified",
            evidence=[evidence(stance="mentions")],
        )
    assert refusal.value.message_dict == {
        "what_remains": ["Say what remains to be done."],
        "__all__": [
            "Cite a source that supports it.",
            "Cite a primary or an independent source that supports it; the addressee's own account is not enough.",
        ],
    }


@pytest.mark.django_db
def test_refusal_says_what_can_come(editor: User) -> None:
    with pytest.raises(actions.ForbiddenTransition) as refusal:
        actions.record_status(
            at_the_state("implemented"), state="in_progress", as_of=NEXT, act=Act(by=editor, at=noon(NEXT))
        )
    assert refusal.value.message_dict == {
        "state": ["After “Implemented” this cannot come. What can: “Implemented”, “Reversed”."]
    }


@pytest.mark.django_db
def test_recommendation_does_not_take_its_own_place(editor: User) -> None:
    addressee = AddresseeFactory()
    own = addressee.recommendation
    with pytest.raises(actions.NeedsMore) as refusal:
        actions.record_status(
            addressee, state="superseded", successor=own, as_of=NEXT, act=Act(by=editor, at=noon(NEXT))
        )
    assert refusal.value.message_dict == {
        "successor": ["A recommendation does not take its own place: name another one."]
    }
    with refused("recommendations_statusentry_succeeded_by_another"):
        record_in_sql(StatusEntry, addressee, state="superseded", successor=own)


@pytest.mark.django_db
def test_successors_never_lead_back(editor: User) -> None:
    first, second, third = AddresseeFactory.create_batch(3)

    def succeed(addressee: Addressee, successor: Addressee) -> None:
        actions.record_status(
            addressee,
            state="superseded",
            successor=successor.recommendation,
            as_of=NEXT,
            act=Act(by=editor, at=noon(NEXT)),
            reason="It was asked anew.",
        )

    succeed(first, second)
    succeed(second, third)
    with pytest.raises(IntegrityError) as refusal:
        succeed(third, first)
    assert validation_error_from(refusal.value).message_dict == {
        "successor": ["Its successors lead back to this recommendation: name one that is still open."]
    }
    with refused("recommendations_statusentry_successors_lead_on"):
        record_in_sql(StatusEntry, third, state="superseded", successor=first.recommendation)
    corrected(first.entries.get(), state="no_longer_applicable", reason="It was no successor.", by=editor)
    succeed(third, first)


@pytest.mark.django_db
@pytest.mark.parametrize("left", [{"groups": ("editors",)}, {"groups": ("reviewers",), "is_active": False}, {}])
def test_nobody_but_a_reviewer_reopens_in_sql(left: dict[str, Any]) -> None:
    addressee = at_the_state("withdrawn")
    given: dict[str, Any] = {"state": "not_started", "reason": "Taken up again."}
    with refused("recommendations_statusentry_reopened_by_a_reviewer"):
        record_in_sql(StatusEntry, addressee, by=UserFactory(**left), **given)
    record_in_sql(StatusEntry, addressee, by=UserFactory(is_superuser=True), **given)


# Confidence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("confidence", "weak"),
    [("documented", "none"), ("verified", "none"), ("verified", "the addressee's own account")],
)
def test_confidence_needs_its_source_in_a_state_that_needs_none(confidence: str, weak: str, editor: User) -> None:
    addressee = AddresseeFactory()
    act: dict[str, Any] = {"state": "not_started", "as_of": NEXT, "by": editor, "confidence": confidence}
    with pytest.raises(actions.NeedsMore):
        actions.record_status(addressee, **acted({**act, "at": noon(NEXT)}), evidence=STRONG[weak]())
    with refused("recommendations_statusentry_has_its_sources"):
        record_in_sql(StatusEntry, addressee, **act, evidence=STRONG[weak]())
        judge()
    entry = actions.record_status(addressee, **acted({**act, "at": noon(NEXT)}), evidence=[evidence()])
    assert entry.confidence == confidence


@pytest.mark.django_db
def test_check_keeps_the_confidence_that_was_reached_and_raises_it_with_a_source(editor: User) -> None:
    addressee = at_the_state("not_assessed")
    act: dict[str, Any] = {"state": "in_progress", "by": editor}
    for day, confidence, cited, is_taken in [
        (0, "claimed", True, True),
        (1, "documented", False, False),
        (1, "documented", True, True),
        (2, "documented", False, True),
        (3, "claimed", False, True),
        (4, "documented", False, False),
        (4, "verified", True, True),
        (5, "documented", False, True),
    ]:
        given = {**act, "as_of": DAY + day * ONE, "confidence": confidence}
        with rolled_back():
            if is_taken:
                record_in_sql(StatusEntry, addressee, **given, evidence=[evidence()] if cited else [])
                judge()
            else:
                with refused("recommendations_statusentry_has_its_sources"):
                    record_in_sql(StatusEntry, addressee, **given)
                    judge()
        given |= {"at": noon(DAY + day * ONE), "evidence": [evidence()] if cited else []}
        if is_taken:
            actions.record_status(addressee, **acted(given))
        else:
            with pytest.raises(actions.NeedsMore):
                actions.record_status(addressee, **acted(given))
    assert addressee.entries.count() == 6


# All pairs of responses


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), RESPONSE_PAIRS, ids=named(RESPONSE_PAIRS))
def test_every_pair_of_responses(before: str, after: str, editor: User) -> None:
    addressee = at_the_response(before)
    recorded = addressee.responses.count()
    act: dict[str, Any] = {"kind": after, "as_of": NEXT, "by": editor}
    whole = made(ANSWERS.get(after, {}))
    if (before, after) not in ALLOWED_RESPONSES:
        with pytest.raises(actions.ForbiddenTransition) as refusal:
            actions.record_response(addressee, **acted({**act, "at": noon(NEXT)}), **whole)
        assert [*refusal.value.message_dict] == ["kind"]
        with refused("recommendations_response_follows_the_lifecycle", saying="cannot come after"):
            record_in_sql(Response, addressee, **act, **whole)
        assert addressee.responses.count() == recorded
        return
    for need, value in ANSWERS[after].items():
        lacked = {need: "" if isinstance(value, str) else (False if value is True else None)}
        place = "reason" if need == "no_reason_given" else need
        with pytest.raises(actions.NeedsMore) as lacking:
            actions.record_response(addressee, **acted({**act, "at": noon(NEXT)}), **{**whole, **lacked})
        assert [*lacking.value.message_dict] == [place]
        with refused(f"recommendations_response_needs_{place}"):
            record_in_sql(Response, addressee, **act, **{**whole, **lacked})
    with rolled_back():
        record_in_sql(Response, addressee, **act, **whole)
    actions.record_response(addressee, **acted({**act, "at": noon(NEXT)}), **whole)
    assert addressee.responses.count() == recorded + 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
def test_rejection_never_blocks_implementation(state: str, reviewer: User) -> None:
    addressee = at_the_response("rejected")
    for before in (one for one in next_ones("state", "not_assessed") if may_follow("state", one, state)):
        with rolled_back():
            StatusEntryFactory(addressee=addressee, state=before, as_of=DAY)
            given = needed(state, before=before)
            actions.record_status(addressee, state=state, as_of=NEXT, act=Act(by=reviewer, at=noon(NEXT)), **given)


# Checks


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in STATES if state != "not_assessed"])
def test_check_in_any_state_takes_a_day_and_nothing_else(state: str, editor: User) -> None:
    addressee = AddresseeFactory()
    first = StatusEntryFactory(addressee=addressee, state=state, as_of=DAY, confidence="verified", language="tr")
    check = actions.record_check(addressee, as_of=NEXT, act=Act(by=editor, at=noon(NEXT)))
    said = [*WORDS.get(state, {}), "state", "confidence", "language"]
    assert {name: getattr(check, name) for name in said} == {name: getattr(first, name) for name in said}
    assert (check.as_of, check.by, check.evidence.count()) == (NEXT, editor, 0)


@pytest.mark.django_db
def test_check_of_what_was_taken_up_again_does_not_take_it_up_again(editor: User, reviewer: User) -> None:
    addressee = at_the_state("withdrawn")
    given: dict[str, Any] = {"state": "not_started", "reason": "Taken up again."}
    actions.record_status(addressee, as_of=NEXT, act=Act(by=reviewer, at=noon(NEXT)), **given)
    assert actions.record_check(addressee, as_of=NEXT, act=Act(by=editor, at=noon(NEXT))).reason == ""


@pytest.mark.django_db
def test_where_nobody_has_looked_there_is_nothing_to_check(editor: User) -> None:
    addressee = AddresseeFactory()
    with pytest.raises(actions.ForbiddenTransition, match="Nobody has looked yet"):
        actions.record_check(addressee, as_of=DAY, act=Act(by=editor, at=noon(DAY)))
    first = actions.record_status(addressee, state="not_started", as_of=DAY, act=Act(by=editor, at=noon(DAY)))
    actions.record_status(addressee, state="not_assessed", as_of=DAY, act=Act(by=editor, at=noon(DAY)), corrects=first)
    with pytest.raises(actions.ForbiddenTransition, match="Nobody has looked yet"):
        actions.record_check(addressee, as_of=NEXT, act=Act(by=editor, at=noon(NEXT)))
    assert addressee.entries.count() == 2


# Days


DAYS: list[tuple[Any, str, dict[str, Any], dict[str, Any]]] = [
    (StatusEntry, "state", {"state": "not_started"}, {}),
    (Response, "kind", {"kind": "awaiting"}, ANSWERS["awaiting"]),
]


def recorded(model: Any, addressee: Addressee, **given: Any) -> Any:
    act = actions.record_status if model is StatusEntry else actions.record_response
    return act(addressee, **acted(given))


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "axis", "first", "whole"), DAYS, ids=["entries", "responses"])
def test_records_are_in_the_order_of_their_days(
    model: Any, axis: str, first: dict[str, Any], whole: dict[str, Any], editor: User
) -> None:
    addressee = AddresseeFactory(recommendation__event__start_date=DAY)
    given = {**first, **whole, "by": editor}
    late = noon(DAY + 9 * ONE)
    with pytest.raises(actions.OutOfOrder) as refusal:
        recorded(model, addressee, **given, as_of=DAY - ONE, at=late)
    assert refusal.value.message_dict == {
        "as_of": ["The event at which this was recommended was on 1 June 2025: give that day or a later one."]
    }
    with refused(f"{TABLES[model]}_not_before_it_was_made"):
        record_in_sql(model, addressee, **given, as_of=DAY - ONE)
    recorded(model, addressee, **given, as_of=DAY, at=late)  # on the day itself
    latest = recorded(model, addressee, **given, as_of=DAY + 3 * ONE, at=late)
    with pytest.raises(actions.OutOfOrder) as refusal:
        recorded(model, addressee, **given, as_of=DAY + 2 * ONE, at=late)
    assert refusal.value.message_dict == {
        "as_of": [
            f"“{latest}” is recorded already. Give that day or a later one, or correct that entry if it is wrong."
        ]
    }
    with refused(f"{TABLES[model]}_in_order"):
        record_in_sql(model, addressee, **given, as_of=DAY + 2 * ONE, recorded_at=late)
    recorded(model, addressee, **given, as_of=DAY + 3 * ONE, at=late)
    with pytest.raises(Refused, match="lies in the future"):
        recorded(model, addressee, **given, as_of=DAY + 11 * ONE, at=late)
    with refused(f"{TABLES[model]}_as_of_is_past"):
        record_in_sql(model, addressee, **given, as_of=DAY + 11 * ONE, recorded_at=late)
    assert model.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "axis", "first", "whole"), DAYS, ids=["entries", "responses"])
def test_what_was_known_on_a_day_does_not_change_afterwards(
    model: Any, axis: str, first: dict[str, Any], whole: dict[str, Any], editor: User
) -> None:
    addressee = AddresseeFactory()
    given = {**first, **whole, "by": editor}
    one = recorded(model, addressee, **given, as_of=DAY, at=noon(NEXT))
    with refused(f"{TABLES[model]}_recorded_in_order"):
        record_in_sql(model, addressee, **given, as_of=DAY, recorded_at=noon(DAY))
    with refused(f"{TABLES[model]}_recorded_in_order"):
        record_in_sql(model, addressee, **given, as_of=DAY, recorded_at=noon(DAY), corrects=one)
    # Who came to the desk before another one, and waited for him, recorded after him.
    later = recorded(model, addressee, **given, as_of=DAY, at=noon(DAY))
    assert (later.recorded_at, later.pk > one.pk) == (one.recorded_at, True)


@pytest.mark.django_db
def test_event_without_a_date_sets_no_first_day(editor: User) -> None:
    addressee = AddresseeFactory(recommendation__event__start_date=None)
    actions.record_status(addressee, state="not_started", as_of=dt.date(1999, 1, 1), act=Act(by=editor, at=noon(DAY)))
    assert addressee.entries.count() == 1


# Several rows at once


@pytest.mark.django_db
@pytest.mark.parametrize(("second", "is_taken"), [("not_implemented", True), ("stalled", False)])
def test_rows_of_one_statement_see_each_other(second: str, is_taken: bool) -> None:
    addressee, by = AddresseeFactory(), UserFactory()
    rows = [
        StatusEntry(addressee=addressee, state=state, as_of=day, recorded_at=noon(NEXT), by=by, **made(words))
        for state, day, words in [("not_started", DAY, {}), (second, NEXT, WORDS[second])]
    ]
    if is_taken:
        StatusEntry.objects.bulk_create(rows)
    else:
        with refused("recommendations_statusentry_follows_the_lifecycle"):
            StatusEntry.objects.bulk_create(rows)


@pytest.mark.django_db
@pytest.mark.parametrize(("second", "is_taken"), [("not_started", True), ("reversed", False)])
def test_rows_of_a_copy_see_each_other(second: str, is_taken: bool) -> None:
    addressee, by = AddresseeFactory(), UserFactory()

    def copy() -> None:
        columns = "public_id, as_of, recorded_at, by_id, language, addressee_id, state, confidence, public_note, "
        columns += "what_remains, reason, how_intent_is_met"
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY recommendations_statusentry ({columns}) FROM STDIN") as rows,
        ):
            for state in ("not_started", second):
                words = (state, "claimed", "", "", "", "")
                rows.write_row((new_public_id(), DAY, noon(NEXT), by.pk, "en", addressee.pk, *words))

    if is_taken:
        copy()
        assert addressee.entries.count() == 2
    else:
        with pytest.raises(psycopg.errors.CheckViolation) as caught, transaction.atomic():
            copy()
        assert caught.value.diag.constraint_name == "recommendations_statusentry_follows_the_lifecycle"
