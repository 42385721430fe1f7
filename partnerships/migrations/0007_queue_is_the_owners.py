from django.db import migrations

from partnerships.row_policies import Declaration

FUNCTIONS = """
DO $$
DECLARE queue regprocedure;
BEGIN
    FOR queue IN
        SELECT oid FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'procrastinate%'
    LOOP
        EXECUTE format('{statement}', queue);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    """PostgreSQL lets everybody call a new function; those of the queue are for who writes to its tables."""

    dependencies = [
        ("partnerships", "0006_reader_knows_migrations"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        Declaration(
            FUNCTIONS.format(statement="REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC"),
            reverse_sql=FUNCTIONS.format(statement="GRANT EXECUTE ON FUNCTION %s TO PUBLIC"),
            declares=lambda declared: declared.reserved_families.add("procrastinate"),
        )
    ]
