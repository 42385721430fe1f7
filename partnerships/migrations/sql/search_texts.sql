-- What is searched of the rows that are there; their triggers write it from now on.

SELECT count(publishing_keep_search_text(
    'actor', one.public_id, one.public_from, '',
    ARRAY[one.name_en, one.name_tr, one.name_ar],
    ARRAY[one.short_name_en, one.short_name_tr, one.short_name_ar]
)::text) FROM partnerships_actor AS one;

SELECT count(publishing_keep_search_text(
    'partnership', one.public_id, one.public_from, '',
    ARRAY[one.name_en, one.name_tr, one.name_ar],
    ARRAY[one.summary_en, one.summary_tr, one.summary_ar]
)::text) FROM partnerships_partnership AS one;

SELECT count(publishing_keep_search_text(
    'claim', one.public_id, one.public_from, '',
    ARRAY[one.statement_en, one.statement_tr, one.statement_ar],
    ARRAY[one.context_en, one.context_tr, one.context_ar]
)::text) FROM partnerships_claim AS one;

-- The search had an index on each table before.
DROP INDEX partnerships_partnership_words;
DROP INDEX partnerships_partnership_letters;
DROP INDEX partnerships_claim_words;
DROP INDEX partnerships_claim_letters;
