"""Requests everything that a stranger can request, and searches each response at once."""

import base64
import gzip
import html
import itertools
import json
import re
import urllib.parse
import zlib
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import product
from typing import Any

from django.apps import apps
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils import translation

from tests.canary.addresses import NEVER, Identifiers, Pattern, patterns
from tests.canary.searching import Found, Search
from tests.canary.words import Fate, Word, arabic, latin, turkish

API = "/api/v1/"
FORM = "application/x-www-form-urlencoded"
PREFIXES = ("", "/tr", "/ar")
METHODS = ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
FORMATS = ("json", "html", "yaml", "atom", "csv", "api", "nothing")
ACCEPTED = (
    "application/json", "text/html", "application/atom+xml", "text/calendar", "text/plain", "*/*", "q=,;/",
)  # fmt: skip
DAYS = ("2020-01-01", "2025-06-02", "2078-01-01", "2025-13-40")
LANGUAGES = ("en", "tr", "ar", "de")
BESIDE = (
    "fields=name,author,participants", "ordering=author", "page=2",
    "expand=author&include=participants&embed=notes&debug=1&version=1&preview=1&state=draft",
)  # fmt: skip
"""Parameters that other sites have, or that would be asked for more than is given."""
USUAL = (
    "/", "/tr/", "/ar/", "/sitemap.xml", "/robots.txt", API, f"{API}schema/", f"{API}schema/?format=yaml", "/healthz",
    "/readyz", "/search/", "/favicon.ico", "/humans.txt", "/.well-known/security.txt", "/.well-known/change-password",
    "/.git/config", "/.env", "/media/", "/var/media/", "/static/", "/staticfiles/", "/index.php", "/admin", "/api",
    "/api/", "/api/v2/", "/__debug__/", "/silk/", "/metrics", "/graphql", "/feed.xml", "/atom.xml", "/export/",
    "/backup.sql", "/tr/admin/", "/ar/api/v1/", "/events.ics", "/sitemap-events.xml", "/opensearch.xml",
)  # fmt: skip
"""Where people look first, whether or not anything is there."""

CITATIONS = ("csl", "bibtex", "ris")
"""Formats in which a page says how it is cited."""

MEDIA = ("/media/", "/files/", "/uploads/", "/var/media/", "/static/", "/admin/files/", "/documents/")
"""Where uploaded files could be handed out."""

ADDRESS = re.compile(
    r"""(?:href|src|action|content|data-[a-z-]+|poster|srcset|hreflang)\s*=\s*["']([^"']+)["']"""
    r"""|"(https?://testserver[^"\s]*|/[a-z0-9_./?=&;%-]+)"|<(?:loc|id|link|uri)>([^<]+)<|url\(["']?([^"')]+)"""
    r"""|(https?://testserver[^\s"'<>)]*)""",
    re.IGNORECASE,
)
TEXTUAL = ("text/", "application/json", "application/xml", "application/atom", "application/problem", "application/vnd",
           "application/javascript", "image/svg", "application/x-bibtex",
           "application/x-research-info-systems")  # fmt: skip
MAX_BODY = 3_000_000
LIST_DEPTH = 4
"""How many slashes the address of a list of the API has."""

SAME_PAGE = 8
"""How many things of one kind are looked at in Turkish and in Arabic; the lists of the API name them all."""

FEW = "page_size=5"
"""For lists of which another request reads the rest."""

SAME_QUESTION = 5
"""How many addresses are followed that ask one page for the same parameters, with other values."""


@dataclass(frozen=True)
class Leak:
    """A canary in an answer to somebody who may not read it."""

    word: Word
    form: str
    where: str

    def __str__(self) -> str:
        return f"{self.word} stands {self.form or 'raw'} in the answer to {self.where}"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    route: str | None
    cookies: str = ""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def type(self) -> str:
        return self.headers.get("Content-Type", "")


@dataclass
class Record:
    """What was asked, and what came of it."""

    addresses: set[str] = field(default_factory=set)
    answers: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    routes: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    leads: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    operations: set[tuple[str, str]] = field(default_factory=set)
    parameters: set[tuple[str, str]] = field(default_factory=set)
    found: set[Word] = field(default_factory=set)
    leaks: dict[Word, Leak] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    asked_for: set[Word] = field(default_factory=set)


def told(record: Record) -> str:
    """The leaks of a record, one a line."""
    return "\n".join(map(str, record.leaks.values()))


class Stranger:
    """Somebody with a browser, by whom every answer is searched.

    Asks Django directly: the test client would copy the context of every template for nothing.
    """

    def __init__(self, name: str, search: Search, record: Record, cookies: Mapping[str, str] | None = None) -> None:
        self.name, self.search, self.record = name, search, record
        self.factory = RequestFactory()
        for key, value in (cookies or {}).items():
            self.factory.cookies[key] = value
        self.handler = BaseHandler()
        self.handler.load_middleware()

    def ask(
        self,
        address: str,
        method: str = "GET",
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        content_type: str = "application/json",
        fails: bool = False,
        csrf: bool = False,
        **extra: Any,
    ) -> Answer:
        """The answer to one request; what it gives away is in the record.

        `fails`: a 500 is expected. `csrf`: a form must carry its token, so that the request gets no further.
        """
        address = address.partition("#")[0]
        request: WSGIRequest = self.factory.generic(
            method,
            encoded(address),
            data=body,
            content_type=content_type if body else "",
            headers={"X-Request-ID": "canary-test", **(headers or {})},
            **extra,
        )
        request._dont_enforce_csrf_checks = not csrf  # type: ignore[attr-defined]
        response: Any = self.handler.get_response(request)
        content = b"" if method == "HEAD" else b"".join(content_of(response))
        for close in response._resource_closers:
            close()
        response._resource_closers.clear()
        match = getattr(request, "resolver_match", None)
        answer = Answer(
            response.status_code,
            dict(response.headers.items()),
            content,
            match.route if match else None,
            response.cookies.output(),
        )
        self.keep(answer, address, method, headers or {}, body, response.reason_phrase, fails=fails)
        return answer

    def keep(
        self, answer: Answer, address: str, method: str, headers: Mapping[str, str], body: bytes, reason: str, *,
        fails: bool,
    ) -> None:  # fmt: skip
        record = self.record
        record.addresses.add(address)
        record.answers += 1
        record.statuses[answer.status] += 1
        record.methods[method] += 1
        record.types[answer.type.partition(";")[0] or "none"] += 1
        record.languages[answer.headers.get("Content-Language", "none")] += 1
        if answer.route is not None and method == "GET":
            record.routes[answer.route].add(answer.status)
            if "Location" in answer.headers:
                record.leads[answer.route].add(answer.headers["Location"].partition("?")[0])
        where = f"{self.name}: {method} {address[:300]} {dict(headers) or ''} → {answer.status}"
        if answer.status >= 500 and not fails and answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
            record.faults.append(where)
        found: Found = dict(self.search.body(opened(answer)))
        head = "\n".join([reason, answer.cookies, *(f"{name}: {value}" for name, value in answer.headers.items())])
        self.search.add(found, "header", self.search.head(head))
        if not found:
            return
        # What somebody sends is no news to him.
        sent = {*self.search.text("\n".join([address, *headers.values()])), *self.search.body(body)}
        for word, form in found.items():
            if word in sent:
                continue
            record.found.add(word)
            if word.fate is Fate.SECRET and word not in record.leaks:
                record.leaks[word] = Leak(word, form, where)


def content_of(response: Any) -> Iterable[bytes]:
    return response.streaming_content if response.streaming else [response.content]


def opened(answer: Answer) -> bytes:
    """The body without the compression of its transport."""
    coding = answer.headers.get("Content-Encoding", "")
    try:
        if coding == "gzip":
            return gzip.decompress(answer.body)
        if coding == "deflate":
            return zlib.decompress(answer.body)
    except (OSError, zlib.error):
        pass
    return answer.body


def encoded(address: str) -> str:
    return urllib.parse.quote(address, safe="/?&=%:;,+@!$'()*~#[]")


def links(answer: Answer) -> Iterator[str]:
    """The addresses that an answer names, as paths of this site."""
    for value in [answer.headers.get("Location", ""), *re.findall(r"<([^>]+)>", answer.headers.get("Link", ""))]:
        if value:
            yield from local(value)
    if len(answer.body) > MAX_BODY or not answer.type.startswith(TEXTUAL):
        return
    text = answer.text
    if answer.type.startswith("text/css"):
        return
    for groups in ADDRESS.findall(text):
        value = html.unescape(next(filter(None, groups), ""))
        for part in re.split(r",\s|\s", value.strip()):
            yield from local(part)


def local(value: str) -> Iterator[str]:
    parts = urllib.parse.urlsplit(value) if "[" not in value else None
    if parts is None or parts.scheme not in {"", "http", "https"} or parts.netloc not in {"", "testserver"}:
        return
    if parts.path.startswith("/"):
        yield parts.path + (f"?{parts.query}" if parts.query else "")


@dataclass
class Crawl:
    """One walk over the site, or over the part of it under `within`, by one stranger."""

    stranger: Stranger
    identifiers: Identifiers
    within: tuple[str, ...] = ("/",)
    known: list[Pattern] = field(default_factory=patterns)
    asked: set[str] = field(default_factory=set)
    questions: Counter[Any] = field(default_factory=Counter)
    compared: dict[str, tuple[int, str]] = field(default_factory=dict)

    def concerns(self, address: str) -> bool:
        return address.startswith(self.within)

    def visit(self, address: str) -> Answer | None:
        """Asks for `address`, unless it was asked for already or lies elsewhere."""
        if address in self.asked or not self.concerns(address):
            return None
        self.asked.add(address)
        return self.stranger.ask(address)

    def follow(self, seeds: Iterable[str]) -> None:
        """Visits `seeds` and whatever leads on from them."""
        queue = deque(seeds)
        while queue:
            address = queue.popleft()
            if address in self.asked or not self.concerns(address):
                continue
            path, _mark, query = address.partition("?")
            if query:
                question = (self.shape(path), tuple(sorted({part.partition("=")[0] for part in query.split("&")})))
                self.questions[question] += 1
                if self.questions[question] > SAME_QUESTION:
                    continue
            elif path.startswith(("/tr/", "/ar/")):
                # The same templates as in English, where every page is visited.
                self.questions[self.shape(path)] += 1
                if self.questions[self.shape(path)] > SAME_PAGE:
                    continue
            answer = self.visit(address)
            if answer is not None:
                queue.extend(link for link in dict.fromkeys(links(answer)) if link not in self.asked)

    def shape(self, path: str) -> str:
        if path.startswith("/static/"):
            return path
        language = path[1:3] if path.startswith(("/tr/", "/ar/")) else "en"
        with translation.override(language):
            try:
                return str(resolve(path).route)
            except (Resolver404, UnicodeError):
                return "nowhere"

    # Everything that is published, and what the URL conf says

    def pages(self) -> None:
        """Every pattern with what is published, and all that these pages lead to."""
        seeds = list(USUAL)
        for pattern in self.known:
            if not pattern.route.startswith("admin/"):
                seeds += self.identifiers.addresses(pattern, Fate.PUBLIC)
        seeds += [
            f"{API}{name}/?page_size=200&lang={language}" for name in self.collections() for language in LANGUAGES[1:3]
        ]
        for document in apps.get_model("events.PublishedContent").objects.select_related("document__event"):
            # Two identifiers that belong together, which no pattern tells.
            address = f"/events/{document.document.event.slug}/documents/{document.document.public_id}/"
            for language in ("", "/tr", "/ar"):
                self.visit(f"{language}{address}")
        self.follow(seeds)

    def collections(self) -> list[str]:
        names = [pattern.template.removeprefix(API).strip("/") for pattern in self.known if not pattern.parameters
                 and pattern.template.startswith(API) and pattern.name.endswith("-list")]  # fmt: skip
        return [name for name in names if name != "search"]

    def desk(self) -> None:
        """Every address of the admin, as somebody who has no business there."""
        for pattern in self.known:
            if pattern.route.startswith("admin/"):
                fates = (Fate.SECRET,) if "name" in pattern.parameters else (Fate.PUBLIC,)
                for fate in fates:
                    for address in self.identifiers.addresses(pattern, fate, most=1):
                        self.visit(address)
        for address in ("/admin/autocomplete/?app_label=partnerships&model_name=claim&field_name=perspective&term=q",
                        "/admin/jsi18n/", "/admin/login/?next=/admin/events/participant/", "/admin/password_change/"):  # fmt: skip
            self.visit(address)

    def hidden(self) -> None:
        """Every pattern with what is hidden, with what never was, and with what is of another kind."""
        for pattern in self.known:
            if pattern.parameters and not pattern.route.startswith("admin/"):
                for address in self.identifiers.addresses(pattern, Fate.SECRET, most=12):
                    self.visit(address)
                self.visit(pattern.template % dict.fromkeys(pattern.parameters, NEVER))
        for kind in list(self.identifiers.of):
            for identifier in self.identifiers.secret(kind)[:1]:
                for prefix in (f"{API}events/", f"{API}actors/", "/claims/", "/tr/events/", f"{API}nothing/"):
                    self.visit(f"{prefix}{identifier}/")
                self.visit(f"/{identifier}")
        for name in self.identifiers.files[:12]:
            for folder in MEDIA:
                self.visit(folder + name)

    def citations(self) -> None:
        """Each page in the formats of its citation; points and reports, which have none, by that of their event."""
        for pattern in self.known:
            if pattern.name.endswith(("_detail", "_scorecard")) and not pattern.route.startswith(("tr/", "ar/")):
                for fate in (Fate.PUBLIC, Fate.SECRET):
                    for address in self.identifiers.addresses(pattern, fate, most=3):
                        for form in CITATIONS:
                            self.visit(with_query(address, f"format={form}"))
        points = apps.get_model("events.Point").objects.values_list("report__event__slug", "public_id")
        reports = apps.get_model("events.Report").objects.values_list("event__slug", "public_id")
        for event, public_id in [*points, *reports]:
            for question in (f"cite={public_id}", f"cite={public_id}&format={CITATIONS[0]}"):
                self.visit(f"/events/{event}/?{question}")

    # Other ways to ask

    def forms(self) -> None:
        """Each pattern in every format, language and day, and with each method."""
        for pattern in self.known:
            if pattern.route.startswith(("admin/", "tr/", "ar/")):
                continue
            for fate in (Fate.PUBLIC, Fate.SECRET) if pattern.parameters else (Fate.PUBLIC,):
                for address in self.identifiers.addresses(pattern, fate, most=1)[:1]:
                    if self.concerns(address):
                        (self.in_every_form if fate is Fate.PUBLIC else self.in_some_forms)(address)

    def in_some_forms(self, address: str) -> None:
        """Of what is hidden: what could be asked for where nothing is."""
        for question in ("format=json", "as_of=2025-06-02", "since=2025-01-01", "lang=ar", "preview=1"):
            self.visit(with_query(address, question))
        self.stranger.ask(address, headers={"Accept": "application/json", "Accept-Language": "tr"})
        for method in ("HEAD", "OPTIONS", "POST"):
            self.stranger.ask(address, method)

    def in_every_form(self, address: str) -> None:
        """In the formats, languages, days and conditions that HTTP knows: lists of the API in all, anything else in some."""
        of_the_api = self.shape(address).startswith(API[1:]) and address.count("/") == LIST_DEPTH
        if of_the_api and self.shape(address).endswith("s/$"):
            address = with_query(address, FEW)
        questions = [*(f"as_of={day}" for day in DAYS), "since=2025-01-01"]
        questions += [f"format={form}" for form in (FORMATS if of_the_api else FORMATS[:2])]
        questions += [f"lang={language}" for language in (LANGUAGES if of_the_api else LANGUAGES[1:2])]
        for question in [*questions, *(BESIDE if of_the_api else BESIDE[-1:])]:
            self.visit(with_query(address, question))
        first = self.stranger.ask(address, headers={"Accept-Encoding": "gzip"})
        headers = [
            {"If-None-Match": first.headers.get("ETag", '"x"')},
            {"Accept": "application/json", "Accept-Language": "ar"},
        ]
        if of_the_api:
            headers += [{"Accept": accepted} for accepted in ACCEPTED]
            headers += [{"Accept-Language": language} for language in LANGUAGES[1::2]]
            headers += [
                {"If-Match": '"other"'},
                {"Range": "bytes=0-99"},
                {"X-HTTP-Method-Override": "OPTIONS"},
                {"Authorization": "Token 0123456789abcdef", "Origin": "https://example.org"},
            ]
        for sent in headers:
            self.stranger.ask(address, headers=sent)
        self.with_each_method(address)

    def with_each_method(self, address: str) -> None:
        for method in METHODS:
            self.stranger.ask(address, method, body=b"" if method in {"HEAD", "OPTIONS", "TRACE"} else b"{}")

    def methods(self) -> None:
        """Each address of the desk and of the other languages with each method."""
        for pattern in self.known:
            if pattern.route.startswith(("admin/", "tr/", "ar/")):
                for address in self.identifiers.addresses(pattern, Fate.PUBLIC, most=1)[:1]:
                    if self.concerns(address):
                        for method in ("HEAD", "OPTIONS", "POST", "DELETE"):
                            self.stranger.ask(address, method, body=b"{}" if method == "POST" else b"")

    # The API as its schema tells it

    def operations(self) -> None:
        """Every operation of the schema with every parameter: with its documented values, and with wrong ones."""
        answer = self.stranger.ask(f"{API}schema/", headers={"Accept": "application/json"})
        if answer.status != HTTPStatus.OK:
            return
        schema = json.loads(answer.body)
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                if not self.concerns(path):
                    continue
                public, *secret = self.filled(path)
                self.call(method.upper(), path, public, operation.get("parameters", []))
                for address in secret:
                    self.call(method.upper(), path, address, [])

    def filled(self, path: str) -> list[str]:
        gaps = re.findall(r"\{(\w+)\}", path)
        if not gaps:
            return [path]
        kind = (
            path.removeprefix(API)
            .partition("/")[0]
            .removesuffix("s")
            .replace("-", "")
            .replace("statusentrie", "statusentry")
        )
        kind = "series" if kind == "serie" else kind
        return [re.sub(r"\{\w+\}", values[0], path)
                for values in (self.identifiers.public(kind), self.identifiers.secret(kind)) if values]  # fmt: skip

    def call(self, method: str, path: str, address: str, parameters: list[Any]) -> None:
        required = "&".join(f"{one['name']}=a" for one in parameters if one.get("required") and one["in"] == "query")
        base = f"{address}?{required}" if required else address
        self.stranger.ask(base, method)
        self.stranger.record.operations.add((method, path))
        for parameter in parameters:
            if parameter["in"] != "query":
                continue
            self.stranger.record.parameters.add((path, parameter["name"]))
            for value in self.values(parameter):
                sign = "&" if required and parameter["name"] not in required.split("=") else "?"
                start = base if sign == "&" else address
                few = f"&{FEW}" if any(one["name"] == "page_size" for one in parameters) else ""
                question = f"{parameter['name']}={urllib.parse.quote(value)}"
                self.visit(f"{start}{sign}{question}{'' if parameter['name'] == 'page_size' else few}")

    def values(self, parameter: dict[str, Any]) -> list[str]:
        """Documented values of a parameter, and values that it cannot have."""
        schema = parameter.get("schema", {})
        schema = schema.get("items", schema)
        known = [str(value) for value in schema.get("enum", ())][:4]
        if schema.get("type") == "boolean":
            known = ["true", "false"]
        elif schema.get("type") == "integer":
            known = [str(schema.get("minimum", 1)), str(schema.get("maximum", 99))]
        name = parameter["name"]
        kind = {"status_entry": "statusentry"}.get(name, name)
        if not known and kind in self.identifiers.of:
            known = [*self.identifiers.public(kind)[:1], *self.identifiers.secret(kind)[:1]]
        elif not known and name not in {"q", "cursor", "since", "fields", "as_of"}:
            known = [values[0] for kind in self.identifiers.of if (values := self.identifiers.secret(kind))][:3]
        if name == "as_of":
            known = list(DAYS)
        return [*known, "wrong", "'; SELECT 1 --"]

    # Places in lists

    def cursors(self) -> None:
        """Lists page by page, and cursors that nobody gave out."""
        for name in self.collections():
            address, steps = f"{API}{name}/?page_size=3", 0
            while address and steps < 8 and self.concerns(address):
                answer = self.visit(address)
                if answer is None or answer.status != HTTPStatus.OK:
                    break
                listed = json.loads(answer.body)
                address = next(iter(local(listed.get("next") or "")), "")
                steps += 1
                if name == "changes" and steps == 1:
                    for line in listed["results"][:3]:
                        self.visit(f"{API}changes/?since={line['cursor']}&page_size=200")
            for values in ([], [0], [0, None, ""], [1, "2079-01-01", "zzz"], ["2079-01-01T00:00:00+00:00", 0],
                           ["1900-01-01T00:00:00+00:00", 0], [0, 99.0, "claim", "0000000000"]):  # fmt: skip
                forged = base64.urlsafe_b64encode(json.dumps(values).encode()).rstrip(b"=").decode()
                for parameter in ("cursor", "since"):
                    self.visit(f"{API}{name}/?{parameter}={forged}")

    # Searching

    def search_for(self, words: Iterable[Word], *, together: int = 16) -> list[str]:
        """Searches for canaries; where the answers are others than those to words that are nowhere."""
        differences = []
        for batch in batches(words, together):
            self.stranger.record.asked_for.update(batch)
            # Quoted: a word by itself also finds public words that are written much like it.
            sought = " or ".join(f'"{latin(word.key)}"' for word in batch)
            differences += self.differences(f"{API}search/", sought, " or ".join(['"Qzyhwyhw"'] * len(batch)))
        return differences

    def search_for_pieces(self, words: Iterable[Word]) -> None:
        """Searches for the beginning of each canary, in each script, on the page and in the API."""
        for number, word in enumerate(words):
            self.stranger.record.asked_for.add(word)
            piece = (latin, turkish, arabic)[number % 3](word.key)[:-2]
            where = (f"{API}search/", f"{PREFIXES[number % 3]}/search/")[number // 3 % 2]
            self.visit(f"{where}?q={urllib.parse.quote(piece)}")

    def differences(self, address: str, sought: str, never: str, parameter: str = "q") -> list[str]:
        """Where the answer for `sought` tells more than the answer for `never`, which is as long and is nowhere."""
        answers = [self.comparable(address, parameter, value) for value in (sought, never)]
        return [] if answers[0] == answers[1] else [f"{address}: {parameter}={sought} and {parameter}={never}"]

    def comparable(self, address: str, parameter: str, value: str) -> tuple[int, str]:
        """The answer for `value`, less what repeats it; asked for once."""
        asked = with_query(address, f"{parameter}={urllib.parse.quote(value)}")
        if not self.concerns(asked):
            return (0, "")
        if asked not in self.compared:
            answer = self.stranger.ask(asked)
            self.compared[asked] = (answer.status, without(answer.text, value))
        return self.compared[asked]

    def oracles(self) -> list[str]:
        """Parameters and addresses by whose answers somebody could tell a draft from what never was."""
        differences = []
        schema = json.loads(self.stranger.ask(f"{API}schema/", headers={"Accept": "application/json"}).body)
        for path, methods in schema["paths"].items():
            if "{" in path or "get" not in methods or not self.concerns(path):
                continue
            for parameter in methods["get"].get("parameters", []):
                name = parameter["name"]
                if name in self.identifiers.of and not parameter["schema"].get("items", parameter["schema"]).get(
                    "enum"
                ):
                    for identifier in self.identifiers.secret(name)[:3]:
                        differences += self.differences(path, identifier, unlike(identifier), name)
        for pattern in self.known:
            if len(pattern.parameters) == 1 and not pattern.route.startswith("admin/"):
                asked = product(self.identifiers.secret(pattern.kind)[:4], ("", f"?format={CITATIONS[0]}"))
                for identifier, question in asked:
                    pair = []
                    for value in (identifier, unlike(identifier)):
                        address = pattern.template % {pattern.parameters[0]: value} + question
                        if self.concerns(address):
                            answer = self.stranger.ask(address)
                            pair.append((answer.status, without(answer.text, value)))
                    if len(set(pair)) > 1:
                        differences.append(f"{pattern.template}{question}: {identifier}")
        return differences

    def glance(self, step: int = 1) -> None:
        """Each pattern, or each `step`th of them, with what is published, and with what is hidden."""
        for pattern in self.known[::step]:
            for fate in (Fate.PUBLIC, Fate.SECRET) if pattern.parameters else (Fate.PUBLIC,):
                for address in self.identifiers.addresses(pattern, fate, most=1)[:1]:
                    self.visit(address)

    # Errors

    def errors(self) -> None:
        """What is answered where something is wrong with the request itself."""
        ask = self.stranger.ask
        for prefix in PREFIXES:
            self.visit(f"{prefix}/nothing/here/")
            self.visit(f"{prefix}/events/?as_of=%00")
            self.visit(f"{prefix}/search/?q=%00")
        for address in ("/", f"{API}events/", "/admin/"):
            ask(address, SERVER_NAME="other.example.org")
            ask(address, headers={"Cookie": "sessionid=%00; csrftoken=x; language=xx"})
        for csrf in (True, False):
            ask("/admin/login/", "POST", body=b"username=qz&password=x", content_type=FORM, csrf=csrf)
            ask("/admin/language/", "POST", body=b"language=tr&next=/", content_type=FORM, csrf=csrf)
        ask("/admin/login/", "POST", body=b"a=" + b"x" * 1_100_000, content_type=FORM)
        ask(f"{API}claims/", "POST", body=b"<a/>", content_type="application/xml")
        ask(f"{API}claims/", "POST", body=b"x" * 1_100_000)
        ask(f"{API}claims/", headers={"Accept": "image/png"})
        ask(f"{API}claims/", headers={"If-Match": '"another"'})
        ask("/" + "a" * 9_000)


def with_query(address: str, question: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{question}"


def batches(words: Iterable[Word], size: int) -> Iterator[tuple[Word, ...]]:
    remaining = iter(words)
    while batch := tuple(itertools.islice(remaining, size)):
        yield batch


def unlike(identifier: str) -> str:
    """Another identifier of the same form, which nothing has."""
    if identifier.startswith("R-"):
        return f"R-2025-{'9' * len(identifier.rpartition('-')[2])}"
    return "qzyhwyhw" if len(identifier) == 8 else "zzzzzzzzzz"


def without(text: str, value: str) -> str:
    """`text` less what repeats `value`, and less what differs between any two answers."""
    for form in {value, html.escape(value), urllib.parse.quote(value), urllib.parse.quote_plus(value),
                 html.escape(urllib.parse.quote(value)), urllib.parse.quote(value, safe="")}:  # fmt: skip
        text = text.replace(form, "…")
    return re.sub(r"name=.csrfmiddlewaretoken. value=.[^\"']+.", "", text)
