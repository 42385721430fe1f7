"""The Atom feeds: what is new or changed, kind by kind."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from partnerships.actions import revise, withdraw
from tests.factories import ClaimFactory, EventFactory, PartnershipFactory, RecommendationFactory
from tests.pages import page

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
TOMORROW = timezone.now() + dt.timedelta(days=1)
KINDS = [
    ("partnerships", PartnershipFactory, "name"),
    ("claims", ClaimFactory, "statement"),
    ("events", EventFactory, "name"),
    ("recommendations", RecommendationFactory, "title"),
]


def feed(address: str, client: Client | None = None) -> ElementTree.Element:
    """The feed at `address`."""
    response = (client or Client()).get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "Set-Cookie" not in response.headers or client is not None
    return ElementTree.fromstring(response.content)


def titles(root: ElementTree.Element) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]


@pytest.mark.parametrize(("kind", "factory", "text"), KINDS)
def test_feed_has_what_is_public_and_nothing_else(kind: str, factory: Any, text: str) -> None:
    assert titles(feed(f"/feeds/{kind}/")) == []
    shown = factory(published=True, **{text: "Shown"})
    factory(**{text: "HIDDEN draft"})
    factory(published=True, embargo_until=TOMORROW, **{text: "HIDDEN embargoed"})
    root = feed(f"/feeds/{kind}/")
    assert titles(root) == ["Shown"]
    [link] = [entry.find(f"{ATOM}link") for entry in root.iter(f"{ATOM}entry")]
    assert link is not None
    assert link.get("href") == f"http://testserver{shown.get_absolute_url()}"


@pytest.mark.parametrize(("kind", "factory", "text"), KINDS)
def test_desk_gets_the_same_feed_as_everybody(
    kind: str, factory: Any, text: str, editor: User, client_of: Callable[[User], Client]
) -> None:
    factory(**{text: "HIDDEN draft"})
    factory(published=True, **{text: "Shown"})
    assert titles(feed(f"/feeds/{kind}/", client_of(editor))) == ["Shown"]


def test_feed_begins_with_what_changed_last_and_says_what_changed(reviewer: User) -> None:
    older, newer = (PartnershipFactory(published=True, name=name, summary="A tie.") for name in ("Older", "Newer"))
    assert titles(feed("/feeds/partnerships/")) == ["Newer", "Older"]
    older.summary_en = "A strong tie."
    revise(older, by=reviewer, note="It is strong.")
    root = feed("/feeds/partnerships/")
    assert titles(root) == ["Older", "Newer"]
    summaries = [entry.findtext(f"{ATOM}summary") for entry in root.iter(f"{ATOM}entry")]
    assert summaries == ["It is strong.", "A tie."]
    assert newer.version == 1


def test_withdrawn_thing_leaves_the_feed(reviewer: User) -> None:
    claim = ClaimFactory(published=True, statement="HIDDEN")
    assert titles(feed("/feeds/claims/")) == ["HIDDEN"]
    withdraw(claim, by=reviewer, at=timezone.now(), note="A misreading.")
    assert titles(feed("/feeds/claims/")) == []


def test_feed_speaks_the_language_of_its_address() -> None:
    EventFactory(published=True, name_en="Roundtable", name_tr="Yuvarlak masa")
    root = feed("/tr/feeds/events/")
    assert titles(root) == ["Yuvarlak masa"]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "tr"


def test_list_points_to_its_feed() -> None:
    content = page("/ar/recommendations/")
    assert '<link rel="alternate" type="application/atom+xml" href="/ar/feeds/recommendations/"' in content
    assert '<a href="/ar/feeds/recommendations/">' in content


def test_feed_costs_the_same_for_one_and_for_three(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ClaimFactory(published=True)
    with django_assert_num_queries(6):
        Client().get("/feeds/claims/")
    ClaimFactory(published=True)
    ClaimFactory(published=True)
    with django_assert_num_queries(6):
        Client().get("/feeds/claims/")
