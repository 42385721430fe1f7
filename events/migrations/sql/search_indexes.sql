-- Search by words and by letters, in three languages.

CREATE INDEX events_event_words ON events_event USING gin (majlis_words(name_en, summary_en, name_tr, summary_tr, name_ar, summary_ar));
CREATE INDEX events_event_letters ON events_event USING gin (majlis_letters(name_en, summary_en, name_tr, summary_tr, name_ar, summary_ar) gin_trgm_ops);
