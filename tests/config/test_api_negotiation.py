"""Accept, Accept-Language and ETags of a request (RFC 9110, 12.5 and 13.1)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config.request_language import accepted
from publishing.acting import Act
from publishing.actions import withdraw
from tests.factories import ClaimFactory
from tests.support.published import API

JSON = "application/json"
CLAIMS = f"{API}claims/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("", 200),
        ("*/*", 200),
        ("application/*", 200),
        ("text/html, */*;q=0.1", 200),
        ("text/html, application/json;q=0.001", 200),
        ("application/json; charset=utf-8", 200),
        ("application/json;profile=x;q=0, application/json", 200),
        ("application/json;profile=x;q=0, */*", 200),
        ("application/json;q=high", 200),  # a weight that is none counts as 1
        ("*/*;q=0, application/json", 200),
        ("application/json;q=0", 406),
        ("application/json;q=0, text/html", 406),
        ("application/json;q=0.000, */*", 406),
        ("application/*;q=0, */*;q=1", 406),
        ("*/*;q=0", 406),
        ("text/html", 406),
        ("json", 406),
        (", ,;;", 406),
    ],
)
def test_accept_is_read_with_its_weights(accept: str, status: int) -> None:
    answer = Client().get(CLAIMS, headers={"Accept": accept})
    assert answer.status_code == status
    assert set(answer.headers["Vary"].split(", ")) == {"Accept", "Accept-Language"}
    if status == 406:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"] == ("There is no format here that Accept asks for. There are: application/json.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/json, application/yaml;q=0.9", "application/json"),
        ("application/json;q=0.1, application/yaml", "application/yaml"),
        ("application/vnd.oai.openapi+json;q=0, */*", "application/json"),
        ("application/vnd.oai.openapi+json;q=0, application/json;q=0, */*", "application/vnd.oai.openapi"),
        ("*/*;q=0.1, application/yaml;q=0.2", "application/yaml"),
    ],
)
def test_of_several_formats_the_most_wanted_comes(accept: str, content_type: str) -> None:
    answer = Client().get(f"{API}schema/", headers={"Accept": accept})
    assert answer.headers["Content-Type"].partition(";")[0] == content_type
    refusal = Client().get(f"{API}schema/", headers={"Accept": "text/html"})
    assert refusal.status_code == 406
    assert refusal.json()["detail"].endswith(
        "There are: application/vnd.oai.openapi+json, application/json, application/vnd.oai.openapi, application/yaml."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/png, text/css"])
def test_what_else_is_wrong_comes_before_the_format(accept: str, reviewer: Any) -> None:
    headers = {"Accept": accept}
    gone = ClaimFactory(published=True)
    withdraw(gone, act=Act(by=reviewer, at=timezone.now()), note="Read wrongly.")
    for answer, status in (
        (Client().get(f"{CLAIMS}nosuch/", headers=headers), 404),
        (Client().get(f"{API}nosuch/", headers=headers), 404),
        (Client().get(f"{CLAIMS}{gone.public_id}/", headers=headers), 410),
        (Client().get(CLAIMS, {"status": "x"}, headers=headers), 400),
        (Client().post(CLAIMS, headers=headers), 405),
        (Client().delete(f"{CLAIMS}{gone.public_id}/", headers=headers), 405),
        (Client().get(f"{API}submissions/", headers=headers), 401),
        (Client().get(CLAIMS, headers=headers), 406),
    ):
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))
    assert Client().options(CLAIMS, headers=headers).status_code == 204


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "en"),
        ("ar", "ar"),
        ("AR ; q=1.000", "ar"),
        ("ar-QA, en;q=0.5", "ar"),
        ("tr;q=0.5, ar;q=0.9", "ar"),
        ("ar, tr", "ar"),
        ("de, tr;q=0.1", "tr"),
        ("*", "en"),
        ("*;q=0.1, tr;q=0.2", "tr"),
        ("ar;q=0", "en"),
        ("en;q=0", "tr"),  # English is refused by name, and nothing else is
        ("en;q=0, tr;q=0", "ar"),
        ("en;q=0, *", "tr"),
        ("*;q=0, ar", "ar"),
        ("*;q=0", "en"),  # everything is refused, and something has to be said
        ("ar-QA;q=0, ar", "ar"),
        ("ar;q=x, tr;q=0.1", "tr"),
        ("ar;q=2, tr;q=nan", "en"),
        (",;;,=", "en"),
        pytest.param("ar," * 10_000, "ar", id="long"),
    ],
)
def test_accept_language_is_read_with_its_weights(header: str, language: str) -> None:
    assert accepted(header) == language


@pytest.mark.django_db
def test_language_of_the_api_is_no_affair_of_a_cookie() -> None:
    client = Client()
    client.cookies["language"] = "ar"
    answer = client.get(CLAIMS)
    assert answer.headers["Content-Language"] == "en"
    assert "Cookie" not in answer.headers["Vary"]


ADDRESSES: dict[str, Callable[[Any], str]] = {
    "api": lambda claim: f"{CLAIMS}{claim.public_id}/",
    "page": lambda claim: str(claim.get_absolute_url()),
    "feed": lambda claim: "/feeds/claims/",
    "citation": lambda claim: f"{claim.get_absolute_url()}?format=ris",
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_tag_that_came_through_a_proxy_which_compresses_is_known(address: Callable[[Any], str]) -> None:
    where = address(ClaimFactory(published=True))
    first = Client().get(where)
    tag = first.headers["ETag"]
    opaque = tag.strip('"')
    for sent in (
        tag,
        f"W/{tag}",  # nginx
        f'"{opaque}-gzip"',  # Apache's mod_deflate
        f'W/"{opaque}-gzip"',
        f'"{opaque}--gzip"',
        f'"{opaque}-br"',  # and mod_brotli
        f'"another-gzip", W/"{opaque}-gzip"',
        "*",
    ):
        again = Client().get(where, headers={"If-None-Match": sent, "Accept-Encoding": "gzip"})
        assert (again.status_code, again.content) == (304, b""), sent
        assert again.headers.get("Vary") == first.headers.get("Vary")
        assert again.headers["ETag"] == tag
    for sent in (f'"{opaque}x-gzip"', '"-gzip"', f"{opaque}-gzip", f'"{opaque}-gzipped"'):
        assert Client().get(where, headers={"If-None-Match": sent}).status_code == 200, sent


@pytest.mark.django_db
def test_page_depends_on_nothing_but_its_address_whatever_its_status(reviewer: Any) -> None:
    claim, gone = ClaimFactory(published=True), ClaimFactory(published=True)
    withdraw(gone, act=Act(by=reviewer, at=timezone.now()), note="Read wrongly.")
    there = Client().get(claim.get_absolute_url())
    for path, status in (
        (gone.get_absolute_url(), 410),
        ("/claims/nosuch/", 404),
        ("/claims/?as_of=x", 400),
        ("/claims", 301),
        ("/", 200),
    ):
        answer = Client().get(path)
        assert answer.status_code == status
        assert answer.headers.get("Vary") == there.headers.get("Vary") is None, path


@pytest.mark.django_db
def test_if_match_compares_strongly() -> None:
    where = f"{CLAIMS}{ClaimFactory(published=True).public_id}/"
    tag = Client().get(where).headers["ETag"]
    for sent, status in ((tag, 200), ("*", 200), (f"W/{tag}", 412), (tag.replace('"', ""), 200), ('"x"', 412)):
        assert Client().get(where, headers={"If-Match": sent}).status_code == status, sent
