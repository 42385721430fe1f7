"""What PostgreSQL lets everybody do unless it is told otherwise, and what of it is the owner's alone here.

Plain SQL, used by the embedded server, by what runs after each migrate, and by the checks. Functions of
PostgreSQL itself can only be closed by a superuser, in each database: docs/deploy.md has the statements.
"""

_LOCKS = [
    f"{name}({key})"
    for name in (
        "pg_advisory_lock",
        "pg_advisory_lock_shared",
        "pg_advisory_xact_lock",
        "pg_try_advisory_lock",
        "pg_try_advisory_lock_shared",
        "pg_try_advisory_xact_lock",
        "pg_try_advisory_xact_lock_shared",
    )
    for key in ("bigint", "integer, integer")
]

OF_THE_OWNER = (
    # Somebody who can put one SELECT of his own into the process that serves everybody could take off
    # the reader's role in its first column and read anything in the next, through a function that
    # runs the text it is given (ts_stat, query_to_xml).
    "set_config(text, text, boolean)",
    # One SELECT would keep the desk from publishing for as long as the connection lives. The feed of
    # changes needs one of this kind, pg_advisory_xact_lock_shared(bigint), which stays open to all.
    *_LOCKS,
    # They write, in PostgreSQL 15 even where a transaction only reads.
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
)
"""Functions of PostgreSQL's own that everybody may call in a new database."""


LANGUAGE = "plpgsql"
"""The language of DO: one statement that puts off a role, reads, and tells. Triggers run without this right."""


def reserve(owner: str) -> str:
    """What a superuser runs in a database so that `owner`, quoted where it must be, has them for itself."""
    functions = ",\n    ".join(f"pg_catalog.{function}" for function in OF_THE_OWNER)
    return (
        f"REVOKE USAGE ON LANGUAGE {LANGUAGE} FROM PUBLIC;\n"
        f"GRANT USAGE ON LANGUAGE {LANGUAGE} TO {owner} WITH GRANT OPTION;\n"
        f"REVOKE EXECUTE ON FUNCTION\n    {functions}\nFROM PUBLIC;\n"
        f"GRANT EXECUTE ON FUNCTION\n    {functions}\nTO {owner} WITH GRANT OPTION;\n"
    )


OPEN_TO_EVERYBODY = f"""
SELECT function.proname || '(' || pg_get_function_identity_arguments(function.oid) || ')'
FROM unnest(ARRAY[{", ".join(f"'pg_catalog.{function}'" for function in OF_THE_OWNER)}]::regprocedure[]) AS reserved
JOIN pg_proc AS function ON function.oid = reserved
WHERE has_function_privilege('public', function.oid, 'EXECUTE')
UNION ALL
SELECT 'the language {LANGUAGE}' WHERE has_language_privilege('public', '{LANGUAGE}', 'USAGE')
"""
"""Which of them everybody may still use."""


CLOSE = """
DO $$
BEGIN
    -- A table of one's own can be given an operator that tells what it was shown, and fills a disk.
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    -- So it is in new databases from PostgreSQL 15 on, and not in those that come from before.
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
END $$
"""
"""What the owner of the database closes by itself. A copy or a restored dump of a database has it open
again, so it is run after each migrate, and not by a migration."""
