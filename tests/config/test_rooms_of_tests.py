"""Tests of a lower room need no upper one, as the room itself: what joins rooms is tested here, in tests/config."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests import factories

TESTS = Path(__file__).resolve().parent.parent
FLOORS = {"publishing": 0, "partnerships": 1, "events": 2, "recommendations": 3, "config": 4}

UPWARD = {
    "events/names/test_check.py",
    "events/names/test_check_at_the_desk.py",
    "events/test_disclosed.py",
    "events/test_off_record.py",
    "events/test_pages.py",
    "events/test_support.py",
    "partnerships/test_jobs.py",
    "partnerships/test_pages.py",
    "partnerships/test_triggers.py",
}
"""Tests that still reach above their room; the list only becomes shorter."""


def floor_of(path: Path) -> int:
    """The highest floor that tests of this folder may know.

    The ground floor has no publication of its own; its tests take those of the room above it for an example.
    """
    return max(FLOORS[path.relative_to(TESTS).parts[0]], FLOORS["partnerships"])


def rooms(path: Path) -> Iterator[str]:
    """The rooms whose modules, tests or factories a module of tests names."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "factories":
            names = [f"tests.factories.{node.attr}"]
        for name in names:
            parts = name.split(".")
            if parts[:2] == ["tests", "factories"] and hasattr(factories, parts[-1]):
                parts = getattr(getattr(factories, parts[-1]), "__module__", "").split(".")
            yield from (part for part in parts if part in FLOORS)


def reaches_above(path: Path) -> bool:
    return any(FLOORS[room] > floor_of(path) for room in rooms(path))


def test_tests_of_a_room_name_no_room_above_it() -> None:
    paths = [path for room in FLOORS for path in sorted((TESTS / room).rglob("*.py"))]
    assert len(paths) > 150
    assert {str(path.relative_to(TESTS)) for path in paths if reaches_above(path)} == UPWARD


def test_what_a_test_names_is_found(tmp_path: Path) -> None:
    module = tmp_path / "test_something.py"
    module.write_text(
        "from events.models import Event\nfrom tests.factories import ClaimFactory, AS_OF\nimport config.urls\n"
        "from tests import factories\nfactories.RecommendationFactory()\n"
    )
    assert sorted(rooms(module)) == ["config", "events", "partnerships", "recommendations"]
