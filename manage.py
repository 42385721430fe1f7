#!/usr/bin/env python3
"""Django's command line; in development it holds the embedded database while the command runs."""

import contextlib
import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def choose_mode() -> None:
    """Chooses development in an unconfigured checkout in which `make run` is used, because that is somebody's laptop.

    Any other may be a server whose configuration was not passed to this command: then nothing is assumed, and the error
    names what is missing.
    """
    if "MAJLIS_MODE" in os.environ or "SECRET_KEY" in os.environ or (ROOT / ".env").exists():
        return
    serves = sys.argv[1:2] == ["serve"]
    if serves or (ROOT / "var" / "postgres" / "data").exists():
        os.environ["MAJLIS_MODE"] = "development"
        if not serves:
            database = "DATABASE_URL" if os.environ.get("DATABASE_URL") else "make run, in var/postgres"
            sys.stderr.write(f"Nothing is configured here: development, on the database of {database}.\n")


def end(number: int, frame: object) -> None:
    """Turns a signal into an ordinary exit, so that the embedded database is released."""
    sys.exit(128 + number)


def main() -> None:
    choose_mode()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from config.postgres import RUN, PostgresError

    signal.signal(signal.SIGTERM, end)
    try:
        with RUN.held() if settings.EMBEDDED_POSTGRES else contextlib.nullcontext():
            execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, PostgresError) as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
