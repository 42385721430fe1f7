import datetime

import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0004_public_from"),
        ("partnerships", "0005_list_orders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["published_at", "slug"], name="event_by_publication"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    models.F("start_date"), models.Value(datetime.date(9999, 12, 31))
                ),
                models.F("slug"),
                name="event_start_up",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    models.F("start_date"), models.Value(datetime.date(1, 1, 1))
                ),
                models.F("slug"),
                name="event_start_down",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    models.F("start_date"), models.Value(datetime.date(1, 1, 1))
                ),
                models.F("id"),
                name="event_list",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["published_at", "public_id"], name="report_by_publication"),
        ),
        migrations.AddIndex(
            model_name="series",
            index=models.Index(fields=["published_at", "slug"], name="series_by_publication"),
        ),
    ]
