"""The measurement of a large ledger runs, over bases whose partnerships are all of the same size."""

import pytest
from django.db import connections

from partnerships.models import Citation, Claim, Review
from tests.bench.ledger import Compared, addresses, compare
from tests.bench.many_claims import CITATIONS, INSTRUMENTS, ManyClaims
from tests.pages import page, words

pytestmark = pytest.mark.django_db


def test_each_partnership_has_its_claims_and_their_page_shows_the_newest() -> None:
    ManyClaims(3, claims=40).write()
    assert Claim.objects.count() == 3 * 40
    assert Citation.objects.count() == 3 * (40 * CITATIONS + INSTRUMENTS)
    assert Review.objects.exists()
    for address in addresses(3):
        said = words(page(address))
        assert "2 independent origins" in said
        assert "contradicts" in said


def test_both_bases_are_asked_in_turn() -> None:
    ManyClaims(3, claims=20).write()
    base = connections["default"]
    compared = compare("a page", "", base, base, addresses(3), requests=4)
    assert len(compared.few) == len(compared.many) == 4
    assert connections["default"] is base
    assert str(compared).startswith("a page ")


def test_costs_are_compared_by_their_medians() -> None:
    assert Compared("a page", [1.0, 2.0, 90.0], [2.0, 2.4, 3.0]).times == 1.2
