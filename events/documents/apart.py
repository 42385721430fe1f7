"""Reads files in a separate process: with limits on memory and time, without the database's password or our secrets.

Decoders are what malicious files attack. If one crashes, hangs or runs out of memory, one file is refused and no worker
is lost.
"""

import base64
import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from events.documents import limits
from events.documents.cleaned import Cleaned, TextPart
from events.documents.formats import Format
from events.documents.refusal import FileRefused, TooLarge, refusal_for

ROOT = Path(__file__).resolve().parent.parent.parent
COMPILED = ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
"""Where this process finds its compiled modules; otherwise it would compile the readers again for each file."""

COMMAND = [sys.executable, *COMPILED, "-m", "events.documents.apart"]


class Examined(NamedTuple):
    """The kind of a file, what a cleaned copy would remove, and why no copy can be made, if so."""

    format: Format
    removed: Mapping[str, int]
    obstacle: FileRefused | None


def examine(data: bytes, *, name: str, claimed: str) -> Examined:
    """Examines an uploaded file. Raises a FileRefused if it must not be stored."""
    answer = _asked("examine", data, name=name, claimed=claimed)
    obstacle = answer["obstacle"]
    return Examined(
        Format(answer["format"]), answer["removed"], refusal_for(**obstacle) if obstacle is not None else None
    )


def clean(data: bytes) -> Cleaned:
    """The cleaned copy of a file, proven clean. Raises a FileRefused if there is none."""
    answer = _asked("clean", data)
    return Cleaned(
        format=Format(answer["format"]),
        content=base64.b64decode(answer["content"]),
        pages=answer["pages"],
        removed=answer["removed"],
        texts=tuple(TextPart(*part) for part in answer["texts"]),
    )


def _asked(what: str, data: bytes, **given: str) -> dict[str, Any]:
    seconds = limits.seconds_for(len(data))
    question = json.dumps({"what": what, "given": given, "seconds": seconds}).encode()
    try:
        process = subprocess.run(
            COMMAND,
            input=question + b"\n" + data,
            capture_output=True,
            timeout=limits.SECONDS,  # on a busy machine, a second of CPU time takes several seconds
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooLarge("takes_too_long", seconds=seconds) from error
    if process.returncode:
        raise TooLarge("takes_too_long", seconds=seconds)
    answer: dict[str, Any] = json.loads(process.stdout)
    if "reason" in answer:
        raise refusal_for(answer["reason"], answer["given"])
    return answer


def answer(what: str, data: bytes, given: dict[str, str]) -> dict[str, Any]:
    """The answer of the process: the result, or why the file is refused."""
    from events.documents import cleaning, recognition

    try:
        if what == "examine":
            return _examined(data, recognition.examined(data, **given))
        cleaned = cleaning.clean(data)
    except FileRefused as refusal:
        return _said(refusal)
    except RecursionError:
        return {"reason": "damaged", "given": {"format": "?", "part": "?"}}
    return {
        "format": cleaned.format.value,
        "content": base64.b64encode(cleaned.content).decode(),
        "pages": cleaned.pages,
        "removed": dict(cleaned.removed),
        "texts": [[part.kind, part.number, part.text] for part in cleaned.texts],
    }


def _examined(data: bytes, kind: Format) -> dict[str, Any]:
    from events.documents import cleaning

    found: dict[str, Any] = {"format": kind.value, "removed": {}, "obstacle": None}
    try:
        found["removed"] = dict(cleaning.clean(data).removed)
    except FileRefused as refusal:
        found["obstacle"] = _said(refusal)
    return found


def _said(refusal: FileRefused) -> dict[str, Any]:
    return {"reason": refusal.reason, "given": _sayable(refusal.given)}


def _sayable(given: dict[str, Any]) -> dict[str, Any]:
    return {key: value if isinstance(value, int) else str(value) for key, value in given.items()}


def main() -> None:
    """One question on standard input: a line of JSON, then the file. One answer on standard output."""
    from events.documents import pdf

    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY, limits.MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    pdf.set_limits()
    question, _newline, data = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(question)
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"]))
    sys.stdout.write(json.dumps(answer(asked["what"], data, asked["given"])))


if __name__ == "__main__":
    main()
