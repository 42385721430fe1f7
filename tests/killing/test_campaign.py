"""A few kills of the campaign (`make kill-worker` does two hundred): whenever they happen, everything is done once."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent


def test_what_killed_workers_were_doing_is_done_and_done_once() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.killing.campaign", "--kills", "6"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^letters mailed 6, digests sent 6, ", done.stdout, re.MULTILINE)
    assert re.search(r"^copies kept 12, drafts written 6$", done.stdout, re.MULTILINE)
    assert re.search(r"^killed 6 times, while doing: \w+ \d+", done.stdout, re.MULTILINE)
