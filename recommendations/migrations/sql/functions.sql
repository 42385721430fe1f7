-- The current status of each addressee, kept by triggers, and the roll-up over addressees.

CREATE FUNCTION recommendations_keep_current_status(of_addressee bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM recommendations_addressee WHERE id = of_addressee FOR NO KEY UPDATE;
    WITH entries AS (
        SELECT entry.id, entry.state, entry.as_of, entry.recorded_at,
            EXISTS (SELECT 1 FROM recommendations_confirmation AS confirmation WHERE confirmation.entry_id = entry.id)
                AS is_confirmed
        FROM recommendations_statusentry AS entry
        WHERE entry.addressee_id = of_addressee
        AND NOT EXISTS (SELECT 1 FROM recommendations_statusentry AS correction WHERE correction.corrects_id = entry.id)
    ),
    entry AS (SELECT * FROM entries ORDER BY as_of DESC, recorded_at DESC, id DESC LIMIT 1),
    -- The unbroken row of entries in the state of the last one.
    run AS (
        SELECT min(same.as_of) AS since, bool_or(same.is_confirmed) AS is_confirmed
        FROM entries AS same CROSS JOIN entry
        WHERE same.state = entry.state AND NOT EXISTS (
            SELECT 1 FROM entries AS other WHERE other.state <> entry.state
            AND (other.as_of, other.recorded_at, other.id) > (same.as_of, same.recorded_at, same.id))
    ),
    responses AS (
        SELECT response.id, response.kind, response.as_of, response.recorded_at
        FROM recommendations_response AS response
        WHERE response.addressee_id = of_addressee
        AND NOT EXISTS (SELECT 1 FROM recommendations_response AS correction WHERE correction.corrects_id = response.id)
    ),
    response AS (SELECT * FROM responses ORDER BY as_of DESC, recorded_at DESC, id DESC LIMIT 1),
    asked AS (
        SELECT min(same.as_of) AS asked_on FROM responses AS same CROSS JOIN response
        WHERE same.kind = 'awaiting' AND response.kind = 'awaiting' AND NOT EXISTS (
            SELECT 1 FROM responses AS other WHERE other.kind <> 'awaiting'
            AND (other.as_of, other.recorded_at, other.id) > (same.as_of, same.recorded_at, same.id))
    )
    INSERT INTO recommendations_currentstatus (addressee_id, recommendation_id, role, entry_id, state, checked_on, since,
        is_confirmed, response_id, response_kind, responded_on, asked_on)
    SELECT addressee.id, addressee.recommendation_id, addressee.role, entry.id, COALESCE(entry.state, 'not_assessed'),
        entry.as_of, run.since, COALESCE(run.is_confirmed, FALSE), response.id, COALESCE(response.kind, 'not_sent'),
        response.as_of, asked.asked_on
    FROM recommendations_addressee AS addressee
    LEFT JOIN entry ON TRUE LEFT JOIN run ON TRUE LEFT JOIN response ON TRUE LEFT JOIN asked ON TRUE
    WHERE addressee.id = of_addressee
    ON CONFLICT (addressee_id) DO UPDATE SET
        recommendation_id = EXCLUDED.recommendation_id, role = EXCLUDED.role, entry_id = EXCLUDED.entry_id,
        state = EXCLUDED.state, checked_on = EXCLUDED.checked_on, since = EXCLUDED.since,
        is_confirmed = EXCLUDED.is_confirmed, response_id = EXCLUDED.response_id,
        response_kind = EXCLUDED.response_kind, responded_on = EXCLUDED.responded_on, asked_on = EXCLUDED.asked_on;
END $$;

CREATE FUNCTION recommendations_state_over(states text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE
    WHEN cardinality(states) = 1 THEN states[1]
    WHEN states <@ ARRAY['implemented', 'implemented_otherwise'] THEN 'implemented_otherwise'
    WHEN states <@ ARRAY['implemented', 'implemented_otherwise', 'not_implemented', 'superseded',
                         'no_longer_applicable', 'withdrawn']
        THEN CASE
            WHEN states && ARRAY['implemented', 'implemented_otherwise'] THEN 'partly_implemented'
            WHEN states <@ ARRAY['superseded', 'no_longer_applicable', 'withdrawn'] THEN 'no_longer_applicable'
            ELSE 'not_implemented'
        END
    WHEN states && ARRAY['implemented', 'implemented_otherwise', 'partly_implemented'] THEN 'partly_implemented'
    WHEN states && ARRAY['in_progress'] THEN 'in_progress'
    WHEN states && ARRAY['reversed'] THEN 'reversed'
    WHEN states && ARRAY['stalled'] THEN 'stalled'
    WHEN states && array_remove(states, 'not_assessed') THEN 'not_started'
    ELSE 'not_assessed'
END
$$;

CREATE FUNCTION recommendations_has_source_being_read(entry bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
SELECT EXISTS (
    SELECT 1 FROM recommendations_evidence AS evidence
    JOIN partnerships_source AS source ON source.id = evidence.source_id
    WHERE evidence.entry_id = $1 AND source.state IN ('draft', 'in_review')
) AND EXISTS (SELECT 1 FROM recommendations_statusentry AS said WHERE said.id = $1 AND said.public_from <= now())
$_$;
