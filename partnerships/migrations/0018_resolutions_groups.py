from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

WRITERS = ("editors", "reviewers", "administrators")


def give_permissions(apps, schema_editor):
    """Whoever writes may resolve a forecast; the action sees to it that nobody resolves their own."""
    # Permissions are otherwise made after the last migration, too late for this one.
    create_permissions(
        installed.get_app_config("partnerships"), apps=apps, verbosity=0, using=schema_editor.connection.alias
    )
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    found = Permission.objects.filter(content_type__app_label="partnerships", content_type__model="resolution")
    for name in WRITERS:
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0017_resolutions_reader"), ("recommendations", "0007_convenors")]
    operations = [migrations.RunPython(give_permissions, migrations.RunPython.noop)]
