import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships import verification
from partnerships.models import (
    Actor,
    Claim,
    Instrument,
    InstrumentAction,
    Stance,
    VerificationStatus,
)
from partnerships.models.claim import ClaimKind
from publishing.acting import Act
from publishing.actions import check_public_texts_if_public, insert, refuse_drafts, revise, save_draft, select_locked
from publishing.languages import listed
from publishing.permissions import require_desk
from publishing.publication import PublicationState
from publishing.refusals import Refused


class NotEstablished(Refused):
    """Only a claim that something is agreed can become an instrument, and only if it is corroborated or better."""


@transaction.atomic
def record_instrument_action(
    instrument: Instrument,
    *,
    type: str,
    as_of: dt.date,
    act: Act,
    party: Actor | None = None,
    date: str = "",
    note: str = "",
    language: str = "en",
    corrects: InstrumentAction | None = None,
) -> InstrumentAction:
    """Appends what a party did with `instrument`."""
    require_desk(act.by)
    refuse_drafts(instrument.partnership, [party] if party else [], at=act.at)
    record = insert(
        InstrumentAction(
            instrument=instrument,
            type=type,
            as_of=as_of,
            by=act.by,
            recorded_at=act.at,
            party=party,
            date=date,
            note=note,
            language=language,
            corrects=corrects,
        )
    )
    check_public_texts_if_public(
        instrument.partnership,
        record,
        act=act,
    )
    return record


SAYS_THAT_A_PACT_EXISTS = (ClaimKind.AGREEMENT, ClaimKind.OCCURRENCE)
"""Kinds of claims that can become instruments: that something is agreed, or that it was signed."""


@transaction.atomic
def promote(claim: Claim, instrument: Instrument, *, act: Act, note: str = "") -> Instrument:
    """Creates `instrument` (not yet saved) from `claim`, which says that it exists, and stores the link.

    It gets copies of the citations that support the claim, so that it shows how many origins it rests on. Raises
    NotEstablished unless the claim is corroborated or better by now. A public partnership gets a new version, with a
    public `note`.
    """
    require_desk(act.by)
    row = select_locked(claim)
    status = Claim.objects.with_status(as_of=None).values_list("status", flat=True).get(pk=row.pk)
    if row.kind not in SAYS_THAT_A_PACT_EXISTS:
        raise NotEstablished(
            _("This is a claim of the kind “%(kind)s”; only a claim that something is agreed becomes an instrument."),
            code="wrong_kind",
            params={"kind": row.get_kind_display()},
        )
    if status not in verification.ESTABLISHED:
        grounds = row.grounds()
        needed = listed(f"{one.label}: {verification.needs_in_words(one, grounds)}" for one in verification.ESTABLISHED)
        raise NotEstablished(
            _(
                "It is %(status)s. Only a claim that is corroborated or officially confirmed becomes an instrument; "
                "cite what is missing and record a review first. There is by now: %(needed)s."
            ),
            code="not_established",
            params={"status": VerificationStatus(status).label, "needed": needed},
        )
    whole = instrument.partnership = select_locked(instrument.partnership)
    if not row.partnerships.filter(pk=whole.pk).exists():
        raise NotEstablished({"partnership": _("The claim is not about this partnership.")}, code="another_partnership")
    instrument.promoted_from = row

    def enter() -> None:
        instrument.full_clean()
        instrument.save()
        supporting = row.citations.filter(stance=Stance.SUPPORTS).exclude(source__state=PublicationState.WITHDRAWN)
        for citation in supporting.order_by("pk"):
            citation.pk, citation.claim, citation.instrument, citation._state.adding = None, None, instrument, True
            citation.save()

    if whole.state == PublicationState.PUBLISHED:
        revise(whole, by=act.by, note=note, parts=enter, names_override_reason=act.names_override_reason)
    else:
        save_draft(whole, by=act.by)
        enter()
    return instrument
