from recommendations.models.current_status import CurrentStatus
from recommendations.models.digest import Digest, DigestChoice
from recommendations.models.followup import (
    Confirmation,
    Evidence,
    InternalNote,
    Response,
    StatusEntry,
    Submission,
)
from recommendations.models.letter import Letter
from recommendations.models.recommendation import (
    Addressee,
    Fulfilment,
    Objective,
    Recommendation,
    RecommendationLink,
    Reference,
)
from recommendations.models.snooze import Snooze

__all__ = [
    "Addressee",
    "Confirmation",
    "CurrentStatus",
    "Digest",
    "DigestChoice",
    "Evidence",
    "Fulfilment",
    "InternalNote",
    "Letter",
    "Objective",
    "Recommendation",
    "RecommendationLink",
    "Reference",
    "Response",
    "Snooze",
    "StatusEntry",
    "Submission",
]
