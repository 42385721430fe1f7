"""Corrections are checked together with the records after them; and what a second person has to confirm."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from publishing.acting import Act
from recommendations import actions
from recommendations.models import Confirmation, Response
from tests.factories import (
    AddresseeFactory,
    ConfirmationFactory,
    EvidenceFactory,
    RecommendationFactory,
    ResponseFactory,
    StatusEntryFactory,
    noon,
)
from tests.recommendations.life import (
    STATES,
    WELL,
)
from tests.recommendations.recording import (
    ANSWERS,
    DAY,
    LATER,
    NEXT,
    ONE,
    WORDS,
    chain,
    corrected,
    corrected_in_sql,
    evidence,
    judge,
    made,
    record_in_sql,
    standing,
)
from tests.support.refusal import refused, rolled_back


@pytest.mark.django_db
def test_correction_in_the_middle_is_judged_with_what_comes_after_it(editor: User) -> None:
    first, middle, last = chain("not_started", "in_progress", "implemented")
    with pytest.raises(actions.ForbiddenTransition) as refusal:
        corrected(middle, "not_started", editor)
    assert refusal.value.message_dict == {
        "state": [f"“{last}” would then come after “Not started”, which cannot be. Correct that one first."]
    }
    with refused("recommendations_statusentry_follows_the_lifecycle", saying="With this correction"):
        corrected_in_sql(middle, "not_started")
    with pytest.raises(actions.ForbiddenTransition, match="After “Not started” this cannot come"):
        corrected(middle, "implemented", editor, evidence=[evidence()])
    with refused("recommendations_statusentry_follows_the_lifecycle", saying="With this correction"):
        corrected_in_sql(middle, "implemented", evidence=[evidence()])
    corrected(last, "in_progress", editor, evidence=[evidence()])
    corrected(middle, "not_started", editor)
    assert standing(first.addressee) == ["not_started", "not_started", "in_progress"]


@pytest.mark.django_db
def test_correction_of_the_day_moves_the_entry(editor: User) -> None:
    first, middle, last = chain("not_started", "in_progress", "stalled")
    cited = {"evidence": [evidence()]}
    for day, message in [(LATER - 3 * ONE, "would then come after “Not started”"), (DAY - ONE, "“Not started")]:
        with pytest.raises(actions.ForbiddenTransition, match=message):
            corrected(middle, "in_progress", editor, as_of=day, **cited)
        with refused("recommendations_statusentry_follows_the_lifecycle"):
            corrected_in_sql(middle, "in_progress", as_of=day, evidence=[evidence()])
    # Where one repeats the other, they may change places.
    corrected(last, "in_progress", editor, evidence=[evidence()])
    corrected(middle, "in_progress", editor, as_of=DAY + 5 * ONE)
    assert standing(first.addressee) == ["not_started", "in_progress", "in_progress"]


@pytest.mark.django_db
def test_correction_is_not_before_the_event_either(editor: User) -> None:
    (first,) = chain("not_started")
    event = first.addressee.recommendation.event
    type(event).objects.filter(pk=event.pk).update(start_date=DAY)
    first.addressee.recommendation.event.refresh_from_db()
    with pytest.raises(actions.OutOfOrder, match="was on 1 June 2025"):
        corrected(first, "not_started", editor, as_of=DAY - ONE)
    with refused("recommendations_statusentry_not_before_it_was_made"):
        corrected_in_sql(first, "not_started", as_of=DAY - ONE)


@pytest.mark.django_db
def test_what_stands_is_corrected_and_nothing_else(editor: User) -> None:
    (wrong,) = chain("not_started")
    right = corrected(wrong, "in_progress", editor, evidence=[evidence()])
    with pytest.raises(actions.StaleRecord) as moved:
        corrected(wrong, "not_implemented", editor, reason="No budget.")
    assert moved.value.record == right
    with refused("recommendations_statusentry_corrects_what_stands"):
        corrected_in_sql(wrong, "not_implemented", reason="No budget.")
    corrected(right, "not_started", editor)  # a correction is corrected as anything else
    assert standing(wrong.addressee) == ["not_started"]


@pytest.mark.django_db
def test_first_entry_is_taken_back(editor: User, reviewer: User) -> None:
    (wrong,) = chain("withdrawn")
    taken_back = corrected(wrong, "not_assessed", editor)
    begun = actions.record_status(
        wrong.addressee, state="in_progress", as_of=NEXT, act=Act(by=editor, at=noon(LATER)), evidence=[evidence()]
    )
    corrected(begun, "not_started", editor)
    corrected(taken_back, "not_started", editor)
    assert standing(wrong.addressee) == ["not_started", "not_started"]


@pytest.mark.django_db
def test_entry_between_others_is_not_taken_back_to_the_start(editor: User) -> None:
    first, middle = chain("not_started", "in_progress")
    with pytest.raises(actions.ForbiddenTransition):
        corrected(middle, "not_assessed", editor)
    with refused("recommendations_statusentry_follows_the_lifecycle"):
        corrected_in_sql(middle, "not_assessed")
    corrected(first, "not_assessed", editor)
    assert standing(first.addressee) == ["not_assessed", "in_progress"]


@pytest.mark.django_db
def test_check_that_repeats_nothing_any_more_needs_its_source(editor: User) -> None:
    first, check = chain("in_progress", "in_progress")
    bare = actions.record_check(first.addressee, as_of=DAY + 2 * ONE, act=Act(by=editor, at=noon(DAY + 2 * ONE)))
    corrected(check, "in_progress", editor)  # without evidence: a check
    with pytest.raises(actions.NeedsMore) as refusal:
        corrected(first, "not_started", editor)
    assert refusal.value.message_dict == {
        "state": [
            "“In progress (2025-06-02)” would then come after “Not started”, and lack what that needs. "
            "Cite a source that supports it and has a date."
        ]
    }
    with refused("recommendations_statusentry_has_its_sources"):
        corrected_in_sql(first, "not_started")
    assert standing(first.addressee) == ["in_progress"] * 3
    assert bare.evidence.count() == 0


@pytest.mark.django_db
def test_entry_that_moves_away_leaves_what_came_after_it_with_a_source(editor: User) -> None:
    first, _last = chain("in_progress", "in_progress", cited=False)
    EvidenceFactory(entry=first)
    judge()
    behind = {"as_of": DAY + 5 * ONE}
    with pytest.raises(actions.NeedsMore, match="lack what that needs"):
        corrected(first, "in_progress", editor, **behind)
    with refused("recommendations_statusentry_has_its_sources"):
        corrected_in_sql(first, "in_progress", **behind)
    corrected(first, "in_progress", editor, as_of=DAY - ONE, evidence=[evidence()])


@pytest.mark.django_db
def test_check_keeps_no_confidence_that_a_correction_takes_away(editor: User) -> None:
    first = StatusEntryFactory(state="not_started", confidence="verified", as_of=DAY)
    actions.record_check(first.addressee, as_of=NEXT, act=Act(by=editor, at=noon(NEXT)))
    with pytest.raises(actions.NeedsMore, match="lack what that needs"):
        corrected(first, "not_started", editor)
    with refused("recommendations_statusentry_has_its_sources"):
        corrected_in_sql(first, "not_started")
    corrected(first, "not_started", editor, confidence="verified", evidence=[evidence()])


@pytest.mark.django_db
def test_correction_that_makes_a_reopening_needs_the_reviewer_of_it(editor: User, reviewer: User) -> None:
    first, taken_up = chain("not_started", "in_progress")
    ceased = {"reason": "Its issuer took it back."}
    with pytest.raises(actions.NeedsMore) as refusal:
        corrected(first, "withdrawn", reviewer, **ceased)
    assert [*refusal.value.message_dict] == ["state"]
    with refused("recommendations_statusentry_reopened_by_a_reviewer"):
        corrected_in_sql(first, "withdrawn", by=reviewer, **ceased)
    said = {"reason": "The new council took it up.", "evidence": [evidence()]}
    taken_up = corrected(taken_up, "in_progress", reviewer, **said)
    withdrawn = corrected(first, "withdrawn", editor, **ceased)
    # The reopening itself is corrected by a reviewer with a reason only.
    for by, reason in ((editor, "It did."), (reviewer, "")):
        with pytest.raises(actions.NeedsMore):
            corrected(taken_up, "in_progress", by, reason=reason, evidence=[evidence()])
        with refused("recommendations_statusentry_reopened_by_a_reviewer"):
            corrected_in_sql(taken_up, "in_progress", by=by, reason=reason, evidence=[evidence()])
    # And what it reopened by anybody, though the reviewer has left since.
    reviewer.groups.clear()
    successor = RecommendationFactory()
    superseded = corrected(withdrawn, "superseded", editor, successor=successor)
    corrected(superseded, "not_started", editor)
    assert standing(first.addressee) == ["not_started", "in_progress"]


@pytest.mark.django_db
def test_correction_of_a_response_is_judged_with_what_comes_after_it(editor: User) -> None:
    addressee = AddresseeFactory()
    asked = ResponseFactory(addressee=addressee, awaiting=True, as_of=DAY)
    answer = ResponseFactory(addressee=addressee, noted=True, as_of=NEXT)
    act: dict[str, Any] = {"act": Act(by=editor, at=noon(LATER))}
    with pytest.raises(actions.ForbiddenTransition, match="would then come after “Not sent”"):
        actions.record_response(addressee, kind="not_sent", as_of=DAY, corrects=asked, **act)
    with refused("recommendations_response_follows_the_lifecycle"):
        record_in_sql(Response, addressee, kind="not_sent", as_of=DAY, recorded_at=noon(LATER), corrects=asked)
    given = {"kind": "awaiting", **ANSWERS["awaiting"]}
    with pytest.raises(actions.ForbiddenTransition, match="would then come after “Not sent”"):
        actions.record_response(addressee, as_of=NEXT + ONE, corrects=asked, **given, **act)
    actions.record_response(addressee, as_of=NEXT, corrects=answer, **given, **act)
    actions.record_response(addressee, kind="not_sent", as_of=DAY, corrects=asked, **act)
    kinds = Response.objects.effective().order_by("as_of").values_list("kind", flat=True)
    assert [*kinds] == ["not_sent", "awaiting"]


# A second person confirms


@pytest.mark.django_db
def test_database_refuses_a_confirmation_by_who_recorded_it() -> None:
    entry = StatusEntryFactory(state="implemented")
    with refused("recommendations_confirmation_by_a_second_person", saying="somebody else"):
        ConfirmationFactory(entry=entry, by=entry.by)
    ConfirmationFactory(entry=entry)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in STATES if state not in WELL])
def test_database_refuses_a_confirmation_of_anything_but_implemented(state: str) -> None:
    with refused("recommendations_confirmation_of_what_is_implemented"):
        ConfirmationFactory(entry=StatusEntryFactory(state=state))


@pytest.mark.django_db
@pytest.mark.parametrize("state", sorted(WELL))
def test_database_refuses_a_confirmation_of_what_was_corrected_or_is_a_check(state: str, editor: User) -> None:
    _begun, first, check = chain("in_progress", state, state)
    for entry in (check, first):
        with refused("recommendations_confirmation_of_what_is_implemented") if entry is check else rolled_back():
            ConfirmationFactory(entry=entry)
    wrong = corrected(first, state, editor, evidence=[evidence()], **made(WORDS.get(state, {})))
    with refused("recommendations_confirmation_of_what_is_implemented"):
        ConfirmationFactory(entry=first)
    ConfirmationFactory(entry=wrong)
    assert Confirmation.objects.count() == 1
