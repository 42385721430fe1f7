import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from config.knowledge.exporter import export
from config.knowledge.problem import KnowledgeError, Problem
from config.knowledge.schema import schema_text


class Command(BaseCommand):
    help = "Writes what the public may read as a knowledge file (docs/knowledge-files.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE", help="by default it is printed")
        parser.add_argument(
            "--drafts", action="store_true", help="also drafts, what is under an embargo and what was withdrawn"
        )
        parser.add_argument(
            "--schema", action="store_true", help="print the JSON Schema of the format instead (knowledge/schema.json)"
        )

    def handle(self, *, file: str | None, drafts: bool, schema: bool, verbosity: int, **options: Any) -> None:
        texts = [schema_text()] if schema else self.texts(drafts=drafts)
        if file is None:
            if len(texts) > 1:
                raise CommandError(f"This fills {len(texts)} files. Say where to write them: export_knowledge FILE")
            self.stdout.write(texts[0], ending="")
            return
        for place, text in zip(numbered(Path(file), len(texts)), texts, strict=True):
            try:
                write(place, text)
            except OSError as error:
                raise CommandError(f"{place} cannot be written: {error.strerror or error}.") from error
            if verbosity:
                self.stdout.write(f"Written: {place}")

    def texts(self, *, drafts: bool) -> list[str]:
        left_out: list[Problem] = []
        try:
            with snapshot():
                texts = export(at=timezone.now(), drafts=drafts, left_out=left_out)
        except KnowledgeError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError("Nothing was exported.") from error
        for problem in left_out:
            self.stderr.write(str(problem))
        return texts


@contextmanager
def snapshot() -> Iterator[None]:
    """One snapshot for all queries: otherwise a file could refer to what a later query no longer finds."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def numbered(file: Path, count: int) -> list[Path]:
    """`file`, and as many more names as are needed: name.yaml, name-2.yaml, name-3.yaml."""
    return [file, *(file.with_stem(f"{file.stem}-{number}") for number in range(2, count + 1))]


def write(file: Path, text: str) -> None:
    """Writes `text` into `file` atomically: a reader finds the old text or the new one."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
