-- Search by words and by letters, in three languages.

CREATE INDEX recommendations_recommendation_words ON recommendations_recommendation USING gin (majlis_words(title_en, text_en, title_tr, text_tr, title_ar, text_ar));
CREATE INDEX recommendations_recommendation_letters ON recommendations_recommendation USING gin (majlis_letters(title_en, text_en, title_tr, text_tr, title_ar, text_ar) gin_trgm_ops);

-- Finds what a draft is like, of those that have a title in its language (recommendations/querysets/similarity.py).
CREATE INDEX recommendations_recommendation_like_en ON recommendations_recommendation USING gist (
    majlis_plain("left"((COALESCE(title_en, '') || ' ') || COALESCE(text_en, ''), 160)) gist_trgm_ops (siglen = 128)
) WHERE title_en > '';
CREATE INDEX recommendations_recommendation_like_tr ON recommendations_recommendation USING gist (
    majlis_plain("left"((COALESCE(title_tr, '') || ' ') || COALESCE(text_tr, ''), 160)) gist_trgm_ops (siglen = 128)
) WHERE title_tr > '';
CREATE INDEX recommendations_recommendation_like_ar ON recommendations_recommendation USING gist (
    majlis_plain("left"((COALESCE(title_ar, '') || ' ') || COALESCE(text_ar, ''), 160)) gist_trgm_ops (siglen = 128)
) WHERE title_ar > '';
