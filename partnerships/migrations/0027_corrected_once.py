from django.db import migrations, models

MODELS = ("instrumentaction", "officialposition", "review")


class Migration(migrations.Migration):
    """One record stands in the place of one that was corrected, as it does for resolutions already."""

    dependencies = [("partnerships", "0026_lost_grounds")]
    operations = [
        migrations.AddConstraint(
            model_name=model,
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects__isnull", False)),
                fields=("corrects",),
                name=f"partnerships_{model}_corrected_once",
                violation_error_message="This was corrected already: correct what stands in its place.",
            ),
        )
        for model in MODELS
    ]
