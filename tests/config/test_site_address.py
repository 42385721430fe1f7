"""Absolute addresses begin with the site's own address, whatever a client sends."""

import ast
import datetime as dt
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client, RequestFactory

from publishing.site_address import absolute, site_address
from recommendations.actions import letters
from recommendations.models import Letter
from tests.factories import AddresseeFactory, RecommendationFactory
from tests.support.public_addresses import PUBLIC, address_of, published_things

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent
FORGED: dict[str, Any] = {
    "headers": {
        "Host": "TestServer.:1234",
        "Forwarded": "host=evil.example;proto=https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "1234",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Scheme": "https",
        "X-Forwarded-Server": "evil.example",
        "X-Forwarded-Ssl": "on",
        "X-Host": "evil.example",
        "X-Original-Url": "/evil/",
        "X-Rewrite-Url": "/evil/",
        "X-Script-Name": "/evil",
        "X-Scheme": "https",
    },
    "SCRIPT_NAME": "/evil",  # as a server would hand it on that takes it from a header
}
OWN = re.compile(rb"https?://[^/\s\"'<>]*(?:testserver|evil|1234|majlis\.example)[^/\s\"'<>]*", re.IGNORECASE)


@pytest.fixture
def addresses(db: None) -> list[str]:
    """All public addresses: pages in three languages, citations, feeds, the API page by page, and what is not there."""
    things = published_things()
    found = [address_of(name, things) for name in PUBLIC]
    pages = [address for address in found if not address.startswith("/api/") and "." not in address]
    found += [f"/{language}{address}" for language in ("tr", "ar") for address in pages]
    found += [
        f"{address}?format={form}" for address in pages if address.count("/") == 3 for form in ("bibtex", "ris", "csl")
    ]
    found += [f"/api/v1/{collection}/?page_size=1" for collection in ("claims", "changes", "actors")]
    return [
        *found,
        "/api/v1/search/?q=claim&page_size=1",
        "/nothing/",
        "/api/v1/nothing/",
        "/claims/?as_of=x",
        "/claims",
    ]


def answered(address: str, **asked: Any) -> tuple[int, bytes, dict[str, str]]:
    answer = Client().get(address, **asked)
    content = b"".join(answer) if answer.streaming else answer.content
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}
    return answer.status_code, content, headers


def test_no_answer_holds_what_a_client_sent(addresses: list[str]) -> None:
    for address in addresses:
        assert answered(address, **FORGED) == answered(address), address


def test_answers_stand_on_site_url(addresses: list[str], settings: Any) -> None:
    settings.SITE_URL = "https://majlis.example"
    telling = 0
    for address in addresses:
        _status, content, headers = answered(address, **FORGED)
        own = set(OWN.findall(content)) | set(OWN.findall(repr(headers).encode()))
        assert own <= {b"https://majlis.example"}, address
        telling += bool(own)
    assert telling > 100


def test_forged_host_is_still_refused() -> None:
    assert Client().get("/", headers={"Host": "evil.example"}).status_code == 400


def test_site_address_without_site_url(settings: Any) -> None:
    request = RequestFactory().get("/claims/", headers={"Host": "TESTSERVER.:99"}, SERVER_PORT="8418")
    assert site_address(request) == "http://testserver:8418"
    assert absolute("/ar/منتدى/?q=a b", request) == (
        "http://testserver:8418/ar/%D9%85%D9%86%D8%AA%D8%AF%D9%89/?q=a%20b"
    )
    settings.PRODUCTION = True
    assert site_address(request) == "http://testserver"  # the proxy's own port is nobody's business
    assert site_address(RequestFactory().get("/", secure=True)) == "https://testserver"
    assert site_address(None) == f"https://{django_settings.FIRST_HOST}"
    settings.SITE_URL = "https://majlis.example"
    assert site_address(request) == site_address(None) == "https://majlis.example"


@pytest.mark.django_db
def test_letter_stands_on_site_url(settings: Any) -> None:
    settings.SITE_URL = "https://majlis.example"
    recommendation = RecommendationFactory(published=True)
    addressee = AddresseeFactory(recommendation=recommendation)
    letter: Letter = letters._draft(
        addressee, step=Letter.Step.ASK, current=addressee.current_status, at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    assert f"https://majlis.example{recommendation.get_absolute_url()}" in letter.text


def test_only_one_function_asks_for_the_host() -> None:
    """Django's own ways take what a client sent; a use of one of them elsewhere would be found here."""
    asking = {
        f"{path.relative_to(ROOT)}: {name}"
        for folder in ("config", "events", "partnerships", "publishing", "recommendations")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if (name := getattr(node, "attr", getattr(node, "id", "")))
        in {"build_absolute_uri", "get_current_site", "get_host", "get_port", "_current_scheme_host"}
    }
    # The other one only asks whether it is ours.
    assert asking == {"publishing/site_address.py: get_host", "config/middleware/kept_answers.py: get_host"}


def test_gunicorn_takes_nothing_from_headers() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--print-config", "--check-config", "config.wsgi"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    settled = dict(re.findall(r"^(\S+) += (.*)$", shown, re.MULTILINE))
    assert settled["forwarded_allow_ips"] == settled["forwarder_headers"] == "[]"
    assert settled["secure_scheme_headers"] == "{}"
    assert settled["header_map"] == "drop"
