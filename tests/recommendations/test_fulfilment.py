"""Closing the loop: our own series fulfils a recommendation, and the desk is offered to record that."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from events.models import Event
from partnerships.models import Source
from publishing.acting import Act
from publishing.actions import publish, revise
from publishing.desk.addresses import change_address
from publishing.refusals import NotAllowed, RefersToUnpublished, Refused
from recommendations import actions
from recommendations.actions.fulfilment import NothingToClose, close_loop, loops, source_of_event
from recommendations.models import Addressee, Fulfilment, Recommendation, StatusEntry
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    FulfilmentFactory,
    InstrumentFactory,
    RecommendationFactory,
    SeriesFactory,
    SourceFactory,
    StatusEntryFactory,
    noon,
)
from tests.support.pages import page, words

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

HELD = dt.date(2025, 9, 10)
AT = noon(HELD + dt.timedelta(days=5))
HOST = {"host": "localhost"}
"""A host that may stand in the address of a source, unlike that of the tests."""

ADDRESS = "https://majlis.example/events/dialogue-1/"


def asked_for_a_dialogue(lifecycle: str = "held", **columns: Any) -> tuple[Addressee, Event]:
    """What was asked in a report, and the first edition of the series that realises it."""
    named = {"published": True} if columns.get("published") else {}
    asked = RecommendationFactory(event__start_date=dt.date(2025, 2, 1), **columns)
    series = SeriesFactory(slug="dialogue", **named)
    event = EventFactory(
        series=series, edition=1, slug="dialogue-1", name="First", lifecycle=lifecycle, start_date=HELD, **named
    )
    EventFactory(series=series, edition=2, lifecycle="planned", **named)
    FulfilmentFactory(recommendation=asked, series=series)
    addressee: Addressee = AddresseeFactory(recommendation=asked, actor=ActorFactory(name="GISR", **named))
    return addressee, event


@pytest.mark.parametrize("named", ["series", "instrument"])
def test_fulfilment_that_would_give_away_a_draft_is_refused(named: str, editor: User) -> None:
    asked = RecommendationFactory(published=True)
    thing = {"series": SeriesFactory, "instrument": InstrumentFactory}[named]()

    def fulfil() -> None:
        FulfilmentFactory(recommendation=asked, **{"series": None, named: thing})

    with pytest.raises(RefersToUnpublished) as refusal:
        revise(asked, by=editor, note="What came of it.", parts=fulfil)
    assert refusal.value.publications == [thing if named == "series" else thing.partnership]
    assert not Fulfilment.objects.exists()


@pytest.mark.parametrize("lifecycle", ["planned", "confirmed", "postponed", "cancelled"])
def test_nothing_is_offered_before_the_first_edition_is_held(lifecycle: str) -> None:
    _addressee, event = asked_for_a_dialogue(lifecycle)
    assert loops(Recommendation.objects.all()) == []
    Event.objects.filter(pk=event.pk).update(lifecycle="held")
    assert [loop.event for loop in loops(Recommendation.objects.all())] == [event]


def test_loops_are_of_open_addressees_and_the_first_edition_held() -> None:
    addressee, event = asked_for_a_dialogue()
    Event.objects.filter(edition=2).update(lifecycle="held")
    ended = AddresseeFactory(recommendation=addressee.recommendation, role="support")
    StatusEntryFactory(addressee=ended, state="implemented")
    by_event = AddresseeFactory(recommendation__reference="R-2099-001")
    FulfilmentFactory(recommendation=by_event.recommendation, event=EventFactory(lifecycle="held"))
    FulfilmentFactory(recommendation=by_event.recommendation, source=SourceFactory())
    AddresseeFactory()
    AddresseeFactory(recommendation=FulfilmentFactory(recommendation__withdrawn=True, event=event).recommendation)
    assert [(loop.addressee, loop.event, loop.ended_on) for loop in loops(Recommendation.objects.all())] == [
        (addressee, event, HELD),
        (by_event, by_event.recommendation.fulfilments.first().event, None),
    ]
    assert [loop.addressee for loop in loops([by_event.recommendation])] == [by_event]


def test_loops_cost_the_same_for_one_and_for_three(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    asked_for_a_dialogue()
    with django_assert_num_queries(3):
        loops(Recommendation.objects.all())
    for _ in range(2):
        FulfilmentFactory(
            recommendation=AddresseeFactory().recommendation,
            series=EventFactory(lifecycle="held", series=SeriesFactory()).series,
        )
    with django_assert_num_queries(3):
        assert len(loops(Recommendation.objects.all())) == 3


@pytest.mark.parametrize(
    ("before", "recorded"),
    [
        (None, ["in_progress", "implemented"]),
        ("not_started", ["in_progress", "implemented"]),
        ("stalled", ["in_progress", "implemented"]),
        ("reversed", ["in_progress", "implemented"]),
        ("in_progress", ["implemented"]),
        ("partly_implemented", ["implemented"]),
    ],
)
def test_loop_is_closed_from_every_open_state_and_waits_for_a_second_person(
    before: str | None, recorded: list[str], editor: User, reviewer: User
) -> None:
    addressee, event = asked_for_a_dialogue()
    if before:
        StatusEntryFactory(addressee=addressee, state=before, as_of=dt.date(2025, 6, 1))
    source = source_of_event(event, address=ADDRESS, by=editor)
    entries = close_loop(
        addressee, event=event, source=source, as_of=HELD, act=Act(by=editor, at=AT), public_note="It was held."
    )
    assert [(entry.state, entry.as_of) for entry in entries] == [(state, HELD) for state in recorded]
    assert [entry.public_note for entry in entries] == ["", "It was held."][-len(entries) :]
    evidence = entries[-1].evidence.get()
    assert (evidence.source, evidence.nature, evidence.independence_group) == (source, "primary", "event-dialogue-1")
    addressee.current_status.refresh_from_db()
    assert (addressee.current_status.state, addressee.current_status.is_confirmed) == ("implemented", False)
    actions.confirm(entries[-1], act=Act(by=reviewer, at=AT))
    assert loops(Recommendation.objects.all()) == []
    with pytest.raises(NothingToClose):
        close_loop(addressee, event=event, source=source, as_of=HELD, act=Act(by=editor, at=AT))


def test_loop_is_not_closed_by_what_does_not_realise_it_nor_over_another_record(editor: User, partner: User) -> None:
    addressee, event = asked_for_a_dialogue()
    source = source_of_event(event, address=ADDRESS, by=editor)
    given: dict[str, Any] = {"source": source, "as_of": HELD, "act": Act(by=editor, at=AT)}
    with pytest.raises(NotAllowed):
        close_loop(addressee, event=event, **{**given, "act": Act(by=partner, at=AT)})
    with pytest.raises(NothingToClose):
        close_loop(addressee, event=EventFactory(lifecycle="held"), **given)
    StatusEntryFactory(addressee=addressee, state="not_started", as_of=dt.date(2025, 6, 1))
    with pytest.raises(actions.StaleRecord):
        close_loop(addressee, event=event, seen=actions.NOTHING_SEEN, **given)
    with pytest.raises(Refused):
        close_loop(addressee, event=event, **{**given, "as_of": dt.date(2025, 5, 1)})
    assert StatusEntry.objects.count() == 1


def test_page_of_an_event_is_one_source(editor: User) -> None:
    _addressee, event = asked_for_a_dialogue()
    source = source_of_event(event, address=ADDRESS, by=editor)
    assert (source.title, str(source.date), source.url, source.state) == ("First", "2025-09-10", ADDRESS, "in_review")
    assert source_of_event(event, address=ADDRESS, by=editor) == source
    undated = EventFactory(lifecycle="held", name="Undated")
    assert not source_of_event(undated, address=f"{ADDRESS}2/", by=editor).date


def test_desk_is_offered_the_entry_and_nothing_is_recorded_silently(client_of: ClientOf, editor: User) -> None:
    addressee, event = asked_for_a_dialogue()
    address = reverse("admin:recommendations_recommendation_close", args=[addressee.pk])
    client = client_of(editor)
    content = client.get(change_address(addressee.recommendation)).content.decode()
    assert address in content
    assert "First was held: record what it realises (GISR)" in words(content)
    asked = client.get(address).content.decode()
    assert 'value="2025-09-10"' in asked
    assert not StatusEntry.objects.exists()
    answer = client.post(address, {"as_of": "2025-09-10", "seen": "0", "public_note": ""}, follow=True, headers=HOST)
    assert answer.redirect_chain == [(change_address(addressee.recommendation), 302)]
    assert "Somebody else has to confirm it." in words(answer.content.decode())
    assert [entry.state for entry in addressee.entries.order_by("pk")] == ["in_progress", "implemented"]
    assert Source.objects.get().url == f"http://localhost{event.get_absolute_url()}"
    assert client.get(address).status_code == 404


def test_page_of_the_event_is_one_source_in_whichever_language_one_works(client_of: ClientOf, editor: User) -> None:
    addressee, event = asked_for_a_dialogue()
    other = AddresseeFactory(recommendation=addressee.recommendation, role="support")
    for language, one in (("ar", addressee), ("tr", other)):
        address = reverse("admin:recommendations_recommendation_close", args=[one.pk])
        given = {"as_of": "2025-09-10", "seen": "0", "public_note": ""}
        client_of(editor).post(address, given, headers={**HOST, "Accept-Language": language})
    assert StatusEntry.objects.filter(state="implemented").count() == 2
    assert Source.objects.get().url == f"http://localhost/events/{event.slug}/"


def test_source_of_what_is_public_waits_for_a_second_person(client_of: ClientOf, editor: User, reviewer: User) -> None:
    addressee, _event = asked_for_a_dialogue(published=True)
    address = reverse("admin:recommendations_recommendation_close", args=[addressee.pk])
    given = {"as_of": "2025-09-10", "seen": "0", "public_note": "It was held."}
    client_of(editor).post(address, given, headers=HOST)
    source = Source.objects.get()
    assert (source.state, StatusEntry.objects.filter(state="implemented").count()) == ("in_review", 1)
    shown = f"/recommendations/{addressee.recommendation.reference}/"
    assert source.url not in Client().get(shown).content.decode()
    publish(source, act=Act(by=reviewer, at=timezone.now() - dt.timedelta(minutes=1)))
    assert source.url in Client().get(shown).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"as_of": ""}, "This field is required."),
        ({"as_of": "2999-01-01"}, "The as-of date"),
        ({"seen": "7"}, "Not started"),
    ],
)
def test_offer_that_cannot_be_taken_says_why(
    typed: dict[str, str], said: str, client_of: ClientOf, editor: User
) -> None:
    addressee, _event = asked_for_a_dialogue()
    entry = StatusEntryFactory(addressee=addressee, as_of=dt.date(2025, 6, 1))
    address = reverse("admin:recommendations_recommendation_close", args=[addressee.pk])
    given = {"as_of": "2025-09-10", "seen": str(entry.pk), "public_note": "", **typed}
    answer = client_of(editor).post(address, given, headers=HOST)
    assert (answer.status_code, said in words(answer.content.decode())) == (200, True), words(answer.content.decode())
    assert StatusEntry.objects.count() == 1


def test_offer_is_for_those_who_record(client_of: ClientOf, convenor: User) -> None:
    addressee, _event = asked_for_a_dialogue()
    address = reverse("admin:recommendations_recommendation_close", args=[addressee.pk])
    assert client_of(convenor).get(address).status_code == 403


def test_loop_is_shown_on_the_pages_of_the_series_its_first_edition_and_the_recommendation() -> None:
    addressee, event = asked_for_a_dialogue(published=True, title="Meet every year")
    later = EventFactory(published=True, series=event.series, edition=3, lifecycle="held", name="Third")
    assert event.series is not None
    for thing in (event.series, event):
        assert "It realises what was recommended" in words(page(thing.get_absolute_url()))
        assert "Meet every year" in words(page(thing.get_absolute_url()))
    assert "Meet every year" not in words(page(later.get_absolute_url()))
    said = words(page(addressee.recommendation.get_absolute_url()))
    assert "Its first edition was held: First , 10 September 2025" in said
    assert "Third" not in said


def test_first_edition_that_is_hidden_is_not_told_of() -> None:
    addressee, event = asked_for_a_dialogue("cancelled", published=True)
    EventFactory(series=event.series, lifecycle="held", name="HIDDEN", start_date=HELD, edition=None)
    content = page(addressee.recommendation.get_absolute_url())
    assert ("HIDDEN" in content, "Its first edition was held" in content) == (False, False)
