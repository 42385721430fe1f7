"""The ways in which a recommendation's follow-up grows: every entry is appended, none is changed."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from partnerships.actions import (
    NotAllowed,
    NothingSaid,
    Refused,
    append,
    let_be_read_if_public,
    refuse_drafts,
    require_desk,
)
from partnerships.audience import User
from partnerships.models import Actor, Source
from recommendations.models import (
    Addressee,
    Confirmation,
    Evidence,
    InternalNote,
    Recommendation,
    Reference,
    Response,
    StatusEntry,
    Submission,
)
from recommendations.states import Confidence


class NothingToConfirm(Refused):
    """Only an entry that stands and says implemented is confirmed, and once."""


class AlreadyDecided(Refused):
    """A submission is decided once."""


@transaction.atomic
def next_reference(*, year: int) -> str:
    """The next free reference of `year`, for example "R-2025-006"; references of deleted drafts stay taken.

    Holds a lock until the end of the transaction, so that two people do not get the same.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('majlis.references'))")
    prefix = f"R-{year:04d}-"
    taken = Reference.objects.filter(reference__startswith=prefix).values_list("reference", flat=True)
    last = max((int(reference.removeprefix(prefix)) for reference in taken), default=0)
    return f"{prefix}{last + 1:03d}"


@transaction.atomic
def record_response(
    addressee: Addressee,
    *,
    kind: str,
    as_of: dt.date,
    by: User,
    at: dt.datetime,
    channel: str = "",
    recipient: str = "",
    office: str = "",
    source: Source | None = None,
    accepted_part: str = "",
    words: str = "",
    reason: str = "",
    no_reason_given: bool = False,
    language: str = "en",
    corrects: Response | None = None,
    names_are_public: str = "",
) -> Response:
    """Appends what `addressee` answered; what each kind needs is said by the constraints of Response."""
    require_desk(by)
    refuse_drafts(addressee.recommendation, [source] if source else [], at=at)
    response = append(
        Response(
            addressee=addressee,
            kind=kind,
            as_of=as_of,
            by=by,
            recorded_at=at,
            channel=channel,
            recipient=recipient,
            office=office,
            source=source,
            accepted_part=accepted_part,
            words=words,
            reason=reason,
            no_reason_given=no_reason_given,
            language=language,
            corrects=corrects,
        )
    )
    let_be_read_if_public(addressee.recommendation, response, by=by, at=at, names_are_public=names_are_public)
    return response


@transaction.atomic
def record_status(
    addressee: Addressee,
    *,
    state: str,
    as_of: dt.date,
    by: User,
    at: dt.datetime,
    evidence: Iterable[Evidence] = (),
    confidence: str = Confidence.CLAIMED,
    public_note: str = "",
    what_remains: str = "",
    reason: str = "",
    last_movement_date: dt.date | None = None,
    how_intent_is_met: str = "",
    successor: Recommendation | None = None,
    on_behalf_of: Actor | None = None,
    internal_note: str = "",
    language: str = "en",
    corrects: StatusEntry | None = None,
    names_are_public: str = "",
) -> StatusEntry:
    """Appends how far `addressee` has come, with its evidence (unsaved `Evidence`) and the desk's own note."""
    require_desk(by)
    evidence = list(evidence)
    named = [item.source for item in evidence]
    named += [thing for thing in (successor, on_behalf_of) if thing is not None]  # type: ignore[misc]
    refuse_drafts(addressee.recommendation, named, at=at)
    entry = append(
        StatusEntry(
            addressee=addressee,
            state=state,
            as_of=as_of,
            by=by,
            recorded_at=at,
            confidence=confidence,
            public_note=public_note,
            what_remains=what_remains,
            reason=reason,
            last_movement_date=last_movement_date,
            how_intent_is_met=how_intent_is_met,
            successor=successor,
            on_behalf_of=on_behalf_of,
            language=language,
            corrects=corrects,
        )
    )
    for item in evidence:
        item.entry = entry
        item.full_clean()
        item.save(force_insert=True)
    let_be_read_if_public(addressee.recommendation, entry, *evidence, by=by, at=at, names_are_public=names_are_public)
    if internal_note.strip():
        note = InternalNote(entry=entry, text=internal_note.strip(), by=by, recorded_at=at)
        note.full_clean()
        note.save(force_insert=True)
    return entry


@transaction.atomic
def confirm(entry: StatusEntry, *, by: User, at: dt.datetime) -> Confirmation:
    """A second person confirms an entry that says implemented."""
    require_desk(by)
    if not StatusEntry.objects.to_confirm().filter(pk=entry.pk).exists():
        raise NothingToConfirm(
            _("Only an entry that stands and says implemented is confirmed, and only once."), code="nothing_to_confirm"
        )
    if entry.by_id == by.pk:
        raise NotAllowed(_("You recorded this entry: somebody else has to confirm it."), code="same_person")
    confirmation = Confirmation(entry=entry, by=by, recorded_at=at)
    confirmation.full_clean()
    confirmation.save(force_insert=True)
    return confirmation


def _pending(submission: Submission) -> Submission:
    row: Submission = Submission.objects.select_for_update().get(pk=submission.pk)
    if row.decision != Submission.Decision.PENDING:
        raise AlreadyDecided(_("This submission is already decided."), code="already_decided")
    return row


@transaction.atomic
def accept_submission(
    submission: Submission,
    *,
    by: User,
    at: dt.datetime,
    confidence: str = Confidence.CLAIMED,
    what_remains: str = "",
    reason: str = "",
    last_movement_date: dt.date | None = None,
    how_intent_is_met: str = "",
    evidence: Iterable[Evidence] = (),
    names_are_public: str = "",
) -> StatusEntry:
    """Takes over what a partner reports: a status entry recorded on its behalf, by `by`."""
    require_desk(by)
    row = _pending(submission)
    entry = record_status(
        row.addressee,
        state=row.proposed_state,
        as_of=row.as_of,
        by=by,
        at=at,
        confidence=confidence,
        public_note=row.note,
        what_remains=what_remains,
        reason=reason,
        last_movement_date=last_movement_date,
        how_intent_is_met=how_intent_is_met,
        evidence=evidence,
        on_behalf_of=row.addressee.actor,
        names_are_public=names_are_public,
    )
    row.decision, row.decided_by, row.decided_at, row.entry = Submission.Decision.ACCEPTED, by, at, entry
    row.full_clean()
    row.save()
    return entry


@transaction.atomic
def decline_submission(submission: Submission, *, by: User, at: dt.datetime, reason: str) -> None:
    """Does not take over what a partner reports; the partner sees the reason."""
    require_desk(by)
    if not reason.strip():
        raise NothingSaid(_("Say why; the partner sees the reason."), code="nothing_said")
    row = _pending(submission)
    row.decision, row.decided_by, row.decided_at = Submission.Decision.DECLINED, by, at
    row.decision_reason = reason.strip()
    row.full_clean()
    row.save()
