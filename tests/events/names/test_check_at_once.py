"""If a participant is recorded while a text is checked for names, one of the two sees the other."""

import pytest
from django.db import transaction
from django.utils import timezone

from events.models import Participant
from events.names.check import NamesSomebody, where_named
from publishing.acting import Act
from publishing.actions import publish
from publishing.publication import PublicationState
from publishing.roles import REVIEWERS
from tests.factories import EventFactory, ParticipantFactory, ReportFactory, UserFactory
from tests.support.concurrency import Session
from tests.support.patience import PATIENCE

NAME = "Nurettin Kızılkaya"
MENTION = "As Dr. Kızılkaya put it, trust grows slowly."


def test_participant_who_waited_for_a_reading_is_found_in_what_was_read(session: Session) -> None:
    event, reviewer = EventFactory(published=True), UserFactory(groups=(REVIEWERS,))
    report = ReportFactory(event=event, summary=MENTION)
    with transaction.atomic():
        publish(report, act=Act(by=reviewer, at=timezone.now()))
        recorded = session.run(lambda: ParticipantFactory(event=event, name=NAME))
        session.wait_until_it_waits()
        assert not Participant.objects.exists()
    participant = recorded.result(PATIENCE)
    assert [publication for publication, _named in where_named(participant)] == [report]


def test_reading_that_waited_for_a_participant_finds_the_name(session: Session) -> None:
    event, reviewer = EventFactory(published=True), UserFactory(groups=(REVIEWERS,))
    participant = ParticipantFactory(event=event, name="Somebody Else")
    report = ReportFactory(event=event, summary=MENTION)

    def publish_it() -> None:
        publish(report, act=Act(by=reviewer, at=timezone.now()))

    with transaction.atomic():
        participant.name = NAME
        participant.save()
        published = session.run(publish_it)
        session.wait_until_it_waits()
    with pytest.raises(NamesSomebody):
        published.result(PATIENCE)
    report.refresh_from_db()
    assert report.state == PublicationState.DRAFT
