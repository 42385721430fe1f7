from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

APPS = ("publishing", "partnerships", "events", "recommendations", "auth")
WRITERS = ("editors", "reviewers", "administrators")
EVERYTHING = ("view", "add", "change", "delete")
LOOK = ("view",)
EDIT = ("view", "change")

DECIDED = {
    # Model: who may do what. A model that is not named here is for those who write.
    "consent": {"convenors": ("view", "add")},
    "disclosure": {"convenors": ("view", "add", "delete")},
    "document": {"convenors": EVERYTHING, "reviewers": EDIT, "administrators": LOOK},
    "groupsize": {"convenors": EVERYTHING},
    "letter": dict.fromkeys(WRITERS, EDIT),
    "namerefusal": {"convenors": LOOK, "administrators": LOOK},
    "participant": {"convenors": EVERYTHING},
    "publicname": {"convenors": LOOK, "reviewers": LOOK, "administrators": LOOK},
    "publisheddocument": {"convenors": EVERYTHING, "reviewers": EVERYTHING, "administrators": EVERYTHING},
    "viewing": {"administrators": LOOK},
}

OF_NOBODY = (
    # Written by the database, by the worker or by actions alone.
    *("archivedcontent", "archivedcopy", "currentverification", "digest", "digestchoice", "disclosedparticipant"),
    *("origindecision", "sentform", "snooze", "currentstatus"),
)

SEEN_BY_CONVENORS = ("event", "session", "series", "organiser", "report", "point")
"""What they find their participants by."""


def make_groups(apps, schema_editor):
    """The four groups of the desk, each with what its work needs and nothing else."""
    # Permissions are otherwise made after the last migration, too late for this one.
    for label in APPS:
        create_permissions(
            installed.get_app_config(label), apps=apps, verbosity=0, using=schema_editor.connection.alias
        )
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    given = {name: [] for name in (*WRITERS, "convenors")}
    of_the_desk = (
        Permission.objects.filter(content_type__app_label__in=APPS)
        .exclude(content_type__app_label="auth")
        .exclude(content_type__model__in=OF_NOBODY)
        .exclude(content_type__model__endswith="version")
    )
    for permission in of_the_desk.select_related("content_type"):
        model = permission.content_type.model
        action = permission.codename.partition("_")[0]
        usual = dict.fromkeys(WRITERS, EVERYTHING)
        if model in SEEN_BY_CONVENORS:
            usual["convenors"] = LOOK
        for name, actions in DECIDED.get(model, usual).items():
            if action in actions:
                given[name].append(permission)
    given["administrators"] += Permission.objects.filter(content_type__app_label="auth")
    for name, permissions in given.items():
        Group.objects.create(name=name).permissions.set(permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0003_search_indexes"),
        ("publishing", "0004_accounts"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
