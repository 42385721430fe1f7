"""The staff desk of this app: one module per aggregate, beside what the desks of all apps share."""

from partnerships.admin import actor, change, claim, instrument, partnership, source, topic

__all__ = ["actor", "change", "claim", "instrument", "partnership", "source", "topic"]
