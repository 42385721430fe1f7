from django.db import migrations

from partnerships.row_policies import reserved

VOICES = """
CREATE FUNCTION partnerships_voices(of_claim BIGINT) RETURNS SETOF BIGINT LANGUAGE sql STABLE AS $$
    -- Who may confirm the claim officially: the parties to its partnerships, the governments that it is
    -- about, and every body of these governments, upwards to the government and down to its offices.
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
"""

GROUNDS = """
CREATE FUNCTION partnerships_grounds(of_claim BIGINT, on_day DATE, OUT origins INTEGER, OUT parties INTEGER)
LANGUAGE sql STABLE AS $$
    -- What the claim rests on: origins that support it, and parties whose own publications are among them.
    SELECT count(DISTINCT citation.independence_group),
        count(DISTINCT source.publisher_id) FILTER (
            WHERE source.publisher_id IN (SELECT partnerships_voices(of_claim))
        )
    FROM partnerships_citation AS citation
    JOIN partnerships_source AS source ON source.id = citation.source_id
    WHERE citation.claim_id = of_claim AND citation.stance = 'supports' AND source.state <> 'withdrawn'
        AND (on_day IS NULL OR source.date_earliest IS NULL OR source.date_earliest <= on_day)
$$;
"""


class Migration(migrations.Migration):
    """What a claim rests on, counted in one place for the actions and for the triggers; only the owner asks."""

    dependencies = [("partnerships", "0011_sources_not_yet_public")]
    operations = [
        migrations.RunSQL(VOICES, reverse_sql="DROP FUNCTION partnerships_voices(BIGINT);"),
        migrations.RunSQL(GROUNDS, reverse_sql="DROP FUNCTION partnerships_grounds(BIGINT, DATE);"),
        reserved("partnerships_voices(bigint)", "partnerships_grounds(bigint, date)"),
    ]
