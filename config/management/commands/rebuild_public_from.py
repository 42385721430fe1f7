from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from publishing.reader import public_from


class Command(BaseCommand):
    help = (
        "Works out anew since when the public reads each row, as triggers keep it in public_from, and mends what is"
        " otherwise. For whoever has written to tables while their triggers rested; it may be run at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where something is otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.say(f"Rows mended: {public_from.fill(connection)}.", options)
            return
        wrong = {}
        with connection.cursor() as cursor:
            for model in public_from.keeping_models():
                cursor.execute(f"SELECT count(*) FROM ({public_from.stale(model)}) AS stale")
                (number,) = cursor.fetchone()
                if number:
                    wrong[model._meta.db_table] = number
        if wrong:
            told = ", ".join(f"{table} ({number})" for table, number in wrong.items())
            raise CommandError(f"public_from is not what it should be: {told}. Run manage.py rebuild_public_from.")
        self.say("Every row says since when the public reads it.", options)

    def say(self, words: str, options: dict[str, Any]) -> None:
        if options["verbosity"] >= 1:
            self.stdout.write(words)
