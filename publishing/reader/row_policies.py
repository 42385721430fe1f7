"""The row policies by which the database itself shows the public what is published, and nothing else.

Whoever is not at the desk reads through the role `majlis_reader`. It has no privilege on a table unless the model
declares which rows are public (`public_rows.py`).
"""

import hashlib

READER = "majlis_reader"

OPEN = frozenset({"django_migrations"})
"""Tables that the reader sees whole, without row policies.

The names of the migrations are in the source for everybody to read, and a process that holds nothing but
the reader's credentials must be able to tell whether the database is as new as its code.
"""

POLICY = "reader_sees_what_is_published"
"""The name of every row policy of ours: each table has one."""


def digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def policy(table: str, using: str) -> str:
    """SQL that makes the policy, anew if it is there; its comment keeps what is declared, and what PostgreSQL made of it.

    By that `rights.py` knows a policy that somebody has changed since.
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
    """SQL that lets the reader see the rows of `table` for which `using` holds: all of it, or nothing at an error."""
    return f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; {policy(table, using)} GRANT SELECT ON {table} TO {READER};"
