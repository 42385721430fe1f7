"""Texts compared letter by letter, as `majlis_plain` of the database folds them.

Arabic letters are compared as Latin ones, for on a server without a locale pg_trgm knows only ASCII letters. Queries must
call the function with exactly the columns of an index, or the index is not used. The search is another thing:
`publishing/database/search_texts.py`.
"""

from django.db.models import Func, TextField, Value

from publishing.database.clean_text import composed


class WithoutAccents(Func):
    """A text without accents or capitals."""

    function = "majlis_plain"
    output_field = TextField()


def typed(sought: str) -> Value:
    return Value(composed(sought), output_field=TextField())
