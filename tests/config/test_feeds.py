"""The Atom feeds: what is new or changed, kind by kind."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from publishing.acting import Act
from publishing.actions import revise, withdraw
from publishing.models.change import Change
from publishing.pages.feeds import tag
from tests.factories import ClaimFactory, EventFactory, PartnershipFactory, RecommendationFactory
from tests.support.pages import page

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


def names(root: ElementTree.Element) -> list[str | None]:
    return [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]


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
    assert summaries == ["It is strong.", "<p>A tie.</p>\n"]
    assert newer.version == 1


@pytest.mark.parametrize(("kind", "factory", "text"), KINDS)
def test_entry_has_one_name_for_ever(kind: str, factory: Any, text: str, settings: Any, reviewer: User) -> None:
    settings.MAJLIS_TAG_AUTHORITY = "majlis.example,2026"
    thing = factory(published=True)
    model = thing._meta.model_name
    for language in ("en", "tr", "ar"):
        prefix = "" if language == "en" else f"/{language}"
        root = feed(f"{prefix}/feeds/{kind}/")
        assert root.findtext(f"{ATOM}id") == f"tag:majlis.example,2026:feed/{model}/{language}"
        assert names(root) == [f"tag:majlis.example,2026:{model}/{thing.public_id}"]
    settings.SITE_URL = "https://moved.example"  # another address, and the same names
    if hasattr(thing, "slug"):
        thing.slug = "renamed"
        revise(thing, by=reviewer, note="Another address.")
    assert names(feed(f"/feeds/{kind}/")) == [f"tag:majlis.example,2026:{model}/{thing.public_id}"]
    read = feedparser.parse(Client().get(f"/feeds/{kind}/").content)
    assert not read.bozo
    assert read.entries[0].id == f"tag:majlis.example,2026:{model}/{thing.public_id}"
    assert read.entries[0].link.startswith("https://moved.example/")
    assert read.feed.links[1].href == f"https://moved.example/feeds/{kind}/"


@pytest.mark.parametrize(("kind", "factory", "text"), KINDS)
def test_withdrawn_thing_leaves_the_feed_and_is_told_of(
    kind: str, factory: Any, text: str, settings: Any, reviewer: User
) -> None:
    settings.MAJLIS_TAG_AUTHORITY = "majlis.example,2026"
    thing = factory(published=True, **{text: "HIDDEN"})
    assert titles(feed(f"/feeds/{kind}/")) == ["HIDDEN"]
    withdraw(thing, act=Act(by=reviewer, at=timezone.now()), note="A <misreading> & more.")
    answer = Client().get(f"/feeds/{kind}/")
    root = ElementTree.fromstring(answer.content)
    assert titles(root) == []
    assert "HIDDEN" not in answer.content.decode()
    [deleted] = root.findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert deleted.get("ref") == f"tag:majlis.example,2026:{thing._meta.model_name}/{thing.public_id}"
    when = Change.objects.get(public_id=thing.public_id, event="withdrawn").effective_at
    assert dt.datetime.fromisoformat(str(deleted.get("when"))) == when
    assert dt.datetime.fromisoformat(str(root.findtext(f"{ATOM}updated"))) == when
    assert deleted.findtext("{http://purl.org/atompub/tombstones/1.0}comment") == "A <misreading> & more."
    assert not feedparser.parse(answer.content).bozo


def test_draft_that_was_never_public_is_not_told_of() -> None:
    ClaimFactory(statement="HIDDEN draft")
    ClaimFactory(published=True, embargo_until=TOMORROW, statement="HIDDEN embargoed")
    content = Client().get("/feeds/claims/").content
    assert b"deleted-entry" not in content
    assert content == Client().get("/feeds/claims/").content  # nothing happened, so nothing says when
    assert b"<updated>2000-01-01T00:00:00+00:00</updated>" in content


def test_feed_says_when_it_was_last_updated(reviewer: User) -> None:
    claim, other = ClaimFactory(published=True), ClaimFactory(published=True)
    revise(claim, by=reviewer, note="Put right.")
    root = feed("/feeds/claims/")
    updated = [entry.findtext(f"{ATOM}updated") for entry in root.iter(f"{ATOM}entry")]
    assert root.findtext(f"{ATOM}updated") == updated[0] == max(map(str, updated))
    assert names(root) == [tag("claim", claim.public_id), tag("claim", other.public_id)]


def test_words_stand_in_the_feed_as_they_stand_on_the_page(reviewer: User) -> None:
    context = "If a<b and c>d then **so** <img src=x onerror=alert(1)>. [Away](javascript:alert(1)) & [there](/about/)"
    claim = ClaimFactory(published=True, statement="If a < b & <b>c</b>.", context=context)
    answer = Client().get("/feeds/claims/")
    read = feedparser.parse(answer.content, sanitize_html=False)
    assert not read.bozo, read.bozo_exception
    [entry] = read.entries
    assert entry.title_detail.type == "text/plain"
    assert entry.title == "If a < b & <b>c</b>."
    assert entry.summary_detail.type == "text/html"
    assert entry.summary == (
        "<p>If a&lt;b and c&gt;d then <strong>so</strong> &lt;img src=x onerror=alert(1)&gt;. "
        '[Away](javascript:alert(1)) &amp; <a href="http://testserver/about/" rel="noopener noreferrer">there</a></p>'
    )
    [raw] = [one.findtext(f"{ATOM}summary") for one in ElementTree.fromstring(answer.content).iter(f"{ATOM}entry")]
    assert str(raw).strip() in page(claim.get_absolute_url())
    claim.context_en = "Otherwise."
    revise(claim, by=reviewer, note="Now <i>otherwise</i>: a<b.")
    [entry] = feedparser.parse(Client().get("/feeds/claims/").content, sanitize_html=False).entries
    assert entry.summary == "Now &lt;i&gt;otherwise&lt;/i&gt;: a&lt;b."


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
