from django.db import migrations

from partnerships.full_text import search_indexes


class Migration(migrations.Migration):
    dependencies = [("events", "0002_reader"), ("partnerships", "0004_search_indexes")]
    operations = [search_indexes("events_event", title="name", body="summary")]
