from django.db import migrations

from partnerships.full_text import make_functions, search_indexes


class Migration(migrations.Migration):
    """Search by words and by letters, in three languages."""

    dependencies = [("partnerships", "0003_reader")]
    operations = [
        make_functions(),
        search_indexes("partnerships_partnership", title="name", body="summary"),
        search_indexes("partnerships_claim", title="statement", body="context"),
    ]
