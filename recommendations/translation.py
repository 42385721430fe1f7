"""Which texts of this app are translated, and which rows have versions."""

from modeltranslation.translator import TranslationOptions, register

from publishing.database.clean_text import keep_texts_clean
from publishing.versions import keep_versions
from recommendations.models import (
    Evidence,
    Fulfilment,
    InternalNote,
    Letter,
    Objective,
    Recommendation,
    Response,
    Snooze,
    StatusEntry,
    Submission,
)


@register(Recommendation)
class RecommendationTranslation(TranslationOptions):
    fields = ("title", "text", "test_of_done")


@register(Objective)
class ObjectiveTranslation(TranslationOptions):
    fields = ("text",)


keep_versions(Recommendation)
keep_texts_clean(
    Recommendation,
    Objective,
    Fulfilment,
    Response,
    StatusEntry,
    Evidence,
    InternalNote,
    Submission,
    Letter,
    Snooze,
)
