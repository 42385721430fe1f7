"""What is searched of each kind, and the trigger that writes it into `publishing_searchtext`.

    class Meta:
        triggers = [..., KeepSearchText("claim", title="statement", body="context")]

The table has a row for each thing and language, drafts too, with the moment from which the public may find it. The SQL
functions are in `publishing/migrations/sql/search_texts.sql`; `config/site/search.py` asks them.
"""

from collections.abc import Iterator

import pgtrigger
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

LANGUAGES = ("en", "tr", "ar")
"""In this order the functions of the database take texts."""

TABLE = "publishing_searchtext"
COLUMN = "public_from"
EMPTY = "''"


class KeepSearchText(pgtrigger.Trigger):
    """Keeps the texts of a row that are searched: of a column each, in three languages.

    `reference` is the column of what people call it by, such as R-2025-001.
    """

    name = "keep_search_text"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    follows_public_from = True
    """It also runs when nothing but `public_from` changes, which the other triggers of a part do not."""

    def __init__(self, kind: str, *, title: str = "", body: str = "", reference: str = "") -> None:
        self.kind, self.title, self.body, self.reference = kind, title, body, reference
        super().__init__()

    def columns(self) -> list[str]:
        texts = [f"{text}_{language}" for text in (self.title, self.body) if text for language in LANGUAGES]
        return [*texts, "public_id", COLUMN, *([self.reference] if self.reference else [])]

    def values(self, row: str) -> str:
        """SQL: the arguments of `publishing_keep_search_text` for `row`."""

        def texts(name: str) -> str:
            return f"ARRAY[{', '.join(f'{row}.{name}_{language}' if name else EMPTY for language in LANGUAGES)}]"

        reference = f"{row}.{self.reference}" if self.reference else "''"
        return f"'{self.kind}', {row}.public_id, {row}.{COLUMN}, {reference}, {texts(self.title)}, {texts(self.body)}"

    def get_func(self, model: type[Model]) -> str:
        new, old = (", ".join(f"{row}.{column}" for column in self.columns()) for row in ("NEW", "OLD"))
        return f"""
            IF TG_OP = 'DELETE' THEN
                DELETE FROM {TABLE} WHERE kind = '{self.kind}' AND public_id = OLD.public_id;
            ELSIF TG_OP = 'INSERT' OR ({new}) IS DISTINCT FROM ({old}) THEN
                PERFORM publishing_keep_search_text({self.values("NEW")});
            END IF;
            RETURN NULL;
        """


def searched() -> Iterator[tuple[type[Model], KeepSearchText]]:
    """Every model that is searched, with its trigger."""
    for model, trigger in pgtrigger.registered():
        if isinstance(trigger, KeepSearchText):
            yield model, trigger


def fill(connection: BaseDatabaseWrapper) -> int:
    """Writes the table anew; returns how many things it has. For rows that were written without the triggers."""
    number = 0
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLE}, publishing_searchword")
        for model, trigger in searched():
            cursor.execute(
                f"SELECT count(publishing_keep_search_text({trigger.values('one')})::text)"
                f" FROM {model._meta.db_table} AS one"
            )
            number += cursor.fetchone()[0]
    return number


def wrong_rows(connection: BaseDatabaseWrapper) -> dict[str, int]:
    """How many things of each kind are searched by other texts, or from another moment, than they should be."""
    found = {}
    for model, trigger in searched():
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMPORARY TABLE was ON COMMIT DROP AS SELECT * FROM {TABLE} WHERE kind = %s", [trigger.kind]
            )
            cursor.execute(
                f"SELECT publishing_keep_search_text({trigger.values('one')}) FROM {model._meta.db_table} AS one"
            )
            cursor.execute(
                f"SELECT count(DISTINCT public_id) FROM ("
                f"(TABLE was EXCEPT SELECT * FROM {TABLE} WHERE kind = %s)"
                f" UNION ALL (SELECT * FROM {TABLE} WHERE kind = %s EXCEPT TABLE was)) AS differs",
                [trigger.kind, trigger.kind],
            )
            (number,) = cursor.fetchone()
            transaction.set_rollback(True, using=connection.alias)
        if number:
            found[trigger.kind] = number
    return found
