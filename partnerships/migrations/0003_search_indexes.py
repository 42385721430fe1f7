from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0002_database_functions")]
    operations = [migrations.RunSQL((Path(__file__).parent / "sql" / "search_indexes.sql").read_text())]
