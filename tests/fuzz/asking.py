"""Requests for the known addresses and forms, with unusual values, and the answer to each."""

import itertools
import sys
import traceback
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.handlers.base import BaseHandler
from django.core.signals import got_request_exception
from django.db import transaction
from django.forms import Form
from django.test import RequestFactory

from config.api import router
from publishing.publication import Publication
from tests.canary.addresses import Pattern, patterns
from tests.fuzz.values import BODIES, HEADERS, METHODS, value
from tests.support.desk import Fields

URLENCODED = "application/x-www-form-urlencoded"
LANGUAGES = ("en", "tr", "ar")
DESK = "admin/"

ASKED_OF_PAGES = (
    "as_of", "since", "cite", "format", "q", "kind", "after", "before", "page", "page_size", "cursor", "fields", "lang", "ordering", "year",
    "status", "state", "language", "next", "x",
)  # fmt: skip
ASKED_OF_LISTS = (
    "q", "o", "p", "all", "e", "_popup", "_to_field", "_changelist_filters", "_facets", "onward", "next", "list", "kind", "at", "after",
    "term", "app_label", "model_name", "field_name", "id", "pk", "ids", "date__year", "date__month", "date__day", "position", "text",
)  # fmt: skip
LOOKUPS = (
    "",
    "__exact",
    "__id__exact",
    "__in",
    "__isnull",
    "__gte",
    "__lt",
    "__year",
    "__month",
    "__day",
    "__range",
    "__regex",
    "__date",
)


@dataclass(frozen=True)
class Request:
    """What one person asks for. `address` is as it stands in the first line of the request."""

    person: str
    method: str
    address: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    content_type: str = URLENCODED

    def __str__(self) -> str:
        headers = "".join(f" {name}={text!r}" for name, text in self.headers)
        body = f" with {self.content_type} {self.body!r}" if self.body else ""
        return f"{self.person}: {self.method} {self.address}{headers}{body}"


def quoted(text: str, safe: str = "") -> str:
    return urllib.parse.quote(text, safe=safe, errors="surrogatepass")


@dataclass
class Site:
    """Who asks whom: sessions by the name of their person, and the identifiers of what there is."""

    sessions: dict[str, str]
    known: list[Pattern] = field(default_factory=patterns)
    identifiers: dict[str, list[str]] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    reached: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.handler = BaseHandler()
        self.handler.load_middleware()
        for model in apps.get_models():
            if not model._meta.managed:
                continue
            label = model._meta.model_name or ""
            keys = model._default_manager.values_list("pk", flat=True)[:2]
            self.keys[label] = [str(key) for key in keys]
            names = [
                name for name in ("slug", "reference", "public_id") if any(f.name == name for f in model._meta.fields)
            ]
            if names:
                own = getattr(model, "identifier_field", names[0]) if issubclass(model, Publication) else names[0]
                self.identifiers[label] = list(model._default_manager.values_list(own, flat=True)[:2])
        self.of_the_api = {
            path: [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
            for path, methods in router.schema()["paths"].items()
            for operation in methods.values()
        }
        self.of_pages = sorted(
            {
                name
                for form in _subclasses(Form)
                if form.__module__.partition(".")[0] != "django"
                for name in form.base_fields
            }
        )
        self.of_lists = {
            f"{DESK}{model._meta.app_label}/{model._meta.model_name}/": [
                *map(_asked_by, page.list_filter),
                *(column.name for column in model._meta.concrete_fields),
            ]
            for model, page in admin.site._registry.items()
        }  # fmt: skip

    # Who asks, and what for

    def ask(self, request: Request) -> tuple[int, bytes]:
        """Sends it, takes back what it did, and keeps what failed; the status and the body."""
        failed: list[str] = []

        def remember(**_said: Any) -> None:
            failed.append("".join(traceback.format_exception(*sys.exc_info())[-3:]))

        got_request_exception.connect(remember, weak=False)
        status, content = 0, b""
        try:
            with transaction.atomic():
                try:
                    status, content = self._answer(request)
                finally:
                    transaction.set_rollback(True)
        except Exception:
            failed.append(traceback.format_exc(limit=-4))
        finally:
            got_request_exception.disconnect(remember)
        self.statuses[status] += 1
        self.seen.add(request.address)
        if failed or not (100 <= status < 500 or (status == 503 and request.address.startswith("/readyz"))):
            self.failures.append(f"{status} {request}\n{''.join(failed[:1])}")
        return status, content

    def _answer(self, request: Request) -> tuple[int, bytes]:
        factory = RequestFactory()
        if request.person in self.sessions:
            factory.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[request.person]
        path, _mark, query = request.address.partition("?")
        environment: dict[str, Any] = {
            "PATH_INFO": urllib.parse.unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            **dict(request.headers),
        }
        made: Any = factory.generic(
            request.method, "/", data=request.body, content_type=request.content_type, **environment
        )
        made._dont_enforce_csrf_checks = True
        response: Any = self.handler.get_response(made)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        for close in response._resource_closers:
            close()
        response._resource_closers.clear()
        match = getattr(made, "resolver_match", None)
        if match is not None:
            self.reached.add(match.route)
        return response.status_code, content

    # What there is

    def own(self, pattern: Pattern, parameter: str) -> list[str]:
        """What stands in `parameter` of the address of something that there is."""
        if parameter in {"object_id", "id", "pk", "key"}:
            parts = pattern.route.split("/")
            label = parts[2] if len(parts) > 2 else ""
            return self.keys.get(label) or self.keys["recommendation"]
        if parameter == "content_type_id":
            return self.keys["contenttype"]
        if parameter == "what":
            return ["addressee", "claim", "recommendation"]
        if parameter == "app_label":
            return ["events", "partnerships", "publishing", "recommendations", "auth"]
        return self.identifiers.get(pattern.kind) or list(itertools.chain.from_iterable(self.identifiers.values()))

    def address(self, pattern: Pattern, random: Random, *, strange: float) -> str:
        """An address of `pattern`; each of its parameters is, by the chance of `strange`, something else."""
        filled = {}
        for parameter in pattern.parameters:
            if random.random() < strange:
                keys = random.choice(list(self.keys.values()))
                filled[parameter] = quoted(
                    random.choice((value(random), value(random), *keys[:1])), safe=random.choice(("", "/%"))
                )
            else:
                filled[parameter] = quoted(random.choice(self.own(pattern, parameter)))
        return pattern.template % filled

    def parameters(self, pattern: Pattern) -> list[str]:
        """What addresses of `pattern` take in their query."""
        if pattern.route.startswith("api/"):
            return [*self.of_the_api.get(pattern.template.replace("%(", "{").replace(")s", "}"), ()), *ASKED_OF_PAGES]
        if pattern.route.startswith(DESK):
            columns = next((names for start, names in self.of_lists.items() if pattern.route.startswith(start)), [])
            return [*columns, *ASKED_OF_LISTS]
        return [*self.of_pages, *ASKED_OF_PAGES]

    def query(self, pattern: Pattern, random: Random) -> str:
        names, parts = self.parameters(pattern), []
        for _parameter in range(random.randrange(1, 4)):
            name = random.choice(names) if random.random() < 0.95 else value(random)
            if pattern.route.startswith(DESK) and random.random() < 0.6:
                name += random.choice(LOOKUPS)
            there = list(itertools.chain.from_iterable([*self.identifiers.values(), *self.keys.values()]))
            text = value(random) if random.random() < 0.8 else random.choice(there)
            raw = random.random() < 0.05
            parts.append(f"{quoted(name)}={text if raw and text.isascii() and text.isprintable() else quoted(text)}")
        return "&".join(parts)

    def people(self, pattern: Pattern) -> list[str]:
        return list(self.sessions) if pattern.route.startswith(DESK) else ["visitor", "visitor", "visitor", "editor"]

    # Requests

    def plain(self, people: list[str]) -> Iterator[Request]:
        """Every address of the desk for each of `people`: of its own kind, of another kind, and of nothing."""
        others = ("0", "999999999", "1_00", "١", "..", "x", "9" * 40)
        for number, pattern in enumerate(self.known):
            if not pattern.route.startswith(DESK):
                continue
            for person in people:
                yield Request(person, "GET", self.address(pattern, Random(number), strange=0))
            if pattern.parameters:
                strange = dict.fromkeys(pattern.parameters, quoted(others[number % len(others)]))
                yield Request(people[number % len(people)], "GET", pattern.template % strange)

    def strange(self, random: Random) -> Iterator[Request]:
        """Requests without end; the same for the same `random`."""
        kinds = (
            self._strange_path,
            self._strange_query,
            self._strange_query,
            self._strange_query,
            self._strange_headers,
            self._strange_form,
        )
        while True:
            request = random.choice(kinds)(random)
            if request is not None:
                yield request

    def _language(self, pattern: Pattern, random: Random) -> tuple[tuple[str, str], ...]:
        return (
            ()
            if not pattern.route.startswith((DESK, "api/"))
            else (("HTTP_ACCEPT_LANGUAGE", random.choice(LANGUAGES)),)
        )

    def _strange_path(self, random: Random) -> Request:
        pattern = random.choice([one for one in self.known if one.parameters])
        address = self.address(pattern, random, strange=0.7)
        return Request(random.choice(self.people(pattern)), "GET", address, self._language(pattern, random))

    def _strange_query(self, random: Random) -> Request:
        pattern = random.choice(self.known)
        address = f"{self.address(pattern, random, strange=0.03)}?{self.query(pattern, random)}"
        return Request(random.choice(self.people(pattern)), "GET", address, self._language(pattern, random))

    def _strange_headers(self, random: Random) -> Request:
        pattern = random.choice(self.known)
        names = random.sample(list(HEADERS), random.randrange(1, 4))
        headers = tuple((name, random.choice(HEADERS[name])) for name in names)
        method = random.choice(METHODS)
        return Request(
            random.choice(self.people(pattern)), method, self.address(pattern, random, strange=0), headers,
            body=random.choice(BODIES) if method not in {"GET", "HEAD"} else b"",
            content_type=random.choice((URLENCODED, "multipart/form-data; boundary=x", "application/json")),
        )  # fmt: skip

    def _strange_form(self, random: Random) -> Request | None:
        """A form of the desk as it stands, but for a few of its fields."""
        pattern = random.choice([one for one in self.known if one.route.startswith(DESK)])
        person = random.choice(self.people(pattern))
        address = self.address(pattern, random, strange=0)
        fields = Fields()
        _status, page = self.ask(Request(person, "GET", address))
        fields.feed(page.decode(errors="replace"))
        values: dict[str, Any] = dict(fields.values)
        if not values:
            values = {"action": "delete_selected", "_selected_action": "1", "post": "yes"}
        for name in random.sample(sorted(values), min(len(values), random.randrange(1, 4))):
            if name.endswith(("-TOTAL_FORMS", "-INITIAL_FORMS")) and random.random() < 0.7:
                continue
            values[name] = value(random)
        values[
            random.choice(
                ("_save", "_continue", "_addanother", "_submit", "_saveasnew", "action", "confirm", "together")
            )
        ] = "1"
        body = urllib.parse.urlencode(values, doseq=True, errors="surrogatepass").encode()
        return Request(person, "POST", address, self._language(pattern, random), body=body)


def _asked_by(list_filter: Any) -> str:
    """The parameter by which a filter of a list is asked."""
    if isinstance(list_filter, tuple):
        return str(list_filter[0])
    return list_filter if isinstance(list_filter, str) else str(list_filter.parameter_name)


def _subclasses(of: Any) -> Iterator[Any]:
    for one in of.__subclasses__():
        yield one
        yield from _subclasses(one)
