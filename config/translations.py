"""Compiles the .po files that people write into the .mo files that Django reads.

Babel does it, so that nothing but Python is needed to run Majlis; gettext's own programs are needed only to collect new
messages (`make messages`).
"""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po


class TranslationError(Exception):
    """A file that cannot be read, and why."""


def compile_translations(folders: Iterable[str | Path]) -> list[Path]:
    """Compiles each .po file that is newer than its .mo file; returns the .po files compiled.

    Unfinished ("fuzzy") translations are left out, as msgfmt does.
    """
    stale = [po for folder in folders for po in sorted(Path(folder).rglob("*.po")) if is_stale(po)]
    for po in stale:
        compile_one(po)
    return stale


def is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime_ns <= po.stat().st_mtime_ns


def compile_one(po: Path) -> None:
    try:
        with po.open("rb") as source:
            catalog = read_po(source, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise TranslationError(f"{po} cannot be read: {error}") from error
    # Atomic: a reader sees the old file or the new one, and two writers at once do no harm.
    with tempfile.NamedTemporaryFile(dir=po.parent, prefix=".", suffix=".mo", delete=False) as target:
        write_mo(target, catalog)
    os.chmod(target.name, 0o644)
    os.replace(target.name, po.with_suffix(".mo"))
