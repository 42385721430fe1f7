-- Where an instrument stands, by the actions known on `known_on` (all, if NULL). `partnerships/instrument_status.py`
-- says the same in Python, and where the rules come from.
CREATE FUNCTION partnerships_instrument_status(of_instrument bigint, known_on date) RETURNS text
LANGUAGE sql STABLE AS $$
WITH effective AS (
    SELECT action.party_id, action.type,
        row_number() OVER (ORDER BY action.as_of, action.recorded_at, action.id) AS place,
        CASE
            WHEN action.type IN ('entered_into_force', 'provisionally_applied') THEN 'in_force'
            WHEN action.type = 'suspended' THEN 'suspended'
            WHEN action.type IN ('denounced', 'terminated', 'expired', 'superseded') THEN 'ended'
        END AS decides
    FROM partnerships_instrumentaction AS action
    WHERE action.instrument_id = of_instrument
        AND (known_on IS NULL OR action.recorded_at < (known_on + 1)::timestamp AT TIME ZONE 'UTC')
        AND NOT EXISTS (
            SELECT 1 FROM partnerships_instrumentaction AS later
            WHERE later.corrects_id = action.id
                AND (known_on IS NULL OR later.recorded_at < (known_on + 1)::timestamp AT TIME ZONE 'UTC')
        )
), party AS (
    -- Its own actions and those of all parties decide for each party.
    SELECT (
        SELECT action.decides FROM effective AS action
        WHERE action.decides IS NOT NULL AND (action.party_id = named.party_id OR action.party_id IS NULL)
        ORDER BY action.place DESC LIMIT 1
    ) AS status
    FROM (SELECT DISTINCT party_id FROM effective WHERE party_id IS NOT NULL) AS named
), counted AS (
    SELECT count(*) AS parties, count(*) FILTER (WHERE status = 'in_force') AS in_force,
        count(*) FILTER (WHERE status = 'suspended') AS suspended, count(*) FILTER (WHERE status = 'ended') AS ended
    FROM party
)
SELECT COALESCE(
    CASE
        WHEN parties = 0 THEN (SELECT decides FROM effective WHERE decides IS NOT NULL ORDER BY place DESC LIMIT 1)
        WHEN in_force >= 2 OR (in_force = 1 AND suspended = 0 AND ended = 0) THEN 'in_force'
        WHEN suspended >= 2 OR (suspended = 1 AND (in_force = 1 OR ended = 0)) THEN 'suspended'
        WHEN in_force >= 1 OR suspended >= 1 OR ended >= 1 THEN 'ended'
    END,
    CASE
        WHEN EXISTS (SELECT 1 FROM effective WHERE type IN ('signed', 'ratified', 'acceded')) THEN 'signed'
        WHEN EXISTS (SELECT 1 FROM effective WHERE type IN ('negotiation_opened', 'initialled'))
            THEN 'under_negotiation'
        ELSE 'unknown'
    END
) FROM counted
$$;
