"""A single voice can identify its speaker: it is not published before a second editor clears it."""

import pytest
from django.db import connection

from events.models import Point, Report, Support
from tests.factories import PUBLISHED_AT, PointFactory, ReportFactory, UserFactory
from tests.support.refusal import refused, rolled_back

pytestmark = pytest.mark.django_db


def publish(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(state="published", reviewer=UserFactory(), published_at=PUBLISHED_AT)


def clear(point: Point) -> None:
    Support.objects.filter(pk=point.pk).update(cleared_by=UserFactory(), cleared_at=PUBLISHED_AT)


def test_report_with_an_uncleared_single_voice_is_not_published() -> None:
    point = PointFactory(support="one_participant")
    with refused("events_report_single_voices_are_cleared", saying="clearance"):
        publish(point.report)
    clear(point)
    publish(point.report)
    assert Report.objects.get().state == "published"


def test_report_is_not_inserted_published_over_an_uncleared_single_voice() -> None:
    point = PointFactory(support="one_participant")
    with rolled_back():
        with connection.cursor() as cursor:  # which would refuse a point without its report at once
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE events_point DISABLE TRIGGER majlis_public_from")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        Point.objects.filter(pk=point.pk).update(report_id=9_000_001)  # the foreign key is checked at the end
        with refused("events_report_single_voices_are_cleared"):
            ReportFactory(id=9_000_001, event=point.report.event, published=True)


@pytest.mark.parametrize("support", [value for value in Point.Support.values if value != "one_participant"])
def test_report_of_many_voices_needs_no_clearance(support: str) -> None:
    point = PointFactory(support=support)
    publish(point.report)
    assert Report.objects.get().state == "published"


def test_uncleared_single_voice_does_not_enter_a_published_report() -> None:
    report = ReportFactory(published=True)
    with refused("events_support_single_voices_are_cleared"):
        PointFactory(report=report, support="one_participant")
    cleared = PointFactory(report=report, support="one_participant", cleared_by=UserFactory(), cleared_at=PUBLISHED_AT)
    assert [*report.points.all()] == [cleared]


def test_point_of_a_published_report_does_not_become_an_uncleared_single_voice() -> None:
    point = PointFactory(report=ReportFactory(published=True))
    with refused("events_support_single_voices_are_cleared"):
        Support.objects.filter(pk=point.pk).update(grade="one_participant")


def test_clearance_is_not_taken_back_under_a_published_report() -> None:
    point = PointFactory(support="one_participant", cleared_by=UserFactory(), cleared_at=PUBLISHED_AT)
    publish(point.report)
    with refused("events_support_single_voices_are_cleared"):
        Support.objects.filter(pk=point.pk).update(cleared_by=None, cleared_at=None)


def test_uncleared_single_voice_does_not_move_into_a_published_report() -> None:
    point = PointFactory(support="one_participant")
    public = ReportFactory(published=True)
    with refused("events_point_single_voices_are_cleared"):
        Point.objects.filter(pk=point.pk).update(report=public)


def test_clearance_is_of_the_words_that_were_cleared() -> None:
    point = PointFactory(support="one_participant", cleared_by=UserFactory(), cleared_at=PUBLISHED_AT)
    Point.objects.filter(pk=point.pk).update(text_en="The speaker from Doha said so.")
    with refused("events_report_single_voices_are_cleared"):
        publish(point.report)


def test_words_of_a_single_voice_do_not_change_once_they_are_public() -> None:
    point = PointFactory(support="one_participant", cleared_by=UserFactory(), cleared_at=PUBLISHED_AT)
    publish(point.report)
    with refused("events_support_single_voices_are_cleared"):
        Point.objects.filter(pk=point.pk).update(text_tr="Doha'dan gelen konuşmacı böyle dedi.")
