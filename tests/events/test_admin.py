"""The desk for events: dates, single voices, and the data about participants."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Event, Point, Report, Session
from publishing.desk.addresses import add_address, change_address, list_address
from publishing.models.change import Change
from tests.factories import (
    EventFactory,
    ParticipantFactory,
    PointFactory,
    ReportFactory,
    SeriesFactory,
    SessionFactory,
    TopicFactory,
)
from tests.support.desk import Page

Desk = Callable[..., Page]
ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def published(factory: Any, **attributes: Any) -> Any:
    """Published a day ago, so that what is published now is public at the same time."""
    return factory(published=True, published_at=timezone.now() - dt.timedelta(days=1), **attributes)


def clear(client: Client, point: Point) -> list[str]:
    response = client.post(reverse("admin:events_point_clear", args=[point.pk]), follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


# Events


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        (
            {"start_date": "2025-06-02", "end_date": "2025-06-01"},
            "end_date",
            "An event does not end before it starts.",
        ),
        ({"end_date": "2025-06-01"}, "start_date", "Give the first day too."),
        (
            {"start_date": "2025-06-02", "start_time": "09:00"},
            "time_zone",
            "A time needs a first day and a time zone.",
        ),
        (
            {"start_date": "2025-06-02", "start_time": "09:00", "end_time": "08:00", "time_zone": "Europe/Istanbul"},
            "end_time",
            "An event does not end before it starts.",
        ),
        ({"time_zone": "Europe/Doha"}, "time_zone", "This is no IANA time zone, such as Europe/Istanbul."),
        ({"edition": "1"}, "edition", "An edition is numbered from 1, within a series."),
        ({"edition": "70000"}, "edition", "Ensure this value is less than or equal to 32767."),
    ],
)
def test_refusal_of_an_event_stands_at_its_field(
    desk: Desk, editor: User, typed: dict[str, str], field: str, message: str
) -> None:
    page = desk(editor, Event).send(**{"name_en": "Roundtable", "slug": "roundtable", "kind": "roundtable", **typed})
    assert message in page.errors[field]
    assert not Event.objects.exists()


def test_second_event_of_an_edition_is_refused_at_the_edition(desk: Desk, editor: User) -> None:
    series = SeriesFactory()
    EventFactory(series=series, edition=1)
    page = desk(editor, Event)
    page.send(name_en="Roundtable", slug="roundtable", kind="roundtable", series=series.pk, edition="1")
    assert page.errors == {"edition": ["This series already has an event with that edition."]}


def test_sessions_are_rows_of_their_event(desk: Desk, editor: User) -> None:
    event = EventFactory()
    page = desk(editor, event)
    page.add_row("sessions", position="1", name_en="Opening", name_ar="الافتتاح", attribution_rule="off_record")
    page.add_row("sessions", position="1", name_en="Closing")
    page.send()
    assert page.errors == {"sessions-1-position": ["Another session stands there."]}
    assert not Session.objects.exists()
    assert page.send(**{"sessions-1-position": "2"}).errors == {}
    assert list(event.sessions.values_list("name_en", "position", "attribution_rule")) == [
        ("Opening", 1, "off_record"),
        ("Closing", 2, ""),
    ]


def test_page_of_a_series_shows_its_editions(desk: Desk, editor: User) -> None:
    event = EventFactory(series=SeriesFactory(), edition=1)
    (editions,) = desk(editor, event.series).response.context["panels"]
    assert [row.cells[1] for row in editions.rows] == [event]


def test_page_of_an_event_leads_to_what_is_restricted(
    desk: Desk, editor: User, administrator: User, convenor: User, superuser: User
) -> None:
    event = EventFactory()
    ParticipantFactory(event=event)

    def restricted(person: User) -> list[str]:
        panels = desk(person, event).response.context["panels"]
        return [str(tool.label) for panel in panels if str(panel.title) == "Restricted" for tool in panel.tools]

    assert [restricted(person) for person in (editor, administrator, superuser)] == [[], [], []]
    assert restricted(convenor) == ["Participants", "Add a participant"]
    panel = desk(convenor, event).response.context["panels"][-1]
    assert panel.empty == "Who was there; only convenors see it. A looser rule needs 4 more consents."


def test_loosened_rule_is_refused_at_the_rule_and_says_no_number(desk: Desk, editor: User) -> None:
    event = EventFactory(attribution_rule="off_record")
    ParticipantFactory(event=event, name="Somebody")
    page = desk(editor, event).send(attribution_rule="on_record")
    assert page.errors == {
        "attribution_rule": [
            "This would loosen the attribution rule: everybody who was there has first to consent to each disclosure."
        ]
    }
    assert "Somebody" not in page.response.content.decode()


def test_loosened_rule_of_a_session_is_refused_at_its_row(desk: Desk, editor: User) -> None:
    session = SessionFactory(attribution_rule="off_record")
    ParticipantFactory(event=session.event)
    refusal = "This would loosen the attribution rule: everybody who was there has first to consent to each disclosure."
    page = desk(editor, session.event).send(**{"sessions-0-attribution_rule": ""})
    assert page.errors == {"sessions-0-attribution_rule": [refusal]}
    page = desk(editor, session.event).send(**{"sessions-0-DELETE": "on"})
    assert refusal in [*page.said, *(message for messages in page.errors.values() for message in messages)]
    session.refresh_from_db()
    assert session.attribution_rule == "off_record"


# Reports and points


def test_point_is_added_on_a_page_of_its_own(desk: Desk, editor: User) -> None:
    report = ReportFactory()
    PointFactory(report=report, position=4)
    address = add_address(Point, report=report.pk, position=5)
    assert [tool.url for tool in desk(editor, report).response.context["tools"]] == [address]
    topic = TopicFactory()
    page = desk(editor, address).send("_save", text_en="All agreed.", kind="agreement", topics=[str(topic.pk)])
    assert page.response.redirect_chain == [(change_address(report), 302)]
    point: Any = Point.objects.get(position=5)
    assert (point.text_en, point.report, list(point.topics.all())) == ("All agreed.", report, [topic])


def test_point_of_a_public_report_changes_with_a_version_of_the_report(desk: Desk, editor: User) -> None:
    report = published(ReportFactory, event=published(EventFactory))
    point = PointFactory(report=report, text="All agreed.")
    page = desk(editor, point).send(text_en="Most agreed.")
    assert page.errors == {"what_changed": ["Say what changed; the note is public."]}
    assert page.send(what_changed="It was not all.").errors == {}
    report.refresh_from_db()
    point.refresh_from_db()
    assert (report.version, point.text_en) == (2, "Most agreed.")
    told = Change.objects.filter(public_id=report.public_id, version=2).values_list("event", "note")
    assert list(told) == [("changed", "It was not all.")]


def test_circle_of_qualifications_is_refused_at_the_field(desk: Desk, editor: User) -> None:
    point = PointFactory()
    other = PointFactory(report=point.report, qualifies=point)
    page = desk(editor, point).send(qualifies=str(other.pk))
    assert page.errors == {"qualifies": ["This would lead in a circle back to where it starts."]}


def test_position_that_is_taken_is_refused_at_the_position(desk: Desk, editor: User) -> None:
    point = PointFactory()
    page = desk(editor, Point, report=point.report.pk)
    page.send(text_en="All agreed.", kind="agreement", position=str(point.position))
    assert page.errors == {"position": ["Another point stands there."]}


def test_points_are_removed_on_the_page_of_their_report(desk: Desk, editor: User) -> None:
    report = published(ReportFactory, event=published(EventFactory))
    PointFactory(report=report)
    page = desk(editor, report).send(**{"points-0-DELETE": "on"})
    assert page.errors == {"what_changed": ["Say what changed; the note is public."]}
    assert page.send(what_changed="Takes a point back.").errors == {}
    assert not Point.objects.exists()


def test_single_voice_is_cleared_by_somebody_else(client_of: ClientOf, editor: User, reviewer: User) -> None:
    point: Any = PointFactory(report__author=editor, support=Point.Support.ONE_PARTICIPANT, text="I doubt it.")
    assert clear(client_of(editor), point) == [
        "“I doubt it.”: You wrote this report: somebody else has to clear its single voices."
    ]
    assert not Point.objects.filter(graded__cleared_by__isnull=False).exists()
    assert clear(client_of(reviewer), point) == ["“I doubt it.” is cleared."]
    assert Point.objects.filter(graded__cleared_by=reviewer).exists()
    assert clear(client_of(reviewer), point) == ["“I doubt it.”: This point needs no clearance, or has it already."]


def test_clearing_is_offered_to_those_who_may(desk: Desk, editor: User, reviewer: User) -> None:
    point = PointFactory(report__author=editor, support=Point.Support.ONE_PARTICIPANT)
    shown = {
        person.username: [str(tool.label) for tool in desk(person, point).response.context["tools"]]
        for person in (editor, reviewer)
    }
    assert shown == {"editor": [], "reviewer": ["Clear this single voice"]}


def test_clearing_is_a_decision_and_not_a_link(client_of: ClientOf, reviewer: User) -> None:
    point = PointFactory(support=Point.Support.ONE_PARTICIPANT)
    assert client_of(reviewer).get(reverse("admin:events_point_clear", args=[point.pk])).status_code == 405
    point.refresh_from_db()
    assert point.cleared_by is None


def test_single_voices_are_cleared_through_the_list(client_of: ClientOf, reviewer: User) -> None:
    point = PointFactory(support=Point.Support.ONE_PARTICIPANT, text="I doubt it.")
    PointFactory()
    client = client_of(reviewer)
    found = client.get(list_address(Point, clearance="needed")).context["cl"].result_list
    assert list(found) == [point]
    client.post(list_address(Point), {"action": "clear_selected", "_selected_action": [str(point.pk)]})
    point.refresh_from_db()
    assert point.cleared_by == reviewer


def test_report_with_an_uncleared_single_voice_is_not_published(client_of: ClientOf, reviewer: User) -> None:
    report = ReportFactory(event=published(EventFactory), in_review=True)
    PointFactory(report=report, support=Point.Support.ONE_PARTICIPANT)
    address = reverse("admin:events_report_publish", args=[report.pk])
    response = client_of(reviewer).post(address, {"_": ""}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "A point of a single voice needs a second editor's clearance before it is published."
    ]
    report.refresh_from_db()
    assert report.state == "in_review"


def test_uncleared_single_voice_in_a_public_report_is_refused_at_its_support(desk: Desk, editor: User) -> None:
    report = published(ReportFactory, event=published(EventFactory))
    PointFactory(report=report)
    page = desk(editor, report).send(**{"points-0-support": "one_participant"}, what_changed="One said it.")
    assert page.errors == {
        "points-0-support": ["A point of a single voice needs a second editor's clearance before it is published."]
    }
    assert Point.objects.get().support == "narrative"


def test_sessions_offered_are_those_of_the_event(desk: Desk, editor: User) -> None:
    report, session = ReportFactory(), SessionFactory()
    own = SessionFactory(event=report.event)
    form = desk(editor, Point, report=report.pk).response.context["adminform"].form
    assert list(form.fields["session"].queryset) == [own]
    assert session not in form.fields["session"].queryset


def test_list_of_reports_counts_what_is_to_be_cleared(client_of: ClientOf, editor: User) -> None:
    report = ReportFactory()
    PointFactory(report=report, support=Point.Support.ONE_PARTICIPANT)
    PointFactory(report=report)
    row = client_of(editor).get(list_address(Report)).context["cl"].result_list[0]
    assert (row.points_count, row.uncleared_count) == (2, 1)
