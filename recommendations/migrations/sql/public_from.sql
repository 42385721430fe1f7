-- Since when the public reads a row stands in the row; publishing/reader/public_from.py lays the triggers that keep it.

-- Tables of links, which no model declares. A link whose public_from moves has not changed, and is not announced.
ALTER TABLE recommendations_recommendation_topics ADD COLUMN public_from timestamptz;
CREATE OR REPLACE TRIGGER announce_recommendations_recommendation_topics AFTER INSERT OR DELETE OR UPDATE OF recommendation_id, topic_id ON recommendations_recommendation_topics
    FOR EACH ROW EXECUTE FUNCTION announce_recommendations_recommendation_topics();
ALTER TABLE recommendations_recommendation_partnerships ADD COLUMN public_from timestamptz;
CREATE OR REPLACE TRIGGER announce_recommendations_recommendation_partnerships AFTER INSERT OR DELETE OR UPDATE OF recommendation_id, partnership_id ON recommendations_recommendation_partnerships
    FOR EACH ROW EXECUTE FUNCTION announce_recommendations_recommendation_partnerships();

-- See functions.sql.
CREATE OR REPLACE FUNCTION recommendations_has_source_being_read(entry bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
SELECT EXISTS (
    SELECT 1 FROM recommendations_evidence AS evidence
    JOIN partnerships_source AS source ON source.id = evidence.source_id
    WHERE evidence.entry_id = $1 AND source.state IN ('draft', 'in_review')
) AND EXISTS (SELECT 1 FROM recommendations_statusentry AS said WHERE said.id = $1 AND said.public_from <= now())
$_$;
