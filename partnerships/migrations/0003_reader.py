from django.db import migrations

from partnerships.row_policies import PUBLISHED, make_reader, part, readable

ACTOR, TOPIC, SOURCE = "partnerships_actor", "partnerships_topic", "partnerships_source"
PARTNERSHIP, INSTRUMENT, CLAIM = "partnerships_partnership", "partnerships_instrument", "partnerships_claim"
COOPERATION, LINK, PARTY = "partnerships_cooperation", "partnerships_partnershiplink", "partnerships_party"


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0002_models")]
    operations = [
        make_reader(),
        readable(ACTOR, PUBLISHED),
        readable(TOPIC, PUBLISHED),
        readable(SOURCE, PUBLISHED),
        readable(PARTNERSHIP, PUBLISHED),
        readable(CLAIM, PUBLISHED),
        readable("partnerships_change", "effective_at <= statement_timestamp()"),
        part("partnerships_membership", bloc_id=ACTOR, member_id=ACTOR),
        part("partnerships_partnership_topics", partnership_id=PARTNERSHIP, topic_id=TOPIC),
        part(PARTY, partnership_id=PARTNERSHIP, actor_id=ACTOR),
        part(LINK, source_id=PARTNERSHIP, target_id=PARTNERSHIP),
        part(COOPERATION, partnership_id=PARTNERSHIP, topic_id=TOPIC),
        part(INSTRUMENT, partnership_id=PARTNERSHIP),
        part("partnerships_instrumentobligation", instrument_id=INSTRUMENT),
        part("partnerships_instrumentaction", instrument_id=INSTRUMENT, party_id__optional=ACTOR),
        part("partnerships_claim_partnerships", claim_id=CLAIM, partnership_id=PARTNERSHIP),
        part("partnerships_claim_topics", claim_id=CLAIM, topic_id=TOPIC),
        part("partnerships_claimsubject", claim_id=CLAIM, actor_id=ACTOR),
        part("partnerships_claimlink", source_id=CLAIM, target_id=CLAIM),
        part("partnerships_review", claim_id=CLAIM),
        part("partnerships_officialposition", claim_id=CLAIM, government_id=ACTOR),
        part(
            "partnerships_citation",
            source_id=SOURCE,
            claim_id__optional=CLAIM,
            instrument_id__optional=INSTRUMENT,
            cooperation_id__optional=COOPERATION,
            link_id__optional=LINK,
            party_id__optional=PARTY,
            membership_id__optional="partnerships_membership",
        ),
    ]
