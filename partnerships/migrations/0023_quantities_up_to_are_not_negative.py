from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0022_published_without_likelihood")]
    operations = [
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quantity_max__isnull", True), ("quantity_max__gte", Decimal("0")), _connector="OR"
                ),
                name="partnerships_claim_quantity_max_not_negative",
                violation_error_message="A quantity is not negative.",
            ),
        ),
    ]
