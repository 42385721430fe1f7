"""How the entries of the format are built: which key is a text, a reference, a part or an appended record.

Read off the format itself, so that reading, comparing, writing and exporting agree by construction.
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
"""What a point refers to by what surrounds it: another point of its report, a session of its event."""

STANDING = frozenset(["state", "withdrawal_note"])
"""Keys that say how a publication stands, not what it says: actions carry them out."""


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
    """One key of an entry: its kind, the section it refers to, and the entries that stand in it."""

    name: str
    kind: KeyKind
    section: str = ""
    entry: type[Entry] = Entry


@cache
def keys(entry: type[Entry]) -> tuple[Key, ...]:
    """The keys of `entry` that say what it says."""
    left_out = STANDING if issubclass(entry, PublicationEntry) else frozenset[str]()
    return tuple(key_of(entry, name) for name in names(entry) if name not in left_out)


def names(entry: type[Entry]) -> list[str]:
    """The names of all keys of `entry`, its own before those that every publication has."""
    shared = list(PublicationEntry.model_fields) if issubclass(entry, PublicationEntry) else []
    return [*(name for name in entry.model_fields if name not in shared), *shared]


def key_of(entry: type[Entry], name: str) -> Key:
    field = entry.model_fields[name]
    annotation = bare(field.annotation)
    many = get_origin(annotation) is list
    inner = bare(get_args(annotation)[0]) if many else annotation
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


def bare(annotation: Any) -> Any:
    """An annotation without “or nothing”, and without its marks."""
    if get_origin(annotation) in (Union, types.UnionType):
        return bare(next(kind for kind in get_args(annotation) if bare(kind) is not type(None)))
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    return annotation


def marks(annotation: Any) -> Iterator[Any]:
    """The marks in an annotation, at any depth."""
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        if not isinstance(inner, str):
            yield from marks(inner)


def entry_at(path: Path) -> type[Entry] | None:
    """The entry of the format that describes the map at `path`."""
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
    """What tells `entry` from the other parts of the same thing."""
    return tuple("" if value is None else str(value) for value in (getattr(entry, name) for name in entry.natural))


def identifier_of(entry: PublicationEntry) -> str:
    """By what files refer to `entry`."""
    return str(getattr(entry, entry.identifier))


def references(entry: Entry, path: Path) -> Iterator[tuple[Path, str, str]]:
    """Every reference in `entry`, which stands at `path`: where, to which section, to what in it.

    Those of `SURROUNDED` are not among them: they mean nothing apart from their report.
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
    """Every list of parts, references or values in `entry`, in which nothing may stand twice."""
    for key in keys(type(entry)):
        value = getattr(entry, key.name)
        here = (*path, key.name)
        if key.kind in (KeyKind.PARTS, KeyKind.REFERENCES, KeyKind.VALUES):
            yield here, value
        if key.kind in (KeyKind.PARTS, KeyKind.RECORDS):
            for place, part in enumerate(value):
                yield from lists_of_parts(part, (*here, place))
