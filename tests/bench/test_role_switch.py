"""The measurement of the role switch runs, and measures both ways."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bench.role_switch import measure
from tests.factories import EventFactory

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.django_db
def test_each_address_is_asked_for_both_ways() -> None:
    addresses = ["/about/", EventFactory(published=True).get_absolute_url()]
    with CaptureQueriesContext(connection) as queries:
        measured = list(measure(addresses, requests=4))
    assert [one.address for one in measured] == addresses
    assert all(len(one.without) == len(one.with_role) == 4 for one in measured)
    switches = [query for query in queries.captured_queries if "SET LOCAL ROLE" in query["sql"]]
    assert len(switches) == 2 * (4 + 5), "half of the requests, those to warm up included"


def test_script_prints_a_line_for_each_address() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.role_switch", "--requests", "3"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert re.match(r"/about/ +(\d+\.\d\d +){2}[+-]\d+\.\d\d", lines[2])
    assert [line.split()[0] for line in lines[2:5:2]] == ["/about/", "/api/v1/claims/"]
    assert lines[-1] == "3 requests each way to each address"
