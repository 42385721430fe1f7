from django.db import migrations

from partnerships.row_policies import reserved

CAN_BE = r"""
CREATE FUNCTION partnerships_can_be(said TEXT) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- What partial_date.py reads of EDTF, levels 0 and 1: its shape, and that each day named is in the calendar.
    SELECT CASE
        WHEN said !~ (
            SELECT '^(?:' || one || '|' || one || '/(?:' || one || '|(?:\.\.)?)|(?:\.\.)?/' || one || ')$'
            -- Seasons have no qualifier: the library cannot tell their days then.
            FROM (SELECT '(?:[0-9]{4}-2[1-4]|(?:[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?'
                || '|[0-9]{3}X|[0-9]{2}XX|[0-9]{4}-XX(?:-XX)?|[0-9]{4}-(?:0[1-9]|1[0-2])-XX)[?~%]?)' AS one) AS shape
        ) THEN FALSE
        WHEN said ~ '^(?:0000|000X|00XX)|/0000' THEN FALSE
        ELSE NOT EXISTS (
            SELECT 1 FROM regexp_matches(said, '([0-9]{4})-([0-9]{2})-([0-9]{2})', 'g') AS day
            WHERE day[3]::INTEGER > extract(
                DAY FROM make_date(day[1]::INTEGER, day[2]::INTEGER, 1) + INTERVAL '1 month' - INTERVAL '1 day'
            )
        )
    END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0013_verification")]
    operations = [
        migrations.RunSQL(CAN_BE, reverse_sql="DROP FUNCTION partnerships_can_be(TEXT);"),
        reserved("partnerships_can_be(text)"),
    ]
