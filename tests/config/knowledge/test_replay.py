"""An invented later story, replayed over the real first data: what was known on each day, on page and API.

Everything after the import of the knowledge files is invented for this test, and says so: no source reports any of it.
Rumour → both silent → one confirms → an instrument, signed by one party, then by the other → in force. A few things are
recorded late, and one by mistake. The reference is a plain reading of the two dates over the list of what was recorded;
it does not use the database.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from config.knowledge.importer import import_files
from partnerships import actions
from partnerships.actions import NotEstablished
from partnerships.models import Actor, Citation, Claim, Instrument, Partnership, Source
from publishing import actions as publishing_actions
from publishing.acting import Act
from publishing.refusals import NeedsMore
from publishing.roles import ADMINISTRATORS
from tests.factories import SourceFactory, UserFactory, noon
from tests.support.pages import page
from tests.support.published import get

FILES = sorted((Path(__file__).parents[3] / "knowledge").glob("*.yaml"))
RUMOUR, TALKS, PACT = "rumoured-finalised-pact", "pakistan-qatar", "made-up-pact"
LABEL = "Made up for a test"
FIRST, LAST = dt.date(2025, 10, 1), dt.date(2025, 11, 4)
DAYS = [FIRST + dt.timedelta(days=days) for days in range((LAST - FIRST).days + 1)]

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def october(day: int) -> dt.date:
    return FIRST + dt.timedelta(days=day - 1)


# The reference


@dataclass(frozen=True)
class Said:
    """One record: `about` is the claim, a government or a party, or "" for all parties; `wrong` names what it corrects."""

    kind: str
    about: str
    what: str
    as_of: dt.date
    recorded: dt.date
    name: str = ""
    wrong: str = ""


STORY = [
    Said("review", "claim", "unverified", october(1), october(1)),
    Said("position", "pakistan", "silent", october(1), october(1)),
    Said("position", "qatar", "silent", october(1), october(1)),
    Said("review", "claim", "disputed", october(8), october(8), name="slip"),
    Said("review", "claim", "unverified", october(8), october(9), wrong="slip"),
    Said("review", "claim", "corroborated", october(12), october(13)),
    Said("position", "pakistan", "confirmed", october(15), october(16)),
    Said("review", "claim", "officially_confirmed", october(15), october(16)),
    Said("act", "pakistan", "signed", october(20), october(22)),
    Said("act", "qatar", "initialled", october(19), october(23)),
    Said("act", "qatar", "signed", october(24), october(24)),
    Said("position", "qatar", "confirmed", october(24), october(25)),
    Said("act", "", "entered_into_force", october(30), october(32)),
]


def known(kind: str, day: dt.date) -> list[Said]:
    """What of a kind was known on `day`: recorded by then, not corrected by then, in the order of its as-of days."""
    told = [said for said in STORY if said.kind == kind and said.recorded <= day]
    wrong = {said.wrong for said in told if said.wrong}
    return sorted(
        (said for said in told if not (said.name and said.name in wrong)), key=lambda said: (said.as_of, said.recorded)
    )


def status_on(day: dt.date) -> str:
    reviews = known("review", day)
    return reviews[-1].what if reviews else "unassessed"


def positions_on(day: dt.date) -> dict[str, str]:
    return {said.about: said.what for said in known("position", day)}


def standing_of(acts: list[Said]) -> str:
    if any(act.what == "entered_into_force" for act in acts):
        return "in_force"
    if any(act.what == "signed" for act in acts):
        return "signed"
    return "under_negotiation" if acts else "unknown"


def standings_on(day: dt.date) -> dict[str, str]:
    acts = known("act", day)
    parties = sorted({act.about for act in acts if act.about})
    return {party: standing_of([act for act in acts if act.about in ("", party)]) for party in parties}


# The story, as the desk records it


def source(day: dt.date, publisher: Actor | None = None) -> Source:
    made: Source = SourceFactory(
        published=True, published_at=noon(day), title=f"{LABEL}: {day}", date=day.isoformat(), publisher=publisher
    )
    return made


def cite(claim: Claim, of: Source, origin: str, by: User) -> None:
    claim.refresh_from_db()
    citation = Citation(claim=claim, source=of, independence_group=origin, quotation=f"{LABEL}: it is finalised.")
    publishing_actions.revise(claim, by=by, note=f"{LABEL}: another source.", parts=citation.save)


def tell(by: User) -> Instrument:
    claim, talks = Claim.objects.get(key=RUMOUR), Partnership.objects.get(slug=TALKS)
    actors = {slug: Actor.objects.get(slug=slug) for slug in ("pakistan", "qatar")}
    pact = Instrument(partnership=talks, name_en=f"{LABEL}: the pact", slug=PACT)
    communique = {said.about: source(said.as_of, actors[said.about]) for said in STORY if said.what == "confirmed"}
    named: dict[str, Any] = {}

    dispatch, repeated = source(october(5)), source(october(6))
    cite(claim, dispatch, "made-up-agency", by)
    cite(claim, repeated, "made-up-agency", by)
    for said in (one for one in STORY if one.recorded > FIRST):
        clocks: dict[str, Any] = {"as_of": said.as_of, "act": Act(by=by, at=noon(said.recorded))}
        if said.kind == "review":
            if said.what == "corroborated":
                with pytest.raises(NeedsMore):  # two articles, one origin
                    record_review(claim, said, named, clocks)
                with pytest.raises(NotEstablished):
                    actions.promote(claim, pact, act=Act(by=by, at=noon(said.recorded)), note=LABEL)
                cite(claim, source(october(11)), "made-up-witness", by)
            if said.what == "officially_confirmed":
                with pytest.raises(NeedsMore):  # so far newspapers say so
                    record_review(claim, said, named, clocks)
                cite(claim, communique["pakistan"], "made-up-communique", by)
            named[said.name] = record_review(claim, said, named, clocks)
        elif said.kind == "position":
            actions.record_position(
                claim, government=actors[said.about], position=said.what, source=communique[said.about], **clocks
            )
        else:
            if pact._state.adding:
                actions.promote(claim, pact, act=Act(by=by, at=noon(said.recorded)), note=f"{LABEL}: a pact.")
            actions.record_instrument_action(
                pact, type=said.what, party=actors.get(said.about), date=said.as_of.isoformat(), **clocks
            )
    return pact


def record_review(claim: Claim, said: Said, named: dict[str, Any], clocks: dict[str, Any]) -> Any:
    return actions.record_review(
        claim,
        status=said.what,
        reason=f"{LABEL}: looked into.",
        corrects=named[said.wrong] if said.wrong else None,
        **clocks,
    )


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: Any) -> Iterator[Instrument]:
    """The knowledge files, as if imported on the first day, and the story told after it; gone after this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        administrator = UserFactory(username="importer", groups=(ADMINISTRATORS,))
        import_files(map(str, FILES), at=noon(FIRST), by="importer")
        yield tell(administrator)
        transaction.set_rollback(True)


# What was known

COLUMN = {
    "unverified": "unverified",
    "disputed": "disputed",
    "corroborated": "confirmed",
    "officially_confirmed": "confirmed",
}


def columns_with(address: str, page_of_talks: str) -> list[str]:
    """The columns of the ledger in which the claim at `address` stands."""
    ledger = page_of_talks.split('<div class="ledger">')[1].partition("</section>")[0]
    columns = re.findall(r'id="claims-(\w+)">(.*?)(?=<div class="status-group|\Z)', ledger, re.DOTALL)
    return [name for name, words in columns if f'href="{address}' in words]


def positions_told(page_of_claim: str) -> dict[str, str]:
    """The position of each government that stands first in the list of the page, which begins with the latest."""
    told = page_of_claim.split('id="positions"')[1].partition("</section>")[0]
    latest: dict[str, str] = {}
    for government, position in re.findall(r'href="/actors/([\w-]+)/.*?badge--position-(\w+)', told, re.DOTALL):
        latest.setdefault(government, position)
    return latest


def test_reference_passes_through_the_whole_story() -> None:
    assert list(dict.fromkeys(status_on(day) for day in DAYS)) == [
        "unverified",
        "disputed",
        "corroborated",
        "officially_confirmed",
    ]
    stages = [frozenset(standings_on(day).items()) for day in DAYS]
    assert [dict(stage) for stage in dict.fromkeys(stages)] == [
        {},
        {"pakistan": "signed"},
        {"pakistan": "signed", "qatar": "under_negotiation"},
        {"pakistan": "signed", "qatar": "signed"},
        {"pakistan": "in_force", "qatar": "in_force"},
    ]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_api_and_pages_say_what_was_known_on_the_day(day: dt.date, story: Instrument) -> None:
    claim, as_of = Claim.objects.get(key=RUMOUR), day.isoformat()
    status, positions, standings = status_on(day), positions_on(day), standings_on(day)
    acts = [said.what for said in known("act", day)]
    pact_status = max(standings.values(), key=["under_negotiation", "signed", "in_force"].index, default="unknown")

    said = get(f"claims/{claim.public_id}/", as_of=as_of, fields="status,status_as_of,positions")
    assert said["status"] == status
    assert said["status_as_of"] == known("review", day)[-1].as_of.isoformat()
    latest = {one["government"]["slug"]: one["position"] for one in said["positions"]}
    assert latest == positions
    listed = get("claims/", as_of=as_of, status=status, partnership=TALKS, fields="public_id", page_size="200")
    assert claim.public_id in [one["public_id"] for one in listed["results"]]
    pact = get(f"instruments/{PACT}/", as_of=as_of, fields="status,parties,actions,promoted_from")
    assert (pact["status"], sorted(one["type"] for one in pact["actions"])) == (pact_status, sorted(acts))
    assert {one["party"]["slug"]: one["status"] for one in pact["parties"]} == standings
    assert (pact["promoted_from"]["public_id"], pact["promoted_from"]["status"]) == (claim.public_id, status)

    client = Client()
    detail = page(claim.get_absolute_url(), client, as_of=as_of)
    assert f"badge--verification-{status} badge--large" in " ".join(detail.split())
    assert positions_told(detail) == positions
    found = page("/claims/", client, as_of=as_of, status=status, partnership=TALKS)
    assert claim.get_absolute_url() in found
    talks = page(story.partnership.get_absolute_url(), client, as_of=as_of)
    assert columns_with(claim.get_absolute_url(), talks) == [COLUMN[status]]
    (shown,) = re.findall(rf'id="instrument-{PACT}".*?badge--instrument-(\w+)', talks, re.DOTALL)
    assert shown == pact_status


def test_looking_back_never_names_what_came_later(story: Instrument) -> None:
    claim = Claim.objects.get(key=RUMOUR)
    before = page(claim.get_absolute_url(), as_of=october(7).isoformat())
    assert f"{LABEL}: looked into." not in before
    assert f"{LABEL}: looked into." in page(claim.get_absolute_url(), as_of=october(8).isoformat())
