from django.db import migrations, models
from django.db.models.functions import Substr


class Migration(migrations.Migration):
    """The order of the public list as an index, so that its first page reads no more than it shows."""

    dependencies = [("recommendations", "0015_evidence_being_read")]

    operations = [
        migrations.AddIndex(
            "recommendation",
            models.Index(Substr("reference", 3, 4).desc(), "reference", name="recommendation_list"),
        ),
    ]
