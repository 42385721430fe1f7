"""The schema agrees with the API, and its documentation loads nothing from elsewhere."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator

from config.api import router
from tests.support.published import API, COLLECTIONS, IDENTIFIERS, address_of, everything, get

READ = "application/json"
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    generated: dict[str, Any] = json.loads(json.dumps(router.schema()))
    return generated


def validator(schema: dict[str, Any], answer: dict[str, Any]) -> jsonschema.Draft202012Validator:
    """Checks bodies against the schema of an answer; members that it does not name are errors."""

    def closed(value: Any) -> Any:
        if isinstance(value, dict):
            value = {name: closed(one) for name, one in value.items()}
            if value.get("type") == "object" and "properties" in value:
                value.setdefault("additionalProperties", False)
        elif isinstance(value, list):
            value = [closed(one) for one in value]
        return value

    root = {**answer, "components": closed(schema["components"])}
    jsonschema.Draft202012Validator.check_schema(root)
    return jsonschema.Draft202012Validator(root, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def answer_of(schema: dict[str, Any], path: str, status: str = "200") -> dict[str, Any]:
    content = schema["paths"][path]["get"]["responses"][status]["content"]
    answer: dict[str, Any] = content[READ if status == "200" else PROBLEM]["schema"]
    return answer


def test_schema_is_openapi_3_1(schema: dict[str, Any]) -> None:
    assert schema["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(schema).validate()


def test_schema_is_made_without_a_warning(capsys: Any) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_schema_names_every_address(schema: dict[str, Any]) -> None:
    names = {"status-entries": "public_id", **IDENTIFIERS, "submissions": "public_id"}
    details = {f"{API}{collection}/{{{member}}}/" for collection, member in names.items()}
    lists = {f"{API}{collection}/" for collection in (*names, "changes", "search")}
    beside = {f"{API}series/{{slug}}/scorecard/", f"{API}recommendations/{{reference}}/lineage/"}
    assert set(schema["paths"]) == {API, *lists, *details, *beside}
    for path, methods in schema["paths"].items():
        assert set(methods) == {"get"}, path


def test_schema_names_every_parameter_and_its_values(schema: dict[str, Any]) -> None:
    parameters = {one["name"]: one for one in schema["paths"][f"{API}claims/"]["get"]["parameters"]}
    assert list(parameters) == [
        "actor", "as_of", "cursor", "fields", "format", "kind", "lang", "ordering", "page_size", "partnership",
        "perspective", "sensitive", "source", "status", "topic",
    ]  # fmt: skip
    assert "unverified" in parameters["status"]["schema"]["items"]["enum"]
    assert parameters["sensitive"]["schema"] == {"type": "boolean"}
    assert parameters["page_size"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
    assert parameters["ordering"]["schema"]["default"] == "-published_at"
    assert parameters["actor"]["description"] == "The slug of one of the actors."


@pytest.mark.django_db
def test_api_takes_exactly_the_parameters_that_the_schema_names(schema: dict[str, Any]) -> None:
    for collection in (*COLLECTIONS, "search"):
        named = {one["name"] for one in schema["paths"][f"{API}{collection}/"]["get"]["parameters"]}
        refusal = Client().get(
            f"{API}{collection}/", {"colour": "red", **({"q": "x"} if collection == "search" else {})}
        )
        detail = refusal.json()["errors"][0]["detail"]
        assert set(detail.rpartition("There are: ")[2].rstrip(".").split(", ")) == named


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "tr"])
def test_answers_are_what_the_schema_says(schema: dict[str, Any], language: str) -> None:
    for collection, thing in everything().items():
        path = f"{API}{collection}/"
        validator(schema, answer_of(schema, path)).validate(get(f"{collection}/", lang=language))
        detail = Client().get(address_of(collection, thing), {"lang": language}).json()
        validator(schema, answer_of(schema, f"{path}{{{IDENTIFIERS[collection]}}}/")).validate(detail)
        if collection == "recommendations":
            family = get(f"recommendations/{thing.reference}/lineage/", lang=language)
            validator(schema, answer_of(schema, f"{path}{{reference}}/lineage/")).validate(family)
        if collection == "series":
            scorecard = get(f"series/{thing.slug}/scorecard/", lang=language, as_of="2025-06-20")
            validator(schema, answer_of(schema, f"{path}{{slug}}/scorecard/")).validate(scorecard)
    validator(schema, answer_of(schema, f"{API}changes/")).validate(get("changes/", page_size=1))
    validator(schema, answer_of(schema, f"{API}search/")).validate(
        get("search/", q="claim", page_size=2, lang=language)
    )
    validator(schema, answer_of(schema, API)).validate(get(""))


def test_object_of_the_documentation_is_whole(schema: dict[str, Any]) -> None:
    documentation = (Path(__file__).resolve().parent.parent.parent / "docs" / "api.md").read_text()
    shown = json.loads(documentation.partition("### A whole object")[2].split("```json")[1].split("```")[0])
    detail = f"{API}claims/{{public_id}}/"
    validator(schema, answer_of(schema, detail)).validate(shown)
    assert shown.keys() == schema["components"]["schemas"]["Claim"]["properties"].keys() - {"text_languages"}


@pytest.mark.django_db
def test_problems_are_what_the_schema_says(schema: dict[str, Any]) -> None:
    claim = everything()["claims"]
    claim.state, claim.withdrawn_at, claim.withdrawal_note = "withdrawn", "2026-01-01T00:00:00Z", "It was misread."
    claim.save()
    detail = f"{API}claims/{{public_id}}/"
    for address, path, status in (
        (f"{API}claims/?page_size=0", f"{API}claims/", "400"),
        (f"{API}claims/?format=xml", f"{API}claims/", "406"),
        (f"{API}claims/nothing/", detail, "404"),
        (address_of("claims", claim), detail, "410"),
        (f"{API}submissions/", f"{API}submissions/", "401"),
    ):
        answer = Client().get(address)
        assert answer.status_code == int(status)
        validator(schema, answer_of(schema, path, status)).validate(answer.json())


@pytest.mark.django_db
def test_schema_comes_as_json_and_as_yaml(schema: dict[str, Any]) -> None:
    for accept, content_type in (
        ("*/*", "application/vnd.oai.openapi+json"),
        ("application/json", "application/json"),
    ):
        answer = Client().get(f"{API}schema/", headers={"Accept": accept})
        assert answer.headers["Content-Type"].startswith(content_type)
        assert json.loads(answer.content) == schema
    answer = Client().get(f"{API}schema/", {"format": "yaml"})
    assert answer.headers["Content-Type"].startswith("application/vnd.oai.openapi")
    assert yaml.safe_load(answer.content)["paths"].keys() == schema["paths"].keys()


@pytest.mark.django_db
def test_documentation_has_nothing_inline_and_nothing_from_elsewhere() -> None:
    answer = Client().get(f"{API}docs/", headers={"Accept": "text/html"})
    page = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "style=" not in page
    assert "<style" not in page
    assert "onload" not in page
    assert page.count("<script") == page.count('<script src="/static/') == 2
    assert "http://" not in page.replace("http://testserver", "")
    assert "https://" not in page
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_documentation_can_be_read_without_its_script() -> None:
    page = Client().get(f"{API}docs/").content.decode()
    assert f"GET {API}recommendations/{{reference}}/" in page
    assert "What is asked, of whom, what they answered, and what came of it." in page
