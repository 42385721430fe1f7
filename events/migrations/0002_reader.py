from django.db import migrations

from partnerships.row_policies import PUBLISHED, part, readable, visible

SERIES, EVENT, REPORT, POINT = "events_series", "events_event", "events_report", "events_point"


class Migration(migrations.Migration):
    dependencies = [("events", "0001_models"), ("partnerships", "0003_reader")]
    operations = [
        readable(SERIES, PUBLISHED),
        readable(EVENT, PUBLISHED),
        readable(REPORT, PUBLISHED, visible(REPORT, "event_id", EVENT)),
        part("events_series_convenors", series_id=SERIES, actor_id="partnerships_actor"),
        part("events_event_topics", event_id=EVENT, topic_id="partnerships_topic"),
        part("events_event_partnerships", event_id=EVENT, partnership_id="partnerships_partnership"),
        part("events_session", event_id=EVENT),
        part("events_organiser", event_id=EVENT, actor_id="partnerships_actor"),
        part(POINT, report_id=REPORT),
        part("events_point_topics", point_id=POINT, topic_id="partnerships_topic"),
    ]
