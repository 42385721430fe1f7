"""Which texts of this app are translated, and which rows have versions."""

from modeltranslation.translator import TranslationOptions, register

from partnerships.models import (
    Actor,
    Citation,
    Claim,
    Cooperation,
    Instrument,
    InstrumentAction,
    OfficialPosition,
    OriginDecision,
    Partnership,
    Resolution,
    Review,
    Source,
    Topic,
)
from publishing.database.clean_text import keep_texts_clean
from publishing.versions import keep_versions


@register(Actor)
class ActorTranslation(TranslationOptions):
    fields = ("name", "short_name")


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ("name", "description")


@register(Source)
class SourceTranslation(TranslationOptions):
    fields = ("title", "note")


@register(Partnership)
class PartnershipTranslation(TranslationOptions):
    fields = ("name", "summary")


@register(Instrument)
class InstrumentTranslation(TranslationOptions):
    fields = ("name", "description")


@register(Claim)
class ClaimTranslation(TranslationOptions):
    fields = ("statement", "context")


keep_versions(Actor)
keep_versions(Topic)
keep_versions(Source)
keep_versions(Partnership)
keep_versions(Claim)

keep_texts_clean(
    Actor,
    Topic,
    Source,
    Citation,
    Partnership,
    Cooperation,
    Instrument,
    InstrumentAction,
    Claim,
    Review,
    OfficialPosition,
    Resolution,
    OriginDecision,
)
