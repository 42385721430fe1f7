"""What this room does in the background. Each job makes one call, and is harmless when it is done twice."""

import datetime as dt

from django.utils import timezone
from procrastinate.contrib.django import app

from partnerships.archive import keeping
from partnerships.background import AGAIN, later
from partnerships.models import sent_form
from partnerships.models.archived_copy import to_be_asked

AT_ONCE = 50
"""So many addresses are set to work by one look; the next look is five minutes later."""


@app.task(name="ask_address", retry=AGAIN)
def ask_address(*, source: int) -> None:
    """Keeps a copy of a source whose time has come, or sees whether its address still answers."""
    keeping.ask_if_due(source, at=timezone.now())


@app.task(name="keep_copy", retry=AGAIN)
def keep_copy(*, source: int, by: int, asked_at: str) -> None:
    """Keeps another copy, as somebody at the desk asked for."""
    keeping.keep_for(source, by=by, asked_at=dt.datetime.fromisoformat(asked_at), at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="ask_addresses", queueing_lock="ask_addresses", pass_context=False)
def ask_addresses(timestamp: int) -> None:
    """Looks which sources are due."""
    for source in to_be_asked(at=timezone.now()).values_list("pk", flat=True)[:AT_ONCE]:
        later("ask_address", once=f"ask-{source}", one_by_one=f"source-{source}", source=source)


@app.periodic(cron="41 3 * * *")
@app.task(name="clear_sent_forms", queueing_lock="clear_sent_forms", pass_context=False)
def clear_sent_forms(timestamp: int) -> None:
    """Forgets which forms were sent, once nobody goes back to them any more."""
    sent_form.clear_away(at=timezone.now())
