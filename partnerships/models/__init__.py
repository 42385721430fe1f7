from partnerships.models.actor import Actor, Membership
from partnerships.models.archived_copy import ArchivedContent, ArchivedCopy
from partnerships.models.claim import (
    Claim,
    ClaimLink,
    ClaimSubject,
    Likelihood,
    OfficialPosition,
    Review,
)
from partnerships.models.current_verification import CurrentVerification
from partnerships.models.forecast import Resolution
from partnerships.models.instrument import (
    ActionType,
    Instrument,
    InstrumentAction,
    InstrumentObligation,
)
from partnerships.models.origin_decision import OriginDecision, OriginOutcome
from partnerships.models.partnership import (
    Cooperation,
    Partnership,
    PartnershipLink,
    Party,
)
from partnerships.models.source import (
    AbstractCitation,
    Citation,
    InformationCredibility,
    Source,
    SourceReliability,
    Stance,
)
from partnerships.models.topic import Topic
from partnerships.verification import VerificationStatus
from publishing.models.change import Change
from publishing.models.sent_form import SentForm

__all__ = [
    "AbstractCitation",
    "ActionType",
    "Actor",
    "ArchivedContent",
    "ArchivedCopy",
    "Change",
    "Citation",
    "Claim",
    "ClaimLink",
    "ClaimSubject",
    "Cooperation",
    "CurrentVerification",
    "InformationCredibility",
    "Instrument",
    "InstrumentAction",
    "InstrumentObligation",
    "Likelihood",
    "Membership",
    "OfficialPosition",
    "OriginDecision",
    "OriginOutcome",
    "Partnership",
    "PartnershipLink",
    "Party",
    "Resolution",
    "Review",
    "SentForm",
    "Source",
    "SourceReliability",
    "Stance",
    "Topic",
    "VerificationStatus",
]
