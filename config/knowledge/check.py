"""Validates a file against the format, and says for every error where it is and what was expected."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.knowledge.document import YamlDocument
from config.knowledge.format import KnowledgeFile
from config.knowledge.problem import ENOUGH, KnowledgeError, Path, Problem, closest
from config.knowledge.shape import entry_at, names
from config.knowledge.value import display_value


def check(document: YamlDocument) -> KnowledgeFile:
    """The content of `document` by the format. Raises KnowledgeError that lists every error."""
    try:
        return KnowledgeFile.model_validate(document.root)
    except ValidationError as error:
        raise KnowledgeError(problems(document, error.errors(include_url=False))) from error


def problems(document: YamlDocument, errors: Iterable[ErrorDetails]) -> list[Problem]:
    found: dict[Path, Problem] = {}
    for error in errors:
        if len(found) == ENOUGH:
            break
        if error["type"] == "none_required":
            continue  # reported for every optional key: that it is present
        path = path_in_file(document.root, error["loc"])
        # Each alternative of a union reports an error; the first is enough.
        found.setdefault(path, document.problem(path, message(path, error)))
    return sorted(found.values(), key=lambda problem: problem.line)


def path_in_file(root: Any, location: tuple[str | int, ...]) -> Path:
    """`location` without the names of alternatives that pydantic adds for unions: only steps of the file."""
    path: Path = ()
    value = root
    for step in location:
        if isinstance(value, dict) and (step in value or step in fields_at(path)):
            value = value.get(step)  # a missing key is not in the file, but the message is about it
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            continue
        path = (*path, step)
    return path


def message(path: Path, error: ErrorDetails) -> str:
    found = display_value(error["input"])
    match error["type"]:
        case "unexpected":
            return f"{error['msg']}." if not error["msg"].endswith(".") else error["msg"]
        case "missing":
            return "this key is missing; it is required."
        case "extra_forbidden":
            known = fields_at(path[:-1])
            return f"this key is not known here.{closest(str(path[-1]), known) or expected_keys(known)}"
        case "enum" | "literal_error":
            values = re.findall(r"'([^']*)'", error["ctx"]["expected"])
            written = error["input"] if isinstance(error["input"], str) else ""
            return f"expected {one_of(values)}, not {found}.{closest(written, values)}"
        case "list_type":
            return f"expected a list, not {found}."
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"expected a map of keys, not {found}."
        case _:
            return f"{error['msg']}; found {found}."


def one_of(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"one of {', '.join(values)}"


def expected_keys(known: Iterable[str]) -> str:
    return f" Known are {', '.join(known)}."


def fields_at(path: Path) -> list[str]:
    """The keys that are allowed in the map at `path`."""
    entry = entry_at(path)
    return names(entry) if entry is not None else []
