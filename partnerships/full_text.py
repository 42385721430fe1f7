"""Searching texts in three languages, as the database does it.

Two functions of the database say what of a row is searched, and an index stands on each:

- `majlis_words`: its words in the three languages, each reduced by the rules of its own language, the
  title's above those of the body;
- `majlis_letters`: the same texts without accents or capitals, for what stemming does not know: names
  that are spelled differently, and endings that Turkish and Arabic add.

PostgreSQL's Arabic stemmer takes the article off some words and not off others, and where the server
has no locale of its own, pg_trgm takes only the letters of ASCII for letters. So the article and the
vowel signs are taken off before either, and Arabic letters are compared as Latin ones.

Queries call them with exactly the columns that the index was made with, or the index is not used.
"""

import re

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db import migrations
from django.db.models import BooleanField, F, FloatField, Func, TextField, Value
from django.db.models.expressions import Combinable

from partnerships.clean_text import composed
from partnerships.publication import Language

CONFIGURATIONS = {Language.EN: "english", Language.TR: "turkish", Language.AR: "arabic"}
"""PostgreSQL's text search configuration of each language."""

ARTICLE = "(^|[^ء-ي])(?:ال(?=[ء-ي]{3})|[وفبك]ال(?=[ء-ي]{4})|لل(?=[ء-ي]{4}))"
"""The Arabic article at the start of a word of some length, alone or behind a particle of one letter."""

SIGNS = "[\u064b-\u0652\u0640]"
"""Vowel signs, and the stroke that lengthens a word in print."""

LATIN = {
    **dict.fromkeys("اأإآٱ", "a"), **dict.fromkeys("هة", "h"), **dict.fromkeys("وؤ", "w"), **dict.fromkeys("يىئی", "y"),
    **dict.fromkeys("كک", "k"), "ب": "b", "ت": "t", "ث": "0", "ج": "j", "ح": "1", "خ": "x", "د": "d", "ذ": "2", "ر": "r",
    "ز": "z", "س": "s", "ش": "3", "ص": "4", "ض": "5", "ط": "6", "ظ": "7", "ع": "8", "غ": "g", "ف": "f", "ق": "q",
    "ل": "l", "م": "m", "ن": "n", "ء": "9", "پ": "p", "چ": "c", "ڤ": "v", "گ": "o",
}  # fmt: skip
"""A sign of ASCII for each Arabic letter; those that are spelled one for the other share one."""

SHORTEST = 4
"""Fewer letters are like too many words."""

STRAY_MINUS = re.compile(r'-{2,}|-(?![^\W\u0640]|")')
"""Minus signs that exclude nothing: rules of them, and those before no word and no quotation.

The stroke that lengthens a word is none: `majlis_bare` takes it away, and leaves the minus alone.
"""


def columns(title: str, body: str) -> list[str]:
    """The columns of a row that are searched, in the order in which both functions take them."""
    return [f"{text}_{language}" for language in Language.values for text in (title, body)]


def _names() -> list[str]:
    return columns("title", "body")


def _bare(name: str, language: str) -> str:
    """SQL for a text as the stemmer of `language` should get it."""
    text = f"COALESCE({name}, '')"
    return f"public.majlis_bare({text})" if language == Language.AR else text


def make_functions() -> migrations.RunSQL:
    """`majlis_words`, `majlis_letters` and `majlis_query`, and what they share."""
    words = " || ".join(
        f"setweight(to_tsvector('{CONFIGURATIONS[language]}'::regconfig, {_bare(f'{text}_{language}', language)}), '{weight}')"
        for language in Language
        for text, weight in (("title", "A"), ("body", "B"))
    )
    letters = " || ' ' || ".join(f"COALESCE({name}, '')" for name in _names())
    query = " || ".join(
        f"websearch_to_tsquery('{configuration}'::regconfig, {_bare('sought', language)})"
        for language, configuration in CONFIGURATIONS.items()
    )
    arabic, latin = "".join(LATIN), "".join(LATIN.values())
    arguments = ", ".join(f"{name} text" for name in _names())
    immutable = "LANGUAGE sql IMMUTABLE PARALLEL SAFE"
    types = ", ".join(["text"] * len(_names()))
    # unaccent says of itself that it is only stable, for its rules could be replaced; here they are not.
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION majlis_bare(words text) RETURNS text {immutable} AS
            $$ SELECT regexp_replace(regexp_replace(words, '{SIGNS}', '', 'g'), '{ARTICLE}', '\\1', 'g') $$;
        CREATE FUNCTION majlis_plain(words text) RETURNS text {immutable} AS $$
            SELECT translate(
                lower(public.unaccent('public.unaccent'::regdictionary, public.majlis_bare(words))), '{arabic}', '{latin}'
            ) $$;
        CREATE FUNCTION majlis_words({arguments}) RETURNS tsvector {immutable} AS $$ SELECT {words} $$;
        CREATE FUNCTION majlis_letters({arguments}) RETURNS text {immutable} AS
            $$ SELECT public.majlis_plain({letters}) $$;
        CREATE FUNCTION majlis_query(sought text) RETURNS tsquery {immutable} AS $$ SELECT {query} $$;
        """,
        reverse_sql=f"""
        DROP FUNCTION majlis_query(text);
        DROP FUNCTION majlis_letters({types});
        DROP FUNCTION majlis_words({types});
        DROP FUNCTION majlis_plain(text);
        DROP FUNCTION majlis_bare(text);
        """,
    )


def search_indexes(table: str, *, title: str, body: str) -> migrations.RunSQL:
    """The two indexes of a table whose texts `title` and `body` are searched."""
    arguments = ", ".join(columns(title, body))
    return migrations.RunSQL(
        f"""
        CREATE INDEX {table}_words ON {table} USING gin (majlis_words({arguments}));
        CREATE INDEX {table}_letters ON {table} USING gin (majlis_letters({arguments}) gin_trgm_ops);
        """,
        reverse_sql=f"DROP INDEX {table}_words; DROP INDEX {table}_letters;",
    )


class Words(Func):
    """All words of a row."""

    function = "majlis_words"
    output_field = SearchVectorField()


class Letters(Func):
    """All letters of a row, without accents or capitals."""

    function = "majlis_letters"
    output_field = TextField()


class Sought(Func):
    """What a person typed, as a query in each of the languages; quotes, `or` and `-` mean what they do elsewhere."""

    function = "majlis_query"
    output_field = SearchQueryField()


class Found(Func):
    """Whether a vector of words matches a query."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


class Alike(Func):
    """Whether words in a text are similar to what is sought, by 0.6 or more, which is pg_trgm's own threshold."""

    template = "(%(expressions)s)"
    arg_joiner = " %%> "
    output_field = BooleanField()


class Rank(Func):
    """How well a vector of words matches a query."""

    function = "ts_rank"
    output_field = FloatField()


class Similarity(Func):
    """How similar the most similar words in a text are to what is sought, from 0 to 1."""

    function = "word_similarity"
    output_field = FloatField()


class Plain(Func):
    """A text without accents or capitals."""

    function = "majlis_plain"
    output_field = TextField()


def words_of(title: str, body: str) -> Combinable:
    return Words(*(F(name) for name in columns(title, body)))


def letters_of(title: str, body: str) -> Combinable:
    return Letters(*(F(name) for name in columns(title, body)))


def is_fuzzy(sought: str) -> bool:
    """Whether `sought` may be compared letter by letter: long enough, and without signs that exclude or quote."""
    return (
        sum(sign.isalnum() for sign in sought) >= SHORTEST
        and '"' not in sought
        and not any(word.startswith("-") for word in sought.split())
    )


def as_query(typed: str) -> str:
    """What a person typed as `websearch_to_tsquery` can take it, whose stack holds 32 operators: each `-` is one."""
    return STRAY_MINUS.sub(" ", typed)


def typed(sought: str) -> Value:
    return Value(composed(sought), output_field=TextField())
