"""The ways in which events, their reports and what is kept of participants change."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.models import Consent, Participant, Point
from partnerships.actions import NotAllowed, Refused, ReviewerIsAuthor, require_desk
from partnerships.audience import ADMINISTRATORS, User, groups_of


class NothingToClear(Refused):
    """Only a single voice needs clearance, and once."""


@transaction.atomic
def clear_point(point: Point, *, by: User, at: dt.datetime) -> None:
    """A second editor clears a point of a single voice for publication.

    A single voice can identify its speaker; so somebody other than the author of the report decides
    whether it can stand.
    """
    require_desk(by)
    row = Point.objects.select_for_update(of=("self",)).select_related("report").get(pk=point.pk)
    if row.support != Point.Support.ONE_PARTICIPANT or row.cleared_by_id is not None:
        raise NothingToClear(_("This point needs no clearance, or has it already."), code="nothing_to_clear")
    if row.report.author_id == by.pk:
        raise ReviewerIsAuthor(
            _("You wrote this report: somebody else has to clear its single voices."), code="reviewer_is_author"
        )
    row.cleared_by, row.cleared_at = by, at
    row.full_clean()
    row.save(update_fields=["cleared_by", "cleared_at"])
    point.cleared_by, point.cleared_at = by, at


@transaction.atomic
def record_consent(
    participant: Participant,
    *,
    disclosure: str,
    given: bool,
    as_of: dt.date,
    evidence: str,
    by: User,
    at: dt.datetime,
) -> Consent:
    """Appends a participant's word on one kind of disclosure, given or taken back."""
    if not (by.is_superuser and by.is_active) and ADMINISTRATORS not in groups_of(by):
        raise NotAllowed(_("Only administrators keep consents."), code="not_allowed")
    consent = Consent(
        participant=participant,
        disclosure=disclosure,
        given=given,
        as_of=as_of,
        evidence=evidence,
        by=by,
        recorded_at=at,
    )
    consent.full_clean()
    consent.save(force_insert=True)
    return consent
