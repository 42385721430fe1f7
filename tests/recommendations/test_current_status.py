"""The stored present state of an addressee; tests/recommendations/test_any_life.py tries random sequences."""

import datetime as dt

import pytest
from django.db import connection, transaction

from recommendations.models import Addressee, CurrentStatus, StatusEntry
from recommendations.models.recommendation import AddresseeRole
from tests.factories import (
    AS_OF,
    AddresseeFactory,
    ConfirmationFactory,
    ResponseFactory,
    StatusEntryFactory,
    noon,
)
from tests.support.concurrency import Session
from tests.support.patience import PATIENCE

ONE = dt.timedelta(days=1)


def told(addressee: Addressee) -> tuple[object, ...]:
    kept = CurrentStatus.objects.get(pk=addressee.pk)
    return (kept.state, kept.checked_on, kept.since, kept.is_confirmed, kept.response_kind, kept.asked_on)


@pytest.mark.django_db
def test_addressee_stands_from_the_start() -> None:
    addressee = AddresseeFactory(role="support")
    assert told(addressee) == ("not_assessed", None, None, False, "not_sent", None)
    kept = CurrentStatus.objects.get(pk=addressee.pk)
    assert (kept.recommendation_id, kept.role) == (addressee.recommendation_id, "support")
    Addressee.objects.filter(pk=addressee.pk).update(role=AddresseeRole.LEAD)
    kept.refresh_from_db()
    assert kept.role == "lead"


@pytest.mark.django_db
def test_standing_is_of_the_unbroken_row_of_entries() -> None:
    addressee = AddresseeFactory()
    for days, state in enumerate(["in_progress", "stalled", "in_progress", "in_progress"]):
        StatusEntryFactory(addressee=addressee, state=state, as_of=AS_OF + days * ONE)
    assert told(addressee)[:3] == ("in_progress", AS_OF + 3 * ONE, AS_OF + 2 * ONE)


@pytest.mark.django_db
def test_correction_moves_the_standing_to_what_stands_then() -> None:
    addressee = AddresseeFactory()
    first = StatusEntryFactory(addressee=addressee, state="in_progress", as_of=AS_OF)
    last = StatusEntryFactory(addressee=addressee, state="implemented", as_of=AS_OF + ONE)
    StatusEntryFactory(addressee=addressee, state="not_started", as_of=AS_OF - ONE, corrects=last)
    assert told(addressee)[:2] == ("in_progress", AS_OF)
    assert CurrentStatus.objects.get(pk=addressee.pk).entry == first


@pytest.mark.django_db
def test_confirmation_holds_for_the_checks_that_repeat_the_entry() -> None:
    addressee = AddresseeFactory()
    entry = StatusEntryFactory(addressee=addressee, state="implemented", as_of=AS_OF)
    assert told(addressee)[3] is False
    ConfirmationFactory(entry=entry)
    assert told(addressee)[3] is True
    StatusEntryFactory(addressee=addressee, state="implemented", as_of=AS_OF + ONE)
    assert told(addressee)[3] is True
    StatusEntryFactory(addressee=addressee, state="reversed", as_of=AS_OF + 2 * ONE)
    assert told(addressee)[3] is False


@pytest.mark.django_db
def test_asked_again_is_asked_since_the_first_time() -> None:
    addressee = AddresseeFactory()
    ResponseFactory(addressee=addressee, awaiting=True, as_of=AS_OF)
    ResponseFactory(addressee=addressee, awaiting=True, as_of=AS_OF + ONE)
    assert told(addressee)[4:] == ("awaiting", AS_OF)
    assert CurrentStatus.objects.get(pk=addressee.pk).responded_on == AS_OF + ONE


@pytest.mark.django_db
def test_entry_written_by_hand_is_kept_as_well() -> None:
    addressee = AddresseeFactory()
    StatusEntry.objects.bulk_create([StatusEntryFactory.build(addressee=addressee, by=addressee.recommendation.author)])
    assert told(addressee)[0] == StatusEntry.objects.get().state


@pytest.mark.django_db
def test_standing_goes_with_its_addressee() -> None:
    addressee = AddresseeFactory()
    Addressee.objects.filter(pk=addressee.pk).delete()
    assert not CurrentStatus.objects.filter(pk=addressee.pk).exists()


@pytest.mark.django_db
def test_reader_may_not_write_standings() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('majlis_reader', 'recommendations_keep_current_status(bigint)', 'EXECUTE')"
        )
        assert cursor.fetchone() == (False,)


def test_two_records_at_once_are_taken_in_turn(session: Session) -> None:
    addressee = AddresseeFactory()
    with transaction.atomic():
        StatusEntryFactory(addressee=addressee, state="in_progress", as_of=AS_OF, recorded_at=noon(AS_OF))
        other = session.run(
            lambda: StatusEntryFactory(
                addressee=addressee, state="stalled", as_of=AS_OF + ONE, recorded_at=noon(AS_OF + ONE)
            )
        )
        session.wait_until_it_waits()
    other.result(PATIENCE)
    assert told(addressee)[:3] == ("stalled", AS_OF + ONE, AS_OF + ONE)
