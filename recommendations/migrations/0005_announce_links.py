from django.db import migrations

from partnerships.triggers import announce_links

RECOMMENDATION = {
    "kind": "recommendation",
    "whole": "recommendations_recommendation",
    "identifier": "reference",
}


class Migration(migrations.Migration):
    """Many-to-many tables have no model of ours that could carry a trigger."""

    dependencies = [("recommendations", "0004_search_indexes")]
    operations = [
        announce_links("recommendations_recommendation_topics", path="part.recommendation_id", **RECOMMENDATION),
        announce_links("recommendations_recommendation_partnerships", path="part.recommendation_id", **RECOMMENDATION),
    ]
