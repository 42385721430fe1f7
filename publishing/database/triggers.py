import pgtrigger
from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext_noop

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
    "public_from",
)
"""Columns that hold the state of a publication, not its content: a change of these makes no new version."""


def literal(message: str) -> str:
    """A message as a SQL literal. Each message is written beside its trigger and marked for translation by
    gettext_noop.
    """
    return "'" + message.replace("'", "''") + "'"


class AppendOnly(pgtrigger.Trigger):
    """Refuses UPDATE and DELETE: what was known on a day is never rewritten."""

    name = "append_only"
    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: type[Model]) -> str:
        return f"""
            RAISE EXCEPTION 'Rows of {model._meta.db_table} are never changed or deleted: append one that corrects.'
                USING ERRCODE = 'restrict_violation', TABLE = '{model._meta.db_table}';
        """


class NeverEmptied(pgtrigger.Trigger):
    """Refuses TRUNCATE, which row triggers do not see, of the table itself and of one that it refers to."""

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


class NoCycle(pgtrigger.Trigger):
    """Refuses links that form a cycle from `source` to `target`.

    For a tree the link is (id, parent_id) of the table itself; for a table of links it is its two foreign keys. Writers
    take a lock on the table one after another; otherwise two of them could close a cycle that neither sees.
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
    """Refuses a second row with the same name, in any language; `majlis_folded` decides which names are the same.

    Rows with different values in the columns `within` may share a name. Rows from before this trigger are not checked
    until their names change. Writers take a lock on the table one after another; otherwise two of them could insert the
    same name.
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
    """The lifecycle of a publication, enforced by the database.

    What was once public never becomes a draft again and is never deleted. A change of its content after publication is
    a new version. `texts_changed_at` records when the texts of each language last changed, so that a translation older
    than its original can be marked.
    """

    name = "publication_rules"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    never_deleted = gettext_noop("What was published is withdrawn, never deleted.")
    no_draft_again = gettext_noop("What was published is withdrawn, it does not become a draft again.")
    no_embargo_afterwards = gettext_noop("It is public already: withdraw it instead of setting an embargo.")
    permanent_id = gettext_noop("A public id is permanent.")

    def __init__(self, *, also: tuple[str, ...] = ()) -> None:
        """`also` are further columns of the model that hold state."""
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
    """The column that identifies a publication in its address; also works on the bare models in migrations."""
    names = {field.name for field in model._meta.fields}
    return next(name for name in ("reference", "slug", "public_id") if name in names)


def announcement(kind: str, row: str, identifier: str, event: str, at: str, note: str) -> str:
    """SQL that adds a line to the table of changes; a second identical one in the same transaction is ignored."""
    return f"""
        PERFORM publishing_announce('{kind}', {row}.public_id, {identifier}, {event}, {note}, {row}.version, {at});
    """


class AnnouncePublication(pgtrigger.Trigger):
    """Adds a line to the table of changes when a publication becomes public, changes or is withdrawn."""

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
                DELETE FROM publishing_change
                    WHERE kind = '{kind}' AND public_id = NEW.public_id AND effective_at > clock_timestamp();
                IF happened = 'withdrawn' AND NOT EXISTS (
                    SELECT 1 FROM publishing_change WHERE kind = '{kind}' AND public_id = NEW.public_id
                ) THEN
                    RETURN NULL;
                END IF;
            END IF;
            {announce}
            RETURN NULL;
        """


class AnnouncePart(pgtrigger.Trigger):
    """Adds a line for the whole when one of its parts is added, changed or removed.

    `whole` is the label of the publication model, `path` a SQL expression over `part` (the row) that gives the primary
    key of the whole. A part that moves changes both wholes.
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
    announce = announcement(kind, "whole", f"whole.{identifier}", "'changed'", "whole.embargo_until", "''")
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
