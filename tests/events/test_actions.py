"""The actions on reports and participants: what is refused, to whom, and what is recorded."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from events import actions
from events.models import Consent, DisclosedParticipant, Disclosure, Participant, Point
from publishing.acting import Act
from publishing.actions import publish
from publishing.refusals import NotAllowed, ReviewerIsAuthor
from tests.factories import (
    ConsentFactory,
    DisclosureFactory,
    EventFactory,
    ParticipantFactory,
    PointFactory,
    ReportFactory,
    SessionFactory,
    UserFactory,
)
from tests.support.concurrency import Session
from tests.support.patience import PATIENCE

DAY = dt.date(2025, 6, 1)
AT = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


# Clearance of single voices


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["editor", "reviewer", "administrator"])
def test_second_editor_clears_a_single_voice(name: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(name)
    point = PointFactory(support="one_participant")
    actions.clear_point(point, act=Act(by=by, at=AT))
    assert (point.cleared_by, point.cleared_at) == (by, AT)
    assert Point.objects.filter(graded__cleared_by=by, graded__cleared_at=AT).get() == point
    assert not Point.objects.uncleared().exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["partner", "anonymous"])
def test_only_the_desk_clears(name: str, request: pytest.FixtureRequest) -> None:
    point = PointFactory(support="one_participant")
    with pytest.raises(NotAllowed):
        actions.clear_point(point, act=Act(by=request.getfixturevalue(name), at=AT))
    assert Point.objects.uncleared().exists()


@pytest.mark.django_db
def test_author_of_the_report_does_not_clear_its_single_voices(editor: User) -> None:
    point = PointFactory(support="one_participant", report__author=editor)
    with pytest.raises(ReviewerIsAuthor, match="somebody else has to clear"):
        actions.clear_point(point, act=Act(by=editor, at=AT))
    assert Point.objects.uncleared().exists()


@pytest.mark.django_db
def test_point_that_needs_no_clearance_is_not_cleared(editor: User) -> None:
    point = PointFactory(support="argued")
    with pytest.raises(actions.NothingToClear):
        actions.clear_point(point, act=Act(by=editor, at=AT))
    point.refresh_from_db()
    assert point.cleared_by is None


@pytest.mark.django_db
def test_point_is_cleared_once(editor: User, reviewer: User) -> None:
    point = PointFactory(support="one_participant")
    actions.clear_point(point, act=Act(by=editor, at=AT))
    with pytest.raises(actions.NothingToClear):
        actions.clear_point(point, act=Act(by=reviewer, at=AT + HOUR))
    point.refresh_from_db()
    assert (point.cleared_by, point.cleared_at) == (editor, AT)


@pytest.mark.django_db
def test_clearance_does_not_save_what_else_changed(editor: User) -> None:
    point: Any = PointFactory(support="one_participant", text="As cleared.")
    point.text_en = "As the speaker from Doha put it."
    actions.clear_point(point, act=Act(by=editor, at=AT))
    point.refresh_from_db()
    assert point.text_en == "As cleared."


@pytest.mark.django_db
def test_report_is_published_once_its_single_voices_are_cleared(editor: User, reviewer: User) -> None:
    report = ReportFactory(event=EventFactory(published=True))
    point = PointFactory(report=report, support="one_participant")
    with pytest.raises(Exception, match="clearance"), transaction.atomic():
        publish(report, act=Act(by=reviewer, at=AT))
    report.refresh_from_db()
    assert report.state == "draft"
    actions.clear_point(point, act=Act(by=editor, at=AT))
    publish(report, act=Act(by=reviewer, at=AT))
    report.refresh_from_db()
    assert report.state == "published"


def test_two_editors_at_once_clear_once(session: Session) -> None:
    editors = [UserFactory(groups=("editors",)) for _ in range(2)]
    point = PointFactory(support="one_participant")
    with transaction.atomic():
        actions.clear_point(point, act=Act(by=editors[0], at=AT))
        clearing = session.run(lambda: actions.clear_point(Point.objects.get(), act=Act(by=editors[1], at=AT)))
        session.wait_until_it_waits()
    with pytest.raises(actions.NothingToClear):
        clearing.result(PATIENCE)
    assert Point.objects.get().cleared_by == editors[0]


# Consent


@pytest.mark.django_db
def test_convenor_records_consent_and_its_end(convenor: User) -> None:
    participant = ParticipantFactory()
    given: dict[str, Any] = {"disclosure": "name", "evidence": "Form signed at the door."}
    first = actions.record_consent(participant, given=True, as_of=DAY, act=Act(by=convenor, at=AT), **given)
    last = actions.record_consent(participant, given=False, as_of=DAY, act=Act(by=convenor, at=AT + HOUR), **given)
    assert (first.by, first.recorded_at, first.as_of) == (convenor, AT, DAY)
    assert [*participant.consents.all()] == [first, last]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["editor", "reviewer", "administrator", "superuser", "partner"])
def test_only_convenors_keep_consents(name: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        actions.record_consent(
            ParticipantFactory(),
            disclosure="name",
            given=True,
            as_of=DAY,
            evidence="Form.",
            act=Act(by=request.getfixturevalue(name), at=AT),
        )
    assert not Consent.objects.exists()


@pytest.mark.django_db
def test_visitor_keeps_no_consents(anonymous: AnonymousUser) -> None:
    by: Any = anonymous
    with pytest.raises(NotAllowed):
        actions.record_consent(
            ParticipantFactory(), disclosure="name", given=True, as_of=DAY, evidence="Form.", act=Act(by=by, at=AT)
        )
    assert not Consent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("wrong", "field"), [({"disclosure": "shoes"}, "disclosure"), ({"evidence": ""}, "evidence")])
def test_record_consent_refuses(wrong: dict[str, Any], field: str, convenor: User) -> None:
    given: dict[str, Any] = {"disclosure": "name", "given": True, "as_of": DAY, "evidence": "Form.", **wrong}
    with pytest.raises(ValidationError) as refusal:
        actions.record_consent(ParticipantFactory(), **given, act=Act(by=convenor, at=AT))
    assert field in refusal.value.message_dict
    assert not Consent.objects.exists()


@pytest.mark.django_db
def test_consents_are_read_in_the_order_in_which_they_were_given() -> None:
    participant = ParticipantFactory()
    taken_back = ConsentFactory(participant=participant, given=False, recorded_at=AT + HOUR)
    given = ConsentFactory(participant=participant, given=True, recorded_at=AT)
    assert [*participant.consents.all()] == [given, taken_back]


@pytest.mark.django_db
def test_evidence_names_nobody(convenor: User) -> None:
    participant = ParticipantFactory(name="Prof. Dr. Leyla Kaya")
    given: dict[str, Any] = {"disclosure": "name", "given": True, "as_of": DAY, "act": Act(by=convenor, at=AT)}
    for evidence in ("Letter of KAYA, signed", "E-mail from leyla@example.org"):
        with pytest.raises(actions.NamesThePerson) as refusal:
            actions.record_consent(participant, evidence=evidence, **given)
        assert list(refusal.value.message_dict) == ["evidence"]
    assert not Consent.objects.exists()
    actions.record_consent(participant, evidence="Letter of 3 May, in the folder of the event", **given)


# Disclosure


def consenting(*kinds: str, **event: Any) -> Any:
    return ParticipantFactory(
        name="Leyla Kaya", affiliation="A Ministry", event=EventFactory(published=True, **event), consents=kinds
    )


@pytest.mark.django_db
def test_convenor_discloses_and_takes_back(convenor: User) -> None:
    participant = consenting("attendance", "name")
    session = SessionFactory(event=participant.event)
    disclosure = actions.disclose(
        participant, session=session, shows_name=True, shows_affiliation=False, act=Act(by=convenor, at=AT)
    )
    assert (disclosure.by, disclosure.recorded_at, disclosure.session) == (convenor, AT, session)
    shown = DisclosedParticipant.objects.get()
    assert (shown.public_id, shown.name, shown.affiliation, shown.session) == (
        disclosure.public_id,
        "Leyla Kaya",
        "",
        session,
    )
    actions.take_back_disclosure(disclosure, act=Act(by=convenor, at=AT + HOUR))
    assert not DisclosedParticipant.objects.exists()
    assert participant.consents.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["editor", "reviewer", "administrator", "superuser", "partner"])
def test_only_convenors_disclose_take_back_and_erase(name: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(name)
    participant = consenting("attendance", "name")
    with pytest.raises(NotAllowed):
        actions.disclose(participant, shows_name=True, shows_affiliation=False, act=Act(by=by, at=AT))
    disclosure = DisclosureFactory(participant=participant)
    with pytest.raises(NotAllowed):
        actions.take_back_disclosure(disclosure, act=Act(by=by, at=AT))
    with pytest.raises(NotAllowed):
        actions.erase_participant(participant, because="asked", act=Act(by=by, at=AT))
    assert DisclosedParticipant.objects.get().name == "Leyla Kaya"


@pytest.mark.django_db
def test_disclosure_says_which_consents_are_missing(convenor: User) -> None:
    participant = consenting("name")
    with pytest.raises(actions.NotConsented) as refusal:
        actions.disclose(participant, shows_name=True, shows_affiliation=True, act=Act(by=convenor, at=AT))
    assert refusal.value.messages == ["Record the participant's consent first. Missing: Having attended, Affiliation."]
    assert not Disclosure.objects.exists()


@pytest.mark.django_db
def test_on_the_record_no_consent_is_needed(convenor: User) -> None:
    participant = consenting(attribution_rule="on_record")
    actions.disclose(participant, shows_name=True, shows_affiliation=True, act=Act(by=convenor, at=AT))
    assert DisclosedParticipant.objects.get().affiliation == "A Ministry"


@pytest.mark.django_db
@pytest.mark.parametrize(("rule", "own"), [("off_record", ""), ("on_record", "off_record")])
def test_off_the_record_nobody_is_disclosed(convenor: User, rule: str, own: str) -> None:
    participant = consenting(*Consent.Disclosure.values, attribution_rule=rule)
    session = SessionFactory(event=participant.event, attribution_rule=own)
    with pytest.raises(actions.OffTheRecord):
        actions.disclose(
            participant, session=session, shows_name=True, shows_affiliation=True, act=Act(by=convenor, at=AT)
        )
    assert not Disclosure.objects.exists()


@pytest.mark.django_db
def test_disclosure_in_a_session_of_another_event_is_refused(convenor: User) -> None:
    participant = consenting(*Consent.Disclosure.values)
    with pytest.raises(actions.OfAnotherEvent) as refusal:
        actions.disclose(
            participant, session=SessionFactory(), shows_name=True, shows_affiliation=True, act=Act(by=convenor, at=AT)
        )
    assert list(refusal.value.message_dict) == ["session"]


@pytest.mark.django_db
def test_disclosure_shows_something_and_once(convenor: User) -> None:
    participant = consenting(*Consent.Disclosure.values)
    with pytest.raises(ValidationError, match="Choose what is shown"):
        actions.disclose(participant, shows_name=False, shows_affiliation=False, act=Act(by=convenor, at=AT))
    actions.disclose(participant, shows_name=True, shows_affiliation=False, act=Act(by=convenor, at=AT))
    with pytest.raises(ValidationError, match="disclosed there already"):
        actions.disclose(participant, shows_name=False, shows_affiliation=True, act=Act(by=convenor, at=AT))


# To be forgotten


@pytest.mark.django_db
@pytest.mark.parametrize("because", Participant.ErasureReason.values)
def test_erased_participant_leaves_a_number_and_consents(convenor: User, because: str) -> None:
    participant = consenting(*Consent.Disclosure.values)
    Participant.objects.filter(pk=participant.pk).update(role="chair", other_spellings="ليلى كايا")
    DisclosureFactory(participant=participant)
    DisclosureFactory(participant=participant, session=SessionFactory(event=participant.event))
    actions.erase_participant(participant, because=because, act=Act(by=convenor, at=AT))
    assert (participant.name, participant.erased_because) == ("", because)
    row = Participant.objects.get()
    assert (row.name, row.other_spellings, row.affiliation, row.role) == ("", "", "", "participant")
    assert (row.erased_by, row.erased_at, row.erased_because) == (convenor, AT, because)
    assert not Disclosure.objects.exists()
    assert not DisclosedParticipant.objects.exists()
    assert row.consents.count() == 4
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS kept WHERE to_jsonb(kept)::text LIKE %s', ["%Kaya%"])
            assert cursor.fetchone() == (0,), table


@pytest.mark.django_db
def test_nothing_more_happens_to_an_erased_participant(convenor: User) -> None:
    participant = ParticipantFactory(erased=True)
    with pytest.raises(actions.Erased):
        actions.erase_participant(participant, because="asked", act=Act(by=convenor, at=AT))
    with pytest.raises(actions.Erased):
        actions.disclose(participant, shows_name=True, shows_affiliation=True, act=Act(by=convenor, at=AT))
    with pytest.raises(actions.Erased):
        actions.record_consent(
            participant, disclosure="name", given=True, as_of=DAY, evidence="Form.", act=Act(by=convenor, at=AT)
        )


@pytest.mark.django_db
@pytest.mark.parametrize("because", ["", "bored"])
def test_erasure_says_why(convenor: User, because: str) -> None:
    participant = consenting()
    with pytest.raises(ValidationError):
        actions.erase_participant(participant, because=because, act=Act(by=convenor, at=AT))
    assert Participant.objects.get().name == "Leyla Kaya"


def test_consent_taken_back_during_a_disclosure_does_not_stand_in_its_way(session: Session) -> None:
    """Both go through the actions, which lock in the order of the triggers: nobody waits for ever."""
    convenors = [UserFactory(groups=("convenors",)) for _ in range(2)]
    participant = consenting(*Consent.Disclosure.values)
    with transaction.atomic():
        actions.disclose(participant, shows_name=True, shows_affiliation=False, act=Act(by=convenors[0], at=AT))
        taking_back = session.run(
            lambda: actions.record_consent(
                participant,
                disclosure="name",
                given=False,
                as_of=DAY,
                evidence="Call.",
                act=Act(by=convenors[1], at=AT + HOUR),
            )
        )
        session.wait_until_it_waits()
    taking_back.result(PATIENCE)
    assert not DisclosedParticipant.objects.exists()
