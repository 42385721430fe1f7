"""What later editions take up: for how many editions, in which words, and the whole family."""

import datetime as dt
import random
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from recommendations.analysis.lineage import MAX_RELATIVES, Branch, Family, family_of
from recommendations.models import Recommendation
from tests.factories import (
    AS_OF,
    EventFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
    SeriesFactory,
    noon,
)
from tests.support.pages import page, words

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(days=1)


def asked_in(series: Any, edition: int | None, **columns: Any) -> Any:
    event = series and series.events.filter(edition=edition).first()
    event = event or EventFactory(published=True, series=series, edition=edition)
    return RecommendationFactory(**{"published": True, "event": event, **columns})


def link(later: Any, *earlier: Any, type: str = "reiterates") -> Any:
    for one in earlier:
        RecommendationLinkFactory(source=later, target=one, type=type)
    return later


def running(recommendation: Any, *, as_of: dt.date | None = None) -> int:
    rows = Recommendation.objects.with_editions_running(as_of=as_of)
    return int(rows.get(pk=recommendation.pk).editions_running)


# Editions running


@pytest.mark.parametrize("type", ["reiterates", "strengthens", "narrows", "splits", "merges", "supersedes"])
def test_editions_running_are_counted_back_through_links_of_any_type(type: str) -> None:
    series = SeriesFactory(published=True)
    chain = [asked_in(series, number) for number in (3, 4, 5)]
    link(chain[1], chain[0], type=type)
    link(chain[2], chain[1], type=type)
    assert [running(one) for one in chain] == [1, 2, 3]


def test_a_run_ends_where_an_edition_is_left_out_or_of_another_series() -> None:
    series, other = SeriesFactory(published=True), SeriesFactory(published=True)
    first, third, fourth = (asked_in(series, number) for number in (1, 3, 4))
    link(third, first)
    link(fourth, third)
    assert (running(third), running(fourth)) == (1, 2)
    assert running(link(asked_in(series, 5), asked_in(other, 4))) == 1
    assert running(link(asked_in(series, None), fourth)) == 1
    assert running(link(asked_in(None, None), fourth)) == 1


def test_a_run_goes_on_through_parts_and_mergers_of_one_edition() -> None:
    series = SeriesFactory(published=True)
    first, other, whole = asked_in(series, 1), asked_in(series, 1), asked_in(series, 2)
    part = link(asked_in(series, 2), link(whole, first, other, type="merges"), type="splits")
    assert running(part) == 2
    assert running(link(asked_in(series, 3), part, whole)) == 3


def test_a_run_does_not_tell_of_what_is_not_public() -> None:
    series = SeriesFactory(published=True)
    first = asked_in(series, 1)
    for hidden in (
        {"published": False},
        {"published": False, "withdrawn": True},
        {"embargo_until": timezone.now() + ONE},
    ):
        between = asked_in(series, 2, **hidden)
        last = link(asked_in(series, 3), link(between, first))
        assert (running(between), running(last)) == (2, 1)


def test_a_run_of_a_past_day_is_as_public_on_it() -> None:
    series = SeriesFactory(published=True)
    late = asked_in(series, 1, published_at=noon(AS_OF))
    last = link(asked_in(series, 2), late)
    assert [running(last, as_of=AS_OF + days * ONE) for days in (-1, 0)] == [1, 2]


def test_runs_of_any_family_are_those_that_one_walks() -> None:
    chance = random.Random(4)
    series = SeriesFactory(published=True)
    rows = [asked_in(series, chance.randint(1, 6)) for _ in range(24)]
    targets: dict[int, list[Any]] = {row.pk: [] for row in rows}
    for later in rows:
        for earlier in chance.sample(rows, 2):
            if (earlier.event.edition, earlier.pk) < (later.event.edition, later.pk):
                link(later, earlier)
                targets[later.pk].append(earlier)

    def editions(one: Any) -> set[int]:
        steps = [row for row in targets[one.pk] if one.event.edition - row.event.edition in (0, 1)]
        return {one.event.edition}.union(*(editions(row) for row in steps))

    expected = {row.pk: len(editions(row)) for row in rows}
    assert max(expected.values()) > 2
    found = Recommendation.objects.with_editions_running()
    assert dict(found.values_list("pk", "editions_running")) == expected
    for number in (1, 2, 3):
        asked = set(Recommendation.objects.asked_in(number).values_list("pk", flat=True))
        assert asked == {key for key, run in expected.items() if run >= number}
    order = [row.editions_running for row in found.order_by("-editions_running", "reference")]
    assert order == sorted(expected.values(), reverse=True)


def test_list_and_api_are_narrowed_to_what_was_asked_running() -> None:
    series = SeriesFactory(published=True)
    first = asked_in(series, 1, title="FIRST")
    link(asked_in(series, 2, title="SECOND"), first)
    assert "FIRST" in page("/recommendations/")
    content = page("/recommendations/", running="2")
    assert ("SECOND" in content, "FIRST" in content) == (True, False)
    page("/recommendations/", expect=400, running="5")
    answer = Client().get("/api/v1/recommendations/", {"editions_running": "2"}).json()
    assert [(row["title"], row["editions_running"]) for row in answer["results"]] == [("SECOND", 2)]
    assert Client().get("/api/v1/recommendations/", {"editions_running": "0"}).status_code == 400


# The family


def outline(branches: list[Branch]) -> list[Any]:
    return [
        (one.recommendation.reference, str(one.relation or ""), one.stands_elsewhere, outline(one.branches))
        for one in branches
    ]


def family(recommendation: Any, user: Any = None, **given: Any) -> Family:
    return family_of(recommendation, Recommendation.objects.visible_to(user).with_rollup(), **given)


def test_family_is_a_tree_from_what_was_asked_first() -> None:
    one, other, merged, left, right = (
        RecommendationFactory(published=True, reference=f"R-2020-00{number}") for number in range(1, 6)
    )
    link(merged, one, other, type="merges")
    link(left, merged, type="splits")
    link(right, merged, type="splits")
    found = family(left)
    parts: list[Any] = [("R-2020-004", "Split by", False, []), ("R-2020-005", "Split by", False, [])]
    assert outline(list(found.trees)) == [
        ("R-2020-001", "", False, [("R-2020-003", "Merged into", False, parts)]),
        ("R-2020-002", "", False, [("R-2020-003", "Merged into", True, [])]),
    ]
    assert (len(found.members), len(found.ties), found.is_cut, found.is_shown) == (5, 4, False, True)
    assert not family(RecommendationFactory(published=True)).is_shown


def test_nobody_is_a_relative_by_way_of_what_is_hidden(editor: User) -> None:
    first, hidden, last = RecommendationFactory(published=True), RecommendationFactory(), None
    last = link(RecommendationFactory(published=True), link(hidden, first))
    assert set(family(last, editor).members) == {first, hidden, last}
    assert family(last).members == [last]
    answer = Client().get(f"/api/v1/recommendations/{last.reference}/lineage/").json()
    assert [row["reference"] for row in answer["family"]] == [last.reference]
    assert first.reference not in page(last.get_absolute_url())


def test_family_of_a_past_day_is_as_public_on_it() -> None:
    first = RecommendationFactory(published=True)
    link(RecommendationFactory(published=True, published_at=noon(AS_OF)), first)
    assert [len(family(first, as_of=AS_OF + days * ONE).members) for days in (-1, 0)] == [1, 2]


def test_family_that_is_too_large_shows_the_nearest() -> None:
    first = RecommendationFactory(published=True)
    for _ in range(MAX_RELATIVES + 5):
        link(RecommendationFactory(published=True), first)
    found = family(first)
    assert (len(found.members), found.is_cut) == (MAX_RELATIVES, True)
    assert "Only its nearest relatives are shown" in words(page(first.get_absolute_url()))


def test_page_shows_the_run_the_wording_and_the_tree() -> None:
    series = SeriesFactory(published=True)
    first = asked_in(series, 1, reference="R-2020-001", title="Meet", text="States should meet soon.")
    second = asked_in(series, 2, reference="R-2021-001", title="Meet again", text="States must meet <soon>.")
    third = asked_in(series, 3, reference="R-2022-001", title="Meet at last", text="States must meet <soon>.")
    link(second, first, type="strengthens")
    link(third, second)
    content = page(second.get_absolute_url())
    said = words(content)
    assert "Asked 2 editions running" in said
    assert "Strengthens R-2020-001 Meet What changed in the wording" in said
    assert "[taken out: should ]" in said
    assert "[put in: must ] meet" in said
    assert "&lt;</span>" not in content
    assert "Reiterated by R-2022-001 Meet at last In the same words." in said
    assert "R-2020-001 Meet Implementation: Not assessed Strengthened by R-2021-001 Meet again this one" in said
    assert content.count('aria-current="page"') >= 1
    assert "Asked" not in words(page(first.get_absolute_url())).partition("What was asked")[0]


def test_arabic_wording_reads_from_right_to_left_on_an_english_page() -> None:
    arabic = {"published": True, "original_language": "ar"}
    first = RecommendationFactory(**arabic, text="يجب أن تجتمع الدول قريبا", title="اجتماع")
    link(RecommendationFactory(**arabic, text="يجب أن تجتمع الدول سنويا", title="اجتماع"), first)
    content = page(first.get_absolute_url())
    assert '<p class="wording__text" lang="ar" dir="rtl">' in content
    assert "<ins><span" in content


def test_part_shows_the_whole_with_what_came_of_it() -> None:
    whole = RecommendationFactory(published=True, title="The whole")
    part = RecommendationFactory(published=True, parent=whole, event=whole.event)
    said = words(page(part.get_absolute_url()))
    assert "The whole of which it is a part What was recorded of the whole stays with it." in said


def test_api_tells_the_family_and_the_wording() -> None:
    first = RecommendationFactory(published=True, reference="R-2020-001", text="Meet soon.")
    second = link(
        RecommendationFactory(published=True, reference="R-2021-001", text="Meet now."), first, type="narrows"
    )
    told = Client().get(f"/api/v1/recommendations/{first.reference}/lineage/").json()
    assert (told["recommendation"]["reference"], told["editions_running"], told["complete"]) == (
        first.reference,
        1,
        True,
    )
    assert [row["reference"] for row in told["family"]] == [first.reference, second.reference]
    assert told["links"] == [
        {
            "type": "narrows",
            "later": "R-2021-001",
            "earlier": "R-2020-001",
            "wording": {
                "language": "en",
                "pieces": [
                    {"kind": "stays", "text": "Meet "},
                    {"kind": "goes", "text": "soon"},
                    {"kind": "comes", "text": "now"},
                    {"kind": "stays", "text": "."},
                ],
            },
        }
    ]


@pytest.mark.parametrize(
    ("address", "queries"),
    [("/recommendations/R-2020-001/", 16), ("/api/v1/recommendations/R-2020-001/lineage/", 7)],
)
def test_lineage_costs_the_same_for_one_and_for_three(
    address: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = RecommendationFactory(published=True, reference="R-2020-001")
    last = link(RecommendationFactory(published=True), first)
    with django_assert_num_queries(queries):
        Client().get(address)
    link(RecommendationFactory(published=True), last, first)
    link(RecommendationFactory(published=True), first)
    with django_assert_num_queries(queries):
        Client().get(address)
