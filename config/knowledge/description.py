"""The content of the database in the terms of the format, for every comparison and export."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Prefetch, Q, QuerySet

from config.knowledge.format import (
    SECTIONS,
    Entry,
    PointEntry,
    ResponseEntry,
    SaidSupport,
    SessionEntry,
    StatusEntryEntry,
    Text,
)
from config.knowledge.shape import Key, KeyKind, keys, natural_key
from events.models import Event, Point, Report, Series
from partnerships.models import Actor, Claim, Instrument, Partnership, Source, Topic
from publishing.languages import Language
from publishing.publication import Publication, PublicationState
from recommendations.models import Recommendation

SECTION_MODELS: dict[str, type[Publication]] = {
    "actors": Actor,
    "topics": Topic,
    "sources": Source,
    "partnerships": Partnership,
    "claims": Claim,
    "series": Series,
    "events": Event,
    "reports": Report,
    "recommendations": Recommendation,
}
"""The model of each section of the format."""

NOTHING_SAID = {StatusEntryEntry: Q(state="not_assessed"), ResponseEntry: Q(kind="not_sent")}
"""Records that withdraw the first one: they say that there is none, and no file can begin with them."""

QUANTITY = {
    "min": "quantity_min",
    "max": "quantity_max",
    "approximate": "quantity_approximate",
    "unit": "unit",
    "currency": "currency",
}
"""The columns that hold a claim's quantity."""

ORDERED = (PointEntry, SessionEntry)
"""Parts whose order matters; all others are sorted by their natural keys."""


def name_of(row: Any, section: str) -> Any:
    """How a file refers to `row`, of `section`: a row without a key of its own is named by its public id."""
    match section:
        case "recommendations":
            return row.reference
        case "sources" | "claims" | "reports" | "own points":
            return row.key or row.public_id
        case "points":
            return f"{name_of(row.report, 'reports')}/{name_of(row, 'own points')}"
        case "own sessions":
            return row.position
        case _:
            return row.slug


def found(section: str, names: Iterable[str]) -> QuerySet[Any]:
    """The rows of `section` that files refer to by `names`."""
    names = list(names)
    if section == "instruments":
        return Instrument.objects.filter(slug__in=names).select_related("partnership")
    if section == "points":
        reports = {name.partition("/")[0] for name in names}
        return Point.objects.filter(report__in=found("reports", reports)).select_related("report")
    manager: Any = SECTION_MODELS[section]._default_manager
    match SECTIONS[section].identifier:
        case "key":
            return manager.filter(Q(key__in=names) | Q(key__isnull=True, public_id__in=names))
        case identifier:
            return manager.filter(**{f"{identifier}__in": names})


def whole(
    rows: QuerySet[Any], section: str, *, only_effective: bool, public_at: dt.datetime | None = None
) -> QuerySet[Any]:
    """`rows` of `section` with everything that belongs to them, ready for `describe`.

    `only_effective` leaves out appended records that a later one corrects. `public_at` leaves out what the public may
    not read of points at that moment: those made off the record, and hidden support.
    """
    model: Any = SECTION_MODELS[section]
    return rows.order_by(*model._meta.ordering, "pk").prefetch_related(
        *lookups(SECTIONS[section], model, "", only_effective=only_effective, public_at=public_at)
    )


def lookups(
    entry: type[Entry], model: Any, prefix: str, *, only_effective: bool, public_at: dt.datetime | None
) -> "Iterator[Prefetch[Any]]":
    for key in keys(entry):
        if key.kind in (KeyKind.VALUE, KeyKind.TEXT, KeyKind.GROUP):
            continue
        name = prefix + key.name
        related: Any = model._meta.get_field(key.name).related_model
        rows = related._default_manager.all()
        if key.kind is KeyKind.RECORDS and only_effective:
            rows = rows.effective().exclude(NOTHING_SAID.get(key.entry, Q(pk=None)))
        if related is Point:
            rows = rows.with_support() if public_at is None else rows.visible_to(AnonymousUser(), at=public_at)
        yield Prefetch(name, queryset=rows)
        if key.section == "points":
            yield Prefetch(f"{name}__report", queryset=Report.objects.all())
        if key.kind in (KeyKind.PARTS, KeyKind.RECORDS):
            yield from lookups(key.entry, related, f"{name}__", only_effective=only_effective, public_at=public_at)


def describe(row: Model, entry: type[Entry]) -> Any:
    """`row`, loaded by `whole`, as an entry of the format."""
    values = {key.name: value_of(row, key, entry) for key in keys(entry)}
    if isinstance(row, Publication):
        in_public = row.state in (PublicationState.PUBLISHED, PublicationState.WITHDRAWN)
        values["state"] = str(row.state) if in_public else str(PublicationState.DRAFT)
        values["withdrawal_note"] = row.withdrawal_note
    return entry.model_construct(**values)


def value_of(row: Any, key: Key, entry: type[Entry]) -> Any:
    match key.kind:
        case KeyKind.VALUE if key.name == "cleared":
            return row.is_cleared and row.is_single_voice
        case KeyKind.VALUE if key.name == "support":
            return row.support or SaidSupport.WITHHELD
        case KeyKind.VALUE if key.name == "key":
            return row.key or row.public_id
        case KeyKind.VALUE:
            return getattr(row, key.name)
        case KeyKind.TEXT:
            return translated_text(row, key.name)
        case KeyKind.GROUP:
            amounts = {name: getattr(row, column) for name, column in QUANTITY.items()}
            known = amounts["min"] is not None or amounts["max"] is not None
            return key.entry.model_construct(**amounts) if known else None
        case KeyKind.REFERENCE:
            target = getattr(row, key.name)
            return None if target is None else name_of(target, key.section)
        case KeyKind.REFERENCES:
            return sorted(name_of(target, key.section) for target in getattr(row, key.name).all())
        case KeyKind.VALUES:
            return sorted(part.obligation for part in getattr(row, key.name).all())
        case KeyKind.TEXTS:
            return [translated_text(part, "text") for part in getattr(row, key.name).all()]
        case KeyKind.RECORDS:
            records = sorted(
                getattr(row, key.name).all(), key=lambda record: (record.as_of, record.recorded_at, record.pk)
            )
            return [describe(record, key.entry) for record in records]
        case KeyKind.PARTS:
            parts = [describe(part, key.entry) for part in getattr(row, key.name).all()]
            return parts if key.entry in ORDERED else sorted(parts, key=natural_key)


def translated_text(row: Any, name: str) -> Text | None:
    """The translated text `name` of `row`; None if it is empty in all languages."""
    texts = {language: getattr(row, f"{name}_{language}") or None for language in Language.values}
    return Text.model_construct(**texts) if any(texts.values()) else None


def identifier(row: Publication) -> str:
    """How a file refers to the publication `row`."""
    return str(name_of(row, section_of(row)))


def section_of(row: Publication) -> str:
    return next(section for section, model in SECTION_MODELS.items() if isinstance(row, model))
