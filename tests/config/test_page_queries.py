"""Every page needs the same number of queries for one row as for three.

Four queries belong to reading as the public: the transaction (two), the role and its end.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from publishing import actions
from publishing.acting import Act
from tests.factories import ClaimFactory
from tests.support import pages
from tests.support.published import everything

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/partnerships/", 10),
        ("/actors/", 9),
        ("/claims/", 10),
        ("/events/", 12),
        ("/series/", 7),
        ("/recommendations/", 15),
        ("/", 16),
        ("/search/?q=claim", 8),
    ],
)
def test_list_costs_the_same_for_one_and_for_three(
    address: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    everything()
    with django_assert_num_queries(queries):
        Client().get(address)
    everything()
    everything()
    with django_assert_num_queries(queries):
        Client().get(address)


def test_corrections_cost_the_same_for_one_and_for_three(
    editor: User, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def correct() -> None:
        revised, withdrawn = ClaimFactory(published=True), ClaimFactory(published=True)
        actions.revise(revised, by=editor, note="A figure was wrong.")
        actions.withdraw(withdrawn, act=Act(by=reviewer, at=timezone.now()), note="It rested on a misreading.")

    correct()
    with django_assert_num_queries(6):
        Client().get("/corrections/")
    correct()
    correct()
    with django_assert_num_queries(6):
        Client().get("/corrections/")


@pytest.mark.parametrize(
    ("collection", "suffix", "add", "queries"),
    [
        ("partnerships", "", pages.add_to_partnership, 37),
        ("partnerships", "?since=2025-01-01", pages.add_to_partnership, 44),
        ("actors", "", pages.add_to_actor, 23),
        ("claims", "", pages.add_to_claim, 22),
        ("events", "", pages.add_to_event, 22),
        ("series", "", pages.add_to_series, 10),
        ("series", "scorecard/", pages.add_to_series, 12),
        ("recommendations", "", pages.add_to_recommendation, 37),
    ],
)
def test_page_costs_the_same_for_one_part_of_each_kind_and_for_three(
    collection: str,
    suffix: str,
    add: Callable[[Any], None],
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    thing = everything()[collection]
    add(thing)
    address = f"{thing.get_absolute_url()}{suffix}"
    with django_assert_num_queries(queries):
        Client().get(address)
    add(thing)
    add(thing)
    with django_assert_num_queries(queries):
        Client().get(address)
