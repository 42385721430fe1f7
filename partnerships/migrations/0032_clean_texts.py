from django.db import migrations

from partnerships.clean_text import keep_clean, make_function

TEXTS = {
    "actor": (
        "name name_en name_tr name_ar short_name short_name_en short_name_tr short_name_ar slug iso_code wikidata_id",
        "withdrawal_note version_note",
    ),
    "source": (
        "key title title_en title_tr title_ar publisher_name author_name date source_language url",
        "withdrawal_note version_note note note_en note_tr note_ar",
    ),
    "citation": ("locator independence_group", "quotation"),
    "topic": (
        "name name_en name_tr name_ar slug",
        "withdrawal_note version_note description description_en description_tr description_ar",
    ),
    "partnership": (
        "name name_en name_tr name_ar slug",
        "withdrawal_note version_note summary summary_en summary_tr summary_ar",
    ),
    "cooperation": ("", "note"),
    "claim": (
        "key unit currency valid",
        "withdrawal_note version_note statement statement_en statement_tr statement_ar context context_en context_tr context_ar",
    ),
    "review": ("", "reason"),
    "officialposition": ("", "note"),
    "resolution": ("", "reason"),
    "instrument": ("name name_en name_tr name_ar slug", "description description_en description_tr description_ar"),
    "instrumentaction": ("date", "note"),
    "origindecision": ("", "reason"),
}
"""By model, the columns of one line and those of several."""


ACCOUNTS = ("auth_user.username", "auth_user.first_name", "auth_user.last_name", "auth_user.email", "auth_group.name")
"""Names that stand beside what people did. These tables are Django's own, and so no constraints of a model of ours."""


def keep_account_clean(name: str) -> migrations.RunSQL:
    table, _dot, column = name.partition(".")
    constraint = f"{table}_{column}_is_clean"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK (majlis_is_clean({column}, false)) NOT VALID",
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {constraint}",
    )


class Migration(migrations.Migration):
    """Only clean text comes in from now on. What is there already is cleaned, and validated, by recommendations.0024 and 0025."""

    dependencies = [
        ("partnerships", "0031_announced_by_one_function"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [make_function(), *keep_clean("partnerships", TEXTS), *map(keep_account_clean, ACCOUNTS)]
