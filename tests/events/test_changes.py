"""What the feed of changes reports about support and off-record content, and what it must not reveal.

Each write is a transaction of its own here, because within one a second line is dropped.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import checks
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from events.minimum_group_size import check_smallest_group, smallest_group
from events.models import Event, GroupSize, Participant, Point, Report, Session
from publishing.models.change import Change
from publishing.reader.audience import reading_as_the_public
from tests.factories import (
    GroupSizeFactory,
    ParticipantFactory,
    PointFactory,
    ReportFactory,
    SessionFactory,
)
from tests.support.concurrency import Session as OtherSession


def rule_events(rule: str) -> None:
    """What is public changes with a version that says so."""
    Event.objects.update(attribution_rule=rule, version=F("version") + 1, version_note="Another rule was agreed.")


def keep(settings: Any, k: int) -> None:
    settings.MAJLIS_SMALLEST_GROUP = k
    call_command("migrate", verbosity=0)


def shown(point: Point) -> str | None:
    """Its support, as the public's role reads it."""
    with reading_as_the_public():
        row: Any = Point.objects.get(pk=point.pk)
        return str(row.support) if row.support is not None else None


# Sizes of groups


def lines_of(report: Any) -> list[tuple[str, str]]:
    return list(Change.objects.filter(public_id=report.public_id).order_by("id").values_list("event", "note"))


@pytest.fixture
def report(committing: None) -> Any:
    """A public report with a point; each write that follows is a transaction of its own."""
    return PointFactory(report__published=True).report


def test_participants_are_announced_only_where_they_cross_the_threshold(report: Any) -> None:
    crossed = []
    for number in range(1, 8):
        before = len(lines_of(report))
        ParticipantFactory(event=report.event)
        if len(lines_of(report)) > before:
            crossed.append(number)
    assert crossed == [1, 5]
    assert lines_of(report)[-1] == ("changed", "")
    before = len(lines_of(report))
    Participant.objects.filter(pk__in=list(Participant.objects.values_list("pk", flat=True)[:3])).delete()
    assert len(lines_of(report)) == before + 1


def test_participants_recorded_in_bulk_are_announced_once(report: Any) -> None:
    before = len(lines_of(report))
    Participant.objects.bulk_create([Participant(event=report.event, name=f"P {n}") for n in range(4)])
    assert len(lines_of(report)) == before + 1
    Participant.objects.update(name="Renamed")
    assert len(lines_of(report)) == before + 1
    Participant.objects.all().delete()
    assert len(lines_of(report)) == before + 2


def test_participants_say_nothing_where_the_size_is_recorded(report: Any) -> None:
    GroupSizeFactory(event=report.event, people=12)
    before = len(lines_of(report))
    ParticipantFactory.create_batch(5, event=report.event)
    assert len(lines_of(report)) == before


def test_sizes_are_announced_only_where_they_cross_the_threshold(report: Any) -> None:
    session = SessionFactory(event=report.event)

    def announced(act: Callable[[], Any]) -> bool:
        before = len(lines_of(report))
        act()
        return len(lines_of(report)) > before

    size = GroupSize(event=report.event, people=12)
    assert not announced(size.save)
    for people, crosses in ((6, False), (5, False), (4, True), (1, False), (9, True), (2, True)):
        size.people = people
        assert announced(size.save) is crosses, people
    own = GroupSize(event=report.event, session=session, people=7)
    assert announced(own.save)  # two people at the event hid it until now
    assert announced(own.delete)
    assert announced(size.delete)
    ParticipantFactory.create_batch(2, event=report.event)
    assert announced(GroupSize(event=report.event, people=8).save)


def test_draft_announces_nothing_of_its_group(committing: None) -> None:
    point = PointFactory()
    GroupSizeFactory(event=point.report.event, people=1)
    assert not Change.objects.exists()


def test_two_who_record_at_once_do_not_miss_the_threshold(session: OtherSession) -> None:
    report: Any = PointFactory(report__published=True).report
    ParticipantFactory.create_batch(3, event=report.event)
    before = len(lines_of(report))
    with transaction.atomic():
        ParticipantFactory(event=report.event)
        adding = session.run(lambda: ParticipantFactory(event=report.event))
        session.wait_until_it_waits()
    adding.result(10)
    assert len(lines_of(report)) == before + 1


# k


def test_k_follows_the_setting_after_migrate(settings: Any, committing: None) -> None:
    point = PointFactory(report__published=True, support="broad")
    GroupSizeFactory(event=point.report.event, people=6)
    assert (smallest_group(), shown(point)) == (5, "broad")
    settings.MAJLIS_SMALLEST_GROUP = 7
    (said,) = check_smallest_group(databases=["default"])
    assert (said.id, said.level) == ("events.W001", checks.WARNING)
    before = len(lines_of(point.report))
    try:
        keep(settings, 7)
        assert (smallest_group(), shown(point)) == (7, None)
        assert check_smallest_group(databases=["default"]) == []
        assert len(lines_of(point.report)) == before + 1
    finally:
        keep(settings, 5)


# Off the record


def test_mirrors_hear_that_the_report_is_gone_then_nothing_then_that_it_is_back(committing: None) -> None:
    point: Any = PointFactory(report__published=True)
    report = point.report
    assert lines_of(report) == [("published", ""), ("changed", "")]
    for rule in ("chatham_house", "on_record"):
        rule_events(rule)
    assert len(lines_of(report)) == 2
    rule_events("off_record")
    assert lines_of(report)[2:] == [("withdrawn", "Its event is off the record.")]
    Point.objects.update(text_en="Reworded where nobody reads it.")
    Report.objects.update(title_en="So is this.", version=2, version_note="In silence.")
    assert len(lines_of(report)) == 3
    rule_events("not_stated")
    assert lines_of(report)[3:] == [("published", "")]


def test_report_that_nobody_knew_of_is_not_announced_as_gone(committing: None) -> None:
    report: Any = ReportFactory(published=True, embargo_until=timezone.now() + dt.timedelta(days=1))
    draft: Any = ReportFactory(event=report.event)
    rule_events("off_record")
    assert (lines_of(report), lines_of(draft)) == ([], [])
    rule_events("not_stated")
    assert (lines_of(report), lines_of(draft)) == ([("published", "")], [])
    assert not Change.objects.effective(at=timezone.now()).filter(kind="report").exists()


def test_mirrors_hear_that_a_session_went_off_the_record(committing: None) -> None:
    report: Any = ReportFactory(published=True)
    session = SessionFactory(event=report.event)
    PointFactory(report=report, session=session)
    before = len(lines_of(report))
    Session.objects.update(attribution_rule="on_record")
    assert len(lines_of(report)) == before
    for rule in ("off_record", ""):
        Session.objects.update(attribution_rule=rule)
    assert lines_of(report)[before:] == [("changed", ""), ("changed", "")]
