import datetime

import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0033_named_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="archivedcopy",
            name="partnerships_archivedcopy_gone_after_a_week",
        ),
        migrations.AddConstraint(
            model_name="archivedcopy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "gone"), _negated=True),
                    models.Q(
                        (
                            "failing_since__lte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("recorded_at"), "-", models.Value(datetime.timedelta(days=7))
                            ),
                        ),
                        ("failures__gte", 3),
                    ),
                    _connector="OR",
                ),
                name="partnerships_archivedcopy_gone_after_a_week",
                violation_error_message="An address is gone after three failures that span a week.",
            ),
        ),
    ]
