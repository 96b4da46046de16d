"""How often something happens: counts with Poisson intervals, and the ratio of two rates.

Counts are whole, so no interval errs in exactly 5 of 100 cases at every true mean: it errs in a little more or a little
fewer, and jumps from one to the next. The exact one (F. Garwood, 1936) never errs in more, and where the mean is small
in 1 or 2. Ours errs in 5 on average over means near to one another: it holds the means at which the count seen is not
among the least likely 5 of 100, half of it counted (H. O. Lancaster's mid-P, 1952), the likeliest end counted on both
sides (H. Blaker, 2000): where a mean is so small that nothing can be too few, all of the 5 lie at the other end.
"""

from functools import lru_cache
from math import exp, inf, lgamma, log

import numpy as np

from quarterdeck.direction.rules.statistics.estimate import CONFIDENCE, Estimate, Flags, Values
from quarterdeck.direction.rules.statistics.special import beta_quantile, beta_share, gamma_quantile, gamma_share, solve

_BOTH_ENDS_COUNT = 300
"""Up to here; of larger counts both ends err alike, and mid-P at each end is the same to a thousandth."""
_GRID = 65
_ZOOMS = 4
_FAR = 12
"""Standard deviations."""


def rate(count: int, exposure: float = 1.0, confidence: float = CONFIDENCE, exact: bool = False) -> Estimate:
    """Events per unit of exposure (months, shifts, …); `n` is the count. `exact`: errs in too few rather than many."""
    if exposure <= 0:
        return Estimate(None, None, None, count, confidence)
    ends = _exact if exact else _both if count <= _BOTH_ENDS_COUNT else _mid
    low, high = ends(count, 1 - confidence)
    return Estimate(count / exposure, low / exposure, high / exposure, count, confidence)


@lru_cache(maxsize=4096)
def _exact(count: int, wrong: float) -> tuple[float, float]:
    return gamma_quantile(wrong / 2, count) if count else 0.0, gamma_quantile(1 - wrong / 2, count + 1)


@lru_cache(maxsize=4096)
def _mid(count: int, wrong: float) -> tuple[float, float]:
    reach = _FAR * (count + 1) ** 0.5

    def above(mean: float) -> float:
        """How often a count above this one comes, and half as often as this one itself."""
        this = exp(count * log(mean) - mean - lgamma(count + 1)) if mean > 0 else 0.0
        return gamma_share(count, mean) - this / 2

    return (
        solve(lambda mean: above(mean) - wrong / 2, max(0.0, count - reach), float(count)),
        solve(lambda mean: above(mean) - 1 + wrong / 2, float(count), count + reach),
    )


@lru_cache(maxsize=4096)
def _both(count: int, wrong: float) -> tuple[float, float]:
    """The smallest and the largest mean that the count does not speak against, both ends of the scale counted."""
    floor, ceiling = _exact(count, wrong)
    low = _first(count, wrong, floor, float(count)) if count else 0.0
    return low, _first(count, wrong, ceiling, float(count))


def _first(count: int, wrong: float, outer: float, inner: float) -> float:
    """Coming from outside, the first mean that holds: looked for on a grid that is drawn closer around it."""
    for _ in range(_ZOOMS):
        means = np.linspace(outer, inner, _GRID)
        good = np.flatnonzero(_holds(count, wrong, means))
        place = int(good[0]) if len(good) else _GRID - 1
        outer, inner = float(means[max(0, place - 1)]), float(means[place])
    return inner


def _holds(count: int, wrong: float, means: Values) -> Flags:
    most = int(max(float(means.max()), count) + _FAR * (max(float(means.max()), count) + 1) ** 0.5 + _FAR)
    k = np.arange(most + 1, dtype=np.float64)
    falling = np.array([lgamma(one + 1) for one in k])
    chance = np.exp(k[:, None] * np.log(np.maximum(means, 1e-300)) - means - falling[:, None])
    below = np.cumsum(chance, axis=0)
    above = 1 - below + chance
    few, many = below[count], above[count]
    # The other end: the counts there that are no likelier, together, than this one and what lies beyond it.
    there = np.where(
        many < few,
        np.max(np.where(below <= many, below, 0.0), axis=0),
        np.max(np.where(above <= few, above, 0.0), axis=0),
    )
    found: Flags = np.minimum(few, many) - chance[count] / 2 + there > wrong
    return found


def rate_ratio(
    before: int, exposure_before: float, after: int, exposure_after: float, confidence: float = CONFIDENCE
) -> Estimate:
    """The rate after over the rate before; `n` is both counts together.

    Given both together, the later count is binomial: the mid-P interval of that share gives the ratio's. With no event
    at all there is nothing to say; with none before, no upper end.
    """
    n, err = before + after, (1 - confidence) / 2
    if n == 0 or exposure_before <= 0 or exposure_after <= 0:
        return Estimate(None, None, None, n, confidence)
    exposure = exposure_before / exposure_after
    low, high = _mid_share(after, before, err)
    return Estimate(
        after / before * exposure if before else inf,
        low / (1 - low) * exposure,
        high / (1 - high) * exposure if high < 1 else inf,
        n,
        confidence,
    )


@lru_cache(maxsize=4096)
def _mid_share(some: int, others: int, err: float) -> tuple[float, float]:
    """Between the ends of C. J. Clopper and E. S. Pearson (1934), half of the very share seen counted."""
    floor = beta_quantile(err, some, others + 1) if some else 0.0
    ceiling = beta_quantile(1 - err, some + 1, others) if others else 1.0

    def above(share: float) -> float:
        more = beta_share(some + 1, others, share) if others else 0.0
        return ((beta_share(some, others + 1, share) if some else 1.0) + more) / 2

    low = solve(lambda share: above(share) - err, floor, ceiling) if some else 0.0
    return low, solve(lambda share: above(share) - 1 + err, floor, ceiling) if others else 1.0
