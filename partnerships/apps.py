from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = _("Partnerships")

    reader_functions = ("partnerships_has_lost_grounds(bigint)",)
    owner_functions = (
        "partnerships_voices(bigint)",
        "partnerships_grounds(bigint, date)",
        "partnerships_keep_current_verification(bigint)",
    )
