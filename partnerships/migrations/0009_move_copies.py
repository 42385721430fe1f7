import hashlib

from django.db import migrations

from partnerships.archive.kinds import found_in


def into_the_database(apps, schema_editor):
    """Copies that were files beside the database become records of it, uploaded by who wrote the source.

    A file that is not there any more, or is of no kind that is kept, leaves nothing that could be shown: with
    it goes the digest, which nobody could compare with anything.
    """
    Source = apps.get_model("partnerships", "Source")
    ArchivedCopy = apps.get_model("partnerships", "ArchivedCopy")
    ArchivedContent = apps.get_model("partnerships", "ArchivedContent")
    for source in Source.objects.exclude(archived_copy="").order_by("pk"):
        try:
            with source.archived_copy.open("rb") as file:
                content = file.read()
        except OSError:
            content = b""
        media_type = found_in(content) if content else ""
        if not media_type:
            Source.objects.filter(pk=source.pk).update(archived_sha256="")
            continue
        copy = ArchivedCopy.objects.create(
            source=source,
            outcome="kept",
            media_type=media_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            by_id=source.author_id,
        )
        ArchivedContent.objects.create(copy=copy, content=content)


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0008_archived_copies")]
    operations = [migrations.RunPython(into_the_database, migrations.RunPython.noop)]
