from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.knowledge.importer import ImportRefusedError, ImportResult, import_files
from config.knowledge.problem import KnowledgeError

MAX_PROBLEMS_SHOWN = 50
"""How many problems are printed; after correcting these one sees the rest."""


class Command(BaseCommand):
    help = "Imports knowledge files (docs/knowledge-files.md): all of them, or nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="read as one set, in any order")
        parser.add_argument("--dry-run", action="store_true", help="print the difference and write nothing")
        parser.add_argument("--by", metavar="USERNAME", help="whose act it is; by default the only administrator")
        parser.add_argument(
            "--keep-existing",
            action="store_true",
            help="leave every publication that is already in the database as it is",
        )

    def handle(
        self, *, files: list[str], dry_run: bool, by: str | None, keep_existing: bool, verbosity: int, **options: Any
    ) -> None:
        try:
            outcome = import_files(files, at=timezone.now(), by=by, dry_run=dry_run, keep_existing=keep_existing)
        except KnowledgeError as error:
            for problem in error.problems[:MAX_PROBLEMS_SHOWN]:
                self.stderr.write(str(problem))
            more = len(error.problems) - MAX_PROBLEMS_SHOWN
            if more > 0:
                self.stderr.write(f"… and {more} more.")
            raise CommandError(f"Nothing was imported: {counted(len(error.problems), 'problem')}.") from error
        except ImportRefusedError as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        if verbosity:
            self.report(outcome, dry_run=dry_run, in_full=dry_run or verbosity > 1)

    def report(self, outcome: ImportResult, *, dry_run: bool, in_full: bool) -> None:
        files = counted(outcome.files, "file")
        if not outcome.created and not outcome.changed:
            held = counted(len(outcome.listed) + outcome.kept, "publication")
            kept = f"; {outcome.kept} left as the database has them" if outcome.kept else ""
            self.stdout.write(f"Nothing changed: everything in {files} is there already ({held}{kept}).")
            return
        if in_full:
            for item in outcome.created:
                self.stdout.write(f"+ {item} ({item.entry.state})")
        for item in outcome.changed:
            moves = f" ({item.known.state} → {item.entry.state})" if item.moves_on else ""
            self.stdout.write(f"~ {item}{moves}")
            for difference in item.differences:
                self.stdout.write(f"    {difference}")
        done = [
            (outcome.created, "created"),
            (outcome.changed, "changed"),
            (outcome.published, "published"),
        ]
        counts = ", ".join(f"{len(items)} {verb}" for items, verb in done if items)
        kept = f", {outcome.kept} left as the database has them" if outcome.kept else ""
        result = "Nothing was written (dry run). An import would mean" if dry_run else "Imported"
        self.stdout.write(f"{result}: {counts}{kept}, from {files}.")


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
