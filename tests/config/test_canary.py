"""Nobody can learn who said it: canaries are planted in everything confidential, and a stranger finds none."""

import base64
import bz2
import codecs
import gzip
import hashlib
import html
import io
import itertools
import json
import lzma
import quopri
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.header import Header
from typing import Any

import anyascii
import pytest
from docx import Document as WordDocument
from pytest_django import DjangoDbBlocker

from config.api import router
from events.api.views import EventViewSet
from events.views import EventDetail
from tests.canary import coverage
from tests.canary.crawling import Crawl, Record, told
from tests.canary.planting import HIDDEN
from tests.canary.scene import Scene, planted_site
from tests.canary.searching import Search
from tests.canary.words import Fate, Vocabulary, Word, arabic, latin, turkish

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def scene(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    with django_db_blocker.unblock(), planted_site(tmp_path_factory.mktemp("media")) as planted:
        yield planted


@dataclass
class Walked:
    """What a visitor saw, and where an answer told something from nothing."""

    crawl: Crawl
    record: Record
    differences: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def walked(scene: Scene) -> Walked:
    """Every address, with what is published and with what is hidden; test_canary_asked.py asks in other ways."""
    record = Record()
    crawl = scene.crawl(record)
    for step in (crawl.pages, crawl.hidden, crawl.citations, crawl.desk, crawl.operations, crawl.errors):
        step()
    return Walked(crawl, record, crawl.oracles())


def test_no_canary_is_found(scene: Scene, walked: Walked, capsys: pytest.CaptureFixture[str]) -> None:
    record = walked.record
    with capsys.disabled():
        tried = coverage.tried(scene.planting, scene.search, [record])
        print(f"\ncanary test: {tried}", file=sys.stderr)  # noqa: T201 – workers have no other way out
    assert not record.leaks, told(record)
    assert not record.faults, "\n".join(record.faults[:20])
    assert len(scene.planting.vocabulary.of(Fate.SECRET)) > 5_000
    assert len(scene.planting.vocabulary.of(Fate.PUBLIC)) > 700
    assert len(record.addresses) > 1_800
    assert {"application/json", "application/atom+xml", "application/xml", "text/html", "application/problem+json",
            "application/vnd.oai.openapi", "text/css", "text/javascript", "application/x-bibtex",
            "application/x-research-info-systems", "application/vnd.citationstyles.csl+json"} <= record.types.keys()  # fmt: skip
    assert {"en", "tr", "ar"} <= record.languages.keys()
    assert {200, 302, 400, 401, 403, 404, 405, 406, 410, 412} <= record.statuses.keys()
    assert len(record.operations) >= 30
    assert len(record.parameters) >= 150


def test_nothing_tells_what_is_hidden_from_what_never_was(walked: Walked) -> None:
    assert walked.differences == []


def test_every_published_text_is_found(scene: Scene, walked: Walked) -> None:
    assert coverage.public_words_not_found(scene.planting, walked.record) == []
    seen = {word.place for word in walked.record.found if word.fate is Fate.PUBLIC}
    for language in ("en", "tr", "ar"):
        assert {
            f"partnerships_actor.name_{language}", f"partnerships_topic.name_{language}",
            f"partnerships_source.title_{language}", f"partnerships_partnership.summary_{language}",
            f"partnerships_claim.statement_{language}", f"events_series.description_{language}",
            f"events_event.summary_{language}", f"events_report.summary_{language}", f"events_point.text_{language}",
            f"recommendations_recommendation.text_{language}",
        } <= seen  # fmt: skip


def test_every_pattern_was_visited(walked: Walked) -> None:
    assert coverage.patterns_not_visited(walked.record, walked.crawl.known) == []
    known = {pattern.route for pattern in walked.crawl.known}
    assert {*coverage.NEVER_SUCCEED, *coverage.WITHOUT_LOGIN} <= known, "an exception that is none any more"


def test_every_operation_of_the_schema_was_called(walked: Walked) -> None:
    assert coverage.operations_not_called(walked.record, json.loads(json.dumps(router.schema()))) == []


def test_every_text_column_carries_a_canary(scene: Scene) -> None:
    assert coverage.columns_without_a_canary(scene.planting) == []


def test_every_secret_number_is_planted(scene: Scene) -> None:
    assert coverage.numbers_without_a_canary(scene.planting) == []


def test_every_kind_is_planted_in_every_hidden_state(scene: Scene) -> None:
    assert coverage.states_not_planted() == []


def test_something_published_names_what_is_hidden_in_every_way(scene: Scene) -> None:
    assert coverage.relations_not_planted(scene.planting) == []
    assert len(scene.planting.hanging) >= 60 * len(HIDDEN)


def test_error_on_our_side_says_nothing_of_what_went_on(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    words = [word for word in scene.planting.vocabulary.words.values() if word.fate is Fate.SECRET][:40]
    said = " ".join(spoken for word in words for spoken in (latin(word.key), turkish(word.key), arabic(word.key)))

    def fail(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr(EventDetail, "get_object", fail)
    monkeypatch.setattr(EventViewSet, "get_queryset", fail)
    record = Record()
    stranger = scene.crawl(record).stranger
    [event, *_others] = scene.identifiers.public("event")
    for address in (f"/events/{event}/", f"/tr/events/{event}/", f"/ar/events/{event}/", f"/api/v1/events/{event}/"):
        for headers in ({}, {"Accept": "application/json"}, {"Accept": "*/*", "X-Requested-With": "XMLHttpRequest"}):
            assert stranger.ask(address, headers=headers, fails=True).status in {500, 406}
    assert record.statuses[500] >= 8
    assert not record.leaks, told(record)


# The search itself: whatever a canary is made into, it is found


SAID = Vocabulary()
SECRET = SAID.word("somewhere", "draft", Fate.SECRET)
WORDS = {"latin": latin(SECRET.key), "turkish": turkish(SECRET.key), "arabic": arabic(SECRET.key)}


def zipped(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", text)
    return file.getvalue()


def named_in_zip(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{text}.txt", "nothing")
    return file.getvalue()


def in_word(text: str) -> bytes:
    document, file = WordDocument(), io.BytesIO()
    document.core_properties.author = text
    document.save(file)
    return file.getvalue()


def in_pdf(text: str) -> bytes:
    return b"%PDF-1.7\n1 0 obj <<>> stream\n" + zlib.compress(f"({text}) Tj".encode()) + b"\nendstream endobj\n%%EOF"


def escaped_json(text: str) -> bytes:
    return json.dumps({"name": text}).encode()


FORMS: dict[str, Callable[[str], bytes]] = {
    "raw": str.encode,
    "upper case": lambda text: text.upper().encode(),
    "upper case by Turkish rules": lambda text: text.replace("i", "İ").replace("ı", "I").upper().encode(),
    "transliterated": lambda text: anyascii.anyascii(text).encode(),
    "between soft hyphens": lambda text: "\u00ad".join(text).encode(),
    "between directional marks": lambda text: f"\u2067{text}\u2069".encode(),
    "marked as found": lambda text: f"<p>{text[:3]}<mark>{text[3:]}</mark></p>".encode(),
    "html": lambda text: "".join(f"&#{ord(sign)};" for sign in text).encode(),
    "html twice": lambda text: html.escape("".join(f"&#x{ord(sign):x};" for sign in text)).encode(),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
    "json": escaped_json,
    "json in an attribute": lambda text: html.escape(escaped_json(text).decode()).encode(),
    "calendar": lambda text: f"ATTENDEE;CN={text[:4]}\r\n {text[4:]}:mailto".encode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode(), quotetabs=True),
    "mail header": lambda text: Header(text, "utf-8").encode().encode(),
    "punycode": lambda text: b"http://xn--" + text.lower().encode("punycode") + b".example",
    "base64": lambda text: base64.b64encode(f"author:{text}".encode()),
    "base64 from another start": lambda text: base64.b64encode(f"an author: {text}".encode()),
    "base64 for addresses": lambda text: b"/" + base64.urlsafe_b64encode(json.dumps([text]).encode()).rstrip(b"="),
    "base64 twice": lambda text: base64.b64encode(base64.b64encode(f"author: {text}".encode())),
    "signed and compressed": lambda text: b"." + base64.urlsafe_b64encode(zlib.compress(text.encode())) + b":x:y",
    "hexadecimal": lambda text: text.encode().hex().encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 without a mark": lambda text: f"a;{text}".encode("utf-16-be"),
    "gzip": lambda text: gzip.compress(text.encode()),
    "deflate": lambda text: zlib.compress(text.encode()),
    "bzip2": lambda text: bz2.compress(text.encode()),
    "xz": lambda text: lzma.compress(text.encode()),
    "zip": zipped,
    "name in a zip": named_in_zip,
    "zip in a zip": lambda text: gzip.compress(zipped(text)),
    "docx": in_word,
    "pdf": in_pdf,
    "backwards": lambda text: text[::-1].encode(),
    "rot13": lambda text: codecs.encode(text, "rot13").encode(),
}


@pytest.mark.parametrize(("form", "script"), list(itertools.product(FORMS, WORDS)))
def test_canary_is_found_in_every_form(form: str, script: str) -> None:
    body = b"<html><body>" + FORMS[form](WORDS[script]) if form == "marked as found" else FORMS[form](WORDS[script])
    assert set(Search(SAID).body(body)) == {SECRET}


@pytest.mark.parametrize("text", ["7919 people", "7,919", "7.919", "7 919", "٧٬٩١٩", "{&quot;people&quot;: 7919}"])
def test_secret_number_is_found(text: str) -> None:
    counted = Vocabulary()
    counted.number(7919, "how many were there")
    [found] = Search(counted).body(text.encode())
    assert found.key == "7919"
    assert not Search(counted).body(b"17919 2025-07-91 79190 79-19")


def test_picture_of_somebodys_address_is_found() -> None:
    known = Vocabulary()
    known.hashes("Somebody@example.org", "auth_user.email")
    assert not Search(known).body(b"https://example.org/avatar/6cf30cc4a7e8e2e0ef5bb0fdb0b8ae9b?s=80")
    digest = hashlib.md5(b"somebody@example.org", usedforsecurity=False).hexdigest()
    assert Search(known).body(f"https://example.org/avatar/{digest}?s=80".encode())


def test_public_word_is_no_leak() -> None:
    public = Vocabulary()
    word: Word = public.word("somewhere", "published", Fate.PUBLIC)
    search = Search(public)
    assert search.secrets(search.body(latin(word.key, public=True).encode())) == {}
