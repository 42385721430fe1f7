import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0009_move_copies")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="source",
            name="written_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="source",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="source",
            name="deleted_delete",
        ),
        migrations.RemoveField(
            model_name="source",
            name="archived_copy",
        ),
        migrations.RemoveField(
            model_name="sourceversion",
            name="archived_copy",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="written_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "partnerships_sourceversion" ("accessed_date", "archived_date", "archived_sha256", "author_id", "author_name", "created_at", "date", "date_earliest", "date_latest", "embargo_until", "gone_since", "id", "key", "note", "note_ar", "note_en", "note_tr", "original_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "publisher_id", "publisher_name", "reviewer_id", "source_language", "state", "texts_changed_at", "title", "title_ar", "title_en", "title_tr", "url", "version", "version_note", "withdrawal_note", "withdrawn_at") VALUES (NEW."accessed_date", NEW."archived_date", NEW."archived_sha256", NEW."author_id", NEW."author_name", NEW."created_at", NEW."date", NEW."date_earliest", NEW."date_latest", NEW."embargo_until", NEW."gone_since", NEW."id", NEW."key", NEW."note", NEW."note_ar", NEW."note_en", NEW."note_tr", NEW."original_language", _pgh_attach_context(), NOW(), \'written\', NEW."id", NEW."public_id", NEW."published_at", NEW."publisher_id", NEW."publisher_name", NEW."reviewer_id", NEW."source_language", NEW."state", NEW."texts_changed_at", NEW."title", NEW."title_ar", NEW."title_en", NEW."title_tr", NEW."url", NEW."version", NEW."version_note", NEW."withdrawal_note", NEW."withdrawn_at"); RETURN NULL;',
                    hash="11fe2b775d079ac3c07d853bb1ec72f11bbca63a",
                    operation="INSERT",
                    pgid="pgtrigger_written_insert_cab3f",
                    table="partnerships_source",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "partnerships_sourceversion" ("accessed_date", "archived_date", "archived_sha256", "author_id", "author_name", "created_at", "date", "date_earliest", "date_latest", "embargo_until", "gone_since", "id", "key", "note", "note_ar", "note_en", "note_tr", "original_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "publisher_id", "publisher_name", "reviewer_id", "source_language", "state", "texts_changed_at", "title", "title_ar", "title_en", "title_tr", "url", "version", "version_note", "withdrawal_note", "withdrawn_at") VALUES (NEW."accessed_date", NEW."archived_date", NEW."archived_sha256", NEW."author_id", NEW."author_name", NEW."created_at", NEW."date", NEW."date_earliest", NEW."date_latest", NEW."embargo_until", NEW."gone_since", NEW."id", NEW."key", NEW."note", NEW."note_ar", NEW."note_en", NEW."note_tr", NEW."original_language", _pgh_attach_context(), NOW(), \'changed\', NEW."id", NEW."public_id", NEW."published_at", NEW."publisher_id", NEW."publisher_name", NEW."reviewer_id", NEW."source_language", NEW."state", NEW."texts_changed_at", NEW."title", NEW."title_ar", NEW."title_en", NEW."title_tr", NEW."url", NEW."version", NEW."version_note", NEW."withdrawal_note", NEW."withdrawn_at"); RETURN NULL;',
                    hash="3944a826a53117b4dffbfbd95e8571e0154dd475",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_4af2d",
                    table="partnerships_source",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "partnerships_sourceversion" ("accessed_date", "archived_date", "archived_sha256", "author_id", "author_name", "created_at", "date", "date_earliest", "date_latest", "embargo_until", "gone_since", "id", "key", "note", "note_ar", "note_en", "note_tr", "original_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "publisher_id", "publisher_name", "reviewer_id", "source_language", "state", "texts_changed_at", "title", "title_ar", "title_en", "title_tr", "url", "version", "version_note", "withdrawal_note", "withdrawn_at") VALUES (OLD."accessed_date", OLD."archived_date", OLD."archived_sha256", OLD."author_id", OLD."author_name", OLD."created_at", OLD."date", OLD."date_earliest", OLD."date_latest", OLD."embargo_until", OLD."gone_since", OLD."id", OLD."key", OLD."note", OLD."note_ar", OLD."note_en", OLD."note_tr", OLD."original_language", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."public_id", OLD."published_at", OLD."publisher_id", OLD."publisher_name", OLD."reviewer_id", OLD."source_language", OLD."state", OLD."texts_changed_at", OLD."title", OLD."title_ar", OLD."title_en", OLD."title_tr", OLD."url", OLD."version", OLD."version_note", OLD."withdrawal_note", OLD."withdrawn_at"); RETURN NULL;',
                    hash="be000f93d87bb9bb78de6ec9cf3f8f2b9e198562",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_6a74f",
                    table="partnerships_source",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("archived_date__isnull", True), ("archived_sha256", "")),
                    models.Q(("archived_date__isnull", False), ("archived_sha256__regex", "^[0-9a-f]{64}$")),
                    _connector="OR",
                ),
                name="partnerships_source_copy_has_its_sha256",
                violation_error_message="An archived copy comes with its SHA-256 and its day.",
            ),
        ),
    ]
