"""The status of an instrument, for each party and as a whole: Python and SQL agree."""

import datetime as dt
import random
from typing import Any

import pytest

from partnerships.instrument_status import party_statuses, status_by
from partnerships.models import ActionType, Actor, Instrument, InstrumentAction
from tests.factories import AS_OF, ActorFactory, InstrumentActionFactory, InstrumentFactory, PartnershipFactory, noon
from tests.support.published import get

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(days=1)


def acted(*acts: tuple[str, str]) -> Instrument:
    """An instrument with acts as (party, type), one each day; an empty party is all of them."""
    parties: dict[str, Any] = {
        name: Actor.objects.filter(name_en=name).first() or ActorFactory(name=name)
        for name in dict.fromkeys(party for party, _ in acts)
        if name
    }
    instrument: Instrument = InstrumentFactory()
    for days, (party, act) in enumerate(acts):
        InstrumentActionFactory(instrument=instrument, party=parties.get(party), type=act, as_of=AS_OF + days * ONE)
    return instrument


def status_of(instrument: Instrument) -> str:
    """Its status in SQL, which the plain one says too."""
    status = Instrument.objects.with_status().get(pk=instrument.pk).status
    assert status == status_by(InstrumentAction.objects.effective().filter(instrument=instrument))
    return str(status)


BOTH = (("a", "signed"), ("b", "signed"), ("", "entered_into_force"))
THREE = (("a", "entered_into_force"), ("b", "entered_into_force"), ("c", "entered_into_force"))


@pytest.mark.parametrize(
    ("acts", "status"),
    [
        ((("a", "negotiation_opened"),), "under_negotiation"),
        ((("a", "signed"),), "signed"),
        ((("a", "signed"), ("b", "initialled")), "signed"),
        ((("a", "signed"), ("b", "signed")), "signed"),
        (BOTH, "in_force"),
        ((("a", "entered_into_force"),), "in_force"),
        ((("a", "entered_into_force"), ("b", "signed")), "in_force"),
        ((*BOTH, ("a", "suspended")), "suspended"),
        ((*BOTH, ("a", "suspended"), ("a", "entered_into_force")), "in_force"),
        ((*BOTH, ("a", "denounced")), "ended"),
        ((*BOTH, ("a", "suspended"), ("b", "denounced")), "ended"),
        ((*BOTH, ("", "terminated")), "ended"),
        ((*BOTH, ("", "suspended")), "suspended"),
        (THREE, "in_force"),
        ((*THREE, ("a", "denounced")), "in_force"),
        ((*THREE, ("a", "suspended")), "in_force"),
        ((*THREE, ("a", "denounced"), ("b", "suspended")), "suspended"),
        ((*THREE, ("a", "denounced"), ("b", "denounced")), "ended"),
        ((*THREE, ("", "expired")), "ended"),
    ],
)
def test_it_takes_two_to_be_bound(acts: tuple[tuple[str, str], ...], status: str) -> None:
    assert status_of(acted(*acts)) == status


@pytest.mark.parametrize("seed", range(40))
def test_python_and_sql_agree_on_any_history(seed: int) -> None:
    chance = random.Random(seed)
    acts = [(chance.choice(["", "a", "b", "c"]), chance.choice(ActionType.values)) for _ in range(chance.randint(0, 9))]
    assert status_of(acted(*acts)) in Instrument.Status.values


def test_standings_of_many_cost_one_query(django_assert_num_queries: Any) -> None:
    for number in (1, 3):
        for _ in range(number):
            acted(*BOTH)
        with django_assert_num_queries(1):
            assert {one.status for one in Instrument.objects.with_status()} == {"in_force"}


def test_entry_into_force_is_that_of_each_party() -> None:
    instrument = acted(
        ("a", "signed"),
        ("b", "signed"),
        ("a", "ratified"),
        ("a", "entered_into_force"),
        ("b", "provisionally_applied"),
        ("b", "denounced"),
    )
    one, other = party_statuses(instrument.actions.select_related("party"))
    assert one.consent is not None
    assert one.entry is not None
    assert other.consent is not None
    assert (one.party.name, one.status, one.consent.as_of, one.entry.as_of) == (
        "a",
        "in_force",
        AS_OF,
        AS_OF + 3 * ONE,
    )
    assert (other.party.name, other.status, other.consent.as_of, other.entry) == ("b", "ended", AS_OF + ONE, None)


def test_act_of_all_parties_concerns_each() -> None:
    one, other = party_statuses(acted(*BOTH).actions.select_related("party"))
    assert (one.status, one.entry, other.status) == ("in_force", other.entry, "in_force")
    assert party_statuses(acted(("", "signed")).actions.all()) == []


def test_api_shows_where_it_stands_for_each_party() -> None:
    qatar, pakistan = (ActorFactory(published=True, name=name, slug=name.lower()) for name in ("Qatar", "Pakistan"))
    instrument = InstrumentFactory(partnership=PartnershipFactory(published=True), slug="pact")
    wrong = InstrumentActionFactory(instrument=instrument, party=pakistan, type="signed", as_of=AS_OF)
    InstrumentActionFactory(
        instrument=instrument, party=qatar, type="signed", date="2025-06", corrects=wrong, recorded_at=noon(AS_OF + ONE)
    )
    InstrumentActionFactory(instrument=instrument, type="entered_into_force", date="2025-06-05", as_of=AS_OF + 4 * ONE)

    def standings(as_of: dt.date) -> list[tuple[Any, ...]]:
        parties = get("instruments/pact/", as_of=as_of.isoformat())["parties"]
        return [
            (
                one["party"]["slug"],
                one["status"],
                one["consented"] and one["consented"]["edtf"],
                one["in_force_since"] and one["in_force_since"]["edtf"],
            )
            for one in parties
        ]

    assert standings(AS_OF) == [("pakistan", "signed", None, None)]
    assert standings(AS_OF + ONE) == [("qatar", "signed", "2025-06", None)]
    assert standings(AS_OF + 4 * ONE) == [("qatar", "in_force", "2025-06", "2025-06-05")]
