"""Random sequences of records and corrections give the same answers for any day as a plain implementation."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.acting import Act
from publishing.refusals import Refused
from recommendations import actions
from recommendations.models import Addressee, CurrentStatus, Recommendation
from recommendations.querysets.rollup import addressees_with_status
from tests.factories import (
    AddresseeFactory,
    RecommendationFactory,
    SourceFactory,
    UserFactory,
    noon,
)
from tests.recommendations.life import (
    OPEN,
    RESPONSES,
    STATES,
    Life,
    Record,
    months_before,
    next_ones,
    plain_rollup,
)
from tests.recommendations.recording import ANSWERS, DAY, ONE, WORDS, evidence, judge
from tests.support.refusal import rolled_back

pytestmark = pytest.mark.long

UNIT = 20 * ONE
"""A step of the calendar in which a life is told: no answer for 60 days and no check for 6 months are some of them."""

TARGET, PUBLISHED = DAY + 6 * UNIT, DAY

moments = st.tuples(
    st.sampled_from(["state", "kind"]),
    st.integers(0, 1),  # which addressee
    st.integers(0, 99),  # which of the states that may come next, or of all
    st.integers(0, 4),  # 0: any state at all
    st.integers(0, 3),  # units until it is recorded
    st.integers(0, 9),  # units from the start until its as-of date
    st.one_of(st.none(), st.integers(0, 9)),  # which record it corrects
    st.booleans(),  # with a source
)


class Told:
    """One recommendation with two addressees, told to the actions and to plain lives alike."""

    def __init__(self, roles: tuple[str, str], by: User) -> None:
        self.by, self.today, self.number = by, DAY, 0
        self.recommendation: Recommendation = RecommendationFactory(
            published=True, published_at=noon(PUBLISHED), target_date=TARGET
        )
        self.addressees = [AddresseeFactory(recommendation=self.recommendation, role=role) for role in roles]
        self.lives = [{axis: Life(axis) for axis in ("state", "kind")} for _role in roles]
        self.rows: dict[Record, Any] = {}
        self.source, self.successor = (
            SourceFactory(published=True, date="2025-05"),
            RecommendationFactory(published=True),
        )
        self.is_counted = [role == "lead" for role in roles] if "lead" in roles else [True, True]

    def record(self, moment: tuple[Any, ...]) -> bool:
        """Records one moment, where it can be; the action and the plain life agree on whether it can."""
        axis, who, which, wild, wait, day, correction, is_cited = moment
        life = self.lives[who][axis]
        self.today += wait * UNIT
        chain = life.chain()
        corrects = chain[correction % len(chain)] if correction is not None and chain else None
        states = (STATES if axis == "state" else RESPONSES) if wild == 0 else next_ones(axis, life.state())
        as_of = min(DAY + day * UNIT, self.today)
        if corrects is None and wild and chain:
            as_of = max(as_of, chain[-1].as_of)
        self.number += 1
        record = Record(
            states[which % len(states)],
            as_of,
            self.today,
            corrects,
            is_cited=is_cited or axis == "kind",
            number=self.number,
        )
        try:
            with transaction.atomic():
                row = self.act(axis, self.addressees[who], record)
        except Refused:
            assert not life.takes(record), (life, record)
            return False
        assert life.takes(record), (life, record)
        life.add(record)
        self.rows[record] = row
        return True

    def act(self, axis: str, addressee: Addressee, record: Record) -> Any:
        given: dict[str, Any] = {
            "as_of": record.as_of,
            "act": Act(by=self.by, at=noon(record.recorded_on)),
            "corrects": self.rows.get(record.corrects) if record.corrects else None,
        }
        if axis == "kind":
            words = {
                name: self.source if name == "source" else value
                for name, value in ANSWERS.get(record.state, {}).items()
            }
            return actions.record_response(addressee, kind=record.state, **given, **words)
        words = {"reason": "So it is.", **WORDS.get(record.state, {})}
        words |= {"last_movement_date": record.as_of} if record.state == "stalled" else {}
        words |= {"successor": self.successor} if record.state == "superseded" else {}
        cited = [evidence(source=self.source)] if record.is_cited else []
        return actions.record_status(addressee, state=record.state, evidence=cited, **given, **words)

    def compare(self, day: dt.date) -> None:
        """What the database says of `day` is what the plain lives say."""
        shown = Recommendation.objects.with_rollup(as_of=day).get(pk=self.recommendation.pk)
        rows = {row.pk: row for row in addressees_with_status(day, on=day)}
        states, answers, checked = [], [], []
        for addressee, lives, is_counted in zip(self.addressees, self.lives, self.is_counted, strict=True):
            entry, response = lives["state"].last(day), lives["kind"].last(day)
            state, kind = lives["state"].state(day), lives["kind"].state(day)
            is_silent = kind == "awaiting" and response is not None and (day - response.as_of).days > 60
            answer = "no_response" if is_silent else kind
            row = rows[addressee.pk]
            assert (row.state, row.checked_date) == (state, entry.as_of if entry else None)
            assert (row.recorded_response, row.response) == (kind, answer)
            assert row.response_date == (response.as_of if response else None)
            if is_counted:
                states.append(state)
                answers.append(answer)
                checked += [entry.as_of] if entry else []
        state = plain_rollup(states)
        last = max(checked, default=None)
        assert (shown.state_rolled_up, shown.checked_date) == (state, last)
        assert shown.response_rolled_up == (answers[0] if len({*answers}) == 1 else "mixed")
        assert shown.is_overdue is (day > TARGET and state in OPEN)
        assert shown.is_stale is (state in OPEN and (last or PUBLISHED) < months_before(day, 6))

    def compare_standings(self) -> None:
        """What is kept for today is what the records replayed to today say, and since when."""
        today = max(timezone.now().date(), self.today)  # a life may be told beyond today
        kept, replayed = (list(addressees_with_status(day, on=today).order_by("pk")) for day in (None, today))
        told = ("state", "checked_date", "recorded_response", "response_date", "response")
        assert [[getattr(row, name) for name in told] for row in kept] == [
            [getattr(row, name) for name in told] for row in replayed
        ]
        for addressee, lives in zip(self.addressees, self.lives, strict=True):
            standing = CurrentStatus.objects.get(pk=addressee.pk)
            entry, response = lives["state"].last(today), lives["kind"].last(today)
            assert standing.entry_id == (self.rows[entry].pk if entry else None)
            assert standing.response_id == (self.rows[response].pk if response else None)
            assert standing.role == addressee.role
            run = lives["state"].run(today)
            assert standing.since == (min(record.as_of for record in run) if run else None)
            asked = lives["kind"].run(today)
            is_asked = bool(asked) and asked[-1].state == "awaiting"
            assert standing.asked_on == (min(record.as_of for record in asked) if is_asked else None)


@pytest.mark.django_db
@settings(max_examples=12)
@given(
    roles=st.sampled_from([("lead", "lead"), ("lead", "support"), ("support", "support")]),
    told=st.lists(moments, min_size=4, max_size=14),
)
def test_any_life_is_answered_for_any_day_as_the_plain_one_answers(
    roles: tuple[str, str], told: list[tuple[Any, ...]]
) -> None:
    with rolled_back():
        life = Told(roles, UserFactory(groups=("reviewers",)))
        for moment in told:
            life.record(moment)
        day = DAY - ONE
        while day <= life.today + 12 * UNIT:
            life.compare(day)
            day += UNIT
        life.compare(life.today)
        life.compare_standings()
        judge()
