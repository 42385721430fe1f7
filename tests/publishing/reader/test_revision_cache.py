"""Numbers for the public are cached exactly until something public changes."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.utils import timezone

from partnerships.models import Actor
from publishing import actions
from publishing.acting import Act
from publishing.models.change import Change
from publishing.reader import revision_cache
from publishing.reader.revision_cache import KEPT, kept_by_revision
from tests.factories import ActorFactory, UserFactory

VISITOR = AnonymousUser()


class Counting:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> int:
        self.asked += 1
        return Actor.objects.visible_to(VISITOR).count()


@pytest.fixture
def count(committing: None) -> Iterator[Counting]:
    revision_cache._kept.clear()
    yield Counting()
    revision_cache._kept.clear()


def kept(count: Counting, what: Any = "actors", user: Any = VISITOR) -> int:
    return kept_by_revision(what, count, user=user)


def line(effective_at: dt.datetime) -> None:
    Change.objects.create(
        kind="actor",
        public_id="aaaaaaaaaa",
        identifier="somebody",
        event="changed",
        version=1,
        recorded_at=timezone.now(),
        effective_at=effective_at,
        transaction_id=Change.objects.count() + 1,
    )


def test_answer_is_kept_while_nothing_public_changes(count: Counting) -> None:
    ActorFactory(published=True)
    assert [kept(count), kept(count)] == [1, 1]
    ActorFactory()  # a draft
    assert kept(count) == 1
    assert count.asked == 1


def test_whatever_becomes_or_ceases_to_be_public_is_counted_at_once(count: Counting) -> None:
    actor, reviewer = ActorFactory(), UserFactory(groups=("reviewers",))
    assert kept(count) == 0
    actions.publish(actor, act=Act(by=reviewer, at=timezone.now()))
    assert kept(count) == 1
    actions.withdraw(actor, act=Act(by=reviewer, at=timezone.now()), note="Not so.")
    assert kept(count) == 0
    assert count.asked == 3


def test_end_of_an_embargo_is_a_change(count: Counting) -> None:
    assert kept(count) == 0
    soon = timezone.now() + dt.timedelta(seconds=0.3)
    ActorFactory(published=True, embargo_until=soon)
    assert kept(count) == 0
    while timezone.now() < soon:
        pass
    assert kept(count) == 1


def test_commit_that_comes_after_an_embargo_ended_is_a_change(count: Counting) -> None:
    now = timezone.now()
    line(now - dt.timedelta(seconds=1))
    kept(count)
    line(now - dt.timedelta(seconds=5))  # written before that moment, and committed after it
    kept(count)
    assert count.asked == 2


def test_line_that_is_still_to_come_is_no_change(count: Counting) -> None:
    kept(count)
    line(timezone.now() + dt.timedelta(days=1))
    kept(count)
    assert count.asked == 1


def test_whoever_has_written_in_the_same_transaction_is_answered_anew(count: Counting) -> None:
    ActorFactory(published=True)
    assert kept(count) == 1
    with transaction.atomic():
        ActorFactory(published=True)
        assert kept(count) == 2
        ActorFactory(published=True)
        assert kept(count) == 3
        transaction.set_rollback(True)
    assert kept(count) == 1


def test_desk_is_answered_anew_each_time(count: Counting) -> None:
    editor: User = UserFactory(groups=("editors",))
    assert [kept(count, user=editor), kept(count, user=editor)] == [0, 0]
    assert count.asked == 2


def test_questions_are_kept_apart_and_only_so_many(count: Counting) -> None:
    kept(count, "first")
    kept(count, "second")
    assert count.asked == 2
    for number in range(KEPT):
        kept(count, number)
    assert len(revision_cache._kept) == KEPT
    kept(count, "second")
    assert count.asked == KEPT + 3
