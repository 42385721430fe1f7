"""Keeps the standings of claims, and lets the public read those of what it may read."""

from django.db import migrations

from partnerships.row_policies import readable, reserved

KEEP = """
-- Writes where one claim stands after it changed or a record of it was appended. Whoever calls holds the row of the
-- claim, so that two records of the same one are taken in turn.
CREATE FUNCTION partnerships_keep_claim_standing(of_claim BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM partnerships_claim WHERE id = of_claim FOR NO KEY UPDATE;
    INSERT INTO partnerships_claimstanding (claim_id, review_id, status, is_forecast, is_opinion, public_from, looked_on,
        due_on)
    SELECT claim.id, review.id, COALESCE(review.status, 'unassessed'), claim.kind = 'forecast',
        claim.kind IN ('rationale', 'assessment', 'forecast'),
        CASE WHEN claim.state = 'published' THEN GREATEST(claim.published_at, claim.embargo_until) END,
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
        is_opinion = EXCLUDED.is_opinion, public_from = EXCLUDED.public_from, looked_on = EXCLUDED.looked_on, due_on = EXCLUDED.due_on;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0019_claim_standing")]
    operations = [
        migrations.RunSQL(KEEP, reverse_sql="DROP FUNCTION partnerships_keep_claim_standing(BIGINT);"),
        reserved("partnerships_keep_claim_standing(bigint)"),
        # The same rows as those of the claims that the reader sees, without a look at each claim.
        readable("partnerships_claimstanding", "public_from <= now()"),
        # Last: what is filled in is checked at the end of the transaction, and its table cannot be altered before.
        migrations.RunSQL(
            "SELECT partnerships_keep_claim_standing(id) FROM partnerships_claim;",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
