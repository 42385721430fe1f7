from django.db import migrations

from partnerships.row_policies import part, readable

EVENT, DOCUMENT, CONTENT = "events_event", "events_publisheddocument", "events_publishedcontent"


class Migration(migrations.Migration):
    """A document is seen with its event, until it is withdrawn, and never where the event is off the record."""

    dependencies = [("events", "0008_published_documents")]
    operations = [
        readable(
            DOCUMENT,
            f"{DOCUMENT}.withdrawn_at IS NULL",
            f"EXISTS (SELECT 1 FROM {EVENT} AS whole WHERE whole.id = {DOCUMENT}.event_id"
            " AND whole.attribution_rule <> 'off_record')",
        ),
        part(CONTENT, document_id=DOCUMENT),
    ]
