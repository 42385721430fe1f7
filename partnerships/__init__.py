"""Partnerships between actors, claims about them, and how well each claim is verified."""
