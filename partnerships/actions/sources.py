"""The actions on sources and their archived copies."""

import datetime as dt
import hashlib
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from partnerships.archive.fetching import UNREACHABLE, Fetched, Limits, NotFetched, Reason
from partnerships.archive.kinds import found_in
from partnerships.models import (
    ArchivedContent,
    ArchivedCopy,
    Source,
)
from partnerships.models.archived_copy import FAILURES_OF_THE_GONE, GONE_AFTER
from partnerships.models.source import bare_address
from publishing.acting import Act
from publishing.actions import save_draft, select_locked, submit_for_review
from publishing.background import enqueue
from publishing.permissions import require_desk
from publishing.publication import PublicationState
from publishing.refusals import Refused, WrongState


class NotKept(Refused):
    """An uploaded copy that cannot be stored."""


@transaction.atomic
def cite_address(
    address: str, *, act: Act, title: str = "", publisher_name: str = "", date: str = ""
) -> tuple[Source, bool]:
    """The source at a web address, and whether it is new; a new one is submitted for review.

    A new one gets its address as title and its host as publisher, unless others are given. Raises WrongState if the
    source at this address was withdrawn: citing it must not restore it.
    """
    require_desk(act.by)
    address = address.strip()
    with connection.cursor() as cursor:
        # Two people may add the same address at once.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('majlis.source.' || %s))", [bare_address(address)])
    written = {f"{scheme}://{bare_address(address)}{end}" for scheme in ("http", "https") for end in ("", "/")}
    order: dict[str, int] = {PublicationState.PUBLISHED: 0, PublicationState.IN_REVIEW: 1, PublicationState.DRAFT: 2}
    known = sorted(
        Source.objects.filter(url__in=[address, *written]), key=lambda one: (order.get(one.state, 3), one.pk)
    )
    if not known:
        host = urlsplit(address).hostname or ""
        source = Source(
            title=title.strip() or bare_address(address)[:300],
            publisher_name=publisher_name.strip() or host.removeprefix("www."),
            date=date,
            url=address,
            accessed_date=act.at.date(),
        )
        save_draft(source, by=act.by)
        submit_for_review(source, by=act.by)
        return source, True
    if known[0].state == PublicationState.WITHDRAWN:
        message = _("The source at this address, “%(source)s”, was withdrawn.")
        raise WrongState({"url": ValidationError(message, code="withdrawn", params={"source": known[0]})})
    return known[0], False


@transaction.atomic
def cite_document(*, act: Act, title: str, publisher_name: str = "", date: str = "") -> Source:
    """A new source without an address, submitted for review."""
    require_desk(act.by)
    source = Source(title=title.strip(), publisher_name=publisher_name.strip(), date=date, accessed_date=act.at.date())
    save_draft(source, by=act.by)
    submit_for_review(source, by=act.by)
    return source


@transaction.atomic
def ask_for_copy(source: Source, *, act: Act) -> bool:
    """Queues the fetch of a new copy of `source`; False if one is already waiting."""
    require_desk(act.by)
    if not source.url:
        raise WrongState(_("This source has no address to fetch from: upload a copy."), code="no_address")
    return enqueue(
        "keep_copy",
        queueing_lock=f"copy-{source.pk}",
        lock=f"source-{source.pk}",
        source=source.pk,
        by=act.by.pk,
        asked_at=act.at.isoformat(),
    )


@transaction.atomic
def record_fetch(
    source: Source, *, url: str, answer: Fetched | NotFetched, by: User | None, at: dt.datetime
) -> ArchivedCopy:
    """Appends the result of fetching the address of `source`; `by` is who asked for it, or None.

    After three failures in a row within at least a week the address counts as gone.
    """
    row = select_locked(source)
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
        # If no host has answered in all this time, it was our network that failed.
        online = copy.http_status is not None or ArchivedCopy.objects.anybody_answered(copy.failing_since)
        gone = lasting and online
        copy.outcome = ArchivedCopy.Outcome.GONE if gone else ArchivedCopy.Outcome.UNREACHABLE
    else:
        copy.outcome, copy.reason = ArchivedCopy.Outcome.REFUSED, answer.reason
    copy.full_clean()
    copy.save(force_insert=True)
    return copy


@transaction.atomic
def keep_upload(source: Source, *, content: bytes, act: Act) -> ArchivedCopy:
    """Stores `content`, which somebody saved by hand, as a copy of `source`."""
    require_desk(act.by)
    if len(content) > Limits().bytes:
        raise NotKept({"file": ValidationError(Reason.TOO_LARGE.label, code="too_large")})
    media_type = found_in(content) if content else ""
    if not media_type:
        raise NotKept({"file": ValidationError(Reason.TYPE.label, code="type")})
    return _kept(ArchivedCopy(source=select_locked(source), by=act.by, recorded_at=act.at), content, media_type)


def _kept(copy: ArchivedCopy, content: bytes, media_type: str) -> ArchivedCopy:
    copy.outcome, copy.media_type = ArchivedCopy.Outcome.KEPT, media_type
    copy.size, copy.sha256 = len(content), hashlib.sha256(content).hexdigest()
    copy.full_clean()
    copy.save(force_insert=True)
    ArchivedContent(copy=copy, content=content).save(force_insert=True)
    return copy
