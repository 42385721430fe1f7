"""The actions on events, their reports and the data about participants."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.documents import apart
from events.documents.cleaned import Cleaned
from events.documents.refusal import FileRefused
from events.models import (
    AttributionRule,
    Consent,
    Disclosure,
    Document,
    Event,
    Participant,
    Point,
    PublishedContent,
    PublishedDocument,
    Report,
    Rewording,
    Session,
    Support,
    Viewing,
    effective_rule,
)
from events.models.rewording import TEXT_COLUMNS, RewordingOutcome, said_by
from events.names.check import refuse_names
from publishing.acting import Act
from publishing.actions import revise
from publishing.languages import Language, listed
from publishing.permissions import require_desk, require_reviewer
from publishing.public_texts import PublicText, texts_of
from publishing.publication import PublicationState
from publishing.refusals import NotAllowed, NothingSaid, Refused, ReviewerIsAuthor
from publishing.roles import CONVENORS, groups_of


class NothingToClear(Refused):
    """Only an uncleared single voice can be cleared."""


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


def _locked(participant: Participant) -> Participant:
    """Reads the row again and locks it after its event, in the order of the triggers. Refuses an erased participant."""
    Event.objects.select_for_update(of=("self",), no_key=True).filter(pk=participant.event_id).first()
    row = Participant.objects.select_for_update(of=("self",), no_key=True).get(pk=participant.pk)
    if row.erased_at is not None:
        raise Erased(_("What was known of this participant is erased."), code="erased")
    return row


class NothingToReword(Refused):
    """The point is edited directly, or nothing about it would change."""


class AlreadyDecided(Refused):
    """Somebody has already decided on the proposal."""


class ProposerDecides(Refused):
    """Somebody other than the proposer has to accept."""


class PointHasChanged(Refused):
    """The point has changed since the rewording was proposed."""

    def __init__(self, changed: Iterable[str]) -> None:
        names = {**{f"text_{language.value}": language.label for language in Language}, "grade": _("support")}
        super().__init__(
            _("The point has changed since this was proposed: %(changed)s. Decline it, and propose it anew."),
            code="point_has_changed",
            params={"changed": listed(names[name] for name in changed)},
        )


class DocumentRefused(Refused):
    """The document cannot be published as it is; the reason is that of the `FileRefused` behind it."""


class AlreadyPublished(Refused):
    """This document has, or had, a published copy."""


class NotPublic(Refused):
    """Only what is public can be withdrawn."""


@transaction.atomic
def clear_point(point: Point, *, act: Act) -> None:
    """A second editor clears a point of a single voice for publication.

    A single voice can identify its speaker, so somebody other than the author of the report decides whether it is
    published.
    """
    require_desk(act.by)
    row = _locked_point(point)
    if not row.is_single_voice or row.is_cleared:
        raise NothingToClear(_("This point needs no clearance, or has it already."), code="nothing_to_clear")
    if row.report.author_id == act.by.pk:
        raise ReviewerIsAuthor(
            _("You wrote this report: somebody else has to clear its single voices."), code="reviewer_is_author"
        )
    support: Support = row.graded
    support.cleared_by, support.cleared_at = act.by, act.at
    support.full_clean()
    support.save(update_fields=["cleared_by", "cleared_at"])
    point.graded = support


@transaction.atomic
def propose_rewording(
    point: Point,
    *,
    text_en: str,
    text_tr: str,
    text_ar: str,
    grade: str,
    note: str,
    act: Act,
) -> Rewording:
    """Proposes new words or a new grade for a point of a public report that is or becomes a single voice.

    Its words were cleared as they are, so they change only together with a second editor's clearance:
    `accept_rewording`. Every other point is edited directly.
    """
    require_desk(act.by)
    row = _locked_point(point)
    if row.report.state != PublicationState.PUBLISHED:
        raise NothingToReword(_("The report is not public: change the point itself."), code="not_public")
    if not row.is_single_voice and grade != Point.Support.ONE_PARTICIPANT:
        raise NothingToReword(_("This is no single voice: change the point itself."), code="no_single_voice")
    rewording = Rewording(
        point=row,
        text_en=text_en.strip(),
        text_tr=text_tr.strip(),
        text_ar=text_ar.strip(),
        grade=grade,
        note=note.strip(),
        before=said_by(row),
        proposed_by=act.by,
        proposed_at=act.at,
    )
    rewording.full_clean()
    if rewording.after == rewording.before:
        raise NothingToReword(_("Nothing is changed by this."), code="nothing_changed")
    rewording.save(force_insert=True)
    return rewording


@transaction.atomic
def accept_rewording(
    rewording: Rewording,
    *,
    act: Act,
) -> None:
    """A second editor accepts the proposal: the new words, cleared by this editor, become the report's next version.

    Raises PointHasChanged, with the changes, if the point has changed since the proposal, and TextRefused if the new
    words say what must stay secret; `act.names_override_reason` works as for `revise`.
    """
    require_desk(act.by)
    row = _pending(rewording)
    point = _locked_point(row.point)
    report = point.report
    if act.by.pk == row.proposed_by_id:
        raise ProposerDecides(
            _("You proposed this: somebody else has to accept it. You can only decline it."), code="proposer_decides"
        )
    if act.by.pk == report.author_id:
        raise ReviewerIsAuthor(
            _("You wrote this report: somebody else has to clear its single voices."), code="reviewer_is_author"
        )
    present = said_by(point)
    if present != row.before:
        raise PointHasChanged([name for name in present if present[name] != row.before[name]])
    for column in TEXT_COLUMNS:
        setattr(point, column, getattr(row, column) or None)
    point.support = row.grade
    point.cleared_by, point.cleared_at = (act.by, act.at) if point.is_single_voice else (None, None)
    _decide(row, RewordingOutcome.ACCEPTED, act=act)
    # The version first, so that the line in the table of changes has its note.
    revise(report, by=act.by, note=row.note, parts=point.save, names_override_reason=act.names_override_reason)
    rewording.refresh_from_db()


@transaction.atomic
def decline_rewording(rewording: Rewording, *, reason: str, act: Act) -> None:
    """Leaves the point unchanged; the proposer may use this to withdraw the proposal."""
    require_desk(act.by)
    row = _pending(rewording)
    if not reason.strip():
        raise NothingSaid(_("Say why it is declined; the desk sees it."), code="nothing_said")
    _decide(row, RewordingOutcome.DECLINED, act=act, reason=reason.strip())
    rewording.refresh_from_db()


def _pending(rewording: Rewording) -> Rewording:
    """Reads the row again and locks it. Raises AlreadyDecided if somebody was faster."""
    # Always locked in this order: the report, the point, the proposal.
    _locked_point(rewording.point)
    row: Rewording = Rewording.objects.select_for_update(of=("self",)).get(pk=rewording.pk)
    if row.outcome != RewordingOutcome.PENDING:
        raise AlreadyDecided(_("This is decided already: %(outcome)s.") % {"outcome": row.get_outcome_display()})
    return row


def _locked_point(point: Point) -> Point:
    """Reads the point again with its report and support; the report is locked first, as by every edit."""
    Report.objects.select_for_update(of=("self",)).get(points=point.pk)
    Point.objects.select_for_update(of=("self",)).get(pk=point.pk)
    row: Point = Point.objects.with_support().select_related("report").get(pk=point.pk)
    return row


def _decide(rewording: Rewording, outcome: RewordingOutcome, *, act: Act, reason: str = "") -> None:
    rewording.outcome, rewording.reason = outcome, reason
    rewording.decided_by, rewording.decided_at = act.by, act.at
    rewording.full_clean()
    rewording.save(update_fields=["outcome", "reason", "decided_by", "decided_at"])


@transaction.atomic
def record_consent(
    participant: Participant,
    *,
    disclosure: str,
    given: bool,
    as_of: dt.date,
    evidence: str,
    act: Act,
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


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


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
    participant: Participant,
    *,
    session: Session | None = None,
    shows_name: bool,
    shows_affiliation: bool,
    act: Act,
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


def publish_document(
    document: Document,
    *,
    act: Act,
) -> PublishedDocument:
    """Publishes a cleaned copy of `document`, proven clean; it is public with its event.

    Its title and all its text are checked for names, like every text: `names.check.refuse_names`. Reading and cleaning
    the file take seconds and hold no lock; of two people who publish at once, one is refused.
    """
    require_reviewer(act.by)
    _refuse_unpublishable(document, by=act.by)
    cleaned = cleaned_copy(document)
    with transaction.atomic():
        row = Document.objects.select_for_update(of=("self",)).select_related("event").filter(pk=document.pk).first()
        if row is None:
            raise DocumentRefused(_("The document was deleted in the meantime."), code="deleted")
        _refuse_unpublishable(row, by=act.by)
        refuse_names(
            row.event,
            [*texts_of(row), *(PublicText(part.place, part.text) for part in cleaned.texts)],
            of=row,
            act=act,
        )
        published = PublishedDocument(
            event=row.event,
            **{f"title_{language}": getattr(row, f"title_{language}") for language in Language.values},
            document_language=row.document_language,
            format=cleaned.format.value,
            size=len(cleaned.content),
            sha256=hashlib.sha256(cleaned.content).hexdigest(),
            pages=cleaned.pages,
            published_at=act.at,
        )
        published.full_clean()
        published.save(force_insert=True)
        PublishedContent(document=published, content=cleaned.content).save(force_insert=True)
        row.published, row.reviewer = published, act.by
        row.full_clean(exclude=["file"])
        row.save(update_fields=["published", "reviewer"])
    document.published, document.reviewer = published, act.by
    return published


def _refuse_unpublishable(document: Document, *, by: User) -> None:
    if document.published_id is not None:
        raise AlreadyPublished(
            _("This document has a published copy already, or had one. Upload it anew to publish another."),
            code="already_published",
        )
    if document.uploaded_by_id == by.pk:
        raise ReviewerIsAuthor(
            _("You uploaded this document: somebody else has to review and publish it."), code="reviewer_is_author"
        )
    if document.event.attribution_rule == AttributionRule.OFF_RECORD:
        raise OffTheRecord(_("The event was off the record: nothing of it is published."), code="off_the_record")


def cleaned_copy(document: Document) -> Cleaned:
    """The cleaned copy of the file of `document`. Raises DocumentRefused."""
    try:
        with document.file.open("rb") as file:
            data = file.read()
    except OSError as error:
        raise DocumentRefused(
            _("The file of this document is not where it was kept. Upload it anew."), code="file_is_gone"
        ) from error
    try:
        return apart.clean(data)
    except FileRefused as refusal:
        raise DocumentRefused(refusal.messages, code=refusal.reason) from refusal


@transaction.atomic
def withdraw_document(published: PublishedDocument, *, act: Act, note: str) -> None:
    """Withdraws a published document: its bytes are deleted, its address answers "not found", its row says why."""
    require_reviewer(act.by)
    if not note.strip():
        raise NothingSaid(_("Say why it is withdrawn."), code="nothing_said")
    row = PublishedDocument.objects.select_for_update(of=("self",)).get(pk=published.pk)
    if row.withdrawn_at is not None:
        raise NotPublic(_("This document is withdrawn already."), code="not_public")
    row.withdrawn_at, row.withdrawal_note = act.at, note.strip()
    changed = ["withdrawn_at", "withdrawal_note"]
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.name not in changed])
    row.save(update_fields=changed)
    published.withdrawn_at, published.withdrawal_note = row.withdrawn_at, row.withdrawal_note
