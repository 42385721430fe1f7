"""The staff desk of this app: one module per aggregate."""

from partnerships.admin import actor, claim, instrument, partnership, source, topic
from publishing.desk import change

__all__ = ["actor", "change", "claim", "instrument", "partnership", "source", "topic"]
