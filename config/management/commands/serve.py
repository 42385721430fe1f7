import datetime as dt
import io
import socket
import sys

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections
from django.db.models import Max
from django.utils import timezone

from config import postgres
from config.illustration.teller import SLUG
from config.local_server import Server
from config.site.desk import PUBLICATIONS
from events.models import Series
from publishing.publication import Publication
from publishing.roles import ADMINISTRATORS

HOST = "127.0.0.1"


class Command(BaseCommand):
    """What `make run` runs: everything between a fresh database and a running site."""

    help = "Brings the database and its content up to date and serves the site on this machine only."
    requires_system_checks: list[str] = []  # migrate runs them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=port_number, default=8000)

    def handle(self, *, port: int, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "MAJLIS_MODE is production, and this serves a laptop. docs/deploy.md tells how to serve production."
            )
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(line_buffering=True)  # otherwise every forked worker would write it again
        with listen(port) as listener:
            self.stdout.write("Bringing the database up to date; the first time takes a minute")
            try:
                call_command("compile_translations", verbosity=0)
                call_command("migrate", verbosity=0)
                call_command("ensure_local_administrator", address=f"http://{HOST}:{port}/admin/")
                tell_illustration() if postgres.DEMO else bring_in_knowledge()
                self.warn_of_the_clock()
            except OperationalError as error:  # unreachable, or no space left
                raise CommandError(f"The database does not do its work: {' '.join(str(error).split())}") from error
            except OSError as error:
                raise CommandError(f"This machine does not let the site start: {error}") from error
            connections.close_all()  # a connection does not survive the fork of the workers
            where = f"Majlis is at http://{HOST}:{port}/ (Ctrl-C stops it)"
            # gunicorn closes the socket.
            Server(listener.detach(), announce=lambda: self.stdout.write(where), say=self.stdout.write).run()

    def warn_of_the_clock(self) -> None:
        """What is published while the clock runs ahead becomes public only at that time, and nothing else would say so."""
        last = max((day for model in PUBLICATIONS if (day := last_published(model))), default=None)
        if last is not None and last > timezone.now():
            self.stderr.write(
                f"The clock of this machine says {timezone.now():%Y-%m-%d %H:%M} UTC, and something here was published on "
                f"{last:%Y-%m-%d %H:%M}: until then visitors do not see it. If the clock was wrong when this database "
                "was made, remove it (of make run: the folder var/postgres), and begin again."
            )


def last_published(model: type[Publication]) -> dt.datetime | None:
    last: dt.datetime | None = model.objects.aggregate(last=Max("published_at"))["last"]
    return last


def bring_in_knowledge() -> None:
    """Imports what the knowledge files have and the database lacks; what the desk has edited since stays."""
    files = sorted(map(str, (settings.BASE_DIR / "knowledge").glob("*.yaml")))
    if not files:
        return
    first = User.objects.filter(groups__name=ADMINISTRATORS, is_active=True).order_by("pk").first()
    call_command("import_knowledge", *files, by=first and first.username, keep_existing=True)


def tell_illustration() -> None:
    """Records the invented story instead, once."""
    if not Series.objects.filter(slug=SLUG).exists():
        call_command("tell_illustration")


def port_number(text: str) -> int:
    number = int(text)
    if not 0 < number < 65536:
        raise ValueError
    return number


def listen(port: int) -> socket.socket:
    """Binds the port before any work is done, so that a port in use is reported at once."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        if is_answered(port):
            raise OSError("something else listens there")
    except OSError as error:
        listener.close()
        raise CommandError(f"Port {port} cannot be had ({error.strerror or error}). {way_out(port, error)}") from error
    return listener


def way_out(port: int, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "Ports below 1024 are for the system's administrator. Take a higher one: make run PORT=8000"
    other = port + 1 if port < 65535 else 8000
    return f"Stop what uses it, or take another one: make run PORT={other}"


def is_answered(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
