from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0024_resolutions_cite_what_stands")]
    operations = [
        migrations.AddConstraint(
            model_name="instrumentaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("date_earliest__isnull", True), ("as_of__gte", models.F("date_earliest")), _connector="OR"
                ),
                name="partnerships_instrumentaction_happened_by_then",
                violation_error_message="This cannot have been true before it happened.",
            ),
        ),
    ]
