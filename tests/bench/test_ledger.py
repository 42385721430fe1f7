"""The measurement of a large ledger runs, over bases whose partnerships are all of the same size."""

import pytest
from django.db import connections
from django.utils import timezone

from partnerships.models import Citation, Claim, Review
from recommendations.queue import QueueKind, counts
from tests.bench.ledger import ASKED, FEW, Asked, Compared, compare
from tests.bench.many_claims import CITATIONS, INSTRUMENTS, ManyClaims
from tests.factories import UserFactory
from tests.support.pages import page, words

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def test_each_partnership_has_its_claims_and_their_page_shows_the_newest() -> None:
    ManyClaims(3, claims=40).write()
    assert Claim.objects.count() == 3 * 40
    assert Citation.objects.count() == 3 * (40 * CITATIONS + INSTRUMENTS)
    assert Review.objects.exists()
    for number in (1, 2, 3):
        said = words(page(f"/partnerships/partnership-{number}/"))
        assert "2 independent origins" in said
        assert "contradicts" in said


def test_both_bases_are_asked_in_turn() -> None:
    ManyClaims(FEW, claims=10).write()
    base = connections["default"]
    for asked in ASKED:
        compared = compare(asked, base, base, requests=4)
        assert len(compared.few) == len(compared.many) == 4
        assert connections["default"] is base
        assert str(compared).startswith(asked.kind)


def test_queue_has_claims_of_each_kind() -> None:
    ManyClaims(3, claims=40).write()
    by = UserFactory(groups=("editors",))
    assert {count.kind for count in counts(by, on=timezone.now().date())} >= {
        QueueKind.FORECAST,
        QueueKind.REVIEW,
        QueueKind.UNVERIFIED,
    }


def test_costs_are_compared_by_their_medians() -> None:
    compared = Compared(Asked("a page", "/", 1.2), [1.0, 2.0, 90.0], [2.0, 2.4, 3.0])
    assert compared.times == 1.2
    assert not compared.is_too_slow
    assert Compared(Asked("a page", "/", 1.1), compared.few, compared.many).is_too_slow
