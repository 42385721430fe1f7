from events.models.event import (
    AttributionRule,
    Event,
    Organiser,
    Session,
    effective_rule,
)
from events.models.participant import Consent, Participant
from events.models.report import Document, Point, Report
from events.models.series import Series

__all__ = [
    "AttributionRule",
    "Consent",
    "Document",
    "Event",
    "Organiser",
    "Participant",
    "Point",
    "Report",
    "Series",
    "Session",
    "effective_rule",
]
