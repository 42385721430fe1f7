"""The pages of this app at the desk: one module for each aggregate."""

from recommendations.admin import followup, letter, recommendation, submission

__all__ = ["followup", "letter", "recommendation", "submission"]
