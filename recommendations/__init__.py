"""Recommendations, their addressees, and what became of them."""
