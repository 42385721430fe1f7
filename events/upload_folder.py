"""Whether uploads can be stored: checked before somebody uploads something."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks


@checks.register("files", deploy=True)
def check_upload_folder(**_: Any) -> list[checks.CheckMessage]:
    """Reports if the user who runs the check cannot write to MEDIA_ROOT, or create it."""
    if settings.MAJLIS_PUBLIC_ONLY:
        return []  # nobody uploads anything there
    folder = Path(settings.MEDIA_ROOT)
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return []
    return [
        checks.Warning(
            f"MEDIA_ROOT, the folder of what the desk uploads, cannot be written to: {folder}.",
            hint="Make it, and give it to the account of the service: docs/deploy.md.",
            id="events.W002",
        )
    ]
