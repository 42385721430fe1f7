"""Evidence whose source is still in review: the public learns only that there is some."""

import datetime as dt
from typing import Any

import pgtrigger
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from partnerships.models import Source
from publishing.acting import Act
from publishing.actions import publish, revise, submit_for_review, unpublished_references, withdraw
from publishing.models.change import Change
from publishing.reader.audience import reading_as_the_public
from recommendations.models import Recommendation, StatusEntry
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    EvidenceFactory,
    RecommendationFactory,
    SourceFactory,
    StatusEntryFactory,
)

pytestmark = pytest.mark.django_db

TITLE = "Zanzibarquill Gazette"
SAID = "A source of this is being read by a second person."


def cited(source: Any, **attributes: Any) -> StatusEntry:
    """An entry of something public that says partly implemented, and cites `source`."""
    recommendation = RecommendationFactory(published=True, **attributes)
    addressee = AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True))
    entry: StatusEntry = StatusEntryFactory(addressee=addressee, state="partly_implemented", cited=False)
    EvidenceFactory(entry=entry, source=source)
    return entry


def page(entry: StatusEntry) -> str:
    return Client().get(entry.addressee.recommendation.get_absolute_url()).content.decode()


def of_the_api(entry: StatusEntry) -> dict[str, Any]:
    answer: dict[str, Any] = Client().get(f"/api/v1/status-entries/{entry.public_id}/").json()
    return answer


def published_by(person: User, source: Source) -> None:
    # A test is one transaction, and the database's clock stands still in it.
    publish(source, act=Act(by=person, at=timezone.now() - dt.timedelta(hours=1)))


@pytest.mark.parametrize("state", [{}, {"in_review": True}])
def test_source_being_read_is_told_of_and_not_named(state: dict[str, bool], reviewer: User) -> None:
    source = SourceFactory(title=TITLE, **state)
    entry = cited(source)
    assert SAID in page(entry)
    assert TITLE not in page(entry)
    answer = of_the_api(entry)
    assert (answer["evidence"], answer["evidence_in_review"]) == ([], True)
    published_by(reviewer, source)
    assert SAID not in page(entry)
    assert TITLE in page(entry)
    answer = of_the_api(entry)
    assert ([one["source"]["title"] for one in answer["evidence"]], answer["evidence_in_review"]) == (
        [TITLE],
        False,
    )
    withdraw(source, act=Act(by=reviewer, at=timezone.now()), note="It rested on a misreading.")
    assert SAID not in page(entry)
    assert TITLE not in page(entry)


def asked_of_the_database(entry: StatusEntry) -> bool:
    with reading_as_the_public(), connection.cursor() as cursor:
        cursor.execute("SELECT recommendations_has_source_being_read(%s)", [entry.pk])
        return bool(cursor.fetchone()[0])


def test_reader_is_answered_of_what_is_public_only() -> None:
    entry = cited(SourceFactory())
    assert asked_of_the_database(entry)
    with reading_as_the_public(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM recommendations_evidence")
        assert cursor.fetchone() == (0,)
    draft = StatusEntryFactory(state="partly_implemented", cited=False)
    EvidenceFactory(entry=draft, source=SourceFactory())
    assert not asked_of_the_database(draft)
    assert not asked_of_the_database(cited(SourceFactory(), embargo_until=timezone.now() + dt.timedelta(days=1)))
    tomorrow = timezone.now() + dt.timedelta(days=1)
    assert not asked_of_the_database(cited(SourceFactory(), event=EventFactory(published=True, embargo_until=tomorrow)))
    assert not asked_of_the_database(cited(SourceFactory(published=True)))


MADE = [f"recommendations.{model}:announce_part" for model in ("Addressee", "StatusEntry", "Evidence")]
"""What announces that these were made; in one transaction a second line would not be written."""


def changed() -> set[str]:
    return set(Change.objects.filter(kind="recommendation", event="changed").values_list("public_id", flat=True))


@pytest.mark.parametrize("step", ["publish", "withdraw"])
def test_publishing_and_withdrawing_a_source_announces_what_cites_it(step: str, reviewer: User) -> None:
    source = SourceFactory() if step == "publish" else SourceFactory(published=True)
    with pgtrigger.ignore(*MADE):
        citing = [cited(source), cited(source)]
        cited(SourceFactory())
        EvidenceFactory(entry=StatusEntryFactory(state="partly_implemented", cited=False), source=source)  # of a draft
    assert changed() == set()
    if step == "publish":
        published_by(reviewer, source)
    else:
        withdraw(source, act=Act(by=reviewer, at=timezone.now()), note="It rested on a misreading.")
    assert changed() == {entry.addressee.recommendation.public_id for entry in citing}


def test_source_that_goes_to_review_announces_nothing(editor: User) -> None:
    source = SourceFactory()
    with pgtrigger.ignore(*MADE):
        cited(source)
    submit_for_review(source, by=editor)
    assert changed() == set()


def test_embargo_of_the_source_delays_the_announcement(reviewer: User) -> None:
    until = timezone.now() + dt.timedelta(days=3)
    source = SourceFactory(embargo_until=until)
    with pgtrigger.ignore(*MADE):
        cited(source)
    published_by(reviewer, source)
    assert Change.objects.get(kind="recommendation", event="changed").effective_at == until


def test_source_being_read_hinders_neither_publication_nor_a_new_version(reviewer: User) -> None:
    entry = cited(SourceFactory())
    recommendation = Recommendation.objects.get()
    recommendation.priority = True
    revise(recommendation, by=reviewer, note="It presses.")
    recommendation.refresh_from_db()
    assert recommendation.version == 2
    draft = StatusEntryFactory(state="partly_implemented", cited=False)
    EvidenceFactory(entry=draft, source=SourceFactory())
    waiting = unpublished_references(draft.addressee.recommendation, at=timezone.now())
    assert not any(isinstance(one, Source) for one in waiting)
    assert entry.evidence.get().is_being_read


def test_withdrawn_source_still_hinders(reviewer: User) -> None:
    source = SourceFactory(published=True)
    draft = StatusEntryFactory(state="partly_implemented", cited=False)
    EvidenceFactory(entry=draft, source=source)
    withdraw(source, act=Act(by=reviewer, at=timezone.now()), note="It rested on a misreading.")
    assert source in unpublished_references(draft.addressee.recommendation, at=timezone.now())


def test_flag_of_an_entry_agrees_with_its_evidence(reviewer: User) -> None:
    for source in (SourceFactory(), SourceFactory(published=True), withdrawn := SourceFactory(published=True)):
        entry = cited(source)
        if source is withdrawn:
            withdraw(source, act=Act(by=reviewer, at=timezone.now()), note="It rested on a misreading.")
        (row,) = StatusEntry.objects.filter(pk=entry.pk).with_being_read()
        assert row.is_being_read is entry.evidence.get().is_being_read
