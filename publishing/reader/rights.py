"""The rights in the database, by which the public reads only what is published: declared, compared, and repaired.

Each model declares which of its rows are public (`public_rows.py`), each app's configuration which of its functions the
reader may call, `privileges.py` which of PostgreSQL's own are reserved for the owner, and the models define the tables,
constraints and triggers. A dump contains no roles, and a database that is restored without them silently loses every
row policy. So `/readyz`, `check --database default` and each `migrate` compare the database with the declarations;
`migrate` and `manage.py lay_rights` repair it.
"""

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TextIO

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.operations import CreateExtension
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from publishing.reader import public_from
from publishing.reader.planner_statistics import disable_column_statistics
from publishing.reader.privileges import OPEN_TO_EVERYBODY, RESERVED, reserve
from publishing.reader.public_rows import policies
from publishing.reader.revision import MOVE, MOVES, NOTES, move_revision, note_moments, tables_with_moments
from publishing.reader.row_policies import POLICY, READ_WHOLE, READER, digest, open_to_the_reader, policy

EVERYBODY = "PUBLIC"

COMMAND = "manage.py lay_rights"

CONNECTIONS = 20
"""How many connections a login of the reader may hold if it has no limit of its own."""

BOUNDS = {
    "default_transaction_read_only": "on",
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "5s",
    "statement_timeout": "10s",
    "timezone": "UTC",  # the reader cannot change it by itself
}
"""The settings with which each session of a reader's login begins."""


class Fact(NamedTuple):
    """One thing that a database has."""

    kind: str
    of: str
    detail: str = ""


class Fault(NamedTuple):
    """One thing that a database lacks, or has and must not have."""

    fact: Fact
    name: str
    """Short, in PostgreSQL's terms."""
    mend: str
    """The statements that repair it; empty if only restoring the whole dump does."""


# What is declared


@functools.cache
def known_migrations() -> dict[tuple[str, str], Migration]:
    """The migrations of the running code, in an order in which they can be applied.

    The code in memory, not the code on disk, which may be newer by now: call it once when a process starts.
    """
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    plan = dict.fromkeys(key for leaf in sorted(graph.leaf_nodes()) for key in graph.forwards_plan(leaf))
    return {key: graph.nodes[key] for key in plan}


class AppliedMigrations(NamedTuple):
    """Which migrations a database has."""

    migrations: frozenset[tuple[str, str]]

    @property
    def missing(self) -> list[tuple[str, str]]:
        return [
            key
            for key, migration in known_migrations().items()
            if key not in self.migrations
            and not (migration.replaces and self.migrations.issuperset(migration.replaces))
        ]

    @property
    def is_newer(self) -> bool:
        """Whether newer code has migrated the database: it still serves the older code until that is restarted."""
        ours = {app for app, _ in known_migrations()}
        replaced = {key for migration in known_migrations().values() for key in migration.replaces}
        return any(app in ours for app, _ in self.migrations - known_migrations().keys() - replaced)


def applied_to(connection: BaseDatabaseWrapper) -> AppliedMigrations:
    return AppliedMigrations(frozenset(MigrationRecorder(connection).applied_migrations()))


@dataclass(frozen=True)
class Access:
    """What the reader may use, and what is reserved for the owner."""

    publicness: Mapping[str, str] = field(default_factory=dict)
    """Tables with triggers that keep `public_from`, and a digest of the triggers."""
    policies: Mapping[str, str] = field(default_factory=dict)
    """Tables with a row policy, and the condition under which the reader sees a row."""
    answering: frozenset[str] = frozenset()
    """Functions, with their argument types, that run with the owner's rights and that only the reader may call."""
    reserved: frozenset[str] = frozenset()
    """Functions, with their argument types, that PostgreSQL would let everybody call and that are reserved for the
    owner.
    """
    reserved_families: frozenset[str] = frozenset()
    """Prefixes of the names of more such functions."""
    moments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Tables from which the public is answered, and their columns that hold moments."""

    @property
    def readable(self) -> set[str]:
        """Tables on which the reader has SELECT."""
        return {*self.policies, *(READ_WHOLE if self.policies else ())}


@functools.cache
def declared_access() -> Access:
    """What the models and the app configurations declare."""

    def functions(name: str) -> frozenset[str]:
        return frozenset(one for config in apps.get_app_configs() for one in getattr(config, name, ()))

    return Access(
        public_from.digests(),
        policies(),
        functions("reader_functions"),
        functions("owner_functions"),
        functions("owner_function_families"),
        tables_with_moments(beside=functions("tables_behind_reader_functions")),
    )


def declared(applied: AppliedMigrations) -> tuple[set[Fact], Access]:
    """What a database with the migrations in `applied` must have; what the models declare, only if no migration is
    missing.
    """
    facts = {Fact("role", READER), Fact("membership", READER), Fact("setting", "jit", "off")}
    facts |= {
        Fact("extension", operation.name)
        for key, migration in known_migrations().items()
        for operation in migration.operations
        if isinstance(operation, CreateExtension) and key in applied.migrations
    }
    if applied.missing:
        return facts, Access()
    access = declared_access()
    facts.add(Fact("schema", "public", READER))
    facts |= {Fact("publicness", table, laid) for table, laid in access.publicness.items()}
    for table, using in access.policies.items():
        facts |= {Fact("row security", table), Fact("row policy", table, digest(using))}
    facts |= {Fact("privilege", relation, f"SELECT {READER}") for relation in access.readable}
    facts |= {Fact("execute", function, READER) for function in access.answering}
    facts |= {Fact("function", function) for function in access.answering | access.reserved}
    facts |= {Fact("revision", table) for table in access.moments}
    facts |= {Fact("moments", table, " ".join(columns)) for table, columns in access.moments.items() if columns}
    return facts | structure(), access


@functools.cache
def structure() -> frozenset[Fact]:
    """Tables, constraints, indexes and triggers of the models, by name; and the number of their primary and foreign
    keys.
    """
    facts = set()
    models = [
        model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy
    ]
    for model in models:
        facts.add(Fact("table", model._meta.db_table))
        facts |= {Fact("constraint", str(one.name)) for one in (*model._meta.constraints, *model._meta.indexes)}
        foreign = [one for one in model._meta.local_concrete_fields if getattr(one, "db_constraint", False)]
        facts.add(Fact("keys", model._meta.db_table, f"1 and {len(foreign)}"))
    for model, trigger in pgtrigger.registered():
        facts.add(Fact("trigger", trigger.get_pgid(model)))
    return frozenset(facts)


# What the database has

FOUND = f"""
WITH reader AS (SELECT oid FROM pg_roles WHERE rolname = '{READER}'),
owner AS (SELECT datdba AS oid, oid AS database FROM pg_database WHERE datname = current_database()),
grantee AS (SELECT 0::oid AS oid, '{EVERYBODY}' AS name UNION ALL SELECT oid, '{READER}' FROM reader),
relation AS (
    SELECT class.oid, quote_ident(class.relname) AS name, class.relkind, class.relrowsecurity, class.relacl
    FROM pg_class AS class
    WHERE class.relnamespace = 'public'::regnamespace AND class.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND NOT EXISTS (
        SELECT FROM pg_depend AS depends
        WHERE depends.classid = 'pg_class'::regclass AND depends.objid = class.oid AND depends.deptype = 'e'
    )
),
function AS (
    SELECT named, to_regprocedure(named)::oid AS oid FROM unnest(%(functions)s::text[]) AS named
    UNION
    SELECT oid::regprocedure::text, oid FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND EXISTS (SELECT FROM unnest(%(families)s::text[]) AS family WHERE starts_with(proname, family))
)
SELECT 'role', '{READER}', '' FROM reader
UNION ALL
SELECT 'membership', '{READER}', '' FROM reader, owner
WHERE pg_has_role(owner.oid, reader.oid,
    CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
UNION ALL
SELECT 'setting', 'jit', 'off' FROM owner
WHERE current_setting('jit') = 'off' OR EXISTS (
    SELECT FROM pg_db_role_setting AS kept
    WHERE kept.setdatabase = owner.database AND kept.setrole = 0 AND 'jit=off' = ANY (kept.setconfig)
)
UNION ALL
SELECT 'extension', extname, '' FROM pg_extension
UNION ALL
SELECT 'schema', 'public', '{READER}' FROM reader WHERE has_schema_privilege(reader.oid, 'public', 'USAGE')
UNION ALL
SELECT 'create', 'SCHEMA public', '' WHERE has_schema_privilege('public', 'public', 'CREATE')
UNION ALL
SELECT 'temporary', 'DATABASE ' || quote_ident(current_database()), ''
WHERE has_database_privilege('public', current_database(), 'TEMPORARY')
UNION ALL
SELECT 'create', 'SCHEMA public', '{READER}'
FROM pg_namespace CROSS JOIN LATERAL aclexplode(nspacl) AS held JOIN reader ON reader.oid = held.grantee
WHERE nspname = 'public' AND held.privilege_type = 'CREATE'
UNION ALL
SELECT 'temporary', 'DATABASE ' || quote_ident(datname), '{READER}'
FROM pg_database CROSS JOIN LATERAL aclexplode(datacl) AS held JOIN reader ON reader.oid = held.grantee
WHERE datname = current_database() AND held.privilege_type = 'TEMPORARY'
UNION ALL
SELECT 'attribute', '{READER}', attribute.name FROM pg_roles AS role CROSS JOIN LATERAL (VALUES
    ('SUPERUSER', role.rolsuper), ('BYPASSRLS', role.rolbypassrls), ('CREATEROLE', role.rolcreaterole),
    ('CREATEDB', role.rolcreatedb), ('REPLICATION', role.rolreplication), ('LOGIN', role.rolcanlogin)
) AS attribute (name, has) WHERE role.rolname = '{READER}' AND attribute.has
UNION ALL
SELECT 'member', '{READER}', quote_ident(role.rolname)
FROM reader JOIN pg_auth_members AS member ON member.member = reader.oid JOIN pg_roles AS role ON role.oid = member.roleid
UNION ALL
-- Whatever runs with its owner's rights answers for them, and a new function is open to everybody.
SELECT 'definer', ours.oid::regprocedure::text, '' FROM pg_proc AS ours CROSS JOIN reader
WHERE ours.pronamespace = 'public'::regnamespace AND ours.prosecdef AND ours.prorettype <> 'trigger'::regtype
    AND has_function_privilege(reader.oid, ours.oid, 'EXECUTE')
    AND NOT EXISTS (SELECT FROM function WHERE function.oid = ours.oid)
UNION ALL
SELECT 'keys', relation.name, count(*) FILTER (WHERE contype = 'p') || ' and ' || count(*) FILTER (WHERE contype = 'f' AND condeferrable)
FROM relation JOIN pg_constraint ON conrelid = relation.oid GROUP BY relation.name
UNION ALL
SELECT 'table', name, '' FROM relation WHERE relkind <> 'S'
UNION ALL
SELECT 'row security', name, '' FROM relation WHERE relrowsecurity
UNION ALL
SELECT 'privilege', relation.name, held.privilege_type || ' ' || grantee.name
FROM relation CROSS JOIN LATERAL aclexplode(relation.relacl) AS held JOIN grantee ON grantee.oid = held.grantee
UNION ALL
SELECT 'privilege', relation.name, held.privilege_type || ' (' || quote_ident(attribute.attname) || ') ' || grantee.name
FROM relation JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid
CROSS JOIN LATERAL aclexplode(attribute.attacl) AS held JOIN grantee ON grantee.oid = held.grantee
UNION ALL
-- What is declared stands in the comment, beside what PostgreSQL made of it: whoever changed it since left that behind.
SELECT 'row policy', relation.name, CASE
    WHEN policy.polcmd = 'r' AND policy.polpermissive AND policy.polroles = ARRAY[reader.oid]
        AND split_part(comment, ' ', 2) = md5(pg_get_expr(policy.polqual, policy.polrelid))
    THEN split_part(comment, ' ', 1) ELSE 'changed' END
FROM pg_policy AS policy JOIN relation ON relation.oid = policy.polrelid CROSS JOIN reader
LEFT JOIN LATERAL obj_description(policy.oid, 'pg_policy') AS comment ON TRUE
WHERE policy.polname = '{POLICY}'
UNION ALL
SELECT 'publicness', relation.name, CASE
    WHEN split_part(comment, ' ', 2) = {public_from.AS_LAID} THEN split_part(comment, ' ', 1) ELSE 'changed' END
FROM pg_trigger AS laid JOIN relation ON relation.oid = laid.tgrelid
LEFT JOIN LATERAL obj_description(laid.oid, 'pg_trigger') AS comment ON TRUE
WHERE laid.tgname = '{public_from.TRIGGER}'
UNION ALL
SELECT DISTINCT 'other policy', relation.name, quote_ident(policy.polname)
FROM pg_policy AS policy JOIN relation ON relation.oid = policy.polrelid JOIN grantee ON grantee.oid = ANY (policy.polroles)
WHERE policy.polname <> '{POLICY}' AND policy.polpermissive
UNION ALL
SELECT 'function', named, '' FROM function WHERE oid IS NOT NULL
UNION ALL
SELECT 'execute', named, '{EVERYBODY}' FROM function WHERE has_function_privilege('public', oid, 'EXECUTE')
UNION ALL
SELECT 'execute', named, '{READER}' FROM reader, function
JOIN pg_proc AS ours ON ours.oid = function.oid CROSS JOIN LATERAL aclexplode(ours.proacl) AS held
WHERE held.grantee = reader.oid
UNION ALL
SELECT 'open', what, '' FROM ({OPEN_TO_EVERYBODY}) AS still (what)
UNION ALL
SELECT 'closed', 'FUNCTION ' || reserved.oid::regprocedure, '' FROM owner, {RESERVED}
WHERE NOT has_function_privilege(owner.oid, reserved.oid, 'EXECUTE')
UNION ALL
SELECT 'constraint', conname, '' FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'constraint', relname, '' FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'i'
UNION ALL
SELECT 'trigger', tgname, '' FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'revision', relation.name, '' FROM pg_trigger JOIN relation ON relation.oid = tgrelid WHERE tgname = '{MOVES}'
UNION ALL
-- Its arguments stand one after the other, each with a zero byte at its end.
SELECT 'moments', relation.name, rtrim(replace(encode(tgargs, 'escape'), '\\000', ' '))
FROM pg_trigger JOIN relation ON relation.oid = tgrelid WHERE tgname = '{NOTES}'
UNION ALL
SELECT DISTINCT 'disabled', relation.name, CASE WHEN tgisinternal THEN 'ALL' ELSE quote_ident(tgname) END
FROM pg_trigger JOIN relation ON relation.oid = tgrelid WHERE tgenabled NOT IN ('O', 'A')
"""

OWNED_BY_OTHERS = """
SELECT 'owner', quote_ident(class.relname), '' FROM pg_class AS class, pg_database AS here
WHERE here.datname = current_database() AND class.relnamespace = 'public'::regnamespace
    AND class.relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT pg_has_role(here.datdba, class.relowner, 'USAGE')
    AND NOT EXISTS (
        SELECT FROM pg_depend AS depends
        WHERE depends.classid = 'pg_class'::regclass AND depends.objid = class.oid AND depends.deptype = 'e'
    )
"""
"""What the owner of the database cannot write to, as after a restore by a superuser who did not restore the owners."""

UNBOUNDED = f"""
SELECT 'login', quote_ident(role.rolname), bound.name
FROM pg_roles AS role, unnest(%(bounds)s::text[]) AS bound (name), pg_database AS here
WHERE here.datname = current_database() AND role.rolcanlogin AND role.oid <> here.datdba AND NOT role.rolsuper
    AND EXISTS (
        SELECT FROM pg_auth_members AS member JOIN pg_roles AS reader ON reader.oid = member.roleid
        WHERE member.member = role.oid AND reader.rolname = '{READER}'
    )
    AND CASE bound.name WHEN 'connection limit' THEN role.rolconnlimit < 0 ELSE NOT EXISTS (
        SELECT FROM pg_db_role_setting AS kept, unnest(kept.setconfig) AS said
        WHERE kept.setrole = role.oid AND kept.setdatabase IN (0, here.oid)
            AND starts_with(lower(said), bound.name || '=')
    ) END
"""
"""Logins of the reader, and which of the `BOUNDS` on their sessions each lacks."""


def found(connection: BaseDatabaseWrapper, access: Access) -> set[Fact]:
    with connection.cursor() as cursor:
        cursor.execute(
            FOUND,
            {"functions": sorted(access.answering | access.reserved), "families": sorted(access.reserved_families)},
        )
        return {Fact(*row) for row in cursor.fetchall()}


# The differences

REPAIR_ORDER = (
    *("role", "membership", "extension", "table", "constraint", "trigger", "function"),
    *("publicness", "row security", "row policy"),
)
"""Kinds in the order in which they are repaired; the others come last."""

TOO_MUCH = {
    *("create", "temporary", "other policy", "privilege", "execute", "open", "closed", "disabled", "login"),
    *("attribute", "member", "definer", "owner"),
}
"""Kinds of which only what is declared may exist."""

OF_THE_MODELS = {"privilege", "execute", "other policy", "definer"}
"""Those of them that are compared with the declarations of the models and the apps."""

FOR_A_SUPERUSER = {"open", "closed", "attribute", "member", "owner"}

MANY = 40
"""If there are more faults than this, only their number is reported."""

RESTORE_ANEW = "Parts of the database are missing: restore the whole dump into an empty database (docs/deploy.md)."


def faults(connection: BaseDatabaseWrapper, *, with_logins: bool = False) -> list[Fault]:
    """All that the database of `connection` lacks, or has and must not have, as far as it is migrated."""
    with connection.cursor() as cursor:
        cursor.execute(OWNED_BY_OTHERS)
        there = {Fact(*row) for row in cursor.fetchall()}
    facts: set[Fact] = set()
    access = Access()
    if there:  # tables with another owner: nothing else can be compared
        with_logins = False
    else:
        applied = applied_to(connection)
        facts, access = declared(applied)
        there = found(connection, access)
        if applied.is_newer:
            facts = {fact for fact in facts if fact.kind in ("role", "membership")}
            there = {fact for fact in there if fact.kind not in TOO_MUCH}
        elif applied.missing:  # the declarations of the models are compared only when all their tables exist
            there = {fact for fact in there if fact.kind not in OF_THE_MODELS}
    with connection.cursor() as cursor:
        if with_logins:
            cursor.execute(UNBOUNDED, {"bounds": ["connection limit", *BOUNDS]})
            there |= {Fact(*row) for row in cursor.fetchall()}
        cursor.execute(
            "SELECT quote_ident(current_database()), quote_ident(rolname) FROM pg_database"
            " JOIN pg_roles ON pg_roles.oid = datdba WHERE datname = current_database()"
        )
        database, owner = cursor.fetchone()
    wrong = [(fact, True) for fact in facts - there]
    wrong += [(fact, False) for fact in there - facts if fact.kind in TOO_MUCH]

    def in_order(one: tuple[Fact, bool]) -> tuple[int, Fact]:
        kind = one[0].kind
        return (REPAIR_ORDER.index(kind) if kind in REPAIR_ORDER else len(REPAIR_ORDER), one[0])

    described = []
    for fact, is_missing in sorted(wrong, key=in_order):
        name, mend = _described(fact, is_missing, owner=owner, database=database, access=access)
        described.append(Fault(fact, name, mend))
    return described


def _described(fact: Fact, is_missing: bool, *, owner: str, database: str, access: Access) -> tuple[str, str]:
    """The description of a fault, and the statements that repair it."""
    kind, of, detail = fact
    match kind, is_missing:
        case "role", _:
            return f"role {of}", f"CREATE ROLE {of} NOLOGIN;"
        case "membership", _:
            return f"{owner} in role {of}", f"GRANT {of} TO {owner};"
        case "setting", _:
            return f"{of} = {detail}", f"ALTER DATABASE {database} SET {of} = {detail};"
        case "extension", _:
            return f"extension {of}", f"CREATE EXTENSION IF NOT EXISTS {of};"
        case "schema", _:
            return f"USAGE on schema {of} for {detail}", f"GRANT USAGE ON SCHEMA {of} TO {detail};"
        case "create", _:
            return (
                f"too much: CREATE for {detail or 'everybody'} on {of}",
                f"REVOKE CREATE ON {of} FROM {detail or EVERYBODY};",
            )
        case "temporary", _:
            name = f"too much: TEMPORARY for {detail or 'everybody'} on {of}"
            return name, f"REVOKE TEMPORARY ON {of} FROM {detail or EVERYBODY};"
        case "attribute", _:
            return f"too much: {detail} of {of}", f"ALTER ROLE {of} NO{detail};"
        case "member", _:
            return f"too much: {of} in role {detail}", f"REVOKE {detail} FROM {of};"
        case "definer", _:
            return (
                f"too much: EXECUTE on {of} for {READER}",
                f"REVOKE EXECUTE ON FUNCTION {of} FROM {EVERYBODY}, {READER};",
            )
        case "owner", _:
            return f"owner of {of}", f"ALTER TABLE {of} OWNER TO {owner};"
        case "keys", _:
            return f"primary and foreign keys ({detail}) of {of}", ""
        case "publicness", _:
            return f"triggers that keep public_from of {of}", public_from.triggers()[of]
        case "row security", _:
            return f"row security of {of}", f"ALTER TABLE {of} ENABLE ROW LEVEL SECURITY;"
        case "row policy", _:
            return f"row policy of {of}", policy(of, access.policies[of])
        case "other policy", _:
            return f"too much: policy {detail} on {of}", f"DROP POLICY {detail} ON {of};"
        case "privilege", True:
            # Never without the policy: whatever went wrong before, the reader sees no more than is declared.
            using = access.policies.get(of)
            mend = open_to_the_reader(of, using) if using else f"GRANT SELECT ON {of} TO {READER};"
            return f"SELECT on {of} for {READER}", mend
        case "privilege", False:
            what, _, who = detail.rpartition(" ")
            return f"too much: {what} on {of} for {who}", f"REVOKE {what} ON {of} FROM {who};"
        case "execute", True:
            return f"EXECUTE on {of} for {detail}", f"GRANT EXECUTE ON FUNCTION {of} TO {detail};"
        case "execute", False:
            return f"too much: EXECUTE on {of} for {detail}", f"REVOKE EXECUTE ON FUNCTION {of} FROM {detail};"
        case "open", _:
            return f"too much: {of} for everybody", reserve(owner, of)
        case "closed", _:
            return f"{of} for {owner}", reserve(owner, of)
        case "disabled", _:
            return f"disabled trigger {detail} on {of}", f"ALTER TABLE {of} ENABLE TRIGGER {detail};"
        case "revision", _:
            return f"trigger {MOVES} on {of}", move_revision(of)
        case "moments", _:
            return f"trigger {NOTES} ({detail}) on {of}", note_moments(of, detail.split())
        case "login", _:
            value = BOUNDS.get(detail)
            mend = f"SET {detail} = '{value}'" if value else f"CONNECTION LIMIT {CONNECTIONS}"
            return f"{detail} for {of}", f"ALTER ROLE {of} {mend};"
        case _:
            return f"{kind} {of}", ""


def lay(connection: BaseDatabaseWrapper) -> tuple[list[Fault], list[Fault]]:
    """Repairs what the connected role can repair; returns what was repaired, and what is left."""
    before = faults(connection, with_logins=True)
    unkept = [fault for fault in before if fault.fact.kind == "publicness"]
    if unkept:
        # With the values of rows that were written without the triggers, before a policy relies on them.
        with contextlib.suppress(DatabaseError), transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute("".join(fault.mend for fault in unkept))
            public_from.fill(connection)
    for fault in before:
        if fault in unkept:
            continue
        with contextlib.suppress(DatabaseError), transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute(fault.mend or "SELECT")
    left = faults(connection, with_logins=True) if before else []
    with contextlib.suppress(DatabaseError), transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute(MOVE)  # what the public sees may have been changed by other means than by writing rows
    still = {fault.fact for fault in left}
    return [fault for fault in before if fault.fact not in still], left


def shortened_list(wrong: list[Fault]) -> str:
    names = [fault.name for fault in wrong]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def advice(wrong: list[Fault]) -> Iterator[str]:
    """What to do about the faults, one sentence each."""
    if any(fault.mend and fault.fact.kind not in FOR_A_SUPERUSER for fault in wrong):
        yield f"Run {COMMAND}."
    if any(fault.fact.kind in FOR_A_SUPERUSER for fault in wrong):
        yield f"Have a superuser run what “{COMMAND} --sql” prints, in this database."
    if not all(fault.mend for fault in wrong):
        yield RESTORE_ANEW


# Where it is checked


def tell(laid: list[Fault], left: list[Fault], *, say: Callable[[str], object], warn: Callable[[str], object]) -> None:
    """What `lay` returned, as lines of text."""
    if len(laid) > MANY:  # as after the first migrate
        say(f"Laid what the public may read: {len(laid)} policies, grants and revoked functions.\n")
    else:
        for fault in laid:
            say(f"Mended: {fault.name}\n")
    for fault in left:
        warn(f"Still wrong: {fault.name}\n")
    if any(fault.mend for fault in left):
        warn(f"Have a superuser run what “{COMMAND} --sql” prints, in this database.\n")
    if not all(fault.mend for fault in left):
        warn(f"{RESTORE_ANEW}\n")


def lay_after_migrate(using: str, verbosity: int = 1, stdout: TextIO | None = None, **kwargs: Any) -> None:
    laid, left = lay(connections[using])
    disable_column_statistics(connections[using])  # for the tables that have row security by now
    if verbosity >= 1:
        tell(laid, left, say=(stdout or sys.stdout).write, warn=sys.stderr.write)


@register(Tags.database)
def check_rights(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Runs with every migrate, and with `check --database default`."""
    if settings.MAJLIS_PUBLIC_ONLY or not databases:
        return []
    messages: list[CheckMessage] = []
    for alias in databases:
        try:
            is_new = not applied_to(connections[alias]).migrations
            wrong = faults(connections[alias], with_logins=True)
        except OperationalError:
            continue  # The command that asked meets the same error and reports it.
        if is_new:  # the first migrate is about to grant the rest
            wrong = [fault for fault in wrong if fault.fact.kind in FOR_A_SUPERUSER]
        if wrong:
            messages.append(
                Warning(
                    f"This database is not as the code declares it. Missing: {shortened_list(wrong)}.",
                    hint=" ".join(advice(wrong)),
                    id="publishing.W001",
                )
            )
    return messages
