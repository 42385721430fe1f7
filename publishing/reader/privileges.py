"""What PostgreSQL allows everybody by default, and what of it is reserved for the owner here.

Plain SQL, used by the embedded server and by `rights.py`. Only a superuser can revoke PostgreSQL's own functions, in
each database: `manage.py lay_rights --sql` prints the statements.
"""

_LOCKS = [
    f"{name}({key})"
    for name in (
        "pg_advisory_lock",
        "pg_advisory_lock_shared",
        "pg_advisory_xact_lock",
        "pg_advisory_xact_lock_shared",
        "pg_try_advisory_lock",
        "pg_try_advisory_lock_shared",
        "pg_try_advisory_xact_lock",
        "pg_try_advisory_xact_lock_shared",
    )
    for key in ("bigint", "integer, integer")
]

_DONE = [f"tuples_{done}" for done in ("inserted", "updated", "deleted", "hot_updated", "newpage_updated")]
_READ = ("numscans", "tuples_returned", "tuples_fetched", "blocks_fetched", "blocks_hit")
_KEPT = ("live_tuples", "dead_tuples", "mod_since_analyze", "ins_since_vacuum")
COUNTS = [
    *(f"pg_stat_get_{name}(oid)" for name in (*_KEPT, *_READ, *_DONE)),
    *(f"pg_stat_get_xact_{name}(oid)" for name in (*_READ, *_DONE)),
]

OF_THE_OWNER = (
    # Somebody who can inject one SELECT into the process that serves everybody could reset the reader's role in its
    # first column and read anything in the next, through a function that runs the text it is given (ts_stat,
    # query_to_xml).
    "set_config(text, text, boolean)",
    # One SELECT would keep the desk from writing for as long as the connection lives.
    *_LOCKS,
    # It would wake, and mislead, the worker that listens for new jobs.
    "pg_notify(text, text)",
    # They count the rows read of a table, also by a function that runs with the owner's rights: that reveals how many
    # there are.
    *COUNTS,
    # They write, in PostgreSQL 15 even in a read-only transaction.
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
)
"""PostgreSQL's own functions that everybody may call in a new database; some servers lack the newest of them."""


PROCEDURAL_LANGUAGE = "plpgsql"
"""The language of DO: one such statement could reset the role, read, and send the result. Triggers run without this
right.
"""


def reserve(owner: str, what: str) -> str:
    """SQL for a superuser: reserves what is `OPEN_TO_EVERYBODY` for `owner`, a role name quoted where needed."""
    if what == f"LANGUAGE {PROCEDURAL_LANGUAGE}":
        return f"REVOKE USAGE ON {what} FROM PUBLIC; GRANT USAGE ON {what} TO {owner} WITH GRANT OPTION;"
    # Monitoring roles keep seeing the server's statistics.
    watching = f" GRANT EXECUTE ON {what} TO pg_read_all_stats;" if what.removeprefix("FUNCTION ") in COUNTS else ""
    return f"REVOKE EXECUTE ON {what} FROM PUBLIC; GRANT EXECUTE ON {what} TO {owner} WITH GRANT OPTION;{watching}"


_NAMED = ", ".join(f"('pg_catalog.{function}')" for function in OF_THE_OWNER)
RESERVED = (
    f"(VALUES {_NAMED}) AS named (function) JOIN pg_proc AS reserved ON reserved.oid = to_regprocedure(named.function)"
)

OPEN_TO_EVERYBODY = f"""
SELECT 'FUNCTION ' || reserved.oid::regprocedure FROM {RESERVED}
WHERE has_function_privilege('public', reserved.oid, 'EXECUTE')
UNION ALL
SELECT 'LANGUAGE {PROCEDURAL_LANGUAGE}' WHERE has_language_privilege('public', '{PROCEDURAL_LANGUAGE}', 'USAGE')
"""
"""Those of them that everybody may still use."""
