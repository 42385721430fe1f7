from pathlib import Path

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_search_indexes"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="event",
            name="publication_rules",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="event",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="publisheddocument",
            name="document_rules",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="report",
            name="publication_rules",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="report",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="series",
            name="publication_rules",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="series",
            name="changed_update",
        ),
        migrations.AddField(
            model_name="disclosedparticipant",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="event",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="organiser",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="point",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="publishedcontent",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="publisheddocument",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="report",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="series",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="session",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        migrations.AddField(
            model_name="support",
            name="public_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE lang TEXT; texts_new JSONB; texts_old JSONB;",
                    func="\n            IF TG_OP = 'DELETE' THEN\n                IF OLD.published_at IS NOT NULL THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, never deleted.'\n                        USING ERRCODE = 'restrict_violation', TABLE = 'events_event';\n                END IF;\n                RETURN OLD;\n            END IF;\n            IF TG_OP = 'UPDATE' THEN\n                IF OLD.state IN ('published', 'withdrawn') AND NEW.state IN ('draft', 'in_review') THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, it does not become a draft again.'\n                        USING ERRCODE = 'check_violation', TABLE = 'events_event', COLUMN = 'state',\n                              CONSTRAINT = 'events_event_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND (OLD.embargo_until IS NULL OR OLD.embargo_until <= now())\n                   AND NEW.state = 'published' AND NEW.embargo_until > now()\n                THEN\n                    RAISE EXCEPTION 'It is public already: withdraw it instead of setting an embargo.'\n                        USING ERRCODE = 'check_violation', TABLE = 'events_event', COLUMN = 'embargo_until',\n                              CONSTRAINT = 'events_event_publication_rules';\n                END IF;\n                IF NEW.public_id IS DISTINCT FROM OLD.public_id THEN\n                    RAISE EXCEPTION 'A public id is permanent.'\n                        USING ERRCODE = 'check_violation', TABLE = 'events_event', COLUMN = 'public_id',\n                              CONSTRAINT = 'events_event_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND NEW.state = 'published' AND NEW.version = OLD.version\n                   AND (to_jsonb(NEW) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from'])\n                THEN\n                    NEW.version := OLD.version + 1;\n                END IF;\n            END IF;\n            FOREACH lang IN ARRAY ARRAY['en', 'tr', 'ar'] LOOP\n                SELECT jsonb_object_agg(key, value) INTO texts_new FROM jsonb_each(to_jsonb(NEW))\n                    WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                IF TG_OP = 'UPDATE' THEN\n                    SELECT jsonb_object_agg(key, value) INTO texts_old FROM jsonb_each(to_jsonb(OLD))\n                        WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                END IF;\n                IF texts_new IS DISTINCT FROM texts_old THEN\n                    NEW.texts_changed_at := NEW.texts_changed_at || jsonb_build_object(lang, now());\n                END IF;\n                texts_old := NULL;\n            END LOOP;\n            RETURN NEW;\n        ",
                    hash="03aba273311bacf59031cf6ebc125e52dc1b2ba5",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_publication_rules_bdb99",
                    table="events_event",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."attendance" IS DISTINCT FROM (NEW."attendance") OR OLD."attribution_rule" IS DISTINCT FROM (NEW."attribution_rule") OR OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."edition" IS DISTINCT FROM (NEW."edition") OR OLD."embargo_until" IS DISTINCT FROM (NEW."embargo_until") OR OLD."end_date" IS DISTINCT FROM (NEW."end_date") OR OLD."end_time" IS DISTINCT FROM (NEW."end_time") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."lifecycle" IS DISTINCT FROM (NEW."lifecycle") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_ar" IS DISTINCT FROM (NEW."name_ar") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."name_tr" IS DISTINCT FROM (NEW."name_tr") OR OLD."original_language" IS DISTINCT FROM (NEW."original_language") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."place_ar" IS DISTINCT FROM (NEW."place_ar") OR OLD."place_en" IS DISTINCT FROM (NEW."place_en") OR OLD."place_tr" IS DISTINCT FROM (NEW."place_tr") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."reviewer_id" IS DISTINCT FROM (NEW."reviewer_id") OR OLD."series_id" IS DISTINCT FROM (NEW."series_id") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."start_date" IS DISTINCT FROM (NEW."start_date") OR OLD."start_time" IS DISTINCT FROM (NEW."start_time") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."summary_ar" IS DISTINCT FROM (NEW."summary_ar") OR OLD."summary_en" IS DISTINCT FROM (NEW."summary_en") OR OLD."summary_tr" IS DISTINCT FROM (NEW."summary_tr") OR OLD."texts_changed_at" IS DISTINCT FROM (NEW."texts_changed_at") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."version_note" IS DISTINCT FROM (NEW."version_note") OR OLD."withdrawal_note" IS DISTINCT FROM (NEW."withdrawal_note") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                    func='INSERT INTO "events_eventversion" ("attendance", "attribution_rule", "author_id", "created_at", "edition", "embargo_until", "end_date", "end_time", "id", "kind", "lifecycle", "name", "name_ar", "name_en", "name_tr", "original_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "place_ar", "place_en", "place_tr", "public_id", "published_at", "reviewer_id", "series_id", "slug", "start_date", "start_time", "state", "summary", "summary_ar", "summary_en", "summary_tr", "texts_changed_at", "time_zone", "version", "version_note", "withdrawal_note", "withdrawn_at") VALUES (NEW."attendance", NEW."attribution_rule", NEW."author_id", NEW."created_at", NEW."edition", NEW."embargo_until", NEW."end_date", NEW."end_time", NEW."id", NEW."kind", NEW."lifecycle", NEW."name", NEW."name_ar", NEW."name_en", NEW."name_tr", NEW."original_language", _pgh_attach_context(), NOW(), \'changed\', NEW."id", NEW."place", NEW."place_ar", NEW."place_en", NEW."place_tr", NEW."public_id", NEW."published_at", NEW."reviewer_id", NEW."series_id", NEW."slug", NEW."start_date", NEW."start_time", NEW."state", NEW."summary", NEW."summary_ar", NEW."summary_en", NEW."summary_tr", NEW."texts_changed_at", NEW."time_zone", NEW."version", NEW."version_note", NEW."withdrawal_note", NEW."withdrawn_at"); RETURN NULL;',
                    hash="221e135bb0f5e3ba4e4c6c3eadc51af345ff0e25",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_fdd0d",
                    table="events_event",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publisheddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="document_rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'DELETE' THEN\n                RAISE EXCEPTION 'What was published is withdrawn, never deleted.'\n                    USING ERRCODE = 'restrict_violation', TABLE = 'events_publisheddocument';\n            END IF;\n            IF TG_OP = 'INSERT' THEN\n                IF EXISTS (SELECT 1 FROM events_event AS event\n                           WHERE event.id = NEW.event_id AND event.attribution_rule = 'off_record')\n                THEN\n                    RAISE EXCEPTION 'The event was off the record: nothing of it is published.'\n                        USING ERRCODE = 'check_violation', TABLE = 'events_publisheddocument', COLUMN = 'event_id',\n                              CONSTRAINT = 'events_publisheddocument_not_off_record';\n                END IF;\n                RETURN NEW;\n            END IF;\n            IF OLD.withdrawn_at IS NOT NULL\n               OR (to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawal_note', 'public_from'])\n                   IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawal_note', 'public_from'])\n            THEN\n                RAISE EXCEPTION 'A published document is never changed: withdraw it and publish another one.'\n                    USING ERRCODE = 'check_violation', TABLE = 'events_publisheddocument', CONSTRAINT = 'events_publisheddocument_document_rules';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="a87fc16ab9bc8270844fcb22b73e36ea44f37585",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_document_rules_c271e",
                    table="events_publisheddocument",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE lang TEXT; texts_new JSONB; texts_old JSONB;",
                    func="\n            IF TG_OP = 'DELETE' THEN\n                IF OLD.published_at IS NOT NULL THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, never deleted.'\n                        USING ERRCODE = 'restrict_violation', TABLE = 'events_report';\n                END IF;\n                RETURN OLD;\n            END IF;\n            IF TG_OP = 'UPDATE' THEN\n                IF OLD.state IN ('published', 'withdrawn') AND NEW.state IN ('draft', 'in_review') THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, it does not become a draft again.'\n                        USING ERRCODE = 'check_violation', TABLE = 'events_report', COLUMN = 'state',\n                              CONSTRAINT = 'events_report_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND (OLD.embargo_until IS NULL OR OLD.embargo_until <= now())\n                   AND NEW.state = 'published' AND NEW.embargo_until > now()\n                THEN\n                    RAISE EXCEPTION 'It is public already: withdraw it instead of setting an embargo.'\n                        USING ERRCODE = 'check_violation', TABLE = 'events_report', COLUMN = 'embargo_until',\n                              CONSTRAINT = 'events_report_publication_rules';\n                END IF;\n                IF NEW.public_id IS DISTINCT FROM OLD.public_id THEN\n                    RAISE EXCEPTION 'A public id is permanent.'\n                        USING ERRCODE = 'check_violation', TABLE = 'events_report', COLUMN = 'public_id',\n                              CONSTRAINT = 'events_report_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND NEW.state = 'published' AND NEW.version = OLD.version\n                   AND (to_jsonb(NEW) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from'])\n                THEN\n                    NEW.version := OLD.version + 1;\n                END IF;\n            END IF;\n            FOREACH lang IN ARRAY ARRAY['en', 'tr', 'ar'] LOOP\n                SELECT jsonb_object_agg(key, value) INTO texts_new FROM jsonb_each(to_jsonb(NEW))\n                    WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                IF TG_OP = 'UPDATE' THEN\n                    SELECT jsonb_object_agg(key, value) INTO texts_old FROM jsonb_each(to_jsonb(OLD))\n                        WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                END IF;\n                IF texts_new IS DISTINCT FROM texts_old THEN\n                    NEW.texts_changed_at := NEW.texts_changed_at || jsonb_build_object(lang, now());\n                END IF;\n                texts_old := NULL;\n            END LOOP;\n            RETURN NEW;\n        ",
                    hash="95bbf06b64ed0e94b1e54f82fb7a7ae2d09684b7",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_publication_rules_5c58a",
                    table="events_report",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."embargo_until" IS DISTINCT FROM (NEW."embargo_until") OR OLD."event_id" IS DISTINCT FROM (NEW."event_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."original_language" IS DISTINCT FROM (NEW."original_language") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."reviewer_id" IS DISTINCT FROM (NEW."reviewer_id") OR OLD."source_id" IS DISTINCT FROM (NEW."source_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."summary_ar" IS DISTINCT FROM (NEW."summary_ar") OR OLD."summary_en" IS DISTINCT FROM (NEW."summary_en") OR OLD."summary_tr" IS DISTINCT FROM (NEW."summary_tr") OR OLD."texts_changed_at" IS DISTINCT FROM (NEW."texts_changed_at") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."title_ar" IS DISTINCT FROM (NEW."title_ar") OR OLD."title_en" IS DISTINCT FROM (NEW."title_en") OR OLD."title_tr" IS DISTINCT FROM (NEW."title_tr") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."version_note" IS DISTINCT FROM (NEW."version_note") OR OLD."withdrawal_note" IS DISTINCT FROM (NEW."withdrawal_note") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                    func='INSERT INTO "events_reportversion" ("author_id", "created_at", "embargo_until", "event_id", "id", "key", "original_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "reviewer_id", "source_id", "state", "summary", "summary_ar", "summary_en", "summary_tr", "texts_changed_at", "title", "title_ar", "title_en", "title_tr", "version", "version_note", "withdrawal_note", "withdrawn_at") VALUES (NEW."author_id", NEW."created_at", NEW."embargo_until", NEW."event_id", NEW."id", NEW."key", NEW."original_language", _pgh_attach_context(), NOW(), \'changed\', NEW."id", NEW."public_id", NEW."published_at", NEW."reviewer_id", NEW."source_id", NEW."state", NEW."summary", NEW."summary_ar", NEW."summary_en", NEW."summary_tr", NEW."texts_changed_at", NEW."title", NEW."title_ar", NEW."title_en", NEW."title_tr", NEW."version", NEW."version_note", NEW."withdrawal_note", NEW."withdrawn_at"); RETURN NULL;',
                    hash="76b30bbe3c11caaab41e1158e82808d83b4b6808",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_518b5",
                    table="events_report",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="series",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE lang TEXT; texts_new JSONB; texts_old JSONB;",
                    func="\n            IF TG_OP = 'DELETE' THEN\n                IF OLD.published_at IS NOT NULL THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, never deleted.'\n                        USING ERRCODE = 'restrict_violation', TABLE = 'events_series';\n                END IF;\n                RETURN OLD;\n            END IF;\n            IF TG_OP = 'UPDATE' THEN\n                IF OLD.state IN ('published', 'withdrawn') AND NEW.state IN ('draft', 'in_review') THEN\n                    RAISE EXCEPTION 'What was published is withdrawn, it does not become a draft again.'\n                        USING ERRCODE = 'check_violation', TABLE = 'events_series', COLUMN = 'state',\n                              CONSTRAINT = 'events_series_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND (OLD.embargo_until IS NULL OR OLD.embargo_until <= now())\n                   AND NEW.state = 'published' AND NEW.embargo_until > now()\n                THEN\n                    RAISE EXCEPTION 'It is public already: withdraw it instead of setting an embargo.'\n                        USING ERRCODE = 'check_violation', TABLE = 'events_series', COLUMN = 'embargo_until',\n                              CONSTRAINT = 'events_series_publication_rules';\n                END IF;\n                IF NEW.public_id IS DISTINCT FROM OLD.public_id THEN\n                    RAISE EXCEPTION 'A public id is permanent.'\n                        USING ERRCODE = 'check_violation', TABLE = 'events_series', COLUMN = 'public_id',\n                              CONSTRAINT = 'events_series_publication_rules';\n                END IF;\n                IF OLD.state = 'published' AND NEW.state = 'published' AND NEW.version = OLD.version\n                   AND (to_jsonb(NEW) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['state', 'reviewer_id', 'published_at', 'embargo_until', 'withdrawn_at', 'withdrawal_note', 'version', 'version_note', 'texts_changed_at', 'created_at', 'public_from'])\n                THEN\n                    NEW.version := OLD.version + 1;\n                END IF;\n            END IF;\n            FOREACH lang IN ARRAY ARRAY['en', 'tr', 'ar'] LOOP\n                SELECT jsonb_object_agg(key, value) INTO texts_new FROM jsonb_each(to_jsonb(NEW))\n                    WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                IF TG_OP = 'UPDATE' THEN\n                    SELECT jsonb_object_agg(key, value) INTO texts_old FROM jsonb_each(to_jsonb(OLD))\n                        WHERE right(key, 3) = '_' || lang AND value NOT IN ('null', '\"\"');\n                END IF;\n                IF texts_new IS DISTINCT FROM texts_old THEN\n                    NEW.texts_changed_at := NEW.texts_changed_at || jsonb_build_object(lang, now());\n                END IF;\n                texts_old := NULL;\n            END LOOP;\n            RETURN NEW;\n        ",
                    hash="287f84b3267593b438ce2ecce44ccf2ec9dbf13e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_publication_rules_c6cdc",
                    table="events_series",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="series",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."cadence" IS DISTINCT FROM (NEW."cadence") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."description_ar" IS DISTINCT FROM (NEW."description_ar") OR OLD."description_en" IS DISTINCT FROM (NEW."description_en") OR OLD."description_tr" IS DISTINCT FROM (NEW."description_tr") OR OLD."embargo_until" IS DISTINCT FROM (NEW."embargo_until") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_ar" IS DISTINCT FROM (NEW."name_ar") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."name_tr" IS DISTINCT FROM (NEW."name_tr") OR OLD."no_response_days" IS DISTINCT FROM (NEW."no_response_days") OR OLD."original_language" IS DISTINCT FROM (NEW."original_language") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."reviewer_id" IS DISTINCT FROM (NEW."reviewer_id") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."stale_months" IS DISTINCT FROM (NEW."stale_months") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."texts_changed_at" IS DISTINCT FROM (NEW."texts_changed_at") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."version_note" IS DISTINCT FROM (NEW."version_note") OR OLD."withdrawal_note" IS DISTINCT FROM (NEW."withdrawal_note") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                    func='INSERT INTO "events_seriesversion" ("author_id", "cadence", "created_at", "description", "description_ar", "description_en", "description_tr", "embargo_until", "id", "name", "name_ar", "name_en", "name_tr", "no_response_days", "original_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "reviewer_id", "slug", "stale_months", "state", "texts_changed_at", "version", "version_note", "withdrawal_note", "withdrawn_at") VALUES (NEW."author_id", NEW."cadence", NEW."created_at", NEW."description", NEW."description_ar", NEW."description_en", NEW."description_tr", NEW."embargo_until", NEW."id", NEW."name", NEW."name_ar", NEW."name_en", NEW."name_tr", NEW."no_response_days", NEW."original_language", _pgh_attach_context(), NOW(), \'changed\', NEW."id", NEW."public_id", NEW."published_at", NEW."reviewer_id", NEW."slug", NEW."stale_months", NEW."state", NEW."texts_changed_at", NEW."version", NEW."version_note", NEW."withdrawal_note", NEW."withdrawn_at"); RETURN NULL;',
                    hash="1c30cf1c324f61bc2b0e428f4d469c8a6c5518a4",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_144d9",
                    table="events_series",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL((Path(__file__).parent / "sql" / "public_from.sql").read_text()),
    ]
