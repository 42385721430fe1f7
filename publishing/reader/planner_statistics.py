"""The samples of column contents that PostgreSQL keeps to plan queries.

Row policies hide rows from a reader, but not the estimates of EXPLAIN: somebody who can run SQL could compare a column
with one text after another, and so spell out the drafts that ANALYZE had sampled. So no samples are kept of columns
that hold what somebody wrote: texts, numbers and days. Codes, keys and moments are sampled, because the planner needs
those.
"""

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

WRITTEN = (
    models.CharField,
    models.TextField,
    models.DateField,
    models.IntegerField,
    models.DecimalField,
    models.FloatField,
    models.JSONField,
)


def written_columns() -> set[tuple[str, str]]:
    """Tables and their columns that hold what somebody wrote."""
    return {
        (model._meta.db_table, str(field.column))
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if isinstance(field, WRITTEN)
        and not isinstance(field, models.DateTimeField)
        and not field.choices
        and not field.primary_key
    }


REMEMBERED = """
SELECT class.relkind, class.oid::regclass::text, attribute.attnum, attribute.attname
FROM pg_attribute AS attribute
JOIN pg_class AS class ON class.oid = attribute.attrelid
LEFT JOIN pg_index AS index ON index.indexrelid = class.oid
JOIN pg_class AS secured ON secured.oid = COALESCE(index.indrelid, class.oid)
WHERE secured.relrowsecurity AND attribute.attnum > 0 AND NOT attribute.attisdropped
    AND attribute.attstattarget IS DISTINCT FROM 0
    AND CASE class.relkind
        WHEN 'r' THEN class.relname || '.' || attribute.attname = ANY (%s)
        -- An expression over texts in an index: of its words too.
        WHEN 'i' THEN index.indkey[attribute.attnum - 1] = 0
            AND attribute.atttypid IN ('text'::regtype, 'varchar'::regtype, 'date'::regtype, 'numeric'::regtype)
    END
"""
"""The columns of tables with row policies, and the expressions in their indexes, that are sampled."""


def remembered(connection: BaseDatabaseWrapper) -> list[tuple[str, str, int, str]]:
    """What `REMEMBERED` finds: r or i, the quoted table or index, and the number and name of the column."""
    with connection.cursor() as cursor:
        cursor.execute(REMEMBERED, [[f"{table}.{column}" for table, column in written_columns()]])
        found: list[tuple[str, str, int, str]] = cursor.fetchall()
    return found


def disable_column_statistics(connection: BaseDatabaseWrapper) -> None:
    """Stops sampling these columns, and deletes the samples that exist if PostgreSQL can (18)."""
    can_drop = connection.pg_version >= 180000  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        for kind, relation, number, name in remembered(connection):
            if kind == "i":
                cursor.execute(f"ALTER INDEX {relation} ALTER COLUMN {number} SET STATISTICS 0")
            else:
                column = connection.ops.quote_name(name)
                cursor.execute(f"ALTER TABLE {relation} ALTER COLUMN {column} SET STATISTICS 0")
            if can_drop:
                cursor.execute(
                    "SELECT pg_clear_attribute_stats(relnamespace::regnamespace::text, relname::text, %s, false)"
                    " FROM pg_class WHERE oid = %s::regclass",
                    [name, relation],
                )
