from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

HOUSE = ("partnerships", "events", "recommendations")
ACCOUNTS = ("auth",)
RESTRICTED = ("participant", "consent", "document")
"""Who was there: not for editors and reviewers."""


def make_groups(apps, schema_editor):
    """Editors and reviewers work on everything but participants; administrators on that and on accounts too."""
    # Permissions are otherwise made after the last migration, too late for this one.
    for label in (*HOUSE, *ACCOUNTS):
        config = installed.get_app_config(label)
        create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    house = Permission.objects.filter(content_type__app_label__in=HOUSE).exclude(
        content_type__model__endswith="version"
    )
    desk = house.exclude(content_type__model__in=RESTRICTED)
    accounts = Permission.objects.filter(content_type__app_label__in=ACCOUNTS)
    for name, permissions in (
        ("editors", desk),
        ("reviewers", desk),
        ("administrators", house | accounts),
    ):
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0001_models"),
        ("events", "0001_models"),
        ("partnerships", "0002_models"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
