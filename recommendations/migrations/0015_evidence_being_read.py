"""Evidence whose source a second person still reads: that there is some is public, what it is is not."""

from django.db import migrations

from partnerships.row_policies import PUBLISHED, answering
from partnerships.triggers import announcement

ANNOUNCE = announcement(
    "recommendation",
    "whole",
    "whole.public_id",
    "whole.reference",
    "'changed'",
    "GREATEST(whole.embargo_until, CASE WHEN NEW.state = 'published' THEN NEW.embargo_until END)",
    "''",
)

ANNOUNCING = f"""
    CREATE OR REPLACE FUNCTION announce_evidence() RETURNS TRIGGER LANGUAGE plpgsql AS $$
    DECLARE whole RECORD;
    BEGIN
        FOR whole IN SELECT * FROM recommendations_recommendation AS recommendation
            WHERE recommendation.state = 'published' AND recommendation.id IN (
                SELECT addressee.recommendation_id FROM recommendations_evidence AS evidence
                JOIN recommendations_statusentry AS said ON said.id = evidence.entry_id
                JOIN recommendations_addressee AS addressee ON addressee.id = said.addressee_id
                WHERE evidence.source_id = NEW.id
            ) ORDER BY recommendation.id
        LOOP
            {ANNOUNCE}
        END LOOP;
        RETURN NULL;
    END $$;
"""

BEING_READ = migrations.RunSQL(
    f"""
    -- Runs with the rights of the owner, for the reader may see neither the evidence nor its source; answers no
    -- for an entry of what is not public, or the reader could ask what the desk does about it.
    CREATE FUNCTION recommendations_has_source_being_read(entry BIGINT) RETURNS BOOLEAN
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT EXISTS (
            SELECT 1 FROM recommendations_evidence AS evidence
            JOIN partnerships_source AS source ON source.id = evidence.source_id
            WHERE evidence.entry_id = $1 AND source.state IN ('draft', 'in_review')
        ) AND EXISTS (
            SELECT 1 FROM recommendations_statusentry AS said
            JOIN recommendations_addressee AS addressee ON addressee.id = said.addressee_id
            JOIN recommendations_recommendation AS recommendation ON recommendation.id = addressee.recommendation_id
            WHERE said.id = $1
            AND EXISTS (SELECT 1 FROM recommendations_recommendation
                WHERE id = recommendation.id AND {PUBLISHED})
            AND EXISTS (SELECT 1 FROM events_event WHERE id = recommendation.event_id AND {PUBLISHED})
            AND EXISTS (SELECT 1 FROM partnerships_actor WHERE id = addressee.actor_id AND {PUBLISHED})
        )
    $$;

    {ANNOUNCING}
    CREATE TRIGGER announce_evidence AFTER UPDATE ON partnerships_source
        FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state AND 'published' IN (OLD.state, NEW.state))
        EXECUTE FUNCTION announce_evidence();
    """,
    reverse_sql="""
    DROP TRIGGER announce_evidence ON partnerships_source;
    DROP FUNCTION announce_evidence(), recommendations_has_source_being_read(BIGINT);
    """,
)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0014_queue")]
    operations = [BEING_READ, answering("recommendations_has_source_being_read(bigint)")]
