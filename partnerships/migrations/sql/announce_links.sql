-- A link of a many-to-many table, which no model declares, comes or goes: its whole has changed. One whose public_from moves
-- (publishing/reader/public_from.py) has not, and is not announced.

CREATE FUNCTION announce_partnerships_partnership_topics() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part RECORD; whole RECORD; side TEXT;
BEGIN
    FOREACH side IN ARRAY ARRAY['old', 'new'] LOOP
        CONTINUE WHEN (side = 'old' AND TG_OP = 'INSERT') OR (side = 'new' AND TG_OP = 'DELETE');
        IF side = 'old' THEN part := OLD; ELSE part := NEW; END IF;
        SELECT * INTO whole FROM partnerships_partnership AS publication
            WHERE publication.id = part.partnership_id AND publication.state = 'published';
        IF FOUND THEN
            PERFORM publishing_announce('partnership', whole.public_id, whole.slug, 'changed', '', whole.version, whole.embargo_until);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
ALTER TABLE partnerships_partnership_topics ADD COLUMN public_from timestamptz;
CREATE TRIGGER announce_partnerships_partnership_topics AFTER INSERT OR DELETE OR UPDATE OF partnership_id, topic_id ON partnerships_partnership_topics
    FOR EACH ROW EXECUTE FUNCTION announce_partnerships_partnership_topics();

CREATE FUNCTION announce_partnerships_claim_partnerships() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part RECORD; whole RECORD; side TEXT;
BEGIN
    FOREACH side IN ARRAY ARRAY['old', 'new'] LOOP
        CONTINUE WHEN (side = 'old' AND TG_OP = 'INSERT') OR (side = 'new' AND TG_OP = 'DELETE');
        IF side = 'old' THEN part := OLD; ELSE part := NEW; END IF;
        SELECT * INTO whole FROM partnerships_claim AS publication
            WHERE publication.id = part.claim_id AND publication.state = 'published';
        IF FOUND THEN
            PERFORM publishing_announce('claim', whole.public_id, whole.public_id, 'changed', '', whole.version, whole.embargo_until);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
ALTER TABLE partnerships_claim_partnerships ADD COLUMN public_from timestamptz;
CREATE TRIGGER announce_partnerships_claim_partnerships AFTER INSERT OR DELETE OR UPDATE OF claim_id, partnership_id ON partnerships_claim_partnerships
    FOR EACH ROW EXECUTE FUNCTION announce_partnerships_claim_partnerships();

CREATE FUNCTION announce_partnerships_claim_topics() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part RECORD; whole RECORD; side TEXT;
BEGIN
    FOREACH side IN ARRAY ARRAY['old', 'new'] LOOP
        CONTINUE WHEN (side = 'old' AND TG_OP = 'INSERT') OR (side = 'new' AND TG_OP = 'DELETE');
        IF side = 'old' THEN part := OLD; ELSE part := NEW; END IF;
        SELECT * INTO whole FROM partnerships_claim AS publication
            WHERE publication.id = part.claim_id AND publication.state = 'published';
        IF FOUND THEN
            PERFORM publishing_announce('claim', whole.public_id, whole.public_id, 'changed', '', whole.version, whole.embargo_until);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
ALTER TABLE partnerships_claim_topics ADD COLUMN public_from timestamptz;
CREATE TRIGGER announce_partnerships_claim_topics AFTER INSERT OR DELETE OR UPDATE OF claim_id, topic_id ON partnerships_claim_topics
    FOR EACH ROW EXECUTE FUNCTION announce_partnerships_claim_topics();
