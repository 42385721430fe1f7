-- The role as which the public reads. Roles belong to the server, which may hold many databases.
-- What it may read is declared on each model and laid after every migrate: publishing/reader/rights.py.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'majlis_reader') THEN
        BEGIN
            CREATE ROLE majlis_reader NOLOGIN;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;  -- Another database of this server was migrated at the same moment.
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'The role majlis_reader is missing, and % may not make it.', CURRENT_USER
                    USING HINT = 'Have a superuser run what “manage.py lay_rights --sql” prints.';
        END;
    END IF;
    -- From PostgreSQL 16 on, membership and the right to take on the role are two things.
    IF NOT pg_has_role(CURRENT_USER, 'majlis_reader', CASE
        WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
    THEN
        EXECUTE format('GRANT majlis_reader TO %I', CURRENT_USER);
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO majlis_reader;
