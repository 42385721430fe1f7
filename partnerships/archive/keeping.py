"""Keeping copies: what goes out to the network first, and then to `actions` with what came back."""

import datetime as dt

from partnerships import actions
from partnerships.archive import fetching
from partnerships.archive.fetching import Fetched, NotFetched
from partnerships.audience import User
from partnerships.models import ArchivedCopy, Source
from partnerships.models.archived_copy import to_be_asked


def ask_if_due(source_id: int, *, at: dt.datetime) -> ArchivedCopy | None:
    """Asks the address of a source that is due: for a copy if there is none of it yet, else whether it answers."""
    source = to_be_asked(at=at).filter(pk=source_id).first()
    if source is None:
        return None  # done by another, deleted, or cited no more
    has_copy = ArchivedCopy.objects.filter(source=source, url=source.url, outcome=ArchivedCopy.Outcome.KEPT).exists()
    return _ask(source, with_content=not has_copy, by=None, at=at)


def keep_for(source_id: int, *, by: int, asked_at: dt.datetime, at: dt.datetime) -> ArchivedCopy | None:
    """Keeps another copy for somebody who asked for one at `asked_at`, and did not get it yet."""
    source = Source.objects.exclude(url="").filter(pk=source_id).first()
    if source is None or ArchivedCopy.objects.filter(source=source, by=by, recorded_at__gte=asked_at).exists():
        return None
    return _ask(source, with_content=True, by=User.objects.get(pk=by), at=at)


def _ask(source: Source, *, with_content: bool, by: User | None, at: dt.datetime) -> ArchivedCopy:
    # Outside of any transaction: a host that takes its time must not hold a row of ours.
    url = source.url
    answer: Fetched | NotFetched
    try:
        answer = fetching.fetch(url, with_content=with_content)
    except NotFetched as refusal:
        answer = refusal
    return actions.record_fetch(source, url=url, answer=answer, by=by, at=at)
