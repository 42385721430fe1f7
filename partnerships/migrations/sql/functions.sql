-- What a claim rests on, and its current verification, kept by triggers.

-- Who may confirm the claim officially: the parties to its partnerships, the governments that it is
-- about, and every body of these governments, upwards to the government and down to its offices.
CREATE FUNCTION partnerships_voices(of_claim bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
WITH RECURSIVE government(id) AS (
    SELECT party.actor_id
    FROM partnerships_claim_partnerships AS about
    JOIN partnerships_party AS party ON party.partnership_id = about.partnership_id
    WHERE about.claim_id = of_claim AND party.role IN ('party', 'prospective_party')
    UNION
    SELECT subject.actor_id
    FROM partnerships_claimsubject AS subject
    JOIN partnerships_actor AS actor ON actor.id = subject.actor_id
    WHERE subject.claim_id = of_claim AND actor.kind IN ('state', 'bloc', 'government_body', 'armed_force')
    UNION
    SELECT actor.parent_id
    FROM government
    JOIN partnerships_actor AS actor ON actor.id = government.id
    WHERE actor.parent_id IS NOT NULL AND actor.kind IN ('government_body', 'armed_force')
), voice(id) AS (
    SELECT government.id FROM government
    UNION
    SELECT body.id
    FROM voice
    JOIN partnerships_actor AS body ON body.parent_id = voice.id
    WHERE body.kind IN ('government_body', 'armed_force')
)
SELECT voice.id FROM voice
$$;

-- What the claim rests on: origins that support it, and parties whose own publications are among them.
CREATE FUNCTION partnerships_grounds(of_claim bigint, on_day date, OUT origins integer, OUT parties integer) RETURNS record
LANGUAGE sql STABLE AS $$
SELECT count(DISTINCT citation.independence_group),
    count(DISTINCT source.publisher_id) FILTER (
        WHERE source.publisher_id IN (SELECT partnerships_voices(of_claim))
    )
FROM partnerships_citation AS citation
JOIN partnerships_source AS source ON source.id = citation.source_id
WHERE citation.claim_id = of_claim AND citation.stance = 'supports' AND source.state <> 'withdrawn'
    AND (on_day IS NULL OR source.date_earliest IS NULL OR source.date_earliest <= on_day)
$$;

-- Whether the status that stands lacks by now what it needs. Runs with the rights of the owner, for who may
-- confirm officially leads over actors that the reader may not see; answers no for what is not public.
CREATE FUNCTION partnerships_has_lost_grounds(of_claim bigint) RETURNS boolean
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

CREATE FUNCTION partnerships_keep_current_verification(of_claim bigint) RETURNS void
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
