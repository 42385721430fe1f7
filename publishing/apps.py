from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("Publishing")

    # The database functions that the reader may call, and those that only the owner may; reader/rights.py grants them.
    reader_functions = (
        "publishing_changes_settled_at()",
        "publishing_revision(timestamp with time zone)",
        "publishing_search(tsquery, tsquery, tsquery, text[], text, text[], integer)",
        "publishing_search_near(text[])",
    )
    owner_functions = (
        "publishing_announce(text, text, text, text, text, integer, timestamp with time zone)",
        "keep_groups_of_the_desk()",
        "publishing_can_be(text)",
        "publishing_keep_search_text(text, text, timestamp with time zone, text, text[], text[])",
        "publishing_search_all(tsquery, tsquery, tsquery, text[], text, text[], integer, timestamp with time zone, boolean)",
    )
    owner_function_families = ("procrastinate",)
    """PostgreSQL lets everybody call a new function; those of the queue are only for roles that write to its tables."""

    def ready(self) -> None:
        from publishing.reader.credentials import refuse_all_but_the_reader
        from publishing.reader.rights import lay_after_migrate

        if settings.MAJLIS_PUBLIC_ONLY:
            connection_created.connect(refuse_all_but_the_reader)
        else:
            post_migrate.connect(lay_after_migrate, sender=self)
