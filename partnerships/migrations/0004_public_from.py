from pathlib import Path

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0003_search_indexes"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="actor",
            name="publication_rules",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="actor",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="claim",
            name="publication_rules",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="claim",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="partnership",
            name="publication_rules",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="partnership",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="source",
            name="publication_rules",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="source",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="topic",
            name="publication_rules",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="topic",
            name="changed_update",
        ),
        migrations.AddField(
            model_name="actor",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="citation",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="claim",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="claimlink",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="claimsubject",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="cooperation",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="instrument",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="instrumentaction",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="instrumentobligation",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="membership",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="officialposition",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="partnership",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="partnershiplink",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="party",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="resolution",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="review",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="source",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="topic",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AlterField(
            model_name="currentverification",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="actor",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE lang TEXT; texts_new JSONB; texts_old JSONB;",
                    func="\n            IF TG_OP = 'DELETE' THEN\n                IF OLD.published_at IS NOT NULL THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, never deleted.'\n                        USING ERRCODE = 'restrict_violation', TABLE = 'partnerships_actor';\n                END IF;\n                RETURN OLD;\n            END IF;\n            IF TG_OP = 'UPDATE' THEN\n                IF OLD.state IN ('published', 'withdrawn') AND NEW.state IN ('draft', 'in_review') THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, it does not become a draft again.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_actor', COLUMN = 'state',\n                              CONSTRAINT = 'partnerships_actor_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND (OLD.embargo_until IS NULL OR OLD.embargo_until <= now())\n                   AND NEW.state = 'published' AND NEW.embargo_until > now()\n                THEN\n                    RAISE EXCEPTION 'It is public already: withdraw it instead of setting an embargo.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_actor', COLUMN = 'embargo_until',\n                              CONSTRAINT = 'partnerships_actor_publication_rules';\n                END IF;\n                IF NEW.public_id IS DISTINCT FROM OLD.public_id THEN\n                    RAISE EXCEPTION 'A public id is permanent.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_actor', COLUMN = 'public_id',\n                              CONSTRAINT = 'partnerships_actor_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND NEW.state = 'published' AND NEW.version = OLD.version\n                   AND (to_jsonb(NEW) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from'])\n                THEN\n                    NEW.version := OLD.version + 1;\n                END IF;\n            END IF;\n            FOREACH lang IN ARRAY ARRAY['en', 'tr', 'ar'] LOOP\n                SELECT jsonb_object_agg(key, value) INTO texts_new FROM jsonb_each(to_jsonb(NEW))\n                    WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                IF TG_OP = 'UPDATE' THEN\n                    SELECT jsonb_object_agg(key, value) INTO texts_old FROM jsonb_each(to_jsonb(OLD))\n                        WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                END IF;\n                IF texts_new IS DISTINCT FROM texts_old THEN\n                    NEW.texts_changed_at := NEW.texts_changed_at || jsonb_build_object(lang, now());\n                END IF;\n                texts_old := NULL;\n            END LOOP;\n            RETURN NEW;\n        ",
                    hash="b0421490d9cc229a904a1a123a52a5147409adff",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_publication_rules_a15f3",
                    table="partnerships_actor",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="actor",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."embargo_until" IS DISTINCT FROM (NEW."embargo_until") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."iso_code" IS DISTINCT FROM (NEW."iso_code") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_ar" IS DISTINCT FROM (NEW."name_ar") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."name_tr" IS DISTINCT FROM (NEW."name_tr") OR OLD."original_language" IS DISTINCT FROM (NEW."original_language") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."reviewer_id" IS DISTINCT FROM (NEW."reviewer_id") OR OLD."short_name" IS DISTINCT FROM (NEW."short_name") OR OLD."short_name_ar" IS DISTINCT FROM (NEW."short_name_ar") OR OLD."short_name_en" IS DISTINCT FROM (NEW."short_name_en") OR OLD."short_name_tr" IS DISTINCT FROM (NEW."short_name_tr") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."texts_changed_at" IS DISTINCT FROM (NEW."texts_changed_at") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."version_note" IS DISTINCT FROM (NEW."version_note") OR OLD."wikidata_id" IS DISTINCT FROM (NEW."wikidata_id") OR OLD."withdrawal_note" IS DISTINCT FROM (NEW."withdrawal_note") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                    func='INSERT INTO "partnerships_actorversion" ("author_id", "created_at", "embargo_until", "id", "iso_code", "kind", "name", "name_ar", "name_en", "name_tr", "original_language", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "reviewer_id", "short_name", "short_name_ar", "short_name_en", "short_name_tr", "slug", "state", "texts_changed_at", "version", "version_note", "wikidata_id", "withdrawal_note", "withdrawn_at") VALUES (NEW."author_id", NEW."created_at", NEW."embargo_until", NEW."id", NEW."iso_code", NEW."kind", NEW."name", NEW."name_ar", NEW."name_en", NEW."name_tr", NEW."original_language", NEW."parent_id", _pgh_attach_context(), NOW(), \'changed\', NEW."id", NEW."public_id", NEW."published_at", NEW."reviewer_id", NEW."short_name", NEW."short_name_ar", NEW."short_name_en", NEW."short_name_tr", NEW."slug", NEW."state", NEW."texts_changed_at", NEW."version", NEW."version_note", NEW."wikidata_id", NEW."withdrawal_note", NEW."withdrawn_at"); RETURN NULL;',
                    hash="243c6212c23eef26fb59bb7d53ada4b364e8d492",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_cfa9f",
                    table="partnerships_actor",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE lang TEXT; texts_new JSONB; texts_old JSONB;",
                    func="\n            IF TG_OP = 'DELETE' THEN\n                IF OLD.published_at IS NOT NULL THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, never deleted.'\n                        USING ERRCODE = 'restrict_violation', TABLE = 'partnerships_claim';\n                END IF;\n                RETURN OLD;\n            END IF;\n            IF TG_OP = 'UPDATE' THEN\n                IF OLD.state IN ('published', 'withdrawn') AND NEW.state IN ('draft', 'in_review') THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, it does not become a draft again.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_claim', COLUMN = 'state',\n                              CONSTRAINT = 'partnerships_claim_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND (OLD.embargo_until IS NULL OR OLD.embargo_until <= now())\n                   AND NEW.state = 'published' AND NEW.embargo_until > now()\n                THEN\n                    RAISE EXCEPTION 'It is public already: withdraw it instead of setting an embargo.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_claim', COLUMN = 'embargo_until',\n                              CONSTRAINT = 'partnerships_claim_publication_rules';\n                END IF;\n                IF NEW.public_id IS DISTINCT FROM OLD.public_id THEN\n                    RAISE EXCEPTION 'A public id is permanent.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_claim', COLUMN = 'public_id',\n                              CONSTRAINT = 'partnerships_claim_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND NEW.state = 'published' AND NEW.version = OLD.version\n                   AND (to_jsonb(NEW) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from'])\n                THEN\n                    NEW.version := OLD.version + 1;\n                END IF;\n            END IF;\n            FOREACH lang IN ARRAY ARRAY['en', 'tr', 'ar'] LOOP\n                SELECT jsonb_object_agg(key, value) INTO texts_new FROM jsonb_each(to_jsonb(NEW))\n                    WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                IF TG_OP = 'UPDATE' THEN\n                    SELECT jsonb_object_agg(key, value) INTO texts_old FROM jsonb_each(to_jsonb(OLD))\n                        WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                END IF;\n                IF texts_new IS DISTINCT FROM texts_old THEN\n                    NEW.texts_changed_at := NEW.texts_changed_at || jsonb_build_object(lang, now());\n                END IF;\n                texts_old := NULL;\n            END LOOP;\n            RETURN NEW;\n        ",
                    hash="da9c44bd5041abc5025365b51bb3b656355a2963",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_publication_rules_82585",
                    table="partnerships_claim",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."asserted_by_id" IS DISTINCT FROM (NEW."asserted_by_id") OR OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."context" IS DISTINCT FROM (NEW."context") OR OLD."context_ar" IS DISTINCT FROM (NEW."context_ar") OR OLD."context_en" IS DISTINCT FROM (NEW."context_en") OR OLD."context_tr" IS DISTINCT FROM (NEW."context_tr") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."embargo_until" IS DISTINCT FROM (NEW."embargo_until") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."likelihood" IS DISTINCT FROM (NEW."likelihood") OR OLD."original_language" IS DISTINCT FROM (NEW."original_language") OR OLD."perspective_id" IS DISTINCT FROM (NEW."perspective_id") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."quantity_approximate" IS DISTINCT FROM (NEW."quantity_approximate") OR OLD."quantity_max" IS DISTINCT FROM (NEW."quantity_max") OR OLD."quantity_min" IS DISTINCT FROM (NEW."quantity_min") OR OLD."review_by" IS DISTINCT FROM (NEW."review_by") OR OLD."reviewer_id" IS DISTINCT FROM (NEW."reviewer_id") OR OLD."sensitive" IS DISTINCT FROM (NEW."sensitive") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."statement" IS DISTINCT FROM (NEW."statement") OR OLD."statement_ar" IS DISTINCT FROM (NEW."statement_ar") OR OLD."statement_en" IS DISTINCT FROM (NEW."statement_en") OR OLD."statement_tr" IS DISTINCT FROM (NEW."statement_tr") OR OLD."texts_changed_at" IS DISTINCT FROM (NEW."texts_changed_at") OR OLD."unit" IS DISTINCT FROM (NEW."unit") OR OLD."valid" IS DISTINCT FROM (NEW."valid") OR OLD."valid_earliest" IS DISTINCT FROM (NEW."valid_earliest") OR OLD."valid_latest" IS DISTINCT FROM (NEW."valid_latest") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."version_note" IS DISTINCT FROM (NEW."version_note") OR OLD."withdrawal_note" IS DISTINCT FROM (NEW."withdrawal_note") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                    func='INSERT INTO "partnerships_claimversion" ("asserted_by_id", "author_id", "context", "context_ar", "context_en", "context_tr", "created_at", "currency", "embargo_until", "id", "key", "kind", "likelihood", "original_language", "perspective_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "quantity_approximate", "quantity_max", "quantity_min", "review_by", "reviewer_id", "sensitive", "state", "statement", "statement_ar", "statement_en", "statement_tr", "texts_changed_at", "unit", "valid", "valid_earliest", "valid_latest", "version", "version_note", "withdrawal_note", "withdrawn_at") VALUES (NEW."asserted_by_id", NEW."author_id", NEW."context", NEW."context_ar", NEW."context_en", NEW."context_tr", NEW."created_at", NEW."currency", NEW."embargo_until", NEW."id", NEW."key", NEW."kind", NEW."likelihood", NEW."original_language", NEW."perspective_id", _pgh_attach_context(), NOW(), \'changed\', NEW."id", NEW."public_id", NEW."published_at", NEW."quantity_approximate", NEW."quantity_max", NEW."quantity_min", NEW."review_by", NEW."reviewer_id", NEW."sensitive", NEW."state", NEW."statement", NEW."statement_ar", NEW."statement_en", NEW."statement_tr", NEW."texts_changed_at", NEW."unit", NEW."valid", NEW."valid_earliest", NEW."valid_latest", NEW."version", NEW."version_note", NEW."withdrawal_note", NEW."withdrawn_at"); RETURN NULL;',
                    hash="7398ceb700701949a5439737976aea36561badbb",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_cf636",
                    table="partnerships_claim",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnership",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE lang TEXT; texts_new JSONB; texts_old JSONB;",
                    func="\n            IF TG_OP = 'DELETE' THEN\n                IF OLD.published_at IS NOT NULL THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, never deleted.'\n                        USING ERRCODE = 'restrict_violation', TABLE = 'partnerships_partnership';\n                END IF;\n                RETURN OLD;\n            END IF;\n            IF TG_OP = 'UPDATE' THEN\n                IF OLD.state IN ('published', 'withdrawn') AND NEW.state IN ('draft', 'in_review') THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, it does not become a draft again.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_partnership', COLUMN = 'state',\n                              CONSTRAINT = 'partnerships_partnership_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND (OLD.embargo_until IS NULL OR OLD.embargo_until <= now())\n                   AND NEW.state = 'published' AND NEW.embargo_until > now()\n                THEN\n                    RAISE EXCEPTION 'It is public already: withdraw it instead of setting an embargo.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_partnership', COLUMN = 'embargo_until',\n                              CONSTRAINT = 'partnerships_partnership_publication_rules';\n                END IF;\n                IF NEW.public_id IS DISTINCT FROM OLD.public_id THEN\n                    RAISE EXCEPTION 'A public id is permanent.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_partnership', COLUMN = 'public_id',\n                              CONSTRAINT = 'partnerships_partnership_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND NEW.state = 'published' AND NEW.version = OLD.version\n                   AND (to_jsonb(NEW) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from'])\n                THEN\n                    NEW.version := OLD.version + 1;\n                END IF;\n            END IF;\n            FOREACH lang IN ARRAY ARRAY['en', 'tr', 'ar'] LOOP\n                SELECT jsonb_object_agg(key, value) INTO texts_new FROM jsonb_each(to_jsonb(NEW))\n                    WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                IF TG_OP = 'UPDATE' THEN\n                    SELECT jsonb_object_agg(key, value) INTO texts_old FROM jsonb_each(to_jsonb(OLD))\n                        WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                END IF;\n                IF texts_new IS DISTINCT FROM texts_old THEN\n                    NEW.texts_changed_at := NEW.texts_changed_at || jsonb_build_object(lang, now());\n                END IF;\n                texts_old := NULL;\n            END LOOP;\n            RETURN NEW;\n        ",
                    hash="4983f50ac7a1cad4b7c36b51691f7ed4fde81bdc",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_publication_rules_b3ba0",
                    table="partnerships_partnership",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnership",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."embargo_until" IS DISTINCT FROM (NEW."embargo_until") OR OLD."form" IS DISTINCT FROM (NEW."form") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_ar" IS DISTINCT FROM (NEW."name_ar") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."name_tr" IS DISTINCT FROM (NEW."name_tr") OR OLD."original_language" IS DISTINCT FROM (NEW."original_language") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."reviewer_id" IS DISTINCT FROM (NEW."reviewer_id") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."summary_ar" IS DISTINCT FROM (NEW."summary_ar") OR OLD."summary_en" IS DISTINCT FROM (NEW."summary_en") OR OLD."summary_tr" IS DISTINCT FROM (NEW."summary_tr") OR OLD."texts_changed_at" IS DISTINCT FROM (NEW."texts_changed_at") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."version_note" IS DISTINCT FROM (NEW."version_note") OR OLD."withdrawal_note" IS DISTINCT FROM (NEW."withdrawal_note") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                    func='INSERT INTO "partnerships_partnershipversion" ("author_id", "created_at", "embargo_until", "form", "id", "name", "name_ar", "name_en", "name_tr", "original_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "reviewer_id", "slug", "state", "status", "summary", "summary_ar", "summary_en", "summary_tr", "texts_changed_at", "version", "version_note", "withdrawal_note", "withdrawn_at") VALUES (NEW."author_id", NEW."created_at", NEW."embargo_until", NEW."form", NEW."id", NEW."name", NEW."name_ar", NEW."name_en", NEW."name_tr", NEW."original_language", _pgh_attach_context(), NOW(), \'changed\', NEW."id", NEW."public_id", NEW."published_at", NEW."reviewer_id", NEW."slug", NEW."state", NEW."status", NEW."summary", NEW."summary_ar", NEW."summary_en", NEW."summary_tr", NEW."texts_changed_at", NEW."version", NEW."version_note", NEW."withdrawal_note", NEW."withdrawn_at"); RETURN NULL;',
                    hash="cb1893020061f1960ab41d52998df80d4550e870",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_1d3a5",
                    table="partnerships_partnership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE lang TEXT; texts_new JSONB; texts_old JSONB;",
                    func="\n            IF TG_OP = 'DELETE' THEN\n                IF OLD.published_at IS NOT NULL THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, never deleted.'\n                        USING ERRCODE = 'restrict_violation', TABLE = 'partnerships_source';\n                END IF;\n                RETURN OLD;\n            END IF;\n            IF TG_OP = 'UPDATE' THEN\n                IF OLD.state IN ('published', 'withdrawn') AND NEW.state IN ('draft', 'in_review') THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, it does not become a draft again.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_source', COLUMN = 'state',\n                              CONSTRAINT = 'partnerships_source_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND (OLD.embargo_until IS NULL OR OLD.embargo_until <= now())\n                   AND NEW.state = 'published' AND NEW.embargo_until > now()\n                THEN\n                    RAISE EXCEPTION 'It is public already: withdraw it instead of setting an embargo.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_source', COLUMN = 'embargo_until',\n                              CONSTRAINT = 'partnerships_source_publication_rules';\n                END IF;\n                IF NEW.public_id IS DISTINCT FROM OLD.public_id THEN\n                    RAISE EXCEPTION 'A public id is permanent.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_source', COLUMN = 'public_id',\n                              CONSTRAINT = 'partnerships_source_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND NEW.state = 'published' AND NEW.version = OLD.version\n                   AND (to_jsonb(NEW) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from', 'archived_sha256', 'archived_date', 'gone_since']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from', 'archived_sha256', 'archived_date', 'gone_since'])\n                THEN\n                    NEW.version := OLD.version + 1;\n                END IF;\n            END IF;\n            FOREACH lang IN ARRAY ARRAY['en', 'tr', 'ar'] LOOP\n                SELECT jsonb_object_agg(key, value) INTO texts_new FROM jsonb_each(to_jsonb(NEW))\n                    WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                IF TG_OP = 'UPDATE' THEN\n                    SELECT jsonb_object_agg(key, value) INTO texts_old FROM jsonb_each(to_jsonb(OLD))\n                        WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                END IF;\n                IF texts_new IS DISTINCT FROM texts_old THEN\n                    NEW.texts_changed_at := NEW.texts_changed_at || jsonb_build_object(lang, now());\n                END IF;\n                texts_old := NULL;\n            END LOOP;\n            RETURN NEW;\n        ",
                    hash="83174d9105b286ffe1f0329407e9339df6815a18",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_publication_rules_7cd4f",
                    table="partnerships_source",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."accessed_date" IS DISTINCT FROM (NEW."accessed_date") OR OLD."archived_date" IS DISTINCT FROM (NEW."archived_date") OR OLD."archived_sha256" IS DISTINCT FROM (NEW."archived_sha256") OR OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."author_name" IS DISTINCT FROM (NEW."author_name") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."date" IS DISTINCT FROM (NEW."date") OR OLD."date_earliest" IS DISTINCT FROM (NEW."date_earliest") OR OLD."date_latest" IS DISTINCT FROM (NEW."date_latest") OR OLD."embargo_until" IS DISTINCT FROM (NEW."embargo_until") OR OLD."gone_since" IS DISTINCT FROM (NEW."gone_since") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."note_ar" IS DISTINCT FROM (NEW."note_ar") OR OLD."note_en" IS DISTINCT FROM (NEW."note_en") OR OLD."note_tr" IS DISTINCT FROM (NEW."note_tr") OR OLD."original_language" IS DISTINCT FROM (NEW."original_language") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."publisher_id" IS DISTINCT FROM (NEW."publisher_id") OR OLD."publisher_name" IS DISTINCT FROM (NEW."publisher_name") OR OLD."reviewer_id" IS DISTINCT FROM (NEW."reviewer_id") OR OLD."source_language" IS DISTINCT FROM (NEW."source_language") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."texts_changed_at" IS DISTINCT FROM (NEW."texts_changed_at") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."title_ar" IS DISTINCT FROM (NEW."title_ar") OR OLD."title_en" IS DISTINCT FROM (NEW."title_en") OR OLD."title_tr" IS DISTINCT FROM (NEW."title_tr") OR OLD."url" IS DISTINCT FROM (NEW."url") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."version_note" IS DISTINCT FROM (NEW."version_note") OR OLD."withdrawal_note" IS DISTINCT FROM (NEW."withdrawal_note") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                    func='INSERT INTO "partnerships_sourceversion" ("accessed_date", "archived_date", "archived_sha256", "author_id", "author_name", "created_at", "date", "date_earliest", "date_latest", "embargo_until", "gone_since", "id", "key", "note", "note_ar", "note_en", "note_tr", "original_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "publisher_id", "publisher_name", "reviewer_id", "source_language", "state", "texts_changed_at", "title", "title_ar", "title_en", "title_tr", "url", "version", "version_note", "withdrawal_note", "withdrawn_at") VALUES (NEW."accessed_date", NEW."archived_date", NEW."archived_sha256", NEW."author_id", NEW."author_name", NEW."created_at", NEW."date", NEW."date_earliest", NEW."date_latest", NEW."embargo_until", NEW."gone_since", NEW."id", NEW."key", NEW."note", NEW."note_ar", NEW."note_en", NEW."note_tr", NEW."original_language", _pgh_attach_context(), NOW(), \'changed\', NEW."id", NEW."public_id", NEW."published_at", NEW."publisher_id", NEW."publisher_name", NEW."reviewer_id", NEW."source_language", NEW."state", NEW."texts_changed_at", NEW."title", NEW."title_ar", NEW."title_en", NEW."title_tr", NEW."url", NEW."version", NEW."version_note", NEW."withdrawal_note", NEW."withdrawn_at"); RETURN NULL;',
                    hash="fc20dd8410603187fbac7d57e00b28c81bdd1e66",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_4af2d",
                    table="partnerships_source",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE lang TEXT; texts_new JSONB; texts_old JSONB;",
                    func="\n            IF TG_OP = 'DELETE' THEN\n                IF OLD.published_at IS NOT NULL THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, never deleted.'\n                        USING ERRCODE = 'restrict_violation', TABLE = 'partnerships_topic';\n                END IF;\n                RETURN OLD;\n            END IF;\n            IF TG_OP = 'UPDATE' THEN\n                IF OLD.state IN ('published', 'withdrawn') AND NEW.state IN ('draft', 'in_review') THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, it does not become a draft again.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_topic', COLUMN = 'state',\n                              CONSTRAINT = 'partnerships_topic_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND (OLD.embargo_until IS NULL OR OLD.embargo_until <= now())\n                   AND NEW.state = 'published' AND NEW.embargo_until > now()\n                THEN\n                    RAISE EXCEPTION 'It is public already: withdraw it instead of setting an embargo.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_topic', COLUMN = 'embargo_until',\n                              CONSTRAINT = 'partnerships_topic_publication_rules';\n                END IF;\n                IF NEW.public_id IS DISTINCT FROM OLD.public_id THEN\n                    RAISE EXCEPTION 'A public id is permanent.'\n                        USING ERRCODE = 'check_violation', TABLE = 'partnerships_topic', COLUMN = 'public_id',\n                              CONSTRAINT = 'partnerships_topic_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND NEW.state = 'published' AND NEW.version = OLD.version\n                   AND (to_jsonb(NEW) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from'])\n                THEN\n                    NEW.version := OLD.version + 1;\n                END IF;\n            END IF;\n            FOREACH lang IN ARRAY ARRAY['en', 'tr', 'ar'] LOOP\n                SELECT jsonb_object_agg(key, value) INTO texts_new FROM jsonb_each(to_jsonb(NEW))\n                    WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                IF TG_OP = 'UPDATE' THEN\n                    SELECT jsonb_object_agg(key, value) INTO texts_old FROM jsonb_each(to_jsonb(OLD))\n                        WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                END IF;\n                IF texts_new IS DISTINCT FROM texts_old THEN\n                    NEW.texts_changed_at := NEW.texts_changed_at || jsonb_build_object(lang, now());\n                END IF;\n                texts_old := NULL;\n            END LOOP;\n            RETURN NEW;\n        ",
                    hash="955f752969b1781c4b38e2a1db3be949199d2c7a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_publication_rules_b6272",
                    table="partnerships_topic",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."description_ar" IS DISTINCT FROM (NEW."description_ar") OR OLD."description_en" IS DISTINCT FROM (NEW."description_en") OR OLD."description_tr" IS DISTINCT FROM (NEW."description_tr") OR OLD."embargo_until" IS DISTINCT FROM (NEW."embargo_until") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_ar" IS DISTINCT FROM (NEW."name_ar") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."name_tr" IS DISTINCT FROM (NEW."name_tr") OR OLD."original_language" IS DISTINCT FROM (NEW."original_language") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."reviewer_id" IS DISTINCT FROM (NEW."reviewer_id") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."texts_changed_at" IS DISTINCT FROM (NEW."texts_changed_at") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."version_note" IS DISTINCT FROM (NEW."version_note") OR OLD."withdrawal_note" IS DISTINCT FROM (NEW."withdrawal_note") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                    func='INSERT INTO "partnerships_topicversion" ("author_id", "created_at", "description", "description_ar", "description_en", "description_tr", "embargo_until", "id", "kind", "name", "name_ar", "name_en", "name_tr", "original_language", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "reviewer_id", "slug", "state", "texts_changed_at", "version", "version_note", "withdrawal_note", "withdrawn_at") VALUES (NEW."author_id", NEW."created_at", NEW."description", NEW."description_ar", NEW."description_en", NEW."description_tr", NEW."embargo_until", NEW."id", NEW."kind", NEW."name", NEW."name_ar", NEW."name_en", NEW."name_tr", NEW."original_language", NEW."parent_id", _pgh_attach_context(), NOW(), \'changed\', NEW."id", NEW."public_id", NEW."published_at", NEW."reviewer_id", NEW."slug", NEW."state", NEW."texts_changed_at", NEW."version", NEW."version_note", NEW."withdrawal_note", NEW."withdrawn_at"); RETURN NULL;',
                    hash="555568ed1a0609b17749f49274db987e6369cf48",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_043e5",
                    table="partnerships_topic",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL((Path(__file__).parent / "sql" / "public_from.sql").read_text()),
    ]
