"""How PostgreSQL keeps `public_from`: triggers made from what each model declares as `public_rows`.

Two on each table. Before a row is written its `public_from` is worked out anew, from its own columns and from what it
hangs on, whatever the writer gave. After it has moved, the parts of the row are told, and theirs are worked out anew in
turn. While the parts are told, the other triggers of their tables rest (`pgtrigger.ignore`): nothing else of a part
changes, so nothing is announced and no version kept, and what is never changed stays refused to whoever writes.

A part that is written while its whole is published does not end stale: who writes a part holds what it hangs on as a
foreign key does (FOR KEY SHARE), and who moves a whole's `public_from` waits for them and keeps new ones waiting (FOR
UPDATE). Under READ COMMITTED, which is Django's and PostgreSQL's default, each then sees what the other has committed.

`rights.py` lays them after each migrate, as it does the row policies, and `fill` works out all that is there.
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
"""The trigger that works out a row's own."""

TELLS_PARTS = "majlis_public_parts"
"""The trigger that tells the parts. By its name it comes before what announces, so that whoever announces holds by
then all rows that he is about to change: the lock of the feed is the last one that anybody waits for."""


def keeping_models() -> list[type[Model]]:
    """Every model whose table has the column, each after what its rows hang on."""
    graph = {model: {whole.model for whole in wholes_of(model)} for model in public_models() if kept_by(model)}
    return list(TopologicalSorter(graph).static_order())


@functools.cache
def triggers() -> dict[str, str]:
    """Tables, and the SQL that makes their triggers anew; with the comment by which `rights.py` knows them."""
    found = {}
    for model in keeping_models():
        table = model._meta.db_table
        sql = "".join(_statements(model))
        found[table] = f"{sql}{_comment(table, sql)}"
    return found


def digests() -> dict[str, str]:
    """Tables, and what the comment on their trigger must begin with."""
    return {model._meta.db_table: digest("".join(_statements(model))) for model in keeping_models()}


AS_LAID = f"""(
    SELECT md5(string_agg(pg_get_triggerdef(one.oid) || pg_get_functiondef(one.tgfoid), '' ORDER BY one.tgname))
    FROM pg_trigger AS one WHERE one.tgrelid = laid.tgrelid AND one.tgname IN ('{TRIGGER}', '{TELLS_PARTS}')
)"""
"""SQL over `laid`, a row of pg_trigger: what PostgreSQL holds of the triggers of its table."""


def fill(connection: BaseDatabaseWrapper) -> int:
    """Works out `public_from` of every row of every table; returns how many rows were wrong.

    For whoever has written without the triggers: a migration that has added the column, or a bulk load, after ANALYZE.
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


def stale(model: type[Model]) -> str:
    """SQL: rows whose `public_from` is not what they and their wholes come to, as `key` and the `moment` it should be."""
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
        RAISE EXCEPTION 'What a row of % hangs on is written before it: % % is missing.', TG_TABLE_NAME, '{column}', NEW.{column}
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, COLUMN = '{column}';
    END IF;
    moment := GREATEST(moment, COALESCE(of_whole, {HIDDEN}));"""
    if any(whole.is_needed for whole in wholes):
        return asks
    return f"""
    IF NEW.{column} IS NOT NULL THEN{asks}
    END IF;"""


def _waiting(model: type[Model], watched: list[str]) -> str:
    """Who moves what parts are judged by waits for those who are writing parts."""
    return f"""
    IF TG_OP = 'UPDATE' AND {_moved(watched)} THEN
        PERFORM 1 FROM {model._meta.db_table} AS own WHERE own.{model._meta.pk.column} = NEW.{model._meta.pk.column} FOR UPDATE;
    END IF;"""


def _telling(model: type[Model], watched: list[str]) -> str:
    """Of a publication row by row, before its own change is announced; of parts, of which there are many, all at once."""
    table, key = model._meta.db_table, model._meta.pk.column
    updates, resting = [], []
    for part in dict.fromkeys(part for part, _ in _parts_of(model)):
        columns = dict.fromkeys(whole.field.column for one, whole in _parts_of(model) if one is part)
        where = " OR ".join(f"{column} = ANY (moved)" for column in columns)
        updates.append(f"\n    UPDATE {part._meta.db_table} SET {COLUMN} = NULL WHERE {where};")
        resting += [trigger.get_pgid(part) for of, trigger in pgtrigger.registered() if of is part]
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
    """The foreign keys that decide, and what for: one may be a whole, and have a column that hides."""
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
    """SQL: the latest of moments of which each may be null, for hidden; always, where there is none."""
    return f"GREATEST({', '.join([ALWAYS, *(f'COALESCE({moment}, {HIDDEN})' for moment in moments)])})"


def _is_let_through(row: str, column: str, wholes: list[Whole]) -> str:
    return "FALSE" if any(whole.is_needed for whole in wholes) else f"{row}.{column} IS NULL"


def _moved(columns: list[str], after: str = "NEW", before: str = "OLD") -> str:
    return " OR ".join(f"{after}.{column} IS DISTINCT FROM {before}.{column}" for column in columns)
