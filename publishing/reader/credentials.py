"""Whether the process holds the right database credentials.

A process for the public alone (MAJLIS_PUBLIC_ONLY) must hold the reader's credentials and no others, and refuses to run
with any other: so even an attacker who takes it over reads no more than a visitor may. A process that serves everybody
holds the owner's; `rights.py` limits what the reader role can do there.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

from publishing.reader.row_policies import READ_WHOLE, READER


class WrongCredentials(ImproperlyConfigured):
    """DATABASE_URL names a role that can do more than the reader, or less."""


RIGHTS_OF_THE_LOGIN = """
WITH me AS (SELECT * FROM pg_roles WHERE rolname = COALESCE(%(login)s, session_user)),
relation AS (
    SELECT class.oid, class.relname, class.relrowsecurity, class.relkind, reader.oid AS reader
    FROM pg_class AS class
    JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    LEFT JOIN pg_roles AS reader ON reader.rolname = %(reader)s
    WHERE class.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND namespace.nspname !~ '^pg_' AND namespace.nspname <> 'information_schema'
        AND NOT EXISTS (
            SELECT FROM pg_depend AS depends
            WHERE depends.classid = 'pg_class'::regclass AND depends.objid = class.oid AND depends.deptype = 'e'
        )
)
SELECT
    me.rolname,
    me.rolsuper OR me.rolbypassrls OR me.rolcreaterole OR me.rolreplication,
    (
        SELECT array_agg(role.rolname::text ORDER BY role.rolname) FROM pg_roles AS role
        WHERE role.oid <> me.oid AND role.rolname <> %(reader)s AND pg_has_role(me.oid, role.oid, 'MEMBER')
    ),
    EXISTS (
        SELECT FROM pg_roles AS role
        WHERE role.rolname = %(reader)s AND pg_has_role(me.oid, role.oid, 'USAGE')
            AND pg_has_role(me.oid, role.oid, CASE
                WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
    ),
    (
        SELECT array_agg(relation.relname::text ORDER BY relation.relname) FROM relation
        WHERE has_any_column_privilege(me.oid, relation.oid, 'SELECT') AND (
            NOT COALESCE(has_any_column_privilege(relation.reader, relation.oid, 'SELECT'), FALSE)
            OR (relation.relkind IN ('r', 'p', 'm', 'f') AND NOT relation.relrowsecurity
                AND relation.relname <> ALL (%(open)s))
        )
    ),
    (
        SELECT array_agg(relation.relname::text ORDER BY relation.relname) FROM relation
        WHERE has_any_column_privilege(me.oid, relation.oid, 'INSERT, UPDATE, REFERENCES')
            OR has_table_privilege(me.oid, relation.oid, 'DELETE, TRUNCATE, TRIGGER')
    )
FROM me
"""


def complaint_about(connection: BaseDatabaseWrapper, login: str | None = None) -> str:
    """Why `login`, by default the connected role, is not exactly the reader; empty if it is."""
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS_OF_THE_LOGIN, {"login": login, "reader": READER, "open": sorted(READ_WHOLE)})
        role, is_mighty, others, is_reader, readable, writable = cursor.fetchone()
    if is_mighty:
        return f"“{role}” stands above the rules of the database"
    if others:
        return f"“{role}” is also a member of {_shortened(others)}"
    if readable:
        return f"“{role}” can read {_shortened(readable)}"
    if writable:
        return f"“{role}” can write to {_shortened(writable)}"
    if not is_reader:
        return f"“{role}” is no member of {READER}"
    return ""


def _shortened(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def refuse_all_but_the_reader(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Closes a new connection that is not the reader's, before any query. Raises WrongCredentials."""
    complaint = complaint_about(connection)
    if complaint:
        connection.close()
        raise WrongCredentials(
            f"MAJLIS_PUBLIC_ONLY is set, and DATABASE_URL is not the reader's: {complaint}. It must name a role that "
            f"is a member of {READER} and has nothing else; docs/deploy.md tells how to make it."
        )
