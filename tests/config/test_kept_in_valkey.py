"""Processes share what they keep in Valkey; whatever is wrong there is no reader's trouble."""

import logging
import pickle
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse

from config.fingerprint import fingerprint
from config.middleware import kept_answers
from publishing.reader.kept_answers import LASTS, InValkey, Kept
from tests.config.test_canary_breaks import also_at
from tests.config.test_kept_answers import Site, counting_site
from tests.factories import ClaimFactory
from tests.support.valkey import Valkey, free_port, running_valkey

pytestmark = [pytest.mark.usefixtures("committing"), pytest.mark.long]


@pytest.fixture(scope="module")
def server() -> Iterator[Valkey]:
    with running_valkey() as found:
        yield found


@pytest.fixture
def valkey(server: Valkey, settings: Any) -> Valkey:
    server.client.flushall()
    uses(settings, server.url)
    return server


def uses(settings: Any, url: str) -> None:
    """The settings of a process with this CACHE_URL."""
    settings.MAJLIS_KEPT_MEGABYTES = 16
    settings.CACHE_URL = url
    settings.CACHES = {
        **settings.CACHES,
        "answers": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": url,
            "OPTIONS": {
                "serializer": "publishing.reader.kept_answers.AsBytes",
                "socket_connect_timeout": 0.1,
                "socket_timeout": 0.1,
            },
        },
    }


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch) -> tuple[Site, Site]:
    """Two processes."""
    return counting_site(monkeypatch), counting_site(monkeypatch)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "publishing.reader.kept_answers"]


def test_what_one_process_made_another_gives(valkey: Valkey, sites: tuple[Site, Site]) -> None:
    one, other = sites
    for address in ("/claims/", "/api/v1/claims/", "/claims/nothing/"):
        first, second = one.get(address), other.get(address)
        assert (first.status_code, first.content) == (second.status_code, second.content)
        assert {**first.headers, "X-Request-ID": ""} == {**second.headers, "X-Request-ID": ""}
    assert (len(one.made), len(other.made)) == (3, 0)
    ClaimFactory(published=True, statement="Something new")
    assert "Something new" in other.get("/claims/").content.decode()
    assert "Something new" in one.get("/claims/").content.decode()
    assert (len(one.made), len(other.made)) == (3, 1)


def test_what_is_kept_there_goes_by_itself(valkey: Valkey, sites: tuple[Site, Site]) -> None:
    sites[0].get("/claims/")
    [key] = valkey.client.keys()
    assert 0 < valkey.client.ttl(key) <= LASTS


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda value: b"", lambda value: b"rubbish", lambda value: value[:-1], lambda value: value + b"<script>",
        lambda value: pickle.dumps(Kept(200, (), b"forged")), lambda value: value[:32] + Kept(200, (), b"forged").as_bytes(),
        lambda value: bytes(32) + value[32:],
    ],
)  # fmt: skip
def test_what_somebody_else_put_there_is_given_to_nobody(
    valkey: Valkey, sites: tuple[Site, Site], spoilt: Any, caplog: pytest.LogCaptureFixture
) -> None:
    right = sites[0].get("/claims/").content
    [key] = valkey.client.keys()
    valkey.client.set(key, spoilt(valkey.client.get(key)))
    assert [sites[1].get("/claims/").content for _ in range(3)] == [right] * 3
    assert len(sites[1].made) == 1
    works(sites[1])
    [line] = lines(caplog)
    assert line.endswith("what it holds is not signed with CACHE_SECRET")


def test_answer_to_another_question_is_not_taken_for_this_one(valkey: Valkey, sites: tuple[Site, Site]) -> None:
    right = [sites[0].get(address).content for address in ("/claims/", "/events/")]
    one, other = valkey.client.keys()
    values = valkey.client.mget(one, other)
    valkey.client.mset({one: values[1], other: values[0]})
    assert [sites[1].get(address).content for address in ("/claims/", "/events/")] == right


def test_what_is_signed_with_another_secret_is_not_asked_for(
    valkey: Valkey, sites: tuple[Site, Site], settings: Any
) -> None:
    sites[0].get("/claims/")
    settings.CACHE_SECRET = "another secret" * 5
    sites[1].get("/claims/")
    assert (len(sites[0].made), len(sites[1].made)) == (1, 1)
    assert len(valkey.client.keys()) == 2


def test_other_code_makes_its_own(valkey: Valkey, settings: Any) -> None:
    question, answer = ("site", "/path/"), Kept(200, (("Content-Type", "text/html"),), b"\nbody\n\x00\xff")
    InValkey("one").put(question, "1", answer)
    assert InValkey("one").get(question, "1") == answer
    assert InValkey("other").get(question, "1") is None
    assert InValkey("one").get(question, "2") is None
    before = fingerprint()
    assert fingerprint() == before
    settings.MAJLIS_STALE_MONTHS = 99
    assert fingerprint() != before


def works(site: Site) -> float:
    """Answers twenty times, freshly; seconds for the slowest."""
    slowest = 0.0
    for number in range(20):
        began = time.monotonic()
        assert site.get(f"/claims/?q={number}").status_code == 200
        slowest = max(slowest, time.monotonic() - began)
    ClaimFactory(published=True, statement="Something new")
    assert "Something new" in site.get("/claims/").content.decode()
    return slowest


def test_server_that_is_gone_and_comes_back(
    settings: Any, sites: tuple[Site, Site], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publishing.reader.kept_answers.PAUSE", 0.0)
    caplog.set_level(logging.WARNING)
    with running_valkey() as gone:
        uses(settings, gone.url)
        sites[0].get("/claims/")
        gone.stop()
        works(sites[0])
        [line] = lines(caplog)
        assert line.startswith("CACHE_URL fails, and answers are kept in each process alone: ")
        gone.start()
        works(sites[0])
        assert lines(caplog)[1:] == ["CACHE_URL answers again"]
        assert len(gone.client.keys()) > 20


def test_server_that_says_nothing_is_left_alone(
    settings: Any, sites: tuple[Site, Site], caplog: pytest.LogCaptureFixture
) -> None:
    with running_valkey() as slow:
        uses(settings, slow.url)
        slow.pause()
        works(sites[0])
    assert len(lines(caplog)) == 1
    assert "Timeout" in lines(caplog)[0]


def test_server_that_is_full(settings: Any, sites: tuple[Site, Site], caplog: pytest.LogCaptureFixture) -> None:
    with running_valkey("--maxmemory", "1mb", "--maxmemory-policy", "noeviction") as full:
        uses(settings, full.url)
        works(sites[0])
    [line] = lines(caplog)
    assert "maxmemory" in line


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$-2\r\n", b"*3\r\n:1\r\n", b"\x00" * 5_000]
)
def test_server_that_speaks_otherwise(
    settings: Any, sites: tuple[Site, Site], caplog: pytest.LogCaptureFixture, said: bytes
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        ends = threading.Event()

        def talk() -> None:
            while not ends.is_set():
                try:
                    with listening.accept()[0] as client:
                        client.settimeout(0.2)
                        client.recv(1_000)
                        client.sendall(said)
                except OSError:
                    continue

        with ThreadPoolExecutor(1) as other:
            other.submit(talk)
            uses(settings, f"redis://127.0.0.1:{listening.getsockname()[1]}/0")
            try:
                works(sites[0])
            finally:
                ends.set()
    assert len(lines(caplog)) == 1


def test_nobody_there(settings: Any, sites: tuple[Site, Site], caplog: pytest.LogCaptureFixture) -> None:
    uses(settings, f"redis://127.0.0.1:{free_port()}/0")
    works(sites[0])
    assert len(lines(caplog)) == 1


def test_one_process_makes_what_two_are_asked_for(valkey: Valkey, sites: tuple[Site, Site]) -> None:
    began = threading.Event()

    def view(request: HttpRequest) -> HttpResponse:
        began.set()
        time.sleep(0.5)
        return HttpResponse("made")

    def ask() -> bytes:
        content: bytes = sites[0].get("/slow/").content
        connection.close()
        return content

    with also_at("slow/", view), ThreadPoolExecutor(1) as another:
        sites[1].get("/nothing/")
        first = another.submit(ask)
        began.wait()
        assert sites[1].get("/slow/").content == first.result() == b"made"
    assert (sites[0].made.count("/slow/"), sites[1].made.count("/slow/")) == (1, 0)


def test_process_that_died_while_it_made_is_not_waited_for_long(
    valkey: Valkey, sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers, "MAKING", 0.3)
    monkeypatch.setattr(InValkey, "may_make", lambda *asked: False)
    assert sites[0].get("/claims/").status_code == 200
    assert len(sites[0].made) == 1
