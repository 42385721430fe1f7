import datetime

import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0005_list_orders"),
        ("partnerships", "0005_list_orders"),
        ("recommendations", "0005_public_from"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    models.F("target_date"), models.Value(datetime.date(9999, 12, 31))
                ),
                models.F("reference"),
                name="recommendation_target_up",
            ),
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    models.F("target_date"), models.Value(datetime.date(1, 1, 1))
                ),
                models.F("reference"),
                name="recommendation_target_down",
            ),
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(fields=["published_at", "reference"], name="recommendation_by_publication"),
        ),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(fields=["recorded_at", "public_id"], name="response_by_recording"),
        ),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(fields=["as_of", "public_id"], name="response_by_day"),
        ),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(fields=["kind", "recorded_at", "public_id"], name="response_by_kind"),
        ),
        migrations.AddIndex(
            model_name="statusentry",
            index=models.Index(fields=["recorded_at", "public_id"], name="entry_by_recording"),
        ),
        migrations.AddIndex(
            model_name="statusentry",
            index=models.Index(fields=["as_of", "public_id"], name="entry_by_day"),
        ),
        migrations.AddIndex(
            model_name="statusentry",
            index=models.Index(fields=["state", "recorded_at", "public_id"], name="entry_by_state"),
        ),
        migrations.AddIndex(
            model_name="statusentry",
            index=models.Index(fields=["confidence", "recorded_at", "public_id"], name="entry_by_confidence"),
        ),
    ]
