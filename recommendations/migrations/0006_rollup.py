from django.db import migrations

ROLLUP = """
CREATE TYPE recommendations_rolled_up AS (
    state TEXT, response TEXT, checked_date DATE, is_overdue BOOLEAN, is_stale BOOLEAN
);

-- What a recommendation has come to, over the addressees that count (those that lead, or all of them
-- where none leads), from what was recorded before known_before. See recommendations/querysets/rollup.py and
-- docs/adr/0009 for the rule. Runs with the rights of whoever asks, so the public counts what it sees.
CREATE FUNCTION recommendations_rollup(
    recommendation BIGINT, target_date DATE, published_at TIMESTAMPTZ,
    known_before TIMESTAMPTZ, judged_on DATE, no_response_before DATE, stale_before DATE
) RETURNS recommendations_rolled_up LANGUAGE sql STABLE AS $$
    WITH addressee AS (
        SELECT
            addressee.role,
            COALESCE(entry.state, 'not_assessed')::TEXT AS state,
            entry.as_of AS checked_date,
            CASE
                WHEN response.kind = 'awaiting' AND response.as_of < no_response_before THEN 'no_response'
                ELSE COALESCE(response.kind, 'not_sent')::TEXT
            END AS response
        FROM recommendations_addressee AS addressee
        LEFT JOIN LATERAL (
            SELECT entry.state, entry.as_of FROM recommendations_statusentry AS entry
            WHERE entry.addressee_id = addressee.id AND entry.recorded_at < known_before AND NOT EXISTS (
                SELECT 1 FROM recommendations_statusentry AS correction
                WHERE correction.corrects_id = entry.id AND correction.recorded_at < known_before
            )
            ORDER BY entry.as_of DESC, entry.recorded_at DESC, entry.id DESC LIMIT 1
        ) AS entry ON TRUE
        LEFT JOIN LATERAL (
            SELECT response.kind, response.as_of FROM recommendations_response AS response
            WHERE response.addressee_id = addressee.id AND response.recorded_at < known_before AND NOT EXISTS (
                SELECT 1 FROM recommendations_response AS correction
                WHERE correction.corrects_id = response.id AND correction.recorded_at < known_before
            )
            ORDER BY response.as_of DESC, response.recorded_at DESC, response.id DESC LIMIT 1
        ) AS response ON TRUE
        WHERE addressee.recommendation_id = recommendation
    ),
    counted AS (
        SELECT * FROM addressee
        WHERE role = 'lead' OR NOT EXISTS (SELECT 1 FROM addressee AS leader WHERE leader.role = 'lead')
    ),
    gathered AS (
        SELECT
            COALESCE(array_agg(DISTINCT state), ARRAY['not_assessed']) AS states,
            COALESCE(array_agg(DISTINCT response), ARRAY['not_sent']) AS responses,
            max(checked_date) AS checked_date,
            ARRAY['implemented', 'implemented_otherwise'] AS well,
            ARRAY['superseded', 'no_longer_applicable', 'withdrawn'] AS settled_otherwise,
            ARRAY['implemented', 'implemented_otherwise', 'not_implemented', 'superseded', 'no_longer_applicable',
                  'withdrawn'] AS ends
        FROM counted
    ),
    rolled AS (
        SELECT
            CASE
                WHEN cardinality(states) = 1 THEN states[1]
                WHEN states <@ well THEN 'implemented_otherwise'
                WHEN states <@ ends AND states && well THEN 'partly_implemented'
                WHEN states <@ settled_otherwise THEN 'no_longer_applicable'
                WHEN states <@ ends THEN 'not_implemented'
                WHEN states && well OR 'partly_implemented' = ANY (states) THEN 'partly_implemented'
                WHEN 'in_progress' = ANY (states) THEN 'in_progress'
                WHEN 'reversed' = ANY (states) THEN 'reversed'
                WHEN 'stalled' = ANY (states) THEN 'stalled'
                WHEN states && array_remove(states, 'not_assessed') THEN 'not_started'
                ELSE 'not_assessed'
            END AS state,
            CASE WHEN cardinality(responses) = 1 THEN responses[1] ELSE 'mixed' END AS response,
            checked_date,
            ends
        FROM gathered
    )
    SELECT ROW(
        state,
        response,
        checked_date,
        COALESCE(target_date < judged_on, FALSE) AND NOT state = ANY (ends),
        NOT state = ANY (ends)
            AND COALESCE(COALESCE(checked_date, (published_at AT TIME ZONE 'UTC')::date) < stale_before, FALSE)
            AND published_at IS NOT NULL
    )::recommendations_rolled_up FROM rolled
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0005_announce_links")]
    operations = [
        migrations.RunSQL(
            ROLLUP,
            reverse_sql="DROP FUNCTION recommendations_rollup; DROP TYPE recommendations_rolled_up;",
        )
    ]
