from django.db import migrations

from partnerships.triggers import announce_links

PARTNERSHIP = {"kind": "partnership", "whole": "partnerships_partnership", "identifier": "slug"}
CLAIM = {"kind": "claim", "whole": "partnerships_claim", "identifier": "public_id"}


class Migration(migrations.Migration):
    """Many-to-many tables have no model of ours that could carry a trigger."""

    dependencies = [("partnerships", "0004_search_indexes")]
    operations = [
        announce_links("partnerships_partnership_topics", path="part.partnership_id", **PARTNERSHIP),
        announce_links("partnerships_claim_partnerships", path="part.claim_id", **CLAIM),
        announce_links("partnerships_claim_topics", path="part.claim_id", **CLAIM),
    ]
