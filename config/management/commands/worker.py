import os
import signal
import threading
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from publishing.background import work


class Command(BaseCommand):
    """Runs background jobs. Any number of workers may run; docs/deploy.md says how."""

    help = "Does the jobs of the background: archived copies, reminders, drafts of letters."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-done", action="store_true", help="Stop when no job is left.")
        parser.add_argument("--with-parent", type=int, metavar="PID", help="End when the process that started it ends.")

    def handle(self, *, until_done: bool, with_parent: int | None, **options: object) -> None:
        if settings.MAJLIS_PUBLIC_ONLY:
            raise CommandError("MAJLIS_PUBLIC_ONLY is set, and such a process only reads. Run the worker at the desk.")
        if with_parent is not None:
            end_with_parent(with_parent)
        work(wait=not until_done)


def end_with_parent(parent: int) -> None:
    """Ends this process with its parent, even if the parent was killed before this call; the next worker restarts its
    jobs.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
