"""The database keeps every version of a publication's row, whoever writes it."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from partnerships.models import Actor
from publishing.publication import Publication
from tests import factories
from tests.factories import ActorFactory, SourceFactory

pytestmark = pytest.mark.django_db

PUBLICATIONS = [
    model
    for app in ("partnerships", "events", "recommendations")
    for model in apps.get_app_config(app).get_models()
    if issubclass(model, Publication)
]


def test_inserted_row_is_the_first_version() -> None:
    actor = ActorFactory(name="Qatar", name_tr="Katar", name_ar="قطر")
    kept = actor.versions.get()
    assert (kept.pgh_label, kept.name_en, kept.name_tr, kept.name_ar) == ("written", "Qatar", "Katar", "قطر")


@pytest.mark.parametrize("column", ["name_en", "name_tr", "name_ar"])
def test_raw_sql_in_any_language_makes_a_version(column: str) -> None:
    actor = ActorFactory()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE partnerships_actor SET {column} = 'Katar' WHERE id = %s", [actor.pk])
    kept = actor.versions.order_by("pgh_id").last()
    assert kept.pgh_label == "changed"
    assert getattr(kept, column) == "Katar"


def test_saving_the_same_again_makes_no_version() -> None:
    source = SourceFactory()
    source.refresh_from_db()
    source.save()
    assert source.versions.count() == 1


def test_versions_of_a_deleted_draft_stay() -> None:
    actor = ActorFactory(slug="qatar")
    pk = actor.pk
    actor.delete()
    kept = Actor._meta.apps.get_model("partnerships", "ActorVersion").objects.filter(pgh_obj_id=pk)
    assert [*kept.order_by("pgh_id").values_list("pgh_label", "slug")] == [("written", "qatar"), ("deleted", "qatar")]


@pytest.mark.parametrize("model", PUBLICATIONS, ids=lambda model: model.__name__)
def test_every_column_of_a_publication_is_kept(model: Any) -> None:
    version = model._meta.get_field("versions").related_model
    kept = {field.column for field in version._meta.local_concrete_fields}
    # Since when it is public follows from the rest, and from what it hangs on.
    assert {field.column for field in model._meta.local_concrete_fields} - {"public_from"} <= kept
    factory = getattr(factories, f"{model.__name__}Factory")
    assert factory().versions.count() == 1
