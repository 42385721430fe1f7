"""HTTP caching: answers to the public are revalidated each time, answers to the desk are stored nowhere."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from publishing.acting import Act
from publishing.actions import withdraw
from tests.factories import ClaimFactory, UserFactory
from tests.support.public_addresses import PUBLIC, address_of, published_things

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def things(db: None) -> dict[str, Any]:
    return published_things()


def test_there_are_pages_feeds_and_the_api() -> None:
    assert {"home", "search", "sitemap", "robots", "events:event_detail", "events:event_feed", "api:root"} <= set(
        PUBLIC
    )
    assert len(PUBLIC) > 50


def test_every_public_answer_is_asked_for_again_each_time(things: dict[str, Any], client: Client) -> None:
    for name in PUBLIC:
        address = address_of(name, things)
        first = client.get(address)
        assert first.status_code == 200, (name, address)
        assert first.headers["Cache-Control"] == "no-cache", name
        etag = first.headers["ETag"]
        assert etag.startswith('"'), name
        again = client.get(address, headers={"If-None-Match": f'"another", {etag}'})
        assert (again.status_code, again.content) == (304, b""), name
        assert again.headers["Cache-Control"] == "no-cache", name
        assert again.headers["ETag"] == etag, name
        late = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}  # says nothing of what was withdrawn since
        assert client.get(address, headers=late).content == first.content, name
        head = client.head(address)
        assert (head.status_code, head.content) == (200, b""), name
        assert {**head.headers, "X-Request-ID": ""} == {**first.headers, "X-Request-ID": ""}, name
        assert not first.cookies, name
        assert "Cookie" not in first.headers.get("Vary", ""), name


@pytest.mark.parametrize("path", ["/nothing-here/", "/claims/?as_of=never", "/claims", "/api/v1/nothing/", "/tr/x"])
def test_error_is_asked_for_again_too(path: str, db: None, client: Client) -> None:
    answer = client.get(path)
    assert answer.status_code in {301, 400, 404}
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "ETag" not in answer.headers


def test_what_is_withdrawn_is_gone_for_whoever_kept_it(reviewer: User, client: Client) -> None:
    claim = ClaimFactory(published=True, statement="A misreading")
    addresses = [claim.get_absolute_url(), "/claims/", "/feeds/claims/", "/sitemap.xml", "/search/?q=misreading", "/"]
    etags = {address: client.get(address).headers["ETag"] for address in addresses}
    withdraw(claim, act=Act(by=reviewer, at=timezone.now()), note="Read wrongly.")
    for address, etag in etags.items():
        answer = client.get(address, headers={"If-None-Match": etag})
        assert answer.status_code == (410 if address == addresses[0] else 200), address
        assert answer.headers["Cache-Control"] == "no-cache"


def test_what_the_desk_gets_is_kept_nowhere(
    things: dict[str, Any], editor: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(editor)
    visitor = Client()
    for name in (*PUBLIC, "api:submission-list", "admin:index", "admin:partnerships_claim_changelist"):
        address = reverse(name) if name.startswith("admin:") else address_of(name, things)
        etag = visitor.get(address).headers.get("ETag", '"none"')
        answer = client.get(address)
        assert answer.status_code == 200, name
        assert answer.headers["Cache-Control"] == "private, no-store", name
        if not name.startswith("api:"):  # whose content is the same for everybody
            assert client.get(address, headers={"If-None-Match": etag}).status_code == 200, name
    assert visitor.get("/admin/login/").headers["Cache-Control"] == "private, no-store"


def test_draft_on_a_public_page_is_kept_nowhere(editor: User, client_of: Callable[[User], Client]) -> None:
    draft = ClaimFactory(statement="A draft")
    answer = client_of(editor).get(draft.get_absolute_url())
    assert "A draft" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers
    assert Client().get(draft.get_absolute_url()).status_code == 404


def test_page_with_the_name_of_its_reader_is_kept_nowhere(partner: User, client_of: Callable[[User], Client]) -> None:
    for person in (partner, UserFactory(username="nogroup", is_staff=True)):
        answer = client_of(person).get("/about/")
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert ("nogroup" in answer.content.decode()) is (person.username == "nogroup")


def test_another_version_than_the_one_named_is_refused(db: None, client: Client) -> None:
    etag = client.get("/about/").headers["ETag"]
    assert client.get("/about/", headers={"If-Match": etag}).status_code == 200
    refused = client.get("/about/", headers={"If-Match": '"another"'})
    assert (refused.status_code, refused.headers["Cache-Control"]) == (412, "no-cache")


def test_nothing_else_is_kept_in_the_process() -> None:
    """Functions that remember what they once said; none of them says anything of content."""
    remembering = set()
    for app in ("config", "events", "partnerships", "publishing", "recommendations"):
        for file in (ROOT / app).rglob("*.py"):
            tree = ast.parse(file.read_text())
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom | ast.Import):
                    imported = getattr(node, "module", None) or node.names[0].name
                    assert not imported.startswith(("django.core.cache", "django.views.decorators.cache")) or (
                        {one.name for one in node.names} == {"never_cache"}
                        or file == ROOT / "publishing/reader/kept_answers.py"
                    ), file
                if isinstance(node, ast.FunctionDef) and any(
                    ast.unparse(one).partition("(")[0]
                    in {"cache", "lru_cache", "functools.cache", "functools.lru_cache"}
                    for one in node.decorator_list
                ):
                    remembering.add(f"{file.relative_to(ROOT)}:{node.name}")
    assert remembering == {
        # Each changes with the code alone, or with the machine, or tells nothing but of what it is asked about.
        "config/api/router.py:schema",
        "config/knowledge/refusal.py:constraints",
        "config/knowledge/shape.py:keys",
        "config/middleware/kept_answers.py:language_and_formats",
        "config/postgres.py:as_ordinary_user",
        "config/site/search/names.py:other_names",
        "events/names/words.py:form_of",
        "publishing/database/batched_checks.py:question_about",
        "publishing/partial_dates/field.py:bounds",
        "publishing/reader/public_from.py:_parts_of",
        "publishing/reader/public_from.py:triggers",
        "publishing/reader/rights.py:declared_access",
        "publishing/reader/rights.py:known_migrations",
        "publishing/reader/rights.py:structure",
        "publishing/templatetags/fragments.py:_rendered",
        "publishing/typed_values.py:months",
        "recommendations/briefing/markup.py:goes_left",
        "recommendations/intake/event.py:_months",
        "recommendations/intake/proposals.py:_cased",
        "recommendations/intake/proposals.py:_compiled",
    }


def test_addresses_of_the_tests_are_those_of_the_site(things: dict[str, Any]) -> None:
    for name in PUBLIC:
        match = resolve(address_of(name, things).partition("?")[0])
        assert match.view_name == name
