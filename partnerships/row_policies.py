"""What the database itself lets the public read.

Whoever is not at the desk reads through the role `majlis_reader`. It has no privilege on a table
unless a migration gives it one here, and row policies then show it what is published and nothing
else. `publication.py` says the same in Python; a test holds the two together.

The operations here do what they say, and say it to whoever asks afterwards: what they declare, from the
first migration to the last that was applied, is what a database must hold (`rights.py`).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import migrations

READER = "majlis_reader"

OPEN = frozenset({"django_migrations"})
"""Tables that the reader sees whole, without row policies.

The names of the migrations are in the source for everybody to read, and a process that holds nothing but
the reader's credentials must be able to tell whether the database is as new as its code.
"""

PUBLISHED = "state = 'published' AND published_at <= now() AND (embargo_until IS NULL OR embargo_until <= now())"
"""The rule of `PublicationQuerySet.published`, as SQL."""


POLICY = "reader_sees_what_is_published"
"""The name of every row policy of ours: each table has one."""


@dataclass
class Declared:
    """What the reader may, and what is the owner's alone, after some migrations."""

    policies: dict[str, str] = field(default_factory=dict)
    """Tables with a row policy, and the condition under which the reader sees a row."""
    readable: set[str] = field(default_factory=set)
    """Tables and views on which the reader has SELECT."""
    answering: set[str] = field(default_factory=set)
    """Functions, with the types they take, that the reader may call and everybody else may not."""
    reserved: set[str] = field(default_factory=set)
    """Functions that are the owner's alone."""
    reserved_families: set[str] = field(default_factory=set)
    """Beginnings of the names of more such functions."""


class Declaration(migrations.RunSQL):
    """SQL whose outcome `declares` writes into a `Declared`."""

    def __init__(self, sql: str, *, reverse_sql: str, declares: Callable[[Declared], object]) -> None:
        super().__init__(sql, reverse_sql=reverse_sql)
        self.declares = declares


MAKE_READER = f"""
        DO $$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{READER}') THEN
                BEGIN
                    CREATE ROLE {READER} NOLOGIN;
                EXCEPTION
                    WHEN duplicate_object OR unique_violation THEN
                        NULL;  -- Another database of this server was migrated at the same moment.
                    WHEN insufficient_privilege THEN
                        RAISE EXCEPTION 'The role {READER} is missing, and % may not make it.', CURRENT_USER
                            USING HINT = 'Have a superuser run what “manage.py lay_rights --sql” prints.';
                END;
            END IF;
            -- From PostgreSQL 16 on, membership and the right to take on the role are two things.
            IF NOT pg_has_role(CURRENT_USER, '{READER}', CASE
                WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
            THEN
                EXECUTE format('GRANT {READER} TO %I', CURRENT_USER);
            END IF;
        END $$;
        """
"""Makes the role and takes it on, unless it is there: roles belong to the server, which may hold many databases."""


def make_reader() -> migrations.RunSQL:
    """The role, which may look into the schema; what it sees there comes with each table."""
    return migrations.RunSQL(
        f"{MAKE_READER} GRANT USAGE ON SCHEMA public TO {READER};",
        reverse_sql=f"REVOKE USAGE ON SCHEMA public FROM {READER}",
    )


def visible(table: str, column: str, whole: str, *, optional: bool = False) -> str:
    """A condition: the row of `whole` that `column` of `table` names is itself visible to the reader."""
    found = f"EXISTS (SELECT 1 FROM {whole} AS whole WHERE whole.id = {table}.{column})"
    return f"({table}.{column} IS NULL OR {found})" if optional else found


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


def readable(table: str, *conditions: str) -> Declaration:
    """Lets the reader see the rows of `table` for which all of `conditions` hold."""
    using = " AND ".join(f"({condition})" for condition in conditions)

    def declares(declared: Declared) -> None:
        declared.policies[table] = using
        declared.readable.add(table)

    return Declaration(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        {policy(table, using)}
        GRANT SELECT ON {table} TO {READER};
        """,
        reverse_sql=f"""
        REVOKE SELECT ON {table} FROM {READER};
        DROP POLICY {POLICY} ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
        declares=declares,
    )


def readable_otherwise(table: str, before: str, after: str) -> Declaration:
    """Has the reader see the rows of `table` for which `after` holds, where it was `before`."""
    return Declaration(
        policy(table, after),
        reverse_sql=policy(table, before),
        declares=lambda declared: declared.policies.update({table: after}),
    )


def readable_whole(relation: str) -> Declaration:
    """Lets the reader see every row of a view, which decides for itself, or of a table that `OPEN` names."""
    return Declaration(
        f"GRANT SELECT ON {relation} TO {READER}",
        reverse_sql=f"REVOKE SELECT ON {relation} FROM {READER}",
        declares=lambda declared: declared.readable.add(relation),
    )


def no_longer_readable(relation: str, drop: str, make: str) -> Declaration:
    """Drops a relation that had been readable whole; `make` is what brings it back."""
    return Declaration(
        drop,
        reverse_sql=f"{make}; GRANT SELECT ON {relation} TO {READER};",
        declares=lambda declared: declared.readable.discard(relation),
    )


def reserved(*functions: str) -> Declaration:
    """Functions, with the types they take, that PostgreSQL would let everybody call and that are the owner's alone."""
    return Declaration(
        f"REVOKE EXECUTE ON FUNCTION {', '.join(functions)} FROM PUBLIC;",
        reverse_sql=migrations.RunSQL.noop,
        declares=lambda declared: declared.reserved.update(functions),
    )


def answering(function: str) -> Declaration:
    """A function, with the types it takes, that runs with its owner's rights and that the reader alone may call."""
    return Declaration(
        f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {function} TO {READER};",
        reverse_sql=migrations.RunSQL.noop,
        declares=lambda declared: declared.answering.add(function),
    )


def part(table: str, **wholes: str) -> Declaration:
    """A part is seen where all that it hangs on is seen: `column=table` pairs, `column__optional` if it may be empty."""
    conditions = []
    for column, whole in wholes.items():
        name, _, optional = column.partition("__")
        conditions.append(visible(table, name, whole, optional=bool(optional)))
    return readable(table, *conditions)
