"""How many consecutive editions of a series asked for the same thing, as SQL."""

import datetime as dt
from typing import Any

from django.db.models import DateTimeField, F, Func, IntegerField, Value
from django.db.models.functions import Cast

RUNNING = """CASE WHEN EXISTS (
    -- Most take up nothing, which an index tells.
    SELECT 1 FROM recommendations_recommendationlink AS link WHERE link.source_id = {recommendation}
) THEN (
    -- Ends by itself: links lead in no circle, and UNION takes each recommendation once.
    WITH RECURSIVE asked (id, series_id, edition) AS (
        SELECT recommendation.id, event.series_id, event.edition
        FROM recommendations_recommendation AS recommendation
        JOIN events_event AS event ON event.id = recommendation.event_id
        WHERE recommendation.id = {recommendation}
        UNION
        SELECT earlier.id, asked.series_id, event.edition
        FROM asked
        JOIN recommendations_recommendationlink AS link ON link.source_id = asked.id
        JOIN recommendations_recommendation AS earlier ON earlier.id = link.target_id
        JOIN events_event AS event ON event.id = earlier.event_id
        WHERE event.series_id = asked.series_id AND event.edition BETWEEN asked.edition - 1 AND asked.edition
            AND earlier.state = 'published' AND earlier.published_at < {before}
            AND (earlier.embargo_until IS NULL OR earlier.embargo_until < {before})
    )
    SELECT GREATEST(count(DISTINCT edition), 1)::INTEGER FROM asked
) ELSE 1 END"""


class ConsecutiveEditions(Func):
    """The number of consecutive editions of its series that asked for it, itself included; 1 if it takes up nothing.

    Every kind of link to an earlier one repeats the request: reiterates, strengthens, narrows, splits, merges or
    supersedes. An edition without it ends the count, and so does one whose recommendation was not public `before`.
    """

    output_field = IntegerField()

    def __init__(self, *, before: dt.datetime) -> None:
        super().__init__(F("pk"), Cast(Value(before), DateTimeField()))

    def as_sql(self, compiler: Any, connection: Any, *arguments: Any, **context: Any) -> tuple[str, Any]:
        (key, key_parameters), (before, before_parameters) = (
            compiler.compile(expression) for expression in self.get_source_expressions()
        )
        sql = RUNNING.format(recommendation=key, before=before)
        return sql, [*key_parameters, *key_parameters, *before_parameters, *before_parameters]
