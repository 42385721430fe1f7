from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MAJLIS_PUBLIC_ONLY:
            raise CommandError(
                "MAJLIS_PUBLIC_ONLY is set, and such a process only reads. Migrate without it, with the owner's "
                "DATABASE_URL."
            )
        super().handle(*args, **options)
