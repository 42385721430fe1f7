"""How PostgreSQL finds the first page of each collection for the public: along an index, and never through a whole table.

In bases that are small for a test and large for the planner: what walks an index in them does so in any larger one.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from publishing.reader import public_from
from publishing.reader.audience import reading_as_the_public
from tests.bench.many import Many
from tests.bench.many_claims import ManyClaims

pytestmark = [pytest.mark.django_db, pytest.mark.long]

RECOMMENDATIONS, PARTNERSHIPS = 3_000, 15
LARGE = 2_500
"""A table with more rows is large; a page never sorts as many."""

LISTS = {
    "recommendations": ("reference", "published_at", "target_date"),
    "status-entries": ("recorded_at", "as_of"),
    "responses": ("recorded_at", "as_of"),
}
OF_CLAIMS = {
    "claims": ("published_at", "valid", "review_by"),
}


@pytest.fixture(scope="module", params=[Many(RECOMMENDATIONS), ManyClaims(PARTNERSHIPS)], ids=["asked", "claimed"])
def filled(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    with django_db_blocker.unblock():
        with transaction.atomic():
            request.param.write()
            yield request.param
            transaction.set_rollback(True)
        with (
            connection.cursor() as cursor
        ):  # or the rows that never were, and their number, burden the tests that follow
            cursor.execute(
                f"VACUUM (ANALYZE) {', '.join(model._meta.db_table for model in public_from.keeping_models())}"
            )


def plans_of(address: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each statement that an answer takes, and how PostgreSQL would find its rows for the public."""
    asked: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        response = Client().get(address)
    assert response.status_code == 200
    assert response.json()["results"]
    with reading_as_the_public(), connection.cursor() as cursor:
        for sql, params in asked:
            if sql.startswith("SELECT"):
                if "$1" in sql:  # prepared: planned without the values of any request
                    cursor.execute(f"PREPARE asked AS {sql}")
                    cursor.execute(f"EXPLAIN (FORMAT JSON) EXECUTE asked ({', '.join(['%s'] * len(params))})", params)
                    (found,) = cursor.fetchone()
                    cursor.execute("DEALLOCATE asked")
                else:
                    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                    (found,) = cursor.fetchone()
                yield sql, (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def large_tables() -> set[str]:
    found = set()
    with connection.cursor() as cursor:
        for model in public_from.keeping_models():
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            (number,) = cursor.fetchone()
            if number > LARGE:
                found.add(model._meta.db_table)
    return found


def test_first_page_of_each_ordering_walks_an_index(filled: Many) -> None:
    large = large_tables()
    assert len(large) >= 4
    lists = OF_CLAIMS if isinstance(filled, ManyClaims) else LISTS
    for collection, orderings in lists.items():
        for ordering in ("", *(f"&ordering={sign}{name}" for name in orderings for sign in ("", "-"))):
            for sql, plan in plans_of(f"/api/v1/{collection}/?page_size=5{ordering}"):
                for node in nodes(plan):
                    said = f"{collection}{ordering}: {node['Node Type']} in {sql}"
                    assert (node["Node Type"], node.get("Relation Name") in large) != ("Seq Scan", True), said
                    assert node["Node Type"] != "Sort" or node["Plan Rows"] < LARGE, said


def test_pages_that_follow_begin_where_they_are_entered(filled: Many) -> None:
    """The place from which a page goes on is a condition of the index, and not one that is tried row by row."""
    collection = "claims" if isinstance(filled, ManyClaims) else "status-entries"
    table = "partnerships_claim" if isinstance(filled, ManyClaims) else "recommendations_statusentry"
    following = Client().get(f"/api/v1/{collection}/?page_size=5").json()["next"]
    _, plan = next(one for one in plans_of(following) if f'FROM "{table}"' in one[0])
    entered = [node for node in nodes(plan) if "ROW(" in node.get("Index Cond", "")]
    assert [node["Relation Name"] for node in entered] == [table]
