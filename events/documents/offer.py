"""Checks of an uploaded file before anything of it is decoded. Loads no decoder."""

import re
from pathlib import PurePosixPath

from events.documents import limits
from events.documents.formats import ALSO_CLAIMED, EXTENSIONS, NO_CLAIM, Format
from events.documents.refusal import BadName, TooLarge, WrongKind

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Control characters, and those that reverse the order of a name: “exe.fdp” is displayed as “pdf.exe”."""


def check_name(name: str) -> None:
    """Raises BadName for a file name that nobody would choose for a document."""
    if not name.strip():
        raise BadName("no_name")
    if len(name) > limits.NAME:
        raise BadName("long_name", length=len(name), most=limits.NAME)
    if CONTROLS.search(name):
        raise BadName("name_with_controls")


def check_size(size: int) -> None:
    """Raises a FileRefused for a file that is empty or too large."""
    if not size:
        raise WrongKind("empty")
    if size > limits.FILE:
        raise TooLarge("file_too_large", size=-(-size // limits.MEGABYTE), most=limits.FILE // limits.MEGABYTE)


def check_claims(kind: Format, name: str, claimed: str) -> None:
    """Raises WrongKind if the file's name or its sender names another file type."""
    extension = PurePosixPath(name).suffix.lower()
    if extension not in EXTENSIONS[kind]:
        raise WrongKind("other_extension", extension=extension, format=kind.name)
    claimed = claimed.partition(";")[0].strip().lower()
    if claimed not in NO_CLAIM | {kind.media_type} | ALSO_CLAIMED.get(kind, set()):
        raise WrongKind("other_type", claimed=claimed, format=kind.name)
