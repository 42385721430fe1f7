from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from publishing.database import search_texts


class Command(BaseCommand):
    help = (
        "Writes anew what the search looks through. Needed only after rows were written without the triggers; it may be"
        " run at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if something differs")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.say(f"Things searched: {search_texts.fill(connection)}.", options)
            return
        wrong = search_texts.wrong_rows(connection)
        if wrong:
            told = ", ".join(f"{kind} ({number})" for kind, number in wrong.items())
            raise CommandError(f"The search is not right for: {told}. Run manage.py rebuild_search.")
        self.say("The search is right for everything.", options)

    def say(self, words: str, options: dict[str, Any]) -> None:
        if options["verbosity"] >= 1:
            self.stdout.write(words)
