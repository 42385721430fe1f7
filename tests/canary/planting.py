"""Plants canaries: one in every text of every row that is created while a `Planting` is open.

The rows are derived from the models: for each relation of each model, a published row is created that refers to a
draft, to something in review, under an embargo, withdrawn, and withdrawn before its embargo ended; and each restricted
table gets rows that refer to published ones. So a new model, column or relation gets canaries automatically; what
cannot be created without more values needs a line in `GIVEN`.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_save, pre_save
from django.utils import timezone
from factory.declarations import Trait
from modeltranslation.translator import NotRegistered, translator
from pghistory.models import Context

from events.models.participant import ConsentDisclosure
from publishing.identifiers import PublicIdField
from publishing.publication import Publication, PublicationState
from publishing.reader.row_policies import READ_WHOLE
from publishing.records import Record
from tests import factories
from tests.canary.words import Fate, Vocabulary, Word, latin
from tests.config.test_reader_role import REFUSED
from tests.factories import PUBLISHED_AT, WITHDRAWN_AT, UserFactory
from tests.support.published import everything

EMBARGO = dt.datetime(2079, 7, 19, 3, 17, tzinfo=dt.UTC)
"""When it ends is a secret too: the day stands nowhere else."""

PEOPLE = 7919
"""How many were at one of the events; no number on any page may say so."""

PUBLISHED = "published"
HANGING = "hanging on what is hidden"
HIDDEN = ("draft", "in_review", "embargoed", "withdrawn", "withdrawn_early")
"""The states in which nobody outside reads a publication; the last was withdrawn before its embargo ended."""

NOT_SHOWN = {"key"}
"""Columns that stay with the desk although the rows that hold them are public."""

ANNOUNCED = {"version_note"}
"""Public notes that stay readable after the row says something else."""

BOUND: dict[str, str] = {
    "iso_code": "two capital letters",
    "wikidata_id": "a letter Q and a number",
    "currency": "three capital letters",
    "time_zone": "the name of a time zone, which pages look up",
    "date": "a date in EDTF",
    "valid": "a date in EDTF",
    "texts_changed_at": "moments, written by the database",
    "object_id": "the key of a row",
    "pgh_label": "insert or update",
    "sha256": "the digest of a document's bytes",
    "digest": "the digest of a text",
    "digests": "digests of texts",
    "events": "the keys of rows",
    "obstacle": "a code, or nothing",
    "content": "the bytes whose digest a document names",
}
"""Columns of text whose form leaves no room for a word, and that form."""

SUPPLIED: dict[tuple[str, str], str] = {
    ("partnerships_source", "publisher_name"): "publisher_id",
    ("recommendations_response", "reason"): "no_reason_given",
}
"""Texts that stay empty where another column is filled, as a constraint demands."""

NEEDED: dict[tuple[str, str], tuple[str, Any]] = {("partnerships_claim", "unit"): ("quantity_min", 650)}
"""Texts that a constraint takes only where another column is filled, that column and a value for it."""

ONLY_WHERE: dict[tuple[str, str], Callable[[Any], bool]] = {
    ("events_publisheddocument", "withdrawal_note"): lambda document: document.withdrawn_at is not None,
    ("recommendations_letter", "reason"): lambda letter: letter.state == "dropped",
    ("events_rewording", "reason"): lambda rewording: rewording.outcome == "declined",
    ("events_participant", "name"): lambda participant: participant.erased_at is None,
    ("events_participant", "other_spellings"): lambda participant: participant.erased_at is None,
    ("events_participant", "affiliation"): lambda participant: participant.erased_at is None,
}
"""Texts that a constraint takes only in such rows."""

CITED_BEFORE = (
    "partnerships.Citation:cites_what_stands",
    "partnerships.OfficialPosition:cites_what_stands",
    "partnerships.Resolution:cites_what_stands",
    "recommendations.Evidence:cites_what_stands",
    "recommendations.Fulfilment:cites_what_stands",
    "recommendations.Response:cites_what_stands",
)
"""Rules about the moment of citing: what is withdrawn here was cited before it was."""

WRITTEN_BY_THE_DATABASE = {
    "publishing.Change",
    "events.DisclosedParticipant",
    "partnerships.CurrentVerification",
    "recommendations.Reference",
    "recommendations.CurrentStatus",
}

IMPOSSIBLE: dict[str, str] = {
    "corrects": "a correction is of a record about the same thing, as a trigger sees to",
}
"""Relations by which nothing published can name what is hidden, and why."""

DECIDES = {"events.Disclosure": {"participant": {"shows_name": "name", "shows_affiliation": "affiliation"}}}
"""Models of decisions to make public what is in a restricted row: by which choice which of its columns is told."""

WHOLE_SAYS = {("recommendations.Confirmation", "entry"): {"state": "implemented"}}
"""What the whole says on which alone a row may hang."""

ATTEMPTS = 4
"""How many published things are tried to hang a row on, where a table takes only one of each."""

EXACTLY_ONE = {
    "partnerships.Citation": "claim",
    "recommendations.Fulfilment": "series",
    "recommendations.Snooze": "addressee",
}
"""Models that hang on exactly one of several things, and the one that is taken where none is asked for."""


@dataclass
class Planting:
    """Words planted so far, and the rows that hold them. `at` decides what is public."""

    folder: Path
    at: dt.datetime = field(default_factory=timezone.now)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    columns: dict[int, dict[str, Word]] = field(default_factory=lambda: defaultdict(dict))
    public: dict[tuple[str, int], Any] = field(default_factory=dict)
    hidden: dict[tuple[str, str], Any] = field(default_factory=dict)
    rows: int = 0
    references: int = 700_000
    numbers: int = 27_901
    rows_kept: list[Any] = field(default_factory=list)
    hanging: set[tuple[str, str, str]] = field(default_factory=set)

    # What is written

    def __enter__(self) -> "Planting":
        pre_save.connect(self.fill, dispatch_uid="canary")
        post_save.connect(self.disclose, dispatch_uid="canary")  # once the database has let it pass
        return self

    def __exit__(self, *_exception: object) -> None:
        pre_save.disconnect(dispatch_uid="canary")
        post_save.disconnect(dispatch_uid="canary")

    def fate(self, row: Any) -> tuple[Fate, Fate, str]:
        """Who may read the words of `row`, who its identifiers, and how it stands."""
        model = type(row)
        if model._meta.db_table in REFUSED:
            return Fate.SECRET, Fate.SECRET, "restricted"
        if model._meta.db_table in READ_WHOLE:
            return Fate.OPEN, Fate.OPEN, PUBLISHED  # the role may read it, and nothing shows it
        named = [
            (relation, self.fate(target)[0])
            for relation in relations(model)
            if (target := getattr(row, relation.name, None)) is not None
        ]
        needed = [fate for relation, fate in named if not relation.null or model._meta.label in EXACTLY_ONE]
        hangs = Fate.SECRET in needed
        if isinstance(row, Publication):
            early = row.embargo_until is not None and row.embargo_until > self.at
            state = "embargoed" if early else str(row.state)
            if not Publication.is_published(row, at=self.at):  # by itself: what it hangs on comes below
                tombstone = row.state == PublicationState.WITHDRAWN and not early
                return Fate.SECRET, Fate.PUBLIC if tombstone else Fate.SECRET, state
            # That it was published was announced, whatever became of what it hangs on.
            return (Fate.SECRET, Fate.OPEN, HANGING) if hangs else (Fate.PUBLIC, Fate.PUBLIC, state)
        if hangs:
            return Fate.SECRET, Fate.SECRET, HANGING
        if getattr(row, "withdrawn_at", None) is not None:
            return Fate.SECRET, Fate.SECRET, "taken back"  # a document leaves no tombstone
        if any(fate is not Fate.PUBLIC for _relation, fate in named):
            return Fate.OPEN, Fate.OPEN, PUBLISHED  # shown with or without what it names: both are right
        return Fate.PUBLIC, Fate.PUBLIC, PUBLISHED

    def fill(self, sender: Any, instance: Any, raw: bool = False, **_given: Any) -> None:
        """Writes a new canary into each text of `instance`; what stood there before is a secret from now on."""
        if not sender._meta.managed or raw:
            return
        words, names, state = self.fate(instance)
        self.rows += 1
        for column in text_columns(sender):
            name, place = column.name, f"{sender._meta.db_table}.{column.name}"
            if name in BOUND:
                continue
            if isinstance(column, PublicIdField):
                self.vocabulary.literal(getattr(instance, name), place, state, names)
            elif name == "reference":
                if instance._state.adding:
                    self.references += 1
                    instance.reference = f"R-2025-{self.references}"
                self.vocabulary.literal(instance.reference, place, state, names)
            elif name == "slug":
                self.identify(instance, column, place, state, names)
            else:
                self.write(instance, column, place, state, self.fate_of_text(name, words, names))
        if words is Fate.SECRET and sender._meta.db_table in REFUSED:
            self.count(instance)
        self.rows_kept.append(instance)

    def disclose(self, sender: Any, instance: Any, **_given: Any) -> None:
        """What the desk decides to tell of somebody is public with the event; the database has seen to the consents."""
        if sender._meta.label not in DECIDES:
            return
        [(whole, told)] = DECIDES[sender._meta.label].items()
        row = getattr(instance, whole)
        if self.fate(row.event)[0] is Fate.PUBLIC:
            for choice, column in told.items():
                if getattr(instance, choice):
                    self.columns[id(row)][column].fate = Fate.PUBLIC

    def count(self, instance: Any) -> None:
        """A number that is nowhere else in each column of a restricted row that counts something."""
        for column in counting_columns(type(instance)):
            self.numbers += 18
            setattr(instance, column.name, self.numbers)
            self.vocabulary.number(self.numbers, f"{instance._meta.db_table}.{column.name}")

    @staticmethod
    def fate_of_text(column: str, words: Fate, names: Fate) -> Fate:
        if column in NOT_SHOWN:
            return Fate.SECRET
        # What a version changed was announced with it, and stays in the feed of changes.
        return names if column in ANNOUNCED and words is Fate.SECRET and names is Fate.OPEN else words

    def identify(self, instance: Any, column: Any, place: str, state: str, fate: Fate) -> None:
        """A slug stays what it is, from the first draft on."""
        known = self.columns[id(instance)].get(column.name)
        if known is None:
            known = self.vocabulary.word(place, state, fate)
            self.columns[id(instance)][column.name] = known
            setattr(instance, column.name, latin(known.key, public=fate is Fate.PUBLIC).lower())
        known.fate, known.state = fate, state

    def write(self, instance: Any, column: Any, place: str, state: str, fate: Fate) -> None:
        table = instance._meta.db_table
        excluded, needed = SUPPLIED.get((table, column.name)), NEEDED.get((table, column.name))
        if excluded and getattr(instance, excluded):
            setattr(instance, column.name, "")
            return
        if needed and getattr(instance, needed[0]) is None:
            setattr(instance, *needed)
        only = ONLY_WHERE.get((table, column.name))
        if only is not None and not only(instance):
            setattr(instance, column.name, "")
            return
        if column.name == "withdrawal_note":
            if state == PUBLISHED:
                instance.withdrawal_note = ""
                return
            if state == PublicationState.WITHDRAWN:
                fate = Fate.PUBLIC
        earlier = self.columns[id(instance)].get(column.name)
        if earlier is not None and not (column.name in ANNOUNCED and earlier.fate is not Fate.SECRET):
            earlier.fate, earlier.state = Fate.SECRET, f"{earlier.state}, reworded"
        if column.name == "archived_sha256":
            digest = hashlib.sha256(self.vocabulary.key().encode()).hexdigest()
            setattr(instance, column.name, digest)
            instance.archived_date = PUBLISHED_AT.date()  # the two come together
            self.vocabulary.literal(digest, place, state, fate)
            return
        word = self.vocabulary.word(place, state, fate)
        self.columns[id(instance)][column.name] = word
        setattr(instance, column.name, self.value(column, word, instance))

    def value(self, column: Any, word: Word, instance: Any) -> Any:
        """The canary in the form that `column` takes."""
        short = latin(word.key, public=word.fate is Fate.PUBLIC)
        said = self.vocabulary.spoken(word, column.max_length)
        if isinstance(column, models.JSONField):
            return {"said": said}
        if isinstance(column, ArrayField):
            return [short.lower(), "another"]
        if isinstance(column, models.BinaryField):
            return said.encode()
        if isinstance(column, models.FileField):
            name = f"{column.upload_to if isinstance(column.upload_to, str) else 'files/'}{short}.pdf"
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            contents = self.vocabulary.word(f"the bytes of {word.place}", word.state, Fate.SECRET)
            file.write_bytes(b"%PDF-1.7\n" + self.vocabulary.spoken(contents, None).encode())
            return name
        if isinstance(column, models.EmailField):
            address = f"{short}@example.org"
            self.vocabulary.hashes(address, word.place)
            return address
        if any(isinstance(validator, URLValidator) for validator in column.validators):
            return f"https://example.org/{said.replace(' ', '/')}"
        if isinstance(column, models.SlugField) or column.name in {"session_key", "codename", "app_label", "model"}:
            return short.lower()
        if column.name in {"username", "password"}:
            return ("!" if column.name == "password" else "") + said.replace(" ", "-")
        return said

    # What there is

    def reviewer(self) -> Any:
        """Somebody at the desk who wrote none of it."""
        if ("reviewer", 0) not in self.public:
            self.public["reviewer", 0] = UserFactory()
        return self.public["reviewer", 0]

    def publication(self, model: Any, state: str, **given: Any) -> Any:
        """A publication that went the way to `state` step by step, reworded at each."""
        for relation in relations(model):
            if not relation.null and relation.name not in given:
                given[relation.name] = self.published(relation.related_model)
        row = factory_of(model)(**given)
        if state == "draft":
            return row
        row.state = PublicationState.IN_REVIEW
        row.save()
        if state == "in_review":
            return row
        if state in {"embargoed", "withdrawn_early"}:
            row.embargo_until = EMBARGO
        row.state, row.reviewer, row.published_at = PublicationState.PUBLISHED, self.reviewer(), PUBLISHED_AT
        row.save()
        if state in {"withdrawn", "withdrawn_early"}:
            row.state, row.withdrawn_at = PublicationState.WITHDRAWN, WITHDRAWN_AT
            row.save()
        return row

    def part(self, model: Any, **given: Any) -> Any:
        """Something that hangs on published things, but for what is given.

        Where a table takes only one row for the same things, others of the published ones are tried.
        """
        one = EXACTLY_ONE.get(model._meta.label)
        if one and not any(relation.null and relation.name in given for relation in relations(model)):
            given[one] = self.published(model._meta.get_field(one).related_model)
        for others in range(ATTEMPTS):
            before = set(self.vocabulary.words)
            wholes = {**given, **self.wholes(model, given, others)}
            try:
                with transaction.atomic():
                    return factory_of(model)(**wholes)
            except IntegrityError:
                for key in self.vocabulary.words.keys() - before:
                    self.vocabulary.words[key].fate = Fate.OPEN  # it was never written
                columns = {column.name for column in model._meta.concrete_fields}
                if wholes.keys() == given.keys() <= columns:
                    there = model._default_manager.filter(**given).first()
                    if there is not None:
                        return there
                if others == ATTEMPTS - 1:
                    raise
        raise CannotPlant(model._meta.label)

    def wholes(self, model: Any, given: dict[str, Any], others: int) -> dict[str, Any]:
        """The published things on which a new row of `model` hangs beside what is given."""
        found: dict[str, Any] = {}
        met: dict[Any, int] = defaultdict(lambda: others)
        for relation in relations(model):
            if relation.null or relation.name in given:
                continue
            target = relation.related_model
            if (own := OF_ITS_OWN.get((model._meta.label, relation.name))) is not None:
                found[relation.name] = own(self)
            elif relation.one_to_one:
                found[relation.name] = self.part(target, **WHOLE_SAYS.get((model._meta.label, relation.name), {}))
            else:
                found[relation.name] = self.published(target, met[target])
                met[target] += 1
        return found

    def published(self, model: Any, number: int = 0) -> Any:
        """One of the things of `model` that everybody may see."""
        if (model._meta.label, number) not in self.public:
            made = self.publication(model, PUBLISHED) if issubclass(model, Publication) else self.part(model)
            self.public[model._meta.label, number] = made
        return self.public[model._meta.label, number]

    def unseen(self, model: Any, state: str) -> Any:
        """The thing of `model` that is hidden: for a part, one of a whole that is."""
        if (model._meta.label, state) not in self.hidden:
            if issubclass(model, Publication):
                made = self.publication(model, state)
            else:
                given: dict[str, Any] = {}
                one = EXACTLY_ONE.get(model._meta.label)
                whole = (
                    model._meta.get_field(one)
                    if one
                    else next(relation for relation in relations(model) if not relation.null)
                )
                given = self.naming(model, whole, self.unseen(whole.related_model, state))
                with pgtrigger.ignore(*CITED_BEFORE):
                    made = self.part(model, **given)
            self.hidden[model._meta.label, state] = made
        return self.hidden[model._meta.label, state]

    def name_what_is_hidden(self, model: Any) -> None:
        """For each relation of `model`, published things that name what is hidden."""
        for relation in relations(model, many=True):
            if relation.name in IMPOSSIBLE:
                continue
            for state in HIDDEN:
                target = self.unseen(relation.related_model, state)
                try:
                    with transaction.atomic(), pgtrigger.ignore(*CITED_BEFORE):
                        self.name(model, relation, target)
                except (DatabaseError, TypeError, ValueError) as error:
                    raise CannotPlant(
                        f"No published {model._meta.label} can be made whose {relation.name} is {state}: {error}. "
                        "Say in tests/canary/planting.py how, in GIVEN, or why not, in IMPOSSIBLE."
                    ) from error
                self.hanging.add((model._meta.label, relation.name, state))

    def name(self, model: Any, relation: Any, target: Any) -> None:
        if relation.many_to_many:
            getattr(self.published(model), relation.name).add(target)
            return
        given = self.naming(model, relation, target)
        if issubclass(model, Publication):
            self.publication(model, PUBLISHED, **given)
        else:
            self.part(model, **given)

    def naming(self, model: Any, relation: Any, target: Any) -> dict[str, Any]:
        """What a row of `model` is made with so that it names `target`."""
        further = GIVEN.get((model._meta.label, relation.name), lambda *_: {})
        return {relation.name: target, **further(self, target)}


class CannotPlant(Exception):  # noqa: N818 – reads as what happened
    """A model or relation for which no canary can be made without further words."""


def point_of_the_same_event(planting: Planting, point: Any) -> dict[str, Any]:
    """A recommendation comes from a point of its own event: here, of a report that is hidden."""
    report = planting.publication(
        apps.get_model("events.Report"), "draft", event=planting.published(apps.get_model("events.Event"))
    )
    return {"point": planting.part(type(point), report=report), "event": report.event}


def entry_that_says_implemented(planting: Planting, entry: Any) -> dict[str, Any]:
    """Another one of the same addressee: only what says implemented, and is no repeat, is confirmed."""
    last = entry.addressee.entries.latest("as_of", "recorded_at", "pk")
    state = "implemented_otherwise" if last.state == "implemented" else "implemented"
    return {"entry": planting.part(type(entry), addressee=entry.addressee, state=state)}


def published_forecast(planting: Planting) -> Any:
    return planting.publication(apps.get_model("partnerships.Claim"), PUBLISHED, kind="forecast", likelihood="likely")


def forecast_that_was_published(planting: Planting, claim: Any) -> dict[str, Any]:
    """Another one, hidden as far as what is resolved can be: a draft is never resolved."""
    state = "withdrawn" if claim.state == PublicationState.WITHDRAWN else "embargoed"
    return {"claim": planting.publication(type(claim), state, kind="forecast", likelihood="likely")}


OF_ITS_OWN: dict[tuple[str, str], Any] = {("partnerships.Resolution", "claim"): published_forecast}
"""What takes each of its rows a thing of its own, and how that is made."""

GIVEN: dict[tuple[str, str], Any] = {
    ("partnerships.Resolution", "claim"): forecast_that_was_published,
    ("recommendations.Confirmation", "entry"): entry_that_says_implemented,
    ("recommendations.Recommendation", "point"): point_of_the_same_event,
}
"""What a published thing needs beside a relation to something hidden."""


def factory_of(model: Any) -> Any:
    found = [
        getattr(factories, name)
        for name in factories.__all__
        if name.endswith("Factory") and getattr(factories, name)._meta.model is model
    ]
    if not found:
        raise CannotPlant(f"{model._meta.label} has no factory in tests/factories, so no canary can be planted in it.")
    return found[0]


def our_models() -> Iterator[Any]:
    """Models of our apps whose rows somebody writes."""
    for label in ("publishing", "partnerships", "events", "recommendations"):
        for model in apps.get_app_config(label).get_models():
            if (
                model._meta.managed
                and not model.__name__.endswith("Version")
                and model._meta.label not in WRITTEN_BY_THE_DATABASE
            ):
                yield model


def relations(model: Any, *, many: bool = False) -> list[Any]:
    """The relations of `model` to what our apps keep; with `many`, also those of many to many."""
    ours = {"publishing", "partnerships", "events", "recommendations"}
    found = [
        relation
        for relation in model._meta.concrete_fields
        if relation.is_relation and relation.related_model._meta.app_label in ours
    ]
    return [*found, *(model._meta.many_to_many if many else ())]


def text_columns(model: Any) -> list[Any]:
    """The columns of `model` that take free text, in each language; the columns modeltranslation fills are left out."""
    try:
        translated = set(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        translated = set()
    kinds = (models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField, ArrayField)
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, kinds) and not column.choices and column.name not in translated
    ]


NOT_ANY_NUMBER = {
    ("partnerships_archivedcopy", "http_status"): "one of those that HTTP has",
    ("partnerships_archivedcopy", "size"): "as many as there are bytes, which a trigger counts",
    ("partnerships_archivedcopy", "failures"): "nought, unless it failed",
}
"""Columns that count something and have no room for just any number, and why."""

COUNTS = (models.IntegerField, models.DecimalField, models.FloatField)


def counting_columns(model: Any) -> list[Any]:
    """The columns of `model` that hold a number which is no key."""
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, COUNTS)
        and not (column.primary_key or column.is_relation or column.choices)
        and (model._meta.db_table, column.name) not in NOT_ANY_NUMBER
    ]


def plant(folder: Path) -> Planting:
    """The knowledge base with a canary in everything that nobody outside may read; the files lie under `folder`."""
    with Planting(folder) as planting:
        rich = everything()
        for label in ("publishing", "partnerships", "events", "recommendations"):
            for model in apps.get_app_config(label).get_models():
                if issubclass(model, Publication):
                    planting.published(model)
        planting.published(apps.get_model("events.PublishedContent"))
        planting.part(apps.get_model("events.PublishedDocument"), withdrawn=True)
        planting.part(
            apps.get_model("events.Rewording"),
            outcome="declined",
            decided_by=planting.reviewer(),
            decided_at=planting.at,
            reason="No.",
        )
        for model in our_models():
            if model._meta.db_table in REFUSED:
                plant_restricted(planting, model, rich)
            else:
                planting.name_what_is_hidden(model)
                for state in HIDDEN:
                    planting.unseen(model, state)
        plant_people(planting, rich["events"])
        plant_disclosed(planting)
        plant_accounts(planting)
        plant_deleted(planting)
        for model in our_models():
            reword(planting, model)
    with connection.cursor() as cursor:
        # What was put off to the end of the transaction, which never comes here.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    planting.vocabulary.number(PEOPLE, "how many were there")
    planting.vocabulary.literal(EMBARGO.date().isoformat(), "when an embargo ends", "embargoed", Fate.SECRET)
    return planting


def plant_restricted(planting: Planting, model: Any, rich: dict[str, Any]) -> None:
    """Rows that hang on what is published, and on what is not, in every way the database allows."""
    if not attempted(planting, model):
        # What its factory makes of its own accord is valid, whatever rules the table keeps.
        factory_of(model)()
    for relation in relations(model):
        if relation.name in IMPOSSIBLE or relation.one_to_one:
            continue
        for thing in rich.values():
            if type(thing) is relation.related_model:
                attempted(planting, model, **{relation.name: thing})
        if not relation.null:
            for state in HIDDEN:
                attempted(planting, model, **{relation.name: planting.unseen(relation.related_model, state)})
    for name, declared in factory_of(model)._meta.parameters.items():
        if isinstance(declared, Trait):
            attempted(planting, model, **{name: True})


def attempted(planting: Planting, model: Any, **given: Any) -> bool:
    """Whether such a row could be made; what the database refuses cannot leak."""
    before, public, hidden = set(planting.vocabulary.words), dict(planting.public), dict(planting.hidden)
    try:
        with transaction.atomic():
            row = planting.part(model, **given)
    except (DatabaseError, ValidationError):
        planting.public, planting.hidden = public, hidden  # what was made on the way is gone with it
        for key in planting.vocabulary.words.keys() - before:
            planting.vocabulary.words[key].fate = Fate.OPEN  # it was never written
        return False
    planting.public.setdefault((model._meta.label, 0), row)
    return True


def plant_disclosed(planting: Planting) -> None:
    """Somebody who may be named, and whose affiliation may not: every consent is given, and the name alone decided.

    And somebody of whom both will be public when an embargo ends.
    """
    disclosure = apps.get_app_config("events").models.get("disclosure")
    if disclosure is None:
        return
    event, everything = apps.get_model("events.Event"), list(ConsentDisclosure.values)
    participant: Any = factories.ParticipantFactory(event=planting.published(event), consents=everything)
    factory_of(disclosure)(participant=participant, shows_name=True)
    later: Any = factories.ParticipantFactory(event=planting.unseen(event, "embargoed"), consents=everything)
    factory_of(disclosure)(participant=later, shows_name=True, shows_affiliation=True)


def plant_people(planting: Planting, event: Any) -> None:
    """So many at one event that the number cannot be chance."""
    participant = apps.get_model("events.Participant")
    word = planting.vocabulary.word("events_participant.name", "restricted", Fate.SECRET)
    there, said = participant.objects.filter(event=event).count(), planting.vocabulary.spoken(word, None)
    participant.objects.bulk_create(participant(event=event, name=f"{said} {n}") for n in range(PEOPLE - there))


def plant_jobs(planting: Planting) -> None:
    """A job in the queue, with what happened to it; ours hold no word, and nobody outside reads them either way."""

    def said(column: str) -> str:
        word = planting.vocabulary.word(f"procrastinate.{column}", "restricted", Fate.SECRET)
        return planting.vocabulary.spoken(word, 60)

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status)"
            " VALUES (%s, %s, %s, %s, jsonb_build_object('said', %s::text), 'failed')",
            [said(column) for column in ("queue_name", "task_name", "lock", "queueing_lock", "args")],
        )
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp) VALUES (%s, %s, 0)",
            [said("task_name"), said("periodic_id")],
        )


def plant_accounts(planting: Planting) -> None:
    """What the desk's own tables hold: sessions, the admin's log, groups, the context of versions."""
    user = UserFactory()
    Session.objects.create(session_key="", session_data="", expire_date=planting.at + dt.timedelta(days=1))
    ContentType.objects.create(app_label="", model="")
    content_type = ContentType.objects.get_for_model(User)
    Permission.objects.create(name="", content_type=content_type, codename="")
    Group.objects.create(name="")
    plant_jobs(planting)
    LogEntry.objects.create(
        user=user, content_type=content_type, object_id="1", object_repr="", action_flag=CHANGE, change_message=""
    )
    Context.objects.create(metadata={})
    word = planting.vocabulary.word("django_migrations.app", "restricted", Fate.SECRET)
    other = planting.vocabulary.word("django_migrations.name", "restricted", Fate.SECRET)
    MigrationRecorder(connection).Migration.objects.create(
        app=planting.vocabulary.spoken(word, None), name=planting.vocabulary.spoken(other, None)
    )


def plant_deleted(planting: Planting) -> None:
    """Drafts that were written and thrown away: their references and their versions stay."""
    for model in our_models():
        if issubclass(model, Publication):
            planting.publication(model, "draft").delete()


def reword(planting: Planting, model: Any) -> None:
    """Gives what is published other words: those that stood there are nobody's business any more."""
    if issubclass(model, Record) or model._meta.db_table in REFUSED:
        return
    row = planting.public.get((model._meta.label, 0))
    if row is None:
        return
    try:
        with transaction.atomic():
            row.save()
    except DatabaseError:  # a table to which rows are only appended
        return
