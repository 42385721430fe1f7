"""Lists page by page: every row once, in order, in every ordering, also while rows change."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.factories import (
    PUBLISHED_AT,
    ActorFactory,
    ClaimFactory,
    EventFactory,
    PointFactory,
    RecommendationFactory,
    ReportFactory,
    ResponseFactory,
    SourceFactory,
)
from tests.support.published import API, COLLECTIONS, everything, get, listed

pytestmark = pytest.mark.long

DAY = dt.timedelta(days=1)


def walk(path: str, link: str = "next", **parameters: Any) -> list[dict[str, Any]]:
    """The pages from the first one on, following `link`."""
    pages = [get(path, **parameters)]
    while pages[-1][link]:
        assert len(pages) < 50
        response = Client().get(pages[-1][link])
        assert response.status_code == 200, response.content
        pages.append(response.json())
    return pages


def flat(pages: list[dict[str, Any]], member: str) -> list[Any]:
    return [thing[member] for page in pages for thing in page["results"]]


@pytest.mark.django_db
@pytest.mark.parametrize("collection", [name for name in COLLECTIONS if name != "changes"])
def test_list_gives_everything_once_in_every_ordering(collection: str) -> None:
    everything()
    everything()
    whole = sorted(listed(f"{collection}/", "url", page_size=200))
    assert len(whole) >= 2
    schema = Client().get(f"{API}schema/").json()
    parameters = schema["paths"][f"{API}{collection}/"]["get"]["parameters"]
    [orderings] = [one["schema"]["enum"] for one in parameters if one["name"] == "ordering"]
    for ordering in orderings:
        pages = walk(f"{collection}/", ordering=ordering, page_size=5)
        there = flat(pages, "url")
        assert sorted(there) == whole
        assert pages[0]["previous"] is None
        back = [pages[-1]]
        while back[-1]["previous"]:
            back.append(Client().get(back[-1]["previous"]).json())
        assert flat(back[::-1], "url") == there


@pytest.mark.django_db
def test_ties_are_broken_by_what_stands_in_the_address() -> None:
    claims = ClaimFactory.create_batch(5, published=True, published_at=PUBLISHED_AT)
    expected = sorted((claim.public_id for claim in claims), reverse=True)
    assert flat(walk("claims/", page_size=1), "public_id") == expected
    assert flat(walk("claims/", page_size=3, ordering="published_at"), "public_id") == expected[::-1]


@pytest.mark.django_db
@pytest.mark.parametrize("ordering", ["start_date", "-start_date"])
def test_unknown_comes_last_either_way(ordering: str) -> None:
    dates = [None, dt.date(2025, 3, 1), None, dt.date(2024, 3, 1), dt.date(2025, 3, 1)]
    for date in dates:
        EventFactory(published=True, start_date=date)
    found = flat(walk("events/", page_size=2, ordering=ordering), "start_date")
    known = ["2024-03-01", "2025-03-01", "2025-03-01"]
    assert found == [*(known if ordering == "start_date" else known[::-1]), None, None]


@pytest.mark.django_db
def test_page_goes_on_where_the_last_one_ended_whatever_came_meanwhile() -> None:
    for slug in ("a", "c", "e", "g"):
        ActorFactory(published=True, slug=slug)
    first = get("actors/", page_size=2)
    assert [actor["slug"] for actor in first["results"]] == ["a", "c"]
    ActorFactory(published=True, slug="b")
    ActorFactory(published=True, slug="d")
    second = Client().get(first["next"]).json()
    assert [actor["slug"] for actor in second["results"]] == ["d", "e"]
    assert [actor["slug"] for actor in Client().get(second["previous"]).json()["results"]] == ["b", "c"]


@pytest.mark.django_db
def test_links_keep_the_other_parameters() -> None:
    ClaimFactory.create_batch(3, published=True)
    ClaimFactory(published=True, kind="denial")
    page = get("claims/", kind="occurrence", page_size=2, lang="tr", fields="url,kind")
    query = parse_qs(urlsplit(page["next"]).query)
    cursor = query.pop("cursor")
    assert query == {"kind": ["occurrence"], "page_size": ["2"], "lang": ["tr"], "fields": ["url,kind"]}
    assert len(cursor) == 1
    assert len(Client().get(page["next"]).json()["results"]) == 1


@pytest.mark.django_db
def test_cursor_of_another_ordering_or_collection_is_refused() -> None:
    ActorFactory.create_batch(2, published=True)
    cursor = parse_qs(urlsplit(get("actors/", page_size=1)["next"]).query)["cursor"][0]
    for path, parameters in (
        ("actors/", {"ordering": "-slug"}),
        ("actors/", {"ordering": "published_at"}),
        ("claims/", {}),
        ("changes/", {"since": cursor}),
        ("search/", {"q": "actor"}),
    ):
        query = parameters if "since" in parameters else {**parameters, "cursor": cursor}
        assert Client().get(f"{API}{path}", query).status_code == 400


@pytest.mark.django_db
def test_default_page_has_fifty() -> None:
    SourceFactory.create_batch(51, published=True)
    page = get("sources/")
    assert len(page["results"]) == 50
    assert len(Client().get(page["next"]).json()["results"]) == 1
    assert len(get("sources/", page_size=200)["results"]) == 51


@pytest.mark.django_db
def test_points_stand_in_the_order_of_their_report() -> None:
    report = ReportFactory(published=True)
    for position in (3, 1, 2):
        PointFactory(report=report, position=position)
    assert listed("points/", "position", report=report.public_id) == [1, 2, 3]


@pytest.mark.django_db
def test_latest_record_stands_first() -> None:
    day = dt.date(2025, 6, 1)
    addressee = ResponseFactory(addressee__recommendation__published=True, addressee__actor__published=True, as_of=day)
    ResponseFactory(addressee=addressee.addressee, awaiting=True, as_of=day + DAY)
    assert listed("responses/", "kind") == ["awaiting", "not_sent"]
    assert listed("responses/", "kind", ordering="as_of") == ["not_sent", "awaiting"]


@pytest.mark.django_db
def test_recommendations_stand_in_the_order_of_their_references() -> None:
    for number in (3, 1, 2):
        RecommendationFactory(published=True, reference=f"R-2025-00{number}")
    assert listed("recommendations/", "reference") == ["R-2025-001", "R-2025-002", "R-2025-003"]
