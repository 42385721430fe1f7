"""Searching texts in three languages, as the database does it.

Two functions of the database say what of a row is searched, and an index stands on each:

- `majlis_words`: its words in the three languages, each reduced by the rules of its own language, the
  title's above those of the body;
- `majlis_letters`: the same texts without accents or capitals, for what stemming does not know: names
  that are spelled differently, and endings that Turkish and Arabic add.

Queries call them with exactly the columns that the index was made with, or the index is not used.
"""

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db import migrations
from django.db.models import BooleanField, F, FloatField, Func, TextField, Value
from django.db.models.expressions import Combinable

from partnerships.publication import Language

CONFIGURATIONS = {Language.EN: "english", Language.TR: "turkish", Language.AR: "arabic"}
"""PostgreSQL's text search configuration of each language."""

SHORTEST = 4
"""Fewer letters are like too many words."""


def columns(title: str, body: str) -> list[str]:
    """The columns of a row that are searched, in the order in which both functions take them."""
    return [f"{text}_{language}" for language in Language.values for text in (title, body)]


def _names() -> list[str]:
    return columns("title", "body")


def make_functions() -> migrations.RunSQL:
    """`majlis_words`, `majlis_letters` and `majlis_query`."""
    words = " || ".join(
        f"setweight(to_tsvector('{CONFIGURATIONS[language]}'::regconfig, COALESCE({text}_{language}, '')), '{weight}')"
        for language in Language
        for text, weight in (("title", "A"), ("body", "B"))
    )
    letters = " || ' ' || ".join(f"COALESCE({name}, '')" for name in _names())
    query = " || ".join(
        f"websearch_to_tsquery('{configuration}'::regconfig, sought)" for configuration in CONFIGURATIONS.values()
    )
    arguments = ", ".join(f"{name} text" for name in _names())
    immutable = "LANGUAGE sql IMMUTABLE PARALLEL SAFE"
    types = ", ".join(["text"] * len(_names()))
    # unaccent says of itself that it is only stable, for its rules could be replaced; here they are not.
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION majlis_plain(words text) RETURNS text {immutable} AS
            $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, words)) $$;
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
    return len(sought) >= SHORTEST and '"' not in sought and not any(word.startswith("-") for word in sought.split())


def typed(sought: str) -> Value:
    return Value(sought, output_field=TextField())
