"""The order of names in English, Turkish and Arabic.

The embedded PostgreSQL has no ICU, so the order is made out of plain characters: what comes out is
compared byte by byte, the same on every server.
"""

from django.db.models import CharField, F, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Collate, Lower, NullIf, Replace

from publishing.languages import Language

AFTER = {"ç": "c~", "ğ": "g~", "ı": "h~", "ö": "o~", "ş": "s~", "ü": "u~"}
"""Turkish letters that follow another: ~ comes after every letter of ASCII."""

ARTICLE = "^ال"
"""The Arabic article, under which no index files a name."""


class Unaccent(Func):
    """The same letters without their marks, by PostgreSQL's unaccent."""

    function = "unaccent"
    arity = 1
    output_field = CharField()


def name_in(language: str, field: str = "name") -> Combinable:
    """The column of `language`, or where it is empty that of another."""
    codes = dict.fromkeys([language, *Language.values])
    texts = (NullIf(F(f"{field}_{code}"), Value(""), output_field=CharField()) for code in codes)
    return Coalesce(*texts, Value(""), output_field=CharField())


def sort_key(language: str, field: str = "name") -> Combinable:
    """An expression that sorts `field` as readers of `language` expect."""
    return sort_key_of(name_in(language, field), language)


def sort_key_of(name: Combinable, language: str) -> Combinable:
    """An expression that sorts the text `name` as readers of `language` expect."""
    if language == Language.TR:
        name = Lower(Replace(Replace(name, Value("I"), Value("ı")), Value("İ"), Value("i")))
        for letter, key in AFTER.items():
            name = Replace(name, Value(letter), Value(key))
    elif language == Language.AR:
        article = Func(name, Value(ARTICLE), Value(""), function="regexp_replace", output_field=CharField())
        name = Lower(Unaccent(article))
    else:
        name = Lower(Unaccent(name))
    return Collate(name, "C")
