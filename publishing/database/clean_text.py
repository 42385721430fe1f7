"""What every text must be, however it comes in: normalised, and free of invisible characters that break what is made of
it. Forms, knowledge files and rows call `cleaned`; the database checks every column with `majlis_is_clean`.

- Canonically equivalent spellings become one: NFC (Unicode Standard Annex #15).
- Every line end becomes a line feed: CRLF, CR, the vertical tab that Word uses for a line within a paragraph, form
  feed, NEL and the separators U+2028 and U+2029. In a text of one line these and tabs become a space.
- Refused: control characters, noncharacters, surrogates, tags, byte order marks, annotations and the replacement
  character.
- Characters that change the direction of writing are refused unless they are closed on the same line (UAX #9). Marks
  that belong to the spelling of a text stay: LRM, RLM, ALM, ZWJ, ZWNJ.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.fields.files import FileField
from django.forms import BaseForm, PasswordInput, Textarea
from django.utils.translation import gettext_lazy as _

from publishing.database.constraints import CheckConstraint

BYTE_ORDER_MARK = "\ufeff"
LOST = "\N{REPLACEMENT CHARACTER}"

REFUSED = (
    r"\u0001-\u0008\u000B-\u001F\u007F-\u009F"  # control characters
    r"\u2028\u2029\u206A-\u206F"  # separators of lines, and what Unicode deprecates
    r"\uE000-\uF8FF\U000F0000-\U0010FFFF"  # for private use: everybody sees something else, or nothing
    r"\uFDD0-\uFDEF\uFEFF\uFFF9-\uFFFB\uFFFD-\uFFFF"  # noncharacters, annotations, lost letters
    r"\U000E0000-\U000E007F" + "".join(rf"\U{plane:04X}FFFE\U{plane:04X}FFFF" for plane in range(0x1, 0xF))  # tags
)
"""What PostgreSQL can store; written for the inside of brackets in a regular expression, in Python and in PostgreSQL.
"""

TURNS = r"\u202A-\u202E\u2066-\u2069"
CLOSED_BY = {**dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"), **dict.fromkeys("\u2066\u2067\u2068", "\u2069")}

UNWANTED = re.compile(rf"[\x00\uD800-\uDFFF{REFUSED}]")
LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
BREAK = re.compile("[\n\t]+")
DIRECTION_MARK = re.compile(rf"[{TURNS}\n]")

IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets), and DEL, which is invisible."""

UNSEEN_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Unicode letters and signs that are blank: Hangul fillers, and Braille without dots."""

SHOWN_BEFORE = 20
"""How many characters before a refused one are quoted to show where it is."""

UNCLEAN = _("A sign in this text cannot be kept: write it again without signs that nobody sees.")


def composed(words: str) -> str:
    """`words` in Unicode's composed form (NFC), in which texts are stored and searched."""
    return unicodedata.normalize("NFC", words)


def cleaned(words: str, *, lines: bool) -> str:
    """`words` as they are stored; without `lines`, on one line. Raises ValidationError, which names what is refused and
    where.
    """
    words = composed(LINE_END.sub("\n", words.removeprefix(BYTE_ORDER_MARK)))
    if not lines:
        words = BREAK.sub(" ", words)
    if found := UNWANTED.search(words):
        message = (
            _("%(sign)s stands where a letter was lost in an earlier conversion (%(place)s): write the letter again.")
            if found[0] == LOST
            else _("%(sign)s has no place in a text (%(place)s): remove it.")
        )
        raise text_error(message, words, found.start())
    refuse_open_turns(words)
    return words if is_seen(words) else ""


def is_seen(words: str) -> bool:
    """Whether a reader sees anything of `words`: blanks and marks are invisible."""
    return any(unicodedata.category(sign)[0] in "LNPS" and sign not in UNSEEN_LETTERS for sign in words)


def refuse_open_turns(words: str) -> None:
    """Raises ValidationError for a direction mark that is not closed on its line, or that closes nothing."""
    opened: list[int] = []
    for found in DIRECTION_MARK.finditer(f"{words}\n"):
        sign = found[0]
        if sign in CLOSED_BY:
            opened.append(found.start())
        elif sign == "\n" and opened:
            message = _("%(sign)s turns the direction of the text, and nothing ends that (%(place)s): remove it.")
            raise text_error(message, words, opened[-1])
        elif sign != "\n" and (not opened or CLOSED_BY[words[opened.pop()]] != sign):
            message = _("%(sign)s ends a turn of direction that did not begin (%(place)s): remove it.")
            raise text_error(message, words, found.start())


def text_error(message: Any, words: str, at: int) -> ValidationError:
    before = DIRECTION_MARK.sub("", words[:at].rpartition("\n")[2])[-SHOWN_BEFORE:]
    place = (
        _("character %(number)d, after “%(before)s”") % {"number": at + 1, "before": before}
        if before.strip()
        else _("character %(number)d") % {"number": at + 1}
    )
    return ValidationError(message, code="unclean", params={"sign": f"U+{ord(words[at]):04X}", "place": place})


def printable(words: str) -> str:
    """`words` that were stored before texts were cleaned: what XML cannot hold becomes "\\ufffd", direction marks are
    removed.
    """
    return IMPOSSIBLE.sub(LOST, re.sub(f"[{TURNS}]", "", words.replace("\r\n", "\n").replace("\r", "\n")))


# Forms


class CleanForm(BaseForm):
    """A form that cleans its texts; a text that cannot be cleaned is refused at its field. Passwords stay as typed."""

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc] # django-stubs leave it out
        for name, value in list(self.cleaned_data.items()):
            widget = self.fields[name].widget
            try:
                if isinstance(value, UploadedFile):
                    value.name = cleaned(value.name or "", lines=False)
                elif isinstance(value, str) and not isinstance(widget, PasswordInput):
                    self.cleaned_data[name] = cleaned(value, lines=isinstance(widget, Textarea))
            except ValidationError as error:
                self.add_error(name, error)


# Rows


MADE_HERE = frozenset(["public_id", "sha256", "archived_sha256", "digest", "publicname.words"])
"""Text columns that no person writes. Words of a public name are stored folded, and compared in that form."""


def text_columns(model: type[models.Model]) -> "Iterator[models.Field[Any, Any]]":
    """The columns of `model` in which people write texts, in every language."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField | FileField) and not field.choices
        if is_text and MADE_HERE.isdisjoint([field.name, f"{model._meta.model_name}.{field.name}"]):
            yield field


def has_lines(field: "models.Field[Any, Any]") -> bool:
    """Whether a text in `field` may have several lines."""
    return isinstance(field, models.TextField)


class CleanTexts(models.Model):
    """A row that cleans its texts; a text that cannot be cleaned is refused at its field."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        refused: dict[str, list[ValidationError]] = {}
        columns = list(text_columns(type(self)))
        originals = (getattr(field, "translated_field", None) for field in columns)
        repeating = {original.name for original in originals if original is not None}
        for field in columns:
            value = self.__dict__.get(field.attname)
            if field.name in (exclude or ()) or field.name in repeating or not isinstance(value, str):
                continue
            try:
                self.__dict__[field.attname] = cleaned(value, lines=has_lines(field))
            except ValidationError as error:
                refused[field.name] = [error]
        try:
            super().clean_fields(exclude={*(exclude or ()), *refused})
        except ValidationError as error:
            refused |= error.error_dict
        if refused:
            raise ValidationError(refused)


# The database


def is_clean(table: str, column: str, *, lines: bool) -> CheckConstraint:
    """A constraint: the column holds clean text, whoever writes it."""
    return CheckConstraint(
        condition=Q(Func(F(column), Value(lines), function="majlis_is_clean", output_field=BooleanField())),
        name=f"{table}_{column}_is_clean",
        field=column,
        violation_error_message=UNCLEAN,
    )


def keep_texts_clean(*kept: type[models.Model]) -> None:
    """Adds constraints to every text column of these models, so that the database keeps them clean.

    Must be called after the translations are registered, to include the columns of each language.
    """
    for model in kept:
        own = [is_clean(model._meta.db_table, field.attname, lines=has_lines(field)) for field in text_columns(model)]
        options: Any = model._meta
        options.constraints = [*options.constraints, *own]
        options.original_attrs["constraints"] = options.constraints
