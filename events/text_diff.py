"""What a rewording changes, word by word."""

import difflib
import re
from dataclasses import dataclass
from typing import Literal

from events.models import Point, Rewording
from publishing.languages import Language

TOKEN = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)
"""A run of spaces, a word of any script, or one character. Combining Arabic marks stay with their word: see `split_words`.
"""

COMBINING_MARK = re.compile(r"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0300-\u036f\u200c\u200d]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text that is unchanged, deleted or inserted."""

    kind: Literal["stays", "goes", "comes"]
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One text, or the grade, before and after; `language` is empty for the grade."""

    label: str
    language: str
    pieces: list[Piece]

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != "stays" for piece in self.pieces)


def split_words(text: str) -> list[str]:
    """`text` as words, spaces and characters, which joined are `text` again; a mark belongs to the character before it."""
    words: list[str] = []
    for word in TOKEN.findall(text):
        joins = words and (COMBINING_MARK.match(word) or COMBINING_MARK.match(words[-1][-1])) and not word.isspace()
        if joins and not words[-1].isspace():
            words[-1] += word
        else:
            words.append(word)
    return words


def difference(before: str, after: str) -> list[Piece]:
    """How `before` becomes `after`; a deletion stands before its replacement."""
    old, new = split_words(before), split_words(after)
    pieces: list[Piece] = []
    for operation, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            pieces.append(Piece("stays", "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece("goes", "".join(old[i:j])))
        if k < m:
            pieces.append(Piece("comes", "".join(new[k:m])))
    return pieces


def compared(rewording: Rewording) -> list[Compared]:
    """What `rewording` would change: the text in each of its languages, and the grade."""
    found = []
    for language in Language:
        column = f"text_{language.value}"
        before, after = rewording.before[column], rewording.after[column]
        if before or after:
            found.append(Compared(str(language.label), language.value, difference(before, after)))
    before, after = (str(Point.Support(grade).label) for grade in (rewording.before["grade"], rewording.grade))
    pieces = [Piece("stays", after)] if before == after else [Piece("goes", before), Piece("comes", after)]
    return [*found, Compared(str(Rewording._meta.get_field("grade").verbose_name), "", pieces)]
