from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0001_initial")]
    operations = [
        migrations.RunSQL((SQL / "functions.sql").read_text()),
        migrations.RunSQL((SQL / "announce_links.sql").read_text()),
    ]
