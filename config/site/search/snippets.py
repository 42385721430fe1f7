"""A few words around what was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from config.site.search.names import folded
from config.site.search.query import ARABIC_BEGINNING

WORD = re.compile(r"\w+(?:[\u0300-\u036f\u064b-\u0652\u0670]+\w*)*")
BEFORE, AFTER = 12, 22
"""So many words before the first word that was found, and after it; the second stretch has half of them."""

MAX_LENGTH = 400
"""Of a text from which no word was found, so many characters are shown."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """The words in pieces, each with whether it was found; and their language."""

    parts: list[tuple[str, bool]]
    language: str

    @property
    def text(self) -> str:
        """The words as plain text."""
        return "".join(piece for piece, _is_found in self.parts)


def snippet(text: str, language: str, marks: Sequence[tuple[str, bool]]) -> Snippet:
    whole = {word for word, begins in marks if not begins}
    beginnings = tuple(word for word, begins in marks if begins)

    def is_found(word: str) -> bool:
        forms = {plain := folded(word), ARABIC_BEGINNING.sub("", plain, count=1)}
        return bool(forms & whole) or any(form.startswith(beginnings) for form in forms)

    words = list(WORD.finditer(text))
    found = [number for number, word in enumerate(words) if is_found(word[0])]
    if not found:
        return Snippet([(_shortened(text), False)] if text else [], language)
    first = _stretch(words, found[0], BEFORE, AFTER)
    stretches = [first]
    later = next((number for number in found if number >= first.stop), None)
    if later is not None:
        second = _stretch(words, later, BEFORE // 2, AFTER // 2)
        stretches.append(range(max(second.start, first.stop), second.stop))
    parts: list[tuple[str, bool]] = []
    shown = set(found)
    for stretch in stretches:
        begins, ends = words[stretch.start].start(), words[stretch.stop - 1].end()
        if stretch.start == 0:
            begins = 0
        elif parts and stretch.start == first.stop:
            begins = words[stretch.start - 1].end()
        else:
            parts.append((" … " if parts else "… ", False))
        if stretch.stop == len(words):
            ends = len(text)
        at = begins
        for number in stretch:
            if number in shown:
                word = words[number]
                parts += [(text[at : word.start()], False), (word[0], True)]
                at = word.end()
        parts.append((text[at:ends], False))
    if stretches[-1].stop < len(words):
        parts.append((" …", False))
    return Snippet([part for part in parts if part[0]], language)


def _stretch(words: Sequence[re.Match[str]], around: int, before: int, after: int) -> range:
    return range(max(0, around - before), min(len(words), around + after))


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH].rsplit(' ', 1)[0]} …"
