import datetime

import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0004_public_from"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="actor",
            index=models.Index(fields=["published_at", "slug"], name="actor_by_publication"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["published_at", "public_id"], name="claim_by_publication"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    models.F("valid_earliest"), models.Value(datetime.date(9999, 12, 31))
                ),
                models.F("public_id"),
                name="claim_valid_up",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    models.F("valid_earliest"), models.Value(datetime.date(1, 1, 1))
                ),
                models.F("public_id"),
                name="claim_valid_down",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    models.F("review_by"), models.Value(datetime.date(9999, 12, 31))
                ),
                models.F("public_id"),
                name="claim_review_up",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    models.F("review_by"), models.Value(datetime.date(1, 1, 1))
                ),
                models.F("public_id"),
                name="claim_review_down",
            ),
        ),
        migrations.AddIndex(
            model_name="partnership",
            index=models.Index(fields=["published_at", "slug"], name="partnership_by_publication"),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["published_at", "public_id"], name="source_by_publication"),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    models.F("date_earliest"), models.Value(datetime.date(9999, 12, 31))
                ),
                models.F("public_id"),
                name="source_date_up",
            ),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    models.F("date_earliest"), models.Value(datetime.date(1, 1, 1))
                ),
                models.F("public_id"),
                name="source_date_down",
            ),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(fields=["published_at", "slug"], name="topic_by_publication"),
        ),
    ]
