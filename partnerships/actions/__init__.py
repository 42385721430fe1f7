"""The ways in which what stands in this app changes; each is one function and one transaction.

Callers hand in who acts (`by`) and when (`at`). Every refusal is a `Refused`: a validation error
that says what was wrong and what to do.
"""

from partnerships.actions.claims import (
    count_as_one_origin,
    keep_origins_apart,
    record_position,
    record_resolution,
    record_review,
)
from partnerships.actions.instruments import SAYS_THAT_A_PACT_EXISTS, promote, record_instrument_action
from partnerships.actions.publications import (
    let_be_read,
    let_be_read_if_public,
    publish,
    refuse_drafts,
    return_to_draft,
    revise,
    save_draft,
    submit_for_review,
    unpublished_references,
    withdraw,
)
from partnerships.actions.refused import (
    NeedsMore,
    NotAllowed,
    NotEstablished,
    NothingSaid,
    NotKept,
    NotResolvable,
    NotSeveralOrigins,
    RefersToUnpublished,
    Refused,
    ReviewerIsAuthor,
    TextRefused,
    WrongState,
)
from partnerships.actions.rights import require_desk, require_reviewer, reviews
from partnerships.actions.rows import insert
from partnerships.actions.sources import ask_for_copy, cite_address, cite_document, keep_upload, record_fetch

__all__ = [
    "SAYS_THAT_A_PACT_EXISTS",
    "NeedsMore",
    "NotAllowed",
    "NotEstablished",
    "NotKept",
    "NotResolvable",
    "NotSeveralOrigins",
    "NothingSaid",
    "RefersToUnpublished",
    "Refused",
    "ReviewerIsAuthor",
    "TextRefused",
    "WrongState",
    "ask_for_copy",
    "cite_address",
    "cite_document",
    "count_as_one_origin",
    "insert",
    "keep_origins_apart",
    "keep_upload",
    "let_be_read",
    "let_be_read_if_public",
    "promote",
    "publish",
    "record_fetch",
    "record_instrument_action",
    "record_position",
    "record_resolution",
    "record_review",
    "refuse_drafts",
    "require_desk",
    "require_reviewer",
    "return_to_draft",
    "reviews",
    "revise",
    "save_draft",
    "submit_for_review",
    "unpublished_references",
    "withdraw",
]
