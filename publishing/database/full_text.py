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
from django.db.models import BooleanField, F, FloatField, Func, TextField, Value
from django.db.models.expressions import Combinable

from publishing.database.clean_text import composed
from publishing.languages import Language

CONFIGURATIONS = {Language.EN: "english", Language.TR: "turkish", Language.AR: "arabic"}
"""PostgreSQL's text search configuration of each language."""


SHORTEST = 4
"""Fewer letters are like too many words."""

STRAY_MINUS = re.compile(r'-{2,}|-(?![^\W\u0640]|")')
"""Minus signs that exclude nothing: rules of them, and those before no word and no quotation.

The stroke that lengthens a word is none: `majlis_bare` takes it away, and leaves the minus alone.
"""


def columns(title: str, body: str) -> list[str]:
    """The columns of a row that are searched, in the order in which both functions take them."""
    return [f"{text}_{language}" for language in Language.values for text in (title, body)]


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
