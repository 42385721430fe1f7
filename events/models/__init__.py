from events.models.document import Document, PublishedContent, PublishedDocument
from events.models.event import (
    AttributionRule,
    Event,
    Organiser,
    Session,
    effective_rule,
)
from events.models.participant import Consent, DisclosedParticipant, Disclosure, Participant
from events.models.public_name import NameRefusal, PublicName
from events.models.report import Point, Report
from events.models.rewording import Rewording
from events.models.series import Series
from events.models.support import GroupSize, Support
from events.models.viewing import Viewing

__all__ = [
    "AttributionRule",
    "Consent",
    "DisclosedParticipant",
    "Disclosure",
    "Document",
    "Event",
    "GroupSize",
    "NameRefusal",
    "Organiser",
    "Participant",
    "Point",
    "PublicName",
    "PublishedContent",
    "PublishedDocument",
    "Report",
    "Rewording",
    "Series",
    "Session",
    "Support",
    "Viewing",
    "effective_rule",
]
