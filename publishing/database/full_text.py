"""Full-text search in three languages, as PostgreSQL does it.

Two functions of the database compute what is searched, and each has an index:

- `majlis_words`: the words of a row in the three languages, stemmed by the rules of each language; the title ranks
  above the body;
- `majlis_letters`: the same texts without accents or capitals, for what stemming does not find: names in other
  spellings, and endings that Turkish and Arabic add.

PostgreSQL's Arabic stemmer removes the article from some words only, and on a server without a locale pg_trgm knows
only ASCII letters. So the article and the vowel signs are removed first, and Arabic letters are compared as Latin ones.

Queries must call the functions with exactly the columns of the index, or the index is not used.
"""

import re

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db.models import BooleanField, F, FloatField, Func, TextField, Value
from django.db.models.expressions import Combinable

from publishing.database.clean_text import composed
from publishing.languages import Language

CONFIGURATIONS = {Language.EN: "english", Language.TR: "turkish", Language.AR: "arabic"}
"""PostgreSQL's text search configuration of each language."""


SHORTEST = 4
"""With fewer letters, too many words would be similar."""

STRAY_MINUS = re.compile(r'-{2,}|-(?![^\W\u0640]|")')
"""Minus signs that exclude nothing: rows of them, and those that stand before no word and no quotation.

The Arabic sign that lengthens a word does not count as a word: `majlis_bare` removes it, and leaves the minus alone.
"""


def columns(title: str, body: str) -> list[str]:
    """The columns of a row that are searched, in the order of both functions' arguments."""
    return [f"{text}_{language}" for language in Language.values for text in (title, body)]


class WordsVector(Func):
    """All words of a row, as a search vector."""

    function = "majlis_words"
    output_field = SearchVectorField()


class Letters(Func):
    """All letters of a row, without accents or capitals."""

    function = "majlis_letters"
    output_field = TextField()


class Sought(Func):
    """What a person typed, as a query in each language; quotes, `or` and `-` mean what they do in other search engines."""

    function = "majlis_query"
    output_field = SearchQueryField()


class MatchesQuery(Func):
    """Whether a search vector matches a query."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


class Alike(Func):
    """Whether a text has words similar to the query, by 0.6 or more, which is pg_trgm's own threshold."""

    template = "(%(expressions)s)"
    arg_joiner = " %%> "
    output_field = BooleanField()


class Rank(Func):
    """How well a search vector matches a query."""

    function = "ts_rank"
    output_field = FloatField()


class Similarity(Func):
    """The similarity of the query and the most similar words of a text, from 0 to 1."""

    function = "word_similarity"
    output_field = FloatField()


class WithoutAccents(Func):
    """A text without accents or capitals."""

    function = "majlis_plain"
    output_field = TextField()


def words_of(title: str, body: str) -> Combinable:
    return WordsVector(*(F(name) for name in columns(title, body)))


def letters_of(title: str, body: str) -> Combinable:
    return Letters(*(F(name) for name in columns(title, body)))


def is_fuzzy(sought: str) -> bool:
    """Whether `sought` may also be compared letter by letter: it is long enough, and excludes or quotes nothing."""
    return (
        sum(sign.isalnum() for sign in sought) >= SHORTEST
        and '"' not in sought
        and not any(word.startswith("-") for word in sought.split())
    )


def as_query(typed: str) -> str:
    """What a person typed, reduced to what `websearch_to_tsquery` can take: its stack holds 32 operators, and each `-`
    is one.
    """
    return STRAY_MINUS.sub(" ", typed)


def typed(sought: str) -> Value:
    return Value(composed(sought), output_field=TextField())
