from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from publishing.reader import public_from


class Command(BaseCommand):
    help = (
        "Computes public_from, the moment from which the public may read a row, in all tables, and corrects what differs."
        " Needed only after rows were written without the triggers; it may be run at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if something differs")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.say(f"Rows corrected: {public_from.fill(connection)}.", options)
            return
        wrong = public_from.wrong_rows(connection)
        if wrong:
            told = ", ".join(f"{table} ({number})" for table, number in wrong.items())
            raise CommandError(f"public_from is wrong in: {told}. Run manage.py rebuild_public_from.")
        self.say("public_from is right in all tables.", options)

    def say(self, words: str, options: dict[str, Any]) -> None:
        if options["verbosity"] >= 1:
            self.stdout.write(words)
