"""A set of knowledge files as one listing: its entries, their rows in the database, and whether all references resolve."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from config.knowledge.description import SECTION_MODELS, describe, found, identifier, name_of, whole
from config.knowledge.difference import Difference, differences
from config.knowledge.document import YamlDocument
from config.knowledge.format import (
    SECTIONS,
    Entry,
    EventEntry,
    KnowledgeFile,
    PartnershipEntry,
    PointEntry,
    PublicationEntry,
    ReportEntry,
)
from config.knowledge.problem import ENOUGH, Path, Problem, closest
from config.knowledge.shape import identifier_of, lists_of_parts, natural_key, references
from events.models import Point, Session
from partnerships.models import Instrument
from publishing.publication import PublicationState

T = TypeVar("T")

PARENTS = {"actors": "parent", "topics": "parent", "recommendations": "parent"}
"""Sections that are trees, and the key that names the parent."""

SINGULAR = {"instruments": "instrument", "points": "point"}


@dataclass(eq=False)
class Listed:
    """A publication as a file lists it, with its row in the database."""

    section: str
    name: str
    entry: PublicationEntry
    document: YamlDocument
    path: Path
    row: Any = None
    known: Any = None
    differences: list[Difference] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{singular(self.section)} “{self.name}”"

    def problem(self, path: Path, message: str) -> Problem:
        return self.document.problem(path, message)

    @property
    def place(self) -> str:
        return f"{self.document.file}:{self.document.line(self.path)}"

    @property
    def is_new(self) -> bool:
        return self.known is None

    @property
    def was_published(self) -> bool:
        return self.known is not None and self.known.state == PublicationState.PUBLISHED

    @property
    def is_edited(self) -> bool:
        """Whether something other than records has to be written."""
        return self.is_new or any(not difference.appended for difference in self.differences)

    @property
    def moves_on(self) -> bool:
        """Whether it has to be published or withdrawn."""
        before = PublicationState.DRAFT if self.known is None else self.known.state
        return bool(self.entry.state != before)

    @property
    def is_untouched(self) -> bool:
        return not self.is_new and not self.differences and not self.moves_on


class Listing:
    """Everything that a set of files lists. `problems` collects the errors."""

    def __init__(self, contents: Iterable[tuple[YamlDocument, KnowledgeFile]]) -> None:
        self.problems: list[Problem] = []
        self.sections: dict[str, dict[str, Listed]] = {section: {} for section in SECTIONS}
        self.instruments: dict[str, Listed] = {}
        self.rows: dict[tuple[str, Any], Any] = {}
        """Everything listed or referred to that is in the database, by section and name."""
        self.kept = 0
        for document, content in contents:
            for section in SECTIONS:
                for place, entry in enumerate(getattr(content, section)):
                    self.take_up(Listed(section, identifier_of(entry), entry, document, (section, place)))

    def __iter__(self) -> Iterator[Listed]:
        for section in self.sections.values():
            yield from section.values()

    def blame(self, item: Listed, path: Path, message: str) -> None:
        self.problems.append(item.problem(path, message))

    # What the files contain

    def take_up(self, item: Listed) -> None:
        twin = self.sections[item.section].setdefault(item.name, item)
        if twin is not item:
            where = (*item.path, item.entry.identifier)
            self.blame(item, where, f"“{item.name}” is listed twice, first in {twin.place}.")
        for path, parts in lists_of_parts(item.entry, item.path):
            self.refuse_twins(item, path, parts)
        if isinstance(item.entry, PartnershipEntry):
            for place, instrument in enumerate(item.entry.instruments):
                other = self.instruments.setdefault(instrument.slug, item)
                if other is not item:
                    where = (*item.path, "instruments", place, "slug")
                    self.blame(item, where, f"“{instrument.slug}” is listed twice, first within {other.place}.")

    def refuse_twins(self, item: Listed, path: Path, parts: list[Any]) -> None:
        seen: dict[Any, int] = {}
        for place, part in enumerate(parts):
            natural = natural_key(part) if isinstance(part, Entry) else (part,)
            first = seen.setdefault(natural, place)
            if first != place:
                called = " ".join(word for word in natural if word)
                line = item.document.line((*path, first))
                self.blame(item, (*path, place), f"“{called}” stands twice in this list, first in line {line}.")

    def refuse_circles(self) -> None:
        """Parents and qualified points must not form a circle."""
        for section, name in PARENTS.items():
            listed = self.sections[section]
            for circle in ordered(listed, lambda item, name=name: getattr(item.entry, name))[1]:  # type: ignore[misc]
                item = listed[circle[0]]
                self.blame(item, (*item.path, name), leads_round(circle))
        for item in self.sections["reports"].values():
            points = points_of(item)
            places = {point.key: place for place, point in enumerate(points)}
            for circle in ordered({point.key: point for point in points}, lambda point: point.qualifies)[1]:
                self.blame(item, (*item.path, "points", places[circle[0]], "qualifies"), leads_round(circle))

    def in_order(self, section: str) -> list[Listed]:
        """What is listed in `section`, parents before their children."""
        listed = self.sections[section]
        name = PARENTS.get(section)
        return ordered(listed, lambda item: getattr(item.entry, name) if name else None)[0]

    # What the database contains

    def load(self, *, keep_existing: bool) -> None:
        """Finds and locks the rows of what is listed, so that nobody edits them between comparing and writing.

        With `keep_existing`, what is found counts only as known, and no longer as listed.
        """
        for section, listed in self.sections.items():
            rows = found(section, listed)
            if not keep_existing:
                rows = whole(rows.select_for_update(of=("self",), no_key=True), section, only_effective=False)
            for row in rows:
                name = identifier(row)
                self.rows[section, name] = row
                if keep_existing:
                    del listed[name]
                    self.kept += 1
                else:
                    listed[name].row, listed[name].known = row, describe(row, SECTIONS[section])
        partnerships = self.sections["partnerships"].values()
        self.instruments = {slug: item for slug, item in self.instruments.items() if item in partnerships}
        for row in found("instruments", self.instruments):
            self.rows["instruments", row.slug] = row

    def find_references(self) -> None:
        """Finds everything that is referred to; what is neither in the files nor in the database is a problem."""
        wanted: dict[str, dict[str, list[tuple[Listed, Path]]]] = {}
        for item in self:
            for path, section, name in references(item.entry, item.path):
                if not self.lists(section, name):
                    wanted.setdefault(section, {}).setdefault(name, []).append((item, path))
            if isinstance(item.entry, ReportEntry):
                self.find_surroundings(item, item.entry)
        for section, names in wanted.items():
            missing = [name for name in names if (section, name) not in self.rows]
            for row in found(section, missing) if missing else ():
                self.make_known(section, row)
            dangling = [name for name in missing if (section, name) not in self.rows]
            known = self.all_names(section) if dangling else set()
            for name in dangling:
                hint = closest(name, known) if len(self.problems) < ENOUGH else ""
                for item, path in names[name]:
                    self.blame(item, path, f"there is no {singular(section)} “{name}”.{hint}")

    def make_known(self, section: str, row: Any) -> None:
        self.rows[section, name_of(row, section)] = row
        if section == "points":
            self.make_known("reports", row.report)
        elif section == "instruments":
            self.make_known("partnerships", row.partnership)

    def lists(self, section: str, name: str) -> bool:
        if section == "instruments":
            return name in self.instruments
        if section == "points":
            report, _slash, point = name.partition("/")
            item = self.sections["reports"].get(report)
            return item is not None and any(part.key == point for part in points_of(item))
        return name in self.sections[section]

    def whole_of(self, section: str, name: str) -> tuple[str, str]:
        """The publication to which `name` belongs: for a point its report, for an instrument its partnership."""
        if section == "points":
            return "reports", name.partition("/")[0]
        if section == "instruments":
            item = self.instruments.get(name)
            return "partnerships", item.name if item is not None else self.rows[section, name].partnership.slug
        return section, name

    def wholes_named_by(self, item: Listed) -> list[tuple[str, str]]:
        return [self.whole_of(section, name) for _path, section, name in references(item.entry, item.path)]

    def all_names(self, section: str) -> set[str]:
        """Every name in `section`, of the files and the database, to suggest the one that was meant."""
        if section == "instruments":
            return {*self.instruments, *Instrument.objects.values_list("slug", flat=True)}
        if section == "points":
            reports = self.sections["reports"]
            ours = {f"{name}/{point.key}" for name, item in reports.items() for point in points_of(item)}
            theirs = Point.objects.filter(report__key__isnull=False, key__isnull=False)
            return ours | {f"{report}/{point}" for report, point in theirs.values_list("report__key", "key")}
        manager: Any = SECTION_MODELS[section]._default_manager
        return {*self.sections[section], *filter(None, manager.values_list(SECTIONS[section].identifier, flat=True))}

    def find_surroundings(self, item: Listed, report: ReportEntry) -> None:
        """Finds what points refer to in their own report and event: the points they qualify, and their sessions."""
        points = {point.key for point in report.points}
        positions = self.sessions_of(report)
        for place, point in enumerate(report.points):
            path = (*item.path, "points", place)
            if point.qualifies is not None and point.qualifies not in points:
                hint = closest(point.qualifies, points)
                self.blame(item, (*path, "qualifies"), f"this report has no point “{point.qualifies}”.{hint}")
            if point.session is not None and point.session not in positions:
                message = f"the event “{report.event}” has no session at the position {point.session}."
                self.blame(item, (*path, "session"), message)

    def sessions_of(self, report: ReportEntry) -> set[int]:
        """The positions of the sessions of the report's event."""
        event = self.sections["events"].get(report.event)
        if event is not None and isinstance(event.entry, EventEntry):
            return {session.position for session in event.entry.sessions}
        if all(point.session is None for point in report.points):
            return set()
        return set(Session.objects.filter(event__slug=report.event).values_list("position", flat=True))

    # What has to be done

    def compare(self) -> None:
        for item in self:
            if item.entry.withdrawal_note and item.entry.state != "withdrawn":
                self.blame(item, (*item.path, "withdrawal_note"), "only what is withdrawn has a withdrawal note.")
            if not item.is_new:
                item.differences = list(differences(item.known, item.entry))
                self.refuse_impossible_moves(item)

    def refuse_impossible_moves(self, item: Listed) -> None:
        message = ""
        match item.known.state, item.entry.state:
            case "published", "draft":
                message = (
                    "is published, and a file does not make it a draft again. "
                    "Mark it “state: published”, or withdraw it in the admin."
                )
            case "withdrawn", "draft" | "published":
                message = "was withdrawn. Take it out of the file, or publish it again in the admin."
            case "withdrawn", "withdrawn" if item.differences:
                message = f"was withdrawn, and what is withdrawn is not edited ({item.differences[0]})."
            case "draft", "withdrawn":
                message = "is a draft. Only what was published is withdrawn."
        if message:
            self.blame(item, (*item.path, "state"), f"“{item.name}” {message}")


def singular(section: str) -> str:
    """The word for one thing of `section`."""
    return SINGULAR.get(section) or str(SECTION_MODELS[section]._meta.verbose_name)


def points_of(item: Listed) -> list[PointEntry]:
    return item.entry.points if isinstance(item.entry, ReportEntry) else []


def leads_round(circle: list[str]) -> str:
    return f"this leads in a circle: {' → '.join([*circle, circle[0]])}."


def ordered(items: Mapping[str, T], above: Callable[[T], str | None]) -> tuple[list[T], list[list[str]]]:
    """`items`, each after the one that `above` names, and the circles in which that is impossible."""
    done: dict[str, T] = {}
    circles: list[list[str]] = []
    for start in items:
        chain: dict[str, int] = {}
        name: str | None = start
        while name is not None and name in items and name not in done and name not in chain:
            chain[name] = len(chain)
            name = above(items[name])
        if name is not None and name in chain:
            circles.append(list(chain)[chain[name] :])
        done |= {link: items[link] for link in reversed(chain)}
    return list(done.values()), circles
