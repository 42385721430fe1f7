from pathlib import Path

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0004_groups"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="recommendation",
            name="publication_rules",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="recommendation",
            name="changed_update",
        ),
        migrations.AddField(
            model_name="addressee",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="confirmation",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="currentstatus",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="fulfilment",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="objective",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="recommendationlink",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="response",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="statusentry",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recommendation",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE lang TEXT; texts_new JSONB; texts_old JSONB;",
                    func="\n            IF TG_OP = 'DELETE' THEN\n                IF OLD.published_at IS NOT NULL THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, never deleted.'\n                        USING ERRCODE = 'restrict_violation', TABLE = 'recommendations_recommendation';\n                END IF;\n                RETURN OLD;\n            END IF;\n            IF TG_OP = 'UPDATE' THEN\n                IF OLD.state IN ('published', 'withdrawn') AND NEW.state IN ('draft', 'in_review') THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, it does not become a draft again.'\n                        USING ERRCODE = 'check_violation', TABLE = 'recommendations_recommendation', COLUMN = 'state',\n                              CONSTRAINT = 'recommendations_recommendation_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND (OLD.embargo_until IS NULL OR OLD.embargo_until <= now())\n                   AND NEW.state = 'published' AND NEW.embargo_until > now()\n                THEN\n                    RAISE EXCEPTION 'It is public already: withdraw it instead of setting an embargo.'\n                        USING ERRCODE = 'check_violation', TABLE = 'recommendations_recommendation', COLUMN = 'embargo_until',\n                              CONSTRAINT = 'recommendations_recommendation_publication_rules';\n                END IF;\n                IF NEW.public_id IS DISTINCT FROM OLD.public_id THEN\n                    RAISE EXCEPTION 'A public id is permanent.'\n                        USING ERRCODE = 'check_violation', TABLE = 'recommendations_recommendation', COLUMN = 'public_id',\n                              CONSTRAINT = 'recommendations_recommendation_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND NEW.state = 'published' AND NEW.version = OLD.version\n                   AND (to_jsonb(NEW) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from'])\n                THEN\n                    NEW.version := OLD.version + 1;\n                END IF;\n            END IF;\n            FOREACH lang IN ARRAY ARRAY['en', 'tr', 'ar'] LOOP\n                SELECT jsonb_object_agg(key, value) INTO texts_new FROM jsonb_each(to_jsonb(NEW))\n                    WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                IF TG_OP = 'UPDATE' THEN\n                    SELECT jsonb_object_agg(key, value) INTO texts_old FROM jsonb_each(to_jsonb(OLD))\n                        WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                END IF;\n                IF texts_new IS DISTINCT FROM texts_old THEN\n                    NEW.texts_changed_at := NEW.texts_changed_at || jsonb_build_object(lang, now());\n                END IF;\n                texts_old := NULL;\n            END LOOP;\n            RETURN NEW;\n        ",
                    hash="2a9dc54838c4dcd7dd69766e2df71f3e1a17a72a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_publication_rules_05b09",
                    table="recommendations_recommendation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recommendation",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."embargo_until" IS DISTINCT FROM (NEW."embargo_until") OR OLD."event_id" IS DISTINCT FROM (NEW."event_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."original_language" IS DISTINCT FROM (NEW."original_language") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."point_id" IS DISTINCT FROM (NEW."point_id") OR OLD."priority" IS DISTINCT FROM (NEW."priority") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."reviewer_id" IS DISTINCT FROM (NEW."reviewer_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."strength" IS DISTINCT FROM (NEW."strength") OR OLD."target_date" IS DISTINCT FROM (NEW."target_date") OR OLD."test_of_done" IS DISTINCT FROM (NEW."test_of_done") OR OLD."test_of_done_ar" IS DISTINCT FROM (NEW."test_of_done_ar") OR OLD."test_of_done_en" IS DISTINCT FROM (NEW."test_of_done_en") OR OLD."test_of_done_tr" IS DISTINCT FROM (NEW."test_of_done_tr") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."text_ar" IS DISTINCT FROM (NEW."text_ar") OR OLD."text_en" IS DISTINCT FROM (NEW."text_en") OR OLD."text_tr" IS DISTINCT FROM (NEW."text_tr") OR OLD."texts_changed_at" IS DISTINCT FROM (NEW."texts_changed_at") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."title_ar" IS DISTINCT FROM (NEW."title_ar") OR OLD."title_en" IS DISTINCT FROM (NEW."title_en") OR OLD."title_tr" IS DISTINCT FROM (NEW."title_tr") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."version_note" IS DISTINCT FROM (NEW."version_note") OR OLD."withdrawal_note" IS DISTINCT FROM (NEW."withdrawal_note") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                    func='INSERT INTO "recommendations_recommendationversion" ("author_id", "created_at", "embargo_until", "event_id", "id", "original_language", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point_id", "priority", "public_id", "published_at", "reference", "reviewer_id", "state", "strength", "target_date", "test_of_done", "test_of_done_ar", "test_of_done_en", "test_of_done_tr", "text", "text_ar", "text_en", "text_tr", "texts_changed_at", "title", "title_ar", "title_en", "title_tr", "version", "version_note", "withdrawal_note", "withdrawn_at") VALUES (NEW."author_id", NEW."created_at", NEW."embargo_until", NEW."event_id", NEW."id", NEW."original_language", NEW."parent_id", _pgh_attach_context(), NOW(), \'changed\', NEW."id", NEW."point_id", NEW."priority", NEW."public_id", NEW."published_at", NEW."reference", NEW."reviewer_id", NEW."state", NEW."strength", NEW."target_date", NEW."test_of_done", NEW."test_of_done_ar", NEW."test_of_done_en", NEW."test_of_done_tr", NEW."text", NEW."text_ar", NEW."text_en", NEW."text_tr", NEW."texts_changed_at", NEW."title", NEW."title_ar", NEW."title_en", NEW."title_tr", NEW."version", NEW."version_note", NEW."withdrawal_note", NEW."withdrawn_at"); RETURN NULL;',
                    hash="d19289b53b8969b8ff4ea3a48489beffb42c8f68",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_67a2f",
                    table="recommendations_recommendation",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL((Path(__file__).parent / "sql" / "public_from.sql").read_text()),
    ]
