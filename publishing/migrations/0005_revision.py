from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    """The tables have no models: nobody but triggers writes to them, and nobody but a function reads them."""

    dependencies = [("publishing", "0004_accounts")]
    operations = [migrations.RunSQL((Path(__file__).parent / "sql" / "revision.sql").read_text())]
