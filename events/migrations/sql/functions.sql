-- Who is disclosed, how large a group was, and what an event off the record takes away.

-- k: replaced after each migrate with the setting MAJLIS_SMALLEST_GROUP (events/minimum_group_size.py).
CREATE FUNCTION events_smallest_group() RETURNS integer
LANGUAGE sql STABLE AS $$SELECT 5$$;

-- Of the session if that is recorded, else of the event, else as many as there are participants, but for those
-- who were entered by mistake; NULL: unknown.
CREATE FUNCTION events_size_of_group(event bigint, session bigint) RETURNS integer
LANGUAGE sql STABLE AS $_$
SELECT COALESCE(
    (SELECT size.people FROM events_groupsize AS size WHERE size.event_id = $1 AND size.session_id = $2),
    (SELECT size.people FROM events_groupsize AS size WHERE size.event_id = $1 AND size.session_id IS NULL),
    (SELECT NULLIF(count(*), 0)::integer FROM events_participant AS participant
        WHERE participant.event_id = $1 AND participant.erased_because <> 'mistake')
)
$_$;

CREATE FUNCTION events_is_too_small(people integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
SELECT COALESCE(people < events_smallest_group(), FALSE)
$$;

CREATE FUNCTION events_group_is_too_small(event bigint, session bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
SELECT events_is_too_small(events_size_of_group(event, session))
$$;

-- What the public may know of the above, and all of it: whether the support of a point that it sees is shown.
-- Runs with the rights of the owner, for the reader may look at no size; answers no for whatever is not public,
-- or the reader could ask for the sizes of groups that it has never heard of. Published by the moment of asking,
-- as the querysets reckon, and not by that at which a transaction began.
CREATE FUNCTION events_support_is_shown(point bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
SELECT COALESCE((
    SELECT NOT events_group_is_too_small(report.event_id, point.session_id)
    FROM events_point AS point JOIN events_report AS report ON report.id = point.report_id
    WHERE point.id = $1 AND point.public_from <= clock_timestamp()
), FALSE)
$_$;

-- Writes anew who of an event is disclosed, as far as its rules, its sessions' rules and the consents allow.
CREATE FUNCTION events_keep_disclosed(of_event bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM events_event WHERE id = of_event FOR NO KEY UPDATE;
    DELETE FROM events_disclosedparticipant WHERE event_id = of_event;
    INSERT INTO events_disclosedparticipant (public_id, event_id, session_id, role, name, affiliation)
        SELECT public_id, event_id, session_id, role, name, affiliation FROM (
            SELECT disclosure.public_id, participant.event_id, disclosure.session_id, participant.role,
                   CASE WHEN disclosure.shows_name AND COALESCE(NULLIF(session.attribution_rule, ''), event.attribution_rule) <> 'off_record' AND (COALESCE(NULLIF(session.attribution_rule, ''), event.attribution_rule) = 'on_record' OR (COALESCE((SELECT consent.given FROM events_consent AS consent WHERE consent.participant_id = participant.id AND consent.disclosure = 'attendance' ORDER BY consent.recorded_at DESC, consent.id DESC LIMIT 1), FALSE) AND COALESCE((SELECT consent.given FROM events_consent AS consent WHERE consent.participant_id = participant.id AND consent.disclosure = 'name' ORDER BY consent.recorded_at DESC, consent.id DESC LIMIT 1), FALSE))) THEN participant.name ELSE '' END AS name, CASE WHEN disclosure.shows_affiliation AND COALESCE(NULLIF(session.attribution_rule, ''), event.attribution_rule) <> 'off_record' AND (COALESCE(NULLIF(session.attribution_rule, ''), event.attribution_rule) = 'on_record' OR (COALESCE((SELECT consent.given FROM events_consent AS consent WHERE consent.participant_id = participant.id AND consent.disclosure = 'attendance' ORDER BY consent.recorded_at DESC, consent.id DESC LIMIT 1), FALSE) AND COALESCE((SELECT consent.given FROM events_consent AS consent WHERE consent.participant_id = participant.id AND consent.disclosure = 'affiliation' ORDER BY consent.recorded_at DESC, consent.id DESC LIMIT 1), FALSE))) THEN participant.affiliation ELSE '' END AS affiliation
            FROM events_disclosure AS disclosure
            JOIN events_participant AS participant ON participant.id = disclosure.participant_id
            JOIN events_event AS event ON event.id = participant.event_id
            LEFT JOIN events_session AS session ON session.id = disclosure.session_id
            WHERE participant.event_id IN (SELECT id FROM events_event WHERE id = of_event AND state = 'published')
        ) AS shown
        WHERE name <> '' OR affiliation <> ''
    ;
END $$;

-- The reports of an event that have points (or, with a session, points of that session) count as changed.
CREATE FUNCTION events_announce_reports(of_event bigint, of_session bigint DEFAULT NULL::bigint) RETURNS void
LANGUAGE plpgsql AS $_$
DECLARE whole RECORD;
BEGIN
    FOR whole IN SELECT * FROM events_report AS report
        WHERE report.event_id = $1 AND report.state = 'published' AND EXISTS (
            SELECT 1 FROM events_point AS point
            WHERE point.report_id = report.id AND ($2 IS NULL OR point.session_id = $2)
        ) ORDER BY report.id
    LOOP
        PERFORM publishing_announce('report', whole.public_id, whole.public_id, 'changed', '', whole.version, whole.embargo_until);
    END LOOP;
END $_$;

-- Off the record, the reports that readers knew of count as withdrawn; no longer so, all count as published.
CREATE FUNCTION events_announce_off_record(of_event bigint, is_off_record boolean) RETURNS void
LANGUAGE plpgsql AS $_$
DECLARE whole RECORD;
BEGIN
    FOR whole IN SELECT * FROM events_report AS report
        WHERE report.event_id = $1 AND report.state = 'published' ORDER BY report.id
    LOOP
        IF NOT is_off_record THEN
        PERFORM publishing_announce('report', whole.public_id, whole.public_id, 'published', '', whole.version, whole.embargo_until);
            CONTINUE;
        END IF;
        DELETE FROM publishing_change
            WHERE kind = 'report' AND public_id = whole.public_id AND effective_at > clock_timestamp();
        IF EXISTS (SELECT 1 FROM publishing_change WHERE kind = 'report' AND public_id = whole.public_id) THEN
        PERFORM publishing_announce('report', whole.public_id, whole.public_id, 'withdrawn', 'Its event is off the record.', whole.version, NULL::timestamptz);
        END IF;
    END LOOP;
END $_$;

-- A report whose event is off the record is not there for the public, so nothing happens to it either;
-- but for its end, of which mirrors have to hear.
CREATE FUNCTION events_off_record_is_not_announced() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM events_report AS report JOIN events_event AS event ON event.id = report.event_id
        WHERE report.public_id = NEW.public_id AND event.attribution_rule = 'off_record'
    ) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER off_record_is_not_announced BEFORE INSERT ON publishing_change
    FOR EACH ROW WHEN (NEW.kind = 'report' AND NEW.event <> 'withdrawn')
    EXECUTE FUNCTION events_off_record_is_not_announced();

-- The row of a point's support goes with its point; Django knows nothing of it.
ALTER TABLE events_support ADD CONSTRAINT events_support_goes_with_its_point
    FOREIGN KEY (point_id) REFERENCES events_point (id) ON DELETE CASCADE;
