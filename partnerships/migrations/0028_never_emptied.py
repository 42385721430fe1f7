import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0027_corrected_once"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="instrumentaction",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            RAISE EXCEPTION 'Rows of partnerships_instrumentaction are never changed or deleted: append one that corrects.'\n                USING ERRCODE = 'restrict_violation', TABLE = 'partnerships_instrumentaction';\n        ",
                    hash="ed343994e4bf0d706a728b282e01002f60d914b1",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_271b7",
                    table="partnerships_instrumentaction",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="officialposition",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            RAISE EXCEPTION 'Rows of partnerships_officialposition are never changed or deleted: append one that corrects.'\n                USING ERRCODE = 'restrict_violation', TABLE = 'partnerships_officialposition';\n        ",
                    hash="3b6e6b7eaf3462e82965fe45c7f47e6db089e1ff",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_fb057",
                    table="partnerships_officialposition",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resolution",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            RAISE EXCEPTION 'Rows of partnerships_resolution are never changed or deleted: append one that corrects.'\n                USING ERRCODE = 'restrict_violation', TABLE = 'partnerships_resolution';\n        ",
                    hash="1ac51f7bd025b01b366e6606f6e4f23b4761d2dc",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_cd283",
                    table="partnerships_resolution",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="review",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            RAISE EXCEPTION 'Rows of partnerships_review are never changed or deleted: append one that corrects.'\n                USING ERRCODE = 'restrict_violation', TABLE = 'partnerships_review';\n        ",
                    hash="06eb425920c2fb67e2955dfe242c9d3f2425fc66",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_0d840",
                    table="partnerships_review",
                    when="BEFORE",
                ),
            ),
        ),
    ]
