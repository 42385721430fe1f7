from django.db import migrations

from partnerships.row_policies import PUBLISHED, part, readable, visible

RECOMMENDATION, ADDRESSEE = "recommendations_recommendation", "recommendations_addressee"
ENTRY = "recommendations_statusentry"


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0002_groups"), ("events", "0002_reader")]
    operations = [
        readable(RECOMMENDATION, PUBLISHED, visible(RECOMMENDATION, "event_id", "events_event")),
        part("recommendations_recommendation_topics", recommendation_id=RECOMMENDATION, topic_id="partnerships_topic"),
        part(
            "recommendations_recommendation_partnerships",
            recommendation_id=RECOMMENDATION,
            partnership_id="partnerships_partnership",
        ),
        part("recommendations_objective", recommendation_id=RECOMMENDATION),
        part("recommendations_recommendationlink", source_id=RECOMMENDATION, target_id=RECOMMENDATION),
        part(
            "recommendations_fulfilment",
            recommendation_id=RECOMMENDATION,
            series_id__optional="events_series",
            event_id__optional="events_event",
            instrument_id__optional="partnerships_instrument",
            source_id__optional="partnerships_source",
        ),
        part(ADDRESSEE, recommendation_id=RECOMMENDATION, actor_id="partnerships_actor"),
        part("recommendations_response", addressee_id=ADDRESSEE),
        part(ENTRY, addressee_id=ADDRESSEE),
        part("recommendations_evidence", entry_id=ENTRY, source_id="partnerships_source"),
        part("recommendations_confirmation", entry_id=ENTRY),
    ]
