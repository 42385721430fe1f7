"""Names for the same thing in several languages, by which a search for one finds the others: names.csv, and states."""

import csv
import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from babel import Locale

from publishing.languages import Language

FILE = Path(__file__).parent / "names.csv"

SAME_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"), **dict.fromkeys("ةۃ", "ه"), **dict.fromkeys("ىئیې", "ي"), "ؤ": "و", "ک": "ك",
        "پ": "ب", "چ": "ج", "ڤ": "ف", "گ": "ك", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l",
        "Ł": "l", "đ": "d", "Đ": "d", "œ": "oe", "Œ": "oe", "ـ": None,
    }
)  # fmt: skip
SIGNS = re.compile(r"[\W_]+")


def folded(said: str) -> str:
    """A text as the search compares it: what `publishing_search_folded` of the database says of it."""
    composed = unicodedata.normalize("NFKC", said).translate(SAME_LETTERS)
    plain = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in unicodedata.normalize("NFKD", composed)
        if unicodedata.category(sign) not in ("Mn", "Cf")
    )
    return SIGNS.sub(" ", plain.lower()).strip()


@functools.cache
def other_names() -> Mapping[str, frozenset[str]]:
    """Of each name, folded, the other names of the same thing."""
    locales = [Locale(language) for language in Language.values]
    codes = [code for code in map(str, locales[0].territories) if len(code) == 2 and code.isalpha()]
    rows = [[str(locale.territories[code]) for locale in locales if code in locale.territories] for code in codes]
    with FILE.open(encoding="utf-8", newline="") as file:
        rows += [row for row in csv.reader(file, delimiter=";") if row and not row[0].startswith("#")]
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        names = {name for name in map(folded, row) if name}
        for name in names:
            found[name] |= names - {name}
    return {name: frozenset(others) for name, others in found.items()}
