"""The triggers that keep `public_from`, made from what each model declares as `public_rows`.

Each table has two. The first one runs before a row is written and computes the row's `public_from`, from its own columns
and from its wholes; a value that the writer gives is overwritten. The second one runs after a `public_from` has changed,
and updates the parts of that row, whose first trigger computes theirs. During this update the other triggers on the
tables of the parts do not run (`pgtrigger.ignore`): no other column changes, so nothing is announced, no version is kept,
and the triggers that refuse changes of records need no exception.

Two transactions at once leave no wrong value. Whoever writes a part locks its wholes FOR KEY SHARE, as a foreign key
does; whoever changes the `public_from` of a whole locks it FOR UPDATE, and so waits for the writers of its parts, and
they for him. At READ COMMITTED, the default of Django and of PostgreSQL, each then sees what the other has committed.

`rights.py` creates them after each migrate, like the row policies; `fill` computes all values that are there.
"""

import functools
from collections.abc import Iterator
from graphlib import TopologicalSorter

import pgtrigger
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from publishing.reader.public_rows import ALWAYS, COLUMN, HIDDEN, Whole, kept_by, public_models, wholes_of
from publishing.reader.row_policies import digest

TRIGGER = "majlis_public_from"
"""The trigger that computes the value of a row."""

TELLS_PARTS = "majlis_public_parts"
"""The trigger that updates the parts. PostgreSQL runs triggers in the order of their names, and this one comes before
those that announce a change: so the lock of the feed stays the last lock that anybody waits for."""


def keeping_models() -> list[type[Model]]:
    """Every model that has the column, each after its wholes."""
    graph = {model: {whole.model for whole in wholes_of(model)} for model in public_models() if kept_by(model)}
    return list(TopologicalSorter(graph).static_order())


@functools.cache
def triggers() -> dict[str, str]:
    """SQL that creates the triggers of each table, by table, with the comment by which `rights.py` recognises them."""
    found = {}
    for model in keeping_models():
        table = model._meta.db_table
        sql = "".join(_statements(model))
        found[table] = f"{sql}{_comment(table, sql)}"
    return found


def digests() -> dict[str, str]:
    """What the comment on the trigger of each table must begin with, by table."""
    return {model._meta.db_table: digest("".join(_statements(model))) for model in keeping_models()}


AS_LAID = f"""(
    SELECT md5(string_agg(pg_get_triggerdef(one.oid) || pg_get_functiondef(one.tgfoid), '' ORDER BY one.tgname))
    FROM pg_trigger AS one WHERE one.tgrelid = laid.tgrelid AND one.tgname IN ('{TRIGGER}', '{TELLS_PARTS}')
)"""
"""SQL over `laid`, a row of pg_trigger: a digest of the triggers as they are in the database."""


def fill(connection: BaseDatabaseWrapper) -> int:
    """Computes `public_from` in all tables; returns how many rows had another value.

    For rows that were written without the triggers: after a migration that adds the column, or after a bulk load (and
    after ANALYZE, or the plans are bad).
    """
    changed = 0
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for model in keeping_models():
            table = connection.ops.quote_name(model._meta.db_table)
            key = model._meta.pk.column
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM ({stale(model)}) AS stale)")
            if not cursor.fetchone()[0]:
                continue
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(
                f"UPDATE {table} SET {COLUMN} = stale.moment FROM ({stale(model)}) AS stale"
                f" WHERE {table}.{key} = stale.key"
            )
            changed += cursor.rowcount
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    return changed


def wrong_rows(connection: BaseDatabaseWrapper) -> dict[str, int]:
    """How many rows have another `public_from` than they should, by table, without the tables that have none."""
    found = {}
    with connection.cursor() as cursor:
        for model in keeping_models():
            cursor.execute(f"SELECT count(*) FROM ({stale(model)}) AS stale")
            (number,) = cursor.fetchone()
            if number:
                found[model._meta.db_table] = number
    return found


def stale(model: type[Model]) -> str:
    """SQL: the rows with a wrong `public_from`, judged by that of their wholes: `key`, and `moment`, the right value."""
    table = model._meta.db_table
    moments, joins = [*_own(model, "part")], []
    for number, (column, wholes) in enumerate(_by_column(model).items()):
        alias = f"whole_{number}"
        moment = _latest(whole.moment.replace("whole.", f"{alias}.") for whole in wholes)
        moments.append(f"CASE WHEN {_is_let_through('part', column, wholes)} THEN {ALWAYS} ELSE {moment} END")
        joins.append(
            f" LEFT JOIN {wholes[0].model._meta.db_table} AS {alias} ON {alias}.{_key(wholes[0])} = part.{column}"
        )
    moment = f"NULLIF({_latest(moments)}, {HIDDEN})"
    return (
        f"SELECT part.{model._meta.pk.column} AS key, {moment} AS moment FROM {table} AS part{''.join(joins)}"
        f" WHERE part.{COLUMN} IS DISTINCT FROM {moment}"
    )


# The triggers


def _statements(model: type[Model]) -> Iterator[str]:
    table = model._meta.db_table
    watched = sorted({whole.watched for _, whole in _parts_of(model)} - {COLUMN})
    columns = [column for rule in kept_by(model) for column in rule.own_columns]
    columns += [*_by_column(model), *watched, COLUMN]
    yield f"""
CREATE OR REPLACE FUNCTION {TRIGGER}_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moment timestamptz := {_latest(_own(model, "NEW"))}; of_whole timestamptz;
BEGIN{"".join(_asking(column, wholes) for column, wholes in _by_column(model).items())}
    NEW.{COLUMN} := NULLIF(moment, {HIDDEN});{_waiting(model, [COLUMN, *watched]) if _parts_of(model) else ""}
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER {TRIGGER} BEFORE INSERT OR UPDATE OF {", ".join(dict.fromkeys(columns))} ON {table}
    FOR EACH ROW EXECUTE FUNCTION {TRIGGER}_{table}();
"""
    if not _parts_of(model):
        yield f"DROP TRIGGER IF EXISTS {TELLS_PARTS} ON {table};\n"
        return
    yield _telling(model, [COLUMN, *watched])


def _asking(column: str, wholes: list[Whole]) -> str:
    asks = f"""
    SELECT {_latest(whole.moment for whole in wholes)} INTO of_whole
        FROM {wholes[0].model._meta.db_table} AS whole WHERE whole.{_key(wholes[0])} = NEW.{column} FOR KEY SHARE;
    IF NOT FOUND AND NEW.{column} IS NOT NULL THEN
        RAISE EXCEPTION 'Rows of % are written after what they hang on: % % is missing.', TG_TABLE_NAME, '{column}', NEW.{column}
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, COLUMN = '{column}';
    END IF;
    moment := GREATEST(moment, COALESCE(of_whole, {HIDDEN}));"""
    if any(whole.is_needed for whole in wholes):
        return asks
    return f"""
    IF NEW.{column} IS NOT NULL THEN{asks}
    END IF;"""


def _waiting(model: type[Model], watched: list[str]) -> str:
    """SQL: whoever changes what the parts depend on waits for those who are writing parts."""
    return f"""
    IF TG_OP = 'UPDATE' AND {_moved(watched)} THEN
        PERFORM 1 FROM {model._meta.db_table} AS own WHERE own.{model._meta.pk.column} = NEW.{model._meta.pk.column} FOR UPDATE;
    END IF;"""


def _telling(model: type[Model], watched: list[str]) -> str:
    """SQL of the second trigger: for publications by row, before the change is announced; for parts by statement."""
    table, key = model._meta.db_table, model._meta.pk.column
    updates, resting = [], []
    for part in dict.fromkeys(part for part, _ in _parts_of(model)):
        columns = dict.fromkeys(whole.field.column for one, whole in _parts_of(model) if one is part)
        where = " OR ".join(f"{column} = ANY (moved)" for column in columns)
        updates.append(f"\n    UPDATE {part._meta.db_table} SET {COLUMN} = NULL WHERE {where};")
        resting += [
            trigger.get_pgid(part)
            for of, trigger in pgtrigger.registered()
            if of is part and not getattr(trigger, "follows_public_from", False)
        ]
    is_row = any(rule.own_columns for rule in kept_by(model))
    found = (
        f"ARRAY[NEW.{key}]"
        if is_row
        else f"ARRAY(SELECT {key} FROM after JOIN before USING ({key}) WHERE {_moved(watched, 'after', 'before')})"
    )
    when = (
        f"FOR EACH ROW WHEN ({_moved(watched)})"
        if is_row
        else "REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT"
    )
    return f"""
CREATE OR REPLACE FUNCTION {TELLS_PARTS}_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moved bigint[] := {found}; rested text := current_setting('pgtrigger.ignore', true);
BEGIN
    IF cardinality(moved) = 0 THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('pgtrigger.ignore', '{{{",".join(sorted(resting))}}}', true);{"".join(updates)}
    PERFORM set_config('pgtrigger.ignore', COALESCE(NULLIF(rested, ''), '{{}}'), true);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER {TELLS_PARTS} AFTER UPDATE ON {table} {when}
    EXECUTE FUNCTION {TELLS_PARTS}_{table}();
"""


def _comment(table: str, sql: str) -> str:
    return f"""
DO $$ BEGIN
    EXECUTE (
        SELECT format('COMMENT ON TRIGGER {TRIGGER} ON {table} IS %L', '{digest(sql)} ' || {AS_LAID})
        FROM pg_trigger AS laid WHERE laid.tgname = '{TRIGGER}' AND laid.tgrelid = '{table}'::regclass
    );
END $$;
"""


# What they are made of


def _own(model: type[Model], row: str) -> list[str]:
    return [moment for rule in kept_by(model) if (moment := rule.own(row)) is not None]


def _by_column(model: type[Model]) -> dict[str, list[Whole]]:
    """The wholes by the column of their foreign key: one key may lead to a whole that has also a column that hides."""
    found: dict[str, list[Whole]] = {}
    for whole in wholes_of(model):
        found.setdefault(whole.field.column, []).append(whole)
    return found


@functools.cache
def _parts_of(model: type[Model]) -> list[tuple[type[Model], Whole]]:
    return [(part, whole) for part in public_models() for whole in wholes_of(part) if whole.model is model]


def _key(whole: Whole) -> str:
    return str(whole.field.target_field.column)


def _latest(moments: "Iterator[str] | list[str]") -> str:
    """SQL: the latest of `moments`; null among them means hidden."""
    return f"GREATEST({', '.join([ALWAYS, *(f'COALESCE({moment}, {HIDDEN})' for moment in moments)])})"


def _is_let_through(row: str, column: str, wholes: list[Whole]) -> str:
    return "FALSE" if any(whole.is_needed for whole in wholes) else f"{row}.{column} IS NULL"


def _moved(columns: list[str], after: str = "NEW", before: str = "OLD") -> str:
    return " OR ".join(f"{after}.{column} IS DISTINCT FROM {before}.{column}" for column in columns)
