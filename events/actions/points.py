"""Clearing single voices, and rewording points that are public."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.models import Point, Report, Rewording, Support
from events.models.rewording import TEXT_COLUMNS, RewordingOutcome, said_by
from publishing.acting import Act
from publishing.actions import revise
from publishing.languages import Language, listed
from publishing.permissions import require_desk
from publishing.publication import PublicationState
from publishing.refusals import NothingSaid, Refused, ReviewerIsAuthor


class NothingToClear(Refused):
    """Only an uncleared single voice can be cleared."""


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
    point: Point, *, text_en: str, text_tr: str, text_ar: str, grade: str, note: str, act: Act
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
def accept_rewording(rewording: Rewording, *, act: Act) -> None:
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
