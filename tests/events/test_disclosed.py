"""Participants who may be named: on the page and in the API of an event, and nowhere else."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from events.models import AttributionRule, Consent
from tests.factories import (
    ConsentFactory,
    DisclosureFactory,
    EventFactory,
    ParticipantFactory,
    PointFactory,
    RecommendationFactory,
    ReportFactory,
    SeriesFactory,
    SessionFactory,
)
from tests.support.pages import page, words
from tests.support.published import API, get

pytestmark = pytest.mark.django_db

HEADING = "Who was there, with their consent"
ALL = Consent.Disclosure.values


def disclosed(event: Any, name: str, affiliation: str = "", **columns: Any) -> Any:
    """A participant who is shown by name and, where there is one, affiliation."""
    session = columns.pop("session", None)
    person = ParticipantFactory(event=event, name=name, affiliation=affiliation, consents=ALL, **columns)
    DisclosureFactory(participant=person, session=session, shows_affiliation=bool(affiliation))
    return person


def names(content: str) -> list[str]:
    section = content[content.index('id="participants"') :]
    return re.findall(r'<p class="record__title"><bdi dir="auto">(.*?)</bdi>', section[: section.index('id="rec')])


def test_event_names_who_consented_and_tells_nothing_of_the_others() -> None:
    event = EventFactory(published=True)
    assert HEADING not in page(event.get_absolute_url())
    ParticipantFactory(event=event, name="HIDDEN Person", affiliation="HIDDEN House", consents=ALL)
    silent = page(event.get_absolute_url())
    disclosed(event, "Leyla Kaya", "Some Ministry", role="chair")
    content = page(event.get_absolute_url())
    assert f"{HEADING} Only those are named" in words(content)
    assert "Leyla Kaya Some Ministry Chair" in words(content)
    assert "HIDDEN" not in content + silent
    assert HEADING not in silent
    # Whether two or twenty others were there makes no difference to a single byte.
    for _ in range(20):
        ParticipantFactory(event=event, consents=ALL)
    nonce = re.compile(r'(nonce|value)="[^"]*"')
    assert nonce.sub("", page(event.get_absolute_url())) == nonce.sub("", content)


def test_participants_stand_under_their_sessions_in_the_order_of_the_programme() -> None:
    event = EventFactory(published=True)
    second, first = SessionFactory(event=event, position=2, name="Second"), SessionFactory(event=event, position=1)
    disclosed(event, "In the second", session=second)
    disclosed(event, "In the first", session=first)
    disclosed(event, "At the event")
    assert names(page(event.get_absolute_url())) == ["At the event", "In the first", "In the second"]
    assert get(f"events/{event.slug}/")["participants"][2]["session"]["name"] == "Second"


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("en", ["Çelik", "Demir", "İnan", "Irmak", "Zeki", "أحمد", "البدر"]),
        ("tr", ["Çelik", "Demir", "Irmak", "İnan", "Zeki", "أحمد", "البدر"]),
        ("ar", ["Çelik", "Demir", "İnan", "Irmak", "Zeki", "أحمد", "البدر"]),
    ],
)
def test_participants_are_in_the_order_of_the_readers_language(language: str, order: list[str]) -> None:
    event = EventFactory(published=True)
    for name in ("Zeki", "Irmak", "İnan", "البدر", "Demir", "Çelik", "أحمد"):
        disclosed(event, name)
    prefix = "" if language == "en" else f"/{language}"
    assert names(page(f"{prefix}{event.get_absolute_url()}")) == order
    shown = get(f"events/{event.slug}/", lang=language)["participants"]
    assert [one["name"] for one in shown] == order


def test_who_shows_an_affiliation_alone_has_no_name() -> None:
    event = EventFactory(published=True)
    person = ParticipantFactory(event=event, name="HIDDEN", affiliation="Some Ministry", consents=ALL)
    DisclosureFactory(participant=person, shows_name=False, shows_affiliation=True)
    assert names(page(event.get_absolute_url())) == ["Some Ministry"]
    assert get(f"events/{event.slug}/")["participants"] == [
        {"name": None, "affiliation": "Some Ministry", "role": "participant", "session": None}
    ]


def test_words_of_a_participant_are_escaped_and_keep_their_direction() -> None:
    event = EventFactory(published=True)
    disclosed(event, '<b onclick="x">Leyla</b>', "وزارة & ديوان")
    content = page(f"/ar{event.get_absolute_url()}")
    assert '<bdi dir="auto">&lt;b onclick=&quot;x&quot;&gt;Leyla&lt;/b&gt;</bdi>' in content
    assert '<bdi dir="auto">وزارة &amp; ديوان</bdi>' in content


def test_stricter_rule_and_a_consent_taken_back_act_on_page_and_api_at_once() -> None:
    event = EventFactory(published=True)
    person = disclosed(event, "Leyla Kaya")
    address, api = event.get_absolute_url(), f"{API}events/{event.slug}/"
    etag = Client().get(api).headers["ETag"]
    assert "Leyla Kaya" in page(address)
    ConsentFactory(participant=person, disclosure="attendance", given=False)
    assert "Leyla Kaya" not in page(address)
    answer = Client().get(api, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.json()["participants"]) == (200, [])
    ConsentFactory(participant=person, disclosure="attendance", given=True)
    assert "Leyla Kaya" in page(address)
    event.attribution_rule, event.version_note = AttributionRule.OFF_RECORD, "They asked for it."
    event.save()
    assert "Leyla Kaya" not in page(address)
    assert get(f"events/{event.slug}/")["participants"] == []


def test_disclosed_participant_stands_with_the_event_and_nowhere_else() -> None:
    event = EventFactory(published=True, series=SeriesFactory(published=True), edition=1, name="The roundtable")
    report = ReportFactory(published=True, event=event)
    PointFactory(report=report)
    RecommendationFactory(published=True, event=event)
    disclosed(event, "Leyla Kaya", "Kaya Institute")
    assert "Kaya" in page(event.get_absolute_url())
    addresses = [
        "/",
        "/events/",
        "/series/",
        event.series.get_absolute_url(),
        f"{event.series.get_absolute_url()}scorecard/",
        "/recommendations/",
        "/feeds/events/",
        "/sitemap.xml",
        "/corrections/",
        f"{API}reports/",
        f"{API}points/",
        f"{API}series/",
        f"{API}changes/",
        f"{API}search/?q=roundtable",
        f"{API}schema/",
    ]
    for address in addresses:
        response = Client().get(address, follow=True)
        assert response.status_code == 200, address
        assert b"Kaya" not in response.content, address
    found = get("search/", q="Leyla Kaya Institute")
    assert found["results"] == []
    assert "Nothing" in words(page("/search/", q="Leyla"))


def test_versions_of_an_event_hold_nothing_of_its_participants(capsys: Any) -> None:
    event = EventFactory(published=True)
    disclosed(event, "Leyla Kaya")
    event.name_en, event.version_note = "Renamed", "Another name."
    event.save()
    assert event.versions.count() == 2
    assert "Kaya" not in str([*event.versions.values()])
    call_command("export_knowledge", "--drafts")
    assert "Kaya" not in capsys.readouterr().out


def test_event_under_an_embargo_or_withdrawn_names_nobody() -> None:
    event = EventFactory(withdrawn=True)
    disclosed(event, "Leyla Kaya")
    assert "Kaya" not in page(event.get_absolute_url(), expect=404)
    assert b"Kaya" not in Client().get(f"{API}events/{event.slug}/").content


def test_list_of_events_gives_the_same_participants_as_the_detail() -> None:
    event = EventFactory(published=True)
    disclosed(event, "Leyla Kaya", "Some Ministry")
    (listed,) = get("events/")["results"]
    assert listed["participants"] == get(f"events/{event.slug}/")["participants"]
    assert get(f"events/{event.slug}/", fields="participants") == {"participants": listed["participants"]}
