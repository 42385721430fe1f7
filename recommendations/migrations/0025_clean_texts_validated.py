from sys import stdout
from typing import Any

from django.db import migrations

UNVALIDATED = """
SELECT rule.conrelid::regclass::text, quote_ident(rule.conname),
       substring(pg_get_constraintdef(rule.oid) FROM 'majlis_is_clean\\(.*(?:true|false)\\)')
FROM pg_constraint AS rule WHERE rule.conname LIKE '%\\_is\\_clean' AND NOT rule.convalidated ORDER BY 1, 2
"""


def validate(apps: Any, schema_editor: Any) -> None:
    """Every column that is clean by now is so for good; another stays as it is, and takes clean texts only from now on."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(UNVALIDATED)
        for table, rule, condition in cursor.fetchall():
            cursor.execute(f"SELECT id FROM {table} WHERE NOT ({condition}) ORDER BY id LIMIT 10")
            left = ", ".join(str(key) for (key,) in cursor.fetchall())
            if left:
                stdout.write(f"\n    {rule} holds of what is written from now on, but not of these rows: {left}")
            else:
                cursor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {rule}")


class Migration(migrations.Migration):
    """In a transaction of its own, for a table that was just written to is not altered."""

    dependencies = [("recommendations", "0024_old_texts_cleaned")]
    operations = [migrations.RunPython(validate, migrations.RunPython.noop)]
