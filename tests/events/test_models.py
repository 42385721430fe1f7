"""Text forms and properties of this app's models."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from events.models import AttributionRule, Consent, Disclosure, Event, Organiser, Participant, Point, effective_rule
from partnerships.models import Actor
from tests.factories import (
    PUBLISHED_AT,
    ActorFactory,
    ConsentFactory,
    DisclosureFactory,
    DocumentFactory,
    EventFactory,
    OrganiserFactory,
    ParticipantFactory,
    PartnershipFactory,
    PointFactory,
    ReportFactory,
    SeriesFactory,
    SessionFactory,
    SourceFactory,
    TopicFactory,
    UserFactory,
    ViewingFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 6, 1)
ONE = dt.timedelta(days=1)


# What a publication names


def test_series_names_its_convenors() -> None:
    convenors = ActorFactory.create_batch(2)
    assert {*SeriesFactory(convenors=convenors).references()} == {*convenors}


def test_event_names_everything_that_its_parts_name() -> None:
    topic, partnership = TopicFactory(), PartnershipFactory()
    event = EventFactory(series=SeriesFactory(), topics=[topic], partnerships=[partnership])
    organiser = OrganiserFactory(event=event)
    assert {*event.references()} == {event.series, topic, partnership, organiser.actor}


def test_event_never_names_a_participant_or_a_document() -> None:
    event = EventFactory()
    ParticipantFactory(event=event)
    DocumentFactory(event=event)
    assert [*event.references()] == []


def test_report_names_its_event_its_source_and_the_topics_of_its_points() -> None:
    topic = TopicFactory()
    report = ReportFactory(source=SourceFactory())
    PointFactory(report=report, topics=[topic])
    assert {*report.references()} == {report.event, report.source, topic}


# Rules of attribution


def test_rule_that_is_not_stated_is_treated_as_the_chatham_house_rule() -> None:
    assert {rule: effective_rule(rule) for rule in AttributionRule.values} == {
        "on_record": "on_record",
        "chatham_house": "chatham_house",
        "off_record": "off_record",
        "not_stated": "chatham_house",
    }


@pytest.mark.parametrize(
    ("of_event", "of_session", "applied"),
    [
        ("on_record", "", "on_record"),
        ("not_stated", "", "chatham_house"),
        ("on_record", "off_record", "off_record"),
        ("off_record", "on_record", "on_record"),
        ("on_record", "not_stated", "chatham_house"),
    ],
)
def test_session_may_override_the_rule_of_its_event(of_event: str, of_session: str, applied: str) -> None:
    session = SessionFactory(event__attribution_rule=of_event, attribution_rule=of_session)
    assert session.rule == applied


# Events in time


def test_upcoming_events_are_planned_or_confirmed_and_not_yet_begun() -> None:
    def event(**columns: object) -> str:
        return str(EventFactory(**columns).slug)

    later = event(start_date=DAY + ONE, lifecycle="confirmed")
    today = event(start_date=DAY, lifecycle="planned")
    event(start_date=DAY - ONE, end_date=DAY + ONE, lifecycle="confirmed")
    event(start_date=None, lifecycle="planned")
    for lifecycle in ("held", "postponed", "cancelled"):
        event(start_date=DAY + ONE, lifecycle=lifecycle)
    assert [*Event.objects.upcoming(on=DAY).values_list("slug", flat=True)] == [today, later]


def test_time_zone_is_one_that_iana_knows() -> None:
    event = EventFactory(start_date=DAY, start_time=dt.time(9), time_zone="Europe/Istanbul")
    event.full_clean()
    event.time_zone = "Istanbul"
    with pytest.raises(ValidationError) as refusal:
        event.full_clean()
    assert refusal.value.message_dict.keys() == {"time_zone"}


def test_events_are_listed_from_the_latest_and_those_without_a_day_last() -> None:
    unknown = EventFactory()
    early = EventFactory(start_date=DAY)
    late = EventFactory(start_date=DAY + ONE)
    assert [*Event.objects.all()] == [late, early, unknown]


# Who sees points


@pytest.mark.parametrize(
    ("of_event", "of_report", "public"),
    [
        ("published", "published", True),
        ("published", "", False),
        ("published", "withdrawn", False),
        ("", "published", False),
        ("withdrawn", "published", False),
    ],
)
def test_point_is_public_with_its_report_and_its_event(
    of_event: str, of_report: str, public: bool, editor: User
) -> None:
    event = EventFactory(**{of_event: True} if of_event else {})
    report = ReportFactory(**{of_report: True} if of_report else {}, event=event)
    point = PointFactory(report=report)
    assert Point.objects.visible_to(AnonymousUser(), at=PUBLISHED_AT).exists() is public
    assert [*Point.objects.visible_to(editor, at=PUBLISHED_AT)] == [point]


def test_organiser_is_public_with_its_event(editor: User) -> None:
    public = OrganiserFactory(event=EventFactory(published=True), actor__published=True)
    hidden = OrganiserFactory(actor__published=True)
    assert [*Organiser.objects.visible_to(AnonymousUser(), at=PUBLISHED_AT)] == [public]
    assert {*Organiser.objects.visible_to(editor)} == {public, hidden}


def test_uncleared_points_are_single_voices_that_nobody_cleared() -> None:
    uncleared = PointFactory(support="one_participant")
    PointFactory(support="one_participant", cleared_by=UserFactory(), cleared_at=PUBLISHED_AT)
    PointFactory(support="argued")
    assert [*Point.objects.uncleared()] == [uncleared]


# Participants


def test_nothing_that_is_said_leads_to_a_participant() -> None:
    """Nor does anything else but their consent and its use: what is not stored cannot leak."""
    leading = {relation.related_model for relation in Participant._meta.related_objects}
    assert leading == {Consent, Disclosure}
    assert {field.related_model for field in Participant._meta.fields if field.is_relation} == {Event, User}
    assert {relation.related_model for relation in Disclosure._meta.related_objects} == set()
    assert not hasattr(Event, "participant_set")
    assert not hasattr(Actor, "participants")


def test_participant_and_their_event_do_not_appear_in_a_text() -> None:
    participant = ParticipantFactory(name="A. Participant", affiliation="A Ministry")
    assert str(participant) == f"#{participant.pk}"
    consent = ConsentFactory(participant=participant)
    assert str(consent) == f"#{consent.pk}"
    disclosure, viewing = DisclosureFactory(participant__name="A. Participant"), ViewingFactory()
    assert (str(disclosure), str(viewing)) == (f"#{disclosure.pk}", f"#{viewing.pk}")
    document = DocumentFactory(title="List of the attendees")
    assert str(document) == f"#{document.pk}"


def test_participant_with_a_consent_is_not_deleted_with_their_event() -> None:
    consent = ConsentFactory()
    with pytest.raises(ProtectedError):
        consent.participant.event.delete()
    assert Consent.objects.count() == 1
