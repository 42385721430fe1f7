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
from recommendations.models.standing import Standing

__all__ = [
    "Addressee",
    "Confirmation",
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
    "Standing",
    "StatusEntry",
    "Submission",
]
