"""Two people work on one forecast at the same moment."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partnerships import actions
from partnerships.models import Claim, Resolution
from publishing.acting import Act
from tests.factories import AS_OF, ClaimFactory, UserFactory, noon
from tests.support.concurrency import Session

PATIENCE = 10
AT = noon(AS_OF)


def resolve(claim: Claim, outcome: str = "unresolvable") -> Resolution:
    by = UserFactory(is_superuser=True, is_staff=True)
    return actions.record_resolution(
        claim, outcome=outcome, as_of=AS_OF, reason="It cannot be said.", act=Act(by=by, at=AT)
    )


def test_two_who_resolve_at_once_leave_one_resolution(session: Session) -> None:
    claim = ClaimFactory(published=True, kind="forecast", likelihood="likely")
    with transaction.atomic():
        resolve(claim)
        other = session.run(lambda: resolve(claim))
        session.wait_until_it_waits()
    with pytest.raises(ValidationError, match="resolved already"):
        other.result(PATIENCE)
    assert Resolution.objects.count() == 1


def test_forecast_does_not_change_while_it_is_resolved(session: Session) -> None:
    claim = ClaimFactory(published=True, kind="forecast", likelihood="likely")

    def foretell_with_hindsight() -> None:
        Claim.objects.filter(pk=claim.pk).update(valid="2099", version=2, version_note="As we said.")

    with transaction.atomic():
        resolve(claim)
        other = session.run(foretell_with_hindsight)
        session.wait_until_it_waits()
    with pytest.raises(IntegrityError, match="This forecast is resolved"):
        other.result(PATIENCE)
    assert Claim.objects.get().valid == ""
