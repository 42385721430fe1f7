from sys import stdout
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, migrations, transaction

from partnerships.clean_text import BREAK, LINE_END, LOST, TURN, UNWANTED, composed, refuse_open_turns

NOTE = "Characters are written in their standard form; the words are the same."
"""The public note of a version that this makes of something published."""

UNVALIDATED = """
SELECT held.relname, named.attname, pg_get_constraintdef(rule.oid) LIKE '%, true)%'
FROM pg_constraint AS rule
JOIN pg_class AS held ON held.oid = rule.conrelid
JOIN pg_attribute AS named ON named.attrelid = rule.conrelid AND named.attnum = rule.conkey[1]
WHERE rule.conname LIKE '%\\_is\\_clean' AND NOT rule.convalidated
ORDER BY 1, 2
"""
"""Every column that is to be clean and may still hold what came in before: table, column, whether it has lines."""


def mended(words: str, *, lines: bool) -> str:
    """`words` without what nobody sees; a lost letter stays lost, and its text as it is."""
    words = composed(LINE_END.sub("\n", words))
    words = UNWANTED.sub(lambda found: LOST if found[0] == LOST else "", words if lines else BREAK.sub(" ", words))
    try:
        refuse_open_turns(words)
    except ValidationError:
        words = TURN.sub(lambda found: "\n" if found[0] == "\n" else "", words)
    return composed(words)


def clean_old_texts(apps: Any, schema_editor: Any) -> None:
    """Cleans what may be changed. Records that are only ever appended stay as they are, and are named."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(UNVALIDATED)
        rows: dict[tuple[str, int], dict[str, str]] = {}
        for table, column, lines in cursor.fetchall():
            cursor.execute(f"SELECT id, {column} FROM {table} WHERE NOT majlis_is_clean({column}, {lines})")
            for key, words in cursor.fetchall():
                rows.setdefault((table, key), {})[column] = mended(words, lines=lines)
        for (table, key), texts in rows.items():
            values = {f"{column} = %s": words for column, words in texts.items()}
            if "version_note" in columns_of(cursor, table):
                cursor.execute(f"SELECT state = 'published' FROM {table} WHERE id = %s", [key])
                if cursor.fetchone()[0]:
                    values |= {"version = version + %s": 1, "version_note = %s": NOTE}
            try:
                with transaction.atomic(using=schema_editor.connection.alias):
                    cursor.execute(f"UPDATE {table} SET {', '.join(values)} WHERE id = %s", [*values.values(), key])
            except DatabaseError as error:
                said = str(error).splitlines()[0]
                stdout.write(f"\n    Not cleaned: {table} {key}, {', '.join(texts)} ({said})")


def columns_of(cursor: Any, table: str) -> set[str]:
    cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", [table])
    return {name for (name,) in cursor.fetchall()}


class Migration(migrations.Migration):
    """Texts that came in before only clean ones did."""

    dependencies = [("recommendations", "0023_clean_texts"), ("events", "0015_clean_texts")]
    operations = [migrations.RunPython(clean_old_texts, migrations.RunPython.noop)]
