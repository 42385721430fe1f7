"""The row policies by which the database shows the public only what is published.

Everybody who is not at the desk reads with the role `majlis_reader`. It has no privilege on a table unless the model
declares which rows are public (`public_rows.py`).
"""

import hashlib

READER = "majlis_reader"

READ_WHOLE = frozenset({"django_migrations"})
"""Tables that the reader sees whole, without row policies.

The names of the migrations are public in the source code, and a process with only the reader's credentials must be able
to tell whether the database is as new as its code.
"""

POLICY = "reader_sees_what_is_published"
"""The name of all our row policies: each table has one."""


def digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def policy(table: str, using: str) -> str:
    """SQL that creates or replaces the policy. Its comment stores what is declared, and what PostgreSQL made of it.

    With the comment `rights.py` notices a policy that somebody has changed since.
    """
    return f"""
        DROP POLICY IF EXISTS {POLICY} ON {table};
        CREATE POLICY {POLICY} ON {table} FOR SELECT TO {READER} USING ({using});
        DO $$ BEGIN
            EXECUTE (
                SELECT format('COMMENT ON POLICY {POLICY} ON {table} IS %L',
                    '{digest(using)} ' || md5(pg_get_expr(polqual, polrelid)))
                FROM pg_policy WHERE polname = '{POLICY}' AND polrelid = '{table}'::regclass
            );
        END $$;
    """


def open_to_the_reader(table: str, using: str) -> str:
    """SQL that lets the reader see the rows of `table` for which `using` holds; if one statement fails, none takes
    effect.
    """
    return f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; {policy(table, using)} GRANT SELECT ON {table} TO {READER};"
