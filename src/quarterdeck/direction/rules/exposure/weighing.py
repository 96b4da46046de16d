"""What incidents of a kind cost in a year: frequency times magnitude, with what the history leaves open. Pure.

The expected annual loss is what was lost over the years watched. Its interval is that of a sum of weights that come at
random, each incident weighing what it cost (M. P. Fay and E. J. Feuer, Statistics in Medicine 16, 1997): a gamma
distribution matched to the sum and the spread, and another with one more incident as large as the largest; the ends are
taken of both together, as mid-P does, since those of one each would hold the truth too often. Of few incidents the
largest to come has not been seen yet: it is taken to be larger (`UNSEEN`, found by simulation), and all the more the
further the losses lie apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from statistics import NormalDist

import numpy as np
from numpy.random import Generator

from quarterdeck.direction.rules.statistics import CONFIDENCE, Estimate, Values, rate
from quarterdeck.direction.rules.statistics.special import gamma_quantile, gamma_share

FEWEST = 6
"""Incidents with a loss, below which there is no interval, and no word of other years."""
LEAST_YEARS = 28 / 365.25
"""A year is not made out of less than four weeks."""
DRAWS, YEARS = 400, 10_000
"""What might be true, given the history; and years simulated over these."""
UNSEEN, APART, STEEPER, MOST_UNSEEN = 8.0, 1.25, 4.5, 80.0
"""Of n incidents the largest to come is taken to be (1 + 8/n) times the largest seen; where the logarithms of the
losses spread by s, more than is usual of durations, 8 exp(4.5 (s - 1.25)) takes the place of 8, at most 80."""
SKEWED, WIDER = 1.0, 3.0
"""Losses far apart miss the truth on the upper side: there exp(-3 (s - 1)) of the error is left, from s = 1 on."""
MANY = 100.0
"""From this shape on the gamma's quantile is taken by cube root (Wilson and Hilferty 1931), right to 3 in 100,000."""
MOST_COUNTED = 200_000
"""Incidents drawn one by one; with more, there are fewer years, but not fewer than `YEARS_LEAST`."""
YEARS_LEAST = 2_000
_HALVINGS = 50


@dataclass(frozen=True)
class Exposure:
    """One kind of incident over `years`: how often (a year), how much in all, and what a bad year takes.

    `annual`: the expected loss a year. `bad_year`: one year in twenty loses more; None: too few to say.
    """

    n: int
    years: float
    often: Estimate
    annual: Estimate
    largest: float
    bad_year: float | None
    by_year: Values

    @property
    def enough(self) -> bool:
        return self.annual.enough

    @property
    def so_far(self) -> float:
        """What was lost in the time watched."""
        return (self.annual.value or 0.0) * self.years


def too_short(years: float) -> bool:
    return years < LEAST_YEARS


def weigh(losses: Values, years: float, die: Generator, *, simulate: bool = True) -> Exposure:
    """The loss of a year. Without `simulate` no other years are drawn. `years` above zero."""
    n, total = len(losses), float(losses.sum())
    value = total / years
    sure = np.count_nonzero(losses > 0) >= FEWEST and not too_short(years)
    low, high = interval(losses, years) if sure else (None, None)
    annual = Estimate(value, low, high, n)
    by_year = years_drawn(losses, years, die) if simulate and annual.enough else np.zeros(0)
    bad = float(np.quantile(by_year, 0.95)) if len(by_year) else None
    return Exposure(n, years, rate(n, years), annual, float(losses.max(initial=0.0)), bad, by_year)


def interval(losses: Values, years: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The ends of the interval of the expected loss a year; of no loss at all both are zero."""
    err = (1 - confidence) / 2
    sides = _sides(losses, _unseen(losses))
    above = err * exp(-WIDER * max(0.0, _apart(losses) - SKEWED))
    return _of_both(err, sides) / years, _of_both(1 - above, sides) / years


def draws(losses: Values, years: float, die: Generator, count: int = DRAWS, unseen: float | None = None) -> Values:
    """What the expected loss a year might be: from the lower and the upper distribution in turn (mid-P).

    `unseen`: the largest loss to come, where more is known of it than these losses say.
    """
    (low, low_scale), (high, high_scale) = _sides(losses, _unseen(losses) if unseen is None else unseen)
    lower = die.gamma(low, low_scale or 1.0, count) if low_scale else np.zeros(count)
    upper = die.gamma(high, high_scale or 1.0, count) if high_scale else np.zeros(count)
    drawn: Values = np.where(np.arange(count) % 2 == 0, lower, upper) / years
    return drawn


def _unseen(losses: Values) -> float:
    n = int(np.count_nonzero(losses > 0))
    more = min(UNSEEN * exp(STEEPER * max(0.0, _apart(losses) - APART)), MOST_UNSEEN)
    return float(losses.max(initial=0.0)) * (1 + more / n) if n else 0.0


def _apart(losses: Values) -> float:
    """The standard deviation of the logarithms of what was lost."""
    lost = losses[losses > 0]
    return float(np.log(lost).std(ddof=1)) if len(lost) > 1 else 0.0


Gamma = tuple[float, float]
"""Shape and scale; scale 0: all of it lies at zero."""


def _sides(losses: Values, unseen: float) -> tuple[Gamma, Gamma]:
    """The lower and the upper gamma distribution."""
    total, squares = float(losses.sum()), float(np.square(losses).sum())
    return _matched(total, squares), _matched(total + unseen, squares + unseen**2)


def _matched(total: float, squares: float) -> Gamma:
    return (total * total / squares, squares / total) if total > 0 and squares > 0 else (1.0, 0.0)


def _of_both(share: float, sides: tuple[Gamma, Gamma]) -> float:
    """The quantile of both distributions taken together, half and half: it lies between theirs."""
    low, high = sorted(_quantile(share, *side) for side in sides)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if sum(_share(middle, *side) for side in sides) / 2 < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _share(value: float, shape: float, scale: float) -> float:
    """How much of the distribution lies below a value."""
    if not scale:
        return 1.0
    if shape > MANY:
        away = ((max(value, 0.0) / (scale * shape)) ** (1 / 3) - 1 + 1 / (9 * shape)) * 3 * shape**0.5
        return NormalDist().cdf(away)
    return gamma_share(shape, value / scale)


def _quantile(share: float, shape: float, scale: float) -> float:
    if not scale:
        return 0.0
    if shape > MANY:
        away = NormalDist().inv_cdf(share)
        return float(shape * (1 - 1 / (9 * shape) + away / (3 * shape**0.5)) ** 3 * scale)
    return gamma_quantile(share, shape) * scale


def years_drawn(losses: Values, years: float, die: Generator) -> Values:
    """The losses of single years: of each thing that might be true some, the incidents by Poisson, each as one seen.

    Where so many come in a year that counting them one by one says nothing more, the year's loss is a gamma
    distribution, shifted, with the mean, the spread and the skewness of the sum.
    """
    total = float(losses.sum())
    if total <= 0 or years <= 0:
        return np.zeros(0)
    expected = draws(losses, years, die)
    per_year = len(losses) / years
    count = int(min(YEARS, MOST_COUNTED / per_year))
    rates = expected / (total / len(losses))
    if count < YEARS_LEAST:
        return _shifted(np.resize(rates, YEARS_LEAST), losses, die)
    counts = die.poisson(np.resize(rates, count))
    each = losses[die.integers(0, len(losses), int(counts.sum()))]
    year = np.repeat(np.arange(count), counts)
    return np.bincount(year, weights=each, minlength=count).astype(np.float64)


def _shifted(rates: Values, losses: Values, die: Generator) -> Values:
    first, second, third = (float(np.mean(losses**power)) for power in (1, 2, 3))
    spread, skew = np.sqrt(rates * second), third / np.sqrt(np.maximum(rates, 1e-12) * second**3)
    shape = 4 / np.square(skew)
    found: Values = rates * first + spread * (die.standard_gamma(shape) - shape) / np.sqrt(shape)
    return np.maximum(found, 0.0)


def exceedance(by_year: Values, points: int = 120) -> list[tuple[float, float]]:
    """The loss-exceedance curve: (loss, the share of years that lose more), up to the worst year drawn."""
    if not len(by_year):
        return []
    ordered = np.sort(by_year)
    at = np.unique(np.quantile(ordered, np.linspace(0, 1, points)))
    above = 1 - np.searchsorted(ordered, at, side="right") / len(ordered)
    return [(float(loss), float(share)) for loss, share in zip(at, above, strict=True)]


def few_make_most(annual: Sequence[float], most: float = 0.8) -> int:
    """How many of these, the largest first, make up this share of the whole (Pareto)."""
    whole, so_far = sum(annual), 0.0
    for count, one in enumerate(sorted(annual, reverse=True), start=1):
        so_far += one
        if so_far >= most * whole - 1e-9:
            return count if whole else 0
    return len(annual)
