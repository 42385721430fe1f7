"""The stored present status of a claim, compared with a plain reading of all its records."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import OrderBy
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.models import Claim, CurrentVerification, Resolution, Review
from publishing.api.collection import PUBLISHED_AT
from publishing.api.ordering import Column
from publishing.publication import PublicationState
from tests.factories import AS_OF, ClaimFactory, ResolutionFactory, ReviewFactory, UserFactory, noon

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
DAYS = st.integers(0, 4).map(lambda number: AS_OF + number * DAY)
STATUSES = st.sampled_from(["unassessed", "unverified", "disputed", "corroborated", "refuted"])


def plain(claim: Claim) -> dict[str, Any]:
    """Where `claim` stands, by its records one after another."""
    reviews = list(Review.objects.filter(claim=claim))
    corrected = {review.corrects_id for review in reviews}
    standing = [review for review in reviews if review.pk not in corrected]
    last = max(standing, key=lambda review: (review.as_of, review.recorded_at, review.pk), default=None)
    published = [claim.published_at.date()] if claim.published_at else []
    looked = [*published, *([last.as_of] if last else [])]
    if claim.kind == "forecast":
        days = [day for day in (claim.review_by, claim.valid_latest) if day]
        due = max(days, default=None) if not Resolution.objects.filter(claim=claim).exists() else None
    else:
        due = claim.review_by if claim.review_by and not (last and last.as_of >= claim.review_by) else None
    return {
        "claim_id": claim.pk,
        "review_id": last.pk if last else None,
        "status": last.status if last else "unassessed",
        "is_forecast": claim.kind == "forecast",
        "is_opinion": claim.kind in ("rationale", "assessment", "forecast"),
        "public_from": claim.published_at if claim.state == PublicationState.PUBLISHED else None,
        "looked_on": max(looked, default=None),
        "due_on": due,
    }


def kept(claim: Claim) -> dict[str, Any]:
    return dict(CurrentVerification.objects.values().get(pk=claim.pk))


@settings(max_examples=40)
@given(
    kind=st.sampled_from(["forecast", "occurrence", "rationale"]),
    review_by=st.none() | DAYS,
    valid=st.sampled_from(["", "2022", "2026-01"]),
    reviews=st.lists(st.tuples(STATUSES, DAYS, st.integers(0, 9)), max_size=5),
    published=st.booleans(),
)
def test_standing_says_what_the_records_say(
    kind: str, review_by: dt.date | None, valid: str, reviews: list[tuple[str, dt.date, int]], published: bool
) -> None:
    with transaction.atomic():
        at_first = review_by if kind == "forecast" else None  # its time is over, and stays
        claim = ClaimFactory(kind=kind, valid=valid, published=published, review_by=at_first)
        made: list[Review] = []
        for number, (status, day, which) in enumerate(reviews):
            at = noon(AS_OF + 9 * DAY) + number * dt.timedelta(minutes=1)
            # Of ten draws, four correct an earlier one that nobody corrected yet.
            open_ones = [one for one in made if not one.corrections.exists()]
            corrects = open_ones[which % len(open_ones)] if open_ones and which < 4 else None
            made.append(ReviewFactory(claim=claim, status=status, as_of=day, recorded_at=at, corrects=corrects))
            assert kept(claim) == plain(Claim.objects.get(pk=claim.pk))
        if review_by != at_first:
            Claim.objects.filter(pk=claim.pk).update(review_by=review_by, version_note="Its date is set.")
        claim = Claim.objects.get(pk=claim.pk)
        assert kept(claim) == plain(claim)
        now, then = (Claim.objects.with_status(as_of=day).get(pk=claim.pk).status for day in (None, dt.date.max))
        assert now == then
        transaction.set_rollback(True)


def test_resolved_forecast_is_due_no_more() -> None:
    forecast = ClaimFactory(published=True, kind="forecast", likelihood="likely", review_by=AS_OF)
    assert kept(forecast)["due_on"] == AS_OF
    ResolutionFactory(claim=forecast)
    assert kept(forecast) == plain(forecast)
    assert kept(forecast)["due_on"] is None


def test_withdrawn_claim_is_published_no_more() -> None:
    claim = ClaimFactory(published=True)
    assert kept(claim)["public_from"] == claim.published_at
    Claim.objects.filter(pk=claim.pk).update(
        state=PublicationState.WITHDRAWN, withdrawn_at=noon(AS_OF), withdrawal_note="It was a mistake."
    )
    assert kept(claim)["public_from"] is None


def test_claim_is_public_from_the_end_of_its_embargo() -> None:
    until = noon(AS_OF + 400 * DAY)
    claim = ClaimFactory(published=True, embargo_until=until)
    assert kept(claim)["public_from"] == until


def test_standing_goes_with_its_draft() -> None:
    claim = ClaimFactory()
    claim.delete()
    assert not CurrentVerification.objects.exists()


def test_reader_may_not_keep_standings() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('majlis_reader', 'partnerships_keep_current_verification(bigint)', 'EXECUTE')"
        )
        assert cursor.fetchone() == (False,)


@pytest.fixture
def many() -> None:
    author = UserFactory()
    Claim.objects.bulk_create(
        [ClaimFactory.build(author=author, statement_en=f"Claim {number}.") for number in range(1500)]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE partnerships_claim, partnerships_currentverification")


@pytest.mark.usefixtures("many")
def test_list_by_status_walks_an_index() -> None:
    """A status that few of many claims have is found without going through the others."""
    ReviewFactory(claim=ClaimFactory(), status="disputed")
    asked = Claim.objects.with_status().filter(status="disputed").order_by("-pk")[:20]
    assert "claim_by_status" in asked.explain()


@pytest.mark.usefixtures("many")
def test_order_of_the_api_is_an_index() -> None:
    sorted_by: list[Any] = [
        column.expression(descending=True, for_the_desk=True) for column in (PUBLISHED_AT, Column("public_id", str))
    ]
    newest = [OrderBy(expression, descending=True) for expression in sorted_by]
    assert "claim_newest_first" in Claim.objects.order_by(*newest)[:20].explain()
