"""Two records of one claim at the same moment: the stored status includes both."""

import datetime as dt

from django.db import transaction

from partnerships.models import CurrentVerification
from tests.factories import AS_OF, ClaimFactory, ReviewFactory, noon
from tests.support.concurrency import Session
from tests.support.patience import PATIENCE

DAY = dt.timedelta(days=1)


def test_two_reviews_at_once_are_taken_in_turn(session: Session) -> None:
    claim = ClaimFactory()
    with transaction.atomic():
        ReviewFactory(claim=claim, status="unverified", as_of=AS_OF, recorded_at=noon(AS_OF))
        other = session.run(
            lambda: ReviewFactory(claim=claim, status="disputed", as_of=AS_OF + DAY, recorded_at=noon(AS_OF + DAY))
        )
        session.wait_until_it_waits()
    other.result(PATIENCE)
    assert CurrentVerification.objects.get(pk=claim.pk).status == "disputed"
