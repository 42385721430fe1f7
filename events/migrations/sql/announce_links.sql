-- A link of a many-to-many table, which no model declares, comes or goes: its whole has changed. One whose public_from moves
-- (publishing/reader/public_from.py) has not, and is not announced.

CREATE FUNCTION announce_events_series_convenors() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part RECORD; whole RECORD; side TEXT;
BEGIN
    FOREACH side IN ARRAY ARRAY['old', 'new'] LOOP
        CONTINUE WHEN (side = 'old' AND TG_OP = 'INSERT') OR (side = 'new' AND TG_OP = 'DELETE');
        IF side = 'old' THEN part := OLD; ELSE part := NEW; END IF;
        SELECT * INTO whole FROM events_series AS publication
            WHERE publication.id = part.series_id AND publication.state = 'published';
        IF FOUND THEN
            PERFORM publishing_announce('series', whole.public_id, whole.slug, 'changed', '', whole.version, whole.embargo_until);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
ALTER TABLE events_series_convenors ADD COLUMN public_from timestamptz;
CREATE TRIGGER announce_events_series_convenors AFTER INSERT OR DELETE OR UPDATE OF series_id, actor_id ON events_series_convenors
    FOR EACH ROW EXECUTE FUNCTION announce_events_series_convenors();

CREATE FUNCTION announce_events_event_topics() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part RECORD; whole RECORD; side TEXT;
BEGIN
    FOREACH side IN ARRAY ARRAY['old', 'new'] LOOP
        CONTINUE WHEN (side = 'old' AND TG_OP = 'INSERT') OR (side = 'new' AND TG_OP = 'DELETE');
        IF side = 'old' THEN part := OLD; ELSE part := NEW; END IF;
        SELECT * INTO whole FROM events_event AS publication
            WHERE publication.id = part.event_id AND publication.state = 'published';
        IF FOUND THEN
            PERFORM publishing_announce('event', whole.public_id, whole.slug, 'changed', '', whole.version, whole.embargo_until);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
ALTER TABLE events_event_topics ADD COLUMN public_from timestamptz;
CREATE TRIGGER announce_events_event_topics AFTER INSERT OR DELETE OR UPDATE OF event_id, topic_id ON events_event_topics
    FOR EACH ROW EXECUTE FUNCTION announce_events_event_topics();

CREATE FUNCTION announce_events_event_partnerships() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part RECORD; whole RECORD; side TEXT;
BEGIN
    FOREACH side IN ARRAY ARRAY['old', 'new'] LOOP
        CONTINUE WHEN (side = 'old' AND TG_OP = 'INSERT') OR (side = 'new' AND TG_OP = 'DELETE');
        IF side = 'old' THEN part := OLD; ELSE part := NEW; END IF;
        SELECT * INTO whole FROM events_event AS publication
            WHERE publication.id = part.event_id AND publication.state = 'published';
        IF FOUND THEN
            PERFORM publishing_announce('event', whole.public_id, whole.slug, 'changed', '', whole.version, whole.embargo_until);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
ALTER TABLE events_event_partnerships ADD COLUMN public_from timestamptz;
CREATE TRIGGER announce_events_event_partnerships AFTER INSERT OR DELETE OR UPDATE OF event_id, partnership_id ON events_event_partnerships
    FOR EACH ROW EXECUTE FUNCTION announce_events_event_partnerships();

CREATE FUNCTION announce_events_point_topics() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part RECORD; whole RECORD; side TEXT;
BEGIN
    FOREACH side IN ARRAY ARRAY['old', 'new'] LOOP
        CONTINUE WHEN (side = 'old' AND TG_OP = 'INSERT') OR (side = 'new' AND TG_OP = 'DELETE');
        IF side = 'old' THEN part := OLD; ELSE part := NEW; END IF;
        SELECT * INTO whole FROM events_report AS publication
            WHERE publication.id = (SELECT report_id FROM events_point WHERE id = part.point_id) AND publication.state = 'published';
        IF FOUND THEN
            PERFORM publishing_announce('report', whole.public_id, whole.public_id, 'changed', '', whole.version, whole.embargo_until);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
ALTER TABLE events_point_topics ADD COLUMN public_from timestamptz;
CREATE TRIGGER announce_events_point_topics AFTER INSERT OR DELETE OR UPDATE OF point_id, topic_id ON events_point_topics
    FOR EACH ROW EXECUTE FUNCTION announce_events_point_topics();
