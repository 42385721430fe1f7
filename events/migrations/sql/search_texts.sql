-- What is searched of the rows that are there; their triggers write it from now on.

SELECT count(publishing_keep_search_text(
    'event', one.public_id, one.public_from, '',
    ARRAY[one.name_en, one.name_tr, one.name_ar],
    ARRAY[one.summary_en, one.summary_tr, one.summary_ar]
)::text) FROM events_event AS one;

SELECT count(publishing_keep_search_text(
    'report', one.public_id, one.public_from, '',
    ARRAY[one.title_en, one.title_tr, one.title_ar],
    ARRAY[one.summary_en, one.summary_tr, one.summary_ar]
)::text) FROM events_report AS one;

SELECT count(publishing_keep_search_text(
    'point', one.public_id, one.public_from, '',
    ARRAY['', '', ''],
    ARRAY[one.text_en, one.text_tr, one.text_ar]
)::text) FROM events_point AS one;

-- The search had an index on each table before.
DROP INDEX events_event_words;
DROP INDEX events_event_letters;
