"""Problems in knowledge files, described so that they can be found and corrected."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

ENOUGH = 200
"""At most this many problems are collected and answered with suggestions."""

MAX_STEP_LENGTH = 60
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Path = tuple[str | int, ...]
"""A place in a file: keys and positions from the top, for example ("claims", 3, "kind")."""


@dataclass(frozen=True)
class Problem:
    """One error: its file, line (0 for the file as a whole) and key."""

    file: str
    line: int
    message: str
    path: Path = ()

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        text = ": ".join(part for part in (place, dotted(self.path), self.message) if part)
        return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)  # one line, without control characters for a terminal


class KnowledgeError(Exception):
    """Knowledge files could not be imported or written, and nothing was. `problems` says why, in the order of the
    files.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


def dotted(path: Path) -> str:
    """A path as people write it: claims[3].citations[0].source."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            name = f"{step[:MAX_STEP_LENGTH]}…" if len(step) > MAX_STEP_LENGTH else step
            text += f".{name}" if text else name
    return text


def closest(word: str, known: Iterable[str]) -> str:
    """A question that suggests the nearest of `known`, to follow a message; empty if none is near."""
    if len(word) > 2 * MAX_STEP_LENGTH:
        return ""
    found = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f" Did you mean “{found[0]}”?" if found else ""
