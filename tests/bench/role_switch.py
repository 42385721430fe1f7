"""Measures what the database role of the public costs a request: `make bench-role`.

Each address is requested with the role and without it in turn, so that other load on the machine affects both alike.
The database is a separate copy with the two documents in it, on the embedded server; requests go through every
middleware in this process, on one persistent connection.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent.parent
WARM_UP = 5


@dataclass(frozen=True)
class Measured:
    """Milliseconds that requests to `address` took."""

    address: str
    without: list[float]
    with_role: list[float]

    def __str__(self) -> str:
        columns = [part(times) for part in (median, p95) for times in (self.without, self.with_role)]
        median_more, p95_more = columns[1] - columns[0], columns[3] - columns[2]
        return (
            f"{self.address:42} {columns[0]:8.2f} {columns[1]:8.2f} {median_more:+8.2f}"
            f" {columns[2]:8.2f} {columns[3]:8.2f} {p95_more:+8.2f}"
        )


HEAD = (
    f"{'milliseconds':42} {'median':^26} {'95th percentile':^26}\n"
    f"{'':42} {'without':>8} {'with':>8} {'more':>8} {'without':>8} {'with':>8} {'more':>8}"
)


def median(times: list[float]) -> float:
    return statistics.median(times)


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def measure(addresses: list[str], *, requests: int) -> Iterator[Measured]:
    """`requests` requests of each kind to each of `addresses`."""
    from django.test import Client

    from publishing.reader import audience

    client = Client()

    def timed(address: str) -> float:
        begun = time.perf_counter()
        response = client.get(address)
        taken = time.perf_counter() - begun
        if response.status_code != 200:
            raise RuntimeError(f"{address} answers {response.status_code}.")
        return taken * 1000

    def without_role(address: str) -> float:
        with mock.patch.object(audience, "reading_as_the_public", contextlib.nullcontext):
            return timed(address)

    def alternating(address: str) -> Measured:
        ways: list[tuple[Callable[[str], float], list[float]]] = [(without_role, []), (timed, [])]
        for number in range(WARM_UP + requests):
            for way, times in ways if number % 2 else ways[::-1]:
                taken = way(address)
                if number >= WARM_UP:
                    times.append(taken)
        return Measured(address, *(times for _way, times in ways))

    return map(alternating, addresses)


def addresses() -> list[str]:
    """A page that asks the database for nothing, one that asks for much, and a list of the API."""
    from events.models import Event

    event = Event.objects.filter(state="published").order_by("pk").first()
    if event is None:
        raise RuntimeError("There is no published event.")
    return ["/about/", event.get_absolute_url(), "/api/v1/claims/"]


@contextlib.contextmanager
def filled_database() -> Iterator[str]:
    """The address of a database with the two documents; gone after the block."""
    import psycopg
    from psycopg import sql

    from config import postgres
    from tests.support.database import migrated_template

    name = f"bench_majlis_{os.getpid()}"
    with postgres.TEST.held(), psycopg.connect(postgres.TEST.url, autocommit=True) as server:
        template = sql.Identifier(migrated_template())
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
        try:
            address = postgres.TEST.url.removesuffix(postgres.DATABASE) + name
            for command in (
                ("ensure_local_administrator", "--verbosity=0"),
                ("import_knowledge", "--verbosity=0", *map(str, sorted((ROOT / "knowledge").glob("*.yaml")))),
            ):
                subprocess.run(
                    [sys.executable, "manage.py", *command],
                    cwd=ROOT,
                    env={**os.environ, "DATABASE_URL": address},
                    stdout=subprocess.DEVNULL,
                    check=True,
                )
            yield address
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--requests", type=int, default=500, help="of each kind to each address (500)")
    requests = asked.parse_args().requests
    os.environ |= {"MAJLIS_MODE": "development", "DEBUG": "false", "LOG_LEVEL": "ERROR"}
    with filled_database() as address:
        os.environ |= {
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ALLOWED_HOSTS": "testserver",
        }
        import django

        django.setup()
        print(HEAD, flush=True)
        for measured in measure(addresses(), requests=requests):
            print(measured, flush=True)
        print(f"{requests} requests each way to each address")


if __name__ == "__main__":
    main()
