"""Wrong requests get an error that says what is wrong; never a server error."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from tests.support.published import API, COLLECTIONS, address_of, everything

LISTS = (*COLLECTIONS, "search")
AS_OF_TAKEN = (
    "partnerships",
    "instruments",
    "claims",
    "series",
    "recommendations",
    "responses",
    "status-entries",
)


def refused(response: Any, status: int = 400) -> dict[str, Any]:
    """The problem that `response` is; its form is checked."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(response.content)
    assert problem["status"] == status
    assert problem["type"].startswith("urn:majlis:problem:")
    assert {"title", "detail", "instance"} <= problem.keys()
    return problem


def error_of(response: Any) -> tuple[str, str]:
    """The one parameter that is wrong, and the code."""
    problem = refused(response)
    [error] = problem["errors"]
    assert error.keys() == {"parameter", "code", "detail"}
    assert error["detail"] in problem["detail"]
    return error["parameter"], error["code"]


def ask(collection: str, query: str) -> Any:
    needed = "q=qatar&" if collection == "search" else ""
    response: Any = Client().get(f"{API}{collection}/?{needed}{query}")
    return response


BAD = {
    "unknown": ("colour=red", "colour", "unknown_parameter"),
    "null_in_known": ("lang=e%00n", "lang", "null_character"),
    "null_in_unknown": ("colour=%00", "colour", "null_character"),
    "null_in_name": ("col%00our=red", "col␀our", "null_character"),
    "page_size_zero": ("page_size=0", "page_size", "invalid"),
    "page_size_large": ("page_size=201", "page_size", "invalid"),
    "page_size_negative": ("page_size=-1", "page_size", "invalid"),
    "page_size_word": ("page_size=ten", "page_size", "invalid"),
    "page_size_of_two_scripts": ("page_size=6%D9%A5", "page_size", "invalid"),
    "page_size_blank": ("page_size=", "page_size", "blank"),
    "page_size_twice": ("page_size=1&page_size=2", "page_size", "repeated"),
    "fields_unknown": ("fields=url,author", "fields", "unknown_value"),
    "fields_blank": ("fields=url,,page", "fields", "unknown_value"),
    "lang_unknown": ("lang=fr", "lang", "unknown_value"),
    "lang_long": (f"lang={'e' * 201}", "lang", "max_length"),
    "lang_twice": ("lang=en&lang=tr", "lang", "repeated"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("collection", LISTS)
def test_list_names_the_parameter_that_is_wrong(collection: str, bad: str) -> None:
    query, parameter, code = BAD[bad]
    assert error_of(ask(collection, query)) == (parameter, code)


@pytest.mark.django_db
@pytest.mark.parametrize("collection", LISTS)
@pytest.mark.parametrize(
    "cursor",
    [
        "%00",
        "cD1hYmM=",
        "cD1hYmM",
        "x",
        "ü",
        "e30",
        "W10",
        "WyItaWQiLDAsMV0",
        "bnVsbA",
        base64.urlsafe_b64encode(b'["reference",0,"\\ud800"]').decode(),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
        base64.urlsafe_b64encode(json.dumps(["2025-01-01T00:00:00", 1]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps(["slug", 2, "a"]).encode()).decode() + "!",
    ],
)
def test_list_refuses_a_cursor_that_does_not_parse(collection: str, cursor: str) -> None:
    name = "since" if collection == "changes" else "cursor"
    parameter, code = error_of(ask(collection, f"{name}={quote(cursor, safe='%')}"))
    assert (parameter, code) == (name, "null_character" if cursor == "%00" else "invalid")


@pytest.mark.django_db
@pytest.mark.parametrize("collection", [name for name in LISTS if name not in ("changes", "search")])
@pytest.mark.parametrize("ordering", ["id", "-pk", "author", "slug;drop", "slug,-slug", "?"])
def test_list_refuses_an_unknown_ordering(collection: str, ordering: str) -> None:
    assert error_of(ask(collection, f"ordering={quote(ordering)}")) == ("ordering", "unknown_value")


@pytest.mark.django_db
@pytest.mark.parametrize("collection", AS_OF_TAKEN)
@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("yesterday", "invalid"),
        ("2025-02-30", "invalid"),
        ("2025-2-3", "invalid"),
        ("20250203", "invalid"),
        ("2025-W05-1", "invalid"),
        ("9999-12-31", "invalid"),
        ("0001-01-01", "invalid"),
        ("0000-00-00", "invalid"),
        ("2025-01-01T00:00:00", "invalid"),
        ("", "blank"),
        ("%00", "null_character"),
    ],
)
def test_as_of_refuses_what_is_no_day_in_the_past(collection: str, day: str, code: str) -> None:
    assert error_of(ask(collection, f"as_of={day}")) == ("as_of", code)
    assert error_of(Client().get(f"{API}{collection}/anything/?as_of={day}")) == ("as_of", code)


@pytest.mark.django_db
@pytest.mark.parametrize("collection", [name for name in LISTS if name not in AS_OF_TAKEN])
def test_as_of_is_unknown_where_nothing_is_recorded_through_time(collection: str) -> None:
    assert error_of(ask(collection, "as_of=2025-06-01")) == ("as_of", "unknown_parameter")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("collection", "query", "parameter", "named"),
    [
        ("actors", "kind=planet", "kind", "civil_society"),
        ("actors", "bloc=nato", "bloc", "actors"),
        ("topics", "parent=nothing", "parent", "topics"),
        ("sources", "language=English", "language", "ISO 639"),
        ("sources", "publisher=nobody", "publisher", "actors"),
        ("partnerships", "form=cartel", "form", "minilateral"),
        ("partnerships", "form=defence&form=cartel", "form", "minilateral"),
        ("partnerships", "stage=begun", "stage", "under_discussion"),
        ("instruments", "status=signed_twice", "status", "in_force"),
        ("claims", "status=true", "status", "officially_confirmed"),
        ("claims", "sensitive=maybe", "sensitive", "true, false"),
        ("claims", "source=0", "source", "sources"),
        ("series", "cadence=weekly", "cadence", "biennial"),
        ("events", "year=0", "year", ""),
        ("events", "year=99999", "year", ""),
        ("events", "year=MMXXV", "year", ""),
        ("events", "lifecycle=dead", "lifecycle", "postponed"),
        ("reports", "event=none", "event", "events"),
        ("points", "support=all", "support", "one_participant"),
        ("recommendations", "state=done", "state", "partly_implemented"),
        ("recommendations", "response=silence", "response", "no_response"),
        ("recommendations", "strength=weak", "strength", "urged"),
        ("recommendations", "overdue=1", "overdue", "true, false"),
        ("recommendations", "edition=first", "edition", ""),
        ("recommendations", "addressee=atlantis", "addressee", "actors"),
        ("recommendations", "parent=R-0000-000", "parent", "recommendations"),
        ("status-entries", "confidence=sure", "confidence", "documented"),
        ("responses", "kind=no_response", "kind", "partly_accepted"),
        ("changes", "kind=rumour", "kind", "recommendation"),
        ("search", "kind=topic", "kind", "recommendation"),
    ],
)
def test_filter_names_the_values_that_there_are(collection: str, query: str, parameter: str, named: str) -> None:
    response = ask(collection, query)
    assert error_of(response) == (parameter, error_of(response)[1])
    assert named in refused(response)["errors"][0]["detail"]


@pytest.mark.django_db
def test_unknown_parameter_names_the_ones_that_exist() -> None:
    problem = refused(Client().get(f"{API}topics/?colour=red"))
    assert problem["errors"] == [
        {
            "parameter": "colour",
            "code": "unknown_parameter",
            "detail": "There is no parameter “colour” here. There are: kind, parent, cursor, page_size, ordering, "
            "fields, lang, format.",
        }
    ]


@pytest.mark.django_db
def test_everything_that_is_wrong_is_named_at_once() -> None:
    problem = refused(Client().get(f"{API}topics/?colour=red&shape=&page_size=1&page_size=2"))
    assert [error["parameter"] for error in problem["errors"]] == ["colour", "shape", "page_size"]


@pytest.mark.django_db
def test_detail_names_the_parameter_that_is_wrong() -> None:
    things = everything()
    for collection, thing in things.items():
        address = address_of(collection, thing)
        assert error_of(Client().get(f"{address}?colour=red")) == ("colour", "unknown_parameter")
        assert error_of(Client().get(f"{address}?page_size=1")) == ("page_size", "unknown_parameter")
        assert error_of(Client().get(f"{address}?lang=xx")) == ("lang", "unknown_value")
        assert error_of(Client().get(f"{address}?fields=id")) == ("fields", "unknown_value")
        assert error_of(Client().get(f"{address}?lang=%00")) == ("lang", "null_character")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["claims/%00/", "claims/a%00b/", "%00/", "claims%00", "recommendations/R-2025-001%00/"]
)
def test_path_with_a_null_character_is_refused(path: str) -> None:
    assert error_of(Client().get(f"{API}{path}")) == ("path", "null_character")


@pytest.mark.django_db
@pytest.mark.parametrize("collection", [name for name in COLLECTIONS if name != "changes"])
@pytest.mark.parametrize(
    "identifier", ["nothing", "0", "-1", "1", "é", "%F0%9F%98%80", "%FF", "a" * 3000, "..%2F", "'--"]
)
def test_detail_of_nothing_is_not_found(collection: str, identifier: str) -> None:
    problem = refused(Client().get(f"{API}{collection}/{identifier}/"), 404)
    assert problem["type"] == "urn:majlis:problem:not-found"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["nope", "nope/", "claims/x/y/", "status_entries/", "changes/1/", "search/x/", "schema/x"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options"])
def test_unknown_address_is_not_found(path: str, method: str) -> None:
    refused(getattr(Client(), method)(f"{API}{path}"), 404)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("collection", [*LISTS, "", "schema", "docs"])
def test_writing_is_not_allowed(collection: str, method: str) -> None:
    path = f"{API}{collection}/" if collection else API
    response = getattr(Client(), method)(path)
    problem = refused(response, 405)
    assert problem["type"] == "urn:majlis:problem:method-not-allowed"
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.django_db
@pytest.mark.parametrize("collection", [*LISTS, ""])
def test_unknown_format_is_not_acceptable(collection: str) -> None:
    path = f"{API}{collection}/" if collection else API
    needed = {"q": "x"} if collection == "search" else {}
    problem = refused(Client().get(path, {**needed, "format": "xml"}), 406)
    assert problem["detail"] == "There is no format “xml” here. There are: json."
    refused(Client().get(path, needed, headers={"Accept": "text/csv"}), 406)
    assert Client().get(path, {**needed, "format": "json"}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("q", ["", "%20", "%00", "a" * 201])
def test_search_needs_something_to_look_for(q: str) -> None:
    problem = refused(Client().get(f"{API}search/?q={q}"))
    assert [error["parameter"] for error in problem["errors"]] == ["q"]


@pytest.mark.django_db
def test_search_without_q_says_so() -> None:
    assert error_of(Client().get(f"{API}search/")) == ("q", "required")


@pytest.mark.django_db
def test_more_parameters_than_anybody_needs_are_refused() -> None:
    query = "&".join(f"p{number}=1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    assert refused(Client().get(f"{API}claims/?{query}"))["detail"] == "The request cannot be read."
    fewer = "&".join(f"p{number}=1" for number in range(1001))
    assert len(refused(Client().get(f"{API}claims/?{fewer}"))["errors"]) == 50
