import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0023_quantities_up_to_are_not_negative"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="resolution",
            trigger=pgtrigger.compiler.Trigger(
                name="cites_what_stands",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."source_id" IS NOT NULL)',
                    declare="DECLARE standing TEXT;",
                    func="\n            IF TG_OP = 'UPDATE' AND NEW.source_id IS NOT DISTINCT FROM OLD.source_id THEN\n                RETURN NEW;\n            END IF;\n            SELECT source.state INTO standing FROM partnerships_source AS source\n                WHERE source.id = NEW.source_id FOR SHARE;\n            IF standing = 'withdrawn' THEN\n                RAISE EXCEPTION 'This source was withdrawn: cite another one, or have it published again first.'\n                    USING ERRCODE = 'check_violation', TABLE = 'partnerships_resolution', COLUMN = 'source_id',\n                          CONSTRAINT = 'partnerships_resolution_cites_what_stands';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="0e22efb195ac9bcf7eaae257ffbc6500212a69d7",
                    operation="INSERT",
                    pgid="pgtrigger_cites_what_stands_e7ad7",
                    table="partnerships_resolution",
                    when="BEFORE",
                ),
            ),
        ),
    ]
