"""Sorting names in English, Turkish and Arabic.

The embedded PostgreSQL has no ICU, so a sort key is computed from plain characters and compared byte by byte; it is the
same on every server.
"""

from django.db.models import CharField, F, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Collate, Lower, NullIf, Replace

from publishing.languages import Language

SORTED_AFTER = {"ç": "c~", "ğ": "g~", "ı": "h~", "ö": "o~", "ş": "s~", "ü": "u~"}
"""Turkish letters that come right after another: ~ sorts after every ASCII letter."""

ARTICLE = "^ال"
"""The Arabic article, which is ignored in sorting."""


class Unaccent(Func):
    """The letters without their marks, by PostgreSQL's unaccent."""

    function = "unaccent"
    arity = 1
    output_field = CharField()


def name_in(language: str, field: str = "name") -> Combinable:
    """The column of `language`, or that of another language if it is empty."""
    codes = dict.fromkeys([language, *Language.values])
    texts = (NullIf(F(f"{field}_{code}"), Value(""), output_field=CharField()) for code in codes)
    return Coalesce(*texts, Value(""), output_field=CharField())


def sort_key(language: str, field: str = "name") -> Combinable:
    """An expression that sorts `field` by the rules of `language`."""
    return sort_key_of(name_in(language, field), language)


def sort_key_of(name: Combinable, language: str) -> Combinable:
    """An expression that sorts the text `name` by the rules of `language`."""
    if language == Language.TR:
        name = Lower(Replace(Replace(name, Value("I"), Value("ı")), Value("İ"), Value("i")))
        for letter, key in SORTED_AFTER.items():
            name = Replace(name, Value(letter), Value(key))
    elif language == Language.AR:
        article = Func(name, Value(ARTICLE), Value(""), function="regexp_replace", output_field=CharField())
        name = Lower(Unaccent(article))
    else:
        name = Lower(Unaccent(name))
    return Collate(name, "C")
