import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connections
from gunicorn.app.base import BaseApplication

from partnerships.audience import ADMINISTRATORS

HOST = "127.0.0.1"
WORKERS = 2


class Command(BaseCommand):
    """What `make run` runs: everything from a fresh database to a site that answers."""

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
            sys.stdout.reconfigure(line_buffering=True)  # what is left unwritten, every forked worker writes again
        listener = listen(port)
        self.stdout.write("Bringing the database up to date; the first time takes a minute")
        try:
            call_command("compile_translations", verbosity=0)
            call_command("migrate", verbosity=0)
            call_command("ensure_local_administrator", address=f"http://{HOST}:{port}/admin/")
            bring_in_knowledge()
        except OperationalError as error:  # out of reach, out of space
            raise CommandError(f"The database does not do its work: {' '.join(str(error).split())}") from error
        connections.close_all()  # a connection does not survive the fork of the workers
        Server(listener, lambda: self.stdout.write(f"Majlis is at http://{HOST}:{port}/ (Ctrl-C stops it)")).run()


def bring_in_knowledge() -> None:
    """What the knowledge files say and the database does not hold yet; what the desk has edited since stays."""
    files = sorted(map(str, (settings.BASE_DIR / "knowledge").glob("*.yaml")))
    first = User.objects.filter(groups__name=ADMINISTRATORS, is_active=True).order_by("pk").first()
    call_command("import_knowledge", *files, by=first and first.username, keep_existing=True)


def port_number(text: str) -> int:
    number = int(text)
    if not 0 < number < 65536:
        raise ValueError
    return number


def listen(port: int) -> socket.socket:
    """The port, taken before any work is done, so that a busy one is known at once."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        if is_answered(port):
            raise OSError("something else listens there")
    except OSError as error:
        listener.close()
        raise CommandError(
            f"Port {port} cannot be had ({error.strerror or error}). Stop what uses it, "
            f"or take another one: make run PORT={port + 1 if port < 65535 else 8000}"
        ) from error
    return listener


def is_answered(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


class Server(BaseApplication):
    """gunicorn in this process, on a socket that is already bound, with the site already loaded, and a worker beside it."""

    def __init__(self, listener: socket.socket, announce: Callable[[], object]) -> None:
        self.descriptor = listener.detach()  # gunicorn closes it
        self.announce = announce
        self.background: subprocess.Popen[bytes]
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"fd://{self.descriptor}",
            "workers": WORKERS,
            "preload_app": True,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": self.when_ready,
            "on_exit": self.on_exit,
            "post_fork": end_with_parent,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        return get_wsgi_application()

    def when_ready(self, arbiter: Any) -> None:
        # gunicorn reloads on SIGHUP, and would outlive the terminal window that was closed.
        signal.signal(signal.SIGHUP, lambda number, frame: arbiter.signal(signal.SIGTERM, frame))
        self.background = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", "--with-parent", str(os.getpid())],
            stdin=subprocess.DEVNULL,
        )
        self.announce()

    def on_exit(self, arbiter: Any) -> None:
        self.background.terminate()
        self.background.wait()


def end_with_parent(arbiter: object, worker: object) -> None:
    """A worker whose parent was killed would keep the port for half a minute; this one ends at once."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.2)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
