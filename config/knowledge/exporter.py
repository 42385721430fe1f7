"""Writes the content of the database as knowledge files, always in the same order.

Every file is read again before it is returned, so that no file is handed out that an import would refuse or read
differently. Participants, documents, internal notes, submissions and the authors of acts are not part of the format,
and so never exported.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any, TypeVar

import yaml

from config.knowledge.check import check
from config.knowledge.description import SECTION_MODELS, describe, whole
from config.knowledge.difference import differences
from config.knowledge.document import MAX_BYTES, MAX_VALUES, parse
from config.knowledge.format import (
    FORMAT_VERSION,
    SECTIONS,
    Entry,
    PartnershipEntry,
    PublicationEntry,
    ReportEntry,
    Text,
)
from config.knowledge.listing import singular
from config.knowledge.problem import KnowledgeError, Path, Problem, dotted
from config.knowledge.shape import SURROUNDED, KeyKind, identifier_of, keys
from config.knowledge.value import POSSIBLE
from publishing import typed_values
from publishing.partial_dates import field as partial_date

E = TypeVar("E", bound=Entry)

FILE_HEADER = f"format: {FORMAT_VERSION}\n"
LINE_WIDTH = 110


def export(*, at: dt.datetime, drafts: bool = False, left_out: list[Problem] | None = None) -> list[str]:
    """The texts of the files that hold everything public at the moment `at`: one, or several if it would grow too
    large.

    With `drafts` also what is not public: drafts, publications in review or under an embargo, withdrawn ones, what was
    said off the record, and support in a group too small to show it. References to publications that were withdrawn
    since are left out, as on pages, and listed in `left_out`. Raises KnowledgeError if something cannot be written as a
    file.
    """
    entries = without_dangling(
        {section: list(described(section, at=at, drafts=drafts)) for section in SECTIONS},
        [] if left_out is None else left_out,
    )
    problems: list[Problem] = []
    files = Files()
    for section, listed in entries.items():
        for entry in listed:
            try:
                files.add(section, *yaml_lines(section, entry))
            except KnowledgeError as error:
                problems += error.problems
    if problems:
        raise KnowledgeError(problems)
    return files.texts


def described(section: str, *, at: dt.datetime, drafts: bool) -> Iterator[PublicationEntry]:
    """The entries of a section, by their identifiers."""
    manager: Any = SECTION_MODELS[section]._default_manager
    rows = manager.all() if drafts else manager.published(at=at)
    loaded = whole(rows, section, only_effective=True, public_at=None if drafts else at)
    entries = [describe(row, SECTIONS[section]) for row in loaded]
    yield from sorted(entries, key=identifier_of)


Entries = dict[str, list[PublicationEntry]]


def without_dangling(entries: Entries, left_out: list[Problem]) -> Entries:
    """`entries` without references to things that are not among them: an import would refuse those.

    An entry that cannot exist without a missing reference is removed too: a citation without its source, a report
    without its event.
    """
    there = names_in(entries)
    kept: Entries = {}
    for section, listed in entries.items():
        kept[section] = []
        for entry in listed:
            label = f"{singular(section)} “{identifier_of(entry)}”"
            whole = without(entry, (), there, label, left_out)
            if whole is not None:
                kept[section].append(whole)
    return kept if names_in(kept) == there else without_dangling(kept, left_out)


def names_in(entries: Entries) -> set[tuple[str, str]]:
    """What other entries may refer to, as pairs of a section and a name."""
    there = {(section, identifier_of(entry)) for section, listed in entries.items() for entry in listed}
    for entry in entries["reports"]:
        if isinstance(entry, ReportEntry):
            there |= {("points", f"{entry.key}/{point.key}") for point in entry.points}
    for entry in entries["partnerships"]:
        if isinstance(entry, PartnershipEntry):
            there |= {("instruments", instrument.slug) for instrument in entry.instruments}
    return there


def without(entry: E, path: Path, there: Collection[tuple[str, str]], label: str, left_out: list[Problem]) -> E | None:
    """`entry`, at `path` of what is called `label`, without references to what is not `there`; None if it requires one."""

    def is_there(section: str, name: Any, where: Path) -> bool:
        if (section, name) in there:
            return True
        message = f"the {singular(section)} “{name}” is not public: left out."
        left_out.append(Problem(label, 0, message, where))
        return False

    kept: dict[str, Any] = {}
    for key in keys(type(entry)):
        value, here = getattr(entry, key.name), (*path, key.name)
        if value is None or key.section in SURROUNDED:
            continue
        if key.kind is KeyKind.REFERENCE and not is_there(key.section, value, here):
            if type(entry).model_fields[key.name].is_required():
                return None
            kept[key.name] = None
        elif key.kind is KeyKind.REFERENCES:
            kept[key.name] = [name for place, name in enumerate(value) if is_there(key.section, name, (*here, place))]
        elif key.kind in (KeyKind.PARTS, KeyKind.RECORDS):
            parts = (without(part, (*here, place), there, label, left_out) for place, part in enumerate(value))
            kept[key.name] = [part for part in parts if part is not None]
    return entry.model_copy(update=kept)


class Files:
    """Texts of files, none of them larger than an import accepts."""

    def __init__(self) -> None:
        self.texts = [FILE_HEADER]
        self.bytes = self.values = 0
        self.section = ""

    def add(self, section: str, text: str, values: int) -> None:
        self.bytes += len(text.encode())
        self.values += values
        if self.section and (self.bytes > MAX_BYTES * 0.9 or self.values > MAX_VALUES * 0.9):
            self.texts.append(FILE_HEADER)
            self.bytes, self.values, self.section = len(text.encode()), values, ""
        if section != self.section:
            self.texts[-1] += f"\n{section}:\n"
            self.section = section
        self.texts[-1] += text


def yaml_lines(section: str, entry: PublicationEntry) -> tuple[str, int]:
    """The lines of one entry and the number of values in them. Raises KnowledgeError if no file can hold it."""
    item = yaml.dump(
        [without_defaults(entry)],
        Dumper=Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=LINE_WIDTH,
    )
    text = "".join(f"  {line}" if line.strip() else line for line in item.splitlines(keepends=True))
    label = f"{singular(section)} “{identifier_of(entry)}”"
    try:
        document = parse(f"{FILE_HEADER}{section}:\n{text}".encode(), file=label)
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


def without_defaults(entry: Entry) -> dict[str, Any]:
    """`entry` without the default values of the format."""
    said: dict[str, Any] = {}
    for key in keys(type(entry)):
        value = getattr(entry, key.name)
        field = type(entry).model_fields[key.name]
        if value is None or value in ("", []) or (not field.is_required() and value == field.default):
            continue
        if key.kind is KeyKind.TEXT:
            said[key.name] = plain_text(value)
        elif key.kind is KeyKind.TEXTS:
            said[key.name] = [plain_text(text) for text in value]
        elif key.kind is KeyKind.GROUP:
            said[key.name] = without_defaults(value)
        elif key.kind in (KeyKind.PARTS, KeyKind.RECORDS):
            said[key.name] = [without_defaults(part) for part in value]
        else:
            said[key.name] = partial_date.unambiguous_date(value) if POSSIBLE in field.metadata else value
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
    # A block that ends with an empty line would lose it, because reading removes a block's last line break.
    style = "|" if "\n" in text and not text.endswith("\n") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


def represent_amount(dumper: Dumper, amount: Decimal) -> yaml.ScalarNode:
    text = f"{amount:f}"
    digits = text.rstrip("0").rstrip(".") if "." in text else text
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in digits else 'int'}", digits)


def represent_time(dumper: Dumper, time: dt.time) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", time.isoformat("auto").removesuffix(":00"))


def represent_day(dumper: Dumper, day: dt.date) -> yaml.ScalarNode:
    text = typed_values.unambiguous_day(day)
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'timestamp' if text == day.isoformat() else 'str'}", text)


def represent_moment(dumper: Dumper, moment: dt.datetime) -> yaml.ScalarNode:
    if typed_values.is_of_another_calendar(moment.year):
        return dumper.represent_scalar("tag:yaml.org,2002:str", f"{moment.isoformat()} {typed_values.OURS}")
    return dumper.represent_datetime(moment)


Dumper.add_multi_representer(str, represent_text)
Dumper.add_representer(str, represent_text)
Dumper.add_representer(Decimal, represent_amount)
Dumper.add_representer(dt.date, represent_day)
Dumper.add_representer(dt.time, represent_time)
Dumper.add_representer(dt.datetime, represent_moment)
