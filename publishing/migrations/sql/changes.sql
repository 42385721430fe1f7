-- The feed of changes: one function puts a line into it, one says up to when it is settled.

-- Whoever writes to the feed locks this empty table until the end of the transaction, so that the lines are dated in
-- the order of the commits. The public has no privilege on it, and so no lock that the desk waits for.
CREATE TABLE publishing_changeorder ();

-- Puts one line into the feed of changes; twice in one transaction counts once.
CREATE FUNCTION publishing_announce(kind text, public_id text, identifier text, event text, note text, version integer, not_before TIMESTAMPTZ) RETURNS void
LANGUAGE plpgsql AS $_$
DECLARE moment TIMESTAMPTZ;
BEGIN
    LOCK TABLE publishing_changeorder IN EXCLUSIVE MODE;
    moment := clock_timestamp();
    INSERT INTO publishing_change
        (kind, public_id, identifier, event, note, version, recorded_at, effective_at, transaction_id)
    VALUES ($1, $2, $3, $4, $5, $6, moment, GREATEST(moment, $7), txid_current())
    ON CONFLICT DO NOTHING;
END $_$;

-- Gives a moment before which every line of the feed is dated that is or will be committed by a transaction that
-- has dated one by now. Runs with the rights of the owner, for the public may lock nothing, and gives the lock
-- back before it answers, also when it is stopped: what is locked within a block goes with the block's error.
CREATE FUNCTION publishing_changes_settled_at() RETURNS TIMESTAMPTZ
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE moment TIMESTAMPTZ;
BEGIN
    LOCK TABLE publishing_changeorder IN SHARE MODE;
    moment := clock_timestamp();
    RAISE EXCEPTION USING ERRCODE = 'MJ001';
EXCEPTION WHEN SQLSTATE 'MJ001' THEN
    RETURN moment;
END $$;
