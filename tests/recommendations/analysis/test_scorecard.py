"""The scorecard of a series: what every edition asked, answered and done, then and now."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from events.models import Event
from recommendations.analysis.scorecard import Scorecard, Tally, editions_of, one, scorecard
from recommendations.lifecycle.states import ImplementationState
from recommendations.models import Recommendation
from tests.factories import (
    AS_OF,
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
    ResponseFactory,
    SeriesFactory,
    StatusEntryFactory,
    noon,
)
from tests.support.pages import page, words

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(days=1)
HELD = dt.date(2025, 5, 1)
"""The day of the first edition, on which the factories publish."""


def card(series: Any, *, as_of: dt.date | None = None, since: dt.date | None = None, user: Any = None) -> Scorecard:
    return scorecard(
        series,
        editions_of(Event.objects.visible_to(user).filter(series=series)),
        Recommendation.objects.visible_to(user).with_statuses(user, as_of=as_of),
        as_of=as_of,
        since=since,
        now=timezone.now(),
    )


def edition_of(series: Any, number: int, day: dt.date | None = HELD, **columns: Any) -> Any:
    return EventFactory(
        **{"published": True, "series": series, "edition": number, "lifecycle": "held", "start_date": day, **columns}
    )


def asked_at(event: Any, *states: str, **columns: Any) -> Any:
    """A published recommendation to one lead for each state, entered on AS_OF."""
    recommendation = RecommendationFactory(**{"published": True, "event": event, **columns})
    for state in states:
        addressee = AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True))
        if state != "not_assessed":
            StatusEntryFactory(addressee=addressee, state=state, as_of=AS_OF)
    return recommendation


PLACES = {
    "implemented": "done",
    "implemented_otherwise": "done",
    "partly_implemented": "partly_done",
    "not_implemented": "ceased",
    "superseded": "ceased",
    "no_longer_applicable": "ceased",
    "withdrawn": "ceased",
}


@pytest.mark.parametrize("state", ImplementationState.values)
def test_tally_counts_every_state_in_one_place(state: str) -> None:
    series = SeriesFactory(published=True)
    asked_at(edition_of(series, 1), state)
    expected = Tally(**{"asked": 1, PLACES.get(state, "open"): 1})
    assert one(state, answered=False) == expected
    (edition,) = card(series).editions
    assert edition.views.known == expected
    assert [(row["state"], row["count"]) for row in edition.state_counts] == [(state, 1)]


@pytest.mark.parametrize(
    ("kinds", "answered"),
    [
        ((), 0),
        (("awaiting",), 0),
        (("noted",), 1),
        (("rejected",), 1),
        (("accepted", "rejected"), 1),
        (("accepted", "awaiting"), 0),
    ],
)
def test_answered_is_what_all_that_lead_have_answered(kinds: tuple[str, ...], answered: int) -> None:
    series = SeriesFactory(published=True)
    recommendation = asked_at(edition_of(series, 1))
    for kind in kinds:
        addressee = AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True))
        ResponseFactory(addressee=addressee, as_of=AS_OF, **{kind: True})
    AddresseeFactory(recommendation=recommendation, role="support", actor=ActorFactory(published=True))
    assert card(series).views.known == Tally(asked=1, answered=answered, open=1)


def test_what_came_to_light_later_is_told_beside_what_was_known() -> None:
    series = SeriesFactory(published=True)
    recommendation = asked_at(edition_of(series, 1), "in_progress")
    addressee = recommendation.addressees.get()
    later = noon(AS_OF + 90 * ONE)
    StatusEntryFactory(addressee=addressee, state="implemented", as_of=AS_OF + 10 * ONE, recorded_at=later)
    StatusEntryFactory(addressee=addressee, state="reversed", as_of=AS_OF + 80 * ONE, recorded_at=later + ONE)
    views = card(series, as_of=AS_OF + 20 * ONE).views
    assert views.known == Tally(asked=1, open=1)
    assert views.in_hindsight == Tally(asked=1, done=1)
    assert views.today == Tally(asked=1, open=1)
    assert views.came_to_light
    assert views.side_by_side == [
        (1, False), (0, False), (0, False), (1, False), (0, False), (1, True), (1, False), (0, False), (0, False),
    ]  # fmt: skip
    everything_known = card(series, as_of=AS_OF + 100 * ONE).views
    assert everything_known.known == everything_known.in_hindsight == everything_known.today
    assert not everything_known.came_to_light


def test_a_correction_recorded_later_is_part_of_hindsight_alone() -> None:
    series = SeriesFactory(published=True)
    addressee = asked_at(edition_of(series, 1), "implemented").addressees.get()
    StatusEntryFactory(
        addressee=addressee,
        state="not_started",
        as_of=AS_OF,
        recorded_at=noon(AS_OF + 30 * ONE),
        corrects=addressee.entries.get(),
    )
    views = card(series, as_of=AS_OF + ONE).views
    assert (views.known.done, views.in_hindsight, views.today) == (1, Tally(asked=1, open=1), Tally(asked=1, open=1))


def test_what_an_edition_asked_is_known_from_its_publication_on_and_asked_from_its_day_on() -> None:
    series = SeriesFactory(published=True)
    day = dt.date(2025, 7, 1)
    late = {"published": True, "published_at": noon(day + 40 * ONE)}
    asked_at(edition_of(series, 2, day, **late), "not_assessed", **late)
    before_it, between, after = (card(series, as_of=day + n * ONE).views for n in (-1, 20, 40))
    assert (before_it.known.asked, before_it.in_hindsight, before_it.today) == (0, Tally(), Tally(asked=1, open=1))
    assert (between.known.asked, between.in_hindsight) == (0, Tally(asked=1, open=1))
    assert (after.known.asked, after.in_hindsight) == (1, Tally(asked=1, open=1))


def test_drafts_and_what_is_withdrawn_asked_nothing_whoever_reads(editor: User) -> None:
    series = SeriesFactory(published=True)
    event = edition_of(series, 1)
    asked_at(event, "implemented")
    RecommendationFactory(event=event, title="DRAFT")
    RecommendationFactory(event=event, withdrawn=True)
    asked_at(event, embargo_until=timezone.now() + ONE)
    for user in (None, editor):
        assert card(series, user=user).views.known == Tally(asked=1, done=1)
    assert [row.title for row in card(series).editions[0].asked] == [Recommendation.objects.first().title]
    assert len(card(series, user=editor).editions[0].asked) == 4


def test_change_is_told_since_the_edition_held_last_before() -> None:
    series = SeriesFactory(published=True)
    first = edition_of(series, 1, AS_OF - 20 * ONE)
    second = edition_of(series, 2, AS_OF + 30 * ONE, end_date=AS_OF + 32 * ONE)
    edition_of(series, 3, AS_OF + 60 * ONE, lifecycle="planned")
    asked = asked_at(first, "in_progress")
    done = StatusEntryFactory(addressee=asked.addressees.get(), state="implemented", as_of=AS_OF + 40 * ONE)
    new = asked_at(second, published_at=noon(AS_OF + 35 * ONE))
    found = card(series, as_of=done.as_of)
    assert (found.since, found.since_event) == (AS_OF + 32 * ONE, second)
    assert found.views.change == Tally(asked=1, done=1)
    assert [(move.recommendation, move.before, move.after, move.is_new) for move in found.moves] == [
        (asked, "in_progress", "implemented", False),
        (new, None, "not_assessed", True),
    ]
    on_the_day = card(series, as_of=AS_OF + 32 * ONE)
    assert (on_the_day.since, on_the_day.since_event) == (AS_OF - 20 * ONE, first)


def test_change_is_told_since_a_chosen_day() -> None:
    series = SeriesFactory(published=True)
    asked = asked_at(edition_of(series, 1), "in_progress")
    addressee = asked.addressees.get()
    ResponseFactory(addressee=addressee, noted=True, as_of=AS_OF + 5 * ONE)
    found = card(series, as_of=AS_OF + 9 * ONE, since=AS_OF + ONE)
    assert (found.since_event, found.views.change) == (None, Tally(answered=1))
    (move,) = found.moves
    assert (move.changed_state, move.response_before, move.response_after) == (False, "not_sent", "noted")
    assert card(series, as_of=AS_OF + 9 * ONE, since=AS_OF + 6 * ONE).moves == []


def test_no_change_is_told_where_no_day_of_an_earlier_edition_is_known() -> None:
    series = SeriesFactory(published=True)
    asked_at(edition_of(series, 1, None), "in_progress")
    found = card(series)
    assert (found.since, found.views.change, found.moves) == (None, None, [])
    assert "no change is told" in words(page(found.get_absolute_url()))


def test_addressees_are_counted_over_all_editions() -> None:
    series = SeriesFactory(published=True)
    qatar, oman, hidden = ActorFactory(published=True), ActorFactory(published=True), ActorFactory()
    for number, states in ((1, ("implemented", "stalled")), (2, ("withdrawn", ""))):
        recommendation = asked_at(edition_of(series, number))
        for actor, state in zip((qatar, oman), states, strict=True):
            if state:
                addressee = AddresseeFactory(recommendation=recommendation, actor=actor)
                StatusEntryFactory(addressee=addressee, state=state, as_of=AS_OF)
        AddresseeFactory(recommendation=recommendation, actor=hidden)
    assert [(asked.actor, asked.tally) for asked in card(series).addressees] == [
        (qatar, Tally(asked=2, done=1, ceased=1)),
        (oman, Tally(asked=1, open=1)),
    ]


# The page


def scorecard_of_two_editions() -> str:
    """The address of a scorecard: the first edition asked Qatar twice over, the second repeats it to nobody."""
    series = SeriesFactory(published=True, slug="dialogue")
    first, second = (EventFactory(published=True, series=series, edition=number) for number in (1, 2))
    asked = RecommendationFactory(published=True, title="Meet", event=first, reference="R-2025-001", strength="key")
    lead = AddresseeFactory(recommendation=asked, actor=ActorFactory(published=True, name="Qatar"))
    AddresseeFactory(recommendation=asked, actor=ActorFactory(published=True, name="Oman"), role="support")
    StatusEntryFactory(addressee=lead, state="not_started", as_of=AS_OF)
    StatusEntryFactory(
        addressee=lead, state="in_progress", as_of=AS_OF, recorded_at=noon(AS_OF + dt.timedelta(days=10))
    )
    again = RecommendationFactory(published=True, title="Meet at last", event=second, reference="R-2026-001")
    RecommendationLinkFactory(source=again, target=asked, type="reiterates")
    RecommendationFactory(title="HIDDEN", event=second)
    return "/series/dialogue/scorecard/"


def test_scorecard_shows_per_edition_what_was_asked_of_whom_and_what_came_of_it() -> None:
    content = page(scorecard_of_two_editions())
    said = words(content)
    assert (
        "R-2025-001 Meet Key; Reiterated by R-2026-001 Qatar Response: Not sent Implementation: In progress 1 June 2025 "
        "Oman in support Response: Not sent Implementation: Not assessed not yet checked" in said
    )
    assert "R-2026-001 Meet at last Suggested; Reiterates R-2025-001 nobody named" in said
    assert "HIDDEN" not in content


def test_scorecard_as_of_a_day_shows_what_was_known_then() -> None:
    address = scorecard_of_two_editions()
    said = words(page(address, as_of="2025-06-05"))
    assert "What we knew on 5 June 2025" in said
    assert "Qatar Response: Not sent Implementation: Not started 1 June 2025" in said
    assert "Write 2026-04-03, or the day first: 3/4/2026 or 3 April 2026." in words(
        page(address, expect=400, as_of="5 June")
    )


def test_scorecard_of_an_unknown_series_is_not_there() -> None:
    SeriesFactory(slug="secret")
    page("/series/secret/scorecard/", expect=404)


def test_scorecard_says_the_numbers_and_their_change() -> None:
    series = SeriesFactory(published=True, slug="dialogue")
    event = edition_of(series, 1, AS_OF + ONE, name="Meeting")
    asked = asked_at(event, "in_progress", title="Meet", reference="R-2025-007")
    StatusEntryFactory(addressee=asked.addressees.get(), state="implemented", as_of=AS_OF + 2 * ONE)
    said = words(page("/series/dialogue/scorecard/", as_of="2025-06-30"))
    assert "Small numbers: the change since the last edition, of 2 June 2025." in said
    assert "Edition 1: Meeting 1 0 1 Change: +1 0 0 Change: -1 0" in said
    assert "Nothing came to light later that changes the numbers of that day." in said
    assert "R-2025-007 Meet It was: Implementation: In progress It became: Implementation: Implemented" in said
    assert "New. It stands at:" not in said


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ({"changed_since": "yesterday"}, "Write 2026-04-03, or the day first: 3/4/2026 or 3 April 2026."),
        ({"changed_since": "2025-02-30"}, "There is no “2025-02-30” in the calendar."),
        ({"changed_since": "2999-01-01"}, "That day is still to come."),
        ({"as_of": "2025-00-01"}, "There is no “2025-00-01” in the calendar."),
        ({"as_of": "2025-06-01", "changed_since": "2025-06-01"}, "Choose one before the day of the scorecard."),
    ],
)
def test_scorecard_of_days_that_make_no_sense_says_why(query: dict[str, str], advice: str) -> None:
    SeriesFactory(published=True, slug="dialogue")
    refusal = Client().get("/series/dialogue/scorecard/", query)
    assert (refusal.status_code, advice in words(refusal.content.decode())) == (400, True)
    answer = Client().get("/api/v1/series/dialogue/scorecard/", query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    expected = "Write the day as year-month-day" if query.get("changed_since") == "yesterday" else advice
    assert expected in answer.json()["errors"][0]["detail"]


def test_links_to_what_was_not_public_yet_are_not_told_of_that_day() -> None:
    series = SeriesFactory(published=True, slug="dialogue")
    asked = asked_at(edition_of(series, 1))
    later = RecommendationFactory(published=True, published_at=noon(AS_OF + 9 * ONE))
    RecommendationLinkFactory(source=later, target=asked)
    assert later.reference in page("/series/dialogue/scorecard/", as_of="2025-06-20")
    assert later.reference not in page("/series/dialogue/scorecard/", as_of="2025-06-09")


# The API


def test_api_tells_the_same() -> None:
    series = SeriesFactory(published=True, slug="dialogue")
    event = edition_of(series, 1, AS_OF + ONE)
    asked = asked_at(event, "in_progress")
    StatusEntryFactory(addressee=asked.addressees.get(), state="implemented", as_of=AS_OF + 2 * ONE)
    told = Client().get("/api/v1/series/dialogue/scorecard/", {"as_of": "2025-06-30"}).json()
    tally = {"asked": 1, "answered": 0, "done": 1, "partly_done": 0, "open": 0, "ceased": 0}
    assert told["series"]["slug"] == "dialogue"
    assert told["page"] == "http://testserver/series/dialogue/scorecard/"
    assert (told["as_of"], told["changed_since"], told["last_edition"]["slug"]) == (
        "2025-06-30",
        "2025-06-02",
        event.slug,
    )
    assert told["views"] == {
        "known": tally,
        "change": {**dict.fromkeys(tally, 0), "done": 1, "open": -1},
        "in_hindsight": tally,
        "today": tally,
    }
    (edition,) = told["editions"]
    assert edition["by_state"] == {**dict.fromkeys(ImplementationState.values, 0), "implemented": 1}
    (change,) = edition["changes"]
    assert (change["recommendation"]["reference"], change["state_before"], change["state"]) == (
        asked.reference,
        "in_progress",
        "implemented",
    )
    assert [(one["actor"]["slug"], one["tally"]) for one in told["addressees"]] == [
        (asked.addressees.get().actor.slug, tally)
    ]


def test_api_has_no_scorecard_of_what_is_not_public() -> None:
    series = SeriesFactory(slug="secret", name="SECRET")
    assert "SECRET" in str(series)
    answer = Client().get("/api/v1/series/secret/scorecard/")
    assert (answer.status_code, b"SECRET" in answer.content) == (404, False)
    SeriesFactory(published=True, slug="later")
    answer = Client().get("/api/v1/series/later/scorecard/", {"as_of": "2025-04-01"})
    assert (answer.status_code, answer.json()["detail"]) == (404, "This was not public yet on 2025-04-01.")
    assert Client().get("/api/v1/series/later/scorecard/", {"edition": "1"}).status_code == 400


@pytest.mark.parametrize(
    ("address", "query", "queries"),
    [
        ("/series/dialogue/scorecard/", {}, 11),
        ("/series/dialogue/scorecard/", {"as_of": "2025-06-30"}, 11),
        ("/api/v1/series/dialogue/scorecard/", {}, 8),
        ("/api/v1/series/dialogue/scorecard/", {"as_of": "2025-06-30", "changed_since": "2025-06-03"}, 8),
    ],
)
def test_scorecard_costs_the_same_for_one_and_for_three(
    address: str, query: dict[str, str], queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    series = SeriesFactory(published=True, slug="dialogue")

    def add(number: int) -> None:
        asked = asked_at(edition_of(series, number), "implemented", "in_progress")
        RecommendationLinkFactory(source=asked, target=RecommendationFactory(published=True))

    add(1)
    with django_assert_num_queries(queries):
        Client().get(address, query)
    add(2)
    add(3)
    with django_assert_num_queries(queries):
        Client().get(address, query)
