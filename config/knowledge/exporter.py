"""Writes what the database holds as knowledge files, in the same format and always in the same order.

What is written is read again before it counts as written: a file that an import would not take, or
would take to mean something else, is never handed out. Participants, documents, internal notes,
submissions and who did what are not part of the format, and so of no export.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import yaml

from config.knowledge.check import check
from config.knowledge.description import MODELS, describe, whole
from config.knowledge.difference import differences
from config.knowledge.document import MAX_BYTES, MAX_VALUES, parse
from config.knowledge.format import SECTIONS, VERSION, Entry, PublicationEntry, ReportEntry, Text
from config.knowledge.listing import singular
from config.knowledge.problem import KnowledgeError, Problem, dotted
from config.knowledge.shape import Kind, identifier_of, keys, references

HEADER = f"format: {VERSION}\n"
WIDTH = 110


def export(*, at: dt.datetime, drafts: bool = False) -> list[str]:
    """The texts of the files that hold everything public at the moment `at`; one, or more if it would grow too large.

    With `drafts` also what is not: drafts, what is under review or an embargo, what was withdrawn, what was said
    off the record, and how widely a point was supported in a group too small to say.
    Raises KnowledgeError if something names what is not written, or holds what no file can hold.
    """
    entries = {section: list(described(section, at=at, drafts=drafts)) for section in SECTIONS}
    refuse_dangling(entries)
    problems: list[Problem] = []
    files = Files()
    for section, listed in entries.items():
        for entry in listed:
            try:
                files.add(section, *written(section, entry))
            except KnowledgeError as error:
                problems += error.problems
    if problems:
        raise KnowledgeError(problems)
    return files.texts


def described(section: str, *, at: dt.datetime, drafts: bool) -> Iterator[PublicationEntry]:
    """The entries of a section, by their identifiers."""
    manager: Any = MODELS[section]._default_manager
    rows = manager.all() if drafts else manager.published(at=at)
    loaded = whole(rows, section, standing=True, public_at=None if drafts else at)
    entries = [describe(row, SECTIONS[section]) for row in loaded]
    yield from sorted(entries, key=identifier_of)


def refuse_dangling(entries: dict[str, list[PublicationEntry]]) -> None:
    """Something public may still name what was withdrawn since: a file with that would be refused."""
    there = {(section, identifier_of(entry)) for section, listed in entries.items() for entry in listed}
    for entry in entries["reports"]:
        if isinstance(entry, ReportEntry):
            there |= {("points", f"{entry.key}/{point.key}") for point in entry.points}
    there |= {
        ("instruments", instrument.slug)
        for entry in entries["partnerships"]
        for instrument in getattr(entry, "instruments", ())
    }
    problems = [
        Problem(
            f"{singular(section)} “{identifier_of(entry)}”",
            0,
            f"it names the {singular(target)} “{name}”, which is not public. "
            "Change that, or export everything with --drafts.",
            path,
        )
        for section, listed in entries.items()
        for entry in listed
        for path, target, name in references(entry, ())
        if (target, name) not in there
    ]
    if problems:
        raise KnowledgeError(problems)


class Files:
    """Texts of files, none of them larger than what an import reads."""

    def __init__(self) -> None:
        self.texts = [HEADER]
        self.bytes = self.values = 0
        self.section = ""

    def add(self, section: str, text: str, values: int) -> None:
        self.bytes += len(text.encode())
        self.values += values
        if self.section and (self.bytes > MAX_BYTES * 0.9 or self.values > MAX_VALUES * 0.9):
            self.texts.append(HEADER)
            self.bytes, self.values, self.section = len(text.encode()), values, ""
        if section != self.section:
            self.texts[-1] += f"\n{section}:\n"
            self.section = section
        self.texts[-1] += text


def written(section: str, entry: PublicationEntry) -> tuple[str, int]:
    """The lines of one entry and the number of values in them. Raises KnowledgeError if no file can hold it."""
    item = yaml.dump(
        [plain(entry)], Dumper=Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=WIDTH
    )
    text = "".join(f"  {line}" if line.strip() else line for line in item.splitlines(keepends=True))
    label = f"{singular(section)} “{identifier_of(entry)}”"
    try:
        document = parse(f"{HEADER}{section}:\n{text}".encode(), file=label)
        (read,) = getattr(check(document), section)
    except KnowledgeError as error:
        raise KnowledgeError(
            Problem(label, 0, f"no file can hold this: {dotted(problem.path[2:]) or 'it'}: {problem.message}")
            for problem in error.problems
        ) from error
    lost = [*differences(entry, read), *differences(read, entry)]
    if lost:
        raise KnowledgeError(Problem(label, 0, f"a file would not hold this as it is: {what}") for what in lost)
    return text, len(document.lines)


def plain(entry: Entry) -> dict[str, Any]:
    """`entry` without what the format takes for granted."""
    said: dict[str, Any] = {}
    for key in keys(type(entry)):
        value = getattr(entry, key.name)
        field = type(entry).model_fields[key.name]
        if value is None or value in ("", []) or (not field.is_required() and value == field.default):
            continue
        if key.kind is Kind.TEXT:
            said[key.name] = plain_text(value)
        elif key.kind is Kind.TEXTS:
            said[key.name] = [plain_text(text) for text in value]
        elif key.kind is Kind.GROUP:
            said[key.name] = plain(value)
        elif key.kind in (Kind.PARTS, Kind.RECORDS):
            said[key.name] = [plain(part) for part in value]
        else:
            said[key.name] = value
    if isinstance(entry, PublicationEntry):
        said["state"] = entry.state
        if entry.withdrawal_note:
            said["withdrawal_note"] = entry.withdrawal_note
    return said


def plain_text(text: Text) -> Any:
    languages = {language: words for language, words in text if words}
    return text.en if list(languages) == ["en"] else languages


class Dumper(yaml.SafeDumper):
    """Indents lists, writes long texts as blocks, and numbers as numbers."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def represent_text(dumper: Dumper, text: str) -> yaml.ScalarNode:
    # A block that ends in an empty line would lose it: reading takes a block's last line break away.
    style = "|" if "\n" in text and not text.endswith("\n") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


def represent_amount(dumper: Dumper, amount: Decimal) -> yaml.ScalarNode:
    text = f"{amount:f}"
    digits = text.rstrip("0").rstrip(".") if "." in text else text
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in digits else 'int'}", digits)


def represent_time(dumper: Dumper, time: dt.time) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", time.isoformat("auto").removesuffix(":00"))


Dumper.add_multi_representer(str, represent_text)
Dumper.add_representer(str, represent_text)
Dumper.add_representer(Decimal, represent_amount)
Dumper.add_representer(dt.time, represent_time)
