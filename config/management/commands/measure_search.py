import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from config.site.search import Search

FIRST = 10


class Command(BaseCommand):
    help = (
        "Searches for each line of a file and says, by language, how near to the top what is wanted stands. The file is"
        " CSV with the columns language, query and wanted: what is wanted are slugs, references, keys of knowledge"
        " files or public ids, separated by blanks; the first line names the columns."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--floor", type=float, help="fail if the mean reciprocal rank of a language is below")

    def handle(self, *args: Any, **options: Any) -> None:
        ranks: dict[str, list[float]] = defaultdict(list)
        missing = []
        with options["file"].open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                found = self.found(line["query"], line["language"])
                wanted = set(line["wanted"].split())
                places = [place for place, names in enumerate(found, start=1) if names & wanted]
                ranks[line["language"]].append(1 / places[0] if places else 0)
                lacking = wanted.difference(*found)
                missing += [f"{line['language']}: {line['query']}: {one}" for one in sorted(lacking)]
        for language, each in ranks.items():
            self.stdout.write(f"{language}: mean reciprocal rank {sum(each) / len(each):.3f} of {len(each)} queries")
        for one in missing:
            self.stdout.write(f"not among the first {FIRST}: {one}")
        low = [language for language, each in ranks.items() if sum(each) / len(each) < (options["floor"] or 0)]
        if low or (missing and options["floor"]):
            raise CommandError("What is wanted is not found well enough.")

    def found(self, query: str, language: str) -> list[set[str]]:
        """What the first hits are called."""
        with translation.override(language):
            search = Search(query, language=language, user=AnonymousUser(), at=timezone.now())
            hits = search.hits(size=FIRST)
            return [{hit.identifier, getattr(hit.publication, "key", None) or hit.identifier} for hit in hits]
