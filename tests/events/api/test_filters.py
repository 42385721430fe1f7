"""Each filter returns exactly the matching rows."""

import datetime as dt

import pytest

from tests.factories import (
    ActorFactory,
    EventFactory,
    OrganiserFactory,
    PartnershipFactory,
    PointFactory,
    ReportFactory,
    SeriesFactory,
    TopicFactory,
)
from tests.support.published import listed

pytestmark = pytest.mark.django_db


def test_series_by_cadence_and_convenor() -> None:
    actor = ActorFactory(published=True, slug="orsam")
    SeriesFactory(published=True, slug="dialogue", cadence="annual", convenors=[actor])
    SeriesFactory(published=True, slug="lectures", cadence="irregular")
    assert listed("series/", "slug", cadence="annual") == ["dialogue"]
    assert listed("series/", "slug", convenor="orsam") == ["dialogue"]


def test_events_by_everything_that_they_name() -> None:
    actor = ActorFactory(published=True, slug="orsam")
    topic = TopicFactory(published=True, slug="gaza")
    below = TopicFactory(published=True, slug="reconstruction", parent=topic)
    partnership = PartnershipFactory(published=True, slug="turkiye-qatar")
    series = SeriesFactory(published=True, slug="dialogue")
    event = EventFactory(
        published=True,
        slug="first",
        series=series,
        edition=1,
        kind="workshop",
        lifecycle="held",
        start_date=dt.date(2025, 12, 31),
        topics=[below],
        partnerships=[partnership],
    )
    OrganiserFactory(event=event, actor=actor)
    EventFactory(published=True, slug="second", start_date=dt.date(2026, 1, 1))
    EventFactory(published=True, slug="third")
    for query in (
        {"series": "dialogue"},
        {"kind": "workshop"},
        {"lifecycle": "held"},
        {"topic": "gaza"},
        {"topic": "reconstruction"},
        {"partnership": "turkiye-qatar"},
        {"organiser": "orsam"},
        {"year": "2025"},
    ):
        assert listed("events/", "slug", **query) == ["first"], query
    assert listed("events/", "slug", year="1999") == []


def test_reports_and_points_by_their_event() -> None:
    topic = TopicFactory(published=True, slug="gaza")
    report, other = ReportFactory.create_batch(2, published=True)
    point = PointFactory(report=report, kind="caveat", support="consensus", topics=[topic])
    PointFactory(report=other, kind="call", support="argued")
    assert listed("reports/", "public_id", event=report.event.slug) == [report.public_id]
    for query in (
        {"event": report.event.slug},
        {"report": report.public_id},
        {"kind": "caveat"},
        {"support": "consensus"},
        {"topic": "gaza"},
    ):
        assert listed("points/", "public_id", **query) == [point.public_id], query
