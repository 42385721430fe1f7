"""Background jobs: work outside of requests, done by a worker process that takes jobs from a PostgreSQL table.

A job is written on the same connection as the change that causes it, so both are committed or neither is. It holds ids
and moments, never a name or a text, so that its table reveals nothing. A worker may be killed at any moment and its job
is then started again, so each job first checks whether its work still has to be done.
"""

import asyncio
import contextlib
import datetime as dt
import json
import logging
import os
import signal
from collections.abc import Iterable
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import OperationalError, close_old_connections, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.connector import Notify
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import DeleteJobCondition, Job, Status
from procrastinate.manager import QUEUEING_LOCK_CONSTRAINT, JobManager
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.sql import queries

logger = logging.getLogger(__name__)

RETRIES = RetryStrategy(max_attempts=5, exponential_wait=3)
"""For temporary failures: retries after 3, 9, 27 and 81 seconds; then the job stays in the table as failed."""

CONCURRENCY = 2
"""How many jobs a worker runs at once, so that one that waits for a slow host does not hold up the mail."""

BEATS_EACH = 5.0
"""Seconds between a worker's heartbeats, and between its checks for workers without one."""

SILENT_FOR = 20.0
"""Seconds without a heartbeat after which a worker counts as dead and its jobs are started again."""

TO_FINISH = 10.0
"""Seconds that a worker has to finish its jobs when it is told to stop; less than SILENT_FOR, so that no other worker
starts them meanwhile.
"""

MAX_PAUSE = 30.0
"""The longest pause, in seconds, before a worker that cannot work tries again; the first is one second, and each
doubles.
"""

LOOK = json.dumps({"type": "job_inserted", "job_id": 0})
"""The notification that makes a worker look into its table."""

FAILED_FOR_HOURS = 24 * 30
"""How long a failed job is kept for inspection."""


def enqueue(task: str, *, queueing_lock: str = "", lock: str = "", **ids: Any) -> bool:
    """Queues the job `task`, in this transaction. False if the same job already waits.

    At most one job with the same `queueing_lock` waits at a time; at most one with the same `lock` runs at a time.
    """
    try:
        with transaction.atomic():  # a refusal rolls back no more than itself
            app.configure_task(task, queueing_lock=queueing_lock or None, lock=lock or None, allow_unknown=False).defer(
                **ids
            )
    except AlreadyEnqueued:
        return False
    return True


def work(*, wait: bool = True) -> None:
    """Takes jobs and runs them until the process is told to stop; without `wait`, until there are none.

    With `wait` it ends for no other reason: if the database cannot be reached, it tries again until it can.
    """
    asyncio.run(_work(wait=wait))


async def _work(*, wait: bool) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, _be_told, told)
    pause = 1.0
    while not told.is_set():
        began = asyncio.get_running_loop().time()
        try:
            await _work_while_all_is_well(told, wait=wait)
        except Exception as error:
            if not wait:
                raise
            is_away = isinstance(error, OperationalError | ConnectorException)
            logger.warning("The worker cannot go on: %s", error.__cause__ or error, exc_info=not is_away)
        if told.is_set() or not wait:
            return
        if asyncio.get_running_loop().time() - began > MAX_PAUSE:
            pause = 1.0
        logger.warning("The worker begins anew in %.0f s", pause)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), pause)
        pause = min(2 * pause, MAX_PAUSE)


def _be_told(told: asyncio.Event) -> None:
    if told.is_set():  # a second signal: whoever sent it does not wait; interrupted jobs are started again later
        os._exit(1)
    told.set()


async def _work_while_all_is_well(told: asyncio.Event, *, wait: bool) -> None:
    """Registers as a worker and works until told to stop, until there are no jobs, or until the worker itself fails."""
    connector = _Connector(
        kwargs=connector_params("default"), min_size=1, max_size=CONCURRENCY + 2, timeout=settings.MAJLIS_QUERY_SECONDS
    )
    with app.replace_connector(connector) as ours:
        manager = ours.job_manager = _Manager(connector)
        await _look_for_the_dead(manager)  # fails at once if the database cannot be reached
        async with ours.open_async():
            working = asyncio.ensure_future(
                ours.run_worker_async(
                    concurrency=CONCURRENCY,
                    wait=wait,
                    delete_jobs=DeleteJobCondition.SUCCESSFUL,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=TO_FINISH,
                    update_heartbeat_interval=BEATS_EACH,
                    stalled_worker_timeout=SILENT_FOR,
                )
            )
            stop = asyncio.ensure_future(told.wait())
            others = [stop, *map(asyncio.ensure_future, (manager.has_lost_a_job.wait(), _keep_looking(manager)))]
            await asyncio.wait([working, *others], return_when=asyncio.FIRST_COMPLETED)
            working.cancel()  # cancel only once: a second time would interrupt its shutdown
            await asyncio.wait([working, stop], return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait([working], timeout=TO_FINISH)
            if not working.done():
                # A thread cannot be ended, and would keep the process alive as long as it runs.
                logger.warning("What is not finished is broken off, and taken up again by the next worker")
                os._exit(0)
            for other in others:
                other.cancel()
            for ended in (*others, working):
                if ended.done() and not ended.cancelled():
                    ended.result()


async def _keep_looking(manager: "_Manager") -> None:
    while True:
        await asyncio.sleep(BEATS_EACH)
        await _look_for_the_dead(manager)


async def _look_for_the_dead(manager: "_Manager") -> None:
    await sync_to_async(_with_a_fresh_connection, thread_sensitive=False)(manager.worker_id)


def _with_a_fresh_connection(worker: int | None) -> None:
    close_old_connections()
    try:
        take_up_again(but_of=worker)
    finally:
        close_old_connections()


def take_up_again(*, but_of: int | None = None) -> None:
    """Starts the jobs of dead workers again, each in a transaction of its own; not those of the worker that asks."""
    silent = ProcrastinateWorker.objects.filter(last_heartbeat__lt=Now() - dt.timedelta(seconds=SILENT_FOR))
    if but_of is not None:
        silent = silent.exclude(pk=but_of)
    dead = Q(worker=None) | Q(worker__in=silent)
    stalled = ProcrastinateJob.objects.filter(dead, status=Status.DOING.value)
    for pk in stalled.order_by("pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                job = stalled.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
                if job is not None:  # otherwise another worker was faster
                    _let_wait_again(job)
        except Exception:
            logger.exception("Job %d of a worker that died could not be taken up again", pk)


def _let_wait_again(job: ProcrastinateJob) -> None:
    connector = DjangoConnector()
    try:
        with transaction.atomic():
            JobManager(connector).retry_job_by_id(job.pk, retry_at=timezone.now())
        logger.warning("Job %d, %s, was broken off with its worker and is taken up again", job.pk, job.task_name)
    except UniqueViolation as error:
        if error.constraint_name != QUEUEING_LOCK_CONSTRAINT:
            raise
        connector.execute_query(queries["finish_job"], job_id=job.pk, status=Status.FAILED.value, delete_job=True)
        logger.warning(
            "Job %d, %s, was broken off with its worker; the same waits already, and will do it", job.pk, job.task_name
        )


class _Manager(JobManager):
    """Records the state of jobs. If it cannot, the worker has to register again, so that its job is started again.

    A failed job that cannot wait again, because the same job already waits, is ended: that one does its work.
    """

    def __init__(self, connector: PsycopgConnector) -> None:
        super().__init__(connector)
        self.worker_id: int | None = None
        self.has_lost_a_job = asyncio.Event()

    async def register_worker(self) -> int:
        self.worker_id = await super().register_worker()
        return self.worker_id

    async def retry_job(self, job: Job, *args: Any, **kwargs: Any) -> None:
        try:
            await super().retry_job(job, *args, **kwargs)
        except UniqueViolation as error:
            if error.constraint_name != QUEUEING_LOCK_CONSTRAINT:
                raise
            await self.finish_job(job, Status.FAILED, delete_job=True)
        except ConnectorException:
            self.has_lost_a_job.set()
            raise

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        try:
            await super().finish_job(job, status, delete_job)
        except ConnectorException:
            self.has_lost_a_job.set()
            raise


class _Connector(PsycopgConnector):
    """Takes every notification only as a hint to look for jobs, because anybody who may log in can send one."""

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        async def look(*, channel: str, payload: str) -> None:
            await on_notification(channel=channel, payload=LOOK)

        await super().listen_notify(look, channels)


@app.periodic(cron="17 3 * * *")
@app.task(name="clear_away", pass_context=True, queueing_lock="clear_away")
async def clear_away(context: JobContext, timestamp: int) -> None:
    """Deletes jobs that failed a month ago."""
    await app.job_manager.delete_old_jobs(
        nb_hours=FAILED_FOR_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
