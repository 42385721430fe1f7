-- Search by words and by letters, in three languages.

CREATE INDEX partnerships_partnership_words ON partnerships_partnership USING gin (majlis_words(name_en, summary_en, name_tr, summary_tr, name_ar, summary_ar));
CREATE INDEX partnerships_partnership_letters ON partnerships_partnership USING gin (majlis_letters(name_en, summary_en, name_tr, summary_tr, name_ar, summary_ar) gin_trgm_ops);
CREATE INDEX partnerships_claim_words ON partnerships_claim USING gin (majlis_words(statement_en, context_en, statement_tr, context_tr, statement_ar, context_ar));
CREATE INDEX partnerships_claim_letters ON partnerships_claim USING gin (majlis_letters(statement_en, context_en, statement_tr, context_tr, statement_ar, context_ar) gin_trgm_ops);
