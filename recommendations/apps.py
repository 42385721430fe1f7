from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecommendationsConfig(AppConfig):
    name = "recommendations"
    verbose_name = _("Recommendations")

    reader_functions = ("recommendations_has_source_being_read(bigint)",)
    owner_functions = ("recommendations_keep_current_status(bigint)",)
