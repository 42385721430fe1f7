"""The API answers every query string, and never with a server error."""

import re
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from config.api import router
from tests.support.published import API, COLLECTIONS, everything

pytestmark = pytest.mark.long

NAMES = (
    "as_of", "cursor", "since", "fields", "format", "lang", "ordering", "page_size", "q", "kind", "status", "state",
    "response", "addressee", "actor", "topic", "partnership", "event", "series", "edition", "year", "sensitive",
    "overdue", "parent", "language", "source", "report", "recommendation", "stage",
)  # fmt: skip
VALUES = (
    "en", "tr", "true", "1", "200", "2025-06-01", "1900-01-01", "9999-12-31", "-published_at", "slug", "json", "claim",
    "unverified", "in_progress", "no_response", "\0", "", "null", "-1", "1e400", "0x1F", "İ", "ı", "\ud83d", "\u202e",
    "WyJzbHVnIiwwLCJhIl0", "WzAsMS41LCJjbGFpbSIsIngiXQ", "WyIyMDI1LTAxLTAxVDAwOjAwOjAwWiIsMV0",
)  # fmt: skip

values = st.one_of(st.sampled_from(VALUES), st.text(max_size=40), st.binary(max_size=20))
parameters = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text(max_size=10)), values), max_size=4)


def encoded(value: str | bytes) -> str:
    return quote_from_bytes(value) if isinstance(value, bytes) else quote(value, errors="surrogatepass")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Any:
    """One whole of everything, for all examples; taken back at the end."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield everything()
        transaction.set_rollback(True)


@settings(max_examples=600)
@given(collection=st.sampled_from((*COLLECTIONS, "search", "submissions")), query=parameters)
def test_list_answers_any_query(world: Any, collection: str, query: list[tuple[str, str | bytes]]) -> None:
    text = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in query)
    answer = Client().get(f"{API}{collection}/?{text}")
    assert answer.status_code in {200, 400, 401, 406}, (text, answer.content)
    if answer.status_code != 200:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"]


@settings(max_examples=300)
@given(collection=st.sampled_from(COLLECTIONS), identifier=values, query=parameters)
def test_detail_answers_any_address(
    world: Any, collection: str, identifier: str | bytes, query: list[tuple[str, str | bytes]]
) -> None:
    text = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in query)
    answer = Client().get(f"{API}{collection}/{encoded(identifier)}/?{text}")
    assert answer.status_code in {200, 301, 400, 404, 406}, (identifier, text, answer.content)


@settings(max_examples=150)
@given(
    accept=st.one_of(
        st.sampled_from(["*/*", "text/html;q=", ";", "a/b/c", "application/*;q=x", ",,"]), st.text(max_size=30)
    ),
    language=st.text(max_size=30),
    etag=st.text(max_size=30),
)
def test_any_header_is_answered(world: Any, accept: str, language: str, etag: str) -> None:
    headers = {
        name: value.encode("latin-1", "replace").decode("latin-1").replace("\n", " ").replace("\r", " ")
        for name, value in (
            ("Accept", accept),
            ("Accept-Language", language),
            ("If-None-Match", etag),
            ("If-Match", etag),
        )
    }
    answer = Client().get(f"{API}topics/", headers=headers)
    assert answer.status_code in {200, 304, 406, 412}, (headers, answer.content)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_method_that_an_address_has_not_is_told_before_anything_else(world: Any, method: str) -> None:
    """Whatever else is wrong: a parameter, the format, the body."""
    for path, methods in router.schema()["paths"].items():
        if method in methods:
            continue
        address = re.sub(r"{\w+}", "x", path)
        for query in ("", "?x=y", "?fields=nothing&page_size=-1", "?lang="):
            answer: Any = getattr(Client(), method)(f"{address}{query}", data=b"{", content_type="text/plain")
            expected = {401, 405} if "submissions" in path else {405}
            assert answer.status_code in expected, (path, query, answer.content)
            assert answer.headers["Content-Type"] == "application/problem+json"


def test_schema_takes_no_text_that_the_code_refuses_for_its_form(world: Any) -> None:
    """Empty, too long, with a NUL, no cursor, no member: what of this is refused as a 400, the schema rules out."""
    refused = 0
    for path, methods in router.schema()["paths"].items():
        for parameter in methods["get"].get("parameters", []):
            if parameter["in"] != "query" or parameter["schema"]["type"] != "string":
                continue
            for text in ("", "\0", "a\0b", "a" * 201, "a" * 1_001, "url,,version", ",", "=", "é", "nothing"):
                if Draft202012Validator(parameter["schema"], format_checker=FormatChecker()).is_valid(text):
                    continue  # and what it takes may still name nothing that there is
                refused += 1
                answer = Client().get(f"{re.sub(r'{.*?}', 'x', path)}?{parameter['name']}={quote(text)}")
                assert answer.status_code in {400, 401, 404, 406} if parameter["name"] == "format" else {400, 401}, (
                    path,
                    parameter["name"],
                    text,
                    answer.content,
                )
            for text in ("", "\0", "a" * 1_001):
                assert not Draft202012Validator(parameter["schema"], format_checker=FormatChecker()).is_valid(text), (
                    path, parameter["name"], text,
                )  # fmt: skip
    assert refused > 500
