"""Reads a YAML file into plain values with their line numbers, and refuses everything that could surprise.

libyaml parses; YAML's own rules for types are not used. A plain word stays the word that was written (`NO`, `2025-09`,
`650`) until the format says whether it is a text, a date or a number. The loop over the parser's events does not
recurse, and depth, size and number of values are limited, so that no file can exhaust the machine.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import yaml
from django.core.exceptions import ValidationError

from config.knowledge.problem import KnowledgeError, Path, Problem
from publishing.database.clean_text import LOST, UNWANTED, cleaned

MAX_BYTES = 5_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 20
"""The format itself is eight levels deep."""

NULLS = frozenset(["", "~", "null", "Null", "NULL"])
TURKISH_WINDOWS = "cp1254"

Value = dict[str, Any] | list[Any] | str | None


class PlainWord(str):
    """A word without quotation marks: it may be a number, true or false."""


@dataclass(frozen=True)
class YamlDocument:
    """The content of one file, and the line of every key and value in it."""

    file: str
    root: Value
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of the key or value at `path`, or of the nearest enclosing thing."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path, message: str) -> Problem:
        return Problem(self.file, self.line(path), message, path)


def read(file: str) -> YamlDocument:
    """Reads the file named `file`. Raises only KnowledgeError."""
    try:
        with FilePath(file).open("rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise knowledge_error(file, "this is no ordinary file.")
            if status.st_size > MAX_BYTES:
                raise knowledge_error(
                    file,
                    f"the file has {status.st_size:,} bytes; a knowledge file has at most {MAX_BYTES:,}. Split it.",
                )
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise knowledge_error(file, f"the file cannot be read: {reason}.") from error
    return parse(content, file=file)


def parse(content: bytes, *, file: str) -> YamlDocument:
    """The values in `content`, which came from `file`. Raises only KnowledgeError."""
    if len(content) > MAX_BYTES:
        raise knowledge_error(file, f"the file is longer than {MAX_BYTES:,} bytes. Split it.")
    text = decode(content, file=file)
    try:
        return Builder(file).build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.context, error.problem) if part)
        line = mark.line + 1 if mark else 0
        raise knowledge_error(file, f"this is not YAML: {what}.", line=line) from error
    except yaml.YAMLError as error:
        raise knowledge_error(file, f"this is not YAML: {' '.join(str(error).split())}.") from error


def decode(content: bytes, *, file: str) -> str:
    """The text in `content`, which must be UTF-8 and free of control characters."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec counts from after a byte order mark.
        start = error.start + (3 if content.startswith(b"\xef\xbb\xbf") else 0)
        line = content.count(b"\n", 0, start) + 1
        raise knowledge_error(
            file,
            f"this is not UTF-8 at byte {start + 1}, line {line}{what_it_would_be(content, start)}; save the file as UTF-8.",
            line=line,
        ) from error
    found = UNWANTED.search(text.replace("\r", "\n"))
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise knowledge_error(file, unwanted(found.group()), line=line)
    return text


def what_it_would_be(content: bytes, start: int) -> str:
    """A guess at the encoding: Turkish text saved by an older program, or UTF-16."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return " (it looks like UTF-16)"
    try:
        letter = content[start : start + 1].decode(TURKISH_WINDOWS)
    except UnicodeDecodeError:
        return ""
    return f" (in Windows-1254 that byte is “{letter}”)" if letter.isalpha() else ""


def unwanted(character: str) -> str:
    if character == LOST:
        return "the character U+FFFD stands where a letter was lost in an earlier conversion; write the letter again."
    return f"the character U+{ord(character):04X} has no place in a text; remove it."


def knowledge_error(file: str, message: str, *, line: int = 0, path: Path = ()) -> KnowledgeError:
    return KnowledgeError([Problem(file, line, message, path)])


class Builder:
    """Builds values from the parser's events, with the line of each."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.open: list[tuple[dict[str, Any] | list[Any], Path]] = []
        self.key: list[str | None] = []
        self.root: Value = None
        self.values = 0

    def build(self, text: str) -> YamlDocument:
        documents = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            mark: Any = event.start_mark
            line: int = mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise knowledge_error(
                        self.file, "a second document starts here (---); a knowledge file holds one.", line=line
                    )
            elif isinstance(event, yaml.AliasEvent):
                raise knowledge_error(
                    self.file,
                    f"aliases (*{event.anchor}) are not read; write the thing out.",
                    line=line,
                    path=self.path(),
                )
            elif isinstance(event, yaml.NodeEvent):
                self.refuse_marks(event, line)
                self.start(event, line)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.open.pop()
                self.key.pop()
        if not documents or self.root is None:
            raise knowledge_error(self.file, "the file is empty; a knowledge file starts with “format: 1”.")
        if self.problems:
            raise KnowledgeError(self.problems)
        return YamlDocument(self.file, self.root, self.lines)

    def refuse_marks(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            raise knowledge_error(
                self.file, f"anchors (&{event.anchor}) are not read; remove it.", line=line, path=self.path()
            )
        if event.tag is not None:
            raise knowledge_error(
                self.file, f"tags ({event.tag}) are not read; remove it.", line=line, path=self.path()
            )
        self.values += 1
        if self.values > MAX_VALUES:
            raise knowledge_error(self.file, f"the file has more than {MAX_VALUES:,} values. Split it.", line=line)

    def path(self) -> Path:
        """The path of the next value."""
        if not self.open:
            return ()
        container, path = self.open[-1]
        if isinstance(container, list):
            return (*path, len(container))
        key = self.key[-1]
        return path if key is None else (*path, key)

    def start(self, event: Any, line: int) -> None:
        scalar = isinstance(event, yaml.ScalarEvent)
        if self.open and isinstance(self.open[-1][0], dict) and self.key[-1] is None:
            if not scalar:
                raise knowledge_error(self.file, "a key is one word, not a list or a map.", line=line, path=self.path())
            self.name(event.value, line)
            return
        path = self.path()
        self.lines.setdefault(path, line)
        if scalar:
            self.put(self.scalar(event, line, path))
            return
        if len(self.open) >= MAX_DEPTH:
            raise knowledge_error(self.file, f"lists and maps are nested more than {MAX_DEPTH} deep.", line=line)
        container: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.put(container)
        self.open.append((container, path))
        self.key.append(None)

    def name(self, key: str, line: int) -> None:
        """Adds a key to the open map; a duplicate key is a problem."""
        container, path = self.open[-1]
        key = self.text(key, line, path)
        where = (*path, key)
        if key in container:
            self.problems.append(
                Problem(self.file, line, f"the key stands twice here, first in line {self.lines[where]}.", where)
            )
        else:
            self.lines[where] = line
        self.key[-1] = key

    def put(self, value: Value) -> None:
        if not self.open:
            self.root = value
            return
        container, _path = self.open[-1]
        key = self.key[-1]
        if isinstance(container, list):
            container.append(value)
        elif key is not None:
            container[key] = value
            self.key[-1] = None

    def scalar(self, event: Any, line: int, path: Path) -> Value:
        value = self.text(event.value, line, path)
        if event.style in ("|", ">"):
            return value.rstrip("\n")
        if event.style in ("'", '"'):
            return value
        return None if value in NULLS else PlainWord(value)

    def text(self, value: str, line: int, path: Path) -> str:
        """`value`, cleaned; escapes in quotation marks can contain characters that the file's bytes may not."""
        try:
            return cleaned(value, lines=True)
        except ValidationError as error:
            self.problems += [Problem(self.file, line, message, path) for message in error.messages]
            return value
