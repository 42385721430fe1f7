"""What the database itself lets the public read.

Whoever is not at the desk reads through the role `majlis_reader`. It has no privilege on a table
unless a migration gives it one here, and row policies then show it what is published and nothing
else. `publication.py` says the same in Python; a test holds the two together.
"""

from django.db import migrations

READER = "majlis_reader"

OPEN = frozenset({"django_migrations"})
"""Tables that the reader sees whole, without row policies.

The names of the migrations are in the source for everybody to read, and a process that holds nothing but
the reader's credentials must be able to tell whether the database is as new as its code.
"""

PUBLISHED = "state = 'published' AND published_at <= now() AND (embargo_until IS NULL OR embargo_until <= now())"
"""The rule of `PublicationQuerySet.published`, as SQL."""


def make_reader() -> migrations.RunSQL:
    """The role, unless it is there: roles belong to the server, and one server may hold many databases."""
    return migrations.RunSQL(
        f"""
        DO $$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{READER}') THEN
                BEGIN
                    CREATE ROLE {READER} NOLOGIN;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN
                    NULL;  -- Another database of this server was migrated at the same moment.
                END;
            END IF;
            -- From PostgreSQL 16 on, membership and the right to take on the role are two things.
            IF NOT pg_has_role(CURRENT_USER, '{READER}', CASE
                WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
            THEN
                EXECUTE format('GRANT {READER} TO %I', CURRENT_USER);
            END IF;
        END $$;
        GRANT USAGE ON SCHEMA public TO {READER};
        """,
        reverse_sql=f"REVOKE USAGE ON SCHEMA public FROM {READER}",
    )


def visible(table: str, column: str, whole: str, *, optional: bool = False) -> str:
    """A condition: the row of `whole` that `column` of `table` names is itself visible to the reader."""
    found = f"EXISTS (SELECT 1 FROM {whole} AS whole WHERE whole.id = {table}.{column})"
    return f"({table}.{column} IS NULL OR {found})" if optional else found


def readable(table: str, *conditions: str) -> migrations.RunSQL:
    """Lets the reader see the rows of `table` for which all of `conditions` hold."""
    using = " AND ".join(f"({condition})" for condition in conditions)
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY reader_sees_what_is_published ON {table} FOR SELECT TO {READER} USING ({using});
        GRANT SELECT ON {table} TO {READER};
        """,
        reverse_sql=f"""
        REVOKE SELECT ON {table} FROM {READER};
        DROP POLICY reader_sees_what_is_published ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def readable_whole(table: str) -> migrations.RunSQL:
    """Lets the reader see every row of `table`, which `OPEN` must name."""
    if table not in OPEN:
        raise ValueError(f"{table} is not in OPEN.")
    return migrations.RunSQL(
        f"GRANT SELECT ON {table} TO {READER}", reverse_sql=f"REVOKE SELECT ON {table} FROM {READER}"
    )


def part(table: str, **wholes: str) -> migrations.RunSQL:
    """A part is seen where all that it hangs on is seen: `column=table` pairs, `column__optional` if it may be empty."""
    conditions = []
    for column, whole in wholes.items():
        name, _, optional = column.partition("__")
        conditions.append(visible(table, name, whole, optional=bool(optional)))
    return readable(table, *conditions)
