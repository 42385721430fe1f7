"""A short run of the campaign, as `make freshness` does ten thousand reads: no answer is older than it may be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent


def campaign(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "tests.freshness.campaign", "--reads", "240", "--writes", "24", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [(), ("--valkey",)])
def test_no_answer_is_older_than_the_last_commit_before_it_was_asked_for(arguments: tuple[str, ...]) -> None:
    done = campaign(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "240 answers of 4 processes" in done.stdout
    assert "during 24 writes" in done.stdout
    assert ": 0 stale, 0 failed" in done.stdout


@pytest.mark.parametrize("arguments", [(), ("--valkey",)])
def test_campaign_finds_stale_answers_where_there_are_some(arguments: tuple[str, ...]) -> None:
    done = campaign("--broken", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ": 0 stale" not in done.stdout
