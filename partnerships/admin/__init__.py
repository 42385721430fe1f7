"""The pages of this app at the desk: one module for each aggregate."""

from partnerships.admin import actor, claim, instrument, partnership, source, topic
from publishing.desk import change

__all__ = ["actor", "change", "claim", "instrument", "partnership", "source", "topic"]
