"""Every text column of every table is clean, whoever writes; exceptions are listed below with their reason."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models.fields.files import FileField

from publishing.database.clean_text import CleanTexts, has_lines
from tests.factories import ActorFactory, ClaimFactory

OURS = ("publishing", "partnerships", "events", "recommendations")

NOT_COVERED = {
    "publishing.change": "written by triggers, out of columns that are clean",
    "partnerships.archivedcopy": "addresses as a foreign server gave them, shown to the desk alone, percent-encoded",
    "events.namerefusal": "written by the check of names: a kind and a public id",
    "events.publicname.words": "folded words, compared as they were folded",
    "events.disclosedparticipant": "written by triggers, out of columns that are clean",
    "publishing.sentform": "addresses of the desk and a digest, written by programs",
    "recommendations.reference": "written by a trigger, out of recommendation.reference",
}
OF_DJANGO = {"auth_user": ["email", "first_name", "last_name", "username"], "auth_group": ["name"]}
"""Of the tables that are not ours, the columns in which somebody writes a name."""

MADE_UP = {"public_id", "sha256", "archived_sha256", "digest"}
"""Columns of codes that programs make."""


def columns() -> list[tuple[type[models.Model], Any]]:
    return [
        (model, field)
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.endswith("Version")  # kept by triggers, out of columns that are clean
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | FileField) and not field.choices
        if field.name not in MADE_UP
    ]


def kept(table: str) -> dict[str, str]:
    """The constraints of a table that keep a column clean, and are valid for every row of it: name → definition."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND conname LIKE '%%\\_is\\_clean' AND convalidated",
            [table],
        )
        return dict(cursor.fetchall())


@pytest.mark.django_db
def test_every_column_of_text_is_kept_clean_or_says_why_not() -> None:
    wrong, excused = [], set()
    rules = {model: kept(model._meta.db_table) for model, _field in columns() if model._meta.managed}
    for model, field in columns():
        label = model._meta.label_lower
        excuse = {label, f"{label}.{field.name}"} & NOT_COVERED.keys()
        if excuse:
            excused |= excuse
            continue
        rule = rules[model].get(f"{model._meta.db_table}_{field.attname}_is_clean", "")
        lines = "true" if has_lines(field) else "false"
        if not rule.startswith("CHECK (majlis_is_clean(") or field.attname not in rule or f", {lines})" not in rule:
            wrong.append(f"{label}.{field.attname}: the database")
        if not issubclass(model, CleanTexts):
            wrong.append(f"{label}: the model")
    assert wrong == []
    assert excused == NOT_COVERED.keys()


@pytest.mark.django_db
@pytest.mark.parametrize("table", OF_DJANGO)
def test_names_of_accounts_are_kept_clean(table: str) -> None:
    assert sorted(kept(table)) == [f"{table}_{column}_is_clean" for column in OF_DJANGO[table]]


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["Bell \a", "e\u0301", "a\u202eb", "x\ufffe", "line\r\n", "\u2066a\n\u2069"])
def test_raw_sql_cannot_bring_in_what_the_doors_refuse(words: str) -> None:
    claim = ClaimFactory()
    with pytest.raises(IntegrityError, match="partnerships_claim_context_tr_is_clean"), transaction.atomic():
        type(claim).objects.filter(pk=claim.pk).update(context_tr=words)


@pytest.mark.django_db
def test_a_row_is_cleaned_and_refused_at_its_field() -> None:
    actor = ActorFactory.build(author=ActorFactory().author, name="Ağrı", short_name="A\x0bB")
    actor.name_tr = "Ag\u0306rı"
    actor.name_ar = "قطر\a"
    with pytest.raises(ValidationError) as refused:
        actor.full_clean()
    assert refused.value.message_dict == {
        "name_ar": ["U+0007 has no place in a text (character 4, after “قطر”): remove it."]
    }
    assert (actor.name_tr, actor.short_name_en) == ("Ağrı", "A B")
