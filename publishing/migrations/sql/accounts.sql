-- What the database keeps of accounts: clean names, and the groups of the desk.

ALTER TABLE auth_user
    ADD CONSTRAINT auth_user_username_is_clean CHECK (majlis_is_clean(username, false)),
    ADD CONSTRAINT auth_user_first_name_is_clean CHECK (majlis_is_clean(first_name, false)),
    ADD CONSTRAINT auth_user_last_name_is_clean CHECK (majlis_is_clean(last_name, false)),
    ADD CONSTRAINT auth_user_email_is_clean CHECK (majlis_is_clean(email, false));
ALTER TABLE auth_group
    ADD CONSTRAINT auth_group_name_is_clean CHECK (majlis_is_clean(name, false));

CREATE FUNCTION keep_groups_of_the_desk() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.name = OLD.name THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The groups of the desk are neither renamed nor deleted: their names decide what their members may do.'
        USING ERRCODE = 'restrict_violation', TABLE = 'auth_group';
END $$;

REVOKE EXECUTE ON FUNCTION keep_groups_of_the_desk() FROM PUBLIC;
CREATE TRIGGER keep_groups_of_the_desk BEFORE UPDATE OF name OR DELETE ON auth_group
    FOR EACH ROW WHEN (OLD.name IN ('editors', 'reviewers', 'administrators', 'convenors'))
    EXECUTE FUNCTION keep_groups_of_the_desk();
