from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.translations import TranslationError, compile_translations


class Command(BaseCommand):
    help = "Compiles the translations that changed. Unlike compilemessages, it needs no gettext."
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        try:
            compiled = compile_translations(settings.LOCALE_PATHS)
        except TranslationError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"{len(compiled)} translations compiled.")
