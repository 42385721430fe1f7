"""The structure of the format's entries: which key is a text, a reference, a part or an appended record.

Derived from the format itself, so that reading, comparing, writing and exporting agree by construction.
"""

import enum
import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from config.knowledge.format import (
    AppendedEntry,
    Entry,
    KnowledgeFile,
    PublicationEntry,
    Text,
)
from config.knowledge.problem import Path
from config.knowledge.value import Refers

SURROUNDED = frozenset(["own points", "own sessions"])
"""References of a point within its own report and event: another point, a session."""

STATE_KEYS = frozenset(["state", "withdrawal_note"])
"""Keys for the state of a publication, not its content: actions change it."""


class KeyKind(enum.Enum):
    """What a key of an entry holds."""

    VALUE = enum.auto()
    TEXT = enum.auto()
    REFERENCE = enum.auto()
    REFERENCES = enum.auto()
    GROUP = enum.auto()
    VALUES = enum.auto()
    TEXTS = enum.auto()
    PARTS = enum.auto()
    RECORDS = enum.auto()


@dataclass(frozen=True)
class Key:
    """One key of an entry: its kind, the section it refers to, and the type of entries in it."""

    name: str
    kind: KeyKind
    section: str = ""
    entry: type[Entry] = Entry


@cache
def keys(entry: type[Entry]) -> tuple[Key, ...]:
    """The keys of `entry` that hold content."""
    left_out = STATE_KEYS if issubclass(entry, PublicationEntry) else frozenset[str]()
    return tuple(key_of(entry, name) for name in names(entry) if name not in left_out)


def names(entry: type[Entry]) -> list[str]:
    """The names of all keys of `entry`, its own before those that every publication has."""
    shared = list(PublicationEntry.model_fields) if issubclass(entry, PublicationEntry) else []
    return [*(name for name in entry.model_fields if name not in shared), *shared]


def key_of(entry: type[Entry], name: str) -> Key:
    field = entry.model_fields[name]
    annotation = bare_annotation(field.annotation)
    many = get_origin(annotation) is list
    inner = bare_annotation(get_args(annotation)[0]) if many else annotation
    section = next(
        (mark.section for mark in [*field.metadata, *marks(field.annotation)] if isinstance(mark, Refers)), ""
    )
    if section:
        return Key(name, KeyKind.REFERENCES if many else KeyKind.REFERENCE, section)
    if not (isinstance(inner, type) and issubclass(inner, Entry)):
        return Key(name, KeyKind.VALUES if many else KeyKind.VALUE)
    if issubclass(inner, Text):
        return Key(name, KeyKind.TEXTS if many else KeyKind.TEXT, entry=inner)
    if not many:
        return Key(name, KeyKind.GROUP, entry=inner)
    return Key(name, KeyKind.RECORDS if issubclass(inner, AppendedEntry) else KeyKind.PARTS, entry=inner)


def bare_annotation(annotation: Any) -> Any:
    """An annotation without “or None”, and without its marks."""
    if get_origin(annotation) in (Union, types.UnionType):
        return bare_annotation(next(kind for kind in get_args(annotation) if bare_annotation(kind) is not type(None)))
    if get_origin(annotation) is Annotated:
        return bare_annotation(get_args(annotation)[0])
    return annotation


def marks(annotation: Any) -> Iterator[Any]:
    """The marks in an annotation, at any depth."""
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        if not isinstance(inner, str):
            yield from marks(inner)


def entry_at(path: Path) -> type[Entry] | None:
    """The type of entry that describes the map at `path`."""
    entry: type[Entry] = KnowledgeFile
    listed = False
    for step in path:
        if listed != isinstance(step, int) or (not listed and step not in entry.model_fields):
            return None
        if isinstance(step, str):
            key = key_of(entry, step)
            if key.entry is Entry:
                return None
            entry, listed = key.entry, key.kind in (KeyKind.PARTS, KeyKind.RECORDS, KeyKind.TEXTS)
        else:
            listed = False
    return None if listed else entry


def natural_key(entry: Entry) -> tuple[str, ...]:
    """The key that distinguishes `entry` from the other parts of the same thing."""
    return tuple("" if value is None else str(value) for value in (getattr(entry, name) for name in entry.natural))


def identifier_of(entry: PublicationEntry) -> str:
    """How files refer to `entry`."""
    return str(getattr(entry, entry.identifier))


def references(entry: Entry, path: Path) -> Iterator[tuple[Path, str, str]]:
    """Every reference in `entry`, which stands at `path`: its path, section and name.

    Those in `SURROUNDED` are left out: they have a meaning only within their report.
    """
    for key in keys(type(entry)):
        value = getattr(entry, key.name)
        here = (*path, key.name)
        if value is None or key.section in SURROUNDED:
            continue
        if key.kind is KeyKind.REFERENCE:
            yield here, key.section, value
        elif key.kind is KeyKind.REFERENCES:
            for place, name in enumerate(value):
                yield (*here, place), key.section, name
        elif key.kind in (KeyKind.PARTS, KeyKind.RECORDS):
            for place, part in enumerate(value):
                yield from references(part, (*here, place))


def lists_of_parts(entry: Entry, path: Path) -> Iterator[tuple[Path, list[Any]]]:
    """Every list of parts, references or values in `entry` that must not contain duplicates."""
    for key in keys(type(entry)):
        value = getattr(entry, key.name)
        here = (*path, key.name)
        if key.kind in (KeyKind.PARTS, KeyKind.REFERENCES, KeyKind.VALUES):
            yield here, value
        if key.kind in (KeyKind.PARTS, KeyKind.RECORDS):
            for place, part in enumerate(value):
                yield from lists_of_parts(part, (*here, place))
