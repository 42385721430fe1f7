"""How long a test waits for what should happen. Results do not depend on it: normally it happens sooner."""

PATIENCE = 120
"""Seconds."""
