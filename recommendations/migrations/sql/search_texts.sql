-- What is searched of the rows that are there; their triggers write it from now on.

SELECT count(publishing_keep_search_text(
    'recommendation', one.public_id, one.public_from, one.reference,
    ARRAY[one.title_en, one.title_tr, one.title_ar],
    ARRAY[one.text_en, one.text_tr, one.text_ar]
)::text) FROM recommendations_recommendation AS one;

-- The search had an index on each table before.
DROP INDEX recommendations_recommendation_words;
DROP INDEX recommendations_recommendation_letters;
DROP FUNCTION majlis_query(text);
DROP FUNCTION majlis_words(text, text, text, text, text, text);
DROP FUNCTION majlis_letters(text, text, text, text, text, text);
