from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

HOUSE = ("partnerships", "events", "recommendations")
WRITERS = ("editors", "reviewers", "administrators")
EVERYTHING = ("view", "add", "change", "delete")
LOOK = ("view",)

DECIDED = {
    # Model: who may do what. A model that is not named here is for those who write.
    "participant": {"convenors": EVERYTHING},
    "consent": {"convenors": ("view", "add")},
    "disclosure": {"convenors": ("view", "add", "delete")},
    "groupsize": {"convenors": EVERYTHING},
    "viewing": {"administrators": LOOK},
    "document": {"convenors": EVERYTHING, "reviewers": ("view", "change"), "administrators": LOOK},
    "publisheddocument": {"convenors": EVERYTHING, "reviewers": EVERYTHING, "administrators": EVERYTHING},
    "publicname": {"convenors": LOOK, "reviewers": LOOK, "administrators": LOOK},
    "namerefusal": {"convenors": LOOK, "administrators": LOOK},
    "support": dict.fromkeys(WRITERS, EVERYTHING),
    "rewording": dict.fromkeys(WRITERS, EVERYTHING),
}

SEEN_BY_CONVENORS = ("event", "session", "series", "organiser", "report", "point")
"""What they find their participants by."""


def set_permissions(apps, schema_editor):
    """The four groups of the desk, each with what its work needs and nothing else of the house."""
    # Permissions are otherwise made after the last migration, too late for this one.
    for label in (*HOUSE, "auth"):
        create_permissions(
            installed.get_app_config(label), apps=apps, verbosity=0, using=schema_editor.connection.alias
        )
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    given = {name: [] for name in (*WRITERS, "convenors")}
    house = Permission.objects.filter(content_type__app_label__in=HOUSE).exclude(
        content_type__model__endswith="version"
    )
    for permission in house.select_related("content_type"):
        model = permission.content_type.model
        action = permission.codename.partition("_")[0]
        open_to_writers = dict.fromkeys(WRITERS, EVERYTHING)
        if model in SEEN_BY_CONVENORS:
            open_to_writers["convenors"] = LOOK
        for name, actions in DECIDED.get(model, open_to_writers).items():
            if action in actions:
                given[name].append(permission)
    given["administrators"] += Permission.objects.filter(content_type__app_label="auth")
    for name, permissions in given.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(permissions)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0006_rollup"), ("events", "0009_published_documents_reader")]
    operations = [migrations.RunPython(set_permissions, migrations.RunPython.noop)]
