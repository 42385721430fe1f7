"""Which texts of this app exist in English, Turkish and Arabic, and which rows keep their versions."""

import pghistory
from modeltranslation.translator import TranslationOptions, register

from partnerships.clean_text import keep_texts_clean
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
from partnerships.publication import Publication


def keep_versions(model: type[Publication]) -> None:
    """Has the database keep every version of a publication's row, whoever writes it.

    Called after the translations are registered: a tracker made before them would ignore the
    columns of the other languages without a word.
    """
    pghistory.track(
        pghistory.InsertEvent("written"),
        pghistory.UpdateEvent("changed"),
        pghistory.DeleteEvent("deleted"),
        model_name=f"{model.__name__}Version",
        obj_field=pghistory.ObjForeignKey(related_name="versions"),
        append_only=True,
    )(model)


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
