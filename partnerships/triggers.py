"""Rules that PostgreSQL keeps whoever writes: the admin, an import or raw SQL.

Every refusal raises an integrity error (SQLSTATE class 23) whose message says what to do instead, so
that the code above turns it into an answer for the person at the keyboard.
"""

from typing import Any

import pgtrigger
from django.db.migrations import RunSQL
from django.db.models import Model
from django.utils.translation import gettext_noop

from partnerships import verification

CHANGES_LOCK = "partnerships_changeorder"
"""An empty table. Whoever writes to the feed of changes locks it until the end of the transaction, so that the
lines are dated in the order of the commits. The public has no privilege on it, and so no lock that the desk
waits for; see `SETTLED_AT`."""

ANNOUNCE = f"""
CREATE OR REPLACE FUNCTION partnerships_announce(
    kind TEXT, public_id TEXT, identifier TEXT, event TEXT, note TEXT, version INTEGER, not_before TIMESTAMPTZ
) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE moment TIMESTAMPTZ;
BEGIN
    LOCK TABLE {CHANGES_LOCK} IN EXCLUSIVE MODE;
    moment := clock_timestamp();
    INSERT INTO partnerships_change
        (kind, public_id, identifier, event, note, version, recorded_at, effective_at, transaction_id)
    VALUES ($1, $2, $3, $4, $5, $6, moment, GREATEST(moment, $7), txid_current())
    ON CONFLICT DO NOTHING;
END $$;
"""
"""Puts one line into the feed of changes; twice in one transaction counts once."""

SETTLED_AT = f"""
-- Gives a moment before which every line of the feed is dated that is or will be committed by a transaction that
-- has dated one by now. Runs with the rights of the owner, for the public may lock nothing, and gives the lock
-- back before it answers, also when it is stopped: what is locked within a block goes with the block's error.
CREATE OR REPLACE FUNCTION partnerships_changes_settled_at() RETURNS TIMESTAMPTZ
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE moment TIMESTAMPTZ;
BEGIN
    LOCK TABLE {CHANGES_LOCK} IN SHARE MODE;
    moment := clock_timestamp();
    RAISE EXCEPTION USING ERRCODE = 'MJ001';
EXCEPTION WHEN SQLSTATE 'MJ001' THEN
    RETURN moment;
END $$;
"""

BOOKKEEPING = (
    "state",
    "reviewer_id",
    "published_at",
    "embargo_until",
    "withdrawn_at",
    "withdrawal_note",
    "version",
    "version_note",
    "texts_changed_at",
    "created_at",
)
"""Columns of a publication that say how it stands, not what it says: a change here is no new version."""


def literal(message: str) -> str:
    """A message as SQL writes it. Each stands beside its trigger, marked for the translators by gettext_noop."""
    return "'" + message.replace("'", "''") + "'"


class AppendOnly(pgtrigger.Trigger):
    """Refuses UPDATE and DELETE: what was known on a day stays what was known."""

    name = "append_only"
    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: type[Model]) -> str:
        return f"""
            RAISE EXCEPTION 'Rows of {model._meta.db_table} are never changed or deleted: append one that corrects.'
                USING ERRCODE = 'restrict_violation', TABLE = '{model._meta.db_table}';
        """


class NeverEmptied(pgtrigger.Trigger):
    """Refuses TRUNCATE, which no trigger of a row sees, of the table itself and of one that it refers to."""

    name = "never_emptied"
    level = pgtrigger.Statement
    when = pgtrigger.Before
    operation = pgtrigger.Truncate

    def get_func(self, model: type[Model]) -> str:
        return f"""
            RAISE EXCEPTION 'Rows of {model._meta.db_table} are never changed or deleted: append one that corrects.'
                USING ERRCODE = 'restrict_violation', TABLE = '{model._meta.db_table}';
        """


class CorrectsWithin(pgtrigger.Trigger):
    """A record corrects only a record about the same thing (same value of `column`)."""

    name = "corrects_within"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    condition = pgtrigger.Q(new__corrects__isnull=False)
    refusal = gettext_noop("A correction names an earlier record about the same thing.")

    def __init__(self, *columns: str) -> None:
        self.columns = columns
        super().__init__()

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        differs = " OR ".join(f"earlier.{column} IS DISTINCT FROM NEW.{column}" for column in self.columns)
        return f"""
            IF EXISTS (SELECT 1 FROM {table} AS earlier WHERE earlier.id = NEW.corrects_id AND ({differs})) THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'corrects_id';
            END IF;
            RETURN NEW;
        """


class RestsOnItsGrounds(pgtrigger.Trigger):
    """A review decides on a status only where the claim has, at that moment, what the status needs.

    Generated from `verification.NEEDS`. Whoever reviews holds the claim's row until the end of the
    transaction, so that a review is judged by what the desk's other changes to the claim have left.
    """

    name = "rests_on_its_grounds"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    condition = pgtrigger.Q(new__status__in=[status.value for status in verification.NEEDS])

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("grounds", "RECORD")]

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        refusals = "".join(
            f"""
            IF NEW.status = '{status.value}' AND grounds.{need.value} < {number} THEN
                RAISE EXCEPTION {literal(verification.SAID_BY_THE_DATABASE[need])}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'status',
                          CONSTRAINT = '{table}_rests_on_its_grounds';
            END IF;"""
            for status, (need, number) in verification.NEEDS.items()
        )
        return f"""
            PERFORM 1 FROM partnerships_claim AS claim WHERE claim.id = NEW.claim_id FOR NO KEY UPDATE;
            SELECT * INTO grounds FROM partnerships_grounds(NEW.claim_id, NEW.as_of);{refusals}
            RETURN NEW;
        """


class CitesWhatStands(pgtrigger.Trigger):
    """What is cited is not withdrawn when it is cited; a source that is withdrawn later stays in the record.

    Whoever cites holds the source's row against a change until the end of the transaction: who withdraws
    it at the same time comes before or after.
    """

    name = "cites_what_stands"
    when = pgtrigger.Before
    condition = pgtrigger.Q(new__source__isnull=False)
    refusal = gettext_noop("This source was withdrawn: cite another one, or have it published again first.")

    def __init__(self, *, operation: Any = pgtrigger.Insert) -> None:
        super().__init__(operation=operation)

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("standing", "TEXT")]

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        return f"""
            IF TG_OP = 'UPDATE' AND NEW.source_id IS NOT DISTINCT FROM OLD.source_id THEN
                RETURN NEW;
            END IF;
            SELECT source.state INTO standing FROM partnerships_source AS source
                WHERE source.id = NEW.source_id FOR SHARE;
            IF standing = 'withdrawn' THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'source_id',
                          CONSTRAINT = '{table}_cites_what_stands';
            END IF;
            RETURN NEW;
        """


class KeepClaimStanding(pgtrigger.Trigger):
    """Brings the `ClaimStanding` of a claim up to date; `of` is the SQL expression of its key."""

    name = "keep_claim_standing"
    when = pgtrigger.After

    def __init__(self, of: str = "NEW.claim_id", *, operation: Any = pgtrigger.Insert) -> None:
        self.of = of
        super().__init__(operation=operation)

    def get_func(self, model: type[Model]) -> str:
        return f"PERFORM partnerships_keep_claim_standing({self.of}); RETURN NULL;"


class RestsOnAnEstablishedClaim(pgtrigger.Trigger):
    """An instrument that was entered on the strength of a claim has one that was established.

    Judged at the end of the transaction: by then some review that nobody corrected says corroborated or
    better. What becomes of the claim later takes nothing back.
    """

    name = "rests_on_an_established_claim"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("promoted_from_id")
    condition = pgtrigger.Q(new__promoted_from__isnull=False)
    timing = pgtrigger.Deferred
    refusal = gettext_noop("Only a claim that is corroborated or officially confirmed becomes an instrument.")

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        established = ", ".join(f"'{status.value}'" for status in verification.ESTABLISHED)
        return f"""
            IF NOT EXISTS (
                SELECT 1 FROM partnerships_review AS review
                WHERE review.claim_id = NEW.promoted_from_id AND review.status IN ({established}) AND NOT EXISTS (
                    SELECT 1 FROM partnerships_review AS correction WHERE correction.corrects_id = review.id
                )
            ) THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'promoted_from_id',
                          CONSTRAINT = '{table}_rests_on_an_established_claim';
            END IF;
            RETURN NULL;
        """


class NoCycle(pgtrigger.Trigger):
    """Following `source` → `target` from any row never leads back to it.

    For a tree the edge is (id, parent_id) of the table itself; for a table of links it is its two
    foreign keys. Concurrent writers are serialised per table, or two of them could close a cycle
    that neither sees.
    """

    name = "no_cycle"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    refusal = gettext_noop("This would lead in a circle back to where it starts.")

    def __init__(
        self,
        *,
        source: str = "id",
        target: str,
        only: str = "TRUE",
        name: str = "no_cycle",
    ) -> None:
        self.source, self.target, self.only = source, target, only
        super().__init__(name=name)

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("closes", "BOOLEAN")]

    def get_func(self, model: type[Model]) -> str:
        table, source, target = model._meta.db_table, self.source, self.target
        only_new = self.only.replace("edge.", "NEW.")
        return f"""
            IF NEW.{target} IS NULL OR NOT ({only_new}) THEN
                RETURN NEW;
            END IF;
            PERFORM pg_advisory_xact_lock(hashtext('majlis.no_cycle.{table}'));
            WITH RECURSIVE reached(node) AS (
                SELECT NEW.{target}
                UNION
                SELECT edge.{target} FROM {table} AS edge JOIN reached ON edge.{source} = reached.node
                WHERE edge.{target} IS NOT NULL AND edge.id IS DISTINCT FROM NEW.id AND ({self.only})
            )
            SELECT EXISTS (SELECT 1 FROM reached WHERE node = NEW.{source}) INTO closes;
            IF closes THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = '{target}',
                          CONSTRAINT = '{table}_{self.name}';
            END IF;
            RETURN NEW;
        """


class NamedOnce(pgtrigger.Trigger):
    """No two rows share a name, in whatever language, but for what `majlis_folded` takes for a difference.

    `within` are columns that may set two of one name apart. What was there before is let be until its names change.
    Concurrent writers are serialised per table, or each of two of them could bring in what the other does.
    """

    name = "named_once"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    refusal = gettext_noop("This is the name of another already: use that one, or write what sets the two apart.")

    def __init__(self, *, within: tuple[str, ...] = ()) -> None:
        self.within = within
        super().__init__()

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("names", "TEXT[]")]

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        columns = [f"name_{code}" for code in ("en", "tr", "ar")]

        def row(of: str) -> str:
            return ", ".join(f"{of}.{column}" for column in (*columns, *self.within))

        own = ", ".join(f"majlis_folded(NULLIF(NEW.{column}, ''))" for column in columns)
        same = " OR ".join(f"majlis_folded(other.{column}) = ANY (names)" for column in columns)
        apart = "".join(f" AND other.{column} IS NOT DISTINCT FROM NEW.{column}" for column in self.within)
        return f"""
            IF TG_OP = 'UPDATE' AND ({row("NEW")}) IS NOT DISTINCT FROM ({row("OLD")}) THEN
                RETURN NEW;
            END IF;
            PERFORM pg_advisory_xact_lock(hashtext('majlis.named_once.{table}'));
            names := ARRAY[{own}];
            IF EXISTS (
                SELECT 1 FROM {table} AS other
                WHERE ({same}) AND other.id IS DISTINCT FROM NEW.id{apart}
            ) THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'name_' || NEW.original_language,
                          CONSTRAINT = '{table}_named_once';
            END IF;
            RETURN NEW;
        """


class KeepPublicationRules(pgtrigger.Trigger):
    """The life of a publication as the database sees it.

    What was once public never becomes a draft again and is never deleted; a change of what it says
    after publication is a new version; `texts_changed_at` records per language when its words last
    changed, so that a translation older than its original can say so.
    """

    name = "publication_rules"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    never_deleted = gettext_noop("What was published is withdrawn, never deleted.")
    no_draft_again = gettext_noop("What was published is withdrawn, it does not become a draft again.")
    no_embargo_afterwards = gettext_noop("It is public already: withdraw it instead of setting an embargo.")
    permanent_id = gettext_noop("A public id is permanent.")

    def __init__(self, *, also: tuple[str, ...] = ()) -> None:
        """`also` are further columns of the model that say how it stands."""
        self.also = also
        super().__init__()

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("lang", "TEXT"), ("texts_new", "JSONB"), ("texts_old", "JSONB")]

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        bookkeeping = ", ".join(f"'{column}'" for column in (*BOOKKEEPING, *self.also))
        return f"""
            IF TG_OP = 'DELETE' THEN
                IF OLD.published_at IS NOT NULL THEN
                    RAISE EXCEPTION {literal(self.never_deleted)}
                        USING ERRCODE = 'restrict_violation', TABLE = '{table}';
                END IF;
                RETURN OLD;
            END IF;
            IF TG_OP = 'UPDATE' THEN
                IF OLD.state IN ('published', 'withdrawn') AND NEW.state IN ('draft', 'in_review') THEN
                    RAISE EXCEPTION {literal(self.no_draft_again)}
                        USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'state',
                              CONSTRAINT = '{table}_publication_rules';
                END IF;
                IF OLD.state = 'published' AND (OLD.embargo_until IS NULL OR OLD.embargo_until <= now())
                   AND NEW.state = 'published' AND NEW.embargo_until > now()
                THEN
                    RAISE EXCEPTION {literal(self.no_embargo_afterwards)}
                        USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'embargo_until',
                              CONSTRAINT = '{table}_publication_rules';
                END IF;
                IF NEW.public_id IS DISTINCT FROM OLD.public_id THEN
                    RAISE EXCEPTION {literal(self.permanent_id)}
                        USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'public_id',
                              CONSTRAINT = '{table}_publication_rules';
                END IF;
                IF OLD.state = 'published' AND NEW.state = 'published' AND NEW.version = OLD.version
                   AND (to_jsonb(NEW) - ARRAY[{bookkeeping}]) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY[{bookkeeping}])
                THEN
                    NEW.version := OLD.version + 1;
                END IF;
            END IF;
            FOREACH lang IN ARRAY ARRAY['en', 'tr', 'ar'] LOOP
                SELECT jsonb_object_agg(key, value) INTO texts_new FROM jsonb_each(to_jsonb(NEW))
                    WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '""');
                IF TG_OP = 'UPDATE' THEN
                    SELECT jsonb_object_agg(key, value) INTO texts_old FROM jsonb_each(to_jsonb(OLD))
                        WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '""');
                END IF;
                IF texts_new IS DISTINCT FROM texts_old THEN
                    NEW.texts_changed_at := NEW.texts_changed_at || jsonb_build_object(lang, now());
                END IF;
                texts_old := NULL;
            END LOOP;
            RETURN NEW;
        """


def _identifier_column(model: type[Model]) -> str:
    """The column that stands in a publication's address; also of the bare models in migrations."""
    names = {field.name for field in model._meta.fields}
    return next(name for name in ("reference", "slug", "public_id") if name in names)


def announcement(kind: str, row: str, public_id: str, identifier: str, event: str, at: str, note: str) -> str:
    """SQL that puts one line into the table of changes; twice in one transaction counts once."""
    return f"""
        PERFORM partnerships_announce('{kind}', {public_id}, {identifier}, {event}, {note}, {row}.version, {at});
    """


class AnnouncePublication(pgtrigger.Trigger):
    """Writes a line into the table of changes when a publication becomes public, changes or is withdrawn."""

    name = "announce"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("happened", "TEXT"), ("said", "TEXT")]

    def get_func(self, model: type[Model]) -> str:
        identifier = f"NEW.{_identifier_column(model)}"
        kind = model._meta.model_name
        announce = announcement(
            str(kind),
            "NEW",
            "NEW.public_id",
            identifier,
            "happened",
            "CASE WHEN happened <> 'withdrawn' THEN NEW.embargo_until END",
            "said",
        )
        return f"""
            happened := CASE
                WHEN NEW.state = 'published' AND (TG_OP = 'INSERT' OR OLD.state <> 'published') THEN 'published'
                WHEN NEW.state = 'published' AND NEW.embargo_until IS DISTINCT FROM OLD.embargo_until
                    AND GREATEST(OLD.embargo_until, NEW.embargo_until) > clock_timestamp() THEN 'published'
                WHEN NEW.state = 'published' AND NEW.version <> OLD.version THEN 'changed'
                WHEN TG_OP = 'UPDATE' AND OLD.state = 'published' AND NEW.state = 'withdrawn' THEN 'withdrawn'
            END;
            IF happened IS NULL THEN
                RETURN NULL;
            END IF;
            said := CASE happened WHEN 'withdrawn' THEN NEW.withdrawal_note ELSE NEW.version_note END;
            IF happened IN ('published', 'withdrawn') THEN
                -- What was announced for the end of an embargo that is now moved or moot never happened.
                DELETE FROM partnerships_change
                    WHERE kind = '{kind}' AND public_id = NEW.public_id AND effective_at > clock_timestamp();
                IF happened = 'withdrawn' AND NOT EXISTS (
                    SELECT 1 FROM partnerships_change WHERE kind = '{kind}' AND public_id = NEW.public_id
                ) THEN
                    RETURN NULL;
                END IF;
            END IF;
            {announce}
            RETURN NULL;
        """


class AnnouncePart(pgtrigger.Trigger):
    """Writes a line for the whole when one of its parts is added, changed or removed.

    `whole` is the label of the publication model, `path` a SQL expression over `part` (the row) that
    gives the primary key of the whole. A part that moves changes both.
    """

    name = "announce_part"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(self, whole: str, path: str, *, name: str = "announce_part") -> None:
        self.whole, self.path = whole, path
        super().__init__(name=name)

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return list(PART_VARIABLES)

    def get_func(self, model: type[Model]) -> str:
        from django.apps import apps

        publication = apps.get_model(self.whole)
        return announce_part(
            str(publication._meta.model_name),
            publication._meta.db_table,
            _identifier_column(publication),
            self.path,
        )


PART_VARIABLES = (("part", "RECORD"), ("whole", "RECORD"), ("side", "TEXT"))


def announce_part(kind: str, whole: str, identifier: str, path: str) -> str:
    """The body of a trigger function on a table of parts of `whole`; it declares `PART_VARIABLES`."""
    announce = announcement(
        kind, "whole", "whole.public_id", f"whole.{identifier}", "'changed'", "whole.embargo_until", "''"
    )
    return f"""
        FOREACH side IN ARRAY ARRAY['old', 'new'] LOOP
            CONTINUE WHEN (side = 'old' AND TG_OP = 'INSERT') OR (side = 'new' AND TG_OP = 'DELETE');
            IF side = 'old' THEN part := OLD; ELSE part := NEW; END IF;
            SELECT * INTO whole FROM {whole} AS publication
                WHERE publication.id = {path} AND publication.state = 'published';
            IF FOUND THEN
                {announce}
            END IF;
        END LOOP;
        RETURN NULL;
    """


def announce_links(table: str, *, kind: str, whole: str, identifier: str, path: str) -> RunSQL:
    """Announces the whole when a row of a many-to-many table, which no model declares, comes or goes."""
    name = f"announce_{table}"
    declare = " ".join(f"{variable} {type_};" for variable, type_ in PART_VARIABLES)
    return RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        DECLARE {declare}
        BEGIN {announce_part(kind, whole, identifier, path)} END $$;
        CREATE OR REPLACE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        """,
        reverse_sql=f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();",
    )
