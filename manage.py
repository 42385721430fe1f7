#!/usr/bin/env python3
"""Django's command line; in development it holds the embedded database for the length of the command."""

import contextlib
import os
import signal
import sys
from pathlib import Path


def choose_mode() -> None:
    """A checkout in which nothing was configured is somebody's laptop; only there is it development."""
    configured = "SECRET_KEY" in os.environ or (Path(__file__).resolve().parent / ".env").exists()
    if not configured:
        os.environ.setdefault("MAJLIS_MODE", "development")


def end(number: int, frame: object) -> None:
    """Being asked to end is an end like any other: what is held is given back."""
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
