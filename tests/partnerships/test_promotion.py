"""A rumoured pact is a claim; it becomes an instrument only if it is corroborated or better."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from partnerships import actions
from partnerships.actions import NotEstablished
from partnerships.models import Claim, Instrument
from publishing import actions as publishing_actions
from publishing.acting import Act
from publishing.refusals import NothingSaid, RefersToUnpublished
from tests.factories import (
    AS_OF,
    CitationFactory,
    ClaimFactory,
    InstrumentFactory,
    PartnershipFactory,
    ReviewFactory,
    SourceFactory,
    noon,
)
from tests.support.refusal import refused

RULE = "partnerships_instrument_rests_on_an_established_claim"
AT = noon(AS_OF)

pytestmark = pytest.mark.django_db


def rumour(*statuses: str, **attributes: Any) -> Claim:
    """A claim that a pact exists, about one partnership, reviewed with one status a day."""
    public = {"published": True} if "published" in attributes else {}
    partnership = PartnershipFactory(**public)
    claim: Claim = ClaimFactory(kind="agreement", partnerships=[partnership], **attributes)
    for days, status in enumerate(statuses):
        ReviewFactory(claim=claim, status=status, as_of=AS_OF + dt.timedelta(days=days))
    return claim


def promote(claim: Claim, by: User, **said: Any) -> Instrument:
    instrument = Instrument(partnership=claim.partnerships.get(), name_en="The Pact", slug="pact")
    return actions.promote(claim, instrument, act=Act(by=by, at=AT), **said)


def at_once() -> None:
    """Has deferred rules judged now, as a commit would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize("status", ["corroborated", "officially_confirmed"])
def test_established_claim_becomes_an_instrument_with_its_sources(status: str, editor: User) -> None:
    claim = rumour("unverified", status)
    CitationFactory(claim=claim, quotation="They signed.", source_reliability="B", locator="p. 3")
    CitationFactory(claim=claim, stance="contradicts")
    supporting = claim.citations.filter(stance="supports")
    instrument = promote(claim, editor)
    at_once()
    kept = Instrument.objects.with_status().with_origins().get()
    assert (kept, kept.promoted_from, kept.status) == (instrument, claim, "unknown")
    assert kept.origins == Claim.objects.with_origins().get().origins == supporting.count()
    columns = ("source", "locator", "quotation", "source_reliability", "information_credibility", "independence_group")
    assert [*kept.citations.order_by("pk").values(*columns)] == [*supporting.order_by("pk").values(*columns)]


@pytest.mark.parametrize(
    "statuses",
    [
        [],
        ["unverified"],
        ["disputed"],
        ["refuted"],
        ["corroborated", "disputed"],
        ["officially_confirmed", "retracted"],
    ],
)
def test_what_is_not_established_by_now_is_refused_with_what_is_missing(statuses: list[str], editor: User) -> None:
    claim = rumour(*statuses)
    claim.citations.all().delete()
    CitationFactory(claim=claim)
    with pytest.raises(NotEstablished) as refusal:
        promote(claim, editor)
    (said,) = refusal.value.messages
    assert "Corroborated: 1 of 2 independent origins, Officially confirmed: the word of 0 of 1 party." in said
    assert not Instrument.objects.exists()


def test_claim_of_another_kind_is_refused(editor: User) -> None:
    claim = rumour("corroborated")
    Claim.objects.filter(pk=claim.pk).update(kind="forecast")
    with pytest.raises(NotEstablished, match="of the kind “Forecast”"):
        promote(claim, editor)


def test_claim_about_another_partnership_is_refused(editor: User) -> None:
    claim = rumour("corroborated")
    elsewhere = Instrument(partnership=PartnershipFactory(), name_en="The Pact", slug="pact")
    with pytest.raises(NotEstablished) as refusal:
        actions.promote(claim, elsewhere, act=Act(by=editor, at=AT))
    assert list(refusal.value.error_dict) == ["partnership"]


def test_public_partnership_says_what_changed_and_names_no_draft(editor: User) -> None:
    claim = rumour("corroborated", published=True)
    with pytest.raises(NothingSaid):
        promote(claim, editor)
    promote(claim, editor, note="The pact is corroborated.")
    partnership = claim.partnerships.get()
    assert (partnership.version, partnership.version_note) == (2, "The pact is corroborated.")

    hidden = ClaimFactory(kind="agreement", partnerships=[partnership])
    ReviewFactory(claim=hidden, status="corroborated")
    instrument = Instrument(partnership=partnership, name_en="Another", slug="another")
    with pytest.raises(RefersToUnpublished):
        actions.promote(hidden, instrument, act=Act(by=editor, at=AT), note="Another one.")


def test_withdrawn_source_is_not_taken_over(editor: User, reviewer: User) -> None:
    claim = rumour("corroborated")
    source = CitationFactory(claim=claim, source=SourceFactory(published=True)).source
    publishing_actions.withdraw(source, act=Act(by=reviewer, at=AT), note="It rested on a misreading.")
    assert source.pk not in promote(claim, editor).citations.values_list("source", flat=True)


# At the database


@pytest.mark.parametrize("statuses", [[], ["unverified"], ["refuted"], ["superseded"]])
def test_no_sql_makes_a_rumour_an_instrument(statuses: list[str]) -> None:
    claim, instrument = rumour(*statuses), InstrumentFactory()
    with refused(RULE):
        Instrument.objects.filter(pk=instrument.pk).update(promoted_from=claim)
        at_once()
    with refused(RULE):
        Instrument.objects.create(
            partnership=instrument.partnership, name_en="The Pact", slug="pact", promoted_from=claim
        )
        at_once()


def test_review_that_was_recorded_by_mistake_establishes_nothing() -> None:
    claim, instrument = rumour("corroborated"), InstrumentFactory()
    ReviewFactory(claim=claim, status="unverified", corrects=claim.reviews.get())
    with refused(RULE):
        Instrument.objects.filter(pk=instrument.pk).update(promoted_from=claim)
        at_once()


def test_what_becomes_of_the_claim_later_takes_nothing_back(editor: User) -> None:
    claim = rumour("corroborated")
    instrument: Any = promote(claim, editor)
    ReviewFactory(claim=claim, status="superseded", as_of=AS_OF + dt.timedelta(days=9))
    instrument.name_en = "The Pact, as signed"
    instrument.save()
    at_once()
    assert Instrument.objects.get().promoted_from == claim


def test_order_within_a_transaction_does_not_matter() -> None:
    claim, instrument = rumour(), InstrumentFactory()
    Instrument.objects.filter(pk=instrument.pk).update(promoted_from=claim)
    ReviewFactory(claim=claim, status="corroborated")
    at_once()
    assert Instrument.objects.get(pk=instrument.pk).promoted_from == claim
