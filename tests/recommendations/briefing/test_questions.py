"""The questions follow from the state, by the rules in the module's docstring."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from recommendations.briefing.questions import questions
from recommendations.briefing.turn import Where, next_step
from recommendations.lifecycle.states import ENDS, ImplementationState, ResponseKind

S, R = ImplementationState, ResponseKind
DAY = dt.date(2025, 6, 3)
NOT_SENT = "Which office should receive the recommendation?"
NOTHING_YET = "What has been done about it since it was asked?"


def where(state: str = S.NOT_ASSESSED, response: str = R.NOT_SENT, **facts: Any) -> Where:
    """Somewhere: `answer` and `entry` are the fields of the records that stand, each of the third of June."""
    answer, entry = facts.pop("answer", {}), facts.pop("entry", {})
    return Where(
        state=state,
        response=response,
        **{"is_confirmed": False, "is_stale": False, "is_overdue": False, "target_date": None, **facts},
        answer=None
        if response == R.NOT_SENT
        else SimpleNamespace(
            **{"as_of": DAY, "language": "en", "words": "", "accepted_part": "", "reason": "", **answer}
        ),
        entry=None
        if state == S.NOT_ASSESSED
        else SimpleNamespace(
            **{"as_of": DAY, "language": "en", "what_remains": "", "reason": "", "last_movement_date": None, **entry}
        ),
    )


def asked(place: Where, **more: int) -> list[str]:
    return [f"{one.words} {one.quoted.words}".strip() for one in questions(place, **more)]


@pytest.mark.parametrize(
    ("response", "answer", "question"),
    [
        (R.NOT_SENT, {}, NOT_SENT),
        (R.AWAITING, {}, "The recommendation was sent on 3 June 2025: when can an answer be expected?"),
        (
            "no_response",
            {},
            "Has the recommendation that was sent on 3 June 2025 been received? No answer is recorded.",
        ),
        (
            R.NOTED,
            {"words": "We take note."},
            "The recommendation was noted on 3 June 2025: is it also accepted? We take note.",
        ),
        (
            R.PARTLY_ACCEPTED,
            {"accepted_part": "The first aim."},
            "What would make the rest of the recommendation acceptable? A part was accepted on 3 June 2025:"
            " The first aim.",
        ),
        (
            R.REJECTED,
            {"reason": "No mandate."},
            "The recommendation was declined on 3 June 2025: does the reason still hold? No mandate.",
        ),
        (
            R.REJECTED,
            {},
            "The recommendation was declined on 3 June 2025 without a reason: what was the reason?",
        ),
    ],
)
def test_question_about_the_response(response: str, answer: dict[str, str], question: str) -> None:
    assert asked(where(response=response, answer=answer)) == [question, NOTHING_YET]


@pytest.mark.parametrize("state", [S.NOT_ASSESSED, S.NOT_STARTED])
def test_what_was_accepted_and_not_begun_is_asked_for_its_first_step(state: str) -> None:
    assert asked(where(state, R.ACCEPTED)) == [
        "The recommendation was accepted on 3 June 2025: what is the first step, and by when?"
    ]


@pytest.mark.parametrize(
    ("state", "facts", "question"),
    [
        (
            S.NOT_STARTED,
            {},
            "What stands in the way of a start? On 3 June 2025 nothing was found to have begun.",
        ),
        (S.IN_PROGRESS, {}, "What is the next step, and when will it be taken?"),
        (
            S.IN_PROGRESS,
            {"is_stale": True},
            "What has happened since 3 June 2025, when it was last looked into?",
        ),
        (
            S.STALLED,
            {"entry": {"reason": "No budget.", "last_movement_date": dt.date(2025, 2, 1)}},
            "What would it take to resume? The last movement was on 1 February 2025. No budget.",
        ),
        (
            S.PARTLY_IMPLEMENTED,
            {"entry": {"what_remains": "The second part."}},
            "When will what remains be done? The second part.",
        ),
        (S.REVERSED, {}, "What led to the step back recorded on 3 June 2025, and what would undo it?"),
    ],
)
def test_question_about_the_implementation(state: str, facts: dict[str, Any], question: str) -> None:
    assert asked(where(state, **facts)) == [NOT_SENT, question]


@pytest.mark.parametrize("state", [S.IMPLEMENTED, S.IMPLEMENTED_OTHERWISE])
def test_what_waits_for_confirmation_is_asked_for_what_shows_it(state: str) -> None:
    assert asked(where(state)) == ["Which act or text shows that it is done?"]
    assert asked(where(state, is_confirmed=True)) == []


@pytest.mark.parametrize("state", [state for state in ENDS if state not in (S.IMPLEMENTED, S.IMPLEMENTED_OTHERWISE)])
def test_nothing_is_asked_where_follow_up_has_ended(state: str) -> None:
    place = where(state, is_overdue=True, target_date=DAY)
    assert asked(place, editions_running=4) == []
    assert next_step(place) == ""


def test_target_date_that_has_passed_is_asked_for() -> None:
    place = where(S.IN_PROGRESS, R.ACCEPTED, is_overdue=True, target_date=DAY)
    assert asked(place)[1:] == ["The target date was 3 June 2025: which date holds now?"]


def test_what_was_asked_again_and_again_is_asked_why() -> None:
    place = where(S.IN_PROGRESS, R.ACCEPTED)
    assert asked(place, editions_running=1)[1:] == []
    assert asked(place, editions_running=4)[1:] == [
        "It has been asked at 4 editions running: what has kept it from being settled?"
    ]


def test_quoted_words_keep_their_language() -> None:
    place = where(S.PARTLY_IMPLEMENTED, entry={"what_remains": "الجزء الثاني", "language": "ar"})
    assert [one.quoted.language for one in questions(place)] == ["", "ar"]


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
@pytest.mark.parametrize("response", [*R, "no_response"])
@pytest.mark.parametrize("state", list(S))
def test_every_open_place_has_a_question_and_a_next_step(state: str, response: str, language: str) -> None:
    place = where(state, response)
    with translation.override(language):
        words = [one.words for one in questions(place)]
        step = next_step(place)
    assert bool(words) == bool(step) == place.is_open
    assert "%(" not in "".join([*words, step])


@pytest.mark.parametrize(
    ("response", "facts", "step"),
    [
        (R.NOT_SENT, {}, "The recommendation has to be sent."),
        (R.AWAITING, {}, "An answer is awaited since 3 June 2025."),
        ("no_response", {}, "It has to be sent again: no answer since 3 June 2025."),
        (R.ACCEPTED, {}, "Work on it has to be completed."),
        (R.ACCEPTED, {"is_stale": True}, "It has to be looked into again: the last time was on 3 June 2025."),
    ],
)
def test_next_step_of_something_in_progress(response: str, facts: dict[str, Any], step: str) -> None:
    assert next_step(where(S.IN_PROGRESS, response, **facts)) == step
