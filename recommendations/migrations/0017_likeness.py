from django.db import migrations

from recommendations.querysets.similarity import likeness_indexes


class Migration(migrations.Migration):
    """Finds what a draft is like among all recommendations."""

    dependencies = [("recommendations", "0016_list_order"), ("partnerships", "0004_search_indexes")]
    operations = [likeness_indexes("recommendations_recommendation")]
