"""What was said off the record is not published, and is hidden at once when a rule becomes stricter."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F
from django.test import Client
from django.utils import timezone

from config.knowledge.exporter import export
from events.models import Event, Point, Report, Session
from publishing.acting import Act
from publishing.actions import publish
from publishing.reader.audience import reading_as_the_public
from tests.factories import (
    PUBLISHED_AT,
    EventFactory,
    PointFactory,
    RecommendationFactory,
    ReportFactory,
    SessionFactory,
    UserFactory,
)
from tests.support.published import API, get, listed
from tests.support.refusal import refused

pytestmark = pytest.mark.django_db

RULES = ["on_record", "chatham_house", "not_stated", "off_record"]


def publish_by_sql(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(state="published", reviewer=UserFactory(), published_at=PUBLISHED_AT)


def rule_events(rule: str) -> None:
    """What is public changes with a version that says so."""
    Event.objects.update(attribution_rule=rule, version=F("version") + 1, version_note="Another rule was agreed.")


# Refused at publication


@pytest.mark.parametrize("rule", RULES)
def test_report_of_an_event_off_the_record_is_not_published(rule: str) -> None:
    report: Any = ReportFactory(event__attribution_rule=rule)
    if rule == "off_record":
        with refused("events_report_off_record_is_not_published", saying="This event is off the record"):
            publish_by_sql(report)
        with refused("events_report_off_record_is_not_published"):
            ReportFactory(published=True, event=report.event)
    else:
        publish_by_sql(report)
    report.refresh_from_db()
    assert report.state == ("draft" if rule == "off_record" else "published")


@pytest.mark.parametrize("rule", ["", *RULES])
def test_report_with_a_point_off_the_record_is_not_published(rule: str) -> None:
    report: Any = ReportFactory()
    PointFactory(report=report, session=SessionFactory(event=report.event, attribution_rule=rule))
    if rule == "off_record":
        with refused("events_report_off_record_is_not_published", saying="take it out of the report first"):
            publish_by_sql(report)
    else:
        publish_by_sql(report)
        report.refresh_from_db()
        assert report.state == "published"


def test_point_off_the_record_does_not_enter_a_published_report() -> None:
    report: Any = ReportFactory(published=True)
    session = SessionFactory(event=report.event, attribution_rule="off_record")
    with refused("events_point_off_record_is_not_published", saying="This session is off the record"):
        PointFactory(report=report, session=session)
    point = PointFactory(report=report)
    with refused("events_point_off_record_is_not_published"):
        Point.objects.filter(pk=point.pk).update(session=session)
    draft = PointFactory(report__event=report.event, session=session)
    with refused("events_point_off_record_is_not_published"):
        Point.objects.filter(pk=draft.pk).update(report=report)
    assert list(report.points.all()) == [point]


def test_published_report_does_not_move_to_an_event_off_the_record() -> None:
    report = ReportFactory(published=True)
    with refused("events_report_off_record_is_not_published"):
        Report.objects.filter(pk=report.pk).update(event=EventFactory(published=True, attribution_rule="off_record"))


def test_withdrawn_report_is_not_published_again_off_the_record(reviewer: User) -> None:
    report: Any = ReportFactory(withdrawn=True, event__published=True, event__attribution_rule="off_record")
    with refused("events_report_off_record_is_not_published"):
        publish(report, act=Act(by=reviewer, at=timezone.now()))


# Vanishes where the rule is tightened


def test_report_vanishes_at_once_and_comes_back(client: Client) -> None:
    point = PointFactory(report__published=True, report__event__slug="doha", text="We fear an axis.")
    report, event = point.report, point.report.event
    recommendation = RecommendationFactory(published=True, event=event, point=point)

    def seen() -> tuple[Any, ...]:
        visitor = AnonymousUser()
        with reading_as_the_public():
            by_reader = (Report.objects.count(), Point.objects.count())
        by_python = (Report.objects.visible_to(visitor).count(), Point.objects.visible_to(visitor).count())
        assert by_reader == by_python
        assert report.is_visible_to(visitor, at=timezone.now()) is bool(by_python[0])
        return (
            by_reader,
            listed("points/", "text"),
            listed("reports/", "public_id"),
            [thing["public_id"] for thing in get("events/doha/")["reports"]],
            get(f"recommendations/{recommendation.reference}/")["point"] is not None,
            "We fear an axis." in client.get(event.get_absolute_url()).content.decode(),
            "We fear an axis." in client.get(recommendation.get_absolute_url()).content.decode(),
        )

    everything = ((1, 1), ["We fear an axis."], [report.public_id], [report.public_id], True, True, True)
    assert seen() == everything
    rule_events("off_record")
    report.refresh_from_db()
    assert seen() == ((0, 0), [], [], [], False, False, False)
    gone = client.get(f"{API}reports/{report.public_id}/")
    assert (gone.status_code, gone.json()["detail"]) == (410, "Its event is off the record.")
    rule_events("chatham_house")
    report.refresh_from_db()
    assert seen() == everything


def test_points_of_a_session_vanish_and_leave_the_others(editor: User) -> None:
    report: Any = ReportFactory(published=True)
    session = SessionFactory(event=report.event)
    hidden = PointFactory(report=report, session=session, text="In camera.")
    stays = PointFactory(report=report, qualifies=hidden, text="In the open.")
    Session.objects.update(attribution_rule="off_record")
    with reading_as_the_public():
        assert list(Point.objects.all()) == [stays]
    assert list(Point.objects.visible_to(AnonymousUser())) == [stays]
    assert set(Point.objects.visible_to(editor)) == {hidden, stays}
    assert [(thing["text"], thing["qualifies"]) for thing in get("points/")["results"]] == [("In the open.", None)]
    page = Client().get(report.event.get_absolute_url()).content.decode()
    assert ("In the open." in page, "In camera." in page) == (True, False)


def test_session_on_the_record_does_not_lift_the_rule_of_its_event() -> None:
    point = PointFactory(report__published=True)
    Point.objects.update(session=SessionFactory(event=point.report.event, attribution_rule="on_record"))
    rule_events("off_record")
    with reading_as_the_public():
        assert not Point.objects.exists()
    assert not Point.objects.visible_to(AnonymousUser()).exists()


def test_recommendation_stays_editable_when_its_point_goes_off_the_record() -> None:
    point = PointFactory(report__published=True)
    recommendation = RecommendationFactory(published=True, event=point.report.event, point=point)
    assert point.report in recommendation.references()
    rule_events("off_record")
    recommendation.refresh_from_db()
    assert set(recommendation.references()) == {point.report.event}


def test_public_export_leaves_out_what_is_off_the_record() -> None:
    event = EventFactory(published=True, slug="doha")
    report = ReportFactory(published=True, event=event, key="r")
    session = SessionFactory(event=event)
    hidden = PointFactory(report=report, session=session, key="camera", text="In camera.", position=1)
    PointFactory(report=report, key="open", text="In the open.", qualifies=hidden, position=2)
    RecommendationFactory(published=True, event=event, point=hidden)
    Session.objects.update(attribution_rule="off_record")
    (text,) = export(at=timezone.now())
    assert ("In the open." in text, "In camera." in text, "camera" in text) == (True, False, False)
    rule_events("off_record")
    (text,) = export(at=timezone.now())
    assert "In the open." not in text
    assert "In camera." in export(at=timezone.now(), drafts=True)[0]
