"""Home, about, corrections, search, robots.txt and sitemap.xml."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from partnerships.models import VerificationStatus
from publishing.acting import Act
from publishing.actions import revise, withdraw
from publishing.pages.lists import PAGE_SIZE
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    ClaimFactory,
    EventFactory,
    OfficialPositionFactory,
    PartnershipFactory,
    RecommendationFactory,
    ReportFactory,
    ReviewFactory,
    SeriesFactory,
    StatusEntryFactory,
)
from tests.support.cast import Person
from tests.support.pages import page, words
from tests.support.published import everything

pytestmark = pytest.mark.django_db

TOMORROW = timezone.now() + dt.timedelta(days=1)


# Home


def test_home_of_an_empty_base_says_what_is_missing() -> None:
    said = words(page("/"))
    assert "No recommendation is published yet." in said
    assert "No claim is published yet." in said
    assert "Nothing is published yet." in said
    assert "None is scheduled." in said


def test_home_shows_where_the_recommendations_stand() -> None:
    for state in ("in_progress", "in_progress", "stalled"):
        recommendation = RecommendationFactory(published=True)
        addressee = AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True))
        StatusEntryFactory(addressee=addressee, state=state)
    RecommendationFactory()
    assert "In progress 2 Stalled 1" in words(page("/"))


def test_home_shows_what_is_confirmed_and_what_is_rumour_in_one_glance() -> None:
    confirmed = ClaimFactory(published=True)
    ReviewFactory(claim=confirmed, status=VerificationStatus.OFFICIALLY_CONFIRMED)
    rumour = ClaimFactory(published=True, statement="There is a pact.")
    ReviewFactory(claim=rumour, status=VerificationStatus.UNVERIFIED)
    OfficialPositionFactory(claim=rumour, government=ActorFactory(published=True, name="Qatar"))
    ClaimFactory(published=True)
    ClaimFactory(statement="HIDDEN")
    content = page("/")
    said = words(content)
    assert "confirmed 1 unverified 1 not yet assessed 1" in said
    assert "Unverified: reported, and nothing more There is a pact. Qatar: Position: Silent" in said
    assert "HIDDEN" not in content


def test_home_shows_the_latest_changes_once_per_thing(reviewer: User) -> None:
    partnership = PartnershipFactory(published=True, name="Talks")
    PartnershipFactory(name="HIDDEN draft")
    PartnershipFactory(published=True, name="HIDDEN embargoed", embargo_until=TOMORROW)
    report = ReportFactory(published=True, title="The report")
    partnership.summary_en = "They go on."
    revise(partnership, by=reviewer, note="A summary was added.")
    content = page("/")
    said = words(content)
    assert "Talks Partnership Changed A summary was added." in said
    assert "The report Report Published" in said
    assert said.count("Talks") == 1
    assert f'href="{report.event.get_absolute_url()}"' in content
    assert "HIDDEN" not in content


def test_home_shows_of_what_is_withdrawn_only_that_it_was(reviewer: User) -> None:
    partnership = PartnershipFactory(published=True, name="HIDDEN", slug="talks")
    report = ReportFactory(published=True, title="HIDDEN report")
    for publication in (partnership, report):
        withdraw(publication, act=Act(by=reviewer, at=timezone.now()), note="A misreading.")
    content = page("/")
    assert "talks Partnership Withdrawn A misreading." in words(content)
    assert f"{report.public_id} Report Withdrawn A misreading." in words(content)
    assert "HIDDEN" not in content


def test_home_announces_the_next_event_or_the_last_that_was_held() -> None:
    today = timezone.now().date()
    EventFactory(published=True, name="Held one", lifecycle="held", start_date=today - dt.timedelta(days=9))
    assert "None is scheduled. Held last" in words(page("/"))
    EventFactory(published=True, name="Far one", lifecycle="planned", start_date=today + dt.timedelta(days=90))
    EventFactory(published=True, name="Near one", lifecycle="confirmed", start_date=today + dt.timedelta(days=9))
    EventFactory(name="HIDDEN", lifecycle="confirmed", start_date=today + dt.timedelta(days=1))
    said = words(page("/"))
    assert "Next event" in said
    assert re.search(r"Next event \d+ \w+ \d{4} Near one", said)


@pytest.mark.parametrize("prefix", ["", "/tr", "/ar"])
@pytest.mark.parametrize("address", ["/", "/about/", "/corrections/", "/search/"])
def test_pages_exist_in_every_language_without_a_cookie(prefix: str, address: str) -> None:
    response = Client().get(f"{prefix}{address}")
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert response.headers["Content-Language"] == (prefix.strip("/") or "en")


# Corrections


def test_corrections_list_notes_of_later_versions_and_withdrawals(reviewer: User) -> None:
    assert "Nothing has been corrected or withdrawn so far" in words(page("/corrections/"))
    claim = ClaimFactory(published=True, statement="650 serve there.")
    claim.statement_en = "About 650 serve there."
    revise(claim, by=reviewer, note="“About” was missing.")
    other = ClaimFactory(published=True, statement="HIDDEN")
    withdraw(other, act=Act(by=reviewer, at=timezone.now()), note="A misreading.")
    draft = ClaimFactory(statement="HIDDEN draft")
    content = page("/corrections/")
    said = words(content)
    assert "About 650 serve there. Claim Changed “About” was missing." in said
    assert f"{other.public_id} Claim Withdrawn A misreading." in said
    assert "HIDDEN" not in content
    assert draft.public_id not in content


# Search


def test_search_finds_all_four_kinds_and_counts_them() -> None:
    PartnershipFactory(published=True, name="Drone partnership")
    ClaimFactory(published=True, statement="Drones changed the war.")
    EventFactory(published=True, name="Workshop on drones")
    RecommendationFactory(published=True, title="Buy no drones")
    ClaimFactory(statement="HIDDEN drones")
    content = page("/search/", q="drones")
    said = words(content)
    assert "4 results for “<bdi>drones</bdi>”" in content
    assert "Everything 4 Partnerships 1 Claims 1 Events 1 Recommendations 1" in said
    assert "Drones changed the war." in said
    assert "Verification: Unassessed" in said
    assert "HIDDEN" not in content


def test_search_narrows_to_one_kind_and_says_which() -> None:
    ClaimFactory(published=True, statement="Drones changed the war.")
    EventFactory(published=True, name="Workshop on drones")
    content = page("/search/", q="drones", kind="event")
    assert "Workshop on drones" in content
    assert "Drones changed the war." not in content
    assert 'href="/search/?q=drones&amp;kind=event" aria-current="page"' in content


def test_search_goes_on_page_by_page() -> None:
    for number in range(PAGE_SIZE + 2):
        ClaimFactory(published=True, statement=f"Drone number {number}.")
    first = page("/search/", q="drone")
    assert first.count('<li class="record">') == PAGE_SIZE
    [address] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = page(address.replace("&amp;", "&"))
    assert second.count('<li class="record">') == 2
    assert 'rel="next"' not in second
    assert 'href="/search/?q=drone">Back to the first results' in second


def test_search_without_words_explains_itself_and_without_results_helps() -> None:
    assert "Put several words in quotation marks" in words(page("/search/"))
    assert "Put several words in quotation marks" in words(page("/search/", q="   "))
    assert "Nothing was found" in words(page("/search/", q="zeppelin"))


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ("kind=person&q=x", "Choose one of: partnership, claim, event, recommendation"),
        (f"q={'x' * 201}", "The search takes at most 200 characters."),
        ("q=a%00b", "NUL byte"),
        ("q=drone&after=claim-0000000000", "Begin at its first page."),
        ("q=drone&after=7", "Begin at its first page."),
    ],
)
def test_search_that_cannot_be_read_says_why(query: str, advice: str) -> None:
    assert advice in words(page(f"/search/?{query}", expect=400))


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", "' OR 1=1 --", '"', "a & | ! b", "\\", "%", "-", "()"])
def test_search_takes_whatever_is_typed(query: str) -> None:
    content = page("/search/", q=query)
    assert "<script>alert" not in content


# robots.txt and sitemap.xml


def test_robots_may_read_everything_but_the_desk_and_the_api() -> None:
    response = Client().get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /api/",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_sitemap_has_what_is_public_in_every_language_and_nothing_else() -> None:
    things = everything()
    ActorFactory(slug="hidden-draft")
    SeriesFactory(published=True, slug="hidden-embargoed", embargo_until=TOMORROW)
    content = Client().get("/sitemap.xml").content.decode()
    for kind in ("partnerships", "actors", "claims", "events", "series", "recommendations"):
        address = things[kind].get_absolute_url()
        for prefix in ("", "/tr", "/ar"):
            assert f"<loc>http://testserver{prefix}{address}</loc>" in content, (kind, prefix)
    assert "hidden-" not in content
    assert "<loc>http://testserver/recommendations/</loc>" in content
    assert f"<lastmod>{timezone.now().date()}</lastmod>" in content


def test_desk_is_given_the_same_sitemap_as_everybody(editor: Person, client_of: Callable[[Person], Client]) -> None:
    PartnershipFactory(slug="hidden-draft")
    PartnershipFactory(published=True, slug="shown")
    content = client_of(editor).get("/sitemap.xml").content.decode()
    assert "/partnerships/shown/" in content
    assert "hidden-draft" not in content


def test_pages_are_served_under_a_strict_policy() -> None:
    policy = Client().get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    for address in ("/", "/about/", "/recommendations/"):
        content = page(address)
        assert "<script" not in content
        assert " style=" not in content
        assert "javascript:" not in content
