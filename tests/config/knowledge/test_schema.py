"""The JSON Schema with which editors complete a file: committed, up to date, and consistent with the reader."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from config.knowledge.document import PlainWord, Value, parse
from config.knowledge.format import SaidSupport
from config.knowledge.schema import schema_text
from events.models.support import PointSupport
from tests.config.knowledge.conftest import EVERYTHING, command

KNOWLEDGE = Path(__file__).parents[3] / "knowledge"
SCHEMA = KNOWLEDGE / "schema.json"
FILES = sorted(KNOWLEDGE.glob("*.yaml"))


def as_editors_read(value: Value) -> Any:
    """Values by the core schema of YAML 1.2, which is what editors go by."""
    if isinstance(value, dict):
        return {key: as_editors_read(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_editors_read(inner) for inner in value]
    if isinstance(value, PlainWord):
        if value in ("true", "false"):
            return value == "true"
        if re.fullmatch(r"[-+]?[0-9]+", value):
            return int(value)
        if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)", value):
            return float(value)
    return value


def departures(text: str) -> list[str]:
    """What an editor would underline."""
    validator = jsonschema.Draft202012Validator(schema())
    root = as_editors_read(parse(text.encode(), file="a.yaml").root)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(root)]


def schema() -> Any:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def test_schema_is_up_to_date() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), (
        "Write it anew: manage.py export_knowledge --schema knowledge/schema.json"
    )


def test_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_command_prints_theschema() -> None:
    assert command("export_knowledge", schema=True).out == schema_text()


def test_schema_takes_every_key_of_the_format() -> None:
    assert departures(EVERYTHING) == []


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_knowledge_files_are_as_the_schema_says(file: Path) -> None:
    assert departures(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_knowledge_files_name_the_schema_to_editors(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=schema.json\n")


@pytest.mark.parametrize(
    ("text", "departure"),
    [
        ("format: 2", "$.format: 1 was expected"),
        ("{format: 1, actors: [{slug: a, kind: planet, name: A}]}", "$.actors[0].kind: 'planet' is not one of"),
        ("{format: 1, actors: [{slug: a b, kind: state, name: A}]}", "$.actors[0].slug: 'a b' does not match"),
        ("{format: 1, actor: []}", "$: Additional properties are not allowed ('actor' was unexpected)"),
        ("{format: 1, actors: [{kind: state, name: A}]}", "$.actors[0]: 'slug' is a required property"),
        ("{format: 1, actors: [{slug: a, kind: state, name: {de: A}}]}", "$.actors[0].name: {'de': 'A'} is not valid"),
    ],
)
def test_schema_underlines_what_the_reader_refuses(text: str, departure: str) -> None:
    (found,) = departures(text)

    assert found.startswith(departure)


def test_file_says_every_grade_of_support_and_that_one_is_withheld() -> None:
    assert [said.value for said in SaidSupport] == [*PointSupport.values, "withheld"]
