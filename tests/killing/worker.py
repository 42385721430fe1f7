"""The worker that is killed: the real command, except that strangers' hosts are on the loopback of this machine.

Imported once, by the server from which multiprocessing forks each worker.
"""

import functools

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- needs the line above

from partnerships.archive import fetching  # noqa: E402
from tests.support.strangers_host import LOOPBACK  # noqa: E402


def work() -> None:
    fetching.fetch = functools.partial(
        fetching.fetch, resolve=lambda host, port: [LOOPBACK], may_connect=lambda address: address == LOOPBACK
    )
    call_command("worker")
