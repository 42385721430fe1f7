"""The tracker caches its counts of states, and counts again when something public changes."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing.acting import Act
from publishing.actions import publish, withdraw
from recommendations import actions
from recommendations.models import Addressee
from tests.factories import ActorFactory, AddresseeFactory, RecommendationFactory, UserFactory

pytestmark = pytest.mark.usefixtures("committing")

TODAY = timezone.now().date()


def counted(client: Client, address: str = "/recommendations/") -> dict[str, int]:
    return {row["state"]: row["count"] for row in client.get(address).context["state_counts"]}


def asked() -> Addressee:
    addressee: Addressee = AddresseeFactory(
        recommendation=RecommendationFactory(published=True), actor=ActorFactory(published=True)
    )
    return addressee


def test_bar_follows_every_change_at_once(client: Client) -> None:
    editor, reviewer = UserFactory(groups=("editors",)), UserFactory(groups=("reviewers",))
    first, second = asked(), asked()
    assert counted(client) == {"not_assessed": 2}

    def status(addressee: Addressee, state: str, **given: Any) -> Any:
        return actions.record_status(
            addressee, state=state, as_of=TODAY, act=Act(by=editor, at=timezone.now()), **given
        )

    status(first, "not_started")
    assert counted(client) == {"not_assessed": 1, "not_started": 1}
    entry = status(second, "not_started")
    assert counted(client) == {"not_started": 2}
    status(second, "not_assessed", corrects=entry)
    assert counted(client) == {"not_assessed": 1, "not_started": 1}
    withdraw(second.recommendation, act=Act(by=reviewer, at=timezone.now()), note="Not so.")
    assert counted(client) == {"not_started": 1}
    draft = RecommendationFactory(event=first.recommendation.event)
    assert counted(client) == {"not_started": 1}
    publish(draft, act=Act(by=reviewer, at=timezone.now()))
    assert counted(client) == {"not_assessed": 1, "not_started": 1}
    AddresseeFactory(recommendation=first.recommendation, actor=ActorFactory(published=True))
    assert counted(client) == {"not_assessed": 1, "not_started": 1}  # one of two was looked at
    assert counted(client, "/recommendations/?state=not_started") == {"not_started": 1}
    assert counted(client, f"/recommendations/?as_of={TODAY - dt.timedelta(days=1)}") == {"not_assessed": 1}


def test_what_was_counted_is_not_counted_again(client: Client) -> None:
    asked()
    with CaptureQueriesContext(connection) as first:
        client.get("/recommendations/")
    with CaptureQueriesContext(connection) as second:
        client.get("/recommendations/")
    assert len(first) - len(second) == 1
    assert not [query for query in second.captured_queries if "count(*)" in query["sql"]]


def test_labels_are_those_of_the_language_that_asks(client: Client) -> None:
    asked()
    english, turkish = (client.get(path).content.decode() for path in ("/recommendations/", "/tr/recommendations/"))
    assert ("Değerlendirilmedi" in english, "Değerlendirilmedi" in turkish) == (False, True)
