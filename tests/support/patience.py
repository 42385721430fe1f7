"""How long a test waits for what should happen. It decides nothing: on a machine of any speed it comes sooner."""

PATIENCE = 120
"""Seconds."""
