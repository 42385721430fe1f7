"""The actions on follow-up: every record is appended, none is changed."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, ParamSpec, TypeVar

import pgtrigger
from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from partnerships.models import Actor, Claim, Source
from partnerships.models.source import Stance
from publishing.acting import Act
from publishing.actions import check_public_texts_if_public, insert, refuse_drafts
from publishing.permissions import require_desk, reviews
from publishing.publication import PublicationState
from publishing.refusals import NeedsMore, NotAllowed, NothingSaid, Refused
from recommendations.actions.history import (
    NOTHING_SEEN,
    RESPONSE_HISTORY,
    STATE_HISTORY,
    ForbiddenTransition,
    OutOfOrder,
    StaleRecord,
    Step,
)
from recommendations.lifecycle import rules as lifecycle
from recommendations.lifecycle.rules import Need
from recommendations.lifecycle.states import Confidence, ImplementationState
from recommendations.models import (
    Addressee,
    Confirmation,
    Evidence,
    InternalNote,
    Recommendation,
    Reference,
    Response,
    Snooze,
    StatusEntry,
    Submission,
)

__all__ = [
    "NOTHING_SEEN",
    "AlreadyDecided",
    "ForbiddenTransition",
    "NeedsMore",
    "NothingToConfirm",
    "OutOfOrder",
    "StaleRecord",
    "accept_submission",
    "confirm",
    "current_entry",
    "current_response",
    "decline_submission",
    "next_reference",
    "record_check",
    "record_response",
    "record_status",
    "snooze",
]

P = ParamSpec("P")
T = TypeVar("T")


class NothingToConfirm(Refused):
    """Only an effective entry that says implemented can be confirmed, and only once."""


class AlreadyDecided(Refused):
    """A submission is decided only once."""


@transaction.atomic
def next_reference(*, year: int) -> str:
    """The next free reference of `year`, for example "R-2025-006"; references of deleted drafts are not reused.

    Holds a lock until the end of the transaction, so that two people do not get the same.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('majlis.references'))")
    prefix = f"R-{year:04d}-"
    taken = Reference.objects.filter(reference__startswith=prefix).values_list("reference", flat=True)
    last = max((int(reference.removeprefix(prefix)) for reference in taken), default=0)
    return f"{prefix}{last + 1:03d}"


def current_entry(addressee: Addressee) -> StatusEntry | None:
    """The last effective entry for `addressee`; None if nobody has checked yet."""
    last: StatusEntry | None = STATE_HISTORY.last(addressee)
    return last


def current_response(addressee: Addressee) -> Response | None:
    """The last effective response for `addressee`; None if nothing was sent."""
    last: Response | None = RESPONSE_HISTORY.last(addressee)
    return last


def _take_turn(addressee: Addressee) -> None:
    """Locks the addressee: others who record something for it wait here."""
    Addressee.objects.select_for_update(of=("self",), no_key=True).get(pk=addressee.pk)


@transaction.atomic
def record_response(
    addressee: Addressee,
    *,
    kind: str,
    as_of: dt.date,
    act: Act,
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
    seen: int | None = None,
) -> Response:
    """Appends what `addressee` answered; the constraints of Response say what each kind needs.

    `seen` is the key of the last response when the person opened the form (`NOTHING_SEEN` for none): if another one was
    recorded since, StaleRecord is raised. None skips this check. The moment of the record is that of the latest record
    if that is later.
    """
    require_desk(act.by)
    _take_turn(addressee)
    response = Response(
        addressee=addressee,
        kind=kind,
        as_of=as_of,
        by=act.by,
        recorded_at=RESPONSE_HISTORY.moment(addressee, act.at),
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
    RESPONSE_HISTORY.steps(response, seen=seen)
    refuse_drafts(addressee.recommendation, [source] if source else [], at=act.at)
    insert(response)
    check_public_texts_if_public(
        addressee.recommendation,
        response,
        act=act,
    )
    return response


def _lacking(before: StatusEntry | None, entry: StatusEntry, evidence: Sequence[Evidence]) -> list[Need]:
    """What `entry`, which comes after `before`, lacks besides its own columns."""
    if entry.state not in ImplementationState.values or entry.state == ImplementationState.NOT_ASSESSED:
        return []
    earlier, later = STATE_HISTORY.reached(before), STATE_HISTORY.reached(entry)
    kept = before.confidence if before is not None and lifecycle.is_check(earlier, later) else None
    needs = lifecycle.needs(earlier, later) | lifecycle.confidence_needs(kept, entry.confidence)
    supporting = [item for item in evidence if item.stance == Stance.SUPPORTS]
    strong = {Evidence.Nature.PRIMARY, Evidence.Nature.INDEPENDENT}
    met = {
        Need.SOURCE: bool(supporting),
        Need.DATED_SOURCE: any(item.source.date for item in supporting),
        Need.PRIMARY_OR_INDEPENDENT_SOURCE: any(item.nature in strong for item in supporting),
        Need.REVIEWER: reviews(entry.by),
        # If the state itself needs it, a constraint of the entry reports it.
        Need.REASON: bool(entry.reason.strip()) or Need.REASON in lifecycle.STATE_TEXTS.get(later, frozenset()),
    }
    return [need for need in Need if need in needs and not met.get(need, True)]


def _lacks(entry: StatusEntry, steps: Iterable[Step], evidence: Sequence[Evidence]) -> dict[str, list[Any]]:
    """By field, what `entry` lacks, and what those records lack that come after another record because of it."""
    told: dict[str, list[Any]] = {}
    for before, one, was in steps:
        if one is entry:
            for need in _lacking(before, entry, evidence):
                place = "reason" if need == Need.REASON else NON_FIELD_ERRORS
                told.setdefault(place, []).append(ValidationError(lifecycle.EXPLAINED[need], code=need.value))
        else:
            lacking = _lacking(before, one, list(one.evidence.select_related("source")))
            if lifecycle.is_reopening(STATE_HISTORY.reached(was), one.state):
                lacking = [need for need in lacking if need not in (Need.REASON, Need.REVIEWER)]  # checked there
            for need in lacking:
                message = _("“%(what)s” would then come after “%(before)s”, and lack what that needs. %(need)s")
                said = {"what": one, "before": STATE_HISTORY.reached(before).label, "need": lifecycle.EXPLAINED[need]}
                told.setdefault("state", []).append(ValidationError(message, code=need.value, params=said))
    return told


@transaction.atomic
def record_status(
    addressee: Addressee,
    *,
    state: str,
    as_of: dt.date,
    act: Act,
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
    seen: int | None = None,
) -> StatusEntry:
    """Appends how far `addressee` has come, with its evidence (unsaved `Evidence`) and the desk's own note.

    `lifecycle` defines what may follow what, and what it needs; raises ForbiddenTransition, NeedsMore or OutOfOrder.
    `seen` and the moment are as for `record_response`.
    """
    require_desk(act.by)
    _take_turn(addressee)
    evidence = list(evidence)
    entry = StatusEntry(
        addressee=addressee,
        state=state,
        as_of=as_of,
        by=act.by,
        recorded_at=STATE_HISTORY.moment(addressee, act.at),
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
    steps = STATE_HISTORY.steps(entry, seen=seen)
    # A source in review is not shown before it is published (ADR 18), and a withdrawn one is refused with its row.
    named = [item.source for item in evidence if item.source.state == PublicationState.PUBLISHED]
    named += [thing for thing in (successor, on_behalf_of) if thing is not None]  # type: ignore[misc]
    refuse_drafts(addressee.recommendation, named, at=act.at)
    wrong = _lacks(entry, steps, evidence)
    if successor is not None and successor.pk == addressee.recommendation_id:
        wrong["successor"] = [_("A recommendation does not take its own place: name another one.")]
    insert(entry, wrong=wrong)
    for item in evidence:
        item.entry = entry
        insert(item)
    check_public_texts_if_public(
        addressee.recommendation,
        entry,
        *evidence,
        act=act,
    )
    if internal_note.strip():
        insert(InternalNote(entry=entry, text=internal_note.strip(), by=act.by, recorded_at=entry.recorded_at))
    # The evidence is complete now: checked here, an error is raised here, and not at the commit.
    pgtrigger.constraints(pgtrigger.Immediate, ENTRY_HAS_ITS_SOURCES)
    pgtrigger.constraints(pgtrigger.Deferred, ENTRY_HAS_ITS_SOURCES)
    return entry


ENTRY_HAS_ITS_SOURCES = "recommendations.StatusEntry:has_its_sources"


@transaction.atomic
def record_check(
    addressee: Addressee,
    *,
    as_of: dt.date,
    act: Act,
    evidence: Iterable[Evidence] = (),
    public_note: str = "",
    internal_note: str = "",
    seen: int | None = None,
) -> StatusEntry:
    """Appends a check: somebody looked on `as_of` and the state was unchanged.

    It needs only a day, in any state; the state's texts, confidence and language are copied from the entry that it
    repeats. Raises ForbiddenTransition if there is no entry yet.
    """
    require_desk(act.by)
    _take_turn(addressee)
    last = current_entry(addressee)
    if last is None or not lifecycle.is_check(last.state, last.state):
        raise ForbiddenTransition({"state": _("Nobody has looked yet: say what you found.")})
    words = {need.value: getattr(last, need) for need in lifecycle.STATE_TEXTS.get(ImplementationState(last.state), ())}
    return record_status(
        addressee,
        state=last.state,
        as_of=as_of,
        act=act,
        evidence=evidence,
        confidence=last.confidence,
        public_note=public_note,
        internal_note=internal_note,
        language=last.language,
        seen=seen,
        **words,
    )


@transaction.atomic
def confirm(entry: StatusEntry, *, act: Act) -> Confirmation:
    """A second person confirms an entry that says implemented; this also covers the checks that repeat it."""
    require_desk(act.by)
    _take_turn(entry.addressee)
    if not StatusEntry.objects.to_confirm().filter(pk=entry.pk).exists():
        raise NothingToConfirm(
            _(
                "Only an entry that stands and says implemented is confirmed, and only once. "
                "A check that repeats it needs no confirmation."
            ),
            code="nothing_to_confirm",
        )
    if entry.by_id == act.by.pk:
        raise NotAllowed(_("You recorded this entry: somebody else has to confirm it."), code="same_person")
    confirmation = Confirmation(entry=entry, by=act.by, recorded_at=act.at)
    insert(confirmation)
    return confirmation


def _pending(submission: Submission, *, by: User) -> Submission:
    row: Submission = Submission.objects.select_for_update().get(pk=submission.pk)
    if row.decision != Submission.Decision.PENDING:
        raise AlreadyDecided(_("This submission is already decided."), code="already_decided")
    if row.submitted_by_id == by.pk:
        raise NotAllowed(_("Nobody decides on their own submission."), code="same_person")
    return row


@transaction.atomic
def accept_submission(
    submission: Submission,
    *,
    act: Act,
    confidence: str = Confidence.CLAIMED,
    what_remains: str = "",
    reason: str = "",
    last_movement_date: dt.date | None = None,
    how_intent_is_met: str = "",
    successor: Recommendation | None = None,
    evidence: Iterable[Evidence] = (),
) -> StatusEntry:
    """Accepts what a partner reports: a status entry recorded on its behalf."""
    require_desk(act.by)
    row = _pending(submission, by=act.by)
    entry = record_status(
        row.addressee,
        state=row.proposed_state,
        as_of=row.as_of,
        act=act,
        confidence=confidence,
        public_note=row.note,
        what_remains=what_remains,
        reason=reason,
        last_movement_date=last_movement_date,
        how_intent_is_met=how_intent_is_met,
        successor=successor,
        evidence=evidence,
        on_behalf_of=row.addressee.actor,
    )
    row.decision, row.decided_by, row.decided_at, row.entry = Submission.Decision.ACCEPTED, act.by, act.at, entry
    row.full_clean()
    row.save()
    return entry


@transaction.atomic
def decline_submission(submission: Submission, *, act: Act, reason: str) -> None:
    """Declines what a partner reports; the partner sees the reason."""
    require_desk(act.by)
    if not reason.strip():
        raise NothingSaid(_("Say why; the partner sees the reason."), code="nothing_said")
    row = _pending(submission, by=act.by)
    row.decision, row.decided_by, row.decided_at = Submission.Decision.DECLINED, act.by, act.at
    row.decision_reason = reason.strip()
    row.full_clean()
    row.save()


@transaction.atomic
def snooze(what: Addressee | Submission | Claim | Source, *, until: dt.date, reason: str, act: Act) -> Snooze:
    """Postpones an item of the queue until a day: it leaves everybody's queue.

    It returns on that day, or as soon as something new is recorded about it.
    """
    require_desk(act.by)
    if not reason.strip():
        raise NothingSaid({"reason": _("Say why it can wait.")}, code="nothing_said")
    if until > act.at.date() + MAX_SNOOZE:
        raise Refused({"until": _("Put it off by a year at most: longer than that, nobody looks at it any more.")})
    put_off = Snooze(
        **{str(what._meta.model_name): what},
        until=until,
        reason=reason.strip(),
        by=act.by,
        recorded_at=act.at,
    )
    insert(put_off)
    return put_off


MAX_SNOOZE = dt.timedelta(days=366)
