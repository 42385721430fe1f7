from django.db import migrations

from partnerships.row_policies import PUBLISHED, answering

LOST_GROUNDS = f"""
CREATE FUNCTION partnerships_has_lost_grounds(of_claim BIGINT) RETURNS BOOLEAN
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether the status that stands lacks by now what it needs. Runs with the rights of the owner, for who may
    -- confirm officially leads over actors that the reader may not see; answers no for what is not public.
    SELECT EXISTS (
        SELECT 1 FROM (
            SELECT review.status FROM partnerships_review AS review
            WHERE review.claim_id = of_claim
                AND NOT EXISTS (SELECT 1 FROM partnerships_review AS later WHERE later.corrects_id = review.id)
            ORDER BY review.as_of DESC, review.recorded_at DESC, review.id DESC LIMIT 1
        ) AS decided, partnerships_grounds(of_claim, NULL) AS rests
        WHERE (decided.status = 'corroborated' AND rests.origins < 2)
            OR (decided.status = 'officially_confirmed' AND rests.parties < 1)
    ) AND EXISTS (SELECT 1 FROM partnerships_claim WHERE id = of_claim AND {PUBLISHED})
$$;
"""


class Migration(migrations.Migration):
    """Whether a claim has lost what its status needs, for its page: that is said, what is missing is for the desk."""

    dependencies = [("partnerships", "0025_acts_happened_by_then")]
    operations = [
        migrations.RunSQL(LOST_GROUNDS, reverse_sql="DROP FUNCTION partnerships_has_lost_grounds(BIGINT);"),
        answering("partnerships_has_lost_grounds(bigint)"),
    ]
