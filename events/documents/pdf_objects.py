"""Reads objects of an untrusted PDF."""

import re
from typing import Any

from pikepdf import Array, Dictionary, Stream, String

DEPTH = 60
"""How deeply objects may be nested."""

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-[A-Za-z]{2}|-\d{3})?")


def is_dictionary(value: Any) -> bool:
    return isinstance(value, Dictionary | Stream)


def array_of(value: Any) -> Any:
    return value if isinstance(value, Array) else ()


def inherited(page: Any, key: str) -> Any:
    """An entry of a page, or of its parents."""
    at = page
    for _step in range(DEPTH):
        if at is None or not is_dictionary(at):
            return None
        if key in at:
            return at[key]
        at = at.get("/Parent")
    return None


def copy_words(source: Any, into: Any) -> None:
    """Copies the text for screen readers."""
    for key in ("/Alt", "/ActualText", "/E"):
        value = source.get(key)
        if isinstance(value, String):
            into[key] = String(str(value))
    language = source.get("/Lang")
    if isinstance(language, String) and LANGUAGE_TAG.fullmatch(str(language)):
        into["/Lang"] = language
