"""Measures the ledger in a large database, beside a small one: `make bench-ledger`.

Two databases get partnerships of the same size, ten in one and a thousand in the other (200,000 claims, 600,000
citations). Their pages are requested in turn, and the medians compared. The page of a partnership, as the public reads
it, may cost in the large one at most 1.2 times what it costs in the small one; first pages of lists, and of the desk's
queue, at most 1.5 times.
"""

import argparse
import contextlib
import copy
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.bench.role_switch import WARM_UP, median, p95

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

FEW, MANY = 10, 1000
A_PAGE, A_LIST = 1.2, 1.5
"""How many times a page, and the first page of a list, may cost in the large base what it costs in the small one."""


@dataclass(frozen=True)
class Asked:
    """Addresses that are asked for in turn; `address` may name a partnership by its `number`."""

    kind: str
    address: str
    at_most: float = A_LIST
    at_the_desk: bool = False

    @property
    def addresses(self) -> list[str]:
        """The same in both bases."""
        return list(dict.fromkeys(self.address.format(number=number) for number in range(1, FEW + 1)))


ASKED = (
    Asked("the page of a partnership", "/partnerships/partnership-{number}/", A_PAGE),
    Asked("the same, as of a day", "/partnerships/partnership-{number}/?as_of=2022-06-30", A_PAGE),
    Asked("claims of a status", "/claims/?status=disputed"),
    Asked("the same of the API", "/api/v1/claims/?status=disputed"),
    Asked("claims in the queue", "/admin/queue/", at_the_desk=True),
    Asked("unverified ones in the queue", "/admin/queue/?kind=unverified", at_the_desk=True),
)


@dataclass(frozen=True)
class Compared:
    """Milliseconds that requests for the pages of partnerships took, with few of them and with many."""

    asked: Asked
    few: list[float]
    many: list[float]

    @property
    def is_too_slow(self) -> bool:
        return self.times > self.asked.at_most

    @property
    def times(self) -> float:
        return median(self.many) / median(self.few)

    def __str__(self) -> str:
        return (
            f"{self.asked.kind:42} {median(self.few):8.2f} {median(self.many):8.2f} {self.times:8.2f}"
            f" {p95(self.few):8.2f} {p95(self.many):8.2f}  {'too slow' if self.is_too_slow else 'ok'}"
        )


HEAD = f"{'milliseconds':42} {'few':>8} {'many':>8} {'times':>8} {'p95 few':>8} {'p95 many':>8}"


@contextlib.contextmanager
def database(server: Any, name: str, *, like: str = "template1") -> Iterator["BaseDatabaseWrapper"]:
    """A connection to a new database that starts as a copy of `like`; gone after the block."""
    from django.db import connections
    from psycopg import sql

    identifiers = {"name": sql.Identifier(name), "like": sql.Identifier(like)}
    server.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {like}").format(**identifiers))
    usual = connections["default"]
    made = type(usual)(copy.deepcopy(usual.settings_dict) | {"NAME": name, "CONN_MAX_AGE": None}, "default")
    try:
        yield made
    finally:
        made.close()
        server.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**identifiers))


def write(base: "BaseDatabaseWrapper", *, partnerships: int) -> None:
    """Fills `base`, and lets PostgreSQL look at what is in it, as it would by itself in time."""
    from tests.bench.many_claims import ManyClaims

    with used(base):
        ManyClaims(partnerships).write()
    with base.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@contextlib.contextmanager
def used(connection: "BaseDatabaseWrapper") -> Iterator[None]:
    """Inside the block everything reads and writes over `connection`."""
    from django.db import connections

    usual = connections["default"]
    connections["default"] = connection
    try:
        yield
    finally:
        connections["default"] = usual


def client(base: "BaseDatabaseWrapper", asked: Asked) -> Any:
    """Whoever asks: a visitor, or somebody at the desk of `base`."""
    from django.contrib.auth.models import User
    from django.test import Client

    made = Client()
    if asked.at_the_desk:
        with used(base):
            made.force_login(User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)[0])
    return made


def compare(asked: Asked, few: "BaseDatabaseWrapper", many: "BaseDatabaseWrapper", *, requests: int) -> Compared:
    """`requests` requests to each base, in turn."""
    compared = Compared(asked, [], [])
    ways = [(few, client(few, asked), compared.few), (many, client(many, asked), compared.many)]
    addresses = asked.addresses
    for number in range(WARM_UP + requests):
        address = addresses[number % len(addresses)]
        for base, reader, times in ways if number % 2 else ways[::-1]:
            with used(base):
                begun = time.perf_counter()
                response = reader.get(address)
                taken = time.perf_counter() - begun
            if response.status_code != 200:
                raise RuntimeError(f"{address} answers {response.status_code}.")
            if number >= WARM_UP:
                times.append(taken * 1000)
    return compared


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--requests", type=int, default=60, help="to each base (60)")
    asked.add_argument("--partnerships", type=int, default=MANY, help=f"in the large base ({MANY})")
    given = asked.parse_args()
    os.environ |= {"MAJLIS_MODE": "development", "DEBUG": "false", "LOG_LEVEL": "ERROR"}
    import psycopg

    from config import postgres

    with postgres.TEST.held(), psycopg.connect(postgres.TEST.url, autocommit=True) as server:
        os.environ |= {
            "DATABASE_URL": postgres.TEST.url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ALLOWED_HOSTS": "testserver",
        }
        import django

        django.setup()
        from django.core.management import call_command

        name = f"bench_ledger_{os.getpid()}"
        with database(server, name) as empty:
            with used(empty):
                call_command("migrate", verbosity=0)
            empty.close()
            with database(server, f"{name}_few", like=name) as few, database(server, f"{name}_many", like=name) as many:
                return measure(few, many, requests=given.requests, partnerships=given.partnerships)


def measure(few: "BaseDatabaseWrapper", many: "BaseDatabaseWrapper", *, requests: int, partnerships: int) -> int:
    """Writes both bases and compares their pages; 1 if the large one costs too much, as a process says it."""
    write(few, partnerships=FEW)
    write(many, partnerships=partnerships)
    print(HEAD, flush=True)
    found = []
    for asked in ASKED:
        found.append(compare(asked, few, many, requests=requests))
        print(found[-1], flush=True)
    print(f"{FEW} and {partnerships} partnerships, {requests} requests to each")
    return int(any(one.is_too_slow for one in found))


if __name__ == "__main__":
    sys.exit(main())
