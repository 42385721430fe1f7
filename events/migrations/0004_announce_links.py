from django.db import migrations

from partnerships.triggers import announce_links

SERIES = {"kind": "series", "whole": "events_series", "identifier": "slug"}
EVENT = {"kind": "event", "whole": "events_event", "identifier": "slug"}
REPORT = {"kind": "report", "whole": "events_report", "identifier": "public_id"}


class Migration(migrations.Migration):
    """Many-to-many tables have no model of ours that could carry a trigger."""

    dependencies = [("events", "0003_search_indexes")]
    operations = [
        announce_links("events_series_convenors", path="part.series_id", **SERIES),
        announce_links("events_event_topics", path="part.event_id", **EVENT),
        announce_links("events_event_partnerships", path="part.event_id", **EVENT),
        announce_links(
            "events_point_topics", path="(SELECT report_id FROM events_point WHERE id = part.point_id)", **REPORT
        ),
    ]
