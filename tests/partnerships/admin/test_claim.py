"""The desk's page of a claim: the needs of its statuses, possible common origins, and its promotion to an instrument."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from partnerships.models import Claim, Instrument, InstrumentAction, OfficialPosition, Resolution, Review
from publishing.desk.addresses import change_address
from tests.factories import (
    ActorFactory,
    CitationFactory,
    ClaimFactory,
    InstrumentFactory,
    OriginDecisionFactory,
    PartnershipFactory,
    ReviewFactory,
    SourceFactory,
)
from tests.support.desk import Page

Desk = Callable[..., Page]
ClientOf = Callable[[User], Client]

DISPATCH = "Pakistan and Qatar have agreed on a pact that lets each station troops in the other, officials said."
REPEATED = "Pakistan and Qatar have agreed on a pact that lets each station its troops in the other, officials told us."

pytestmark = pytest.mark.django_db


def labels(page: Page) -> dict[str, str]:
    """The statuses that the form of a review offers, with their words."""
    return dict(page.response.context["adminform"].form.fields["status"].choices)


def address(name: str, claim: Claim, query: str = "") -> str:
    return reverse(f"admin:partnerships_claim_{name}", args=[claim.pk]) + query


# Before a review is saved


def test_form_of_a_review_shows_what_each_status_needs_and_what_is_there(desk: Desk, editor: User) -> None:
    claim = ClaimFactory()
    CitationFactory.create_batch(2, claim=claim, independence_group="agency")
    offered = labels(desk(editor, Review, claim=claim.pk))
    assert offered["corroborated"] == "Corroborated (1 of 2 independent origins)"
    assert offered["officially_confirmed"] == "Officially confirmed (the word of 0 of 1 party)"
    assert offered["unverified"] == "Unverified"
    said = desk(editor, Review, claim=claim.pk).response.content.decode()
    assert "Corroborated: 1 of 2 independent origins; Officially confirmed: the word of 0 of 1 party." in said
    CitationFactory(claim=claim)
    assert labels(desk(editor, Review, claim=claim.pk))["corroborated"] == "Corroborated (2 of 2 independent origins)"


@pytest.mark.parametrize("given", [{}, {"claim": "0"}])
def test_form_of_a_review_of_no_claim_yet_shows_what_is_needed(given: Any, desk: Desk, editor: User) -> None:
    offered = labels(desk(editor, Review, **given))
    assert offered["corroborated"] == "Corroborated (needs 2 independent origins)"
    assert offered["officially_confirmed"] == "Officially confirmed (needs the word of 1 party)"


def test_form_counts_what_could_be_read_on_the_day(desk: Desk, editor: User) -> None:
    claim = ClaimFactory()
    CitationFactory(claim=claim, source=SourceFactory(date="2025-06-02"))
    page = desk(editor, Review, claim=claim.pk, as_of="2025-06-01")
    assert labels(page)["corroborated"] == "Corroborated (0 of 2 independent origins)"


def test_refused_status_stands_at_its_field_with_what_was_typed(desk: Desk, editor: User) -> None:
    claim = ClaimFactory()
    CitationFactory.create_batch(2, claim=claim, independence_group="agency")
    page = desk(editor, Review, claim=claim.pk).send(status="corroborated", reason="Two articles.", as_of="2025-06-01")
    ((name, (said,)),) = page.errors.items()
    assert name == "status"
    assert said.startswith("“Corroborated” needs supporting citations of two independent origins, and there is 1.")
    assert page.fields["reason"] == "Two articles."
    assert not Review.objects.exists()


def test_withdrawn_source_is_refused_at_its_row(desk: Desk, editor: User) -> None:
    claim, gone = ClaimFactory(), SourceFactory(withdrawn=True, title="A misreading")
    page = desk(editor, claim)
    page.add_row(
        "citations",
        source=gone.pk,
        stance="supports",
        independence_group="agency",
        source_reliability="F",
        information_credibility="6",
    )
    assert page.send().errors == {
        "citations-0-source": ["“A misreading” was withdrawn: cite another source, or have it published again first."]
    }


def test_page_of_a_claim_shows_what_it_rests_on(desk: Desk, editor: User) -> None:
    claim = CitationFactory().claim
    rests_on = desk(editor, claim).response.context["panels"][0]
    assert [[str(cell) for cell in row.cells] for row in rests_on.rows] == [
        ["Corroborated", "1 of 2 independent origins", "lacking"],
        ["Officially confirmed", "the word of 0 of 1 party", "lacking"],
    ]


# One origin


def alike(**attributes: Any) -> Claim:
    claim: Claim = ClaimFactory(**attributes)
    public = {"published": True} if claim.published_at else {}
    for group, words in (("agency", DISPATCH), ("daily", REPEATED)):
        source = SourceFactory(**public, title=f"The {group}")
        CitationFactory(claim=claim, source=source, quotation=words, independence_group=group)
    return claim


def test_likeness_is_proposed_and_decided_by_one_button(desk: Desk, editor: User, client_of: ClientOf) -> None:
    claim = alike()
    proposed = desk(editor, claim).response.context["panels"][1]
    (tool,) = [tool for row in proposed.rows for tool in row.tools]
    client = client_of(editor)
    shown = client.get(tool.url).content.decode()
    assert "The agency" in shown
    assert "officials told us." in shown
    response = client.post(tool.url, {}, follow=True)
    assert response.redirect_chain == [(change_address(claim), 302)]
    assert {citation.independence_group for citation in claim.citations.all()} == {"agency"}
    assert [str(panel.title) for panel in response.context["panels"]] == [
        "What it rests on",
        "What was decided on its origins",
        "Reviews of its truth",
        "What governments say",
    ]


def test_independence_is_kept_with_its_reason_and_may_be_decided_otherwise(
    desk: Desk, editor: User, client_of: ClientOf
) -> None:
    claim = alike(published=True)
    where, client = address("one_origin", claim, "?group=agency&group=daily"), client_of(editor)
    refused = client.post(where, {"_independent": "1", "reason": ""})
    assert refused.context["form"].errors == {"reason": ["Say why they are independent of each other."]}
    response = client.post(where, {"_independent": "1", "reason": "Both spoke to the minister."}, follow=True)
    assert response.redirect_chain == [(change_address(claim), 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "These origins are kept apart, and are not proposed as one again."
    ]
    claim.refresh_from_db()
    assert claim.version == 1
    titles = [str(panel.title) for panel in response.context["panels"]]
    assert "Perhaps one origin: these quotations are nearly the same" not in titles
    panel = response.context["panels"][titles.index("What was decided on its origins")]
    (row,) = panel.rows
    assert [str(cell) for cell in row.cells[:4]] == [
        "Independent of each other",
        "agency, daily",
        "Both spoke to the minister.",
        editor.get_username(),
    ]
    ((label, url),) = [(str(tool.label), tool.url) for tool in row.tools]
    assert (label, row.struck) == ("Decide otherwise", False)
    client.post(url, {"what_changed": "Both repeat one dispatch."})
    assert {citation.independence_group for citation in claim.citations.all()} == {"agency"}
    rows = desk(editor, claim).response.context["panels"][1].rows
    assert [(str(row.cells[0]), row.struck, [*row.tools]) for row in rows] == [
        ("One origin", False, []),
        ("Independent of each other", True, []),
    ]


def test_independence_is_told_to_nobody_outside() -> None:
    claim = alike(published=True)
    OriginDecisionFactory(claim=claim, reason="Unmistakable reason")
    for where in (claim.get_absolute_url(), f"/api/v1/claims/{claim.public_id}/", "/api/v1/changes/"):
        assert "Unmistakable reason" not in Client().get(where).content.decode()


def test_corroborated_claim_that_loses_its_grounds_is_to_be_reviewed(editor: User, client_of: ClientOf) -> None:
    claim = alike(published=True)
    ReviewFactory(claim=claim, status="corroborated")
    where = address("one_origin", claim, "?group=agency&group=daily")
    response = client_of(editor).post(where, {"what_changed": "Both repeat one dispatch."}, follow=True)
    said = " ".join(str(message) for message in response.context["messages"])
    assert "there is 1" in said
    assert "Record a new review of the claim." in said
    claim.refresh_from_db()
    assert (claim.version, claim.version_note) == (2, "Both repeat one dispatch.")
    page = client_of(editor).get(claim.get_absolute_url()).content.decode()
    assert "Corroborated, and to be looked at again" in page


def test_public_claim_needs_its_note(editor: User, client_of: ClientOf) -> None:
    claim = alike(published=True)
    response = client_of(editor).post(address("one_origin", claim, "?group=agency&group=daily"), {"what_changed": " "})
    assert response.context["form"].errors == {"what_changed": ["This field is required."]}
    assert claim.citations.filter(independence_group="daily").exists()


@pytest.mark.parametrize("query", ["", "?group=agency", "?group=agency&group=none"])
def test_groups_that_are_not_there_are_refused(query: str, editor: User, client_of: ClientOf) -> None:
    claim = alike()
    response = client_of(editor).post(address("one_origin", claim, query), {})
    assert response.status_code == 200
    assert "look again" in response.content.decode()
    assert claim.citations.filter(independence_group="daily").exists()


@pytest.mark.parametrize("name", ["one_origin", "promote"])
def test_convenors_decide_nothing_about_claims(name: str, convenor: User, client_of: ClientOf) -> None:
    claim = alike()
    assert client_of(convenor).post(address(name, claim, "?group=agency&group=daily"), {}).status_code == 403
    assert client_of(convenor).get(address(name, ClaimFactory.build(pk=claim.pk + 9))).status_code in {403, 404}


# An instrument


def test_corroborated_claim_is_entered_as_an_instrument(desk: Desk, editor: User, client_of: ClientOf) -> None:
    claim = ClaimFactory(
        kind="agreement", partnerships=[PartnershipFactory()], original_language="tr", statement="Var."
    )
    ReviewFactory(claim=claim, status="corroborated")
    (tool,) = desk(editor, claim).response.context["tools"]
    assert tool.url == address("promote", claim)
    client = client_of(editor)
    assert client.get(tool.url).context["form"].initial == {}
    given = {"partnership": claim.partnerships.get().pk, "slug": "pakt", "type": "treaty", "binding": "yes"}
    response = client.post(tool.url, {**given, "name": "Pakt"})
    instrument: Any = Instrument.objects.get()
    assert (response.status_code, response["Location"]) == (302, change_address(instrument))
    assert (instrument.name_tr, instrument.name_en, instrument.promoted_from) == ("Pakt", None, claim)
    again = client.post(tool.url, {**given, "name": "Pakt"})
    link = f'<a href="{change_address(instrument)}">Pakt</a>'
    assert again.context["form"].errors == {"slug": [f"“{link}” has this already (pakt)."]}


def test_rumour_is_refused_with_what_is_missing(editor: User, client_of: ClientOf) -> None:
    claim = ClaimFactory(kind="agreement", partnerships=[PartnershipFactory()])
    given = {"partnership": claim.partnerships.get().pk, "slug": "pact", "type": "treaty", "binding": "yes"}
    response = client_of(editor).post(address("promote", claim), {**given, "name": "The Pact"})
    (said,) = response.context["form"].non_field_errors()
    assert said.startswith("It is Unassessed. Only a claim that is corroborated or officially confirmed becomes")
    assert response.context["form"]["name"].value() == "The Pact"
    assert not Instrument.objects.exists()


def test_claim_of_another_kind_offers_no_instrument(desk: Desk, editor: User) -> None:
    assert desk(editor, ClaimFactory(kind="forecast")).response.context["tools"] == []


def test_instrument_of_a_rumour_is_refused_before_anybody_is_told_that_it_is_saved(desk: Desk, editor: User) -> None:
    claim, partnership = ClaimFactory(kind="agreement"), PartnershipFactory()
    page = desk(editor, Instrument, partnership=partnership.pk)
    page.send(name_en="The Pact", slug="pact", partnership=partnership.pk, promoted_from=claim.pk)
    assert page.errors == {
        "promoted_from": ["Only a claim that is corroborated or officially confirmed becomes an instrument."]
    }
    assert [str(message) for message in page.response.context["messages"]] == []
    assert not Instrument.objects.exists()


# What cannot be


def test_impossible_day_of_an_act_is_said_once(desk: Desk, editor: User) -> None:
    instrument = InstrumentFactory()
    page = desk(editor, InstrumentAction, instrument=instrument.pk).send(type="signed", date="2025-02-30")
    ((name, messages),) = page.errors.items()
    assert (name, len(messages)) == ("date", 1)


def test_quantity_up_to_less_than_nothing_is_refused_at_its_field(desk: Desk, editor: User) -> None:
    page = desk(editor, Claim).send(statement_en="Fewer than none.", kind="presence", quantity_max="-5", unit="troops")
    assert page.errors == {"quantity_max": ["A quantity is not negative."]}


@pytest.mark.parametrize("model", [OfficialPosition, Resolution])
def test_withdrawn_source_of_a_record_is_refused_at_its_field(model: Any, desk: Desk, editor: User) -> None:
    claim = ClaimFactory(kind="forecast", published=True)
    gone = SourceFactory(withdrawn=True, title="A misreading")
    said: dict[str, Any] = {"government": ActorFactory(published=True).pk, "position": "denied"}
    if model is Resolution:
        said = {"outcome": "unresolvable", "reason": "Nobody can tell."}
    page = desk(editor, model, claim=claim.pk).send(source=gone.pk, as_of="2025-06-01", **said)
    assert page.errors == {
        "source": ["“A misreading” was withdrawn: cite another source, or have it published again first."]
    }


def test_day_of_the_next_look_is_set_without_a_note_and_told_by_itself(desk: Desk, editor: User) -> None:
    claim = ClaimFactory(published=True, original_language="tr", statement="Var.")
    assert desk(editor, claim).send(review_by="2031-05-03").errors == {}
    claim.refresh_from_db()
    assert (claim.review_by, claim.version) == (dt.date(2031, 5, 3), 2)
    assert claim.version_note != ""
    page = desk(editor, claim).send(review_by="2032-05-03", context_tr="Söylendi.")
    assert list(page.errors) == ["what_changed"]
