"""Resolving forecasts: who may, when, and what cannot change; by the action, and at the database."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships import actions, forecasts
from partnerships.actions import NotResolvable
from partnerships.forecasts import Outcome, deadline_of, why_not_resolved
from partnerships.models import Claim, Resolution
from publishing import actions as publishing_actions
from publishing.acting import Act
from publishing.desk.addresses import add_address, change_address
from publishing.models.change import Change
from publishing.refusals import NotAllowed, RefersToUnpublished
from tests.factories import ClaimFactory, ResolutionFactory, SourceFactory, noon
from tests.support.desk import Page
from tests.support.pages import page, words
from tests.support.refusal import refused

pytestmark = pytest.mark.django_db

PUBLISHED = dt.date(2025, 5, 1)
"""When the factories publish."""

START, DEADLINE = dt.date(2025, 6, 1), dt.date(2025, 8, 31)
AT = noon(dt.date(2025, 12, 1))
DAY = dt.timedelta(days=1)


def forecast(**kwargs: Any) -> Claim:
    made: Claim = ClaimFactory(
        **{"published": True, "kind": "forecast", "likelihood": "likely", "valid": "2025-06/2025-08", **kwargs}
    )
    return made


def resolve(claim: Claim, by: User, **kwargs: Any) -> Resolution:
    given: dict[str, Any] = {"outcome": "did_not", "as_of": DEADLINE, "reason": "Nothing happened.", **kwargs}
    return actions.record_resolution(claim, act=Act(by=by, at=given.pop("at", AT)), **given)


def test_forecast_that_did_not_come_about_is_resolved_once_its_time_is_over(editor: User) -> None:
    claim = forecast()
    resolution = resolve(claim, editor)
    assert (resolution.outcome, resolution.as_of, resolution.by, resolution.recorded_at) == (
        "did_not",
        DEADLINE,
        editor,
        AT,
    )
    assert [*claim.resolutions.all()] == [resolution]
    assert str(resolution) == "Did not come about (2025-08-31)"


def test_forecast_comes_about_before_its_time_is_over_with_a_source(editor: User) -> None:
    source = SourceFactory(published=True)
    resolution = resolve(forecast(), editor, outcome="came_about", as_of=START, source=source)
    assert (resolution.outcome, resolution.source) == ("came_about", source)


def test_what_came_about_needs_its_source(editor: User) -> None:
    with pytest.raises(ValidationError, match="needs the source that says so"):
        resolve(forecast(), editor, outcome="came_about", as_of=START)
    assert not Resolution.objects.exists()


def test_resolution_of_a_public_forecast_names_no_draft(editor: User) -> None:
    with pytest.raises(RefersToUnpublished):
        resolve(forecast(), editor, outcome="came_about", as_of=START, source=SourceFactory())
    assert not Resolution.objects.exists()


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    # What is refused: the claim, the resolution, at which field, and why.
    "no forecast": ({"kind": "assessment", "likelihood": ""}, {}, "claim", forecasts.NOT_A_FORECAST),
    "a draft": ({"published": False}, {}, "claim", forecasts.NOT_PUBLISHED),
    "before it was public": (
        {},
        {"outcome": "unresolvable", "as_of": PUBLISHED - DAY},
        "as_of",
        forecasts.BEFORE_PUBLICATION,
    ),
    "no day by which": ({"valid": ""}, {}, "outcome", forecasts.NO_DEADLINE),
    "an open end": ({"valid": "2025-06/.."}, {}, "outcome", forecasts.NO_DEADLINE),
    "not yet over": ({}, {"as_of": DEADLINE - DAY}, "as_of", forecasts.TOO_EARLY),
    "to be looked at later": ({"review_by": DEADLINE + DAY}, {}, "as_of", forecasts.TOO_EARLY),
    "before its time": (
        {},
        {"outcome": "came_about", "as_of": START - DAY},
        "as_of",
        forecasts.OUTSIDE_ITS_TIME,
    ),
    "after its time": (
        {},
        {"outcome": "came_about", "as_of": DEADLINE + DAY},
        "as_of",
        forecasts.OUTSIDE_ITS_TIME,
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_resolution_is_refused_by_the_action_and_by_the_database(case: str, editor: User) -> None:
    of_claim, of_resolution, field, message = REFUSED[case]
    claim = forecast(**of_claim)
    given: dict[str, Any] = {"outcome": "did_not", "as_of": DEADLINE, **of_resolution}
    source = SourceFactory(published=True)
    with pytest.raises(NotResolvable) as refusal:
        resolve(claim, editor, **given, source=source)
    assert refusal.value.message_dict == {field: [message]}
    with refused("partnerships_resolution_resolves_a_forecast", saying=message):
        ResolutionFactory(claim=claim, by=editor, source=source, **given)
    assert not Resolution.objects.exists()


ALLOWED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "on the last day": ({}, {}),
    "looked at on the day": ({"valid": "", "review_by": DEADLINE}, {}),
    "it came about on the first day": ({}, {"outcome": "came_about", "as_of": START}),
    "it came about on the last day": ({}, {"outcome": "came_about", "as_of": DEADLINE}),
    "it came about, no time given": ({"valid": ""}, {"outcome": "came_about", "as_of": PUBLISHED}),
    "unresolvable before its time": ({}, {"outcome": "unresolvable", "as_of": PUBLISHED}),
    "without a likelihood": ({"likelihood": ""}, {}),
    "withdrawn since": ({"withdrawn": True}, {}),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_resolution_at_the_edge_is_taken_by_the_action_and_by_the_database(case: str, editor: User) -> None:
    of_claim, of_resolution = ALLOWED[case]
    given: dict[str, Any] = {"outcome": "did_not", "as_of": DEADLINE, **of_resolution}
    source = SourceFactory(published=True)
    resolve(forecast(**of_claim), editor, **given, source=source)
    ResolutionFactory(claim=forecast(**of_claim), by=editor, source=source, **given)
    assert Resolution.objects.count() == 2


def test_nobody_resolves_their_own_forecast(editor: User) -> None:
    claim = forecast(author=editor)
    with pytest.raises(NotResolvable) as refusal:
        resolve(claim, editor)
    assert refusal.value.message_dict == {"claim": [forecasts.BY_ITS_AUTHOR]}
    with refused("partnerships_resolution_resolves_a_forecast", saying="somebody else has to say how it ended"):
        ResolutionFactory(claim=claim, by=editor)
    assert not Resolution.objects.exists()


def test_partner_resolves_nothing(partner: User) -> None:
    with pytest.raises(NotAllowed):
        resolve(forecast(), partner)


def test_forecast_is_resolved_once_and_then_corrected(editor: User, reviewer: User) -> None:
    claim = forecast()
    first = resolve(claim, editor)
    with pytest.raises(ValidationError, match="resolved already: correct what is recorded"):
        resolve(claim, reviewer, outcome="unresolvable")
    second = resolve(claim, reviewer, outcome="unresolvable", corrects=first)
    with pytest.raises(ValidationError, match="corrected already"):
        resolve(claim, editor, corrects=first)
    assert [*Resolution.objects.effective().filter(claim=claim)] == [second]


def test_resolution_of_a_public_forecast_is_announced(editor: User) -> None:
    claim = forecast()
    before = Change.objects.count()
    resolve(claim, editor)
    assert Change.objects.count() == before + 1
    assert Change.objects.latest("id").identifier == claim.public_id


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize("outcome", Outcome.values)
@pytest.mark.parametrize("valid", ["", "2025", "2025-07", "2025-06/..", "../2025-08"])
@pytest.mark.parametrize("review_by", [None, DEADLINE])
def test_python_and_the_database_agree(
    published: bool, outcome: str, valid: str, review_by: dt.date | None, editor: User
) -> None:
    claim = forecast(published=published, valid=valid, review_by=review_by)
    source = SourceFactory(published=True)
    for as_of in (dt.date(2025, 4, 1), PUBLISHED, dt.date(2025, 7, 15), DEADLINE, dt.date(2025, 12, 31)):
        said = why_not_resolved(claim, outcome=outcome, as_of=as_of, by=editor)
        given = {"claim": claim, "outcome": outcome, "as_of": as_of, "by": editor, "source": source}
        at = {"recorded_at": noon(dt.date(2026, 1, 5))}
        if said is None:
            with pytest.MonkeyPatch.context():
                ResolutionFactory(
                    **given, **at, corrects=Resolution.objects.filter(claim=claim).order_by("-id").first()
                )
        else:
            with refused("partnerships_resolution_resolves_a_forecast", saying=said[1]):
                ResolutionFactory(**given, **at)


@pytest.mark.parametrize(
    ("review_by", "valid", "deadline"),
    [
        (None, "", None),
        (DEADLINE, "", DEADLINE),
        (None, "2025", dt.date(2025, 12, 31)),
        (DEADLINE, "2025-07", DEADLINE),
        (DEADLINE, "2025", dt.date(2025, 12, 31)),
    ],
)
def test_deadline_is_the_later_of_the_two(review_by: Any, valid: str, deadline: Any) -> None:
    claim = forecast(review_by=review_by, valid=valid)
    claim.refresh_from_db()
    assert deadline_of(claim) == deadline


# What was foretold stays


def test_published_forecast_keeps_its_likelihood(editor: User) -> None:
    claim = forecast()
    with refused("partnerships_claim_forecast_stands", saying=forecasts.KEEPS_LIKELIHOOD):
        Claim.objects.filter(pk=claim.pk).update(likelihood="unlikely")
    with refused("partnerships_claim_forecast_stands", saying=forecasts.KEEPS_LIKELIHOOD):
        Claim.objects.filter(pk=claim.pk).update(likelihood="", kind="assessment")
    claim.likelihood = "almost_certain"

    with pytest.raises(ValidationError) as refusal:
        publishing_actions.revise(claim, by=editor, note="The news.")
    assert refusal.value.message_dict == {"likelihood": [forecasts.KEEPS_LIKELIHOOD]}


@pytest.mark.parametrize("kind", ["forecast", "assessment"])
@pytest.mark.parametrize(
    "state",
    [{}, {"withdrawn": True}, {"embargo_until": timezone.now() + DAY}],
    ids=["published", "withdrawn", "embargoed"],
)
def test_what_was_published_without_a_likelihood_gets_none(kind: str, state: dict[str, Any], editor: User) -> None:
    claim = forecast(kind=kind, likelihood="", **state)
    with refused("partnerships_claim_forecast_stands", saying=forecasts.GETS_NO_LIKELIHOOD):
        Claim.objects.filter(pk=claim.pk).update(kind="forecast", likelihood="likely")
    claim.kind, claim.likelihood = "forecast", "likely"
    with pytest.raises(ValidationError) as refusal:
        claim.full_clean()
    assert refusal.value.message_dict == {"likelihood": [forecasts.GETS_NO_LIKELIHOOD]}
    if claim.state == "published":
        with pytest.raises(ValidationError):
            publishing_actions.revise(claim, by=editor, note="How likely we hold it to be.")
    assert [*Claim.objects.values_list("likelihood", "version")] == [("", 1)]


def test_draft_may_think_again_and_be_published_with_what_it_thinks(editor: User, reviewer: User) -> None:
    draft: Any = forecast(published=False, likelihood="", author=editor)
    draft.likelihood = "unlikely"
    publishing_actions.save_draft(draft, by=editor)
    publishing_actions.publish(draft, act=Act(by=reviewer, at=timezone.now()))
    draft.statement = "It will happen, they say."
    publishing_actions.revise(draft, by=editor, note="Who says so.")
    assert [*Claim.objects.values_list("likelihood", "version")] == [("unlikely", 2)]


def test_desk_is_told_at_the_field_that_no_likelihood_is_added(desk: Callable[..., Page], editor: User) -> None:
    claim = forecast(likelihood="")
    sent = desk(editor, claim).send(likelihood="likely", what_changed="How likely we hold it to be.")
    assert sent.errors == {"likelihood": [forecasts.GETS_NO_LIKELIHOOD]}
    claim.refresh_from_db()
    assert claim.likelihood == ""


def test_forecast_without_a_likelihood_says_that_it_is_not_scored() -> None:
    said = "It was published without a likelihood, and so is not scored."
    assert said in words(page(forecast(likelihood="").get_absolute_url()))
    assert said not in words(page(forecast().get_absolute_url()))
    assert said not in words(page(forecast(kind="assessment", likelihood="").get_absolute_url()))


@pytest.mark.parametrize(
    "change",
    [{"review_by": DEADLINE + DAY}, {"valid": "2026"}, {"kind": "assessment"}],
    ids=str,
)
def test_resolved_forecast_keeps_all_by_which_it_was_judged(change: dict[str, Any]) -> None:
    claim = forecast(likelihood="")
    ResolutionFactory(claim=claim, outcome="did_not", as_of=DEADLINE, recorded_at=AT)
    with refused("partnerships_claim_forecast_stands", saying=forecasts.STAYS_AS_IT_WAS):
        Claim.objects.filter(pk=claim.pk).update(**change)


@pytest.mark.parametrize(
    "change", [{"review_by": DEADLINE + DAY}, {"valid": "2025-06/2099"}, {"valid": "2099"}], ids=str
)
def test_forecast_whose_time_is_over_gets_no_other(change: dict[str, Any], editor: User) -> None:
    claim: Any = forecast()
    with refused("partnerships_claim_forecast_stands", saying=forecasts.TIME_IS_OVER):
        Claim.objects.filter(pk=claim.pk).update(**change)
    for name, value in change.items():
        setattr(claim, name, value)
    with pytest.raises(ValidationError) as refusal:
        publishing_actions.revise(claim, by=editor, note="We wait.")
    assert refusal.value.message_dict == {"review_by": [forecasts.TIME_IS_OVER]}
    claim.refresh_from_db()
    claim.statement = "It will happen, they say."
    publishing_actions.revise(claim, by=editor, note="Who says so.")


def test_forecast_whose_time_runs_may_get_another(editor: User) -> None:
    claim: Any = forecast(review_by=timezone.now().date())
    claim.review_by += DAY
    publishing_actions.revise(claim, by=editor, note="The conference was moved.")
    assert Claim.objects.get().review_by == timezone.now().date() + DAY


def test_resolved_forecast_may_be_withdrawn_and_translated(editor: User, reviewer: User) -> None:
    claim: Any = forecast()
    ResolutionFactory(claim=claim, outcome="did_not", as_of=DEADLINE, recorded_at=AT)
    claim.statement_ar = "سيحدث."
    publishing_actions.revise(claim, by=editor, note="In Arabic.")
    publishing_actions.withdraw(claim, act=Act(by=reviewer, at=timezone.now()), note="It says too much.")
    assert Claim.objects.get().state == "withdrawn"


# What is shown


def test_claim_page_says_how_the_forecast_ended_as_known_on_a_day() -> None:
    claim = forecast()
    first = ResolutionFactory(claim=claim, outcome="did_not", as_of=DEADLINE, recorded_at=AT, reason="Nothing yet.")
    ResolutionFactory(
        claim=claim,
        outcome="came_about",
        as_of=DEADLINE,
        recorded_at=AT + 2 * DAY,
        reason="It was signed in August.",
        source=SourceFactory(published=True, title="The gazette"),
        corrects=first,
    )
    address = claim.get_absolute_url()
    now = words(page(address))
    assert "no source supports it Likely (55–80 %) Outcome: Came about Sources" in now, "at first sight"
    assert "Outcome: Came about It was signed in August. The gazette" in now
    assert "corrected since Outcome: Did not come about Nothing yet." in now
    between = words(page(address, as_of=str((AT + DAY).date())))
    assert "Likely (55–80 %) Outcome: Did not come about Sources" in between
    assert "Outcome: Did not come about Nothing yet." in between
    assert "It was signed" not in between
    assert "Nobody has recorded how this forecast ended." in words(page(address, as_of=str((AT - DAY).date())))


def test_page_of_a_forecast_costs_the_same_for_one_resolution_and_for_three() -> None:
    claim, last = forecast(), None

    def correct() -> None:
        nonlocal last
        source = SourceFactory(published=True)
        last = ResolutionFactory(
            claim=claim, outcome="came_about", as_of=START, recorded_at=AT, source=source, corrects=last
        )

    def costs() -> tuple[int, int]:
        found = []
        for address in (claim.get_absolute_url(), f"/api/v1/claims/{claim.public_id}/"):
            with CaptureQueriesContext(connection) as asked:
                assert Client().get(address).status_code == 200
            found.append(len(asked))
        return found[0], found[1]

    correct()
    first = costs()
    correct()
    correct()
    assert (first, costs()) == ((17, 6), (17, 6))


def test_claim_that_is_no_forecast_has_no_end() -> None:
    assert "How it ended" not in words(page(ClaimFactory(published=True).get_absolute_url()))


def test_source_that_was_withdrawn_is_named_no_more(reviewer: User) -> None:
    source = SourceFactory(published=True, title="Unmistakable gazette")
    claim = forecast()
    ResolutionFactory(claim=claim, outcome="came_about", as_of=DEADLINE, recorded_at=AT, source=source)
    api = f"/api/v1/claims/{claim.public_id}/"
    assert "Unmistakable gazette" in page(claim.get_absolute_url())
    assert Client().get(api).json()["resolutions"][0]["source"]["title"] == "Unmistakable gazette"
    publishing_actions.withdraw(source, act=Act(by=reviewer, at=timezone.now()), note="It was forged.")
    assert "Unmistakable gazette" not in page(claim.get_absolute_url())
    assert Client().get(api).json()["resolutions"][0]["source"] is None


def test_api_gives_resolutions_as_known_on_a_day() -> None:
    claim = forecast()
    ResolutionFactory(claim=claim, outcome="did_not", as_of=DEADLINE, recorded_at=AT, reason="Nothing yet.")
    address = f"/api/v1/claims/{claim.public_id}/"
    (resolution,) = Client().get(address).json()["resolutions"]
    assert (resolution["outcome"], resolution["as_of"], resolution["reason"], resolution["source"]) == (
        "did_not",
        "2025-08-31",
        "Nothing yet.",
        None,
    )
    assert "by" not in resolution
    assert Client().get(address, {"as_of": str((AT - DAY).date())}).json()["resolutions"] == []


def test_reader_role_sees_resolutions_of_what_is_public_alone() -> None:
    for kwargs in ({}, {"withdrawn": True}, {"embargo_until": timezone.now() + DAY}):
        ResolutionFactory(claim=forecast(**kwargs), outcome="did_not", as_of=DEADLINE, recorded_at=AT)
    assert Resolution.objects.count() == 3
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE majlis_reader")
        cursor.execute("SELECT count(*) FROM partnerships_resolution")
        assert cursor.fetchone() == (1,)
        cursor.execute("RESET ROLE")


# The desk


def test_desk_records_how_a_forecast_ended(editor: User) -> None:
    claim = forecast()
    client = Client()
    client.force_login(editor)
    assert add_address(Resolution, claim=claim.pk) in page(change_address(claim), client)
    sent = {
        "claim": claim.pk,
        "outcome": "did_not",
        "as_of": str(DEADLINE),
        "reason": "Nothing happened.",
        "language": "en",
    }
    early = client.post(add_address(Resolution), {**sent, "as_of": str(DEADLINE - DAY)})
    assert "On this day it could still come about." in early.content.decode()
    assert not Resolution.objects.exists()
    assert client.post(add_address(Resolution), sent).status_code == 302
    assert Resolution.objects.get().by == editor
    assert "Nothing happened." in page(change_address(claim), client)


def test_desk_offers_no_end_for_what_is_no_forecast(editor: User) -> None:
    client = Client()
    client.force_login(editor)
    assert "Record how it ended" not in page(change_address(ClaimFactory()), client)
