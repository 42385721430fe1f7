from events.models.event import (
    AttributionRule,
    Event,
    Organiser,
    Session,
    effective_rule,
)
from events.models.participant import Consent, DisclosedParticipant, Disclosure, Participant
from events.models.report import Document, Point, Report
from events.models.series import Series
from events.models.viewing import Viewing

__all__ = [
    "AttributionRule",
    "Consent",
    "DisclosedParticipant",
    "Disclosure",
    "Document",
    "Event",
    "Organiser",
    "Participant",
    "Point",
    "Report",
    "Series",
    "Session",
    "Viewing",
    "effective_rule",
]
