"""The feed for mirrors: every line once, in order, across crashes, embargoes and concurrent publishing."""

import datetime as dt
import threading
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from partnerships.models import Actor
from publishing.api import changes, cursor
from publishing.models.change import Change
from tests.factories import ActorFactory, ClaimFactory, RecommendationFactory, ReportFactory, ReviewFactory, UserFactory
from tests.support.concurrency import Session
from tests.support.patience import PATIENCE
from tests.support.published import API, get, listed

TOMORROW = dt.timedelta(days=1)


def mirror(**parameters: Any) -> list[dict[str, Any]]:
    """Everything that a mirror gets by following `next` from the start, or from `since`."""
    page = get("changes/", **parameters)
    lines = list(page["results"])
    while page["next"]:
        page = Client().get(page["next"]).json()
        lines += page["results"]
    return lines


@pytest.mark.django_db
def test_line_says_what_happened_to_what() -> None:
    before = timezone.now()
    claim = ClaimFactory(published=True)
    [line] = get("changes/")["results"]
    place, recorded, effective = (line.pop(name) for name in ("cursor", "recorded_at", "effective_at"))
    assert line == {
        "kind": "claim",
        "public_id": claim.public_id,
        "identifier": claim.public_id,
        "event": "published",
        "version": 1,
        "note": None,
        "url": f"http://testserver{API}claims/{claim.public_id}/",
    }
    assert isinstance(place, str)
    assert before <= dt.datetime.fromisoformat(effective) <= timezone.now()
    assert dt.datetime.fromisoformat(recorded) <= dt.datetime.fromisoformat(effective)


@pytest.mark.django_db
def test_life_of_a_publication_is_told_in_order() -> None:
    actor = ActorFactory(published=True)
    actor.name_en, actor.version, actor.version_note = "Other name", 2, "Renamed."
    actor.save()
    actor.state, actor.withdrawn_at, actor.withdrawal_note = "withdrawn", timezone.now(), "A duplicate."
    actor.save()
    assert [(line["event"], line["version"], line["note"]) for line in mirror()] == [
        ("published", 1, None),
        ("changed", 2, "Renamed."),
        ("withdrawn", 2, "A duplicate."),
    ]
    assert Client().get(mirror()[-1]["url"]).status_code == 410


@pytest.mark.django_db
def test_part_that_is_added_changes_its_whole() -> None:
    claim = ClaimFactory(published=True)
    ReviewFactory(claim=claim)
    assert [(line["identifier"], line["event"]) for line in mirror()] == [
        (claim.public_id, "published"),
        (claim.public_id, "changed"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_give_every_line_once_and_in_order(size: int) -> None:
    actors = [ActorFactory(published=True).slug for _ in range(7)]
    assert [line["identifier"] for line in mirror(page_size=size)] == actors
    assert get("changes/", page_size=200)["next"] is None


@pytest.mark.django_db
def test_mirror_goes_on_after_any_line() -> None:
    for _ in range(5):
        ActorFactory(published=True)
    lines = mirror()
    for place, line in enumerate(lines):
        assert mirror(since=line["cursor"]) == lines[place + 1 :]
        assert mirror(since=line["cursor"], page_size=1) == lines[place + 1 :]
    later = ActorFactory(published=True)
    assert [line["identifier"] for line in mirror(since=lines[-1]["cursor"])] == [later.slug]


@pytest.mark.django_db
def test_lines_of_one_moment_are_told_apart() -> None:
    moment = timezone.now()
    for number in range(5):
        Change.objects.create(
            kind="actor",
            public_id=f"000000000{number}",
            identifier=f"actor-{number}",
            event="published",
            version=1,
            recorded_at=moment,
            effective_at=moment,
            transaction_id=number,
        )
    lines = mirror(page_size=2)
    assert [line["identifier"] for line in lines] == [f"actor-{number}" for number in range(5)]
    for place, line in enumerate(lines):
        assert [one["identifier"] for one in mirror(since=line["cursor"], page_size=2)] == [
            f"actor-{number}" for number in range(place + 1, 5)
        ]


@pytest.mark.django_db
def test_cursor_of_a_filtered_feed_serves_the_whole_one() -> None:
    ActorFactory(published=True)
    ReportFactory(published=True)
    RecommendationFactory(published=True)
    whole = mirror()
    [line] = mirror(kind="report")
    assert line["kind"] == "report"
    assert mirror(since=line["cursor"]) == whole[whole.index(line) + 1 :]
    both = get("changes/?kind=report&kind=actor")
    assert [one["kind"] for one in both["results"]] == ["actor", "report"]


@pytest.mark.django_db
def test_embargoed_line_comes_when_its_time_has_come() -> None:
    ActorFactory(published=True, slug="now")
    for number in count():
        until = timezone.now() + dt.timedelta(seconds=0.5 * 2**number)
        Change.objects.create(
            kind="actor",
            public_id="0000000001",
            identifier="later",
            event="published",
            version=1,
            recorded_at=timezone.now() - TOMORROW,
            effective_at=until,
            transaction_id=number,
        )
        seen = mirror()
        if timezone.now() < until:  # else the machine took longer than that, and it is tried with more time
            break
    assert [line["identifier"] for line in seen] == ["now", *["later"] * number]
    while not (later := mirror(since=seen[-1]["cursor"])):
        assert timezone.now() < until + dt.timedelta(seconds=PATIENCE)
    assert [line["identifier"] for line in later] == ["later"]
    assert later[0]["recorded_at"] < seen[0]["recorded_at"]


@pytest.mark.django_db
def test_feed_runs_one_way_and_keeps_the_other_parameters() -> None:
    ActorFactory.create_batch(3, published=True)
    page = get("changes/", page_size=1, kind="actor", lang="ar")
    assert page["previous"] is None
    query = parse_qs(urlsplit(page["next"]).query)
    assert query.pop("since") == [page["results"][0]["cursor"]]
    assert query == {"page_size": ["1"], "kind": ["actor"], "lang": ["ar"]}


@pytest.mark.django_db
def test_cursor_names_no_row() -> None:
    with connection.cursor() as sql:
        sql.execute("SELECT setval(pg_get_serial_sequence('publishing_change', 'id'), 987654321)")
    ActorFactory(published=True)
    [line] = mirror()
    values = cursor.decode(line["cursor"], (dt.datetime, int))
    assert values == [dt.datetime.fromisoformat(line["effective_at"]), 1]


# Two sessions at once


def publish(slug: str, author: Any, reviewer: Any) -> Actor:
    actor: Actor = ActorFactory(
        slug=slug, author=author, reviewer=reviewer, state="published", published_at=timezone.now()
    )
    return actor


def test_feed_waits_for_who_is_just_publishing_and_misses_nothing(session: Session) -> None:
    people = UserFactory(), UserFactory()
    entered = threading.Event()
    with transaction.atomic():
        publish("slow", *people)

        def read() -> list[str]:
            entered.set()
            return listed("changes/", "identifier")

        reading = session.run(read)
        assert entered.wait(PATIENCE)
        session.wait_until_it_waits()
        assert not reading.done()
    assert reading.result(PATIENCE) == ["slow"]


def test_line_of_a_slow_transaction_is_not_dated_before_one_already_read(session: Session) -> None:
    people = UserFactory(), UserFactory()
    opened, may_publish = threading.Event(), threading.Event()

    def publish_late() -> None:
        with transaction.atomic():
            Actor.objects.exists()  # the transaction, and its now(), begin here
            opened.set()
            assert may_publish.wait(PATIENCE)
            publish("late", *people)

    late = session.run(publish_late)
    assert opened.wait(PATIENCE)
    publish("early", *people)
    [line] = mirror()
    assert line["identifier"] == "early"
    may_publish.set()
    late.result(PATIENCE)
    assert [one["identifier"] for one in mirror(since=line["cursor"])] == ["late"]


def test_mirror_of_many_writers_misses_and_repeats_nothing(committing: None) -> None:
    people = UserFactory(), UserFactory()
    writers = [Session() for _ in range(3)]
    try:
        written = [
            writer.run(lambda number=number: [publish(f"w{number}-{n}", *people) for n in range(12)])  # type: ignore[misc]
            for number, writer in enumerate(writers)
        ]
        seen: list[str] = []
        since: dict[str, str] = {}
        while not all(work.done() for work in written):
            # A mirror that dies after each line and starts again from the last cursor it stored.
            for line in get("changes/", page_size=2, **since)["results"][:1]:
                seen.append(line["identifier"])
                since = {"since": line["cursor"]}
        for work in written:
            work.result(PATIENCE)
        seen += [line["identifier"] for line in mirror(**since)]
    finally:
        for writer in writers:
            writer.close()
    assert sorted(seen) == sorted(f"w{number}-{n}" for number in range(3) for n in range(12))
    assert len(seen) == len(set(seen))
    assert seen == [line["identifier"] for line in mirror()]


def test_feed_that_waits_too_long_says_when_to_come_back(session: Session, monkeypatch: Any) -> None:
    monkeypatch.setattr(changes, "MAX_WAIT", dt.timedelta(milliseconds=50))
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as sql:
            sql.execute("LOCK TABLE publishing_changeorder IN EXCLUSIVE MODE")
            holding.set()
            assert done.wait(PATIENCE)

    held = session.run(hold)
    assert holding.wait(PATIENCE)
    client = Client(raise_request_exception=False)
    answer = client.get(f"{API}changes/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:majlis:problem:busy"
    # Whoever reads anything else is not held up.
    assert client.get(f"{API}actors/").status_code == 200
    done.set()
    held.result(PATIENCE)
    assert client.get(f"{API}changes/").status_code == 200
