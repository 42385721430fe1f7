"""The documentation names only what exists."""

import functools
import importlib
import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from publishing.reader.public_rows_table import BEGIN, END, document_with_table, table

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("config", "recommendations", "events", "partnerships", "publishing")
DOCUMENTS = sorted(
    file.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "docs/adr/*.md")
    for file in ROOT.glob(pattern)
)
ELSEWHERE = ("var/", ".venv/", "knowledge/a.yaml", "knowledge/b.yaml")
"""What is named and stands in no clone: it is made there, or an example."""

QUOTED = re.compile(r"^```\w*\n(.*?)^```|`([^`\n]+)`", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"(?<![\w./<>{}:-])(?:[\w.*-]+/)*[\w*-]+\.(?:py|sql|html|css|js|in|md)\b(?![\w/<>{}-])")
MODULE = re.compile(rf"(?<![\w./-])(?:{'|'.join((*ROOMS, 'tests'))})(?:\.\w+)+(?![\w/(-])")
NAME_IN_THE_DATABASE = re.compile(rf"\b(?:{'|'.join(ROOMS)})_\w+")


def quoted(text: str) -> Iterator[str]:
    """What stands in backticks or in a fence."""
    for block, words in QUOTED.findall(text):
        yield block or words


@functools.cache
def files() -> frozenset[str]:
    """All files of the project, and the folders that they stand in."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]
    folders = {f"{folder}/" for name in found for folder in Path(name).parents if folder != Path(".")}
    return frozenset({*found, *folders})


TOP = {name.partition("/")[0] for name in files() if "/" in name}
FROM_THE_ROOT = re.compile(rf"(?<![\w./<>{{}}:-])(?:{'|'.join(map(re.escape, sorted(TOP)))})/[\w./*-]*(?![\w<>{{}}])")


@functools.cache
def names_in_the_database() -> frozenset[str]:
    """Tables, and whatever else code and SQL of ours name so."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    code = [
        (ROOT / name).read_text()
        for name in files()
        if name.startswith(tuple(f"{room}/" for room in ROOMS)) and name.endswith((".py", ".sql"))
    ]
    return frozenset({*tables, *(name for text in code for name in NAME_IN_THE_DATABASE.findall(text))})


def is_there(path: str) -> bool:
    """A path from the root; or, as is written where the folder was just named, the end of one."""
    if path.startswith(ELSEWHERE):
        return True
    before = "" if path.partition("/")[0] in TOP else "(?:.*/)?"
    pattern = re.compile(before + re.escape(path).replace(r"\*", "[^/]*") + "/?")
    return any(pattern.fullmatch(name) for name in files())


def is_a_module(dotted: str) -> bool:
    """A module, what one holds, or a model by its label."""
    label = dotted.split(".")
    if len(label) == 2 and label[0] in apps.app_configs and label[1].lower() in apps.all_models[label[0]]:
        return True
    for end in range(len(label), 0, -1):
        try:
            found = importlib.import_module(".".join(label[:end]))
        except ModuleNotFoundError:
            continue
        for name in label[end:]:
            if not hasattr(found, name):
                return False
            found = getattr(found, name)
        return True
    return False


def gone(text: str) -> list[str]:
    """What `text` names in backticks and is not there: paths, modules, and names of ours in the database."""
    missing = []
    for words in quoted(text):
        paths = {*FILE.findall(words), *FROM_THE_ROOT.findall(words)}
        missing += [path for path in sorted(paths) if not is_there(path)]
        missing += [name for name in MODULE.findall(words) if name not in paths and not is_a_module(name)]
        missing += [name for name in NAME_IN_THE_DATABASE.findall(words) if name not in names_in_the_database()]
    return missing


@pytest.mark.parametrize("document", DOCUMENTS)
def test_document_names_nothing_that_is_gone(document: str) -> None:
    assert gone((ROOT / document).read_text()) == []


@pytest.mark.parametrize(
    "link",
    sorted(
        {
            (document, link)
            for document in DOCUMENTS
            for link in re.findall(r"\]\(([^)#:\s]+)[^):]*\)", (ROOT / document).read_text())
        }
    ),
)
def test_link_leads_somewhere(link: tuple[str, str]) -> None:
    document, path = link
    there = (ROOT / document).parent / path
    assert there.exists() or list(there.parent.glob(f"{there.name}-*")), path


@pytest.mark.parametrize(
    "words",
    [
        "`partnerships/row_policies.py`",
        "`somewhere_else.py`",
        "`partnerships/gone/`",
        "`tests/*/test_gone.py`",
        "`.ci/walk`",
        "`partnerships.publication.Publication`",
        "`publishing.publication.Gone`",
        "`partnerships_change`",
        "```\npublishing/\n  gone.py   what is gone\n```",
    ],
)
def test_what_is_gone_is_found(words: str) -> None:
    assert gone(words) != []


def test_what_is_there_is_not() -> None:
    text = "`publishing/publication.py` `reader/rights.py` `rights.py` `tests/*/test_models.py` `publishing/` `.ci/run`"
    text += (
        " `publishing.publication.Publication` `events.Support` `publishing_change` `var/postgres/` `/events/` `a/b`"
    )
    assert gone(text) == []


IN_EVERY_ROOM = frozenset(
    [
        "__init__",
        "admin",
        "api",
        "apps",
        "feeds",
        "filters",
        "forms",
        "jobs",
        "migrations",
        "models",
        "templatetags",
        "translation",
        "urls",
        "views",
    ]
)
"""What the document says once for all rooms."""


def map_of_the_house(text: str) -> dict[str, set[str]]:
    """What the first fence of the document names directly under each package, without `.py`."""
    found: dict[str, set[str]] = {}
    block = next(block for block, _words in QUOTED.findall(text) if block)
    for line in block.splitlines():
        if room := re.match(r"(\w+)/\s", line):
            names = found.setdefault(room[1], set())
        elif re.match(r"  \S", line):
            # The names that a line begins with, and those after a semicolon.
            for part in re.split(r";\s+", line.strip()):
                names.update(re.findall(r"(?:\A|(?<=\s\s))(\w+)(?:\.py|/)(?=\s|\Z)", part))
    return found


def standing_under(package: str) -> set[str]:
    there = {path.partition("/")[2] for path in files() if path.startswith(f"{package}/")}
    modules = {path.removesuffix(".py") for path in there if path.count("/") == 0 and path.endswith(".py")}
    return modules | {path.partition("/")[0] for path in there if path.endswith("__init__.py") and "/" in path}


@pytest.mark.parametrize("package", ROOMS)
def test_architecture_names_what_stands_under(package: str) -> None:
    named = map_of_the_house((ROOT / "docs" / "architecture.md").read_text())[package]
    assert standing_under(package) - IN_EVERY_ROOM - named == set()
    assert named - standing_under(package) == set()


def test_table_of_what_the_public_may_read_is_of_today() -> None:
    text = (ROOT / "docs" / "security.md").read_text()
    assert text == document_with_table(text), "run manage.py document_public_rows"


def test_command_writes_the_table_where_its_place_is(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    file = tmp_path / "docs" / "security.md"
    file.parent.mkdir()
    file.write_text(f"# Before\n\n{BEGIN}\nold\n{END}\n\nAfter.\n")
    call_command("document_public_rows", stdout=io.StringIO())
    assert file.read_text() == f"# Before\n\n{BEGIN}\n\n{table()}\n{END}\n\nAfter.\n"
    file.write_text("# Before\n\nAfter.\n")
    with pytest.raises(CommandError, match="once each"):
        call_command("document_public_rows")
    assert file.read_text() == "# Before\n\nAfter.\n"
    settings.MAJLIS_PUBLIC_ONLY = True
    with pytest.raises(CommandError, match="MAJLIS_PUBLIC_ONLY"):
        call_command("document_public_rows")
