from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

OF_THE_EARLIER_LAYOUT = ("partnerships", "0001_extensions")
"""The first migration of the earlier layout; the migrations were started anew since (docs/adr)."""


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MAJLIS_PUBLIC_ONLY:
            raise CommandError(
                "MAJLIS_PUBLIC_ONLY is set, and such a process only reads. Migrate without it, with the owner's "
                "DATABASE_URL."
            )
        if OF_THE_EARLIER_LAYOUT in MigrationRecorder(connections[options["database"]]).applied_migrations():
            raise CommandError(
                "This database was made by an earlier layout of Majlis, which cannot be migrated, and is left as it is: "
                "with the version that made it, run “manage.py export_knowledge --drafts knowledge.yaml”, then move the "
                "folder var/postgres away (or name an empty database in DATABASE_URL), start again, and import that file."
            )
        super().handle(*args, **options)
