"""Since when the public reads a row stands in the row, whoever writes, and is what a walk to all its wholes says."""

import datetime as dt
from typing import Any

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from events.models import AttributionRule, Point, PublishedDocument, Session
from partnerships.models import Actor
from publishing.models.change import Change
from publishing.publication import Publication, PublicationState
from publishing.reader import public_from, rights
from publishing.reader.public_rows import part_of, wholes_of
from recommendations.models import Addressee, StatusEntry
from tests import factories
from tests.config.test_reader_role import PUBLICATIONS, some_of_everything_is_public
from tests.factories import PUBLISHED_AT, UserFactory
from tests.support.concurrency import Session as SecondSession
from tests.support.patience import PATIENCE
from tests.support.walking import walked

LATER = PUBLISHED_AT + dt.timedelta(days=30)


def stored(row: Model) -> dt.datetime | None:
    found: dt.datetime | None = type(row)._base_manager.values_list("public_from", flat=True).get(pk=row.pk)
    return found


def stale() -> dict[str, int]:
    return public_from.wrong_rows(connection)


def move(publication: Publication, **changes: Any) -> None:
    type(publication)._base_manager.filter(pk=publication.pk).update(**changes)


def publish(publication: Publication, at: dt.datetime = PUBLISHED_AT, **also: Any) -> None:
    move(publication, state=PublicationState.PUBLISHED, reviewer=UserFactory(), published_at=at, **also)


def withdraw(publication: Publication) -> None:
    move(publication, state=PublicationState.WITHDRAWN, withdrawn_at=timezone.now(), withdrawal_note="It was wrong.")


@pytest.mark.django_db
def test_what_is_stored_is_what_a_walk_says_of_every_table() -> None:
    some_of_everything_is_public()
    assert stale() == {}
    for at in (timezone.now(), timezone.now() + dt.timedelta(days=2), PUBLISHED_AT):
        for model in public_from.keeping_models():
            if model._meta.auto_created:  # Django knows nothing of their column
                continue
            rows = model._default_manager
            kept = set(rows.filter(public_from__lte=at).values_list("pk", flat=True))
            assert kept == set(rows.filter(walked(model, at=at)).values_list("pk", flat=True)), model._meta.label


@pytest.mark.django_db
def test_part_follows_all_its_wholes() -> None:
    entry = factories.StatusEntryFactory()
    addressee, recommendation = entry.addressee, entry.addressee.recommendation
    assert (stored(entry), stored(addressee), stored(recommendation)) == (None, None, None)
    for publication in (recommendation.event, recommendation):
        publish(publication)
    assert stored(recommendation) == PUBLISHED_AT
    assert stored(entry) is None, "nobody knows its actor yet"
    publish(addressee.actor, at=LATER)
    assert stored(addressee) == stored(entry) == LATER
    withdraw(recommendation.event)
    assert (stored(entry), stored(addressee), stored(recommendation)) == (None, None, None)
    assert stored(addressee.actor) == LATER
    assert stale() == {}


@pytest.mark.django_db
def test_embargo_is_waited_for() -> None:
    recommendation = factories.RecommendationFactory(published=True)
    assert stored(recommendation) == recommendation.published_at
    until = timezone.now() + dt.timedelta(days=1)
    event = factories.EventFactory(embargo_until=until)
    move(recommendation, event=event, version_note="Another event.")
    assert stored(recommendation) is None
    publish(event)
    assert stored(recommendation) == until


@pytest.mark.django_db
def test_optional_whole_that_is_hidden_hides() -> None:
    event = factories.EventFactory(published=True)
    fulfilment = factories.FulfilmentFactory(recommendation__published=True, event=event)
    assert stored(fulfilment) is not None
    withdraw(event)
    assert stored(fulfilment) is None


@pytest.mark.django_db
def test_rule_of_attribution_hides_what_was_said() -> None:
    event = factories.EventFactory(published=True, attribution_rule=AttributionRule.ON_RECORD)
    report = factories.ReportFactory(event=event, published=True)
    session = factories.SessionFactory(event=event)
    told, in_session = factories.PointFactory(report=report), factories.PointFactory(report=report, session=session)
    document = factories.PublishedDocumentFactory(event=event)
    assert None not in (stored(told), stored(in_session), stored(document))
    Session.objects.filter(pk=session.pk).update(attribution_rule=AttributionRule.OFF_RECORD)
    assert stored(in_session) is None
    assert stored(told) is not None
    move(event, attribution_rule=AttributionRule.OFF_RECORD, version_note="A rule.")
    assert (stored(told), stored(report), stored(document)) == (None, None, None)
    assert stored(event) is not None
    assert stale() == {}


@pytest.mark.django_db
def test_content_of_a_withdrawn_document_is_hidden_with_it() -> None:
    document = factories.PublishedDocumentFactory(event=factories.EventFactory(published=True))
    assert stored(document) is not None
    PublishedDocument.objects.filter(pk=document.pk).update(withdrawn_at=timezone.now(), withdrawal_note="An error.")
    assert stored(document) is None
    assert stale() == {}


@pytest.mark.django_db
def test_nobody_writes_it() -> None:
    actor, addressee = factories.ActorFactory(), factories.AddresseeFactory()
    Actor.objects.filter(pk=actor.pk).update(public_from=PUBLISHED_AT)
    Addressee.objects.filter(pk=addressee.pk).update(public_from=PUBLISHED_AT)
    assert (stored(actor), stored(addressee)) == (None, None)
    actor.public_from = PUBLISHED_AT
    actor.save()
    assert stored(actor) is None
    made = factories.ActorFactory(public_from=PUBLISHED_AT)
    assert stored(made) is None


RECORDS = {
    "partnerships_review": factories.ReviewFactory,
    "partnerships_officialposition": factories.OfficialPositionFactory,
    "partnerships_resolution": factories.ResolutionFactory,
    "partnerships_instrumentaction": factories.InstrumentActionFactory,
    "recommendations_response": factories.ResponseFactory,
    "recommendations_statusentry": factories.StatusEntryFactory,
    "recommendations_evidence": factories.EvidenceFactory,
    "recommendations_confirmation": factories.ConfirmationFactory,
}
"""Tables whose rows are never changed."""


@pytest.mark.django_db
@pytest.mark.parametrize("table", RECORDS)
@pytest.mark.parametrize("value", ["now()", "NULL"])
def test_owner_is_refused_to_write_it_on_a_record(table: str, value: str) -> None:
    RECORDS[table]()
    with (
        pytest.raises(IntegrityError, match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET public_from = {value}")


@pytest.mark.django_db
def test_owner_is_refused_also_after_wholes_have_moved() -> None:
    """While parts are told, what refuses rests; no longer, and for nobody else."""
    entry = factories.StatusEntryFactory()
    for publication in (entry.addressee.recommendation.event, entry.addressee.recommendation, entry.addressee.actor):
        publish(publication)
    assert stored(entry) is not None
    for column in ("public_from", "public_note"):
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            StatusEntry.objects.filter(pk=entry.pk).update(**{column: None if column == "public_from" else "Changed."})


@pytest.mark.django_db
def test_what_rested_before_still_rests_after_parts_were_told() -> None:
    entry = factories.StatusEntryFactory()
    recommendation = entry.addressee.recommendation
    publish(recommendation.event)
    with pgtrigger.ignore("recommendations.StatusEntry:append_only"):
        publish(recommendation)
        StatusEntry.objects.filter(pk=entry.pk).update(public_note="As somebody with such rights may.")
    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        StatusEntry.objects.filter(pk=entry.pk).update(public_note="And no longer.")


@pytest.mark.django_db
def test_telling_parts_announces_nothing_and_keeps_no_version() -> None:
    evidence = factories.EvidenceFactory(entry__addressee__recommendation__published=True)
    recommendation = evidence.entry.addressee.recommendation
    recommendation.topics.add(factories.TopicFactory())
    report = factories.ReportFactory(event=recommendation.event, published=True)
    factories.PointFactory(report=report)
    lines, versions = Change.objects.count(), recommendation.versions.count()
    announced = [(line.kind, line.event) for line in Change.objects.order_by("-pk")[: Change.objects.count() - lines]]
    assert announced == []
    withdraw(recommendation.event)
    assert stored(recommendation) is None
    assert stored(report) is None
    [line] = Change.objects.order_by("pk")[lines:]
    assert (line.kind, line.event) == ("event", "withdrawn")
    assert recommendation.versions.count() == versions


@pytest.mark.django_db
def test_versions_do_not_hold_it() -> None:
    for model in public_from.keeping_models():
        if issubclass(model, Publication):
            version: Any = next(one for one in model._meta.related_objects if one.name == "versions").related_model
            assert "public_from" not in {field.name for field in version._meta.get_fields()}


@pytest.mark.django_db
def test_row_is_written_after_what_it_hangs_on() -> None:
    """A foreign key would wait for the end of the transaction, and the row would not follow what came later."""
    with pytest.raises(IntegrityError, match="written after what they hang on"), transaction.atomic():
        Addressee.objects.create(recommendation_id=999_999, actor=factories.ActorFactory())


def test_whole_may_be_hidden_by_its_columns_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever hides a row of support no column says; what would hang on it would show."""

    class Hanging(Model):
        public_rows = part_of("graded")
        graded = Point._meta.get_field("graded")

        class Meta:
            app_label = "events"
            abstract = True

    monkeypatch.setattr("publishing.reader.public_rows._foreign_key", lambda model, name: _to_support())
    with pytest.raises(TypeError, match=r"events\.Support, which declares a `where`"):
        wholes_of(Hanging)


def _to_support() -> Any:
    class Field:
        name, column = "graded", "graded_id"
        related_model = Point._meta.get_field("graded").related_model

    return Field()


# Rebuilt


@pytest.mark.django_db
def test_rebuild_finds_and_mends_what_was_written_without_the_triggers() -> None:
    some_of_everything_is_public()
    connection.check_constraints()
    with connection.cursor() as cursor:
        for model in public_from.keeping_models():
            table = model._meta.db_table
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"UPDATE {table} SET public_from = CASE WHEN public_from IS NULL THEN now() END")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    broken = stale()
    # Of a part that is hidden as its whole wrongly is, nothing is wrong until the whole is mended.
    assert set(broken) >= PUBLICATIONS
    with pytest.raises(CommandError, match="public_from"):
        call_command("rebuild_public_from", check=True, verbosity=0)
    assert stale() == broken
    call_command("rebuild_public_from", verbosity=0)
    assert stale() == {}
    call_command("rebuild_public_from", check=True, verbosity=0)


@pytest.mark.django_db
def test_what_was_written_without_the_triggers_is_worked_out_when_they_are_laid() -> None:
    with connection.cursor() as cursor:
        for table in ("partnerships_claim", "partnerships_citation"):
            cursor.execute(f"DROP TRIGGER majlis_public_from ON {table}")
    citation = factories.CitationFactory(claim__published=True, source__published=True)
    claim = citation.claim
    assert (stored(claim), stored(citation)) == (None, None)
    connection.check_constraints()
    rights.lay(connection)
    assert None not in (stored(claim), stored(citation))
    assert stale() == {}


# Two at once


@pytest.mark.long
@pytest.mark.parametrize("hidden", ["event", "recommendation"])
def test_part_that_is_written_while_its_whole_is_published_is_public(session: SecondSession, hidden: str) -> None:
    addressee = factories.AddresseeFactory(recommendation__event__published=hidden != "event", actor__published=True)
    recommendation = addressee.recommendation
    if hidden == "event":
        publish(recommendation)
    whole = recommendation.event if hidden == "event" else recommendation
    with transaction.atomic():
        entry = factories.StatusEntryFactory(addressee=addressee)
        assert stored(entry) is None
        publishing = session.run(lambda: publish(whole))
        session.wait_until_it_waits()
    publishing.result(PATIENCE)
    assert stored(entry) is not None
    assert stale() == {}


@pytest.mark.long
@pytest.mark.parametrize("hidden", ["event", "recommendation"])
def test_part_that_is_written_once_its_whole_is_being_published_waits_and_is_public(
    session: SecondSession, hidden: str
) -> None:
    addressee = factories.AddresseeFactory(recommendation__event__published=hidden != "event", actor__published=True)
    recommendation = addressee.recommendation
    if hidden == "event":
        publish(recommendation)
    with transaction.atomic():
        publish(recommendation.event if hidden == "event" else recommendation)
        writing = session.run(lambda: factories.StatusEntryFactory(addressee=addressee))
        session.wait_until_it_waits()
    assert stored(writing.result(PATIENCE)) is not None
    assert stale() == {}


@pytest.mark.long
def test_those_who_write_parts_of_one_whole_do_not_wait_for_each_other(session: SecondSession) -> None:
    claim = factories.ClaimFactory(published=True)
    sources = [factories.SourceFactory(published=True) for _ in range(2)]
    with transaction.atomic():
        factories.CitationFactory(claim=claim, source=sources[0])
        session.run(lambda: _rolled_back(lambda: factories.ClaimSubjectFactory(claim=claim, actor__published=False)))


def _rolled_back(work: Any) -> None:
    with transaction.atomic():
        work()
        transaction.set_rollback(True)
