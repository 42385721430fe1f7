"""The number of queries of a list or a detail does not grow with the number of rows."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import SubmissionFactory
from tests.support.published import API, IDENTIFIERS, address_of, everything

pytestmark = pytest.mark.long

# A savepoint, the role, the keys of the rows, all that is shown of them, and the end of both. Where the public's transaction
# is the outermost one, as it is but in tests, its end is one statement less.
STATEMENTS = 6


@pytest.mark.django_db
@pytest.mark.parametrize("collection", IDENTIFIERS)
def test_collection_asks_as_often_for_three_as_for_one(collection: str, django_assert_num_queries: Any) -> None:
    thing = everything()[collection]
    with django_assert_num_queries(STATEMENTS):
        assert Client().get(f"{API}{collection}/").status_code == 200
    with django_assert_num_queries(STATEMENTS):
        assert Client().get(address_of(collection, thing)).status_code == 200
    everything()
    everything()
    with django_assert_num_queries(STATEMENTS):
        assert len(Client().get(f"{API}{collection}/").json()["results"]) >= 3
    with django_assert_num_queries(STATEMENTS):
        assert Client().get(address_of(collection, thing)).status_code == 200


@pytest.mark.django_db
def test_changes_ask_as_often_for_three_as_for_one(django_assert_num_queries: Any) -> None:
    everything()
    # The public's four, a savepoint of its own, the wait for the lock, the settled moment, the lines.
    with django_assert_num_queries(9):
        Client().get(f"{API}changes/", {"page_size": 1})
    with django_assert_num_queries(9):
        assert len(Client().get(f"{API}changes/", {"page_size": 3}).json()["results"]) == 3


@pytest.mark.django_db
def test_search_asks_as_often_for_three_as_for_one(django_assert_num_queries: Any) -> None:
    everything()
    # The public's four, the hits, the things of each of four kinds, their snippets, the facets.
    for size in (8, 24):
        with django_assert_num_queries(11):
            found = Client().get(f"{API}search/", {"q": "claim or partnership or event or recommendation"}).json()
        assert {hit["kind"] for hit in found["results"]} == {"partnership", "claim", "event", "recommendation"}
        assert len(found["results"]) >= size
        everything()
        everything()


@pytest.mark.django_db
def test_submissions_ask_as_often_for_three_as_for_one(
    editor: Any, client_of: Any, django_assert_num_queries: Any
) -> None:
    client = client_of(editor)
    first = SubmissionFactory()
    # The session, the account, its groups, the keys of the submissions, and what is shown of them.
    with django_assert_num_queries(5):
        assert len(client.get(f"{API}submissions/").json()["results"]) == 1
    with django_assert_num_queries(5):
        client.get(f"{API}submissions/{first.public_id}/")
    SubmissionFactory.create_batch(2)
    with django_assert_num_queries(5):
        assert len(client.get(f"{API}submissions/").json()["results"]) == 3
