-- A link of a many-to-many table, which no model declares, comes or goes: its whole has changed. One whose public_from moves
-- (publishing/reader/public_from.py) has not, and is not announced.

CREATE FUNCTION announce_recommendations_recommendation_topics() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part RECORD; whole RECORD; side TEXT;
BEGIN
    FOREACH side IN ARRAY ARRAY['old', 'new'] LOOP
        CONTINUE WHEN (side = 'old' AND TG_OP = 'INSERT') OR (side = 'new' AND TG_OP = 'DELETE');
        IF side = 'old' THEN part := OLD; ELSE part := NEW; END IF;
        SELECT * INTO whole FROM recommendations_recommendation AS publication
            WHERE publication.id = part.recommendation_id AND publication.state = 'published';
        IF FOUND THEN
            PERFORM publishing_announce('recommendation', whole.public_id, whole.reference, 'changed', '', whole.version, whole.embargo_until);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
ALTER TABLE recommendations_recommendation_topics ADD COLUMN public_from timestamptz;
CREATE TRIGGER announce_recommendations_recommendation_topics AFTER INSERT OR DELETE OR UPDATE OF recommendation_id, topic_id ON recommendations_recommendation_topics
    FOR EACH ROW EXECUTE FUNCTION announce_recommendations_recommendation_topics();

CREATE FUNCTION announce_recommendations_recommendation_partnerships() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part RECORD; whole RECORD; side TEXT;
BEGIN
    FOREACH side IN ARRAY ARRAY['old', 'new'] LOOP
        CONTINUE WHEN (side = 'old' AND TG_OP = 'INSERT') OR (side = 'new' AND TG_OP = 'DELETE');
        IF side = 'old' THEN part := OLD; ELSE part := NEW; END IF;
        SELECT * INTO whole FROM recommendations_recommendation AS publication
            WHERE publication.id = part.recommendation_id AND publication.state = 'published';
        IF FOUND THEN
            PERFORM publishing_announce('recommendation', whole.public_id, whole.reference, 'changed', '', whole.version, whole.embargo_until);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
ALTER TABLE recommendations_recommendation_partnerships ADD COLUMN public_from timestamptz;
CREATE TRIGGER announce_recommendations_recommendation_partnerships AFTER INSERT OR DELETE OR UPDATE OF recommendation_id, partnership_id ON recommendations_recommendation_partnerships
    FOR EACH ROW EXECUTE FUNCTION announce_recommendations_recommendation_partnerships();

-- What rests on a source changes when that is published or withdrawn.
CREATE FUNCTION announce_evidence() RETURNS trigger
LANGUAGE plpgsql AS $$
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
        PERFORM publishing_announce('recommendation', whole.public_id, whole.reference, 'changed', '', whole.version, GREATEST(whole.embargo_until, CASE WHEN NEW.state = 'published' THEN NEW.embargo_until END));
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER announce_evidence AFTER UPDATE ON partnerships_source
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state AND 'published' IN (OLD.state, NEW.state))
    EXECUTE FUNCTION announce_evidence();
