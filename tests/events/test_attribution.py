"""The attribution rule in the database: who is shown, what ends it, and whose consent is needed."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from events.actions import missing_consents
from events.models import AttributionRule, Consent, DisclosedParticipant, Disclosure, Event, Participant, effective_rule
from publishing.database.errors import validation_error_from
from publishing.models.change import Change
from publishing.reader.audience import reading_as_the_public
from tests.factories import (
    ConsentFactory,
    DisclosureFactory,
    EventFactory,
    ParticipantFactory,
    SessionFactory,
    UserFactory,
    noon,
)
from tests.factories.publication import AS_OF
from tests.support.concurrency import Session as SecondSession
from tests.support.patience import PATIENCE
from tests.support.refusal import refused, rolled_back

RULES = AttributionRule.values
KINDS = Consent.Disclosure.values
STRICTNESS = {"on_record": 0, "chatham_house": 1, "not_stated": 1, "off_record": 2}
CONSENT = "events_disclosure_consent_is_recorded"

everywhere = pytest.mark.django_db


def given(participant: Participant, *kinds: str, yes: bool = True) -> None:
    for kind in kinds:
        # The clock of a test stands still within a second; the key breaks the tie.
        ConsentFactory(participant=participant, disclosure=kind, given=yes)


def participant(event: Event | None = None, *consents: str, **columns: Any) -> Any:
    columns = {"name": "Leyla Kaya", "affiliation": "Some Ministry", **columns}
    return ParticipantFactory(event=event or EventFactory(published=True), consents=consents, **columns)


def read() -> list[tuple[Any, ...]]:
    """All that the public reads of participants."""
    with reading_as_the_public():
        return [*DisclosedParticipant.objects.values_list("name", "affiliation", "role")]


def rule_of(event: Event, rule: str) -> None:
    """One SQL UPDATE, past every action."""
    Event.objects.filter(pk=event.pk).update(attribution_rule=rule, version_note="Another rule.")


def change_lines(event: Event) -> int:
    return Change.objects.filter(public_id=event.public_id, event="changed").count()


def forget_lines() -> None:
    """So that what one test does in one transaction counts as if it were several."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE publishing_change DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM publishing_change")
        cursor.execute("ALTER TABLE publishing_change ENABLE TRIGGER USER")


# Disclosures need consents


@everywhere
@pytest.mark.parametrize(("rule", "own"), [*itertools.product(RULES, ["", *RULES])])
def test_database_and_view_agree_with_the_rule(rule: str, own: str) -> None:
    event = EventFactory(published=True, attribution_rule=rule)
    session = SessionFactory(event=event, attribution_rule=own)
    applies = effective_rule(own or rule)
    some = [set(chosen) for number in range(4) for chosen in itertools.combinations(KINDS[:3], number)]
    for consents, (name, affiliation) in itertools.product(some, [(True, False), (False, True), (True, True)]):
        needed = {"attendance"} | ({"name"} if name else set()) | ({"affiliation"} if affiliation else set())
        wanted = {"session": session, "shows_name": name, "shows_affiliation": affiliation}
        with rolled_back():
            person = participant(event, *consents)
            if applies == "on_record" or (applies == "chatham_house" and needed <= consents):
                DisclosureFactory(participant=person, **wanted)
                assert read() == [("Leyla Kaya" if name else "", "Some Ministry" if affiliation else "", "participant")]
            else:
                with refused(CONSENT):
                    DisclosureFactory(participant=person, **wanted)
                assert read() == []


@everywhere
def test_refusal_says_what_is_wrong_and_names_nobody() -> None:
    person = participant()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        DisclosureFactory(participant=person)
    assert "Leyla" not in str(caught.value)
    assert validation_error_from(caught.value).message_dict == {
        "shows_name": ["A participant is disclosed only with their recorded consent to that."]
    }


@everywhere
def test_last_consent_counts_by_when_it_was_recorded() -> None:
    person = participant(None, "attendance", "name")
    later, latest = noon(AS_OF.replace(day=2)), noon(AS_OF.replace(day=3))
    ConsentFactory(participant=person, disclosure="name", given=True, recorded_at=latest)
    ConsentFactory(participant=person, disclosure="name", given=False, recorded_at=later)
    DisclosureFactory(participant=person)
    assert read() == [("Leyla Kaya", "", "participant")]
    standing = {consent.disclosure: consent.given for consent in person.consents.effective()}
    assert standing == {"attendance": True, "name": True}


@everywhere
def test_of_two_consents_of_one_moment_the_second_counts() -> None:
    person = participant(None, "attendance", "name")
    given(person, "name", yes=False)
    with refused(CONSENT):
        DisclosureFactory(participant=person)


@everywhere
def test_consent_of_somebody_else_does_not_count() -> None:
    event = EventFactory(published=True)
    participant(event, *KINDS)
    with refused(CONSENT):
        DisclosureFactory(participant=participant(event))


@everywhere
def test_disclosure_does_not_grow_past_its_consents() -> None:
    person = participant(None, "attendance", "name")
    disclosure = DisclosureFactory(participant=person)
    with refused(CONSENT):
        Disclosure.objects.filter(pk=disclosure.pk).update(shows_affiliation=True)
    with refused(CONSENT):
        Disclosure.objects.filter(pk=disclosure.pk).update(participant=participant())
    assert read() == [("Leyla Kaya", "", "participant")]


@everywhere
def test_session_of_another_event_is_refused() -> None:
    with refused("events_disclosure_session_is_of_the_event"):
        DisclosureFactory(participant=participant(None, *KINDS), session=SessionFactory())


@everywhere
def test_session_in_which_somebody_is_disclosed_stays_at_its_event() -> None:
    person = participant(None, *KINDS)
    session = SessionFactory(event=person.event)
    DisclosureFactory(participant=person, session=session)
    with refused("events_session_disclosures_stay"):
        type(session).objects.filter(pk=session.pk).update(event=EventFactory())


@everywhere
def test_own_rule_of_a_session_holds_for_what_is_disclosed_there() -> None:
    event = EventFactory(published=True)
    person = participant(event, *KINDS)
    session = SessionFactory(event=event, attribution_rule="off_record")
    with refused(CONSENT):
        DisclosureFactory(participant=person, session=session)
    DisclosureFactory(participant=person)
    assert len(read()) == 1


# What shows ends by itself


@everywhere
@pytest.mark.parametrize(
    ("taken_back", "left"),
    [
        ("attendance", []),
        ("name", [("", "Some Ministry", "participant")]),
        ("affiliation", [("Leyla Kaya", "", "participant")]),
        ("quotation", [("Leyla Kaya", "Some Ministry", "participant")]),
    ],
)
def test_consent_taken_back_acts_at_once_and_is_announced(taken_back: str, left: list[Any]) -> None:
    person = participant(None, *KINDS)
    DisclosureFactory(participant=person, shows_affiliation=True)
    assert read() == [("Leyla Kaya", "Some Ministry", "participant")]
    forget_lines()
    given(person, taken_back, yes=False)
    assert read() == left
    assert change_lines(person.event) == (0 if taken_back == "quotation" else 1)
    forget_lines()
    given(person, taken_back)
    assert read() == [("Leyla Kaya", "Some Ministry", "participant")]
    assert change_lines(person.event) == (0 if taken_back == "quotation" else 1)


@everywhere
def test_consent_that_changes_nothing_public_is_not_announced() -> None:
    person = participant(None, "attendance", "name", "affiliation")
    other = participant(person.event)
    DisclosureFactory(participant=person)
    forget_lines()
    given(person, "name")  # once more
    given(person, "affiliation", yes=False)  # which nobody shows
    given(other, *KINDS)  # of whom nothing is disclosed
    given(other, *KINDS, yes=False)
    assert change_lines(person.event) == 0


@everywhere
@pytest.mark.parametrize("rule", ["on_record", "off_record"])
def test_consent_is_not_announced_where_it_decides_nothing(rule: str) -> None:
    person = participant(None, *KINDS)
    DisclosureFactory(participant=person)
    rule_of(person.event, rule)
    forget_lines()
    given(person, "name", "attendance", yes=False)
    assert change_lines(person.event) == 0


@everywhere
def test_nothing_of_a_draft_is_announced() -> None:
    person = participant(EventFactory(), *KINDS)
    disclosure = DisclosureFactory(participant=person)
    given(person, "name", yes=False)
    disclosure.delete()
    assert not Change.objects.exists()


@everywhere
def test_disclosure_and_its_end_are_announced() -> None:
    person = participant(None, *KINDS)
    forget_lines()
    disclosure = DisclosureFactory(participant=person)
    assert change_lines(person.event) == 1
    forget_lines()
    Disclosure.objects.filter(pk=disclosure.pk).update(shows_affiliation=True)
    assert change_lines(person.event) == 1
    forget_lines()
    Disclosure.objects.filter(pk=disclosure.pk).update(recorded_at=timezone.now())
    assert change_lines(person.event) == 0
    disclosure.delete()
    assert change_lines(person.event) == 1
    assert read() == []


@everywhere
def test_end_of_a_disclosure_that_showed_nothing_is_not_announced() -> None:
    person = participant(None, *KINDS)
    disclosure = DisclosureFactory(participant=person)
    given(person, "attendance", yes=False)
    forget_lines()
    disclosure.delete()
    assert change_lines(person.event) == 0


@everywhere
def test_announcement_waits_for_the_end_of_an_embargo() -> None:
    until = timezone.now() + dt.timedelta(hours=1)
    DisclosureFactory(participant=participant(EventFactory(published=True, embargo_until=until), *KINDS))
    assert {line.effective_at for line in Change.objects.all()} == {until}


@everywhere
@pytest.mark.parametrize(
    ("changed", "lines"),
    [
        ({"name": "Leyla Kaya-Demir"}, 1),
        ({"role": "chair"}, 1),
        ({"affiliation": "Another Ministry"}, 0),  # which is not shown
        ({"other_spellings": "ليلى كايا"}, 0),
    ],
)
def test_edit_of_a_participant_is_announced_where_it_shows(changed: dict[str, str], lines: int) -> None:
    person = participant(None, *KINDS)
    DisclosureFactory(participant=person)
    forget_lines()
    Participant.objects.filter(pk=person.pk).update(**changed)
    assert change_lines(person.event) == lines
    forget_lines()
    Participant.objects.filter(pk=participant(person.event).pk).update(**changed)
    assert change_lines(person.event) == 0


@everywhere
@pytest.mark.parametrize("of", ["event", "session"])
def test_stricter_rule_acts_at_once_and_is_announced(of: str) -> None:
    person = participant(None, *KINDS)
    session = SessionFactory(event=person.event)
    DisclosureFactory(participant=person, session=session)
    assert len(read()) == 1
    forget_lines()
    if of == "event":
        rule_of(person.event, "off_record")
    else:
        type(session).objects.filter(pk=session.pk).update(attribution_rule="off_record")
    assert read() == []
    assert change_lines(person.event) == 1


@everywhere
def test_name_that_was_on_the_record_needs_a_consent_once_it_is_not() -> None:
    person = participant(EventFactory(published=True, attribution_rule="on_record"))
    DisclosureFactory(participant=person, shows_affiliation=True)
    assert read() == [("Leyla Kaya", "Some Ministry", "participant")]
    rule_of(person.event, "chatham_house")
    assert read() == []
    given(person, "attendance", "affiliation")
    assert read() == [("", "Some Ministry", "participant")]


# Loosening needs everybody


@everywhere
@pytest.mark.parametrize(("before", "after"), [*itertools.product(RULES, RULES)])
def test_rule_of_an_event_is_loosened_with_every_consent(before: str, after: str) -> None:
    event = EventFactory(attribution_rule=before)
    rule_of(event, after)  # nobody was there: there is nobody to ask
    rule_of(event, before)
    people = [participant(event, *KINDS), participant(event, "name", "affiliation", "attendance")]
    loosens = STRICTNESS[after] < STRICTNESS[before]
    if loosens:
        with refused("events_event_loosening_has_consents", saying="first to consent to each disclosure"):
            rule_of(event, after)
        given(people[1], "quotation")
        given(people[0], "attendance", yes=False)
        with refused("events_event_loosening_has_consents"):
            rule_of(event, after)
        given(people[0], "attendance")
    rule_of(event, after)
    event.refresh_from_db()
    assert event.attribution_rule == after


@everywhere
def test_refusal_counts_the_consents_for_the_log_and_says_no_number() -> None:
    event = EventFactory(attribution_rule="off_record")
    participant(event, "name")
    participant(event)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        rule_of(event, "on_record")
    assert caught.value.__cause__.diag.message_detail == "Consents missing: 7."  # type: ignore[union-attr]
    assert missing_consents(event) == 7
    assert validation_error_from(caught.value).message_dict == {
        "attribution_rule": [
            "This would loosen the attribution rule: everybody who was there has first to consent to each disclosure."
        ]
    }


@everywhere
def test_edit_that_leaves_the_rule_asks_nobody() -> None:
    event = EventFactory(attribution_rule="off_record")
    participant(event)
    Event.objects.filter(pk=event.pk).update(name_en="Renamed", attribution_rule="off_record")
    event.refresh_from_db()
    assert event.name_en == "Renamed"


@everywhere
@pytest.mark.parametrize("of_event", RULES)
@pytest.mark.parametrize(("before", "after"), [*itertools.product(["", *RULES], ["", *RULES])])
def test_rule_of_a_session_is_loosened_with_every_consent(of_event: str, before: str, after: str) -> None:
    event = EventFactory(attribution_rule=of_event)
    session = SessionFactory(event=event, attribution_rule=before)
    person = participant(event, "name")

    def change() -> None:
        type(session).objects.filter(pk=session.pk).update(attribution_rule=after)

    if STRICTNESS[after or of_event] < STRICTNESS[before or of_event]:
        with refused("events_session_loosening_has_consents"):
            change()
        given(person, *KINDS)
    change()
    session.refresh_from_db()
    assert session.attribution_rule == after


@everywhere
@pytest.mark.parametrize(("of_event", "own"), [*itertools.product(RULES, ["", *RULES])])
def test_session_comes_and_goes_without_loosening_the_rule(of_event: str, own: str) -> None:
    event = EventFactory(attribution_rule=of_event)
    person = participant(event)
    if STRICTNESS[own or of_event] < STRICTNESS[of_event]:
        with refused("events_session_loosening_has_consents"):
            SessionFactory(event=event, attribution_rule=own)
        given(person, *KINDS)
    session = SessionFactory(event=event, attribution_rule=own)
    given(person, *KINDS, yes=False)
    if STRICTNESS[of_event] < STRICTNESS[own or of_event]:
        with refused("events_session_loosening_has_consents"):
            session.delete()
        given(person, *KINDS)
    type(session).objects.filter(pk=session.pk).delete()
    assert not event.sessions.exists()


@everywhere
def test_session_does_not_escape_its_rule_by_moving() -> None:
    strict, loose = EventFactory(attribution_rule="off_record"), EventFactory(attribution_rule="on_record")
    session = SessionFactory(event=strict)
    person = participant(strict)

    def move() -> None:
        type(session).objects.filter(pk=session.pk).update(event=loose)

    with refused("events_session_loosening_has_consents"):
        move()
    given(person, *KINDS)
    there = participant(loose)
    with refused("events_session_loosening_has_consents"):
        move()
    given(there, *KINDS)
    move()


@everywhere
def test_session_does_not_bring_a_looser_rule_along() -> None:
    session = SessionFactory(attribution_rule="on_record")
    event = EventFactory(attribution_rule="chatham_house")
    participant(event)
    with refused("events_session_loosening_has_consents"):
        type(session).objects.filter(pk=session.pk).update(event=event)


@everywhere
def test_event_that_is_deleted_takes_its_sessions_along() -> None:
    session = SessionFactory(attribution_rule="off_record")
    session.event.delete()
    assert not Event.objects.exists()


@everywhere
@pytest.mark.parametrize(("because", "asked"), [("mistake", False), ("asked", True)])
def test_who_was_there_by_mistake_is_not_asked(because: str, asked: bool) -> None:
    event = EventFactory(attribution_rule="off_record")
    ParticipantFactory(event=event, erased=True, erased_because=because)
    assert missing_consents(event) == (4 if asked else 0)
    if asked:
        with refused("events_event_loosening_has_consents"):
            rule_of(event, "on_record")
        return
    rule_of(event, "on_record")


# Participants and their consents


@everywhere
def test_participant_stays_at_their_event() -> None:
    person = participant()
    with refused("events_participant_stays_at_its_event"):
        Participant.objects.filter(pk=person.pk).update(event=EventFactory())


@everywhere
@pytest.mark.parametrize(
    "columns", [{"name": "Back"}, {"erased_at": None, "erased_by": None, "erased_because": "", "name": "Back"}]
)
def test_erased_participant_does_not_come_back(columns: dict[str, Any]) -> None:
    person = ParticipantFactory(erased=True)
    with refused("events_participant_stays_erased"):
        Participant.objects.filter(pk=person.pk).update(**columns)


@everywhere
def test_erased_participant_is_neither_disclosed_nor_asked() -> None:
    person = ParticipantFactory(erased=True, event=EventFactory(attribution_rule="on_record"))
    with refused(CONSENT, saying="erased"):
        DisclosureFactory(participant=person)
    with refused("events_consent_of_somebody", saying="erased"):
        ConsentFactory(participant=person)


@everywhere
def test_consent_is_not_recorded_ahead_of_its_time() -> None:
    ahead = timezone.now() + dt.timedelta(minutes=5)
    with refused("events_consent_in_turn", saying="not ahead of time"):
        ConsentFactory(recorded_at=ahead)


@everywhere
def test_participant_with_a_disclosure_is_not_deleted() -> None:
    person = participant(EventFactory(published=True, attribution_rule="on_record"))
    DisclosureFactory(participant=person)
    with pytest.raises(IntegrityError) as caught:
        person.delete()
    assert validation_error_from(caught.value).messages == ["It is still named by: disclosures."]


# What the reader reads


@everywhere
def test_reader_sees_what_is_published_and_nothing_else() -> None:
    soon = timezone.now() + dt.timedelta(hours=1)
    for event, name in (
        (EventFactory(published=True), "Public"),
        (EventFactory(), "Draft"),
        (EventFactory(in_review=True), "In review"),
        (EventFactory(published=True, embargo_until=soon), "Embargoed"),
        (EventFactory(withdrawn=True), "Withdrawn"),
    ):
        DisclosureFactory(participant=participant(event, *KINDS, name=name))
    assert DisclosedParticipant.objects.count() == 1
    assert [name for name, _affiliation, _role in read()] == ["Public"]
    Event.objects.filter(attribution_rule="not_stated", state="published", embargo_until__isnull=True).update(
        state="withdrawn", withdrawn_at=timezone.now(), withdrawal_note="It was wrong."
    )
    assert read() == []


@everywhere
def test_disclosed_participant_has_no_number_and_no_time() -> None:
    """But for that of the event: since when the public reads it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM events_disclosedparticipant")
        assert sorted(column.name for column in cursor.description) == [
            "affiliation", "event_id", "name", "public_from", "public_id", "role", "session_id",
        ]  # fmt: skip


@everywhere
def test_raw_sql_shows_nobody_who_may_not_be_shown() -> None:
    shown, hidden = participant(None, *KINDS, name="Shown"), participant(None, name="HIDDEN")
    disclosure = DisclosureFactory(participant=shown)
    write = (
        "INSERT INTO events_disclosedparticipant (public_id, event_id, role, name, affiliation)"
        " VALUES (%s, %s, 'speaker', 'HIDDEN', '')"
    )
    rename = "UPDATE events_disclosedparticipant SET name = 'HIDDEN'"
    with connection.cursor() as cursor:
        for statement, values in ((write, ["0123456789", hidden.event_id]), (rename, [])):
            with pytest.raises(IntegrityError, match="only as the decision"), transaction.atomic():
                cursor.execute(statement, values)
    assert [one.public_id for one in DisclosedParticipant.objects.all()] == [disclosure.public_id]


@everywhere
def test_desk_sees_nobody_before_the_public_does() -> None:
    soon = timezone.now() + dt.timedelta(hours=1)
    event = EventFactory(published=True, embargo_until=soon)
    DisclosureFactory(participant=participant(event, *KINDS, name="Not yet"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM events_disclosedparticipant")
        assert cursor.fetchone() == (1,)
    assert [*DisclosedParticipant.objects.all()] == [*event.disclosed_participants.all()] == []


@everywhere
def test_reader_gets_nothing_out_of_the_view_by_a_function_of_his_own() -> None:
    """security_barrier: a condition that tells what it was called with sees only rows that are shown."""
    DisclosureFactory(participant=participant(None, *KINDS, name="Shown"))
    hidden = participant(None, *KINDS, name="HIDDEN")
    DisclosureFactory(participant=hidden)
    given(hidden, "name", yes=False)
    with reading_as_the_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM events_disclosedparticipant WHERE 1 / (CASE name WHEN 'HIDDEN' THEN 0 ELSE 1 END) = 1"
        )
        assert cursor.fetchall() == [("Shown",)]


@everywhere
def test_disclosed_without_a_word_to_show_is_not_shown() -> None:
    person = participant(None, "attendance", "affiliation", affiliation="")
    DisclosureFactory(participant=person, shows_name=False, shows_affiliation=True)
    assert read() == []


# Two at the same moment

Work = Callable[[], object]


def outcome(session: SecondSession, first: Work, second: Work) -> str:
    """`first` is done and not yet committed when `second` is tried by somebody else; what came of `second`."""
    with transaction.atomic():
        first()
        trying = session.run(second)
        session.wait_until_it_waits()
    try:
        trying.result(PATIENCE)
    except (IntegrityError, ValidationError) as error:
        return str(error).splitlines()[0]
    return "done"


def consenting(event: Event, kinds: Iterable[str] = KINDS) -> Any:
    return participant(event, *kinds)


MISSING = "A participant is disclosed only with their recorded consent to that."
OFF = "Off the record, nobody who was there is disclosed."
LOOSENS = "This would loosen the attribution rule: everybody who was there has first to consent to each disclosure."


def test_disclosure_does_not_slip_past_a_consent_that_is_taken_back(session: SecondSession) -> None:
    person, by = consenting(EventFactory(published=True)), UserFactory()
    said = outcome(
        session,
        lambda: given(person, "name", yes=False),
        lambda: Disclosure.objects.create(participant=person, shows_name=True, by=by),
    )
    assert said == MISSING
    assert not Disclosure.objects.exists()


def test_consent_taken_back_during_a_disclosure_ends_it(session: SecondSession) -> None:
    person, by = consenting(EventFactory(published=True)), UserFactory()
    said = outcome(
        session,
        lambda: Disclosure.objects.create(participant=person, shows_name=True, by=by),
        lambda: given(person, "name", yes=False),
    )
    assert said == "done"
    assert read() == []
    assert change_lines(person.event) == 2


def test_disclosure_does_not_slip_past_a_stricter_rule(session: SecondSession) -> None:
    person, by = consenting(EventFactory(published=True)), UserFactory()
    said = outcome(
        session,
        lambda: rule_of(person.event, "off_record"),
        lambda: Disclosure.objects.create(participant=person, shows_name=True, by=by),
    )
    assert said == OFF


def test_disclosure_does_not_slip_past_a_session_that_becomes_stricter(session: SecondSession) -> None:
    person, by = consenting(EventFactory(published=True)), UserFactory()
    closed = SessionFactory(event=person.event)
    said = outcome(
        session,
        lambda: type(closed).objects.filter(pk=closed.pk).update(attribution_rule="off_record"),
        lambda: Disclosure.objects.create(participant=person, session=closed, shows_name=True, by=by),
    )
    assert said == OFF


def test_loosening_does_not_slip_past_a_consent_that_is_taken_back(session: SecondSession) -> None:
    person = consenting(EventFactory(attribution_rule="off_record"))
    said = outcome(
        session,
        lambda: given(person, "quotation", yes=False),
        lambda: rule_of(person.event, "chatham_house"),
    )
    assert said == LOOSENS


def test_consent_taken_back_waits_for_a_loosening(session: SecondSession) -> None:
    person = consenting(EventFactory(attribution_rule="off_record"))
    said = outcome(
        session,
        lambda: rule_of(person.event, "chatham_house"),
        lambda: given(person, "quotation", yes=False),
    )
    assert said == "done"


def test_loosening_asks_who_is_entered_at_the_same_moment(session: SecondSession) -> None:
    event = EventFactory(attribution_rule="off_record")
    said = outcome(session, lambda: participant(event), lambda: rule_of(event, "chatham_house"))
    assert said == LOOSENS


def test_session_is_not_loosened_past_a_stricter_event(session: SecondSession) -> None:
    event = EventFactory(attribution_rule="on_record")
    participant(event)
    said = outcome(
        session,
        lambda: rule_of(event, "off_record"),
        lambda: SessionFactory(event=event, attribution_rule="on_record"),
    )
    assert said == LOOSENS


def test_two_disclosures_of_one_participant_at_once_are_one(session: SecondSession) -> None:
    person, by = consenting(EventFactory(published=True)), UserFactory()

    def disclose() -> object:
        return Disclosure.objects.create(participant=person, shows_name=True, by=by)

    assert "events_disclosure_once_per_session" in outcome(session, disclose, disclose)
    assert Disclosure.objects.count() == 1
