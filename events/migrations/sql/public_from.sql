-- Since when the public reads a row stands in the row; publishing/reader/public_from.py lays the triggers that keep it.

-- Tables of links, which no model declares. A link whose public_from moves has not changed, and is not announced.
ALTER TABLE events_series_convenors ADD COLUMN public_from timestamptz;
CREATE OR REPLACE TRIGGER announce_events_series_convenors AFTER INSERT OR DELETE OR UPDATE OF series_id, actor_id ON events_series_convenors
    FOR EACH ROW EXECUTE FUNCTION announce_events_series_convenors();
ALTER TABLE events_event_topics ADD COLUMN public_from timestamptz;
CREATE OR REPLACE TRIGGER announce_events_event_topics AFTER INSERT OR DELETE OR UPDATE OF event_id, topic_id ON events_event_topics
    FOR EACH ROW EXECUTE FUNCTION announce_events_event_topics();
ALTER TABLE events_event_partnerships ADD COLUMN public_from timestamptz;
CREATE OR REPLACE TRIGGER announce_events_event_partnerships AFTER INSERT OR DELETE OR UPDATE OF event_id, partnership_id ON events_event_partnerships
    FOR EACH ROW EXECUTE FUNCTION announce_events_event_partnerships();
ALTER TABLE events_point_topics ADD COLUMN public_from timestamptz;
CREATE OR REPLACE TRIGGER announce_events_point_topics AFTER INSERT OR DELETE OR UPDATE OF point_id, topic_id ON events_point_topics
    FOR EACH ROW EXECUTE FUNCTION announce_events_point_topics();

-- See functions.sql. Published by the moment of asking, as the querysets reckon, and not by that at which a
-- transaction began.
CREATE OR REPLACE FUNCTION events_support_is_shown(point bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
SELECT COALESCE((
    SELECT NOT events_group_is_too_small(report.event_id, point.session_id)
    FROM events_point AS point JOIN events_report AS report ON report.id = point.report_id
    WHERE point.id = $1 AND point.public_from <= clock_timestamp()
), FALSE)
$_$;
