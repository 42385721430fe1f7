"""The status of an instrument, for each party and as a whole, derived from its recorded acts.

The Python counterpart of `InstrumentQuerySet.with_status`, which computes the same in SQL; a test compares the two. A
treaty binds parties one by one (Vienna Convention on the Law of Treaties, articles 11 to 18 and 24), so each party has
a status of its own: by the last act, of this party or of all parties, that put the instrument into force, suspended or
ended it. The parties are those that the acts name.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from partnerships.models.actor import Actor
from partnerships.models.instrument import (
    BEFORE_CONSENT,
    CONSENT,
    ENDING,
    IN_FORCE,
    ActionType,
    InstrumentAction,
    InstrumentStatus,
)

DECIDES = {
    **dict.fromkeys(IN_FORCE, InstrumentStatus.IN_FORCE),
    ActionType.SUSPENDED: InstrumentStatus.SUSPENDED,
    **dict.fromkeys(ENDING, InstrumentStatus.ENDED),
}


@dataclass(frozen=True, slots=True)
class PartyStatus:
    """The status of the instrument for one party.

    `consent` is the first act by which it agreed to be bound, `entry` the one that put the instrument into force for
    it, if it is in force or suspended.
    """

    party: Actor
    status: InstrumentStatus
    consent: InstrumentAction | None
    entry: InstrumentAction | None


def chronological(actions: Iterable[InstrumentAction]) -> list[InstrumentAction]:
    return sorted(actions, key=lambda action: (action.as_of, action.recorded_at, action.pk))


def status_left_by(actions: Sequence[InstrumentAction]) -> InstrumentStatus:
    """The status after acts that are given in their order."""
    decisive = [action for action in actions if action.type in DECIDES]
    if decisive:
        return DECIDES[ActionType(decisive[-1].type)]
    types = {action.type for action in actions}
    if types & set(CONSENT):
        return InstrumentStatus.SIGNED
    return InstrumentStatus.UNDER_NEGOTIATION if types & set(BEFORE_CONSENT) else InstrumentStatus.UNKNOWN


def status_by(actions: Iterable[InstrumentAction]) -> InstrumentStatus:
    """The status of the instrument after `actions`, all of them effective.

    A treaty needs two: if one party has left or suspended it, it stays in force only while it is in force for two
    others. If no act names a party, the acts of all parties decide.
    """
    known = chronological(actions)
    named = {action.party_id for action in known if action.party_id is not None}
    if not named:
        return status_left_by(known)
    each = Counter(status_left_by([one for one in known if one.party_id in (None, party)]) for party in named)
    in_force, suspended, ended = (
        each[status] for status in (InstrumentStatus.IN_FORCE, InstrumentStatus.SUSPENDED, InstrumentStatus.ENDED)
    )
    if in_force >= 2 or (in_force and not suspended and not ended):
        return InstrumentStatus.IN_FORCE
    if suspended and (in_force + suspended >= 2 or not ended):
        return InstrumentStatus.SUSPENDED
    if in_force or suspended or ended:
        return InstrumentStatus.ENDED
    return status_left_by(known)


def party_statuses(actions: Iterable[InstrumentAction]) -> list[PartyStatus]:
    """Each party named in `actions` (all effective) that the reader may see, in the order of its first act."""
    known = chronological(actions)
    parties = {action.party_id: action.party for action in known if action.party is not None}
    found = []
    for key, party in parties.items():
        its = [action for action in known if action.party_id in (None, key)]
        status = status_left_by(its)
        entries = [action for action in its if action.type in IN_FORCE]
        is_bound = status in (InstrumentStatus.IN_FORCE, InstrumentStatus.SUSPENDED)
        found.append(
            PartyStatus(
                party,
                status,
                consent=next((action for action in its if action.type in CONSENT), None),
                entry=entries[-1] if entries and is_bound else None,
            )
        )
    return found
