"""What PostgreSQL lets everybody do unless it is told otherwise, and what of it is the owner's alone here.

Plain SQL, used by the embedded server and by `rights.py`. Functions of PostgreSQL itself can only be closed by
a superuser, in each database: `manage.py lay_rights --sql` prints the statements.
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
    # Somebody who can put one SELECT of his own into the process that serves everybody could take off
    # the reader's role in its first column and read anything in the next, through a function that
    # runs the text it is given (ts_stat, query_to_xml).
    "set_config(text, text, boolean)",
    # One SELECT would keep the desk from writing for as long as the connection lives.
    *_LOCKS,
    # It would wake, and mislead, the worker that listens for new jobs.
    "pg_notify(text, text)",
    # They count what was read of a table, also by a function that answers for the owner: how many were there.
    *COUNTS,
    # They write, in PostgreSQL 15 even where a transaction only reads.
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
)
"""Functions of PostgreSQL's own that everybody may call in a new database; some servers lack the newest of them."""


LANGUAGE = "plpgsql"
"""The language of DO: one statement that puts off a role, reads, and tells. Triggers run without this right."""


def reserve(owner: str, what: str) -> str:
    """What a superuser runs so that `owner`, quoted where it must be, has one of what is `OPEN_TO_EVERYBODY` for itself."""
    if what == f"LANGUAGE {LANGUAGE}":
        return f"REVOKE USAGE ON {what} FROM PUBLIC; GRANT USAGE ON {what} TO {owner} WITH GRANT OPTION;"
    # Whoever watches the server goes on seeing what it counts.
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
SELECT 'LANGUAGE {LANGUAGE}' WHERE has_language_privilege('public', '{LANGUAGE}', 'USAGE')
"""
"""Which of them everybody may still use."""
