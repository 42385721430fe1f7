"""The staff desk of this app: one module per aggregate."""

from recommendations.admin import followup, letter, recommendation, submission

__all__ = ["followup", "letter", "recommendation", "submission"]
