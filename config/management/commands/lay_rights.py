from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from publishing.reader import rights
from publishing.reader.planner_statistics import disable_column_statistics


class Command(BaseCommand):
    help = (
        "Lays again what keeps the public from what is not published: its role, row policies, grants and revoked"
        " functions, as the code declares them. Run it after restoring a dump; it may be run at any time."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--sql",
            action="store_true",
            help="change nothing, and print the statements, for a superuser to run in this database with psql",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MAJLIS_PUBLIC_ONLY:
            raise CommandError(
                "MAJLIS_PUBLIC_ONLY is set, and such a process only reads. Run it with the owner's DATABASE_URL."
            )
        if options["sql"]:
            for fault in rights.faults(connection, with_logins=True):
                mend = fault.mend or f"-- is not to be had so: {rights.RESTORE_ANEW}"
                if fault.fact.kind == "publicness":  # functions of a superuser's could not be laid anew by the owner
                    mend = f"-- is laid by {rights.COMMAND}, as the owner"
                self.stdout.write(f"-- {fault.name}\n{mend}")
            return
        laid, left = rights.lay(connection)
        disable_column_statistics(connection)  # of the tables that have row security by now
        rights.tell(laid, left, say=self.stdout.write, warn=self.stderr.write)
        if left:
            raise CommandError(f"{len(left)} of what the code declares could not be laid.")
        self.stdout.write("Everything that the code declares is there.")
