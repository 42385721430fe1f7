"""Canaries: unique words in three scripts, each of which identifies the column that it was planted in."""

import enum
import hashlib
import random
import re
import unicodedata
from dataclasses import dataclass

LATIN, ARABIC = "btjdrsfklmnhwy", "بتجدرسفكلمنهوي"
"""The letters of keys, each with its Arabic letter: transliterated, an Arabic canary reads like the Latin one."""

KEY_LENGTH = 6
IN_ARABIC = str.maketrans(LATIN, ARABIC)
FROM_ARABIC = str.maketrans(ARABIC, LATIN)
LONG = 32
"""How many characters a canary in all three scripts takes."""
SHORT = 8

UNSEEN = re.compile(
    "[\u0300-\u036f\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)
OTHER_DIGITS = re.compile("[٠-٩۰-۹]")


class Fate(enum.Enum):
    """Who may read a word."""

    SECRET = "secret"
    OPEN = "open"
    """Nobody decides: it is neither looked for nor expected."""
    PUBLIC = "public"


@dataclass(eq=False)
class Word:
    """One canary: the column in which it stands, in what state its row was, and who may read it."""

    key: str
    place: str
    state: str
    fate: Fate
    texts: bool = True
    """False for what is no text: an identifier, a hash or a number."""

    def __str__(self) -> str:
        return f"{self.key} ({self.place} of a row that is {self.state})"


def fold(text: str) -> str:
    """`text` as a reader with no eye for case, accents, dots or invisible signs takes it in."""
    if text.isascii():
        return text.lower()
    folded = UNSEEN.sub("", unicodedata.normalize("NFKD", text.casefold())).replace("ı", "i")
    return folded.translate(DIGITS) if OTHER_DIGITS.search(folded) else folded


CANARY = re.compile(f"(?:qz|kq|zgis|kgis)([{LATIN}]{{{KEY_LENGTH}}})|(?:قز|كق)([{ARABIC}]{{{KEY_LENGTH}}})")
"""Every canary in folded text; the key is the one group that is not empty."""

RUN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|r-[0-9]{4}-[0-9]{3,}|[0-9a-z]{10,64}")
"""What may be a day, an identifier or a hash in folded text."""

NUMBER = re.compile(r"(?<![0-9a-z])[0-9]{1,3}(?:[.,٬’'\u00a0\u202f ]?[0-9]{3})+(?![0-9a-z])")
SEPARATORS = re.compile(r"[^0-9]")


def latin(key: str, *, public: bool = False) -> str:
    return ("Kq" if public else "Qz") + key


def turkish(key: str, *, public: bool = False) -> str:
    return ("Kğİş" if public else "Zğİş") + key + "ı"


def arabic(key: str, *, public: bool = False) -> str:
    return ("كق" if public else "قز") + key.translate(IN_ARABIC)


class Vocabulary:
    """All canaries that were planted."""

    def __init__(self) -> None:
        self.words: dict[str, Word] = {}
        self.literals: dict[str, Word] = {}
        self.numbers: dict[str, Word] = {}
        self.random = random.Random(7919)

    def key(self) -> str:
        while (key := "".join(self.random.choices(LATIN, k=KEY_LENGTH))) in self.words:
            pass
        return key

    def word(self, place: str, state: str, fate: Fate) -> Word:
        word = Word(self.key(), place, state, fate)
        self.words[word.key] = word
        return word

    def literal(self, value: str, place: str, state: str, fate: Fate) -> Word:
        """An identifier or a hash that is what it is: found as it stands. Planted again, its fate is the new one."""
        known = self.literals.get(fold(value))
        if known is None:
            known = self.literals[fold(value)] = Word(value, place, state, fate, texts=False)
        known.state, known.fate = state, fate
        return known

    def number(self, value: int, place: str) -> None:
        """A number that must not be told, whatever separates its thousands."""
        self.numbers[str(value)] = Word(str(value), place, "counted", Fate.SECRET, texts=False)

    def hashes(self, value: str, place: str) -> None:
        """What a picture service or a careless export would make of an e-mail address."""
        for text in {value, value.lower(), value.strip().casefold()}:
            for algorithm in ("md5", "sha1", "sha256"):
                digest = hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()
                self.literal(digest, f"{algorithm} of {place}", "hashed", Fate.SECRET)

    def spoken(self, word: Word, room: int | None) -> str:
        """The canary as it is written into a text of at most `room` characters; empty where it has none."""
        public = word.fate is Fate.PUBLIC
        scripts = (latin, turkish, arabic) if room is None or room >= LONG else (latin,) if room >= SHORT else ()
        return " ".join(script(word.key, public=public) for script in scripts)

    def of(self, fate: Fate) -> list[Word]:
        return [word for word in (*self.words.values(), *self.literals.values()) if word.fate is fate]

    def in_text(self, folded: str) -> set[Word]:
        """The canaries in a text that `fold` has made plain."""
        found = set()
        for one, other in CANARY.findall(folded):
            word = self.words.get(one or other.translate(FROM_ARABIC))
            if word is not None:
                found.add(word)
        for run in RUN.findall(folded):
            word = self.literals.get(run)
            if word is not None:
                found.add(word)
        for number in NUMBER.findall(folded):
            word = self.numbers.get(SEPARATORS.sub("", number))
            if word is not None:
                found.add(word)
        return found
