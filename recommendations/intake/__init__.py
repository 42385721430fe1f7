"""Reads a report and proposes what can be tracked of it: rules and word lists, no network, no model.

    proposals("Participants urged Türkiye to …")["recommendations"]

Proposals have the shape of the gold files (`scoring.py` measures them); each carries the place of its sentence in the text.
Nothing here knows the database: what is proposed is stored by nobody before a person accepts it (ADR 44).
"""
