"""The actions on a publication: draft, submit for review, publish, revise, withdraw."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.acting import Act
from publishing.languages import listed
from publishing.permissions import require_desk, require_reviewer
from publishing.public_texts import PublicText, before_publication, texts_of
from publishing.publication import Publication, PublicationState
from publishing.refusals import NeedsMore, NothingSaid, RefersToUnpublished, ReviewerIsAuthor, TextRefused, WrongState

P = TypeVar("P", bound=Publication)


def check_public_texts(
    publication: Publication,
    public_texts: Iterable[PublicText],
    *,
    act: Act,
    is_withdrawn: bool = False,
) -> None:
    """Sends `before_publication`, whose receivers check `public_texts` and may refuse them.

    Raises TextRefused. `act` may hold a reviewer's reason for letting the names in the texts stand. `is_withdrawn` says
    that these texts are all that stays public of the publication.
    """
    before_publication.send(
        sender=type(publication),
        publication=publication,
        public_texts=public_texts,
        act=Act(by=act.by, at=act.at, names_override_reason=act.names_override_reason.strip()),
        is_withdrawn=is_withdrawn,
    )


def check_public_texts_if_public(
    whole: Publication,
    *rows: Model,
    act: Act,
) -> None:
    """Checks the texts of `rows`, which were added to `whole`, if `whole` is published; otherwise its publication
    checks them.
    """
    if whole.state == PublicationState.PUBLISHED:
        public_texts = (public_text for row in rows for public_text in texts_of(row, row._meta.verbose_name))
        check_public_texts(
            whole,
            public_texts,
            act=act,
        )


def require_state(publication: Publication, *states: PublicationState) -> None:
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


def select_locked(publication: P) -> P:
    """Reads the row again and locks it until the end of the transaction, because two people may act at once."""
    model: Any = type(publication)
    row: P = model._default_manager.select_for_update(of=("self",)).get(pk=publication.pk)
    return row


def copy_fields(publication: Publication, row: Publication, *fields: str) -> None:
    for field in fields:
        setattr(publication, field, getattr(row, field))


@transaction.atomic
def save_draft(publication: Publication, *, by: User, author: User | None = None) -> None:
    """Saves a new publication, or an edit of one that is not yet public.

    The author of a new one is `author`, or `act.by` where that is not given.
    """
    require_desk(by)
    if publication._state.adding:
        publication.author = author or by
        publication.state = PublicationState.DRAFT
    else:
        row = select_locked(publication)
        require_state(row, PublicationState.DRAFT, PublicationState.IN_REVIEW)
        copy_fields(publication, row, "state", "author", "reviewer", "published_at", "withdrawn_at", "version")
        copy_fields(publication, row, *row.kept_by_the_database)
    publication.full_clean()
    publication.save()


@transaction.atomic
def submit_for_review(publication: Publication, *, by: User) -> None:
    """Draft → in review."""
    require_desk(by)
    row = select_locked(publication)
    require_state(row, PublicationState.DRAFT)
    row.state = PublicationState.IN_REVIEW
    row.save(update_fields=["state"])
    copy_fields(publication, row, "state")


@transaction.atomic
def return_to_draft(publication: Publication, *, by: User) -> None:
    """In review → draft."""
    require_desk(by)
    row = select_locked(publication)
    require_state(row, PublicationState.IN_REVIEW)
    row.state = PublicationState.DRAFT
    row.save(update_fields=["state"])
    copy_fields(publication, row, "state")


def unpublished_references(publication: Publication, *, at: dt.datetime) -> list[Publication]:
    """The publications that `publication` refers to, directly or indirectly, and that are not public at `at`.

    A reference under an embargo is left out if the publication's own embargo ends no earlier.
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
def publish(publication: Publication, *, act: Act, together: bool = False) -> None:
    """Draft, in review or withdrawn → published; whoever acts is the reviewer.

    Raises RefersToUnpublished if it refers to drafts; with `together` those are published too, under the same rules.
    Raises TextRefused if a text says what must stay secret; `act` may hold a reviewer's reason for letting the names in
    it stand. The embargo is a property of the publication and does not change.
    """
    require_reviewer(act.by)
    row = select_locked(publication)
    require_state(row, PublicationState.DRAFT, PublicationState.IN_REVIEW, PublicationState.WITHDRAWN)
    missing = unpublished_references(row, at=act.at)
    # What was withdrawn is not published again along with something else: that is a decision of its own.
    refused = [each for each in missing if each.state == PublicationState.WITHDRAWN] if together else missing
    if refused:
        raise RefersToUnpublished(refused)
    # The deepest first, so that nothing is public before the things it refers to.
    public_from = max(act.at, row.embargo_until or act.at)
    for reference in reversed(missing):
        if reference.embargo_until is not None and reference.embargo_until > public_from:
            raise WrongState(
                _("“%(publication)s” is under an embargo until %(until)s; set one as long here."),
                code="embargo",
                params={"publication": reference, "until": reference.embargo_until},
            )
        _publish_one(
            select_locked(reference),
            act=act,
        )
    _publish_one(
        row,
        act=act,
    )
    copy_fields(publication, row, "state", "reviewer", "published_at", "withdrawn_at", "withdrawal_note")


def _publish_one(
    row: Publication,
    *,
    act: Act,
) -> None:
    if row.author_id == act.by.pk:
        raise ReviewerIsAuthor(
            _("You wrote “%(publication)s”: somebody else has to review and publish it."),
            code="reviewer_is_author",
            params={"publication": row},
        )
    row.reviewer = act.by
    row.state = PublicationState.PUBLISHED
    row.published_at = row.published_at or act.at
    row.withdrawn_at = None
    row.withdrawal_note = ""
    row.full_clean()
    row.clean_for_the_public()
    row.save()
    check_public_texts(
        row,
        row.public_texts(),
        act=act,
    )


@transaction.atomic
def withdraw(publication: Publication, *, act: Act, note: str) -> None:
    """Published → withdrawn; a tombstone with the public `note` stays at its address.

    A withdrawal always succeeds. If the note is refused, a text without a reason replaces it, unless `by` may see why
    it was refused and can correct it (TextRefused). `publication.withdrawal_note` is the note that stays. The other
    texts of the publication are not checked.
    """
    require_reviewer(act.by)
    if not note.strip():
        raise NothingSaid(_("Say why it is withdrawn; the note is public."), code="nothing_said")
    row = select_locked(publication)
    require_state(row, PublicationState.PUBLISHED)
    row.state = PublicationState.WITHDRAWN
    row.withdrawn_at = act.at
    row.withdrawal_note = note.strip()
    public_text = PublicText(
        row._meta.get_field("withdrawal_note").verbose_name, row.withdrawal_note, row, "withdrawal_note"
    )
    try:
        check_public_texts(row, [public_text], act=act, is_withdrawn=True)
    except TextRefused as refused:
        if refused.shows_words:
            raise
        refused.keep()
        row.withdrawal_note = str(_("The reason is not given here."))
    changed = ["state", "withdrawn_at", "withdrawal_note"]
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.name not in changed])
    row.save(update_fields=changed)
    copy_fields(publication, row, "state", "withdrawn_at", "withdrawal_note")


@transaction.atomic
def revise(
    publication: Publication,
    *,
    by: User,
    note: str,
    parts: Callable[[], object] | None = None,
    named_before: Iterable[Publication] | None = None,
    names_override_reason: str = "",
) -> None:
    """Saves an edit of a published publication as its next version, with a public `note` of what changed.

    `parts` saves the parts, in the same transaction. References that were made earlier and withdrawn since are allowed:
    records keep their references for good, and no reader is shown them. `named_before` are the earlier references,
    where the parts are saved already; by default they are looked up. Raises RefersToUnpublished, and TextRefused if a
    text says what must stay secret; `act` may hold a reviewer's reason for letting the names in it stand.
    """
    require_desk(by)
    if not note.strip():
        raise NothingSaid(_("Say what changed; the note is public."), code="nothing_said")
    row = select_locked(publication)
    require_state(row, PublicationState.PUBLISHED)
    copy_fields(publication, row, "state", "author", "reviewer", "published_at", "withdrawn_at")
    copy_fields(publication, row, *row.kept_by_the_database)
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
    check_public_texts(
        publication,
        publication.public_texts(),
        act=Act(by=by, at=at, names_override_reason=names_override_reason),
    )


def refuse_drafts(whole: Publication, references: Iterable[Publication], *, at: dt.datetime) -> None:
    """Raises RefersToUnpublished if a public whole would refer to something that is not public at the same time."""
    if whole.state != PublicationState.PUBLISHED:
        return
    public_from = max(at, whole.embargo_until or at)
    missing = [reference for reference in references if not reference.is_published(at=public_from)]
    if missing:
        raise RefersToUnpublished(missing)


M = TypeVar("M", bound=Model)


def insert(row: M, *, wrong: Mapping[str, Sequence[Any]] | None = None) -> M:
    """Inserts `row`. Raises NeedsMore with all its errors, each at its field, together with those in `wrong`."""
    told: dict[str, list[Any]] = {}
    try:
        row.full_clean()
    except ValidationError as error:
        told = dict(error.error_dict)
    for name, messages in (wrong or {}).items():
        told.setdefault(name, []).extend(messages)
    if told:
        raise NeedsMore(told)
    row.save(force_insert=True)
    return row
