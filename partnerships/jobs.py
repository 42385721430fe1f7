"""The background jobs of this app. Each job makes one call, and running it twice does no harm."""

import datetime as dt

from django.contrib.auth.models import User
from django.utils import timezone
from procrastinate.contrib.django import app

from partnerships import actions
from partnerships.archive import fetching
from partnerships.archive.fetching import Fetched, NotFetched
from partnerships.models import ArchivedCopy, Source
from partnerships.models.archived_copy import to_be_asked
from publishing.background import RETRIES, enqueue
from publishing.models import sent_form

AT_ONCE = 50
"""How many addresses one run queues; the next run is five minutes later."""


@app.task(name="ask_address", retry=RETRIES)
def ask_address(*, source: int) -> None:
    """Fetches a copy of a source that is due, or checks whether its address still answers."""
    ask_if_due(source, at=timezone.now())


@app.task(name="keep_copy", retry=RETRIES)
def keep_copy(*, source: int, by: int, asked_at: str) -> None:
    """Fetches another copy that somebody at the desk asked for."""
    keep_for(source, by=by, asked_at=dt.datetime.fromisoformat(asked_at), at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="ask_addresses", queueing_lock="ask_addresses", pass_context=False)
def ask_addresses(timestamp: int) -> None:
    """Queues the sources that are due."""
    for source in to_be_asked(at=timezone.now()).values_list("pk", flat=True)[:AT_ONCE]:
        enqueue("ask_address", queueing_lock=f"ask-{source}", lock=f"source-{source}", source=source)


@app.periodic(cron="41 3 * * *")
@app.task(name="clear_sent_forms", queueing_lock="clear_sent_forms", pass_context=False)
def clear_sent_forms(timestamp: int) -> None:
    """Deletes the keys of forms that were sent so long ago that nobody sends them again."""
    sent_form.clear_away(at=timezone.now())


# Fetching copies: first the network, then `actions` with the result


def ask_if_due(source_id: int, *, at: dt.datetime) -> ArchivedCopy | None:
    """Asks the address of a source that is due: for a copy if there is none yet, else whether it answers."""
    source = to_be_asked(at=at).filter(pk=source_id).first()
    if source is None:
        return None  # done by another worker, deleted, or not cited any more
    has_copy = ArchivedCopy.objects.filter(source=source, url=source.url, outcome=ArchivedCopy.Outcome.KEPT).exists()
    return _ask(source, with_content=not has_copy, by=None, at=at)


def keep_for(source_id: int, *, by: int, asked_at: dt.datetime, at: dt.datetime) -> ArchivedCopy | None:
    """Fetches another copy for somebody who asked for one at `asked_at`, unless that was done already."""
    source = Source.objects.exclude(url="").filter(pk=source_id).first()
    if source is None or ArchivedCopy.objects.filter(source=source, by=by, recorded_at__gte=asked_at).exists():
        return None
    return _ask(source, with_content=True, by=User.objects.get(pk=by), at=at)


def _ask(source: Source, *, with_content: bool, by: User | None, at: dt.datetime) -> ArchivedCopy:
    # Outside any transaction: a slow host must not keep a row of ours locked.
    url = source.url
    answer: Fetched | NotFetched
    try:
        answer = fetching.fetch(url, with_content=with_content)
    except NotFetched as refusal:
        answer = refusal
    return actions.record_fetch(source, url=url, answer=answer, by=by, at=at)
