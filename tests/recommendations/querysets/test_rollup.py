"""The roll-up of a recommendation: by example, and compared with a plain implementation of the same rule."""

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from recommendations.lifecycle.states import ENDS, MIXED, OPEN, RESPONSES, ImplementationState, ResponseKind
from recommendations.models import Recommendation
from recommendations.querysets.rollup import addressees_with_status
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    RecommendationFactory,
    ResponseFactory,
    StatusEntryFactory,
    UserFactory,
    noon,
)
from tests.recommendations.life import plain_rollup
from tests.support.refusal import rolled_back

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 6, 1)
ONE = dt.timedelta(days=1)
TRAITS = {
    "not_sent": {},
    "awaiting": {"awaiting": True},
    "accepted": {"accepted": True},
    "partly_accepted": {"partly_accepted": True},
    "noted": {"noted": True},
    "rejected": {"rejected": True},
}


def addressed(recommendation: Recommendation, *, role: str = "lead", **recorded: Any) -> Any:
    """An addressee with a state and a response, as of DAY; None for one of which nothing is recorded."""
    addressee = AddresseeFactory(recommendation=recommendation, role=role)
    state, response = recorded.get("state"), recorded.get("response")
    if state is not None:
        StatusEntryFactory(addressee=addressee, state=state, as_of=DAY)
    if response is not None:
        ResponseFactory(addressee=addressee, as_of=DAY, **TRAITS[response])
    return addressee


def rolled_up(recommendation: Recommendation, as_of: dt.date | None = DAY) -> Any:
    return Recommendation.objects.with_rollup(as_of=as_of).get(pk=recommendation.pk)


def all_rolled_up(primary_keys: Iterable[int], as_of: dt.date = DAY) -> dict[int, Any]:
    """These recommendations by primary key, in one query."""
    return Recommendation.objects.with_rollup(as_of=as_of).in_bulk([*primary_keys])


# States


EXAMPLES = [
    ([], "not_assessed"),
    ([None], "not_assessed"),
    ([None, None], "not_assessed"),
    *([[state], state] for state in ImplementationState.values),
    (["implemented", "implemented"], "implemented"),
    (["implemented", "implemented_otherwise"], "implemented_otherwise"),
    (["implemented", "not_implemented"], "partly_implemented"),
    (["implemented", None], "partly_implemented"),
    (["implemented", "withdrawn"], "partly_implemented"),
    (["implemented", "reversed"], "partly_implemented"),
    (["partly_implemented", "stalled"], "partly_implemented"),
    (["not_implemented", "superseded"], "not_implemented"),
    (["superseded", "withdrawn"], "no_longer_applicable"),
    (["not_implemented", "in_progress"], "in_progress"),
    (["in_progress", "stalled", None], "in_progress"),
    (["reversed", "stalled"], "reversed"),
    (["stalled", "not_started"], "stalled"),
    (["not_started", None], "not_started"),
    (["not_implemented", None], "not_started"),
    (["withdrawn", "not_started"], "not_started"),
]


def test_states_of_the_leads_roll_up() -> None:
    made = {}
    for states, expected in EXAMPLES:
        recommendation = RecommendationFactory()
        for state in states:
            addressed(recommendation, state=state)
        made[recommendation.pk] = (states, expected)
    assert {pk: (made[pk][0], row.state_rolled_up) for pk, row in all_rolled_up(made).items()} == made


def test_every_pair_of_states_rolls_up_as_the_plain_rule_says() -> None:
    event, by, successor = EventFactory(), UserFactory(), RecommendationFactory()
    actors = ActorFactory.create_batch(2)
    expected = {}
    for pair in itertools.combinations_with_replacement(ImplementationState.values, 2):
        recommendation = RecommendationFactory(event=event, author=by)
        for actor, state in zip(actors, pair, strict=True):
            addressee = AddresseeFactory(recommendation=recommendation, actor=actor)
            named = {"successor": successor} if state == "superseded" else {}
            StatusEntryFactory(addressee=addressee, state=state, as_of=DAY, by=by, **named)
        expected[recommendation.pk] = (pair, plain_rollup([*pair]))
    assert {pk: (expected[pk][0], row.state_rolled_up) for pk, row in all_rolled_up(expected).items()} == expected


addressees = st.lists(
    st.tuples(st.sampled_from(["lead", "support"]), st.none() | st.sampled_from(ImplementationState.values)), max_size=4
)


@settings(max_examples=6)
@given(drawn=st.lists(addressees, min_size=5, max_size=10))
def test_supporters_count_only_where_nobody_leads(drawn: list[list[tuple[str, str | None]]]) -> None:
    with rolled_back():
        expected = {}
        for several in drawn:
            recommendation = RecommendationFactory()
            for role, state in several:
                addressed(recommendation, role=role, state=state)
            leads = [state for role, state in several if role == "lead"]
            counted = leads or [state for _role, state in several]
            expected[recommendation.pk] = plain_rollup([state or "not_assessed" for state in counted])
        assert {pk: row.state_rolled_up for pk, row in all_rolled_up(expected).items()} == expected


def test_ends_and_open_states_are_all_states() -> None:
    assert {*ENDS, *OPEN} == set(ImplementationState)
    assert not {*ENDS} & {*OPEN}
    assert ImplementationState.REVERSED in OPEN


# Responses


ANSWERS = [
    ([], "not_sent"),
    ([None], "not_sent"),
    *([[kind], kind] for kind in ResponseKind.values),
    (["accepted", "accepted"], "accepted"),
    (["accepted", "rejected"], "mixed"),
    (["awaiting", None], "mixed"),
    (["not_sent", None], "not_sent"),
]


def test_what_nobody_has_answered_is_not_called_an_answer() -> None:
    made = RecommendationFactory()
    addressed(made, response="awaiting")
    addressed(made, response=None)
    [rolled] = Recommendation.objects.with_rollup()
    assert rolled.response_rolled_up == MIXED
    assert str(dict(RESPONSES)[MIXED]) == "Differs by addressee"


def test_responses_of_the_leads_roll_up() -> None:
    made = {}
    for responses, expected in ANSWERS:
        recommendation = RecommendationFactory()
        for response in responses:
            addressed(recommendation, response=response)
        if responses:
            addressed(recommendation, role="support", response="noted")
        made[recommendation.pk] = (responses, expected)
    assert {pk: (made[pk][0], row.response_rolled_up) for pk, row in all_rolled_up(made).items()} == made


@pytest.mark.parametrize(("days", "expected"), [(0, "awaiting"), (60, "awaiting"), (61, "no_response")])
def test_no_response_is_what_is_awaited_for_more_than_sixty_days(days: int, expected: str) -> None:
    recommendation = RecommendationFactory()
    addressed(recommendation, response="awaiting")
    assert rolled_up(recommendation, DAY + days * ONE).response_rolled_up == expected


def test_limit_of_awaiting_is_a_setting(settings: Settings) -> None:
    settings.MAJLIS_NO_RESPONSE_DAYS = 5
    recommendation = RecommendationFactory()
    addressed(recommendation, response="awaiting")
    assert rolled_up(recommendation, DAY + 5 * ONE).response_rolled_up == "awaiting"
    assert rolled_up(recommendation, DAY + 6 * ONE).response_rolled_up == "no_response"


def test_reminder_begins_the_time_of_awaiting_anew() -> None:
    recommendation = RecommendationFactory()
    addressee = addressed(recommendation, response="awaiting")
    ResponseFactory(addressee=addressee, awaiting=True, as_of=DAY + 30 * ONE)
    assert rolled_up(recommendation, DAY + 90 * ONE).response_rolled_up == "awaiting"
    assert rolled_up(recommendation, DAY + 91 * ONE).response_rolled_up == "no_response"


def test_answer_ends_awaiting_for_good() -> None:
    answers = {}
    for answer in ("accepted", "partly_accepted", "noted", "rejected"):
        recommendation = RecommendationFactory()
        addressee = addressed(recommendation, response="awaiting")
        ResponseFactory(addressee=addressee, as_of=DAY + 90 * ONE, **TRAITS[answer])
        answers[recommendation.pk] = answer
    before, after = (all_rolled_up(answers, DAY + days * ONE) for days in (89, 400))
    assert {row.response_rolled_up for row in before.values()} == {"no_response"}
    assert {pk: row.response_rolled_up for pk, row in after.items()} == answers


# Checked, overdue, stale


def test_checked_date_is_that_of_the_latest_entry_of_those_that_count() -> None:
    recommendation = RecommendationFactory()
    assert rolled_up(recommendation).checked_date is None
    one, other = addressed(recommendation), addressed(recommendation)
    supporter = addressed(recommendation, role="support")
    StatusEntryFactory(addressee=one, as_of=DAY)
    StatusEntryFactory(addressee=other, as_of=DAY + ONE)
    StatusEntryFactory(addressee=supporter, as_of=DAY + 2 * ONE)
    assert rolled_up(recommendation, DAY).checked_date == DAY
    assert rolled_up(recommendation, DAY + 9 * ONE).checked_date == DAY + ONE


@pytest.mark.parametrize(("days", "overdue"), [(-1, False), (0, False), (1, True)])
def test_recommendation_is_overdue_from_the_day_after_its_target(days: int, overdue: bool) -> None:
    recommendation = RecommendationFactory(target_date=DAY)
    assert rolled_up(recommendation, DAY + days * ONE).is_overdue is overdue


def test_what_has_ended_is_neither_overdue_nor_stale() -> None:
    open_ones = {}
    for state in ImplementationState:
        recommendation = RecommendationFactory(published=True, published_at=noon(DAY), target_date=DAY)
        addressed(recommendation, state=state)
        open_ones[recommendation.pk] = state in OPEN
    found = all_rolled_up(open_ones, dt.date(2026, 6, 1))
    assert {pk: row.is_overdue for pk, row in found.items()} == open_ones
    assert {pk: row.is_stale for pk, row in found.items()} == open_ones


def test_recommendation_without_a_target_is_never_overdue() -> None:
    assert rolled_up(RecommendationFactory(), dt.date(2100, 1, 1)).is_overdue is False


@pytest.mark.parametrize(
    ("on", "stale"), [(dt.date(2025, 11, 30), False), (dt.date(2025, 12, 1), False), (dt.date(2025, 12, 2), True)]
)
def test_recommendation_is_stale_when_unchecked_for_six_months(on: dt.date, stale: bool) -> None:
    recommendation = RecommendationFactory(published=True, published_at=noon(DAY - 90 * ONE))
    addressed(recommendation, state="in_progress")
    assert rolled_up(recommendation, on).is_stale is stale


@pytest.mark.parametrize(
    ("on", "stale"), [(dt.date(2025, 11, 30), False), (dt.date(2025, 12, 1), False), (dt.date(2025, 12, 2), True)]
)
def test_recommendation_never_checked_is_stale_six_months_after_publication(on: dt.date, stale: bool) -> None:
    recommendation = RecommendationFactory(published=True, published_at=noon(DAY))
    addressed(recommendation)
    assert rolled_up(recommendation, on).is_stale is stale


def test_months_until_stale_are_a_setting(settings: Settings) -> None:
    settings.MAJLIS_STALE_MONTHS = 1
    recommendation = RecommendationFactory(published=True, published_at=noon(DAY))
    assert rolled_up(recommendation, dt.date(2025, 7, 1)).is_stale is False
    assert rolled_up(recommendation, dt.date(2025, 7, 2)).is_stale is True


def test_draft_is_never_stale() -> None:
    recommendation = RecommendationFactory()
    addressed(recommendation, state="in_progress")
    assert rolled_up(recommendation, dt.date(2100, 1, 1)).is_stale is False


# Two clocks


def test_rollup_of_a_day_knows_what_was_recorded_by_then() -> None:
    recommendation = RecommendationFactory()
    addressee = addressed(recommendation, state="in_progress")
    StatusEntryFactory(addressee=addressee, state="implemented", as_of=DAY, recorded_at=noon(DAY + 5 * ONE))
    assert rolled_up(recommendation, DAY - ONE).state_rolled_up == "not_assessed"
    assert rolled_up(recommendation, DAY + 4 * ONE).state_rolled_up == "in_progress"
    assert rolled_up(recommendation, DAY + 5 * ONE).state_rolled_up == "implemented"
    assert rolled_up(recommendation, None).state_rolled_up == "implemented"


def test_corrected_entry_counts_until_its_correction_is_known() -> None:
    recommendation = RecommendationFactory()
    addressee = addressed(recommendation)
    wrong = StatusEntryFactory(addressee=addressee, state="implemented", as_of=DAY)
    StatusEntryFactory(addressee=addressee, state="stalled", as_of=DAY, recorded_at=noon(DAY + ONE), corrects=wrong)
    assert rolled_up(recommendation, DAY).state_rolled_up == "implemented"
    assert rolled_up(recommendation, DAY + ONE).state_rolled_up == "stalled"


def test_rollup_over_one_addressee_is_what_that_addressee_says_on_every_day() -> None:
    recommendation = RecommendationFactory()
    addressee = addressed(recommendation, state="in_progress", response="awaiting")
    late = StatusEntryFactory(addressee=addressee, state="implemented", as_of=DAY, recorded_at=noon(DAY + 2 * ONE))
    StatusEntryFactory(addressee=addressee, state="stalled", as_of=DAY, recorded_at=noon(DAY + 4 * ONE), corrects=late)
    asked = ResponseFactory(addressee=addressee, awaiting=True, as_of=DAY + ONE)
    ResponseFactory(addressee=addressee, noted=True, as_of=DAY + ONE, recorded_at=noon(DAY + 3 * ONE), corrects=asked)
    seen = set()
    for day in [None, *(DAY + days * ONE for days in range(-1, 6))]:
        alone = addressees_with_status(day, on=day or timezone.now().date()).get(pk=addressee.pk)
        whole = rolled_up(recommendation, day)
        assert (whole.state_rolled_up, whole.response_rolled_up) == (alone.state, alone.response)
        assert whole.checked_date == alone.checked_date
        seen.add((alone.state, alone.response))
    assert len(seen) == 5


def test_rollup_means_now_unless_told() -> None:
    today = timezone.now().date()
    late = RecommendationFactory(target_date=today - ONE)
    due = RecommendationFactory(target_date=today + ONE)  # tomorrow even if midnight passes meanwhile
    assert rolled_up(late, None).is_overdue is True
    assert rolled_up(due, None).is_overdue is False


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_rollup_of_the_first_and_last_day_of_the_calendar_is_possible(day: dt.date) -> None:
    recommendation = RecommendationFactory()
    addressed(recommendation, state="in_progress", response="awaiting")
    assert rolled_up(recommendation, day).state_rolled_up in {"not_assessed", "in_progress"}


def test_addressees_carry_their_own_state_and_response() -> None:
    recommendation = RecommendationFactory()
    lead = addressed(recommendation, state="in_progress", response="awaiting")
    idle = addressed(recommendation, role="support")
    found = {row.pk: row for row in addressees_with_status(DAY, on=DAY + 61 * ONE)}
    assert [
        (row.state, row.checked_date, row.recorded_response, row.response, row.response_date)
        for row in (found[lead.pk], found[idle.pk])
    ] == [
        ("in_progress", DAY, "awaiting", "no_response", DAY),
        ("not_assessed", None, "not_sent", "not_sent", None),
    ]


def test_rollup_is_of_each_recommendation_alone() -> None:
    one, other = RecommendationFactory.create_batch(2)
    addressed(one, state="implemented")
    addressed(other, state="stalled")
    found = {row.pk: row.state_rolled_up for row in Recommendation.objects.with_rollup(as_of=DAY)}
    assert found == {one.pk: "implemented", other.pk: "stalled"}
