"""Numbers that hold until something public changes: kept in the process by the revision of what is public.

The revision is taken from the lines of the feed of changes that have taken effect: the last moment and
the last line. Triggers write a line with whatever changes what the public sees, in the same transaction,
and under a lock, so that a later commit has a later line; an embargo's end has a line that takes effect
by itself, and so moves the moment on. Two readings with the same revision see the same rows. The revision
is read before the number is: what is committed in between can only make a number newer than the revision
it is kept under, and nobody asks for an older revision again. What also changes with the calendar has
the day in its key.

For the public alone, and never for words: the desk also sees what no line announces.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db import connections

from publishing.roles import reads_drafts

T = TypeVar("T")

KEPT = 500
"""Answers that are kept at most; whoever asks for many different ones pushes out the oldest."""

_kept: OrderedDict[Hashable, Any] = OrderedDict()
_turn = threading.Lock()


def revision(*, using: str = "default") -> Hashable | None:
    """What is public now, as something to compare; None where it cannot be compared.

    A transaction that has written sees what nobody else does, and a second change to the same
    publication writes no second line: its own writer cannot tell them apart.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_current_xact_id_if_assigned() IS NOT NULL, (
                SELECT effective_at FROM publishing_change WHERE effective_at <= statement_timestamp()
                ORDER BY effective_at DESC LIMIT 1
            ), (
                SELECT id FROM publishing_change WHERE effective_at <= statement_timestamp()
                ORDER BY id DESC LIMIT 1
            )
            """
        )
        has_written, moment, line = cursor.fetchone()
    return None if has_written else (connection.settings_dict["NAME"], moment, line)


def kept_by_revision(what: Hashable, compute: Callable[[], T], *, user: Any, using: str = "default") -> T:
    """The answer of `compute` to the question `what`, asked anew only if something public has changed.

    `what` says all that the answer depends on beside what is public. The desk is always answered anew.
    """
    if reads_drafts(user):
        return compute()
    at = revision(using=using)
    if at is None:
        return compute()
    key = (what, at)
    with _turn:
        if key in _kept:
            _kept.move_to_end(key)
            found: T = _kept[key]
            return found
    answer = compute()
    with _turn:
        _kept[key] = answer
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return answer
