"""What this room does in the background. Each job makes one call, and is harmless when it is done twice."""

import datetime as dt

from django.contrib.auth.models import User
from django.utils import timezone
from procrastinate.contrib.django import app

from partnerships import actions
from partnerships.archive import fetching
from partnerships.archive.fetching import Fetched, NotFetched
from partnerships.models import ArchivedCopy, Source
from partnerships.models.archived_copy import to_be_asked
from publishing.background import AGAIN, enqueue
from publishing.models import sent_form

AT_ONCE = 50
"""So many addresses are set to work by one look; the next look is five minutes later."""


@app.task(name="ask_address", retry=AGAIN)
def ask_address(*, source: int) -> None:
    """Keeps a copy of a source whose time has come, or sees whether its address still answers."""
    ask_if_due(source, at=timezone.now())


@app.task(name="keep_copy", retry=AGAIN)
def keep_copy(*, source: int, by: int, asked_at: str) -> None:
    """Keeps another copy, as somebody at the desk asked for."""
    keep_for(source, by=by, asked_at=dt.datetime.fromisoformat(asked_at), at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="ask_addresses", queueing_lock="ask_addresses", pass_context=False)
def ask_addresses(timestamp: int) -> None:
    """Looks which sources are due."""
    for source in to_be_asked(at=timezone.now()).values_list("pk", flat=True)[:AT_ONCE]:
        enqueue("ask_address", queueing_lock=f"ask-{source}", lock=f"source-{source}", source=source)


@app.periodic(cron="41 3 * * *")
@app.task(name="clear_sent_forms", queueing_lock="clear_sent_forms", pass_context=False)
def clear_sent_forms(timestamp: int) -> None:
    """Forgets which forms were sent, once nobody goes back to them any more."""
    sent_form.clear_away(at=timezone.now())


# Keeping copies: what goes out to the network first, and then to `actions` with what came back


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
