from pathlib import Path

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Extensions that ship with PostgreSQL, and what constraints, indexes and triggers of every app call."""

    dependencies = [("publishing", "0001_initial")]
    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL((SQL / "texts.sql").read_text()),
        migrations.RunSQL((SQL / "changes.sql").read_text()),
    ]
