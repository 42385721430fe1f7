from recommendations.models.followup import (
    Confirmation,
    Evidence,
    InternalNote,
    Response,
    StatusEntry,
    Submission,
)
from recommendations.models.recommendation import (
    Addressee,
    Fulfilment,
    Objective,
    Recommendation,
    RecommendationLink,
    Reference,
)
from recommendations.models.standing import Standing

__all__ = [
    "Addressee",
    "Confirmation",
    "Evidence",
    "Fulfilment",
    "InternalNote",
    "Objective",
    "Recommendation",
    "RecommendationLink",
    "Reference",
    "Response",
    "Standing",
    "StatusEntry",
    "Submission",
]
