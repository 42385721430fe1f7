"""Kills the worker at random moments, and checks that everything was still done exactly once: `make kill-worker`.

Each time there is new work of every kind, and a new worker process, which is killed with SIGKILL at a random moment of
its first second. Its jobs are queued again as the schedule would do it; the database is told that its heartbeat is old,
so that nobody has to wait. After the last kill a worker may finish. Then every letter and every digest must have
reached the mail server under one Message-ID, every source must have one copy, every requested copy must exist, every
silent addressee must have one draft, and no job must be left.
"""

import argparse
import contextlib
import email
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from publishing.acting import Act

MAX_MOMENT = 1.2
"""Seconds after which a worker is killed at the latest."""

SLOWNESS = 0.1
"""Seconds at most for which hosts and the mail server keep their answer to themselves."""

PATIENCE = 600
"""Seconds in which the last worker ends no job, after which it is taken to be stuck: no measure of its speed."""


@dataclass
class Campaign:
    """What was asked for, and what came of it."""

    letters: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    asked_for: list[int] = field(default_factory=list)
    silent: list[int] = field(default_factory=list)
    killed_in: Counter[str] = field(default_factory=Counter)
    twins: int = 0
    """Jobs of killed workers of which the same waited again before they were taken up."""

    wrong: list[str] = field(default_factory=list)

    def ask_for_work(self) -> None:
        """Something new of every kind."""
        import datetime as dt

        from django.utils import timezone

        from partnerships import actions
        from publishing.background import enqueue
        from recommendations.actions import letters
        from tests.factories import (
            AddresseeFactory,
            CitationFactory,
            LetterFactory,
            RecommendationFactory,
            ResponseFactory,
            SourceFactory,
            UserFactory,
        )

        def addressee() -> Any:
            return AddresseeFactory(recommendation=RecommendationFactory(published=True), actor__published=True)

        def source(number: int) -> Any:
            return SourceFactory(published=True, url=f"http://host-{number}.example:{self.port}/")

        now = timezone.now()
        number = len(self.letters)
        person = UserFactory(groups=("editors",))
        self.people.append(person.pk)
        letter = LetterFactory(
            addressee=addressee(),
            step="ask",
            asked_on=None,
            subject=f"Letter {number}",
            to_address="office@example.org",
        )
        letters.send(letter, channel="e-mail", recipient="Office", by_mail=True, act=Act(by=person, at=now))
        self.letters.append(letter.pk)
        self.sources.append(CitationFactory(source=source(2 * number)).source.pk)
        asked_for = source(2 * number + 1)
        actions.ask_for_copy(asked_for, act=Act(by=person, at=now))
        self.asked_for.append(asked_for.pk)
        asked = now - dt.timedelta(days=61)
        silent = ResponseFactory(addressee=addressee(), awaiting=True, as_of=asked.date(), recorded_at=asked).addressee
        self.silent.append(silent.pk)
        for name in ("ask_addresses", "send_digests", "draft_letters", "clear_away"):
            enqueue(name, queueing_lock=name, timestamp=0)

    port: int = 0

    def kill(self, processes: Any, moments: random.Random) -> None:
        """One worker, from its start to its end."""
        from django.db import connection

        import partnerships.jobs
        import recommendations.jobs
        from tests.killing.worker import work

        process = processes.Process(target=work)
        process.start()
        time.sleep(moments.uniform(0, MAX_MOMENT))
        process.kill()
        process.join()
        if process.exitcode != -9:
            self.wrong.append(f"a worker ended by itself, with {process.exitcode}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = 'doing'")
            self.killed_in.update([name for (name,) in cursor.fetchall()] or ["nothing"])
            cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
        partnerships.jobs.ask_addresses(timestamp=0)
        recommendations.jobs.send_digests(timestamp=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs AS dead JOIN procrastinate_jobs AS waiting USING (queueing_lock)"
                " WHERE dead.status = 'doing' AND waiting.status = 'todo'"
            )
            self.twins += cursor.fetchone()[0]

    def let_finish(self, processes: Any) -> None:
        from django.utils import timezone
        from procrastinate.contrib.django.models import ProcrastinateJob

        import partnerships.jobs
        from partnerships.models.archived_copy import to_be_asked
        from tests.killing.worker import work

        process = processes.Process(target=work)
        process.start()
        left, deadline = -1, 0.0
        while ProcrastinateJob.objects.filter(status__in=["todo", "doing"]).exists() or to_be_asked(at=timezone.now()):
            partnerships.jobs.ask_addresses(timestamp=0)  # each look takes a few; the timetable has one in five minutes
            if left != (left := ProcrastinateJob.objects.count()):
                deadline = time.monotonic() + PATIENCE
            if time.monotonic() > deadline or not process.is_alive():
                self.wrong.append(f"the last worker does not finish; it ended with {process.exitcode}")
                break
            time.sleep(0.2)
        process.terminate()
        process.join()
        if process.exitcode != 0:
            self.wrong.append(f"the last worker was told to stop, and ended with {process.exitcode}")

    def look(self, taken: list[bytes]) -> None:
        """Compares what was asked for with what came of it."""
        from django.db.models import Count
        from procrastinate.contrib.django.models import ProcrastinateJob

        from partnerships.models import ArchivedCopy
        from recommendations.models import Digest, Letter

        for job in ProcrastinateJob.objects.all():
            self.wrong.append(f"job {job.pk}, {job.task_name}, is left as {job.status}")
        mails: dict[str, list[bytes]] = {}
        for mail in taken:
            mails.setdefault(str(email.message_from_bytes(mail)["Message-ID"]), []).append(mail)
        self.expect(
            "letters that are noted as mailed", set(self.letters), Letter.objects.filter(mailed_at__isnull=False)
        )
        self.expect("digests that are noted as sent", set(self.people), Digest.objects.exclude(sent_at=None), of="user")
        of_letters = {name: same for name, same in mails.items() if name.startswith("<letter-")}
        of_digests = {name: same for name, same in mails.items() if name.startswith("<digest-")}
        numbers = {kind: {int(name.split("-")[1]) for name in of} for kind, of in ((1, of_letters), (2, of_digests))}
        if numbers[1] != set(self.letters) or len(of_letters) != len(self.letters):
            self.wrong.append(f"{len(of_letters)} different letters were taken, of {len(self.letters)}")
        if numbers[2] != set(self.people) or len(of_digests) != len(self.people):
            self.wrong.append(f"{len(of_digests)} different digests were taken, of {len(self.people)}")
        for name, same in of_letters.items():
            if len(set(same)) > 1:
                self.wrong.append(f"{name} was not the same mail each time")
        kept = ArchivedCopy.objects.filter(outcome="kept", bytes__isnull=False)
        self.expect("sources with a copy", {*self.sources, *self.asked_for}, kept, of="source")
        others = ArchivedCopy.objects.exclude(outcome="kept").values_list("source", "outcome", "reason")
        self.wrong += [f"source {source} has no copy: {outcome}, {reason}" for source, outcome, reason in others]
        more = ArchivedCopy.objects.values("source").annotate(n=Count("pk")).filter(n__gt=1)
        self.wrong += [f"source {row['source']} was asked {row['n']} times" for row in more]
        drafts = Letter.objects.filter(state="draft", step="firmer")
        self.expect("silent addressees with a draft", set(self.silent), drafts, of="addressee")
        if drafts.count() != len(self.silent):
            self.wrong.append(f"{drafts.count()} drafts for {len(self.silent)} silent addressees")
        again = sum(len(same) - 1 for same in mails.values())
        print(
            f"letters mailed {len(of_letters)}, digests sent {len(of_digests)}, mails that went out again under the same"
            f" Message-ID {again}\ncopies kept {kept.count()}, drafts written {drafts.count()}"
        )

    def expect(self, what: str, expected: set[int], rows: Any, *, of: str = "pk") -> None:
        found = set(rows.values_list(of, flat=True))
        if found != expected:
            self.wrong.append(f"{what}: {len(found & expected)} of {len(expected)}, and {len(found - expected)} others")


@contextlib.contextmanager
def database() -> Iterator[str]:
    """The address of a database of its own on the embedded server of the tests; gone after the block."""
    import psycopg
    from psycopg import sql

    from config import postgres
    from tests.support.database import migrated_template

    name = f"test_majlis_killing_run{os.getpid()}"
    with postgres.TEST.held(), psycopg.connect(postgres.TEST.url, autocommit=True) as server:
        template = sql.Identifier(migrated_template())
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
        try:
            yield postgres.TEST.url.removesuffix(postgres.DATABASE) + name
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--kills", type=int, default=200, help="how often (200)")
    asked.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the moments; printed")
    options = asked.parse_args()
    moments = random.Random(options.seed)
    os.environ |= {"MAJLIS_MODE": "development", "DEBUG": "false", "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ.setdefault("LOG_LEVEL", "ERROR")

    from tests.support.mail_server import taking_mail

    with database() as address, taking_mail(lambda: random.uniform(0, SLOWNESS)) as mail:
        os.environ |= {
            "DATABASE_URL": address,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mail.port),
            "EMAIL_SECURITY": "none",
        }
        campaign = run(options.kills, moments)
        campaign.look(mail.taken)
    hits = ", ".join(f"{name} {number}" for name, number in campaign.killed_in.most_common())
    print(f"killed {options.kills} times, while doing: {hits}\nof these, {campaign.twins} waited again at once")
    print(*campaign.wrong or [f"Nothing was lost, nothing done twice (seed {options.seed})"], sep="\n")
    sys.exit(bool(campaign.wrong))


def run(kills: int, moments: random.Random) -> Campaign:
    import django

    from tests.support.strangers_host import answer, listening

    def hesitating(client: Any, path: str) -> None:
        time.sleep(random.uniform(0, SLOWNESS))
        answer()(client, path)

    with listening(hesitating) as host:
        os.environ["MAJLIS_ARCHIVE_PORTS"] = str(host.port)
        django.setup()
        from django.db import connection

        from tests.factories import AddresseeFactory, RecommendationFactory, SubmissionFactory

        processes = multiprocessing.get_context("forkserver")
        processes.set_forkserver_preload(["tests.killing.worker"])
        campaign = Campaign(port=host.port)
        # So that there is something to write to everybody about.
        SubmissionFactory(
            addressee=AddresseeFactory(recommendation=RecommendationFactory(published=True), actor__published=True)
        )
        for number in range(kills):
            campaign.ask_for_work()
            campaign.kill(processes, moments)
            if number % 20 == 19:
                print(f"{number + 1} of {kills}", file=sys.stderr, flush=True)
        campaign.let_finish(processes)
        connection.close()
    return campaign


if __name__ == "__main__":
    main()
