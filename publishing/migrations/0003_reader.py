from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_database_functions")]
    operations = [migrations.RunSQL((Path(__file__).parent / "sql" / "reader.sql").read_text())]
