from importlib import import_module

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

before = import_module("recommendations.migrations.0007_convenors")
DESK = (*before.WRITERS, "convenors")

KEEP = f"""
    CREATE FUNCTION keep_groups_of_the_desk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.name = OLD.name THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'The groups of the desk are neither renamed nor deleted: their names decide what their members may do.'
            USING ERRCODE = 'restrict_violation', TABLE = 'auth_group';
    END $$;
    REVOKE EXECUTE ON FUNCTION keep_groups_of_the_desk() FROM PUBLIC;
    CREATE TRIGGER keep_groups_of_the_desk BEFORE UPDATE OF name OR DELETE ON auth_group FOR EACH ROW
        WHEN (OLD.name IN ({", ".join(f"'{name}'" for name in DESK)})) EXECUTE FUNCTION keep_groups_of_the_desk();
"""
LET_GO = """
    DROP TRIGGER keep_groups_of_the_desk ON auth_group;
    DROP FUNCTION keep_groups_of_the_desk();
"""


def make_missing_groups(apps, schema_editor):
    """Where somebody deleted one, it comes back with what its work needs, and without its members."""
    Group = apps.get_model("auth", "Group")
    missing = set(DESK) - set(Group.objects.filter(name__in=DESK).values_list("name", flat=True))
    if not missing:
        return
    # Permissions are otherwise made after the last migration, too late for this one.
    for label in (*before.HOUSE, "auth"):
        create_permissions(
            installed.get_app_config(label), apps=apps, verbosity=0, using=schema_editor.connection.alias
        )
    Permission = apps.get_model("auth", "Permission")
    given = {name: [] for name in missing}
    house = Permission.objects.filter(content_type__app_label__in=before.HOUSE).exclude(
        content_type__model__endswith="version"
    )
    for permission in house.select_related("content_type"):
        model = permission.content_type.model
        action = permission.codename.partition("_")[0]
        usual = dict.fromkeys(before.WRITERS, before.EVERYTHING)
        if model in before.SEEN_BY_CONVENORS:
            usual["convenors"] = before.LOOK
        for name, actions in before.DECIDED.get(model, usual).items():
            if name in missing and action in actions:
                given[name].append(permission)
    if "administrators" in missing:
        given["administrators"] += Permission.objects.filter(content_type__app_label="auth")
    for name, permissions in given.items():
        Group.objects.create(name=name).permissions.set(permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0025_clean_texts_validated"),
        ("partnerships", "0030_newest_first"),
        ("events", "0011_next_editions"),
    ]
    operations = [
        migrations.RunPython(make_missing_groups, migrations.RunPython.noop),
        migrations.RunSQL(KEEP, LET_GO),
    ]
