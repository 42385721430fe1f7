"""Participants: consents, disclosures, erasure, and who looked at them."""

import datetime as dt
import re

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.models import AttributionRule, Consent, Disclosure, Event, Participant, Session, Viewing, effective_rule
from publishing.acting import Act
from publishing.languages import listed
from publishing.refusals import NotAllowed, Refused
from publishing.roles import CONVENORS, groups_of


class OffTheRecord(Refused):
    """Off the record, no participant is disclosed and nothing is published."""


class NotConsented(Refused):
    """The participant has not consented to what was to be shown of them."""


class OfAnotherEvent(Refused):
    """A participant can be disclosed only at their own event."""


class Erased(Refused):
    """This participant was erased."""


class NamesThePerson(Refused):
    """A record of consent is kept permanently, so it must not name anybody."""


def require_convenor(by: User) -> None:
    """Raises NotAllowed unless `by` is a convenor; a superuser has to be one too."""
    if CONVENORS not in groups_of(by):
        raise NotAllowed(_("Only convenors keep what is known of participants."), code="not_allowed")


@transaction.atomic
def record_consent(
    participant: Participant, *, disclosure: str, given: bool, as_of: dt.date, evidence: str, act: Act
) -> Consent:
    """Appends a participant's consent to one kind of disclosure, or its refusal or withdrawal.

    A withdrawal takes effect at once: whatever depended on the consent is no longer shown.
    """
    require_convenor(act.by)
    row = _locked(participant)
    written = set(_words(evidence))
    named = [word for word in _words(row.name) if len(word) > 2 and word in written]
    if named:
        raise NamesThePerson(
            {
                "evidence": _(
                    "Say how it was given without the person's name: consents are kept even of those who are erased."
                )
            }
        )
    consent = Consent(
        participant=row,
        disclosure=disclosure,
        given=given,
        as_of=as_of,
        evidence=evidence,
        by=act.by,
        recorded_at=act.at,
    )
    consent.full_clean()
    consent.save(force_insert=True)
    return consent


def needed_consents(*, shows_name: bool, shows_affiliation: bool) -> list[str]:
    """The kinds of consent that a disclosure needs under the Chatham House Rule."""
    kinds = Consent.Disclosure
    return [
        kinds.ATTENDANCE,
        *([kinds.NAME] if shows_name else []),
        *([kinds.AFFILIATION] if shows_affiliation else []),
    ]


@transaction.atomic
def disclose(
    participant: Participant, *, session: Session | None = None, shows_name: bool, shows_affiliation: bool, act: Act
) -> Disclosure:
    """Publishes a participant's name, affiliation or both, at the event or in one session.

    Raises OffTheRecord, or NotConsented with the missing consents. The disclosure ends by itself when the rule becomes
    stricter or a consent is withdrawn.
    """
    require_convenor(act.by)
    row = _locked(participant)
    if session is not None and session.event_id != row.event_id:
        raise OfAnotherEvent({"session": _("This session is of another event.")})
    event = Event.objects.get(pk=row.event_id)
    rule = effective_rule((session.attribution_rule if session else "") or event.attribution_rule)
    if rule == AttributionRule.OFF_RECORD:
        raise OffTheRecord(_("Off the record, nobody who was there is disclosed."), code="off_the_record")
    given = {consent.disclosure for consent in row.consents.effective() if consent.given}
    needed = needed_consents(shows_name=shows_name, shows_affiliation=shows_affiliation)
    missing = [Consent.Disclosure(kind).label for kind in needed if kind not in given]
    if missing and rule != AttributionRule.ON_RECORD:
        raise NotConsented(
            _("Record the participant's consent first. Missing: %(missing)s."),
            code="not_consented",
            params={"missing": listed(missing)},
        )
    disclosure = Disclosure(
        participant=row,
        session=session,
        shows_name=shows_name,
        shows_affiliation=shows_affiliation,
        by=act.by,
        recorded_at=act.at,
    )
    disclosure.full_clean()
    disclosure.save(force_insert=True)
    return disclosure


@transaction.atomic
def take_back_disclosure(disclosure: Disclosure, *, act: Act) -> None:
    """Ends a disclosure. The consents stay recorded."""
    require_convenor(act.by)
    _locked(disclosure.participant)
    disclosure.delete()


@transaction.atomic
def erase_participant(participant: Participant, *, because: str, act: Act) -> None:
    """Erases a participant permanently: at their request, or because they were entered by mistake.

    Their disclosures, name, spellings, affiliation and role are deleted. The consents stay, under a number and without
    a name: that somebody was asked, and what they answered, is a record. Only a backup of the database still has the
    name.
    """
    require_convenor(act.by)
    row = _locked(participant)
    row.disclosures.all().delete()
    row.name = row.other_spellings = row.affiliation = ""
    row.role = Participant.Role.PARTICIPANT
    row.erased_at, row.erased_by, row.erased_because = act.at, act.by, because
    row.full_clean(exclude=["name"])
    row.save()
    participant.__dict__.update(row.__dict__)


def missing_consents(event: Event) -> int:
    """How many consents a looser rule of `event` still needs: four of every participant."""
    there = Participant.objects.filter(event=event).exclude(erased_because=Participant.ErasureReason.MISTAKE)
    last = Consent.objects.filter(participant__in=there).effective()
    return there.count() * len(Consent.Disclosure) - sum(consent.given for consent in last)


@transaction.atomic
def record_viewing(*, what: str, event: Event | None, act: Act) -> Viewing:
    """Records that whoever acts is about to see data about the participants of `event`, or of several events."""
    viewing = Viewing(by=act.by, at=act.at, event=event, what=what)
    viewing.full_clean()
    viewing.save(force_insert=True)
    return viewing


def _locked(participant: Participant) -> Participant:
    """Reads the row again and locks it after its event, in the order of the triggers. Refuses an erased participant."""
    Event.objects.select_for_update(of=("self",), no_key=True).filter(pk=participant.event_id).first()
    row = Participant.objects.select_for_update(of=("self",), no_key=True).get(pk=participant.pk)
    if row.erased_at is not None:
        raise Erased(_("What was known of this participant is erased."), code="erased")
    return row


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
