-- Since when the public reads a row stands in the row; publishing/reader/public_from.py lays the triggers that keep it.

-- Tables of links, which no model declares. A link whose public_from moves has not changed, and is not announced.
ALTER TABLE partnerships_partnership_topics ADD COLUMN public_from timestamptz;
CREATE OR REPLACE TRIGGER announce_partnerships_partnership_topics AFTER INSERT OR DELETE OR UPDATE OF partnership_id, topic_id ON partnerships_partnership_topics
    FOR EACH ROW EXECUTE FUNCTION announce_partnerships_partnership_topics();
ALTER TABLE partnerships_claim_partnerships ADD COLUMN public_from timestamptz;
CREATE OR REPLACE TRIGGER announce_partnerships_claim_partnerships AFTER INSERT OR DELETE OR UPDATE OF claim_id, partnership_id ON partnerships_claim_partnerships
    FOR EACH ROW EXECUTE FUNCTION announce_partnerships_claim_partnerships();
ALTER TABLE partnerships_claim_topics ADD COLUMN public_from timestamptz;
CREATE OR REPLACE TRIGGER announce_partnerships_claim_topics AFTER INSERT OR DELETE OR UPDATE OF claim_id, topic_id ON partnerships_claim_topics
    FOR EACH ROW EXECUTE FUNCTION announce_partnerships_claim_topics();

-- See functions.sql.
CREATE OR REPLACE FUNCTION partnerships_has_lost_grounds(of_claim bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
SELECT EXISTS (
    SELECT 1 FROM (
        SELECT review.status FROM partnerships_review AS review
        WHERE review.claim_id = of_claim
            AND NOT EXISTS (SELECT 1 FROM partnerships_review AS later WHERE later.corrects_id = review.id)
        ORDER BY review.as_of DESC, review.recorded_at DESC, review.id DESC LIMIT 1
    ) AS decided, partnerships_grounds(of_claim, NULL) AS rests
    WHERE (decided.status = 'corroborated' AND rests.origins < 2)
        OR (decided.status = 'officially_confirmed' AND rests.parties < 1)
) AND EXISTS (SELECT 1 FROM partnerships_claim WHERE id = of_claim AND public_from <= now())
$$;

CREATE OR REPLACE FUNCTION partnerships_keep_current_verification(of_claim bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM partnerships_claim WHERE id = of_claim FOR NO KEY UPDATE;
    INSERT INTO partnerships_currentverification (claim_id, review_id, status, is_forecast, is_opinion, looked_on, due_on)
    SELECT claim.id, review.id, COALESCE(review.status, 'unassessed'), claim.kind = 'forecast',
        claim.kind IN ('rationale', 'assessment', 'forecast'),
        GREATEST((claim.published_at AT TIME ZONE 'UTC')::DATE, review.as_of),
        CASE
            WHEN claim.kind <> 'forecast' THEN
                CASE WHEN review.as_of IS NULL OR review.as_of < claim.review_by THEN claim.review_by END
            WHEN NOT EXISTS (SELECT 1 FROM partnerships_resolution AS resolution WHERE resolution.claim_id = claim.id)
                THEN GREATEST(claim.review_by, claim.valid_latest)
        END
    FROM partnerships_claim AS claim
    LEFT JOIN LATERAL (
        SELECT one.id, one.status, one.as_of FROM partnerships_review AS one
        WHERE one.claim_id = claim.id
        AND NOT EXISTS (SELECT 1 FROM partnerships_review AS correction WHERE correction.corrects_id = one.id)
        ORDER BY one.as_of DESC, one.recorded_at DESC, one.id DESC LIMIT 1
    ) AS review ON TRUE
    WHERE claim.id = of_claim
    ON CONFLICT (claim_id) DO UPDATE SET
        review_id = EXCLUDED.review_id, status = EXCLUDED.status, is_forecast = EXCLUDED.is_forecast,
        is_opinion = EXCLUDED.is_opinion, looked_on = EXCLUDED.looked_on, due_on = EXCLUDED.due_on;
END $$;
