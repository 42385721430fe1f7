"""Which texts of this app exist in English, Turkish and Arabic, and which rows keep their versions."""

from modeltranslation.translator import TranslationOptions, register

from partnerships.translation import keep_versions
from recommendations.models import Objective, Recommendation


@register(Recommendation)
class RecommendationTranslation(TranslationOptions):
    fields = ("title", "text", "test_of_done")


@register(Objective)
class ObjectiveTranslation(TranslationOptions):
    fields = ("text",)


keep_versions(Recommendation)
