"""What changes about reports and participants: what is refused, to whom, and what is left behind."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import transaction

from events import actions
from events.models import Consent, Point
from partnerships.actions import NotAllowed, ReviewerIsAuthor, publish
from tests.concurrency import PATIENCE, Session
from tests.factories import (
    ConsentFactory,
    EventFactory,
    ParticipantFactory,
    PointFactory,
    ReportFactory,
    UserFactory,
)

DAY = dt.date(2025, 6, 1)
AT = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


# Clearance of single voices


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["editor", "reviewer", "administrator"])
def test_second_editor_clears_a_single_voice(name: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(name)
    point = PointFactory(support="one_participant")
    actions.clear_point(point, by=by, at=AT)
    assert (point.cleared_by, point.cleared_at) == (by, AT)
    assert Point.objects.filter(cleared_by=by, cleared_at=AT).get() == point
    assert not Point.objects.uncleared().exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["partner", "anonymous"])
def test_only_the_desk_clears(name: str, request: pytest.FixtureRequest) -> None:
    point = PointFactory(support="one_participant")
    with pytest.raises(NotAllowed):
        actions.clear_point(point, by=request.getfixturevalue(name), at=AT)
    assert Point.objects.uncleared().exists()


@pytest.mark.django_db
def test_author_of_the_report_does_not_clear_its_single_voices(editor: User) -> None:
    point = PointFactory(support="one_participant", report__author=editor)
    with pytest.raises(ReviewerIsAuthor, match="somebody else has to clear"):
        actions.clear_point(point, by=editor, at=AT)
    assert Point.objects.uncleared().exists()


@pytest.mark.django_db
def test_point_that_needs_no_clearance_is_not_cleared(editor: User) -> None:
    point = PointFactory(support="argued")
    with pytest.raises(actions.NothingToClear):
        actions.clear_point(point, by=editor, at=AT)
    point.refresh_from_db()
    assert point.cleared_by is None


@pytest.mark.django_db
def test_point_is_cleared_once(editor: User, reviewer: User) -> None:
    point = PointFactory(support="one_participant")
    actions.clear_point(point, by=editor, at=AT)
    with pytest.raises(actions.NothingToClear):
        actions.clear_point(point, by=reviewer, at=AT + HOUR)
    point.refresh_from_db()
    assert (point.cleared_by, point.cleared_at) == (editor, AT)


@pytest.mark.django_db
def test_clearance_does_not_save_what_else_changed(editor: User) -> None:
    point: Any = PointFactory(support="one_participant", text="As cleared.")
    point.text_en = "As the speaker from Doha put it."
    actions.clear_point(point, by=editor, at=AT)
    point.refresh_from_db()
    assert point.text_en == "As cleared."


@pytest.mark.django_db
def test_report_is_published_once_its_single_voices_are_cleared(editor: User, reviewer: User) -> None:
    report = ReportFactory(event=EventFactory(published=True))
    point = PointFactory(report=report, support="one_participant")
    with pytest.raises(Exception, match="clearance"), transaction.atomic():
        publish(report, by=reviewer, at=AT)
    report.refresh_from_db()
    assert report.state == "draft"
    actions.clear_point(point, by=editor, at=AT)
    publish(report, by=reviewer, at=AT)
    report.refresh_from_db()
    assert report.state == "published"


def test_two_editors_at_once_clear_once(session: Session) -> None:
    editors = [UserFactory(groups=("editors",)) for _ in range(2)]
    point = PointFactory(support="one_participant")
    with transaction.atomic():
        actions.clear_point(point, by=editors[0], at=AT)
        clearing = session.run(lambda: actions.clear_point(Point.objects.get(), by=editors[1], at=AT))
        session.wait_until_it_waits()
    with pytest.raises(actions.NothingToClear):
        clearing.result(PATIENCE)
    assert Point.objects.get().cleared_by == editors[0]


# Consent


@pytest.mark.django_db
def test_administrator_records_consent_and_its_end(administrator: User) -> None:
    participant = ParticipantFactory()
    given: dict[str, Any] = {"disclosure": "name", "evidence": "Form signed at the door.", "by": administrator}
    first = actions.record_consent(participant, given=True, as_of=DAY, at=AT, **given)
    last = actions.record_consent(participant, given=False, as_of=DAY, at=AT + HOUR, **given)
    assert (first.by, first.recorded_at, first.as_of) == (administrator, AT, DAY)
    assert [*participant.consents.all()] == [first, last]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["editor", "reviewer", "partner"])
def test_only_administrators_keep_consents(name: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        actions.record_consent(
            ParticipantFactory(),
            disclosure="name",
            given=True,
            as_of=DAY,
            evidence="Form.",
            by=request.getfixturevalue(name),
            at=AT,
        )
    assert not Consent.objects.exists()


@pytest.mark.django_db
def test_visitor_keeps_no_consents(anonymous: AnonymousUser) -> None:
    by: Any = anonymous
    with pytest.raises(NotAllowed):
        actions.record_consent(
            ParticipantFactory(), disclosure="name", given=True, as_of=DAY, evidence="Form.", by=by, at=AT
        )
    assert not Consent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("wrong", "field"), [({"disclosure": "shoes"}, "disclosure"), ({"evidence": ""}, "evidence")])
def test_record_consent_refuses(wrong: dict[str, Any], field: str, administrator: User) -> None:
    given: dict[str, Any] = {"disclosure": "name", "given": True, "as_of": DAY, "evidence": "Form.", **wrong}
    with pytest.raises(ValidationError) as refusal:
        actions.record_consent(ParticipantFactory(), **given, by=administrator, at=AT)
    assert field in refusal.value.message_dict
    assert not Consent.objects.exists()


@pytest.mark.django_db
def test_consents_are_read_in_the_order_in_which_they_were_given() -> None:
    participant = ParticipantFactory()
    taken_back = ConsentFactory(participant=participant, given=False, recorded_at=AT + HOUR)
    given = ConsentFactory(participant=participant, given=True, recorded_at=AT)
    assert [*participant.consents.all()] == [given, taken_back]
