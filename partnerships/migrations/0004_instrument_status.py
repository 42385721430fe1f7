from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0003_search_indexes")]
    operations = [migrations.RunSQL((Path(__file__).parent / "sql" / "instrument_status.sql").read_text())]
