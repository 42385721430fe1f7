from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.illustration import teller
from publishing.refusals import Refused


class Command(BaseCommand):
    help = (
        "Illustration: fills an empty database with a made-up story of three years, so that the tracker can be "
        "seen at work. Nothing in it happened, and every text says so. Never loaded by itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--among-real-content",
            action="store_true",
            help="tell it even though there are other publications; made-up ones will stand among them",
        )

    def handle(self, *, among_real_content: bool, **options: Any) -> None:
        try:
            told = teller.tell(among_real_content=among_real_content)
        except Refused as error:
            raise CommandError("Nothing was told. " + " ".join(error.messages)) from error
        self.stdout.write(
            f"An illustration was told: nothing in it happened, and every text says so.\n"
            f"  {told.recommendations} recommendations of three editions, {told.responses} responses and "
            f"{told.entries} status entries, {told.corrections} of them corrections\n"
            f"  {told.series.get_absolute_url()}"
        )
