"""Answers for the public that are made on streaming replicas of the database.

A replica may make an answer if it shows the very revision that the request has read on the primary (`revision.py`): then
it shows the same rows, however far its replay lags otherwise. One that is behind, gone, or a copy of something else shows
another one, and the next is asked, and at last the primary. So an answer is as fresh as without replicas: ADR 43.
"""

import contextlib
import itertools
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from publishing.database.errors import is_away
from publishing.reader.audience import was_given_up
from publishing.reader.credentials import WrongCredentials
from publishing.reader.revision import revision

logger = logging.getLogger(__name__)

PAUSE = 5.0
"""Seconds for which a replica is not asked after it has failed."""


class Reading:
    """What happens to the statements of one answer on a replica."""

    def __init__(self, replica: BaseDatabaseWrapper) -> None:
        self.replica = replica
        self.error: Exception | None = None

    def watch(self, execute: Callable[..., Any], *statement: Any) -> Any:
        """Django's execute_wrapper: notes what is the fault of the replica, and not of the statement."""
        try:
            return execute(*statement)
        except Exception as error:
            if is_away(error) and not was_given_up(error):
                self.error = error
            raise

    @property
    def has_failed(self) -> bool:
        connection: Any = self.replica.connection
        return self.error is not None or connection is None or connection.closed


class Replicas:
    """The replicas of REPLICA_URLS, as one process sees them."""

    def __init__(self, aliases: Sequence[str] | None = None) -> None:
        self.aliases = list(settings.REPLICAS if aliases is None else aliases)
        self.turn = itertools.count()
        self.not_before = dict.fromkeys(self.aliases, 0.0)

    def showing(self, at: str) -> BaseDatabaseWrapper | None:
        """A replica that shows the revision `at`: each in its turn."""
        first = next(self.turn)
        for place in range(first, first + len(self.aliases)):
            alias = self.aliases[place % len(self.aliases)]
            if time.monotonic() < self.not_before[alias]:
                continue
            try:
                if revision(connections[alias]) == at:
                    return connections[alias]
            except (Error, WrongCredentials) as error:
                self.leave(alias, error)
        return None

    def leave(self, alias: str, error: Exception | None) -> None:
        """Does not ask a replica for a while."""
        logger.warning("The replica %s is not asked for %.0f s: %s", alias, PAUSE, error or "the connection was lost")
        self.not_before[alias] = time.monotonic() + PAUSE
        connections[alias].close()

    @contextlib.contextmanager
    def reading(self, at: str) -> Iterator[Reading | None]:
        """Inside the block a replica that shows the revision `at` stands in for the primary; None where there is none."""
        replica = self.showing(at)
        if replica is None:
            yield None
            return
        reading, primary = Reading(replica), connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = replica
        try:
            with replica.execute_wrapper(reading.watch):
                yield reading
        finally:
            connections[DEFAULT_DB_ALIAS] = primary
            if reading.has_failed:
                self.leave(replica.alias, reading.error)
