"""Searches a response for canaries, whatever they were converted to."""

import hashlib
from dataclasses import dataclass, field

from tests.canary.decoding import DEEPEST, as_texts, meanings, readings, tokens, unescaped, unpacked
from tests.canary.words import Fate, Vocabulary, Word, fold

Found = dict[Word, str]
"""The canaries that were found, each with the form in which it was."""


@dataclass
class Search:
    """Searches what it is given for the words of `vocabulary`; what it has seen once it does not search again."""

    vocabulary: Vocabulary
    bodies: dict[bytes, Found] = field(default_factory=dict)
    tokens: dict[str, Found] = field(default_factory=dict)
    heads: dict[str, Found] = field(default_factory=dict)
    searched: int = 0
    forms: set[str] = field(default_factory=set)

    def body(self, body: bytes, depth: int = 0) -> Found:
        """The canaries in `body`."""
        digest = hashlib.blake2b(body, digest_size=16).digest()
        if digest not in self.bodies:
            self.bodies[digest] = self._body(body, depth)
        return self.bodies[digest]

    def _body(self, body: bytes, depth: int) -> Found:
        self.searched += len(body)
        found: Found = {}
        if depth < DEEPEST:
            for form, content in unpacked(body):
                self.forms.add(form)
                self.add(found, form, self.body(content, depth + 1))
        for encoding, text in as_texts(body):
            self.forms.add(encoding)
            self.add(found, encoding, self.text(text, depth))
        return found

    def head(self, head: str) -> Found:
        """The canaries in the first line and the headers of an answer."""
        if head not in self.heads:
            self.heads[head] = self.text(head)
        return self.heads[head]

    def text(self, text: str, depth: int = 0) -> Found:
        """The canaries in `text`."""
        found: Found = {}
        for form, reading in readings(text):
            self.forms.add(form)
            for word in self.vocabulary.in_text(fold(reading)):
                # An identifier that reads backwards is chance.
                if word.texts or form not in {"backwards", "rot13"}:
                    found.setdefault(word, form)
        if depth < DEEPEST:
            for token in tokens(text):
                if token not in self.tokens:
                    self.tokens[token] = {}
                    for form, meaning in meanings(token):
                        self.forms.add(form)
                        self.add(self.tokens[token], form, self._token(meaning, depth + 1))
                self.add(found, "", self.tokens[token])
        return found

    def _token(self, meaning: bytes, depth: int) -> Found:
        """Of what a token stands for: numbers in it are chance."""
        found: Found = {}
        for form, content in unpacked(meaning):
            self.add(found, form, self.body(content, depth))
        for _encoding, text in as_texts(meaning):
            for word in self.vocabulary.in_text(fold(unescaped(text))):
                if word.texts or word.key not in self.vocabulary.numbers:
                    found.setdefault(word, "")
            if depth < DEEPEST and len(text) > 11 and text.isascii():
                for token in tokens(text):
                    if token not in self.tokens:
                        self.tokens[token] = {}
                        for form, inner in meanings(token):
                            self.add(self.tokens[token], form, self._token(inner, depth + 1))
                    self.add(found, "", self.tokens[token])
        return found

    @staticmethod
    def add(found: Found, form: str, more: Found) -> None:
        for word, inner in more.items():
            found.setdefault(word, " in ".join(name for name in (inner, form) if name))

    def secrets(self, found: Found) -> Found:
        return {word: form for word, form in found.items() if word.fate is Fate.SECRET}
