from django.db import migrations

from partnerships.full_text import search_indexes


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0003_reader"), ("partnerships", "0004_search_indexes")]
    operations = [search_indexes("recommendations_recommendation", title="title", body="text")]
