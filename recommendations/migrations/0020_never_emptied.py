import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0019_evidence_cites_what_stands"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="response",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            RAISE EXCEPTION 'Rows of recommendations_response are never changed or deleted: append one that corrects.'\n                USING ERRCODE = 'restrict_violation', TABLE = 'recommendations_response';\n        ",
                    hash="977227c41760b7306a6538a5711cd83f37d3637a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_d7d03",
                    table="recommendations_response",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statusentry",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            RAISE EXCEPTION 'Rows of recommendations_statusentry are never changed or deleted: append one that corrects.'\n                USING ERRCODE = 'restrict_violation', TABLE = 'recommendations_statusentry';\n        ",
                    hash="9445ce87250bde9e969e9c9c4001062432ffc3a7",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_441b6",
                    table="recommendations_statusentry",
                    when="BEFORE",
                ),
            ),
        ),
    ]
