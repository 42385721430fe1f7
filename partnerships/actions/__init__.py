"""The actions of this app; each is one function and one transaction.

Callers pass who acts and when (`act`). Every refusal is a `Refused`: a validation error that says what is wrong and
what to do.
"""

from partnerships.actions.claims import (
    NotResolvable,
    NotSeveralOrigins,
    count_as_one_origin,
    keep_origins_apart,
    record_position,
    record_resolution,
    record_review,
)
from partnerships.actions.instruments import SAYS_THAT_A_PACT_EXISTS, NotEstablished, promote, record_instrument_action
from partnerships.actions.sources import NotKept, ask_for_copy, cite_address, cite_document, keep_upload, record_fetch

__all__ = [
    "SAYS_THAT_A_PACT_EXISTS",
    "NotEstablished",
    "NotKept",
    "NotResolvable",
    "NotSeveralOrigins",
    "ask_for_copy",
    "cite_address",
    "cite_document",
    "count_as_one_origin",
    "keep_origins_apart",
    "keep_upload",
    "promote",
    "record_fetch",
    "record_instrument_action",
    "record_position",
    "record_resolution",
    "record_review",
]
