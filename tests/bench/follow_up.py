"""Measures the tracker in a large database: `make bench`.

A small and a large database are made in the run, each with its records, and both answer the same requests in turn, so
that other load on the machine affects both alike. The first page of each list may cost at most `LIMIT` times as much in
the large database as in the small one; otherwise the exit code is 1. Requests go through every middleware; each
database has a process and a persistent connection of its own.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT = 1.5
SIZES, SHORT_SIZES = (1_000, 100_000), (200, 1_000)
ROUNDS, SHORT_ROUNDS = 41, 5
WARM_UP = 3
VISITOR, DESK = "visitor", "desk"


@dataclass(frozen=True)
class Page:
    """One first page: what it is called here, where it stands, and who asks for it."""

    name: str
    address: str
    reader: str = VISITOR


PAGES = (
    Page("public list", "/recommendations/"),
    Page("list of the API", "/api/v1/recommendations/"),
    Page("scorecard", "/series/series-1/scorecard/"),
    Page("queue", "/admin/queue/", DESK),
)


@dataclass
class Measured:
    """Milliseconds that one page took in the small and in the large base, request by request."""

    page: Page
    small: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return statistics.median(self.large) / statistics.median(self.small)

    @property
    def is_too_slow(self) -> bool:
        return self.ratio > LIMIT

    def __str__(self) -> str:
        small, large = statistics.median(self.small), statistics.median(self.large)
        verdict = f"more than {LIMIT}" if self.is_too_slow else "ok"
        return f"{self.page.name:28} {small:10.1f} {large:10.1f} {self.ratio:8.2f}  {verdict}"


# In a process of its own: one base


def answer_requests(recommendations: int) -> None:
    """Fills the database at DATABASE_URL, then answers each line of JSON with what that request took."""
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client

    from tests.bench.many import Many

    begun = time.perf_counter()
    Many(recommendations).write()
    clients = {VISITOR: Client(), DESK: Client()}
    clients[DESK].force_login(User.objects.create_superuser("bench"))
    say({"filled_in": time.perf_counter() - begun, **counts()})
    for line in sys.stdin:
        asked = json.loads(line)
        begun = time.perf_counter()
        response = clients[asked["reader"]].get(asked["address"])
        taken = time.perf_counter() - begun
        say({"status": response.status_code, "milliseconds": taken * 1000})


def counts() -> dict[str, int]:
    from recommendations.models import Recommendation, StatusEntry

    return {"recommendations": Recommendation.objects.count(), "entries": StatusEntry.objects.count()}


def say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


# In the process that measures


class Base:
    """A base of its own, reached through the process that answers for it."""

    def __init__(self, address: str, recommendations: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.follow_up", "--answer-for", str(recommendations)],
            cwd=ROOT,
            env={**os.environ, **ENVIRONMENT, "DATABASE_URL": address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.made = self.hear()

    def hear(self) -> dict[str, Any]:
        line = self.pipe(self.process.stdout).readline()
        if not line:
            raise RuntimeError(f"A base stopped answering, with {self.process.wait()}.")
        heard: dict[str, Any] = json.loads(line)
        return heard

    def milliseconds(self, page: Page) -> float:
        self.pipe(self.process.stdin).write(json.dumps({"address": page.address, "reader": page.reader}) + "\n")
        self.pipe(self.process.stdin).flush()
        heard = self.hear()
        if heard["status"] != 200:
            raise RuntimeError(f"{page.address} answers {heard['status']}.")
        return float(heard["milliseconds"])

    def close(self) -> None:
        self.pipe(self.process.stdin).close()
        self.pipe(self.process.stdout).close()
        self.process.wait()

    @staticmethod
    def pipe(stream: IO[str] | None) -> IO[str]:
        assert stream is not None
        return stream


ENVIRONMENT = {
    "MAJLIS_MODE": "development",
    "DEBUG": "false",
    "LOG_LEVEL": "ERROR",
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "ALLOWED_HOSTS": "testserver",
}


@contextlib.contextmanager
def bases(sizes: Sequence[int]) -> Iterator[list[Base]]:
    """A filled base for each of `sizes`, on the embedded server; gone after the block."""
    import psycopg
    from psycopg import sql

    from config import postgres
    from tests.support.database import migrated_template

    def drop(name: str) -> None:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    with (
        postgres.TEST.held(),
        psycopg.connect(postgres.TEST.url, autocommit=True) as server,
        contextlib.ExitStack() as left,
    ):
        os.environ |= ENVIRONMENT
        template = sql.Identifier(migrated_template())
        before_name = postgres.TEST.url.removesuffix(postgres.DATABASE)
        made = []
        for size in sizes:
            name = f"bench_majlis_{os.getpid()}_{size}"
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
            left.callback(drop, name)
            base = Base(before_name + name, size)
            left.callback(base.close)
            made.append(base)
        yield made


def measure(small: Base, large: Base, *, rounds: int) -> Iterator[Measured]:
    """Each of `PAGES`, asked of both bases in turn."""
    for page in PAGES:
        measured = Measured(page)
        for number in range(WARM_UP + rounds):
            ways = [(small, measured.small), (large, measured.large)]
            for base, times in ways if number % 2 else ways[::-1]:
                taken = base.milliseconds(page)
                if number >= WARM_UP:
                    times.append(taken)
        yield measured


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--short", action="store_true", help=f"bases of {SHORT_SIZES}, not of {SIZES}")
    asked.add_argument("--answer-for", type=int, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.answer_for:
        answer_requests(given.answer_for)
        return 0
    with bases(SHORT_SIZES if given.short else SIZES) as (small, large):
        for base in (small, large):
            print(f"{base.made['recommendations']:,} recommendations, {base.made['entries']:,} entries", flush=True)
        print(f"{'milliseconds, median':28} {'small':>10} {'large':>10} {'ratio':>8}", flush=True)
        found = []
        for measured in measure(small, large, rounds=SHORT_ROUNDS if given.short else ROUNDS):
            print(measured, flush=True)
            found.append(measured)
    slow = [measured.page.name for measured in found if measured.is_too_slow]
    print(f"More than {LIMIT} times as slow: {', '.join(slow)}" if slow else f"All within {LIMIT} times.")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
