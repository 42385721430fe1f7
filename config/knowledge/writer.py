"""Writes a listing into the database, through the same actions as the desk.

Everything new is first a draft by the import account. What the files mark as published is then published as the act of
the person who runs the import, so that a file can do no more than that person may.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path as FilePath
from typing import Any

import pgtrigger
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Model, ProtectedError

from config.knowledge.description import QUANTITY, SECTION_MODELS, describe, found, identifier, name_of, section_of
from config.knowledge.difference import unknown
from config.knowledge.format import (
    SECTIONS,
    AppendedEntry,
    Entry,
    InstrumentActionEntry,
    InstrumentEntry,
    OfficialPositionEntry,
    PartnershipEntry,
    PointEntry,
    ReportEntry,
    ResponseEntry,
    ReviewEntry,
    SaidSupport,
    SessionEntry,
    StatusEntryEntry,
    Text,
)
from config.knowledge.listing import Listed, Listing, ordered, singular
from config.knowledge.problem import Path
from config.knowledge.refusal import complaints, key_of, said_by_database, still_needed
from config.knowledge.shape import Key, KeyKind, keys, natural_key, references
from events import actions as events_actions
from events.models import Point, Report
from partnerships import actions
from partnerships.verification import ESTABLISHED
from publishing import actions as publishing_actions
from publishing import refusals
from publishing.acting import Act
from publishing.languages import Language
from publishing.public_texts import PublicText
from publishing.publication import Publication, PublicationState
from recommendations import actions as recommendations_actions
from recommendations.models import Evidence

LAST = ("recommendations",)
"""Sections whose rows refer to parts of others (points), and so are written after those parts."""

RESTS_ON_AN_ESTABLISHED_CLAIM = "partnerships.Instrument:rests_on_an_established_claim"
"""The constraint that the database checks at the end, because an instrument is written before the reviews of its claim.
"""

SHIFT = 10_000
"""Points are moved by this offset while they change places, because no two may have the same position."""

RECORDERS: Mapping[type[AppendedEntry], Callable[..., Model]] = {
    InstrumentActionEntry: actions.record_instrument_action,
    ReviewEntry: actions.record_review,
    OfficialPositionEntry: actions.record_position,
    ResponseEntry: recommendations_actions.record_response,
    StatusEntryEntry: recommendations_actions.record_status,
}

Around = dict[str, dict[Any, Any]]
"""What a point can refer to within its report and event, by section and name."""


class UnreadyError(Exception):
    """Something that this refers to could not be written; the reason is already among the problems."""


class Writer:
    """Makes the database match `listing`, at the moment `at`, as the act of `by`.

    Errors are added to the listing's problems; the caller then rolls everything back.
    """

    def __init__(self, listing: Listing, *, by: User, author: User, at: dt.datetime) -> None:
        self.listing = listing
        self.by, self.author, self.at = by, author, at
        self.parts: dict[int, tuple[Any, bool]] = {}
        """The row of every part entry, by the identity of the entry, and whether it is new."""
        self.doomed: list[tuple[Any, Listed, Path]] = []
        self.revised: set[Listed] = set()
        self.unready: list[tuple[Listed, Path]] = []

    def write(self) -> None:
        self.write_all()
        if not self.listing.problems:
            for item, path in self.unready:
                self.listing.blame(item, path, "this was not written, for what it refers to was not.")

    def write_all(self) -> None:
        for sections in ([section for section in SECTIONS if section not in LAST], LAST):
            touched = [item for section in sections for item in self.listing.in_order(section) if not item.is_untouched]
            for item in touched:
                self.write_row(item)
            for item in touched:
                if item.row.pk is not None:
                    self.write_parts(item, item.row, item.entry, item.path, is_new=item.is_new)
        for part, item, path in self.doomed:
            self.delete(part, item, path)
        if self.listing.problems:
            return  # everything after this would only fail because something is missing
        touched = [item for item in self.listing if not item.is_untouched]
        for item in touched:
            if not item.was_published:
                self.append_records(item, item.row, item.entry, item.path, is_new=item.is_new)
                self.clear_points(item)
        self.publish([item for item in touched if item.moves_on and not item.was_published])
        for item in touched:
            if item.was_published:
                self.revise(item)
                self.append_records(item, item.row, item.entry, item.path, is_new=False)
                self.clear_points(item)
                with self.blaming(item, item.path):
                    # Its parts were written after its own texts were read.
                    publishing_actions.check_public_texts(
                        item.row, item.row.public_texts(), act=Act(by=self.by, at=self.at)
                    )
        if not self.listing.problems:
            for item in touched:
                self.judge_promotions(item)
        for item in touched:
            if item.moves_on and item.entry.state == "withdrawn":
                with self.blaming(item, (*item.path, "state")):
                    publishing_actions.withdraw(
                        item.row, act=Act(by=self.by, at=self.at), note=item.entry.withdrawal_note
                    )
                    if item.row.withdrawal_note != item.entry.withdrawal_note.strip():
                        message = "it says what must not be public, so another one would stand there."
                        self.listing.blame(item, (*item.path, "withdrawal_note"), message)

    @contextmanager
    def blaming(self, item: Listed, path: Path) -> Iterator[None]:
        """Turns errors of Django or the database into problems at `path`, and rolls back the block."""
        try:
            with transaction.atomic():
                yield
        except UnreadyError:
            self.unready.append((item, path))
        except refusals.RefersToUnpublished as error:
            for publication in error.publications:
                self.blame_draft(item, path, publication)
        except refusals.TextRefused as error:
            places = [self.place_of(item, public_text) for public_text, _words in error.findings]
            for where in dict.fromkeys(places or [path]):
                self.listing.blame(item, where, " ".join(error.messages))
        except ValidationError as error:
            for where, message in complaints(item.document, path, error):
                self.listing.blame(item, where, message)
        except ProtectedError:
            raise
        except DatabaseError as error:
            if connection.needs_rollback:
                raise
            self.listing.blame(item, path, said_by_database(error))

    def place_of(self, item: Listed, public_text: PublicText) -> Path:
        """The place of `public_text` in the file; for texts inside parts, the entry as a whole."""
        if public_text.row == item.row:
            return (*item.path, *key_of(item.document, item.path, public_text.column))
        for key in keys(type(item.entry)):
            for place, entry in enumerate(getattr(item.entry, key.name) if key.kind is KeyKind.PARTS else ()):
                part, _is_new = self.parts.get(id(entry), (None, False))
                if part is not None and part == public_text.row:
                    path = (*item.path, key.name, place)
                    return (*path, *key_of(item.document, path, public_text.column))
        return item.path

    def blame_draft(self, item: Listed, path: Path, publication: Publication) -> None:
        """Reports the problem at the reference to `publication`, if the file has it."""
        target = section_of(publication), identifier(publication)
        named = (
            where
            for where, section, name in references(item.entry, item.path)
            if self.listing.whole_of(section, name) == target
        )
        self.listing.blame(
            item,
            next(named, path),
            f"the {singular(target[0])} “{target[1]}” is not public, and this would give it away: "
            "mark it “state: published” too.",
        )

    def resolve(self, section: str, name: Any) -> Any:
        """The row that files call `name`. Raises UnreadyError if it could not be written."""
        rows = self.listing.rows
        if (section, name) not in rows and self.stays_as_it_is(section, name):
            rows.update({(section, name_of(row, section)): row for row in found(section, [name])})
        return saved(rows.get((section, name)))

    def stays_as_it_is(self, section: str, name: str) -> bool:
        """Whether `name` is a part of something listed in which nothing changes, so that it is never written."""
        of_section, of_name = self.listing.whole_of(section, name)
        whole = self.listing.sections[of_section].get(of_name)
        return whole is not None and whole.is_untouched

    # Publications

    def write_row(self, item: Listed) -> None:
        if item.is_new:
            item.row = SECTION_MODELS[item.section](**{item.entry.identifier: item.name})
            self.listing.rows[item.section, item.name] = item.row
            with self.blaming(item, item.path):
                self.assign(item.row, item.entry)
                publishing_actions.save_draft(item.row, by=self.by, author=self.author)
        elif not item.was_published:
            with self.blaming(item, item.path):
                if self.assign(item.row, item.entry):
                    publishing_actions.save_draft(item.row, by=self.by)
        elif self.names_only_the_public(item):
            # Before its parts, so that the line in the table of changes carries the note of the new version.
            self.revise(item)

    def names_only_the_public(self, item: Listed) -> bool:
        return all(
            row is not None and row.is_published(at=self.at)
            for row in map(self.listing.rows.get, self.listing.wholes_named_by(item))
        )

    def revise(self, item: Listed) -> None:
        """Saves an edit of something public as one new version whose note says that it comes from a file."""
        if not item.is_edited or item in self.revised:
            return
        self.revised.add(item)
        with self.blaming(item, item.path):
            self.assign(item.row, item.entry)
            name = FilePath(item.document.file).name.encode(errors="replace").decode()
            note = f"Updated from knowledge file {name}."
            publishing_actions.revise(item.row, by=self.by, note=note, named_before=())

    def publish(self, items: list[Listed]) -> None:
        """Publishes `items`, each after those that it refers to; those that refer to each other are published together."""
        waiting = {(item.section, item.name): item for item in items}
        for item in self.after_what_they_name(waiting):
            if item.row.state == PublicationState.PUBLISHED:
                continue
            with self.blaming(item, (*item.path, "state")):
                try:
                    publishing_actions.publish(item.row, act=Act(by=self.by, at=self.at))
                except refusals.RefersToUnpublished as error:
                    along = [waiting.get((section_of(draft), identifier(draft))) for draft in error.publications]
                    if not all(along):
                        raise
                    publishing_actions.publish(item.row, act=Act(by=self.by, at=self.at), together=True)
                    for other in filter(None, along):
                        other.row.refresh_from_db()

    def after_what_they_name(self, items: dict[tuple[str, str], Listed]) -> list[Listed]:
        """`items`, each after those that it refers to, unless they refer to each other."""
        done: dict[tuple[str, str], Listed] = {}
        entered: set[tuple[str, str]] = set()
        stack: list[tuple[tuple[str, str], bool]] = [(name, False) for name in reversed(items)]
        while stack:
            name, is_left = stack.pop()
            if is_left:
                done[name] = items[name]
            elif name not in entered:
                entered.add(name)
                named = self.listing.wholes_named_by(items[name])
                stack += [(name, True), *((other, False) for other in named if other in items)]
        return list(done.values())

    # Columns

    def assign(self, row: Any, entry: Entry, around: Around | None = None) -> set[str]:
        """Copies the own columns of `entry` into `row`; returns the names of those that changed."""
        changed = set()
        for column, value in self.columns(row, entry, around or {}):
            if row._state.adding or getattr(row, column) != value:
                setattr(row, column, value)
                changed.add(column)
        return changed

    def columns(self, row: Any, entry: Entry, around: Around) -> Iterator[tuple[str, Any]]:
        for key in keys(type(entry)):
            value = getattr(entry, key.name)
            match key.kind:
                case KeyKind.VALUE if is_no_column(key, value, row):
                    continue
                case KeyKind.VALUE:
                    yield key.name, value
                case KeyKind.TEXT:
                    yield from text_columns(row, key.name, value)
                case KeyKind.GROUP:
                    blank = {"approximate": False, "unit": "", "currency": ""}
                    for name, column in QUANTITY.items():
                        yield column, blank.get(name) if value is None else getattr(value, name)
                case KeyKind.REFERENCE if value is None:
                    yield key.name, None
                case KeyKind.REFERENCE if key.section in around:
                    yield key.name, saved(around[key.section].get(value))
                case KeyKind.REFERENCE:
                    yield key.name, self.resolve(key.section, value)

    # Parts

    def write_parts(self, item: Listed, row: Any, entry: Entry, path: Path, *, is_new: bool) -> None:
        """Makes the parts of `row` those that `entry` lists."""
        for key in keys(type(entry)):
            if key.kind not in (KeyKind.REFERENCES, KeyKind.VALUES, KeyKind.TEXTS, KeyKind.PARTS):
                continue
            listed = getattr(entry, key.name)
            known = [] if is_new else list(getattr(row, key.name).all())
            here = (*path, key.name)
            if key.kind is KeyKind.REFERENCES:
                self.write_references(item, row, key, listed, here, known)
            elif key.kind is KeyKind.VALUES:
                self.write_obligations(item, row, listed, here, known)
            elif key.kind is KeyKind.TEXTS:
                self.write_objectives(item, row, listed, here, known)
            else:
                self.write_list(item, row, key, listed, here, known)

    def write_references(
        self, item: Listed, row: Any, key: Key, names: list[str], path: Path, known: list[Any]
    ) -> None:
        with self.blaming(item, path):
            targets = [self.resolve(key.section, name) for name in names]
            if {target.pk for target in targets} != {target.pk for target in known}:
                getattr(row, key.name).set(targets)

    def write_obligations(self, item: Listed, row: Any, names: list[str], path: Path, known: list[Any]) -> None:
        for part in known:
            if part.obligation not in names:
                self.delete(part, item, path)
        for place, name in enumerate(names):
            if all(part.obligation != name for part in known):
                with self.blaming(item, (*path, place)):
                    save(row.obligations.model(instrument=row, obligation=name))

    def write_objectives(self, item: Listed, row: Any, texts: list[Text], path: Path, known: list[Any]) -> None:
        for part in known[len(texts) :]:
            self.delete(part, item, path)
        position = known[-1].position if known else 0
        for place, text in enumerate(texts):
            if place < len(known):
                part = known[place]
            else:
                position += 1
                part = row.objectives.model(recommendation=row, position=position)
            columns = dict(text_columns(part, "text", text))
            with self.blaming(item, (*path, place)):
                for column, value in columns.items():
                    setattr(part, column, value)
                if part._state.adding or columns:
                    save(part)

    def write_list(self, item: Listed, row: Any, key: Key, parts: list[Any], path: Path, known: list[Any]) -> None:
        before = {natural_key(describe(part, key.entry)): part for part in known}
        self.remove_vanished(item, key, parts, path, before)
        if key.entry is PointEntry:
            self.step_aside(row, before, parts)
        around = surroundings(item, key)
        for place, entry in in_writing_order(parts):
            part = before.get(natural_key(entry))
            if part is None and key.entry is InstrumentEntry:
                part = self.listing.rows.get(("instruments", entry.slug))  # it moves here from another partnership
            if part is None:
                part = new_part(row, key)
            is_new = part._state.adding
            with self.blaming(item, (*path, place)):
                self.write_part(row, part, entry, place, around)
            if part.pk is not None:
                self.parts[id(entry)] = (part, is_new)
                self.make_known(item, part, entry, around)
                self.write_parts(item, part, entry, (*path, place), is_new=is_new)

    def write_part(self, row: Any, part: Any, entry: Entry, place: int, around: Around) -> None:
        changed = self.assign(part, entry, around)
        if isinstance(entry, InstrumentEntry) and part.partnership_id != row.pk:
            part.partnership = row
            changed.add("partnership")
        if isinstance(entry, PointEntry):
            if part.position != place + 1:
                part.position = place + 1
                changed.add("position")
            self.keep_clearance_true(row, part, entry, changed)
        if part._state.adding or changed:
            save(part)

    def make_known(self, item: Listed, part: Any, entry: Entry, around: Around) -> None:
        """Registers a part, so that others can refer to it."""
        if isinstance(entry, InstrumentEntry):
            self.listing.rows["instruments", entry.slug] = part
        elif isinstance(entry, PointEntry):
            self.listing.rows["points", f"{item.name}/{entry.key}"] = part
            around["own points"][entry.key] = part

    def remove_vanished(
        self, item: Listed, key: Key, parts: list[Any], path: Path, before: Mapping[tuple[str, ...], Any]
    ) -> None:
        listed = {natural_key(part) for part in parts}
        for natural, part in before.items():
            if natural in listed or (key.entry is InstrumentEntry and part.slug in self.listing.instruments):
                continue
            if key.entry in (InstrumentEntry, PointEntry, SessionEntry):
                self.doomed.append((part, item, path))  # once nothing that is still to be written refers to it
            else:
                self.delete(part, item, path)

    def delete(self, part: Any, item: Listed, path: Path) -> None:
        try:
            with self.blaming(item, path):
                part.delete()
        except ProtectedError as error:
            self.listing.blame(item, path, still_needed(part, error))

    def step_aside(self, report: Any, before: Mapping[tuple[str, ...], Any], points: list[Any]) -> None:
        """Moves the points of a report to temporary positions if any of them changes its place."""
        wanted = {natural_key(point): place + 1 for place, point in enumerate(points)}
        if all(part.position == wanted.get(natural) for natural, part in before.items()):
            return
        Point.objects.filter(report=report).update(position=F("position") + SHIFT)
        for part in before.values():
            part.position += SHIFT

    def keep_clearance_true(self, report: Report, point: Point, entry: PointEntry, changed: set[str]) -> None:
        """A clearance applies to the text that was cleared; and no uncleared point is added to a public report."""
        if changed & {"support", *(f"text_{language}" for language in Language.values)}:
            point.cleared_by = point.cleared_at = None
        if entry.cleared and not point.is_cleared and report.state == PublicationState.PUBLISHED:
            if report.author_id == self.by.pk:
                raise refusals.ReviewerIsAuthor("You wrote this report: somebody else has to clear its single voices.")
            point.cleared_by, point.cleared_at = self.by, self.at
            changed.add("cleared_by")

    # Records and clearances

    def append_records(self, item: Listed, row: Any, entry: Entry, path: Path, *, is_new: bool) -> None:
        """Appends the records in `entry`, at any depth, that have no equal in the database."""
        for key in keys(type(entry)):
            listed = getattr(entry, key.name)
            here = (*path, key.name)
            if key.kind is KeyKind.RECORDS and listed:
                known = [] if is_new else [describe(record, key.entry) for record in getattr(row, key.name).all()]
                places = {id(record): place for place, record in enumerate(listed)}
                # The order of the list has no meaning; records are appended in the order of their days.
                for record in sorted(unknown(known, listed), key=self.day_of):
                    with self.blaming(item, (*here, places[id(record)])):
                        self.append_record(row, record)
            elif key.kind is KeyKind.PARTS:
                for place, part in enumerate(listed):
                    part_row, part_is_new = self.parts[id(part)]
                    self.append_records(item, part_row, part, (*here, place), is_new=part_is_new)

    def day_of(self, record: AppendedEntry) -> dt.date:
        return record.as_of or self.at.date()

    def append_record(self, row: Any, record: AppendedEntry) -> None:
        record_action = RECORDERS[type(record)]
        said = dict(self.columns(row, record, {}))
        said["as_of"] = self.day_of(record)
        if isinstance(record, StatusEntryEntry):
            said["evidence"] = [
                Evidence(**dict(self.columns(Evidence(), citation, {}))) for citation in record.evidence
            ]
        record_action(row, **said, act=Act(by=self.by, at=self.at))

    def clear_points(self, item: Listed) -> None:
        if not isinstance(item.entry, ReportEntry):
            return
        for place, entry in enumerate(item.entry.points):
            point, _is_new = self.parts[id(entry)]
            if entry.cleared and not point.is_cleared:
                with self.blaming(item, (*item.path, "points", place, "cleared")):
                    events_actions.clear_point(point, act=Act(by=self.by, at=self.at))

    def judge_promotions(self, item: Listed) -> None:
        """Refuses instruments whose claim is not established, now that all reviews are recorded."""
        if not isinstance(item.entry, PartnershipEntry):
            return
        for place, entry in enumerate(item.entry.instruments):
            if entry.promoted_from is not None and id(entry) in self.parts:
                claim = self.resolve("claims", entry.promoted_from)
                if claim.reviews.effective().filter(status__in=ESTABLISHED).exists():
                    continue
                with self.blaming(item, (*item.path, "instruments", place, "promoted_from")):
                    # It may have been promoted before its review was corrected: then there is nothing to check.
                    pgtrigger.constraints(pgtrigger.Immediate, RESTS_ON_AN_ESTABLISHED_CLAIM)


def saved(row: Any) -> Any:
    """`row`, if it is in the database. Raises UnreadyError otherwise."""
    if row is None or row.pk is None:
        raise UnreadyError
    return row


def save(part: Model) -> None:
    """Saves a part. Only the database checks its constraints; its error has the same message.

    Validation by Django first would cost three queries for each part.
    """
    part.full_clean(validate_constraints=False)
    part.save()


def new_part(row: Any, key: Key) -> Any:
    """An unsaved part of `row`, of the model of `key`."""
    relation = row._meta.get_field(key.name)
    return relation.related_model(**{relation.field.name: row})


def is_no_column(key: Key, value: Any, row: Any) -> bool:
    """Whether a value is not a column of `row`, or one that an import does not change."""
    if key.name == "embargo_until":
        return value is None
    if key.name == "key":
        return not row._state.adding  # a row made at the desk has none, and is named by its public id
    return key.name == "cleared" or (key.name == "support" and value == SaidSupport.WITHHELD)


def text_columns(row: Any, name: str, text: Text | None) -> Iterator[tuple[str, str | None]]:
    """The changed columns of a translated text; a language that the file leaves out stays unchanged."""
    for language in Language.values:
        column = f"{name}_{language}"
        written = "" if text is None else getattr(text, language)
        if written is not None and written != (getattr(row, column) or ""):
            yield column, written or None


def surroundings(item: Listed, key: Key) -> Around:
    if key.entry is not PointEntry:
        return {}
    return {"own points": {}, "own sessions": {session.position: session for session in item.row.event.sessions.all()}}


def in_writing_order(parts: list[Any]) -> list[tuple[int, Any]]:
    """The parts with their positions; points come after those that they qualify."""
    placed = list(enumerate(parts))
    if not parts or not isinstance(parts[0], PointEntry):
        return placed
    return ordered({point.key: (place, point) for place, point in placed}, lambda pair: pair[1].qualifies)[0]
