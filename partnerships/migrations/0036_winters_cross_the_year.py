from django.db import migrations

WINTERS = (
    ("partnerships_claim", "valid"),
    ("partnerships_instrumentaction", "date"),
    ("partnerships_source", "date"),
)

END_IN_FEBRUARY = """
-- What is recorded stays: it is the last day that its words can mean which was reckoned as the end of December.
-- Nobody has to be told of it, and no version is made.
ALTER TABLE {table} DISABLE TRIGGER USER;
UPDATE {table} SET {name}_latest = make_date(left(right({name}, 7), 4)::INTEGER + 1, 3, 1) - 1
    WHERE {name} ~ '(^|/)[0-9]{{4}}-24$' AND {name} !~ '9999-24$';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE {table} ENABLE TRIGGER USER;
"""

DUE_ONE_WINTER_LATER = """
SELECT partnerships_keep_claim_standing(id) FROM partnerships_claim WHERE kind = 'forecast' AND valid ~ '(^|/)[0-9]{4}-24$';
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0035_sent_form")]
    operations = [
        migrations.RunSQL(END_IN_FEBRUARY.format(table=table, name=name), reverse_sql=migrations.RunSQL.noop)
        for table, name in WINTERS
    ] + [migrations.RunSQL(DUE_ONE_WINTER_LATER, reverse_sql=migrations.RunSQL.noop)]
