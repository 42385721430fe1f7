from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    reader_functions = ("events_support_is_shown(bigint)",)
    tables_behind_reader_functions = ("events_groupsize", "events_participant")
    owner_functions = (
        "events_smallest_group()",
        "events_size_of_group(bigint, bigint)",
        "events_is_too_small(integer)",
        "events_group_is_too_small(bigint, bigint)",
        "events_keep_disclosed(bigint)",
        "events_announce_reports(bigint, bigint)",
        "events_announce_off_record(bigint, boolean)",
    )

    def ready(self) -> None:
        from events import upload_folder  # noqa: F401 -- registers its check
        from events.minimum_group_size import keep_smallest_group
        from events.names.check import read_publication
        from publishing.public_texts import before_publication

        post_migrate.connect(keep_smallest_group, sender=self)
        before_publication.connect(read_publication, dispatch_uid="events.names.check")
