"""The staff desk of this app: one module per aggregate."""

from recommendations.admin import followup, recommendation, submission

__all__ = ["followup", "recommendation", "submission"]
