"""Numbers that stay valid until something public changes: cached in the process, by the revision of what is public.

The revision is taken from the lines of the feed of changes that have taken effect: the last moment and the last line.
Triggers write a line with every change that the public sees, in the same transaction and under a lock, so a later
commit has a later line. The end of an embargo has a line that takes effect by itself. So two readings with the same
revision see the same rows. The revision is read before the number is computed: a commit in between can only make the
number newer than its revision, and nobody asks for an older revision again. If a number also changes with the calendar,
its key must contain the day.

Only for the public, and never for texts: the desk also sees changes without a line in the feed.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db import connections

from publishing.roles import reads_drafts

T = TypeVar("T")

KEPT = 500
"""At most this many answers are kept; many different questions push out the oldest."""

_kept: OrderedDict[Hashable, Any] = OrderedDict()
_turn = threading.Lock()


def revision(*, using: str = "default") -> Hashable | None:
    """The revision of what is public now; None where it cannot be used.

    A transaction that has written sees its own changes, and a second change to the same publication writes no second
    line: for this transaction, the revision would stay the same.
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
    """The result of `compute` for the question `what`, computed again only if something public has changed.

    `what` must contain everything that the result depends on besides what is public. For the desk it is always
    computed.
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
