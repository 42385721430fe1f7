"""The ways in which what stands in this app changes; each is one function and one transaction.

Callers hand in who acts (`by`) and when (`at`). Every refusal is a `Refused`: a validation error
that says what was wrong and what to do.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships import verification
from partnerships.appended import AppendedRecord
from partnerships.archive.fetching import UNREACHABLE, Fetched, Limits, NotFetched, Reason
from partnerships.archive.kinds import found_in
from partnerships.audience import ADMINISTRATORS, REVIEWERS, WRITERS, User, groups_of
from partnerships.background import later
from partnerships.forecasts import why_not_resolved
from partnerships.models import (
    Actor,
    ArchivedContent,
    ArchivedCopy,
    Claim,
    Instrument,
    InstrumentAction,
    OfficialPosition,
    OriginDecision,
    OriginOutcome,
    Resolution,
    Review,
    Source,
    Stance,
    VerificationStatus,
)
from partnerships.models.archived_copy import FAILURES_OF_THE_GONE, GONE_AFTER
from partnerships.models.claim import ClaimKind
from partnerships.passages import Passage, about_to_be_public, texts_of
from partnerships.publication import Publication, PublicationState
from partnerships.refusals import placed
from partnerships.texts import listed

P = TypeVar("P", bound=Publication)
R = TypeVar("R", bound=AppendedRecord)


class Refused(ValidationError):  # noqa: N818 – reads as what happened, as Django's PermissionDenied does
    """An action that is not possible as asked."""


class NotAllowed(Refused):
    """The person may not do this."""


class WrongState(Refused):
    """The publication is not in a state from which this is possible."""


class ReviewerIsAuthor(Refused):
    """Somebody other than the author has to review before publication."""


class NotResolvable(Refused):
    """A forecast does not end like this, or not yet."""


class NothingSaid(Refused):
    """A public note is missing."""


class NeedsMore(Refused):
    """What is recorded needs something that is not there; each need stands at its field."""


class NotEstablished(Refused):
    """Only a claim that something is agreed becomes an instrument, and only when it is corroborated or better."""


class NotSeveralOrigins(Refused):
    """There is nothing to decide: the citations name one origin already, or none of this claim."""


class RefersToUnpublished(Refused):
    """What is to be published names things that are not public, and would give them away."""

    def __init__(self, publications: Sequence[Publication]) -> None:
        self.publications = list(publications)
        super().__init__(
            _("Publish these first, or together with it: %(names)s."),
            code="refers_to_unpublished",
            params={
                "names": listed(
                    f"{publication._meta.verbose_name} “{publication}”" for publication in self.publications
                )
            },
        )


class TextRefused(Refused):
    """A text that is about to be public says what it must not.

    Whoever answers the person calls `keep` once the transaction is rolled back, and so outside of it.
    """

    findings: Sequence[tuple[Passage, str]] = ()
    """Pairs of a passage and, for those who may know them, the words that were found in it.

    The message has no such words: it may be kept where others read it.
    """

    may_be_overruled: bool = False
    """Whether the person may say why the words can stand."""

    def keep(self) -> None:
        """Records that it was refused."""


def let_be_read(
    publication: Publication,
    passages: Iterable[Passage],
    *,
    by: User,
    at: dt.datetime,
    names_are_public: str = "",
) -> None:
    """Has everybody who keeps something from the public read `passages` before they reach it.

    Raises TextRefused. `names_are_public` is a reviewer's reason for letting the names in them stand.
    """
    about_to_be_public.send(
        sender=type(publication),
        publication=publication,
        passages=passages,
        by=by,
        at=at,
        names_are_public=names_are_public.strip(),
    )


def let_be_read_if_public(whole: Publication, *rows: Model, by: User, at: dt.datetime, names_are_public: str) -> None:
    """The same for `rows` that were appended to `whole`, unless it waits for its own publication."""
    if whole.state == PublicationState.PUBLISHED:
        passages = (passage for row in rows for passage in texts_of(row, row._meta.verbose_name))
        let_be_read(whole, passages, by=by, at=at, names_are_public=names_are_public)


def require_desk(by: User | AnonymousUser) -> None:
    """Raises NotAllowed unless `by` is an editor, a reviewer or an administrator."""
    if not (by.is_superuser and by.is_active) and groups_of(by).isdisjoint(WRITERS):
        raise NotAllowed(_("Only editors, reviewers and administrators may do this."), code="not_allowed")


def reviews(by: User) -> bool:
    """Whether `by` is a reviewer or an administrator."""
    return bool(by.is_superuser and by.is_active) or bool(groups_of(by) & {REVIEWERS, ADMINISTRATORS})


def require_reviewer(by: User) -> None:
    """Raises NotAllowed unless `by` is a reviewer or an administrator."""
    if not reviews(by):
        raise NotAllowed(_("Only reviewers and administrators publish and withdraw."), code="not_allowed")


def _require_state(publication: Publication, *states: PublicationState) -> None:
    if publication.state not in states:
        raise WrongState(
            _("“%(publication)s” is in the state “%(state)s”; this needs: %(needed)s."),
            code="wrong_state",
            params={
                "publication": publication,
                "state": publication.get_state_display(),
                "needed": listed(state.label for state in states),
            },
        )


def _locked(publication: P) -> P:
    """The row as it is now, locked until the end of the transaction: two people may act at once."""
    model: Any = type(publication)
    row: P = model._default_manager.select_for_update(of=("self",)).get(pk=publication.pk)
    return row


def _take_over(publication: Publication, row: Publication, *fields: str) -> None:
    for field in fields:
        setattr(publication, field, getattr(row, field))


@transaction.atomic
def save_draft(publication: Publication, *, by: User, author: User | None = None) -> None:
    """Saves a new publication, or an edit of one that is not yet public.

    `by` becomes the author of a new one, unless they bring in what another, `author`, wrote.
    """
    require_desk(by)
    if publication._state.adding:
        publication.author = author or by
        publication.state = PublicationState.DRAFT
    else:
        row = _locked(publication)
        _require_state(row, PublicationState.DRAFT, PublicationState.IN_REVIEW)
        _take_over(publication, row, "state", "author", "reviewer", "published_at", "withdrawn_at", "version")
        _take_over(publication, row, *row.kept_by_the_database)
    publication.full_clean()
    publication.save()


@transaction.atomic
def submit_for_review(publication: Publication, *, by: User) -> None:
    """Draft → in review."""
    require_desk(by)
    row = _locked(publication)
    _require_state(row, PublicationState.DRAFT)
    row.state = PublicationState.IN_REVIEW
    row.save(update_fields=["state"])
    _take_over(publication, row, "state")


@transaction.atomic
def cite_address(
    address: str, *, by: User, at: dt.datetime, title: str = "", publisher_name: str = "", date: str = ""
) -> tuple[Source, bool]:
    """The source at a web address, and whether it is a new one, which is sent to a second person for review.

    A new one is called by its address and its publisher by the host, where nobody says more. Raises
    WrongState where the source at this address was withdrawn: it is not brought back by the way.
    """
    require_desk(by)
    address = address.strip()
    with connection.cursor() as cursor:
        # Two people may bring the same address at once.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('majlis.source.' || %s))", [_bare(address)])
    written = {f"{scheme}://{_bare(address)}{end}" for scheme in ("http", "https") for end in ("", "/")}
    order: dict[str, int] = {PublicationState.PUBLISHED: 0, PublicationState.IN_REVIEW: 1, PublicationState.DRAFT: 2}
    known = sorted(
        Source.objects.filter(url__in=[address, *written]), key=lambda one: (order.get(one.state, 3), one.pk)
    )
    if not known:
        host = urlsplit(address).hostname or ""
        source = Source(
            title=title.strip() or _bare(address)[:300],
            publisher_name=publisher_name.strip() or host.removeprefix("www."),
            date=date,
            url=address,
            accessed_date=at.date(),
        )
        save_draft(source, by=by)
        submit_for_review(source, by=by)
        return source, True
    if known[0].state == PublicationState.WITHDRAWN:
        raise WrongState(
            _("The source at this address, “%(source)s”, was withdrawn."), code="withdrawn", params={"source": known[0]}
        )
    return known[0], False


@transaction.atomic
def cite_document(*, by: User, at: dt.datetime, title: str, publisher_name: str = "", date: str = "") -> Source:
    """A new source without an address, sent to a second person for review."""
    require_desk(by)
    source = Source(title=title.strip(), publisher_name=publisher_name.strip(), date=date, accessed_date=at.date())
    save_draft(source, by=by)
    submit_for_review(source, by=by)
    return source


def _bare(address: str) -> str:
    """An address without what does not tell two pages apart: http or https, and a slash at the end."""
    return address.partition("://")[2].removesuffix("/") or address


@transaction.atomic
def return_to_draft(publication: Publication, *, by: User) -> None:
    """In review → draft."""
    require_desk(by)
    row = _locked(publication)
    _require_state(row, PublicationState.IN_REVIEW)
    row.state = PublicationState.DRAFT
    row.save(update_fields=["state"])
    _take_over(publication, row, "state")


def unpublished_references(publication: Publication, *, at: dt.datetime) -> list[Publication]:
    """What `publication` names, directly or through what it names, that is not public at `at`.

    A reference under an embargo is no reason to wait if the publication's own embargo is as long.
    """
    public_from = max(at, publication.embargo_until or at)
    found: dict[tuple[str, int], Publication] = {}
    queue: list[Publication] = [publication]
    seen: set[tuple[str, int]] = {_identity(publication)}
    while queue:
        for reference in queue.pop().references():
            identity = _identity(reference)
            if identity in seen or reference.is_published(at=public_from):
                continue
            seen.add(identity)
            found[identity] = reference
            queue.append(reference)
    return list(found.values())


def _identity(publication: Publication) -> tuple[str, int]:
    return publication._meta.label, publication.pk


@transaction.atomic
def publish(
    publication: Publication, *, by: User, at: dt.datetime, together: bool = False, names_are_public: str = ""
) -> None:
    """Draft, in review or withdrawn → published, reviewed by `by`.

    Raises RefersToUnpublished where it names drafts; with `together` those are published too, each
    under the same rules. Raises TextRefused where a text says what it must not; `names_are_public` is
    a reviewer's reason for letting the names in it stand. An embargo is a property of the publication
    and stays as it is set.
    """
    require_reviewer(by)
    row = _locked(publication)
    _require_state(row, PublicationState.DRAFT, PublicationState.IN_REVIEW, PublicationState.WITHDRAWN)
    missing = unpublished_references(row, at=at)
    # What was withdrawn does not come back by the way: that is a decision of its own.
    refused = [each for each in missing if each.state == PublicationState.WITHDRAWN] if together else missing
    if refused:
        raise RefersToUnpublished(refused)
    # Deepest first, so that nothing is public before what it names.
    public_from = max(at, row.embargo_until or at)
    for reference in reversed(missing):
        if reference.embargo_until is not None and reference.embargo_until > public_from:
            raise WrongState(
                _("“%(publication)s” is under an embargo until %(until)s; set one as long here."),
                code="embargo",
                params={"publication": reference, "until": reference.embargo_until},
            )
        _publish_one(_locked(reference), by=by, at=at, names_are_public=names_are_public)
    _publish_one(row, by=by, at=at, names_are_public=names_are_public)
    _take_over(publication, row, "state", "reviewer", "published_at", "withdrawn_at", "withdrawal_note")


def _publish_one(row: Publication, *, by: User, at: dt.datetime, names_are_public: str) -> None:
    if row.author_id == by.pk:
        raise ReviewerIsAuthor(
            _("You wrote “%(publication)s”: somebody else has to review and publish it."),
            code="reviewer_is_author",
            params={"publication": row},
        )
    row.reviewer = by
    row.state = PublicationState.PUBLISHED
    row.published_at = row.published_at or at
    row.withdrawn_at = None
    row.withdrawal_note = ""
    row.full_clean()
    row.save()
    let_be_read(row, row.passages(), by=by, at=at, names_are_public=names_are_public)


@transaction.atomic
def withdraw(publication: Publication, *, by: User, at: dt.datetime, note: str, names_are_public: str = "") -> None:
    """Published → withdrawn; a tombstone with the public `note` stays at its address."""
    require_reviewer(by)
    if not note.strip():
        raise NothingSaid(_("Say why it is withdrawn; the note is public."), code="nothing_said")
    row = _locked(publication)
    _require_state(row, PublicationState.PUBLISHED)
    row.state = PublicationState.WITHDRAWN
    row.withdrawn_at = at
    row.withdrawal_note = note.strip()
    row.full_clean()
    row.save(update_fields=["state", "withdrawn_at", "withdrawal_note"])
    named = row._meta.get_field("withdrawal_note").verbose_name
    note_of_it = Passage(named, row.withdrawal_note, row, "withdrawal_note")
    let_be_read(row, [note_of_it], by=by, at=at, names_are_public=names_are_public)
    _take_over(publication, row, "state", "withdrawn_at", "withdrawal_note")


@transaction.atomic
def revise(
    publication: Publication,
    *,
    by: User,
    note: str,
    parts: Callable[[], object] | None = None,
    named_before: Iterable[Publication] | None = None,
    names_are_public: str = "",
) -> None:
    """Saves an edit of a published publication as its next version, with a public `note` of what changed.

    `parts` saves what hangs on it, as part of the same change. What it named before and was withdrawn since
    is no hindrance: records name it for good, and nobody is shown it. `named_before` says what that is where
    parts are saved already; by default it is looked up. Raises RefersToUnpublished, and TextRefused where a text says what
    it must not; `names_are_public` is a reviewer's reason for letting the names in it stand.
    """
    require_desk(by)
    if not note.strip():
        raise NothingSaid(_("Say what changed; the note is public."), code="nothing_said")
    row = _locked(publication)
    _require_state(row, PublicationState.PUBLISHED)
    _take_over(publication, row, "state", "author", "reviewer", "published_at", "withdrawn_at")
    _take_over(publication, row, *row.kept_by_the_database)
    publication.version = row.version + 1
    publication.version_note = note.strip()
    before = unpublished_references(row, at=timezone.now()) if named_before is None else named_before
    withdrawn_since = {_identity(one) for one in before if one.state == PublicationState.WITHDRAWN}
    publication.full_clean()
    publication.save()
    if parts is not None:
        parts()
    at = timezone.now()
    missing = [one for one in unpublished_references(publication, at=at) if _identity(one) not in withdrawn_since]
    if missing:
        raise RefersToUnpublished(missing)
    let_be_read(publication, publication.passages(), by=by, at=at, names_are_public=names_are_public)


def append(record: R) -> R:
    """Validates and inserts an appended record."""
    record.full_clean()
    record.save(force_insert=True)
    return record


def _insert(record: AppendedRecord, *, missing: Mapping[str, Any]) -> None:
    """Inserts `record`; raises NeedsMore with what is wrong with it, and with what is `missing` by field."""
    told: dict[str, list[Any]] = {}
    try:
        record.full_clean()
    except ValidationError as error:
        told = dict(placed(error, type(record)).error_dict)
    for name, message in missing.items():
        if message:
            told.setdefault(name, []).append(ValidationError(message, code="needs_more"))
    if told:
        raise NeedsMore(told)
    record.save(force_insert=True)


@transaction.atomic
def record_review(
    claim: Claim,
    *,
    status: str,
    as_of: dt.date,
    reason: str,
    by: User,
    at: dt.datetime,
    decided_at: dt.datetime | None = None,
    language: str = "en",
    corrects: Review | None = None,
    names_are_public: str = "",
) -> Review:
    """Appends a decision on the verification status of `claim`.

    Raises NeedsMore with all that is wrong with it; what the status needs is said by `verification`.
    """
    require_desk(by)
    _locked(claim)  # what it rests on stays as it is judged here
    record = Review(
        claim=claim,
        status=status,
        as_of=as_of,
        reason=reason,
        by=by,
        recorded_at=at,
        decided_at=decided_at or at,
        language=language,
        corrects=corrects,
    )
    _insert(record, missing={"status": verification.lacking(status, claim.grounds(on=as_of))})
    let_be_read_if_public(claim, record, by=by, at=at, names_are_public=names_are_public)
    return record


@transaction.atomic
def record_resolution(
    claim: Claim,
    *,
    outcome: str,
    as_of: dt.date,
    reason: str,
    by: User,
    at: dt.datetime,
    source: Source | None = None,
    language: str = "en",
    corrects: Resolution | None = None,
    names_are_public: str = "",
) -> Resolution:
    """Appends how the forecast `claim` ended, as somebody other than its author judges it.

    Raises NotResolvable before its time, and for what is no forecast that was public.
    """
    require_desk(by)
    refusal = why_not_resolved(_locked(claim), outcome=outcome, as_of=as_of, by=by)
    if refusal is not None:
        field, message = refusal
        raise NotResolvable({field: ValidationError(message, code="not_resolvable")})
    refuse_drafts(claim, [source] if source else [], at=at)
    record = append(
        Resolution(
            claim=claim,
            outcome=outcome,
            as_of=as_of,
            reason=reason,
            by=by,
            recorded_at=at,
            source=source,
            language=language,
            corrects=corrects,
        )
    )
    let_be_read_if_public(claim, record, by=by, at=at, names_are_public=names_are_public)
    return record


@transaction.atomic
def record_position(
    claim: Claim,
    *,
    government: Actor,
    position: str,
    as_of: dt.date,
    by: User,
    at: dt.datetime,
    source: Source | None = None,
    note: str = "",
    language: str = "en",
    corrects: OfficialPosition | None = None,
    names_are_public: str = "",
) -> OfficialPosition:
    """Appends what a government says about `claim`; silence is a position of its own."""
    require_desk(by)
    refuse_drafts(claim, [government, *([source] if source else [])], at=at)
    record = append(
        OfficialPosition(
            claim=claim,
            government=government,
            position=position,
            as_of=as_of,
            by=by,
            recorded_at=at,
            source=source,
            note=note,
            language=language,
            corrects=corrects,
        )
    )
    let_be_read_if_public(claim, record, by=by, at=at, names_are_public=names_are_public)
    return record


@transaction.atomic
def record_instrument_action(
    instrument: Instrument,
    *,
    type: str,
    as_of: dt.date,
    by: User,
    at: dt.datetime,
    party: Actor | None = None,
    date: str = "",
    note: str = "",
    language: str = "en",
    corrects: InstrumentAction | None = None,
    names_are_public: str = "",
) -> InstrumentAction:
    """Appends what a party did with `instrument`."""
    require_desk(by)
    refuse_drafts(instrument.partnership, [party] if party else [], at=at)
    record = append(
        InstrumentAction(
            instrument=instrument,
            type=type,
            as_of=as_of,
            by=by,
            recorded_at=at,
            party=party,
            date=date,
            note=note,
            language=language,
            corrects=corrects,
        )
    )
    let_be_read_if_public(instrument.partnership, record, by=by, at=at, names_are_public=names_are_public)
    return record


def _several_groups(claim: Claim, groups: Collection[str]) -> list[str]:
    """`groups` without repetition; raises NotSeveralOrigins unless they are several, each with a citation of `claim`."""
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
        raise NeedsMore(placed(error, OriginDecision)) from error
    decision.save(force_insert=True)
    return decision


@transaction.atomic
def keep_origins_apart(
    claim: Claim, *, groups: Collection[str], reason: str, by: User, at: dt.datetime
) -> OriginDecision:
    """Records that `groups` of citations of `claim` are independent of each other, however alike their words are.

    The desk's own record: nothing of it is public, and the claim stays as it is. Raises NeedsMore without a reason.
    """
    require_desk(by)
    row = _locked(claim)
    names = _several_groups(row, groups)
    _require_state(row, PublicationState.DRAFT, PublicationState.IN_REVIEW, PublicationState.PUBLISHED)
    return _decide_on_origins(
        OriginDecision(
            claim=row,
            outcome=OriginOutcome.INDEPENDENT,
            groups=names,
            reason=reason.strip(),
            by=by,
            recorded_at=at,
        )
    )


@transaction.atomic
def count_as_one_origin(
    claim: Claim,
    *,
    groups: Collection[str],
    by: User,
    at: dt.datetime,
    note: str = "",
    reason: str = "",
    names_are_public: str = "",
) -> int:
    """Puts all citations of `claim` in `groups` into the first of these groups: they go back to one origin.

    The number of citations that this changed. Of a public claim it is a new version, with a public `note`.
    The decision is recorded with the desk's `reason`, and takes the place of one that they are independent.
    Reviews stay as they are recorded: what a status then lacks is shown, and somebody reviews the claim again.
    """
    require_desk(by)
    row = _locked(claim)
    names = _several_groups(row, groups)
    _require_state(row, PublicationState.DRAFT, PublicationState.IN_REVIEW, PublicationState.PUBLISHED)
    _decide_on_origins(
        OriginDecision(
            claim=row,
            outcome=OriginOutcome.ONE_ORIGIN,
            groups=names,
            reason=reason.strip(),
            by=by,
            recorded_at=at,
        )
    )
    others = row.citations.filter(independence_group__in=names[1:])
    number: int = others.count()

    def join() -> None:
        others.update(independence_group=names[0])

    if row.state == PublicationState.PUBLISHED:
        revise(row, by=by, note=note, parts=join, names_are_public=names_are_public)
        _take_over(claim, row, "version", "version_note")
    else:
        join()
    return number


SAYS_THAT_A_PACT_EXISTS = (ClaimKind.AGREEMENT, ClaimKind.OCCURRENCE)
"""Kinds of claims that become instruments: that something is agreed, or that it was signed."""


@transaction.atomic
def promote(
    claim: Claim, instrument: Instrument, *, by: User, at: dt.datetime, note: str = "", names_are_public: str = ""
) -> Instrument:
    """Enters `instrument`, not yet saved, on the strength of `claim` that it exists, and keeps the link.

    It takes over the citations that support the claim, so that it always shows on how many origins it rests.
    Raises NotEstablished unless the claim is corroborated or better by now. A public partnership gets a
    new version, with a public `note`.
    """
    require_desk(by)
    row = _locked(claim)
    status = Claim.objects.with_status(as_of=None).values_list("status", flat=True).get(pk=row.pk)
    if row.kind not in SAYS_THAT_A_PACT_EXISTS:
        raise NotEstablished(
            _("This is a claim of the kind “%(kind)s”; only a claim that something is agreed becomes an instrument."),
            code="wrong_kind",
            params={"kind": row.get_kind_display()},
        )
    if status not in verification.ESTABLISHED:
        grounds = row.grounds()
        needed = listed(f"{one.label}: {verification.in_words(one, grounds)}" for one in verification.ESTABLISHED)
        raise NotEstablished(
            _(
                "It is %(status)s. Only a claim that is corroborated or officially confirmed becomes an instrument; "
                "cite what is missing and record a review first. There is by now: %(needed)s."
            ),
            code="not_established",
            params={"status": VerificationStatus(status).label, "needed": needed},
        )
    whole = instrument.partnership = _locked(instrument.partnership)
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
        revise(whole, by=by, note=note, parts=enter, names_are_public=names_are_public)
    else:
        save_draft(whole, by=by)
        enter()
    return instrument


def refuse_drafts(whole: Publication, references: Iterable[Publication], *, at: dt.datetime) -> None:
    """Raises RefersToUnpublished if a published whole would name what is not public when it is itself."""
    if whole.state != PublicationState.PUBLISHED:
        return
    public_from = max(at, whole.embargo_until or at)
    missing = [reference for reference in references if not reference.is_published(at=public_from)]
    if missing:
        raise RefersToUnpublished(missing)


class NotKept(Refused):
    """An uploaded copy that cannot be kept."""


@transaction.atomic
def ask_for_copy(source: Source, *, by: User, at: dt.datetime) -> bool:
    """Has a new copy of what `source` says fetched in the background; False if one is already being waited for."""
    require_desk(by)
    if not source.url:
        raise WrongState(_("This source has no address to fetch from: upload a copy."), code="no_address")
    return later(
        "keep_copy",
        once=f"copy-{source.pk}",
        one_by_one=f"source-{source.pk}",
        source=source.pk,
        by=by.pk,
        asked_at=at.isoformat(),
    )


@transaction.atomic
def record_fetch(
    source: Source, *, url: str, answer: Fetched | NotFetched, by: User | None, at: dt.datetime
) -> ArchivedCopy:
    """Appends what the address of `source` answered; `by` somebody who asked for it, or by nobody.

    Three failures in a row that span a week say that it is gone.
    """
    row = _locked(source)
    copy = ArchivedCopy(
        source=row, url=url, final_url=answer.final_url, http_status=answer.status, by=by, recorded_at=at
    )
    if isinstance(answer, Fetched):
        copy.outcome = ArchivedCopy.Outcome.ANSWERS
        if answer.content is not None:
            return _kept(copy, answer.content, answer.media_type)
    elif answer.reason in UNREACHABLE:
        before = ArchivedCopy.objects.latest_of(row).first()
        copy.reason, copy.failures, copy.failing_since = answer.reason, 1, at
        if before is not None and before.url == url and before.failing_since is not None:
            copy.failures, copy.failing_since = before.failures + 1, before.failing_since
        lasting = copy.failures >= FAILURES_OF_THE_GONE and at - copy.failing_since >= GONE_AFTER
        # Where nobody has answered all this time, it is we who were not on the network.
        online = copy.http_status is not None or ArchivedCopy.objects.anybody_answered(copy.failing_since)
        gone = lasting and online
        copy.outcome = ArchivedCopy.Outcome.GONE if gone else ArchivedCopy.Outcome.UNREACHABLE
    else:
        copy.outcome, copy.reason = ArchivedCopy.Outcome.REFUSED, answer.reason
    copy.full_clean()
    copy.save(force_insert=True)
    return copy


@transaction.atomic
def keep_upload(source: Source, *, content: bytes, by: User, at: dt.datetime) -> ArchivedCopy:
    """Keeps `content`, which somebody saved by hand, as the copy of `source`."""
    require_desk(by)
    if len(content) > Limits().bytes:
        raise NotKept({"file": ValidationError(Reason.TOO_LARGE.label, code="too_large")})
    media_type = found_in(content) if content else ""
    if not media_type:
        raise NotKept({"file": ValidationError(Reason.TYPE.label, code="type")})
    return _kept(ArchivedCopy(source=_locked(source), by=by, recorded_at=at), content, media_type)


def _kept(copy: ArchivedCopy, content: bytes, media_type: str) -> ArchivedCopy:
    copy.outcome, copy.media_type = ArchivedCopy.Outcome.KEPT, media_type
    copy.size, copy.sha256 = len(content), hashlib.sha256(content).hexdigest()
    copy.full_clean()
    copy.save(force_insert=True)
    ArchivedContent(copy=copy, content=content).save(force_insert=True)
    return copy
