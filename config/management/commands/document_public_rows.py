from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from publishing.reader.public_rows_table import document_with_table


class Command(BaseCommand):
    help = "Writes what the public may read, as the models declare it, into its place in docs/security.md."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MAJLIS_PUBLIC_ONLY:
            raise CommandError("MAJLIS_PUBLIC_ONLY is set, and such a process knows no table of the desk's.")
        file = Path(settings.BASE_DIR) / "docs" / "security.md"
        try:
            text = document_with_table(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise CommandError(f"{file}: {error}") from error
        file.write_text(text, encoding="utf-8")
        self.stdout.write(f"{file} says what the public may read.")
