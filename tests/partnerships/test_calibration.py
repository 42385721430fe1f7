"""The calibration of forecasts: the numbers, compared with a plain computation, and the page that shows them."""

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.calibration import FEW_RESOLVED, RANGES, calibration
from partnerships.models import Claim, Likelihood, Resolution
from tests.factories import ClaimFactory, ResolutionFactory, SourceFactory, noon
from tests.support.pages import page, words

pytestmark = pytest.mark.django_db

DEADLINE = dt.date(2025, 8, 31)
AT = noon(dt.date(2025, 12, 1))
DAY = dt.timedelta(days=1)
PAGE = "/claims/calibration/"


def forecast(likelihood: str, outcome: str = "", **kwargs: Any) -> Claim:
    """A forecast, resolved with `outcome` where one is given."""
    claim: Claim = ClaimFactory(
        **{"published": True, "kind": "forecast", "likelihood": likelihood, "review_by": DEADLINE, **kwargs}
    )
    if outcome:
        source = SourceFactory(published=True) if outcome == "came_about" else None
        ResolutionFactory(claim=claim, outcome=outcome, as_of=DEADLINE, recorded_at=AT, source=source)
    return claim


def figures(user: Any = None, **kwargs: Any) -> dict[str, tuple[int, int, Decimal | None]]:
    return {
        band.likelihood.value: (band.came_about, band.did_not, band.score)
        for band in calibration(user, **kwargs).bands
        if band.resolved
    }


def test_bands_are_those_of_icd_203() -> None:
    assert {likelihood.value: ends for likelihood, ends in RANGES.items()} == {
        "almost_no_chance": (1, 5),
        "very_unlikely": (5, 20),
        "unlikely": (20, 45),
        "roughly_even": (45, 55),
        "likely": (55, 80),
        "very_likely": (80, 95),
        "almost_certain": (95, 99),
    }
    assert [*RANGES] == [*Likelihood]
    for likelihood, (low, high) in RANGES.items():
        assert f"({low}–{high} %)" in str(likelihood.label)


@pytest.mark.parametrize(
    ("likelihood", "came_about", "did_not"),
    [
        ("almost_no_chance", Decimal("0.9409"), Decimal("0.0009")),
        ("very_unlikely", Decimal("0.765625"), Decimal("0.015625")),
        ("unlikely", Decimal("0.455625"), Decimal("0.105625")),
        ("roughly_even", Decimal("0.25"), Decimal("0.25")),
        ("likely", Decimal("0.105625"), Decimal("0.455625")),
        ("very_likely", Decimal("0.015625"), Decimal("0.765625")),
        ("almost_certain", Decimal("0.0009"), Decimal("0.9409")),
    ],
)
def test_score_of_one_forecast(likelihood: str, came_about: Decimal, did_not: Decimal) -> None:
    claim = forecast(likelihood, "came_about")
    assert figures() == {likelihood: (1, 0, came_about)}
    ResolutionFactory(
        claim=claim, outcome="did_not", as_of=DEADLINE, recorded_at=AT + DAY, corrects=Resolution.objects.get()
    )
    assert figures() == {likelihood: (0, 1, did_not)}


def test_scores_are_those_of_a_plain_reckoning() -> None:
    made = [("likely", 3, 1), ("very_unlikely", 1, 4), ("roughly_even", 2, 2), ("almost_certain", 2, 0)]
    for likelihood, came_about, did_not in made:
        for outcome, number in (("came_about", came_about), ("did_not", did_not)):
            for _ in range(number):
                forecast(likelihood, outcome)
    middle = {"likely": "0.675", "very_unlikely": "0.125", "roughly_even": "0.5", "almost_certain": "0.97"}
    squares: list[Fraction] = []
    for band in calibration(None).bands:
        known = next(((came, not_) for name, came, not_ in made if name == band.likelihood), (0, 0))
        assert (band.came_about, band.did_not) == known
        if not band.resolved:
            assert (band.score, band.share) == (None, None)
            continue
        foretold = Fraction(middle[band.likelihood])
        of_band = [(foretold - 1) ** 2] * known[0] + [foretold**2] * known[1]
        assert Fraction(band.score or 0) == sum(of_band) / len(of_band)
        squares += of_band
    expected = sum(squares, Fraction(0)) / len(squares)
    assert abs(Fraction(calibration(None).score or 0) - expected) < Fraction(1, 10**20)


def test_what_is_not_resolved_or_has_no_likelihood_is_counted_apart() -> None:
    forecast("likely", "came_about")
    forecast("likely", "unresolvable")
    forecast("likely")
    forecast("unlikely")
    forecast("", "did_not")
    forecast("")
    ClaimFactory(published=True, kind="assessment")
    found = calibration(None)
    assert (found.resolved, found.unresolvable, found.waiting, found.without_likelihood) == (1, 1, 2, 2)


def test_nothing_is_resolved_at_first() -> None:
    found = calibration(None)
    assert (found.resolved, found.score, found.is_small) == (0, None, True)
    assert "Nothing to judge yet" in words(page(PAGE))


def test_public_reads_of_what_is_public_and_the_desk_of_what_was(editor: User) -> None:
    forecast("likely", "came_about")
    forecast("likely", "did_not", withdrawn=True)
    forecast("unlikely", "did_not", embargo_until=timezone.now() + DAY)
    assert figures() == {"likely": (1, 0, Decimal("0.105625"))}
    assert figures(editor) == {
        "likely": (1, 1, Decimal("0.280625")),
        "unlikely": (0, 1, Decimal("0.105625")),
    }
    assert "Forecasts resolved 1 Brier score 0.106" in words(page(PAGE))
    client = Client()
    client.force_login(editor)
    assert "Forecasts resolved 3" in words(page(PAGE, client))


def test_draft_forecast_counts_for_nobody(editor: User) -> None:
    forecast("likely", published=False)
    assert (calibration(None).waiting, calibration(editor).waiting) == (0, 0)


def test_as_of_counts_what_was_known_then() -> None:
    claim = forecast("likely", "did_not")
    ResolutionFactory(
        claim=claim,
        outcome="came_about",
        as_of=DEADLINE,
        recorded_at=AT + 2 * DAY,
        source=SourceFactory(published=True),
        corrects=Resolution.objects.get(),
    )
    day = AT.date()
    assert figures(as_of=day - DAY) == {}
    assert calibration(None, as_of=day - DAY).waiting == 1
    assert figures(as_of=day) == {"likely": (0, 1, Decimal("0.455625"))}
    assert figures(as_of=day + 2 * DAY) == {"likely": (1, 0, Decimal("0.105625"))}
    assert calibration(None, as_of=dt.date(2025, 4, 30)).waiting == 0  # a day before it was published
    assert "What we knew on 1 December 2025" in words(page(PAGE, as_of=str(day)))


@pytest.mark.parametrize("as_of", ["2025-02-30", "soon", "9999-01-01"])
def test_day_that_is_none_is_refused(as_of: str) -> None:
    page(PAGE, expect=400, as_of=as_of)


def test_page_says_that_few_are_few() -> None:
    for _ in range(FEW_RESOLVED - 1):
        forecast("likely", "did_not")
    said = words(page(PAGE))
    assert "Only 9 forecasts are resolved" in said
    assert "Likely (55–80 %) 67.5 9 few 0 9 0 0.456" in said
    assert "calibration__dot--small" in page(PAGE)
    forecast("likely", "came_about")
    said = words(page(PAGE))
    assert "forecasts are resolved" not in said
    assert "Likely (55–80 %) 67.5 10 1 9 10 0.421" in said
    assert "calibration__dot--small" not in page(PAGE)


def test_table_says_what_the_picture_shows() -> None:
    forecast("likely", "came_about")
    forecast("likely", "did_not")
    content = page(PAGE)
    rows = re.findall(r'<rect class="calibration__band" x="([^"]+)" width="([^"]+)"', content)
    assert rows[4] == ("55.000%", "25.000%")
    assert re.findall(r'<circle class="[^"]+" cx="([^"]+)"', content) == ["50.000%"]
    assert "Likely (55–80 %) 67.5 2 few 1 1 50 0.281" in words(content)
    assert len(rows) == 7
    assert content.count('data-label="Brier score"') == 7, "where there is no room for columns each figure is named"
    assert 'role="img" aria-labelledby="bands-title"' in content


def test_picture_is_mirrored_where_one_reads_from_the_right() -> None:
    forecast("likely", "came_about")
    content = page(f"/ar{PAGE}")
    assert re.findall(r'<rect class="calibration__band" x="([^"]+)"', content)[4] == "20.000%"
    assert re.findall(r'<circle class="[^"]+" cx="([^"]+)"', content) == ["0.000%"]


def test_page_is_reached_from_the_claims_and_from_a_forecast() -> None:
    assert f'href="{PAGE}"' in page("/claims/")
    assert f'href="{PAGE}"' in page(forecast("likely").get_absolute_url())


def test_page_costs_the_same_for_one_and_for_three() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(PAGE)
        return len(asked)

    forecast("likely", "came_about")
    assert cost() == 6
    forecast("unlikely", "did_not")
    forecast("", "unresolvable")
    assert cost() == 6
