"""Records cannot be changed or deleted in any way, raw SQL included."""

from collections.abc import Callable
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from partnerships.models import Review
from publishing.database.triggers import AppendOnly, NeverEmptied
from publishing.models.change import Change, KeepOnceEffective
from publishing.records import Record
from recommendations.models import Reference
from recommendations.models.followup import DecidedOnce
from tests.factories import (
    ActorFactory,
    ArchivedContentFactory,
    ArchivedCopyFactory,
    ClaimFactory,
    ConfirmationFactory,
    ConsentFactory,
    EventFactory,
    EvidenceFactory,
    InstrumentActionFactory,
    InternalNoteFactory,
    NameRefusalFactory,
    OfficialPositionFactory,
    OriginDecisionFactory,
    PartnershipFactory,
    PublicNameFactory,
    RecommendationFactory,
    ReportFactory,
    ResolutionFactory,
    ResponseFactory,
    ReviewFactory,
    SeriesFactory,
    SnoozeFactory,
    SourceFactory,
    StatusEntryFactory,
    SubmissionFactory,
    TopicFactory,
    UserFactory,
    ViewingFactory,
)

pytestmark = pytest.mark.django_db


def line() -> Change:
    ActorFactory(published=True)
    return Change.objects.get()


def reference() -> Reference:
    return Reference.objects.get(reference=RecommendationFactory().reference)


def version_of(factory: Any) -> Callable[[], models.Model]:
    def make() -> models.Model:
        version: models.Model = factory().versions.get()
        return version

    return make


KEPT: dict[str, tuple[Callable[[], models.Model], str]] = {
    # Label of the model: what makes a row of it, and a column of text to tamper with.
    "events.Consent": (ConsentFactory, "evidence"),
    "events.EventVersion": (version_of(EventFactory), "pgh_label"),
    "events.NameRefusal": (NameRefusalFactory, "kind"),
    "events.PublicName": (PublicNameFactory, "reason"),
    "events.ReportVersion": (version_of(ReportFactory), "pgh_label"),
    "events.SeriesVersion": (version_of(SeriesFactory), "pgh_label"),
    "events.Viewing": (ViewingFactory, "what"),
    "partnerships.ActorVersion": (version_of(ActorFactory), "pgh_label"),
    "partnerships.ArchivedContent": (ArchivedContentFactory, "content"),
    "partnerships.ArchivedCopy": (ArchivedCopyFactory, "final_url"),
    "partnerships.ClaimVersion": (version_of(ClaimFactory), "pgh_label"),
    "partnerships.InstrumentAction": (InstrumentActionFactory, "note"),
    "partnerships.OfficialPosition": (OfficialPositionFactory, "note"),
    "partnerships.OriginDecision": (OriginDecisionFactory, "reason"),
    "partnerships.PartnershipVersion": (version_of(PartnershipFactory), "pgh_label"),
    "partnerships.Resolution": (ResolutionFactory, "reason"),
    "partnerships.Review": (ReviewFactory, "reason"),
    "partnerships.SourceVersion": (version_of(SourceFactory), "pgh_label"),
    "partnerships.TopicVersion": (version_of(TopicFactory), "pgh_label"),
    "publishing.Change": (line, "note"),
    "recommendations.Confirmation": (ConfirmationFactory, "by_id"),
    "recommendations.Evidence": (EvidenceFactory, "locator"),
    "recommendations.InternalNote": (InternalNoteFactory, "text"),
    "recommendations.RecommendationVersion": (version_of(RecommendationFactory), "pgh_label"),
    "recommendations.Reference": (reference, "reference"),
    "recommendations.Response": (ResponseFactory, "words"),
    "recommendations.Snooze": (SnoozeFactory, "reason"),
    "recommendations.StatusEntry": (StatusEntryFactory, "public_note"),
    "recommendations.Submission": (SubmissionFactory, "note"),
}


Tampering = Callable[[models.Model, str, Any], None]


def by_sql_update(row: models.Model, column: str, value: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s", [value])


def by_sql_delete(row: models.Model, column: str, value: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table}")


def by_queryset_update(row: models.Model, column: str, value: Any) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**{column: value})


def by_bulk_update(row: models.Model, column: str, value: Any) -> None:
    setattr(row, column, value)
    type(row)._base_manager.bulk_update([row], [column])


def by_save(row: models.Model, column: str, value: Any) -> None:
    setattr(row, column, value)
    row.save(force_update=True)


def by_delete(row: models.Model, column: str, value: Any) -> None:
    row.delete()


THROUGH_THE_KEY = (by_bulk_update, by_save)
"""Ways that find the row by its primary key; they cannot change the key itself, all that a reference has."""

TRIED = [
    (label, way)
    for label in KEPT
    for way in (by_sql_update, by_sql_delete, by_queryset_update, by_bulk_update, by_save, by_delete)
    if not (label == "recommendations.Reference" and way in THROUGH_THE_KEY)
]


def stored(row: models.Model) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(kept) FROM {row._meta.db_table} AS kept")
        return cursor.fetchall()


def test_every_model_that_keeps_its_rows_is_tried() -> None:
    keeping = (AppendOnly, KeepOnceEffective, DecidedOnce, pgtrigger.Protect)
    assert sorted({m._meta.label for m, trigger in pgtrigger.registered() if isinstance(trigger, keeping)}) == [*KEPT]


def test_every_appended_record_and_version_keeps_its_rows() -> None:
    ours = [
        model
        for app in ("partnerships", "events", "recommendations")
        for model in apps.get_app_config(app).get_models()
    ]
    history = [m._meta.label for m in ours if issubclass(m, Record) or m.__name__.endswith("Version")]
    assert [label for label in history if label not in KEPT] == []


@pytest.mark.parametrize(("label", "way"), TRIED, ids=lambda tried: getattr(tried, "__name__", tried))
def test_kept_row_is_neither_changed_nor_deleted(label: str, way: Tampering) -> None:
    make, column = KEPT[label]
    row = make()
    before = stored(row)
    value = UserFactory().pk if column == "by_id" else b"x" if column == "content" else "x"
    with pytest.raises(DatabaseError, match=r"never changed or deleted|Cannot update or delete"), transaction.atomic():
        way(row, column, value)
    assert stored(row) == before


EMPTIED = ["claim", "claim CASCADE", "review", "review CASCADE"]


@pytest.mark.parametrize("table", EMPTIED)
def test_no_table_of_records_is_emptied(table: str) -> None:
    review = ReviewFactory()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE partnerships_{table}")
    assert Review.objects.get() == review


def test_every_table_of_records_refuses_to_be_emptied() -> None:
    records = {model for model in apps.get_models() if issubclass(model, Record)}
    assert {model for model, trigger in pgtrigger.registered() if isinstance(trigger, NeverEmptied)} == records
    assert len(records) == 6
    for model in records:
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            connection.cursor().execute(f"TRUNCATE {model._meta.db_table} CASCADE")
