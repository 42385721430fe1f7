"""What needs the desk, as one list: computed on demand, never stored.

An addressee appears once, for its most pressing reason, and so does a claim; the reasons are the members of
`QueueKind`, the most pressing first, and within each the oldest come first. A reason that somebody postponed (`Snooze`)
is hidden until its day, or until something new is recorded.

Each kind is read along an index of its own as far as the page needs, so the first page of a large table costs as much
as that of a small one; so do the next pages, which begin after an item and count nothing.
"""

from recommendations.queue.listing import COUNTED, WALKS, Count, QueueItem, counts, items
from recommendations.queue.place import QUEUE_KINDS, SOMETIME, Narrowed, Place, QueueKind

__all__ = [
    "COUNTED",
    "QUEUE_KINDS",
    "SOMETIME",
    "WALKS",
    "Count",
    "Narrowed",
    "Place",
    "QueueItem",
    "QueueKind",
    "counts",
    "items",
]
