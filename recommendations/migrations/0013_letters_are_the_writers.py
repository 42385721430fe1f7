from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

WRITERS = ("editors", "reviewers", "administrators")


def give(apps, schema_editor):
    """Those who write decide on letters."""
    # Permissions are otherwise made after the last migration, too late for this one.
    create_permissions(
        installed.get_app_config("recommendations"), apps=apps, verbosity=0, using=schema_editor.connection.alias
    )
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    permissions = Permission.objects.filter(content_type__app_label="recommendations", content_type__model="letter")
    for name in WRITERS:
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0012_letters_and_digests")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
