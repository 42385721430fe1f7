"""Answers that are kept are those that would be made now, for whoever asks; and each break of the keeper is found.

Each check below asks the whole site with keeping on. A break takes one thing away that the keeper minds, and the check
that is for it fails.
"""

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.api import router
from config.middleware import kept_answers
from config.middleware.kept_answers import KeptAnswersMiddleware, canonical
from partnerships.models import Actor
from publishing.acting import Act
from publishing.actions import withdraw
from publishing.api.negotiation import MEDIA_TYPES
from publishing.reader import public_from
from publishing.reader.kept_answers import BESIDE, InProcess, Kept
from publishing.reader.revision import revision
from tests.config.test_canary_breaks import also_at
from tests.factories import ActorFactory, ClaimFactory, UserFactory
from tests.support.public_addresses import PUBLIC, address_of, published_things

pytestmark = pytest.mark.usefixtures("committing", "keeping")

JSON = {"Accept": "application/json"}


@pytest.fixture
def keeping(settings: Any) -> None:
    settings.MAJLIS_KEPT_MEGABYTES = 16


class Site:
    """One process of the site, and people who ask it."""

    def __init__(self) -> None:
        self.handler = Client().handler
        self.made: list[str] = []
        """The paths of the answers that were made, and not kept ones."""

    def person(self, user: User | None = None, **given: Any) -> Client:
        client = Client(**given)
        client.handler = self.handler
        if user is not None:
            client.force_login(user)
        return client

    def get(self, address: str, **headers: str) -> Any:
        """What somebody gets who was never here before."""
        return self.person().get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


def counting_site(monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site that notes what is made; each call gives another, with a keeper of its own."""
    found = Site()
    make = found.handler.load_middleware

    def load(*given: Any, **named: Any) -> None:
        with pytest.MonkeyPatch.context() as patch:
            begin = KeptAnswersMiddleware.__init__

            def counting(keeper: KeptAnswersMiddleware, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
                def get(request: HttpRequest) -> HttpResponse:
                    found.made.append(request.get_full_path())
                    return get_response(request)

                begin(keeper, get)

            patch.setattr(KeptAnswersMiddleware, "__init__", counting)
            make(*given, **named)

    monkeypatch.setattr(found.handler, "load_middleware", load)
    return found


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    return counting_site(monkeypatch)


def same(response: Any) -> dict[str, str]:
    """The headers, less that of the request."""
    return {**response.headers, "X-Request-ID": ""}


# What is kept


def test_every_public_answer_is_kept_to_the_byte(site: Site, settings: Any) -> None:
    things = published_things()
    for name in PUBLIC:
        for address in {address_of(name, things), "/tr" + address_of(name, things)}:
            first, second = site.get(address), site.get(address)
            assert (first.status_code, first.content, same(first)) == (
                second.status_code, second.content, same(second)), address  # fmt: skip
            assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
            assert site.made.count(address) == (1 if first.status_code in {200, 404} else 2), address
            settings.MAJLIS_KEPT_MEGABYTES = 0
            never_kept = site.get(address)
            settings.MAJLIS_KEPT_MEGABYTES = 16
            assert (never_kept.content, same(never_kept)) == (second.content, same(second)), address


def test_kept_answer_asks_nothing_but_the_revision(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    site.get("/claims/")
    with django_assert_num_queries(0):  # of Django's; that of the revision goes past its count
        assert site.get("/claims/").status_code == 200


def test_what_is_not_found_or_gone_is_kept(site: Site) -> None:
    claim, reviewer = ClaimFactory(published=True), UserFactory(groups=("reviewers",))
    withdraw(claim, act=Act(by=reviewer, at=timezone.now()), note="Not so.")
    for address, status in {claim.get_absolute_url(): 410, "/claims/nothing/": 404, "/api/v1/claims/no/": 404}.items():
        assert [site.get(address).status_code for _ in range(3)] == [status] * 3
        assert site.made.count(address) == 1


def test_condition_is_answered_without_making_anything(site: Site) -> None:
    for address in ("/claims/", "/api/v1/claims/"):
        etag = site.get(address).headers["ETag"]
        answer = site.get(address, If_None_Match=f'W/"other", {etag}')
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", etag)
        assert site.get(address, If_None_Match='"other"').status_code == 200
        assert site.made.count(address) == 1
        assert site.get(address, If_Match='"other"').status_code == 412


def test_condition_that_comes_first_keeps_the_whole_answer(site: Site) -> None:
    assert site.get("/claims/", If_None_Match='"other"').content == site.get("/claims/").content != b""
    assert len(site.made) == 1


@pytest.mark.parametrize("address", ["/claims/?as_of=never", "/claims", "/healthz", "/admin/login/", "/claims/?q=%00"])
def test_what_is_no_answer_for_everybody_is_made_each_time(site: Site, address: str) -> None:
    for _ in range(2):
        site.get(address)
    assert len(site.made) == 2


def test_nothing_is_kept_where_nothing_may_be(site: Site, settings: Any) -> None:
    settings.MAJLIS_KEPT_MEGABYTES = 0
    site.get("/claims/")
    site.get("/claims/")
    assert len(site.made) == 2


# Addresses that are one


@pytest.mark.parametrize(
    ("asked", "canonically"),
    [
        ("", ""), ("&&", ""), ("a=1&b=2", "a=1&b=2"), ("b=2&a=1", "a=1&b=2"), ("b=2&a=2&a=1", "a=2&a=1&b=2"),
        ("q=%c3%b6", "q=%C3%B6"), ("q=\u00c3\u00b6", "q=%C3%B6"), ("q=a%20b", "q=a+b"), ("q=%61", "q=a"), ("q", "q="),
        ("q=a%2Bb", "q=a%2Bb"), ("q=a%26b", "q=a%26b"), ("q=a=b", "q=a%3Db"), ("q=%ff", "q=%FF"), ("q=%zz", "q=%25zz"),
    ],
)  # fmt: skip
def test_query_is_put_in_one_way(asked: str, canonically: str) -> None:
    assert canonical(asked) == canonically
    assert canonical(canonically) == canonically


def test_query_that_is_too_long_is_not_kept() -> None:
    assert canonical("&".join(f"p{number}=1" for number in range(51))) is None
    assert canonical("q=" + "a" * 2_000) is None


def test_odd_but_equal_addresses_are_one(site: Site) -> None:
    ClaimFactory(published=True)
    for addresses in (
        ("/claims/", "/claims/?", "/claims/?&"),
        (
            "/api/v1/claims/?page_size=1&lang=tr",
            "/api/v1/claims/?lang=tr&page_size=1",
            "/api/v1/claims/?%6cang=tr&page_size=1&",
        ),
        ("/search/?q=%C3%B6l+x", "/search/?q=%c3%b6l%20x"),
        ("/tr/search/?q=%C3%B6", "/%74r/search/?q=%c3%b6"),
    ):
        before = len(site.made)
        contents = {site.get(address).content for address in addresses}
        assert (len(site.made) - before, len(contents)) == (1, 1), addresses


def test_views_read_the_query_that_was_sent(site: Site, settings: Any) -> None:
    """Put in another way it asks for the same: the answers are those to the query as it came."""
    for name in ("b", "a"):
        ActorFactory(published=True, name=name)
    for query in ("ordering=-name&kind=state&lang=ar", "q=a%2Fb+%C4%B1", "kind=state&kind=bloc", "page_size=1"):
        settings.MAJLIS_KEPT_MEGABYTES = 16
        kept = site.get(f"/api/v1/actors/?{query}")
        settings.MAJLIS_KEPT_MEGABYTES = 0
        made = site.get(f"/api/v1/actors/?{query}")
        assert kept.status_code == made.status_code
        assert kept.json().get("results") == made.json().get("results")


def test_formats_that_the_key_knows_are_all_that_there_are() -> None:
    callbacks: list[Any] = [pattern.callback for pattern in router.urlpatterns if isinstance(pattern, URLPattern)]
    views = {callback.cls for callback in callbacks}
    found = {renderer.media_type for view in views for renderer in view.renderer_classes}
    assert {"application/json", "application/vnd.oai.openapi"} <= found <= set(MEDIA_TYPES)


# The checks, and what each is for


def check_language(site: Site) -> None:
    answers = [
        site.get("/api/v1/claims/nothing/", Accept_Language=language) for language in ("en", "tr", "ar", "tr;q=0.9")
    ]
    assert [answer.headers["Content-Language"] for answer in answers] == ["en", "tr", "ar", "tr"]
    assert len({answer.content for answer in answers}) == 3
    assert len(site.made) == 3


def check_format(site: Site) -> None:
    types = [
        site.get("/api/v1/schema/", Accept=accept).headers["Content-Type"].partition(";")[0]
        for accept in ("application/vnd.oai.openapi", "application/json", "application/vnd.oai.openapi+json")
    ]
    assert types == ["application/vnd.oai.openapi", "application/json", "application/vnd.oai.openapi+json"]


def check_host(site: Site) -> None:
    site_settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    for host in ("a.example", "b.example", "a.example"):
        answer = site.get("/robots.txt", Host=host, X_Forwarded_Host="evil.example")
        assert f"http://{host}" in answer.content.decode()
        assert "evil" not in answer.content.decode()
    assert site.get("/robots.txt", Host="evil.example").status_code == 400
    assert f"http://{host}" in site.get("/robots.txt", Host=host).content.decode()


def check_query(site: Site) -> None:
    for name in ("Alpha", "Beta"):
        ActorFactory(published=True, name=name)
    one, both = (len(site.get(f"/api/v1/actors/?page_size={size}").json()["results"]) for size in (1, 2))
    assert (one, both) == (1, 2)


def check_desk(site: Site) -> None:
    draft = ClaimFactory(statement="A draft that nobody knows")
    editor = site.person(UserFactory(groups=("editors",)))
    for address in (draft.get_absolute_url(), "/claims/"):
        for reader, sees in ((editor, True), (site.person(), False), (editor, True), (site.person(), False)):
            assert ("A draft that nobody knows" in reader.get(address).content.decode()) is sees, address


def check_token(site: Site) -> None:
    for _ in range(2):
        site.get("/api/v1/claims/", Authorization="Token 0123456789abcdef")
    site.get("/api/v1/claims/")
    assert len(site.made) == 3


def check_message(site: Site) -> None:
    """What waits to be told to somebody is told to him, and to nobody else."""
    site.get("/claims/")
    reader = site.person()
    reader.cookies["messages"] = "anything"
    reader.get("/claims/")
    assert len(site.made) == 2


def check_commit_while_it_is_made(site: Site) -> None:
    """What is committed after a view has read, and before its answer is kept, is in the next answer."""
    actor = ActorFactory(published=True, name="Before")

    def view(request: HttpRequest) -> HttpResponse:
        name = Actor.objects.get(pk=actor.pk).name
        if name == "Before":
            with ThreadPoolExecutor(1) as another:
                another.submit(rename).result()
        return HttpResponse(name)

    def rename() -> None:
        Actor.objects.filter(pk=actor.pk).update(name_en="After", version_note="Renamed.")
        connection.close()

    with also_at("slow/", view):
        assert [site.get("/slow/").content for _ in range(3)] == [b"Before", b"After", b"After"]
        assert len(site.made) == 2


def check_day(site: Site) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(timezone.now().date()))

    today, now = timezone.now().date(), timezone.now
    with also_at("today/", view):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(timezone, "now", lambda: now() - dt.timedelta(days=1))
            yesterday = site.get("/today/").content.decode()
            assert site.get("/today/").content.decode() == yesterday == str(today - dt.timedelta(days=1))
            assert len(site.made) == 1
        assert site.get("/today/").content.decode() == str(today)


def check_embargo(site: Site) -> None:
    end = timezone.now() + dt.timedelta(seconds=1.5)
    actor = ActorFactory(published=True, embargo_until=end)
    address = actor.get_absolute_url()
    assert site.get(address).status_code == 404
    while timezone.now() < end:
        assert site.get(address).status_code in ({404} if timezone.now() < end else {200, 404})
        time.sleep(0.05)
    assert site.get(address).status_code == 200


def check_head(site: Site) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("-" if request.method == "HEAD" else "a body")

    with also_at("body/", view):
        assert site.person().head("/body/").status_code == 200
        assert site.get("/body/").content == b"a body"
        head = site.person().head("/body/")
    assert (head.headers["Content-Length"], head.content, len(site.made)) == ("6", b"", 2)


def check_post(site: Site) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(request.method))

    with also_at("method/", view):
        assert site.get("/method/").content == b"GET"
        assert site.person().generic("POST", "/method/").content == b"POST"
        assert site.get("/method/").content == b"GET"


def answers(site: Site, *given: HttpResponse) -> list[Any]:
    """What the site answers, one after the other, where the view answers `given`."""
    left = list(given)
    with also_at("turns/", lambda request: left.pop(0)):
        return [site.get("/turns/") for _ in given]


def check_error(site: Site) -> None:
    assert [answer.status_code for answer in answers(site, HttpResponse(status=503), HttpResponse("well"))] == [
        503,
        200,
    ]


def check_cookie(site: Site) -> None:
    first = HttpResponse("with a cookie")
    first.set_cookie("who", "somebody")
    found = answers(site, first, HttpResponse("without"))
    assert [(bool(answer.cookies), answer.content) for answer in found] == [
        (True, b"with a cookie"),
        (False, b"without"),
    ]


def check_private(site: Site) -> None:
    first = HttpResponse("mine", headers={"Cache-Control": "private, no-store"})
    assert [answer.content for answer in answers(site, first, HttpResponse("yours"))] == [b"mine", b"yours"]


def check_vary(site: Site) -> None:
    first = HttpResponse("by cookie", headers={"Vary": "Cookie"})
    assert [answer.content for answer in answers(site, first, HttpResponse("again"))] == [b"by cookie", b"again"]


def check_stream(site: Site) -> None:
    def view(request: HttpRequest) -> FileResponse:
        return FileResponse([b"piece", b"by piece"])

    with also_at("stream/", view):
        assert [b"".join(site.get("/stream/").streaming_content) for _ in range(2)] == [b"pieceby piece"] * 2


CHECKS = {name.removeprefix("check_"): check for name, check in list(globals().items()) if name.startswith("check_")}


@pytest.mark.parametrize("name", CHECKS)
def test_keeper(site: Site, settings: Any, name: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]  # given back after a check that sets others
    CHECKS[name](site)


# The breaks


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextlib.contextmanager
def function_without(pattern: str) -> Iterator[None]:
    """The database's function less a part of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('publishing_revision(timestamptz)'::regprocedure)")
        [whole] = cursor.fetchone()
    assert pattern in whole
    sql(whole.replace(pattern, ""))
    try:
        yield
    finally:
        sql(whole)


def read_late(keeper: KeptAnswersMiddleware, request: HttpRequest, question: Any, at: str) -> Any:
    response = keeper.get_response(request)
    keeper.keep(question, revision() or "", cast("HttpResponse", response))
    return response


def keeps(**less: Any) -> Callable[..., bool]:
    """`may_be_kept` of a response that says other than it is."""

    def may(request: HttpRequest, response: Any) -> bool:
        seen = HttpResponse(status=less.get("status", response.status_code))
        seen.headers = {**response.headers, **less.get("headers", {})}  # type: ignore[assignment]
        seen.cookies = less.get("cookies", response.cookies)
        request.method = less.get("method", request.method)
        return MAY_BE_KEPT(request, seen)

    return may


MAY_BE_KEPT = kept_answers.may_be_kept
QUESTION_OF = kept_answers.question_of
BY_METHOD = KeptAnswersMiddleware.__call__


def keeps_head(keeper: KeptAnswersMiddleware, request: HttpRequest) -> Any:
    if request.method != "HEAD":
        return BY_METHOD(keeper, request)
    question, at = QUESTION_OF(request), revision()
    assert question is not None
    assert at is not None
    return keeper.make(request, question, at)


BREAKS: dict[str, tuple[str, dict[str, Any]]] = {
    "a key without language": ("language", {"language_and_formats": lambda language, formats: formats}),
    "a key without format": ("format", {"language_and_formats": lambda language, formats: language}),
    "a key without host": ("host", {"site_address": lambda request: ""}),
    "a host that nobody looks at": ("host", {"site_address": lambda request: "http://a.example"}),
    "a key without query": ("query", {"question_of": lambda request: (q := QUESTION_OF(request)) and q[:2]}),
    "an answer of the desk": ("desk", {"COOKIES": ()}),
    "an answer for a token": ("token", {"OF_ONE_PERSON": ()}),
    "an answer with a message": ("message", {"COOKIES": ("sessionid",)}),
    "the revision read too late": ("commit_while_it_is_made", {"KeptAnswersMiddleware.make": read_late}),
    "no revision at all": ("commit_while_it_is_made", {"revision": lambda: "always"}),
    "the body of an answer to HEAD": (
        "head", {"KeptAnswersMiddleware.__call__": keeps_head, "may_be_kept": keeps(method="GET")}),
    "an answer to a form that was sent": ("post", {"METHODS": ("GET", "HEAD", "POST")}),
    "an error": ("error", {"KEPT": {200, 503}}),
    "a cookie": ("cookie", {"may_be_kept": keeps(cookies={})}),
    "what is private": ("private", {"may_be_kept": keeps(headers={"Cache-Control": ""})}),
    "what varies": ("vary", {"may_be_kept": keeps(headers={"Vary": ""})}),
}  # fmt: skip
"""What is broken: the check that finds it, and what is put in place of what."""


@pytest.mark.parametrize("name", BREAKS)
def test_break_of_the_keeper_is_found(site: Site, settings: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    check, broken = BREAKS[name]
    for what, other in broken.items():
        monkeypatch.setattr(f"config.middleware.kept_answers.{what}", other)
    with pytest.raises(AssertionError):
        CHECKS[check](site)


def test_key_without_day_is_found(site: Site) -> None:
    sql("DELETE FROM publishing_moment")  # of what was written within the last hour, each another moment
    days = (
        "|| ' ' || (moment AT TIME ZONE 'UTC')::date || ' ' || (moment AT TIME ZONE 'UTC' + interval '14 hours')::date"
    )
    with function_without(days), pytest.raises(AssertionError):
        check_day(site)


def test_revision_that_minds_no_moment_is_found(site: Site) -> None:
    moment = "COALESCE((SELECT extract(epoch FROM max(at))::text FROM publishing_moment WHERE at <= moment), 'none')"
    with function_without(f"|| ' ' || {moment}"), pytest.raises(AssertionError):
        check_embargo(site)


def test_table_that_does_not_move_the_revision_is_found(site: Site) -> None:
    # All triggers but the one without which nothing is public, for a new name also comes with a line of the feed, and that
    # with a moment.
    sql(f"ALTER TABLE partnerships_actor DISABLE TRIGGER USER, ENABLE TRIGGER {public_from.TRIGGER}")
    try:
        with pytest.raises(AssertionError):
            check_commit_while_it_is_made(site)
    finally:
        sql("ALTER TABLE partnerships_actor ENABLE TRIGGER USER")


# One makes, others wait


def test_one_makes_what_many_ask_for(site: Site) -> None:
    arrived = threading.Barrier(9)

    def view(request: HttpRequest) -> HttpResponse:
        time.sleep(0.5)
        return HttpResponse("made")

    def ask() -> bytes:
        arrived.wait()
        content: bytes = site.get("/slow/").content
        connection.close()
        return content

    with also_at("slow/", view):
        site.get("/nothing/")  # the handler is ready
        with ThreadPoolExecutor(8) as people:
            asked = [people.submit(ask) for _ in range(8)]
            arrived.wait()
            assert {one.result() for one in asked} == {b"made"}
    assert site.made.count("/slow/") == 1


def test_nobody_waits_for_ever(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "MAKING", 0.2)
    goes_on = threading.Event()

    def view(request: HttpRequest) -> HttpResponse:
        if len(site.made) == 2:
            goes_on.wait(60)
        return HttpResponse("made")

    def ask() -> None:
        site.get("/slow/")
        connection.close()

    with also_at("slow/", view), ThreadPoolExecutor(1) as another:
        site.get("/nothing/")
        first = another.submit(ask)
        while len(site.made) < 2:
            time.sleep(0.01)
        assert site.get("/slow/").content == b"made"
        goes_on.set()
        first.result()
    assert site.made.count("/slow/") == 2


def test_maker_that_fails_lets_the_next_one_make(site: Site) -> None:
    failures = [HttpResponse(status=500), HttpResponse("made")]
    with also_at("turns/", lambda request: failures.pop(0)):
        assert [site.get("/turns/").status_code for _ in range(3)] == [500, 200, 200]


# The bound


def kept(size: int) -> Kept:
    return Kept(200, (("Content-Type", "text/plain"),), b"x" * (size - BESIDE))


def test_whoever_asks_for_many_addresses_stays_within_the_bound_and_empties_nothing(settings: Any) -> None:
    settings.MAJLIS_KEPT_MEGABYTES = 2
    keeper = InProcess()
    for number in range(10):
        keeper.put(("usual", str(number)), "1", kept(20_000))
        assert keeper.get(("usual", str(number)), "1") is not None  # asked for again
    for number in range(100_000):
        keeper.put(("odd", str(number)), "1", kept(5_000))
        assert keeper.size <= 2_000_000
    assert all(keeper.get(("usual", str(number)), "1") for number in range(10))
    found = [*keeper.newcomers.values(), *keeper.regulars.values()]
    assert sum(one.size for _, one in found) == keeper.size
    assert sum(one.size for _, one in keeper.regulars.values()) == keeper.size_of_regulars == 200_000
    assert len(keeper.newcomers) == 360


def test_what_many_ask_for_has_the_most_of_the_room_and_the_least_asked_for_goes(settings: Any) -> None:
    settings.MAJLIS_KEPT_MEGABYTES = 2
    keeper = InProcess()
    for number in range(300):
        keeper.put((str(number),), "1", kept(10_000))
        assert keeper.get((str(number),), "1") is not None
    assert keeper.size_of_regulars == 1_600_000
    assert keeper.size == 2_000_000
    assert keeper.get(("299",), "1") is not None
    assert keeper.get(("0",), "1") is None


def test_answer_of_another_revision_is_none_and_takes_no_second_place(settings: Any) -> None:
    keeper = InProcess()
    for at in ("1", "2"):
        keeper.put(("a",), at, kept(2_000))
        assert keeper.get(("a",), at) is not None
    assert keeper.get(("a",), "1") is None
    assert (keeper.size, keeper.size_of_regulars) == (2_000, 2_000)


def test_answer_that_would_take_too_much_of_it_is_not_kept(settings: Any) -> None:
    settings.MAJLIS_KEPT_MEGABYTES = 1
    keeper = InProcess()
    keeper.put(("large",), "1", kept(70_000))
    keeper.put(("small",), "1", kept(60_000))
    assert (keeper.get(("large",), "1"), keeper.size) == (None, 60_000)
