"""The pages of events and series, as a visitor and the desk get them."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from events.actions import clear_point
from events.points import by_kind
from publishing.acting import Act
from publishing.actions import withdraw
from tests.factories import (
    AS_OF,
    ActorFactory,
    AddresseeFactory,
    DocumentFactory,
    EventFactory,
    FulfilmentFactory,
    OrganiserFactory,
    ParticipantFactory,
    PartnershipFactory,
    PointFactory,
    RecommendationFactory,
    ReportFactory,
    SeriesFactory,
    SessionFactory,
    SourceFactory,
    StatusEntryFactory,
    TopicFactory,
    hidden,
)
from tests.support.cast import Person
from tests.support.pages import page, words

pytestmark = pytest.mark.django_db

TOMORROW = timezone.now() + dt.timedelta(days=1)
NEXT_YEAR = timezone.now().date() + dt.timedelta(days=365)


def titles(content: str) -> list[str]:
    """The titles of the records that a page lists, in their order."""
    found = re.findall(r'<p class="record__title"><a href="[^"]*">(.*?)</a>', content)
    return [re.sub(r"<[^>]+>", "", title) for title in found]


# Lists


@pytest.mark.parametrize("address", ["/events/", "/series/"])
def test_list_shows_what_is_published_and_nothing_else(address: str) -> None:
    factory = {"/events/": EventFactory, "/series/": SeriesFactory}[address]
    assert "Nothing is published here yet" in words(page(address))
    factory(published=True, name="Public one")
    factory(name="HIDDEN draft")
    factory(published=True, name="HIDDEN embargoed", embargo_until=TOMORROW)
    content = page(address)
    assert titles(content) == ["Public one"]
    assert "HIDDEN" not in content


def test_events_begin_with_the_latest_and_end_with_those_of_unknown_date() -> None:
    EventFactory(published=True, name="Undated")
    EventFactory(published=True, name="Earlier", start_date=dt.date(2024, 1, 1))
    EventFactory(published=True, name="Later", start_date=dt.date(2025, 1, 1), end_date=dt.date(2025, 1, 2))
    content = page("/events/")
    assert titles(content) == ["Later", "Earlier", "Undated"]
    assert "date unknown" in words(content)
    assert "1 January 2025 to 2 January 2025" in words(content)


def test_events_are_filtered() -> None:
    series, gisr = SeriesFactory(published=True, slug="dialogue"), ActorFactory(published=True, slug="gisr")
    ties, gaza = PartnershipFactory(published=True, slug="ties"), TopicFactory(published=True, slug="gaza")
    past = EventFactory(
        published=True,
        name="Past",
        series=series,
        edition=1,
        lifecycle="held",
        start_date=dt.date(2025, 1, 1),
        topics=[gaza],
        partnerships=[ties],
    )
    OrganiserFactory(event=past, actor=gisr)
    EventFactory(published=True, name="To come", kind="lecture", start_date=NEXT_YEAR)
    for query in (
        "series=dialogue",
        "organiser=gisr",
        "topic=gaza",
        "partnership=ties",
        "lifecycle=held",
        "period=past",
    ):
        assert titles(page(f"/events/?{query}")) == ["Past"], query
    for query in ("kind=lecture", "period=upcoming"):
        assert titles(page(f"/events/?{query}")) == ["To come"], query
    assert "Nothing matches these filters" in words(page("/events/?kind=workshop"))


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("/events/?kind=party", "Choose one of: roundtable"),
        ("/events/?period=soon", "Choose one of: upcoming, past"),
        ("/events/?series=none", "Choose from the list."),
        ("/events/?after=none", "Begin at its first page."),
        ("/series/?cadence=daily", "Choose one of: annual"),
        ("/events/?kind=%00", "NUL byte"),
    ],
)
def test_list_that_cannot_be_read_says_why(address: str, advice: str) -> None:
    assert advice in words(page(address, expect=400))


def test_list_of_events_goes_on_after_an_event_of_unknown_date() -> None:
    for number in range(27):
        EventFactory(published=True, name=f"Event {number:02}", slug=f"e-{number:02}")
    assert titles(page("/events/?after=e-02")) == ["Event 01", "Event 00"]


# An event


def test_event_shows_what_is_known_of_it_and_says_what_is_not() -> None:
    series = SeriesFactory(published=True, name="The series")
    event = EventFactory(
        published=True,
        name="The roundtable",
        summary="They met.",
        series=series,
        edition=1,
        lifecycle="held",
        partnerships=[PartnershipFactory(published=True, name="The tie")],
        topics=[TopicFactory(published=True, name="Gaza")],
    )
    OrganiserFactory(event=event, actor=ActorFactory(published=True, name="GISR"))
    said = words(page(event.get_absolute_url()))
    assert "Roundtable · The series , edition 1 The roundtable date unknown Held GISR" in said
    assert "They met." in said
    assert "Date date unknown Place Unknown Attendance Unknown Co-organiser GISR" in said
    assert "About The tie Topics Gaza" in said


def test_event_shows_its_days_hours_and_place() -> None:
    event = EventFactory(
        published=True,
        start_date=dt.date(2025, 9, 9),
        start_time=dt.time(10),
        end_time=dt.time(17, 30),
        time_zone="Asia/Qatar",
        place="Doha",
        attendance="mixed",
    )
    said = words(page(event.get_absolute_url()))
    assert "Date 9 September 2025 10:00 to 17:30 (time zone Asia/Qatar) Place Doha" in said
    assert "In person and online" in said


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("not_stated", "No rule was stated, so the Chatham House Rule is kept."),
        ("chatham_house", "Chatham House Rule. What was said may be used;"),
        ("on_record", "On the record."),
        ("off_record", "Off the record."),
    ],
)
def test_event_states_its_attribution_rule(rule: str, expected: str) -> None:
    event = EventFactory(published=True, attribution_rule=rule)
    assert expected in words(page(event.get_absolute_url()))


def test_session_with_a_rule_of_its_own_states_it() -> None:
    event = EventFactory(published=True, attribution_rule="chatham_house")
    SessionFactory(event=event, name="Opening", attribution_rule="on_record")
    SessionFactory(event=event, name="Debate")
    said = words(page(event.get_absolute_url()))
    assert "For the session “Opening” another rule holds: On the record." in said
    assert "For the session “Debate”" not in said


def test_points_stand_under_their_kind_with_support_and_under_what_they_qualify() -> None:
    report = ReportFactory(published=True, title="The report", summary="In short.")
    conclusion = PointFactory(report=report, kind="conclusion", support="broad", text="It is a pillar.")
    caveat = PointFactory(
        report=report, kind="caveat", support="recurring", text="Not all agree.", qualifies=conclusion
    )
    PointFactory(report=report, kind="observation", support="narrative", text="One said why.", qualifies=caveat)
    PointFactory(report=report, kind="caveat", support="argued", text="Beware.")
    content = page(report.event.get_absolute_url())
    said = words(content)
    assert (
        "Conclusions It is a pillar. Broad support Cite : It is a pillar. "
        "Qualified by Caveat Not all agree. Recurring Cite : Not all agree. "
        "Qualified by Observation One said why. Told by the report Cite : One said why. "
        "Caveats Beware. Argued Cite : Beware." in said
    )
    assert f'id="point-{caveat.public_id}"' in content


def test_points_by_kind_keeps_a_qualification_whose_point_is_elsewhere() -> None:
    elsewhere = PointFactory(text="Said before.")
    alone = PointFactory(kind="caveat", qualifies=elsewhere)
    [(kind, [said])] = by_kind([alone])
    assert (kind, said.point, said.qualifications) == ("caveat", alone, [])


def test_event_shows_its_recommendations_and_what_it_realises() -> None:
    event = EventFactory(published=True)
    asked = RecommendationFactory(published=True, title="Meet again", event=event, reference="R-2025-010")
    addressee = AddresseeFactory(recommendation=asked, actor=ActorFactory(published=True, name="Qatar"))
    StatusEntryFactory(addressee=addressee, state="in_progress", as_of=AS_OF)
    FulfilmentFactory(recommendation=RecommendationFactory(published=True, title="Meet once"), event=event)
    said = words(page(event.get_absolute_url()))
    assert "R-2025-010 Meet again Suggested Not checked for long Qatar" in said
    assert "Implementation: In progress as of 1 June 2025" in said
    assert "It realises what was recommended" in said
    assert "Meet once" in said


def test_event_shows_nothing_of_what_is_not_public() -> None:
    event = EventFactory(
        published=True,
        name="Shown",
        series=SeriesFactory(published=True, **hidden()),
        topics=[TopicFactory(published=True, **hidden())],
        partnerships=[PartnershipFactory(published=True, **hidden())],
    )
    OrganiserFactory(event=event, actor=ActorFactory(published=True, **hidden()))
    PointFactory(report=ReportFactory(event=event, title="HIDDEN draft"), text="HIDDEN point.")
    report = ReportFactory(
        published=True,
        title="The report",
        event=event,
        source=SourceFactory(published=True, title="HIDDEN", embargo_until=TOMORROW),
    )
    PointFactory(report=report, text="Said.", topics=[TopicFactory(published=True, **hidden())])
    RecommendationFactory(title="HIDDEN", event=event)
    FulfilmentFactory(recommendation=RecommendationFactory(title="HIDDEN"), event=event)
    ParticipantFactory(event=event, name="HIDDEN Person", affiliation="HIDDEN House")
    DocumentFactory(event=event, title="HIDDEN file")
    content = page(event.get_absolute_url())
    assert "The report" in content
    assert "Said." in content
    assert "HIDDEN" not in content


def test_uncleared_single_voice_is_seen_by_the_desk_alone(
    editor: Person, reviewer: User, client_of: Callable[[Person], Client]
) -> None:
    report = ReportFactory(event=EventFactory(published=True))
    point = PointFactory(report=report, support="one_participant", text="I fear an axis.")
    address = report.event.get_absolute_url()
    assert "I fear an axis." not in page(address)
    assert "I fear an axis." in page(address, client_of(editor))
    clear_point(point, act=Act(by=reviewer, at=timezone.now()))
    assert "I fear an axis." not in page(address)


def test_report_without_points_is_not_said_to_be_unpublished() -> None:
    report = ReportFactory(published=True, title="The report", summary="All of it.")
    said = words(page(report.event.get_absolute_url()))
    assert "The report says it as a whole; no single points are entered." in said
    assert "No report of this event is published yet." not in said


def test_withdrawn_report_leaves_the_page_of_its_event(reviewer: User) -> None:
    report = ReportFactory(published=True, title="The report")
    address = report.event.get_absolute_url()
    assert "The report" in page(address)
    withdraw(report, act=Act(by=reviewer, at=timezone.now()), note="Names had slipped in.")
    content = page(address)
    assert "The report" not in content
    assert "No report of this event is published yet." in words(content)


def test_draft_of_an_event_answers_like_one_that_never_was() -> None:
    draft = EventFactory(slug="secret-meeting")
    answer = page("/events/secret-meeting/", expect=404)
    assert answer.replace("secret-meeting", "no-meeting") == page("/events/no-meeting/", expect=404)
    assert draft.slug == "secret-meeting"


def test_withdrawn_event_is_gone(reviewer: User) -> None:
    event = EventFactory(published=True, slug="meeting", name="HIDDEN name")
    withdraw(event, act=Act(by=reviewer, at=timezone.now()), note="It never took place.")
    content = page("/events/meeting/", expect=410)
    assert "It never took place." in words(content)
    assert "HIDDEN" not in content


# A series


def test_series_shows_its_editions_in_order() -> None:
    series = SeriesFactory(
        published=True, name="The dialogue", cadence="annual", convenors=[ActorFactory(published=True, name="GISR")]
    )
    for edition in (2, 1):
        EventFactory(published=True, name=f"Meeting {edition}", series=series, edition=edition)
    EventFactory(name="HIDDEN", series=series, edition=3)
    content = page(series.get_absolute_url())
    assert titles(content) == ["Meeting 1", "Meeting 2"]
    assert "Cadence Annual Convenors GISR" in words(content)
    assert "HIDDEN" not in content
    assert "2 editions" in words(page("/series/"))


def test_series_shows_what_it_realises() -> None:
    series = SeriesFactory(published=True)
    FulfilmentFactory(recommendation=RecommendationFactory(published=True, title="Meet every year"), series=series)
    assert "Meet every year" in words(page(series.get_absolute_url()))
