"""Calibration: how well the likelihoods of forecasts match their outcomes, by band.

The Brier score (Brier 1950, in the form for two outcomes) is the mean squared difference between the likelihood, as a
number, and the outcome, 1 or 0: 0 is perfect, 0.25 is the score of always saying "fifty-fifty", 1 is the worst. A band
of ICD 203 is a range; its mid-point is used.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef

from partnerships.forecasts import Outcome
from partnerships.models import Claim, Likelihood, Resolution
from partnerships.models.claim import ClaimKind
from publishing.records import end_of

RANGES = {
    Likelihood.ALMOST_NO_CHANCE: (1, 5),
    Likelihood.VERY_UNLIKELY: (5, 20),
    Likelihood.UNLIKELY: (20, 45),
    Likelihood.ROUGHLY_EVEN: (45, 55),
    Likelihood.LIKELY: (55, 80),
    Likelihood.VERY_LIKELY: (80, 95),
    Likelihood.ALMOST_CERTAIN: (95, 99),
}
"""The seven bands in per cent (ICD 203, 2015, D.6.e.(2)(a))."""

FEW_RESOLVED = 10
"""With fewer resolved forecasts a share says little, and the page says so."""

COIN = Decimal("0.25")
"""The score of somebody who gives every forecast one half."""


@dataclass(frozen=True, slots=True)
class Band:
    """One band of likelihood, with its forecasts that came about and those that did not."""

    likelihood: Likelihood
    came_about: int
    did_not: int

    @property
    def low(self) -> int:
        return RANGES[self.likelihood][0]

    @property
    def high(self) -> int:
        return RANGES[self.likelihood][1]

    @property
    def mid_point(self) -> Decimal:
        """In per cent."""
        return Decimal(self.low + self.high) / 2

    @property
    def resolved(self) -> int:
        return self.came_about + self.did_not

    @property
    def is_small(self) -> bool:
        return self.resolved < FEW_RESOLVED

    @property
    def share(self) -> Decimal | None:
        """The share that came about, in per cent; None if none is resolved."""
        return Decimal(100 * self.came_about) / self.resolved if self.resolved else None

    @property
    def distance(self) -> Decimal:
        """The sum of the squared differences; the score is their mean."""
        foretold = self.mid_point / 100
        return self.came_about * (1 - foretold) ** 2 + self.did_not * foretold**2

    @property
    def score(self) -> Decimal | None:
        """The Brier score of the band; None if none is resolved."""
        return self.distance / self.resolved if self.resolved else None


@dataclass(frozen=True, slots=True)
class Calibration:
    """All bands, from almost no chance to almost certain, and the forecasts that are not counted."""

    bands: list[Band]
    unresolvable: int
    waiting: int
    """Forecasts with a likelihood that are not resolved yet."""

    without_likelihood: int

    @property
    def resolved(self) -> int:
        return sum(band.resolved for band in self.bands)

    @property
    def is_small(self) -> bool:
        return self.resolved < FEW_RESOLVED

    @property
    def score(self) -> Decimal | None:
        """The Brier score of all forecasts, each with the same weight."""
        if not self.resolved:
            return None
        return sum((band.distance for band in self.bands), Decimal(0)) / self.resolved


def calibration(user: Any, *, as_of: dt.date | None = None) -> Calibration:
    """The calibration of the forecasts that `user` may see, by what was known on `as_of` (by default now)."""
    forecasts: Any = Claim.objects.visible_to(user).filter(kind=ClaimKind.FORECAST, published_at__isnull=False)
    if as_of is not None:
        forecasts = forecasts.filter(published_at__lt=end_of(as_of))
    standing = Resolution.objects.effective(as_of).filter(claim__in=forecasts).order_by()
    ended = Counter(
        {
            (likelihood, outcome): number
            for likelihood, outcome, number in standing.values_list("claim__likelihood", "outcome").annotate(
                Count("pk")
            )
        }
    )
    unresolved = forecasts.filter(~Exists(Resolution.objects.known_on(as_of).filter(claim=OuterRef("pk")))).order_by()
    waiting = Counter(dict(unresolved.values_list("likelihood").annotate(Count("pk"))))
    return Calibration(
        bands=[
            Band(likelihood, ended[likelihood, Outcome.CAME_ABOUT], ended[likelihood, Outcome.DID_NOT])
            for likelihood in RANGES
        ],
        unresolvable=sum(ended[likelihood, Outcome.UNRESOLVABLE] for likelihood in RANGES),
        waiting=sum(waiting[likelihood] for likelihood in RANGES),
        without_likelihood=waiting[""] + sum(number for (likelihood, _), number in ended.items() if not likelihood),
    )
