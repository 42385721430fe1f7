from pathlib import Path

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    """The tables have no models: triggers of the searched models write to them, and functions read them."""

    dependencies = [("publishing", "0005_revision")]
    operations = [
        CreateExtension("fuzzystrmatch"),
        migrations.RunSQL((Path(__file__).parent / "sql" / "search_texts.sql").read_text()),
    ]
