"""What needs the desk, as one list: computed when somebody looks, never stored.

An addressee stands in it once, for its most pressing reason, and so does a claim; the reasons are the
members of `QueueKind`, the most pressing first, and within each the oldest come first. Of a pressing reason
that somebody put off (`Snooze`) nothing is shown until its day, or until something new is recorded.

Each kind is a walk along an index of its own that ends with the page, so the first page of a large base
costs what that of a small one costs; so do the next ones, which begin after an item and count none.
"""

from recommendations.queue.listing import COUNTED, WALKS, Count, Item, counts, items
from recommendations.queue.place import KINDS, SOMETIME, Narrowed, Place, QueueKind

__all__ = [
    "COUNTED",
    "KINDS",
    "SOMETIME",
    "WALKS",
    "Count",
    "Item",
    "Narrowed",
    "Place",
    "QueueKind",
    "counts",
    "items",
]
