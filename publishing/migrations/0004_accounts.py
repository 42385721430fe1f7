from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    """These tables are Django's own, and so no constraints of a model of ours."""

    dependencies = [
        ("publishing", "0003_reader"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunSQL((Path(__file__).parent / "sql" / "accounts.sql").read_text())]
