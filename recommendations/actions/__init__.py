"""The actions on recommendations and their follow-up: every record is appended, none is changed."""

from publishing.refusals import NeedsMore
from recommendations.actions.followup import (
    AlreadyDecided,
    NothingToConfirm,
    accept_submission,
    confirm,
    current_entry,
    decline_submission,
    next_reference,
    record_check,
    record_response,
    record_status,
    snooze,
)
from recommendations.actions.history import NOTHING_SEEN, ForbiddenTransition, OutOfOrder, StaleRecord

__all__ = [
    "NOTHING_SEEN",
    "AlreadyDecided",
    "ForbiddenTransition",
    "NeedsMore",
    "NothingToConfirm",
    "OutOfOrder",
    "StaleRecord",
    "accept_submission",
    "confirm",
    "current_entry",
    "decline_submission",
    "next_reference",
    "record_check",
    "record_response",
    "record_status",
    "snooze",
]
