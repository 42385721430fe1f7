"""The measurement of the tracker runs, and applies its limit; `make bench` measures the speed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.follow_up import LIMIT, PAGES, Measured

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(("large", "is_too_slow"), [(100 * LIMIT, False), (100 * LIMIT + 1, True), (50, False)])
def test_page_is_judged_by_its_medians(large: float, is_too_slow: bool) -> None:
    measured = Measured(PAGES[0], small=[100, 90, 5000], large=[large, large + 10, 0])
    assert measured.is_too_slow is is_too_slow
    assert ("ok" in str(measured)) is not is_too_slow


def test_short_run_prints_a_line_for_each_page_and_its_verdict() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.follow_up", "--short"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        "200 recommendations, 2,100 entries",
        "1,000 recommendations, 10,500 entries",
    ], done.stderr
    assert [line[:28].strip() for line in lines[3:-1]] == [page.name for page in PAGES]
    slow = [page.name for page, line in zip(PAGES, lines[3:-1], strict=True) if line.endswith(f"more than {LIMIT}")]
    verdict = f"More than {LIMIT} times as slow: {', '.join(slow)}" if slow else f"All within {LIMIT} times."
    assert (done.returncode, lines[-1]) == (bool(slow), verdict), done.stdout
