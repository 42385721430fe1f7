"""The texts of a publication that are about to become public, and the signal that is sent before they do.

Receivers of `before_publication` may refuse a text by raising `publishing.refusals.TextRefused`; the transaction that
would have made it public is then rolled back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.fields.files import FileField
from django.dispatch import Signal
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from publishing.partial_dates.field import PartialDateField

before_publication = Signal()
"""Sent inside the transaction, with `publication`, `public_texts` (an iterable of `PublicText`, read from the database
only when it is iterated), `act` (who acts, when, and a reviewer's reason for letting names stand, or "") and
`is_withdrawn`: whether the texts are all that stays of a withdrawn publication.

The texts may be public at once, or later when an embargo ends.
"""

WITHOUT_WORDS = frozenset(
    {
        "public_id",
        "reference",
        "iso_code",
        "wikidata_id",
        "currency",
        "time_zone",
        "archived_sha256",
        "original_language",
        "source_language",
        "document_language",
        "language",
    }
)
"""Text fields that hold a code in a fixed form, not words."""

IN_LANGUAGE = {"en": _("English"), "tr": _("Turkish"), "ar": _("Arabic")}


@dataclass(frozen=True, slots=True)
class PublicText:
    """One text and its place, in words for the person at the desk; `row` and `column` say the same to code."""

    place: Any
    text: str
    row: Any = None
    column: str = ""


def text_fields(model: type[models.Model]) -> "Iterator[models.Field[Any, Any]]":
    """The fields of `model` that hold written words, in every language."""
    for field in model._meta.concrete_fields:
        if not isinstance(field, models.CharField | models.TextField | FileField) or field.choices:
            continue
        if not isinstance(field, PartialDateField) and not field.is_relation and field.name not in WITHOUT_WORDS:
            yield field


def texts_of(row: models.Model, where: Any = "") -> Iterator[PublicText]:
    """The texts in the columns of `row`; `where` is put before the name of each."""
    said: set[tuple[str, str]] = set()
    own = []
    for field in text_fields(type(row)):
        translated = getattr(field, "translated_field", None)
        if translated is None:
            own.append(field)
            continue
        text = str(getattr(row, field.name) or "")
        if text:
            said.add((translated.name, text))
            yield PublicText(_placed(where, translated.verbose_name, field.language), text, row, field.name)  # type: ignore[attr-defined]
    for field in own:
        # For a translated text, the column without a language usually repeats one of the others.
        text = str(row.__dict__.get(field.name) or getattr(row, field.name) or "")
        if text and (field.name, text) not in said:
            yield PublicText(_placed(where, field.verbose_name, ""), text, row, field.name)


def _placed(where: Any, name: Any, language: str) -> Any:
    placed = format_lazy("{}, {}", where, name) if where else name
    return format_lazy("{} ({})", placed, IN_LANGUAGE[language]) if language else placed


def texts_of_parts(parts: Iterable[models.Model], *, numbered: bool = True) -> Iterator[PublicText]:
    """The texts in the columns of each of `parts`, for example “point 3, text (Arabic)”."""
    for number, part in enumerate(parts, 1):
        kind = part._meta.verbose_name
        yield from texts_of(part, format_lazy("{} {}", kind, getattr(part, "position", number)) if numbered else kind)


def texts_of_cited(parts: Iterable[Any]) -> Iterator[PublicText]:
    """The texts of each of `parts` and of their citations."""
    for part in parts:
        yield from texts_of_parts([part], numbered=hasattr(part, "position"))
        yield from texts_of_parts(part.citations.order_by("pk"))
