"""What a later text removes from an earlier one and inserts, word by word."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from events.text_diff import Piece, difference, split_words
from publishing.languages import Language, direction_of, languages_to_try, page_language

MAX_WORDS = 4000
"""Longer texts (signs and spaces counted) are not compared: the time grows with the square of the length."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Two texts in one language, compared; `pieces` is empty if they are too long."""

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
        return bool(self.pieces) and all(piece.kind == "stays" for piece in self.pieces)


def differences(before: str, after: str) -> list[Piece]:
    """The differences from `before` to `after` by `events.text_diff.difference`, in phrases.

    The number of spaces between two words and the Unicode form make no difference. Empty if a text has more than
    `MAX_WORDS`.
    """
    old, new = (" ".join(unicodedata.normalize("NFC", text).split()) for text in (before, after))
    if max(len(split_words(old)), len(split_words(new))) > MAX_WORDS:
        return []
    return in_phrases(difference(old, new))


def in_phrases(pieces: Iterable[Piece]) -> list[Piece]:
    """Joins changes that are separated only by a space, because a screen reader reads phrases better than single words."""
    phrases: list[Piece] = []
    gone = come = between = ""

    def tell() -> None:
        nonlocal gone, come, between
        phrases.extend(piece for piece in (Piece("goes", gone), Piece("comes", come)) if piece.text)
        if between:
            phrases.append(Piece("stays", between))
        gone = come = between = ""

    for piece in pieces:
        if piece.kind == "stays":
            if piece.text.isspace() and (gone or come):
                between = piece.text
            else:
                tell()
                phrases.append(piece)
        else:
            gone, come, between = gone + between, come + between, ""
            if piece.kind == "goes":
                gone += piece.text
            else:
                come += piece.text
    tell()
    return phrases


def wording(earlier: Any, later: Any, field: str = "text") -> Wording | None:
    """The two compared in a language that both have, preferably the page's; None if there is none."""
    shared = [
        language
        for language in (*languages_to_try(later), *Language.values)
        if getattr(earlier, f"{field}_{language}", "") and getattr(later, f"{field}_{language}", "")
    ]
    if not shared:
        return None
    before, after = (getattr(thing, f"{field}_{shared[0]}") for thing in (earlier, later))
    return Wording(shared[0], differences(before, after))
