"""The background: what is done outside of a request, by a worker process that takes jobs from a table of PostgreSQL.

A job is written with the connection that writes what it follows from, and so is committed with it or not at
all. It holds ids and moments, never a name or a text: its table is no place where anything could be read
that its reader may not read elsewhere. A worker may be killed at any moment. Its job is then taken up again,
so each job first looks whether what it is to do is still to be done.
"""

import asyncio
from typing import Any

from django.conf import settings
from django.db import transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import DeleteJobCondition
from procrastinate.psycopg_connector import PsycopgConnector

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=3)
"""For what failed by accident: after 3, 9, 27 and 81 seconds; then it stays in the table as failed."""

CONCURRENCY = 2
"""Jobs of one worker at once: one that waits for a slow host does not hold up the mail."""

BEATS_EACH = 5.0
"""Seconds between the signs of life of a worker."""

SILENT_FOR = 20.0
"""Seconds without a sign of life after which a worker is taken for dead, and its jobs are taken up again."""

FAILED_FOR_HOURS = 24 * 30
"""So long a job that failed for good can be looked at."""


def later(task: str, *, once: str = "", one_by_one: str = "", **ids: Any) -> bool:
    """Has the job named `task` done soon, unless this transaction is rolled back. False if the same already waits.

    Of the jobs with the same `once`, one waits at a time; of those with the same `one_by_one`, one runs at a time.
    """
    try:
        with transaction.atomic():  # a refusal undoes no more than itself
            app.configure_task(task, queueing_lock=once or None, lock=one_by_one or None, allow_unknown=False).defer(
                **ids
            )
    except AlreadyEnqueued:
        return False
    return True


def work(*, wait: bool = True) -> None:
    """Takes jobs and does them, until the process is told to stop; without `wait`, until there is none."""
    asyncio.run(_work(wait=wait))


async def _work(*, wait: bool) -> None:
    connector = PsycopgConnector(
        kwargs=connector_params("default"), min_size=1, max_size=CONCURRENCY + 2, timeout=settings.MAJLIS_QUERY_SECONDS
    )
    with app.replace_connector(connector) as worker:
        async with worker.open_async():
            await _take_up_again()
            await worker.run_worker_async(
                concurrency=CONCURRENCY,
                wait=wait,
                delete_jobs=DeleteJobCondition.SUCCESSFUL,
                shutdown_graceful_timeout=10,
                update_heartbeat_interval=BEATS_EACH,
                stalled_worker_timeout=SILENT_FOR,
            )


async def _take_up_again() -> None:
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR):
        await app.job_manager.retry_job(job)


@app.periodic(cron="* * * * *")
@app.task(name="take_up_again", pass_context=True, queueing_lock="take_up_again")
async def take_up_again(context: JobContext, timestamp: int) -> None:
    """Jobs of workers that died are to be done again."""
    await _take_up_again()


@app.periodic(cron="17 3 * * *")
@app.task(name="clear_away", pass_context=True, queueing_lock="clear_away")
async def clear_away(context: JobContext, timestamp: int) -> None:
    """Jobs that failed a month ago go."""
    await app.job_manager.delete_old_jobs(
        nb_hours=FAILED_FOR_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
