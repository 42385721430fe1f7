"""Reads while others write, and looks whether any answer is older than it may be: `make freshness`.

Several processes serve the site as gunicorn does. Writers rename two actors again and again, in transactions that
overlap and commit in another order than they began; readers ask for them all the time, as a page and from the API, in
three languages. An answer is stale if it lacks what was committed before its request began. With `--broken` the
database does not move the revision, and the campaign has to find stale answers: so the processes do keep them, and
it would see.
"""

import argparse
import contextlib
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.killing.campaign import database
from tests.support.patience import PATIENCE
from tests.support.valkey import free_port, running_valkey

ACTORS = ("first", "second")
ADDRESSES = ("/actors/{}/", "/tr/actors/{}/", "/api/v1/actors/{}/", "/api/v1/actors/{}/?lang=ar")
READERS = 6
HESITATES = 0.02
"""Seconds at most for which a writer keeps its transaction open."""


@dataclass
class Campaign:
    port: int
    writes: int
    reads: int
    committed: dict[str, list[tuple[float, int]]] = field(default_factory=lambda: {name: [(0.0, 0)] for name in ACTORS})
    """Of each actor the moments at which a name was known to be committed, and its number."""
    asked: int = 0
    stale: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)
    written: threading.Event = field(default_factory=threading.Event)

    def write(self, address: str, name: str, seed: int) -> None:
        import psycopg

        chance = random.Random(seed)
        with psycopg.connect(address) as writer:
            for number in range(1, self.writes // len(ACTORS) + 1):
                writer.execute(
                    "UPDATE partnerships_actor SET name_en = %s, version_note = 'Renamed.' WHERE slug = %s",
                    [f"Number {number} of {name}", name],
                )
                time.sleep(chance.uniform(0, HESITATES))
                writer.commit()
                self.committed[name].append((time.monotonic(), number))
                # As fast as the readers, so that all of it is read.
                while self.asked * self.writes < number * len(ACTORS) * self.reads * 0.9 and not self.failed:
                    time.sleep(0.001)

    def read(self, seed: int) -> None:
        chance = random.Random(seed)
        while not self.failed:
            with self.turn:
                self.asked += 1
                if self.asked > self.reads:
                    return
            name, address = chance.choice(ACTORS), chance.choice(ADDRESSES)
            began = time.monotonic()
            due = max(number for moment, number in self.committed[name] if moment < began)
            try:
                status, body = self.get(address.format(name))
            except OSError as error:
                status, body = 0, str(error)
            found = re.search(rf"Number (\d+) of {name}", body)
            if status != 200 or found is None:
                self.failed.append(f"{address.format(name)} answered {status}: {body[:200]}")
            elif int(found[1]) < due:
                self.stale.append(f"{address.format(name)} said {found[1]} when {due} had been committed")

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def run(self, address: str, seed: int) -> None:
        people: list[Any] = [
            *(threading.Thread(target=self.write, args=(address, name, seed + n)) for n, name in enumerate(ACTORS)),
            *(threading.Thread(target=self.read, args=(seed + 100 + number,)) for number in range(READERS)),
        ]
        for one in people:
            one.start()
        for one in people:
            one.join()


def fill(address: str, *, broken: bool) -> None:
    """Two published actors; with `broken`, nothing moves the revision."""
    import psycopg

    make = (
        "import django; django.setup()\n"
        "from tests.factories import ActorFactory\n"
        f"for name in {ACTORS}: ActorFactory(published=True, slug=name, name=f'Number 0 of {{name}}')"
    )
    subprocess.run([sys.executable, "-c", make], env={**os.environ, "DATABASE_URL": address}, check=True)
    if broken:
        with psycopg.connect(address) as owner:
            # All triggers, for a new name also comes with a line of the feed, and that with a moment.
            owner.execute("ALTER TABLE partnerships_actor DISABLE TRIGGER USER")


@contextlib.contextmanager
def serving(address: str, processes: int, cache_url: str) -> Iterator[int]:
    """The port on which the site is served."""
    port = free_port()
    told = ["config.wsgi", "--preload", "--workers", str(processes), "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *told, "--no-control-socket", "--log-level", "error"],
        env={**os.environ, "DATABASE_URL": address, "CACHE_URL": cache_url, "MAJLIS_KEPT_MEGABYTES": "16"},
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise
                time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--reads", type=int, default=10_000, help="how many answers are asked for (10000)")
    asked.add_argument("--writes", type=int, default=1_000, help="how many transactions are committed (1000)")
    asked.add_argument("--processes", type=int, default=4, help="that serve the site (4)")
    asked.add_argument("--valkey", action="store_true", help="they share what they keep")
    asked.add_argument("--broken", action="store_true", help="stale answers are there to be found")
    asked.add_argument("--seed", type=int, default=random.randrange(10**6), help="of what happens by chance; printed")
    options = asked.parse_args()
    os.environ |= {"MAJLIS_MODE": "development", "DEBUG": "false", "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    with contextlib.ExitStack() as held:
        address = held.enter_context(database())
        fill(address, broken=options.broken)
        cache_url = held.enter_context(running_valkey()).url if options.valkey else ""
        port = held.enter_context(serving(address, options.processes, cache_url))
        campaign = Campaign(port, options.writes, options.reads)
        began = time.monotonic()
        campaign.run(address, options.seed)
        seconds = time.monotonic() - began
    committed = sum(len(moments) - 1 for moments in campaign.committed.values())
    print(*campaign.failed[:5], *campaign.stale[:5], sep="\n")
    print(
        f"{options.reads} answers of {options.processes} processes{' with Valkey' if options.valkey else ''}, during"
        f" {committed} writes, in {seconds:.0f} s: {len(campaign.stale)} stale, {len(campaign.failed)} failed"
        f" (seed {options.seed})"
    )
    sys.exit(bool(campaign.failed) or bool(campaign.stale) is not options.broken)


if __name__ == "__main__":
    main()
