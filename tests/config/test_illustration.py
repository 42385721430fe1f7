"""The illustration is recorded once, says what it is, and gives the same answers as a plain replay."""

import datetime as dt
import io
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker

from config.illustration.asked import ASKED, EDITIONS, END
from config.illustration.lives import LIVES, moments
from config.illustration.teller import MARK, Teller
from config.management.commands import serve
from publishing.publication import Publication
from recommendations.analysis.drafting_hints import several_in, vague_in
from recommendations.lifecycle.states import ImplementationState, ResponseKind
from recommendations.models import Addressee, Recommendation, RecommendationLink, Response, StatusEntry
from recommendations.querysets.rollup import addressees_with_status
from tests.recommendations.life import Life, Record, plain_rollup

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent

THEN = {1: EDITIONS[1], 2: EDITIONS[2], 3: dt.date(2024, 11, 30)}
"""The day of each edition's successor; of the last one, a day before the story ends."""

SAID = """An illustration was told: nothing in it happened, and every text says so.
  44 recommendations of three editions, 105 responses and 143 status entries, 7 of them corrections
  /series/illustration/
"""


@pytest.fixture(scope="module", autouse=True)
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The story in an empty database; told once, for it takes a while."""
    out = io.StringIO()
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        call_command("tell_illustration", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


def asked(edition: int) -> Any:
    return Recommendation.objects.filter(event__edition=edition)


def known(edition: int, day: dt.date) -> dict[str, int]:
    """How far the recommendations of an edition had come, as known on `day`."""
    return {row["state"]: row["count"] for row in asked(edition).with_rollup(as_of=day).state_counts(as_of=day)}


# It says what it is


def test_command_says_that_it_is_an_illustration(told: str) -> None:
    assert told == SAID


def test_three_editions_ask_at_least_forty_things() -> None:
    assert [asked(edition).count() for edition in (1, 2, 3)] == [16, 15, 13]


@pytest.mark.django_db
def test_since_when_each_row_is_public_is_what_its_wholes_say() -> None:
    call_command("rebuild_public_from", check=True, verbosity=0)


OTHER_TEXTS = {
    *("reference", "slug", "public_id", "state", "kind", "key", "url", "iso_code", "wikidata_id", "identifier"),
    *("version_note", "withdrawal_note", "original_language", "language", "time_zone", "source_language"),
}


def texts_of(row: models.Model) -> Iterator[tuple[str, str]]:
    """The columns of `row` that hold what somebody wrote."""
    for field in row._meta.local_concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        if is_text and type(field) in (models.CharField, models.TextField):
            text = getattr(row, field.attname)
            if text and field.name not in OTHER_TEXTS:
                yield field.name, text


def test_every_text_begins_with_the_mark() -> None:
    found = 0
    ours = [apps.get_app_config(label) for label in ("publishing", "partnerships", "events", "recommendations")]
    for model in (model for app in ours for model in app.get_models()):
        if model._meta.label in NOT_TOLD or model._meta.label.endswith("Version") or not model._meta.managed:
            continue
        for row in model._default_manager.all():
            for name, text in texts_of(row):
                mark = MARK.tr if name.endswith("_tr") else MARK.ar if name.endswith("_ar") else MARK.en
                assert text.startswith(mark), (model, name, text)
                found += 1
    assert found > 700


NOT_TOLD = {
    "publishing.Change",  # lines of the feed
    "recommendations.Reference",
    "recommendations.Evidence",  # its columns are a group's name and a place
}


@pytest.mark.parametrize(("prefix", "mark"), [("", MARK.en), ("/tr", MARK.tr), ("/ar", MARK.ar)])
@pytest.mark.django_db
def test_every_page_says_so(client: Client, prefix: str, mark: str) -> None:
    some = [*Recommendation.objects.order_by("reference")[:2], *Publication.__subclasses__()[0].objects.all()[:1]]
    addresses = ["/series/illustration/", "/events/illustration-2/", *(row.get_absolute_url() for row in some)]
    for address in addresses:
        content = client.get(prefix + address).content.decode()
        assert mark.strip() in content[: content.index("</h1>")], address


@pytest.mark.django_db
def test_titles_stand_in_three_languages() -> None:
    for row in Recommendation.objects.all():
        assert len({row.title_en, row.title_tr, row.title_ar}) == 3


# It is told where it does no harm


@pytest.mark.django_db
def test_story_is_not_told_twice() -> None:
    before = Recommendation.objects.count(), StatusEntry.objects.count(), User.objects.count()
    with pytest.raises(CommandError, match=r"Nothing was told\. The illustration is already in this database\."):
        call_command("tell_illustration", among_real_content=True)
    assert (Recommendation.objects.count(), StatusEntry.objects.count(), User.objects.count()) == before


@pytest.mark.django_db
def test_demo_tells_it_once_and_beside_the_real_base() -> None:
    serve.tell_illustration()  # it is there: nothing is told, and nothing is refused
    asked = "from config import postgres; print(postgres.DEMO, postgres.RUN.folder.name)"
    for variables, said in (({}, "False postgres\n"), ({"MAJLIS_DEMO": "1"}, "True postgres-demo\n")):
        shown = subprocess.run(
            [sys.executable, "-c", asked],
            cwd=ROOT,
            env=os.environ | variables,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        assert shown.stdout == said
    asked_of_make = ["make", "--no-print-directory", "--dry-run", "demo"]  # itself perhaps run by make
    told = subprocess.run(asked_of_make, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    assert told.splitlines()[-1] == "MAJLIS_DEMO=1 exec .venv/bin/python manage.py serve --port 8001"


def test_nobody_signs_in_as_those_who_told_it() -> None:
    people = User.objects.filter(username__startswith="illustration-")
    assert [(user.is_active, user.has_usable_password()) for user in people] == [(False, False)] * 2


# What is told


@pytest.mark.django_db
def test_every_state_and_every_answer_occurs() -> None:
    kept = {*addressees_with_status(None, on=END).values_list("state", flat=True)}
    recorded = {*StatusEntry.objects.values_list("state", flat=True)}
    assert kept | recorded == {*ImplementationState.values}
    answers = {*addressees_with_status(END, on=END).values_list("response", flat=True)}
    assert answers == {*ResponseKind.values} - {"awaiting"} | {"no_response"}
    assert {*Response.objects.values_list("kind", flat=True)} == {*ResponseKind.values} - {"not_sent"}
    assert {*RecommendationLink.objects.values_list("type", flat=True)} == {*RecommendationLink.Type.values}


@pytest.mark.django_db
def test_nothing_is_recorded_before_it_is_true_or_after_the_end() -> None:
    for model in (StatusEntry, Response):
        for row in model.objects.all():
            assert EDITIONS[0] <= row.as_of <= row.recorded_at.date() <= END


KNOWN_THEN: dict[int, dict[str, int]] = {
    1: {"not_started": 5, "in_progress": 3, "stalled": 2, "partly_implemented": 2, "implemented": 4},
    2: {
        "not_assessed": 1,
        "not_started": 2,
        "in_progress": 1,
        "stalled": 2,
        "partly_implemented": 5,
        "implemented": 2,
        "implemented_otherwise": 1,
        "not_implemented": 1,
    },
    3: {"not_assessed": 3, "not_started": 2, "in_progress": 4, "implemented": 3, "withdrawn": 1},
}
KNOWN_NOW: dict[int, dict[str, int]] = {
    1: {
        "not_started": 1,
        "in_progress": 1,
        "stalled": 2,
        "implemented": 5,
        "implemented_otherwise": 1,
        "superseded": 5,
        "reversed": 1,
    },
    2: {
        "not_started": 1,
        "in_progress": 1,
        "partly_implemented": 2,
        "implemented": 6,
        "not_implemented": 1,
        "superseded": 3,
        "reversed": 1,
    },
    3: {
        "not_assessed": 2,
        "not_started": 1,
        "in_progress": 2,
        "partly_implemented": 4,
        "implemented": 2,
        "no_longer_applicable": 1,
        "withdrawn": 1,
    },
}


assert all(KNOWN_THEN[edition] != KNOWN_NOW[edition] for edition in THEN)


@pytest.mark.parametrize("edition", [1, 2, 3])
@pytest.mark.django_db
def test_scorecard_of_an_edition_is_that_of_its_day(edition: int) -> None:
    assert known(edition, THEN[edition]) == KNOWN_THEN[edition]
    assert known(edition, END) == KNOWN_NOW[edition]


# The same, by a plain replay


def lives() -> dict[int, dict[str, Life]]:
    """The story as lists of records, by addressee and axis."""
    found = {
        pk: {"state": Life("state"), "kind": Life("kind")} for pk in Addressee.objects.values_list("pk", flat=True)
    }
    for axis, model in (("state", StatusEntry), ("kind", Response)):
        rows: dict[int, Record] = {}
        for number, row in enumerate(model.objects.order_by("recorded_at", "pk")):
            rows[row.pk] = Record(
                getattr(row, axis), row.as_of, row.recorded_at.date(), rows.get(row.corrects_id), True, number
            )
            found[row.addressee_id][axis].add(rows[row.pk])
    return found


def counted(edition: int, states: dict[int, str]) -> dict[str, int]:
    """The roll-up of an edition in plain Python, from the state of each addressee."""
    rolled = []
    for recommendation in asked(edition).prefetch_related("addressees"):
        shares = [*recommendation.addressees.all()]
        leads = [share for share in shares if share.role == "lead"] or shares
        rolled.append(plain_rollup([states[share.pk] for share in leads]))
    return dict(Counter(rolled))


@pytest.mark.django_db
def test_any_day_is_answered_as_a_plain_replay_answers_it() -> None:
    told = lives()
    day = EDITIONS[0]
    while day <= END + dt.timedelta(days=60):
        states = {pk: life["state"].state(day) for pk, life in told.items()}
        answers = {pk: life["kind"].state(day) for pk, life in told.items()}
        shown = {row.pk: row for row in addressees_with_status(day, on=day)}
        assert {pk: row.state for pk, row in shown.items()} == states, day
        assert {pk: row.recorded_response for pk, row in shown.items()} == answers, day
        for edition in (1, 2, 3):
            assert known(edition, day) == counted(edition, states), (edition, day)
        day += dt.timedelta(days=23)


HINDSIGHT: dict[int, dict[str, int]] = {
    1: {
        "implemented": 3,
        "partly_implemented": 4,
        "not_started": 4,
        "in_progress": 2,
        "stalled": 2,
        "implemented_otherwise": 1,
    },
    2: {
        "implemented": 2,
        "stalled": 2,
        "partly_implemented": 5,
        "not_started": 1,
        "in_progress": 2,
        "not_assessed": 1,
        "implemented_otherwise": 1,
        "not_implemented": 1,
    },
    3: {
        "not_assessed": 3,
        "in_progress": 4,
        "implemented": 2,
        "not_started": 2,
        "partly_implemented": 1,
        "withdrawn": 1,
    },
}


assert all(HINDSIGHT[edition] != KNOWN_THEN[edition] for edition in THEN)


@pytest.mark.parametrize("edition", [1, 2, 3])
@pytest.mark.django_db
def test_what_came_to_light_later_changes_what_is_known_of_that_day(edition: int) -> None:
    of_then = {}
    for pk, life in lives().items():
        chain = [record for record in life["state"].chain() if record.as_of <= THEN[edition]]
        of_then[pk] = chain[-1].state if chain else "not_assessed"
    assert counted(edition, of_then) == HINDSIGHT[edition]


# The same, as the page counts it


def tally_of(states: dict[str, int]) -> tuple[int, ...]:
    """Asked, done, partly done, open and ceased, of so many in each state."""
    done = sum(states.get(state, 0) for state in ("implemented", "implemented_otherwise"))
    partly = states.get("partly_implemented", 0)
    ceased = sum(
        states.get(state, 0) for state in ("not_implemented", "superseded", "no_longer_applicable", "withdrawn")
    )
    asked = sum(states.values())
    return asked, done, partly, asked - done - partly - ceased, ceased


@pytest.mark.parametrize("edition", [1, 2, 3])
@pytest.mark.django_db
def test_scorecard_page_counts_then_in_hindsight_and_now(edition: int) -> None:
    card = Client().get("/series/illustration/scorecard/", {"as_of": THEN[edition].isoformat()}).context["scorecard"]
    (views,) = (one.views for one in card.editions if one.event.edition == edition)
    shown = [
        (view.asked, view.done, view.partly_done, view.open, view.ceased)
        for view in (views.known, views.in_hindsight, views.today)
    ]
    assert shown == [tally_of(counts[edition]) for counts in (KNOWN_THEN, HINDSIGHT, KNOWN_NOW)]
    assert shown[0] != shown[2]
    assert (shown[0] != shown[1]) is (edition != 2), "of the second, what came to light moved none of these numbers"


# How it is written


def test_every_life_is_of_something_asked() -> None:
    whoever = {(key, name) for key, made in ASKED.items() for name in (*made.lead, *made.support)}
    assert whoever - {*LIVES} == {("translators", "institute")}
    assert {*LIVES} <= whoever


@pytest.mark.parametrize("line", ["2022-04-04", "2022-04-04 dreamt", "tomorrow awaiting", "2022-13-01 awaiting"])
def test_line_that_is_no_moment_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"This is|month must be"):
        moments(line)


def test_story_is_the_same_each_time() -> None:
    assert [*Teller().all_moments()] == [*Teller().all_moments()]


def test_illustrations_titles_ask_one_clear_thing_each() -> None:
    """132 titles that nobody wrote for this test; of one, the guess is wrong: a court does hear claims."""
    wrong = {
        title
        for asked in ASKED.values()
        for language in ("en", "tr", "ar")
        if several_in(title := getattr(asked.title, language), language) or vague_in(title, language)
    }
    assert wrong == {ASKED["courts"].title.ar}
