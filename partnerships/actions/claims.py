"""The actions on claims: reviews, resolutions, positions of governments, origins of citations."""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships import verification
from partnerships.forecasts import why_not_resolved
from partnerships.models import (
    Actor,
    Claim,
    OfficialPosition,
    OriginDecision,
    OriginOutcome,
    Resolution,
    Review,
    Source,
)
from publishing.acting import Act
from publishing.actions import (
    check_public_texts_if_public,
    copy_fields,
    insert,
    refuse_drafts,
    require_state,
    revise,
    select_locked,
)
from publishing.permissions import require_desk
from publishing.publication import PublicationState
from publishing.refusals import NeedsMore, Refused


class NotResolvable(Refused):
    """The forecast cannot be resolved like this, or not yet."""


class NotSeveralOrigins(Refused):
    """Nothing to decide: the citations already have one origin, or do not belong to this claim."""


@transaction.atomic
def record_review(
    claim: Claim,
    *,
    status: str,
    as_of: dt.date,
    reason: str,
    act: Act,
    decided_at: dt.datetime | None = None,
    language: str = "en",
    corrects: Review | None = None,
) -> Review:
    """Appends a decision on the verification status of `claim`.

    Raises NeedsMore with everything that is missing; `verification` says what each status needs.
    """
    require_desk(act.by)
    select_locked(claim)  # locked, so that what the decision rests on does not change meanwhile
    record = Review(
        claim=claim,
        status=status,
        as_of=as_of,
        reason=reason,
        by=act.by,
        recorded_at=act.at,
        decided_at=decided_at or act.at,
        language=language,
        corrects=corrects,
    )
    lacking = verification.lacking(status, claim.grounds(on=as_of))
    insert(record, wrong={"status": [ValidationError(lacking, code="needs_more")]} if lacking else None)
    check_public_texts_if_public(
        claim,
        record,
        act=act,
    )
    return record


@transaction.atomic
def record_resolution(
    claim: Claim,
    *,
    outcome: str,
    as_of: dt.date,
    reason: str,
    act: Act,
    source: Source | None = None,
    language: str = "en",
    corrects: Resolution | None = None,
) -> Resolution:
    """Appends the outcome of the forecast `claim`, as judged by somebody other than its author.

    Raises NotResolvable before its time, and for a claim that is not a forecast or was not public.
    """
    require_desk(act.by)
    refusal = why_not_resolved(select_locked(claim), outcome=outcome, as_of=as_of, by=act.by)
    if refusal is not None:
        field, message = refusal
        raise NotResolvable({field: ValidationError(message, code="not_resolvable")})
    refuse_drafts(claim, [source] if source else [], at=act.at)
    record = insert(
        Resolution(
            claim=claim,
            outcome=outcome,
            as_of=as_of,
            reason=reason,
            by=act.by,
            recorded_at=act.at,
            source=source,
            language=language,
            corrects=corrects,
        )
    )
    check_public_texts_if_public(
        claim,
        record,
        act=act,
    )
    return record


@transaction.atomic
def record_position(
    claim: Claim,
    *,
    government: Actor,
    position: str,
    as_of: dt.date,
    act: Act,
    source: Source | None = None,
    note: str = "",
    language: str = "en",
    corrects: OfficialPosition | None = None,
) -> OfficialPosition:
    """Appends what a government says about `claim`; silence is recorded as a position too."""
    require_desk(act.by)
    refuse_drafts(claim, [government, *([source] if source else [])], at=act.at)
    record = insert(
        OfficialPosition(
            claim=claim,
            government=government,
            position=position,
            as_of=as_of,
            by=act.by,
            recorded_at=act.at,
            source=source,
            note=note,
            language=language,
            corrects=corrects,
        )
    )
    check_public_texts_if_public(
        claim,
        record,
        act=act,
    )
    return record


def _several_groups(claim: Claim, groups: Collection[str]) -> list[str]:
    """`groups` without duplicates. Raises NotSeveralOrigins unless there are several, each with a citation of `claim`."""
    names = list(dict.fromkeys(groups))
    citations = claim.citations.filter(independence_group__in=names)
    there = set(citations.order_by().values_list("independence_group", flat=True))
    if len(names) < 2 or there != set(names):
        raise NotSeveralOrigins(
            _("These citations are one origin already, or were changed since you opened the page: look again."),
            code="not_several_origins",
        )
    return names


def _decide_on_origins(decision: OriginDecision) -> OriginDecision:
    try:
        decision.full_clean()
    except ValidationError as error:
        raise NeedsMore(error) from error
    decision.save(force_insert=True)
    return decision


@transaction.atomic
def keep_origins_apart(claim: Claim, *, groups: Collection[str], reason: str, act: Act) -> OriginDecision:
    """Records that `groups` of citations of `claim` are independent of each other although their words are similar.

    Only the desk sees this record; the claim does not change. Raises NeedsMore without a reason.
    """
    require_desk(act.by)
    row = select_locked(claim)
    names = _several_groups(row, groups)
    require_state(row, PublicationState.DRAFT, PublicationState.IN_REVIEW, PublicationState.PUBLISHED)
    return _decide_on_origins(
        OriginDecision(
            claim=row,
            outcome=OriginOutcome.INDEPENDENT,
            groups=names,
            reason=reason.strip(),
            by=act.by,
            recorded_at=act.at,
        )
    )


@transaction.atomic
def count_as_one_origin(
    claim: Claim,
    *,
    groups: Collection[str],
    act: Act,
    note: str = "",
    reason: str = "",
) -> int:
    """Puts all citations of `claim` in `groups` into the first of these groups, because they go back to one origin.

    Returns the number of citations that changed. For a public claim this makes a new version, with a public `note`. The
    decision is recorded with the desk's `reason`, and replaces an earlier one that they are independent. Reviews do not
    change: what a status then lacks is shown, and somebody reviews the claim again.
    """
    require_desk(act.by)
    row = select_locked(claim)
    names = _several_groups(row, groups)
    require_state(row, PublicationState.DRAFT, PublicationState.IN_REVIEW, PublicationState.PUBLISHED)
    _decide_on_origins(
        OriginDecision(
            claim=row,
            outcome=OriginOutcome.ONE_ORIGIN,
            groups=names,
            reason=reason.strip(),
            by=act.by,
            recorded_at=act.at,
        )
    )
    others = row.citations.filter(independence_group__in=names[1:])
    number: int = others.count()

    def join() -> None:
        others.update(independence_group=names[0])

    if row.state == PublicationState.PUBLISHED:
        revise(row, by=act.by, note=note, parts=join, names_override_reason=act.names_override_reason)
        copy_fields(claim, row, "version", "version_note")
    else:
        join()
    return number
