"""Every word that the public can read is among the texts that are checked before they become public."""

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection, models

from publishing.public_texts import PublicText, text_fields, texts_of
from publishing.publication import Publication
from publishing.reader.row_policies import READ_WHOLE
from tests.config.test_reader_role import draft_of_everything
from tests.factories import ActorFactory, InstrumentFactory, SourceFactory
from tests.support.refusal import rolled_back

NOT_READ = {
    "kind": "a choice",
    "state": "a choice",
    "public_id": "random",
    "iso_code": "a code",
    "wikidata_id": "a number",
    "reference": "a number",
    "currency": "a code",
    "time_zone": "a name of the IANA",
    "archived_sha256": "a digest",
    "original_language": "a code",
    "source_language": "a code",
    "document_language": "a code",
    "language": "a code",
    "date": "a date",
    "valid": "a date",
}
"""Columns of text by name that hold no words, and why."""

COPIES = {
    **{
        ("events_publisheddocument", f"title{language}"): "the document's title, read when it is published"
        for language in ("", "_en", "_tr", "_ar")
    },
    ("events_publisheddocument", "sha256"): "a digest",
    ("events_publisheddocument", "withdrawal_note"): "for the desk: a withdrawn document is read by nobody else",
    **{
        ("events_disclosedparticipant", column): "of a participant, by a decision and by consent"
        for column in ("public_id", "name", "affiliation")
    },
    ("publishing_change", "note"): "the version's and the withdrawal's notes, which are read",
    ("publishing_change", "identifier"): "the slug, which is read, or the reference",
    ("publishing_change", "kind"): "a choice",
    ("publishing_change", "event"): "a choice",
}


def columns_of_text() -> list[tuple[str, str]]:
    """(table, column) of every text that the public's role may read."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT held.relname, written.attname FROM pg_class AS held
            JOIN pg_attribute AS written ON written.attrelid = held.oid AND written.attnum > 0
            WHERE held.relnamespace = 'public'::regnamespace AND held.relkind = 'r' AND NOT written.attisdropped
              AND written.atttypid IN ('text'::regtype, 'varchar'::regtype)
              AND has_column_privilege('majlis_reader', held.oid, written.attnum, 'SELECT')
            ORDER BY 1, 2
            """
        )
        return [(table, column) for table, column in cursor.fetchall() if table not in READ_WHOLE]


def read_columns() -> set[tuple[str, str]]:
    """(table, column) of everything that the texts of the publications at hand said."""
    return {
        (public_text.row._meta.db_table, public_text.row._meta.get_field(public_text.column).column)
        for model in apps.get_models()
        if issubclass(model, Publication)
        for publication in model._default_manager.all()
        for public_text in publication.public_texts()
    }


@pytest.mark.django_db
def test_every_column_of_text_that_the_public_reads_is_a_passage_or_holds_no_words() -> None:
    draft_of_everything()
    by_table: dict[str, type[models.Model]] = {model._meta.db_table: model for model in apps.get_models()}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    worded: list[tuple[str, str]] = []
    for table, column in columns_of_text():
        field = next(field for field in by_table[table]._meta.concrete_fields if field.column == column)
        if (table, column) not in COPIES and field.name not in NOT_READ and not field.choices:
            worded.append((table, column))
    with rolled_back(), pgtrigger.ignore(), connection.cursor() as cursor:
        # Every such column gets words, whatever else has to be true of its row.
        for table in {table for table, _column in worded}:
            cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table])
            for (constraint,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"')
            canaries = ", ".join(f""""{column}" = '{column}-' || id""" for of, column in worded if of == table)
            cursor.execute(f"UPDATE {table} SET {canaries}")
        unread = sorted(set(worded) - read_columns())
    assert unread == []


def test_no_reason_is_given_twice() -> None:
    read = [model for model in apps.get_models() if not model.__name__.endswith("Version")]
    fields = {f.name for model in read for f in text_fields(model)}
    assert fields & (NOT_READ.keys() - {"kind", "event"}) == set()


@pytest.mark.django_db
def test_passages_say_where_they_stand_in_words() -> None:
    actor = ActorFactory(name="Qatar", name_ar="قطر", slug="qatar")
    places = {(str(public_text.place), public_text.text) for public_text in texts_of(actor)}
    assert places == {("name (English)", "Qatar"), ("name (Arabic)", "قطر"), ("slug", "qatar")}
    part = texts_of(InstrumentFactory(name="Pact", slug="pact"), "instrument 2")
    assert [str(public_text.place) for public_text in part] == ["instrument 2, name (English)", "instrument 2, slug"]


@pytest.mark.django_db
def test_column_that_differs_from_all_its_translations_is_read_too() -> None:
    source = SourceFactory(title="Paper")
    source.__dict__["title"] = "Stray"
    assert [public_text.text for public_text in texts_of(source) if public_text.column == "title"] == ["Stray"]
    assert isinstance(next(iter(texts_of(source))), PublicText)
