-- The search: the words of every text that can be published, one row for each thing and language. Triggers of the
-- models write it (publishing/database/search_texts.py); the public asks publishing_search() and reads no table.

CREATE TABLE publishing_searchtext (
    kind text NOT NULL,
    public_id text NOT NULL,
    language text NOT NULL,
    -- From when the public may find it; NULL: not at all.
    public_from timestamptz,
    -- Its reference, and by what it is called, as they are compared: folded.
    identifier text NOT NULL,
    titles text[] NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (kind, public_id, language)
) PARTITION BY LIST (kind);
-- A partition each, so that the planner knows how common a word is in each kind.
CREATE TABLE publishing_searchtext_actor PARTITION OF publishing_searchtext FOR VALUES IN ('actor');
CREATE TABLE publishing_searchtext_claim PARTITION OF publishing_searchtext FOR VALUES IN ('claim');
CREATE TABLE publishing_searchtext_event PARTITION OF publishing_searchtext FOR VALUES IN ('event');
CREATE TABLE publishing_searchtext_partnership PARTITION OF publishing_searchtext FOR VALUES IN ('partnership');
CREATE TABLE publishing_searchtext_point PARTITION OF publishing_searchtext FOR VALUES IN ('point');
CREATE TABLE publishing_searchtext_recommendation PARTITION OF publishing_searchtext FOR VALUES IN ('recommendation');
CREATE TABLE publishing_searchtext_report PARTITION OF publishing_searchtext FOR VALUES IN ('report');
CREATE INDEX publishing_searchtext_words ON publishing_searchtext USING gin (words) WITH (fastupdate = off);
CREATE INDEX publishing_searchtext_newest ON publishing_searchtext (public_from DESC NULLS LAST);

-- The words that occur, for typing errors; not unique, for writers of the same new word would wait for each other.
CREATE TABLE publishing_searchword (word text NOT NULL, letters text NOT NULL);
CREATE INDEX publishing_searchword_word ON publishing_searchword (word);
CREATE INDEX publishing_searchword_letters ON publishing_searchword USING gin (letters gin_trgm_ops);

-- A text as plain words, one blank between them: without capitals, accents, vowel signs and signs of any kind; forms of
-- an Arabic letter that are written one for the other are one. The same on every server: no locale has a part in it.
CREATE FUNCTION publishing_search_folded(said text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT btrim(regexp_replace(
    regexp_replace(
        translate(
            lower(public.unaccent('public.unaccent'::regdictionary, normalize(COALESCE(said, ''), NFKC))),
            'أإآٱةۃىئیېؤکپچڤگ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', 'ااااههييييوكبجفك01234567890123456789'
        ),
        '[\u00AD\u0300-\u036F\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06ED\u200B-\u200F\u202A-\u202E\u2060-\u2069]', '', 'g'
    ),
    '[^a-z0-9\u00DF-\u00F6\u00F8-\u024F\u0370-\u052F\u05D0-\u05EA\u0621-\u064A\u066E-\u06D3\u3040-\u9FFF\uAC00-\uD7AF]+', ' ', 'g'
))
$$;

-- An Arabic word (folded) without the article and what is written together before it; with all that it can be without.
CREATE FUNCTION publishing_search_bare(word text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE
    WHEN word ~ '^[وف]?(ال|[بك]ال|لل)..' THEN regexp_replace(word, '^[وف]?(ال|[بك]ال|لل)', '')
    WHEN word ~ '^[وف][بكل]...' THEN substr(word, 2) || ' ' || substr(word, 3)
    WHEN word ~ '^[وفبكل]...' THEN substr(word, 2)
    ELSE ''
END
$$;

-- What a text is found by: its words; words that a hyphen joins as one too (S400 for S-400); what stands before an
-- apostrophe by itself (Türkiye for Türkiye'nin); Arabic words without the article and the particles before them.
CREATE FUNCTION publishing_search_words(said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
WITH plain AS (
    SELECT public.publishing_search_folded(
        regexp_replace(COALESCE(said, ''), '(\S\S)[''’ʼ‘`´]([a-zA-ZçğıöşüâîûÇĞİÖŞÜÂÎÛ]{1,10})', '\1 ', 'g')
    ) AS words
)
SELECT to_tsvector('simple'::regconfig, plain.words)
    || to_tsvector('simple'::regconfig, COALESCE((
        SELECT public.publishing_search_folded(string_agg(translate(found[1], '-‐‑''’ʼ‘`´', ''), ' '))
        FROM regexp_matches(COALESCE(said, ''), '(\S+[-‐‑''’ʼ‘`´]\S+)', 'g') AS found
    ), ''))
    || to_tsvector('simple'::regconfig, COALESCE((
        SELECT string_agg(public.publishing_search_bare(word), ' ')
        FROM regexp_split_to_table(plain.words, ' ') AS word WHERE word ~ '^(ال|[وفبكل].{3})'
    ), ''))
FROM plain
$$;

-- Writes what is searched of one thing: titles and bodies in English, Turkish and Arabic.
CREATE FUNCTION publishing_keep_search_text(
    of_kind text, of_public_id text, its_public_from timestamptz, its_identifier text, titles text[], bodies text[]
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM publishing_searchtext WHERE kind = of_kind AND public_id = of_public_id;
    WITH texts AS (
        SELECT (ARRAY['en', 'tr', 'ar'])[place] AS language, titles[place] AS title, bodies[place] AS body
        FROM generate_series(1, 3) AS place
    ), written AS (
        INSERT INTO publishing_searchtext (kind, public_id, language, public_from, identifier, titles, words)
        SELECT of_kind, of_public_id, language, its_public_from,
            replace(publishing_search_folded(its_identifier), ' ', ''),
            -- A short body is a second name.
            ARRAY[publishing_search_folded(title), publishing_search_folded(CASE WHEN length(body) <= 40 THEN body END)],
            setweight(publishing_search_words(concat_ws(' ', its_identifier, title)), 'A')
                || setweight(publishing_search_words(body), 'B')
        FROM texts WHERE title <> '' OR body <> ''
        RETURNING words
    )
    INSERT INTO publishing_searchword (word, letters)
    SELECT DISTINCT lexeme, majlis_plain(lexeme) FROM written, unnest(words)
    WHERE length(lexeme) BETWEEN 4 AND 40 AND lexeme !~ '[0-9]'
        AND NOT EXISTS (SELECT FROM publishing_searchword AS known WHERE known.word = lexeme);
END $$;

-- What is found, the best of each kind: `sought` has to be in it; it ranks higher with `forms` of the words, and with the
-- words as they are. `whole` is what was asked without blanks, which may be a reference, and titles that are asked for. Of a word that many texts have, only the newest `most` texts of a kind are
-- ranked. Not for the public, which asks the next one.
CREATE FUNCTION publishing_search_all(
    sought tsquery, forms tsquery, exact tsquery, whole text[], in_language text, kinds text[], most integer, at timestamptz, drafts boolean
) RETURNS TABLE (kind text, public_id text, score double precision)
LANGUAGE plpgsql STABLE AS $$
DECLARE one text;
BEGIN
    FOREACH one IN ARRAY kinds LOOP
        -- Planned with the query that is asked: whether a word is rare decides which index is walked.
        RETURN QUERY EXECUTE format($query$
            SELECT %1$L::text, found.public_id, max(
                CASE WHEN found.identifier IN ($4[1], 'r' || $4[1]) THEN 50 ELSE 0 END
                + CASE WHEN found.titles && array_remove($4[2:], '') THEN 10 ELSE 0 END
                + CASE WHEN found.words @@ $2 THEN 2 + 4 * ts_rank(found.words, $2) ELSE 0 END
                + CASE WHEN found.words @@ $3 THEN 1 + ts_rank(found.words, $3) ELSE 0 END
                + ts_rank(found.words, $1) + CASE WHEN found.language = $5 THEN 0.5 ELSE 0 END
            )::double precision
            FROM (
                SELECT * FROM publishing_searchtext AS texts
                WHERE texts.kind = %1$L AND texts.words @@ $1 AND ($7 OR texts.public_from <= $6)
                ORDER BY texts.public_from DESC NULLS LAST LIMIT $8
            ) AS found
            GROUP BY found.public_id
        $query$, one) USING sought, forms, exact, whole, in_language, at, drafts, most;
    END LOOP;
END $$;

-- For the public: what is public now. With the rights of the owner, for no row policy stands between a query and its
-- index here.
CREATE FUNCTION publishing_search(
    sought tsquery, forms tsquery, exact tsquery, whole text[], in_language text, kinds text[], most integer
) RETURNS TABLE (kind text, public_id text, score double precision)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
SELECT * FROM publishing_search_all(sought, forms, exact, whole, in_language, kinds, LEAST(most, 1000), statement_timestamp(), FALSE)
$$;

-- Words of public texts that are written much like each of `asked`, which are folded.
CREATE FUNCTION publishing_search_near(asked text[]) RETURNS TABLE (word text, near text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
SELECT one.word, close.word
FROM unnest(asked[:8]) AS one (word) CROSS JOIN LATERAL (
    SELECT DISTINCT known.word, similarity(known.letters, majlis_plain(one.word)) AS alike
    FROM publishing_searchword AS known
    WHERE length(one.word) BETWEEN 4 AND 40 AND known.letters % majlis_plain(one.word) AND known.word <> one.word
        AND levenshtein_less_equal(known.letters, majlis_plain(one.word), 2)
            <= CASE WHEN length(one.word) < 8 THEN 1 ELSE 2 END
        -- A word may be of a text that is not public, or not any more: it takes no public word's place.
        AND EXISTS (
            SELECT FROM publishing_searchtext AS texts
            WHERE texts.words @@ quote_literal(known.word)::tsquery AND texts.public_from <= statement_timestamp()
        )
    ORDER BY alike DESC, known.word LIMIT 6
) AS close
$$;
