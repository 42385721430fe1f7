"""Finds affiliations in texts: whole phrases, their parts and acronyms, also with suffixes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from events.names.words import (
    APOSTROPHE,
    MAX_STEM_LENGTH,
    ORDINARY,
    PLACE,
    ROLE,
    STOP,
    SUFFIXES,
    TITLE,
    Form,
    Word,
    form_of,
    readable,
    words_of,
)

DASHES = re.compile(r"\s[-–—|/]\s|[,;()\[\]•|/؛،\n]|\s[–—]|[–—]\s")
ACRONYM = re.compile(r"[^\W\d_a-zığüşöç][^\W_a-zığüşöç&]{2,14}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of an affiliation, as its significant words."""

    folds: tuple[str, ...]
    acronym: bool = False


def phrases_in(recorded: str) -> list[Phrase]:
    """The phrases that name an affiliation: all of it, its parts, and its acronyms."""
    text = readable(recorded)
    phrases: list[Phrase] = []
    for place, piece in enumerate([text, *DASHES.split(text)]):
        words = words_of(piece)
        counted = [form for form in map(_form, words) if form.fold not in STOP]
        folds = tuple(_of_phrase(form) for form in counted)
        # A number alone, such as a year after a comma, identifies nothing.
        telling = [
            fold
            for fold in folds
            if not fold.isdigit() and fold not in ROLE and fold not in TITLE and fold not in PLACE
        ]
        if len(folds) > 1 and (place == 0 or telling or _is_an_office(folds)):
            phrases.append(Phrase(folds))
        elif (
            len(folds) == 1
            and telling
            and (len(folds[0]) > 3 or place == 0)
            and (place == 0 or folds[0] not in ORDINARY)
        ):
            phrases.append(Phrase(folds, acronym=_is_acronym(words[0].raw)))
        if len(words) == 1 or not piece.isupper():
            for word in words:
                key = _form(word).fold
                if _is_acronym(word.raw) and key not in PLACE and key not in ROLE:
                    phrases.append(Phrase((key,), acronym=True))
    return list(dict.fromkeys(phrases))


def _is_acronym(raw: str) -> bool:
    return bool(ACRONYM.fullmatch(raw)) and raw.isupper()


def _is_an_office(folds: tuple[str, ...]) -> bool:
    """Whether words that identify nothing separately do so together: the University of Qatar, but not “Doha, Qatar”."""
    return any(fold in PLACE for fold in folds) and any(fold in ROLE for fold in folds)


def _form(word: Word) -> Form:
    return form_of(word.raw)


def _of_phrase(form: Form) -> str:
    return min(form.folds, key=len) if form.arabic and form.article else form.fold


@dataclass(slots=True)
class PhraseReader:
    """Finds phrases in the words of a text."""

    phrases: list[Phrase] = field(default_factory=list)
    by_first: dict[str, list[Phrase]] = field(default_factory=dict)
    vocabulary: set[str] = field(default_factory=set)
    known: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, phrase: Phrase) -> None:
        if phrase not in self.phrases:
            self.phrases.append(phrase)
            self.by_first.setdefault(phrase.folds[0], []).append(phrase)
            self.vocabulary.update(phrase.folds)

    def _known(self, form: Form) -> frozenset[str]:
        """The words of the phrases that `form` may be, without its suffixes."""
        found = {key for key in form.folds if key in self.vocabulary}
        for key in form.stems:
            for end in range(min(len(key) - 1, MAX_STEM_LENGTH), 3, -1):
                if key[:end] in self.vocabulary and SUFFIXES.fullmatch(key, end):
                    found.add(key[:end])
                softened = key[: end - 1] + "k"
                if key[end - 1] == "g" and softened in self.vocabulary and SUFFIXES.fullmatch(key, end):
                    found.add(softened)
        return frozenset(found)

    def spans(self, words: list[Word]) -> Iterator[tuple[int, int]]:
        """For each phrase in `words`: the number of its first word, and of the one after its last."""
        if not self.phrases:
            return
        keys: list[frozenset[str]] = []
        counted: list[int] = []
        for n, word in enumerate(words):
            had = self.known.get(word.raw)
            if had is None:
                had = self.known[word.raw] = self._known(form_of(word.raw))
            if had or _form(word).fold not in STOP:
                counted.append(n)
                keys.append(had)
        yield from self._letter_by_letter(words)
        for at, n in enumerate(counted):
            for key in keys[at]:
                for phrase in self.by_first.get(key, ()):
                    if len(phrase.folds) == 1:
                        if _is_named_by(phrase, words[n].raw):
                            yield n, n + 1
                    else:
                        last = at + len(phrase.folds) - 1
                        here = keys[at : last + 1]
                        if last < len(counted) and all(map(frozenset.__contains__, here, phrase.folds)):
                            yield n, counted[last] + 1

    def _letter_by_letter(self, words: list[Word]) -> Iterator[tuple[int, int]]:
        """Acronyms with a full stop after each letter."""
        start = 0
        while start < len(words):
            end = start
            while end < len(words) and len(words[end].raw) == 1 and words[end].raw.isupper():
                end += 1
            if end - start > 2:
                letters = "".join(_form(word).fold for word in words[start:end])
                if any(phrase.acronym for phrase in self.by_first.get(letters, ())):
                    yield start, end
            start = max(end, start + 1)


def _is_named_by(phrase: Phrase, raw: str) -> bool:
    """Whether a word that agrees with a phrase of one word is written like a name."""
    form = form_of(raw)
    if form.arabic or not phrase.acronym:
        return form.arabic or form.capital
    letters = APOSTROPHE.split(raw)[0]
    return letters.isupper() or (len(letters) > 4 and form.capital)
