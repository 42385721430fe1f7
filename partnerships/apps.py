from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = _("Partnerships")

    def ready(self) -> None:
        from partnerships.credentials import refuse_all_but_the_reader
        from partnerships.rights import lay_after_migrate

        if settings.MAJLIS_PUBLIC_ONLY:
            connection_created.connect(refuse_all_but_the_reader)
        else:
            post_migrate.connect(lay_after_migrate, sender=self)
