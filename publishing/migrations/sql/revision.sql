-- The revision of what is public: a value that is another one whenever the public may be told something else.

-- The last transactions that wrote to a table from which the public is answered. Each puts a row of its own here and
-- takes away those that it finds, with their writers' commit: no two states of the database have the same rows, also
-- where transactions commit in another order than they began, and nobody waits for anybody.
CREATE TABLE publishing_lastwrite (id uuid NOT NULL DEFAULT gen_random_uuid());

-- The moments at which, without any write, something becomes public or ceases to be so; those of the past go.
CREATE TABLE publishing_moment (at TIMESTAMPTZ NOT NULL);
CREATE INDEX publishing_moment_at ON publishing_moment (at);

-- Once in a transaction. `lay_rights` puts it on each table from which the public is answered.
CREATE FUNCTION publishing_move_revision() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('majlis.moved_by', TRUE) IS DISTINCT FROM pg_current_xact_id()::text THEN
        DELETE FROM public.publishing_lastwrite WHERE id IN (SELECT id FROM public.publishing_lastwrite FOR UPDATE SKIP LOCKED);
        INSERT INTO public.publishing_lastwrite DEFAULT VALUES;
        DELETE FROM public.publishing_moment WHERE ctid IN (
            SELECT ctid FROM public.publishing_moment WHERE at < now() - interval '1 hour' FOR UPDATE SKIP LOCKED
        );
        PERFORM set_config('majlis.moved_by', pg_current_xact_id()::text, TRUE);
    END IF;
    RETURN NULL;
END $$;

-- Notes the moments in the columns that are its arguments. Those of the last minute too: the clock of who asks may
-- be behind that of who wrote.
CREATE FUNCTION publishing_note_moments() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE name TEXT; moment TIMESTAMPTZ;
BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        EXECUTE format('SELECT ($1).%I', name) INTO moment USING NEW;
        IF moment > now() - interval '1 minute' AND NOT EXISTS (SELECT FROM public.publishing_moment WHERE at = moment) THEN
            INSERT INTO public.publishing_moment VALUES (moment);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- The revision as of `clock`, the clock of who asks; NULL for a transaction that has written, for it sees what nobody
-- else does. It also changes with the day, in UTC and where days begin first. Runs with the rights of the owner and
-- tells the reader no moment that is still to come. STABLE, so that all of it is of one snapshot.
CREATE FUNCTION publishing_revision(clock TIMESTAMPTZ) RETURNS TEXT
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE moment TIMESTAMPTZ := LEAST(clock, statement_timestamp());
BEGIN
    IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT string_agg(id::text, ' ' ORDER BY id) FROM publishing_lastwrite)
        || ' ' || COALESCE((SELECT extract(epoch FROM max(at))::text FROM publishing_moment WHERE at <= moment), 'none')
        || ' ' || (moment AT TIME ZONE 'UTC')::date || ' ' || (moment AT TIME ZONE 'UTC' + interval '14 hours')::date;
END $$;

INSERT INTO publishing_lastwrite DEFAULT VALUES;
