"""What else than what is public decides how the site answers: the code, its texts and templates, and settings."""

import hashlib
import sys
from pathlib import Path

from django.conf import settings

ROOMS = ("config", "publishing", "partnerships", "events", "recommendations", "templates")
KINDS = {".py", ".html", ".txt", ".mo", ".json", ".svg", ".css", ".js", ".yaml"}
NAMES = ("ALLOWED_HOSTS", "DEBUG", "DESK_URL", "FIRST_HOST", "PRODUCTION", "SITE_URL")
"""Settings that say how to answer, beside those that begin with MAJLIS_."""


def fingerprint() -> str:
    """Another one where the same question may be answered in another way. Call it when a process starts."""
    seen = hashlib.sha256(sys.version.encode())
    files = [file for room in ROOMS for file in (settings.BASE_DIR / room).rglob("*") if file.suffix in KINDS]
    files.append(settings.BASE_DIR / "requirements" / "run.txt")
    if settings.STATIC_ROOT:
        files.append(Path(settings.STATIC_ROOT) / "staticfiles.json")
    for file in sorted(files):
        if file.is_file():
            seen.update(f"{file}\n".encode())
            seen.update(file.read_bytes())
    for name in sorted(name for name in dir(settings) if name.startswith("MAJLIS_") or name in NAMES):
        value = getattr(settings, name)
        seen.update(f"{name}={sorted(value) if isinstance(value, (set, frozenset)) else value}\n".encode())
    return seen.hexdigest()
