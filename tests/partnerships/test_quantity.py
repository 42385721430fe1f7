"""The quantity of a claim, in words."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from partnerships.models import Claim
from partnerships.quantity import quantity_of
from partnerships.templatetags.quantities import quantity


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"quantity_min": 650, "quantity_max": 650, "unit": "military personnel"}, "650"),
        (
            {
                "quantity_min": 650,
                "quantity_max": 650,
                "quantity_approximate": True,
                "unit": "military personnel",
            },
            "about 650",
        ),
        ({"quantity_min": 4500, "quantity_max": 5000, "unit": "troops"}, "4,500 to 5,000"),
        ({"quantity_min": 4500, "unit": "troops"}, "at least 4,500"),
        ({"quantity_max": 4500, "unit": "troops"}, "at most 4,500"),
        ({"quantity_min": 2_000_000_000, "quantity_max": 2_000_000_000, "currency": "USD"}, "US$2 billion"),
        ({"quantity_min": 1_500_000, "quantity_max": 1_500_000, "currency": "USD"}, "US$1.5 million"),
        ({"quantity_min": 1_234_567, "quantity_max": 1_234_567, "currency": "EUR"}, "€1,234,567"),
        ({"quantity_min": 10_000_000, "quantity_max": 10_000_000, "currency": "QAR"}, "QAR 10 million"),
        ({"quantity_min": Decimal("2.50"), "quantity_max": Decimal("2.50"), "unit": "per cent"}, "2.5"),
    ],
)
def test_quantity_is_said_in_words(given: dict[str, Any], expected: str) -> None:
    found = quantity_of(Claim(**given))
    assert found is not None
    assert found.words == expected


@pytest.mark.parametrize(("language", "expected"), [("tr", "2 milyar ABD doları"), ("ar", "2 مليار دولار أمريكي")])
def test_money_is_said_in_the_language_of_the_page(language: str, expected: str) -> None:
    claim = Claim(quantity_min=2_000_000_000, quantity_max=2_000_000_000, currency="USD")
    with translation.override(language):
        found = quantity_of(claim)
    assert found is not None
    assert found.words == expected


def test_claim_without_amount_has_no_quantity() -> None:
    assert quantity_of(Claim()) is None
    assert quantity(Claim()) == ""


def test_unknown_unit_keeps_its_language() -> None:
    claim = Claim(quantity_min=3, quantity_max=3, unit="field hospitals", original_language="en")
    assert quantity(claim) == "<bdi>3</bdi> field hospitals"
    with translation.override("tr"):
        assert quantity(claim) == '<bdi>3</bdi> <span lang="en" dir="ltr">field hospitals</span>'
