"""What a later wording takes out of an earlier one and puts in, word by word."""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from partnerships.publication import Language
from partnerships.texts import direction_of, languages_to_try, page_language

WORD = re.compile(r"\s+|(?:\w|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d'’])+|.", re.DOTALL)
"""A word with its vowel signs, white space, or a sign by itself."""

MOST_WORDS = 4000
"""Longer texts are not compared: the time it takes grows with the square."""

SAME, TAKEN_OUT, PUT_IN = "same", "taken_out", "put_in"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stay the same, are taken out, or are put in."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Two wordings in one language, compared; `pieces` is empty where they are too long for it."""

    language: str
    pieces: list[Piece]

    @property
    def direction(self) -> str:
        return direction_of(self.language)

    @property
    def is_of_the_page(self) -> bool:
        return self.language == page_language()

    @property
    def is_the_same(self) -> bool:
        return bool(self.pieces) and all(piece.kind == SAME for piece in self.pieces)


def differences(before: str, after: str) -> list[Piece]:
    """How `after` comes out of `before`: the pieces that are not put in make the one, those not taken out the other.

    However many spaces separate two words, and in whichever Unicode form they are typed, is no difference.
    Empty where a text has more than `MOST_WORDS`.
    """
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return []
    pieces: list[Piece] = []
    for kind, words in _joined(_compared(old, new)):
        if words:
            pieces.append(Piece(kind, words))
    return pieces


def _words(text: str) -> list[str]:
    normal = " ".join(unicodedata.normalize("NFC", text).split())
    return WORD.findall(normal)


def _compared(old: list[str], new: list[str]) -> Iterator[tuple[str, str, str]]:
    """For each step: words that stay, or else those that go and those that come."""
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "".join(old[i:j]), "", ""
        else:
            yield "", "".join(old[i:j]), "".join(new[k:m])


def _joined(steps: Iterator[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Changes with but a space between them are one change: a reader hears two phrases, not a stammer."""
    gone = come = ""
    listed = list(steps)
    for number, (same, taken, put) in enumerate(listed):
        is_between = same.isspace() and (gone or come) and number + 1 < len(listed)
        if is_between:
            gone, come = gone + same, come + same
        elif same:
            yield from ((TAKEN_OUT, gone), (PUT_IN, come), (SAME, same))
            gone = come = ""
        else:
            gone, come = gone + taken, come + put
    yield from ((TAKEN_OUT, gone), (PUT_IN, come))


def wording(earlier: Any, later: Any, field: str = "text") -> Wording | None:
    """The two compared in a language in which both are written, the page's if it is one; None if there is none."""
    shared = [
        language
        for language in (*languages_to_try(later), *Language.values)
        if getattr(earlier, f"{field}_{language}", "") and getattr(later, f"{field}_{language}", "")
    ]
    if not shared:
        return None
    before, after = (getattr(thing, f"{field}_{shared[0]}") for thing in (earlier, later))
    return Wording(shared[0], differences(before, after))
