"""How often something happens: counts with Poisson intervals, and the ratio of two rates.

The exact interval (F. Garwood, 1936) errs in at most 5 of 100 cases at every true mean, and in fewer where the mean is
small, because counts are whole. The mid-P interval takes half the probability of the very count that was seen: it errs
in 5 of 100 cases on average over means, a little more or less at any one.
"""

from collections.abc import Callable
from functools import lru_cache
from math import inf, log

from quarterdeck.direction.rules.statistics.estimate import CONFIDENCE, Estimate
from quarterdeck.direction.rules.statistics.special import beta_quantile, gamma_quantile, gamma_share


def rate(count: int, exposure: float = 1.0, confidence: float = CONFIDENCE, mid: bool = False) -> Estimate:
    """Events per unit of exposure (months, shifts, …); `n` is the count. Exact, or mid-P if asked."""
    if exposure <= 0:
        return Estimate(None, None, None, count, confidence)
    low, high = (_mid if mid else _exact)(count, (1 - confidence) / 2)
    return Estimate(count / exposure, low / exposure, high / exposure, count, confidence)


@lru_cache(maxsize=4096)
def _exact(count: int, err: float) -> tuple[float, float]:
    return gamma_quantile(err, count) if count else 0.0, gamma_quantile(1 - err, count + 1)


@lru_cache(maxsize=4096)
def _mid(count: int, err: float) -> tuple[float, float]:
    if count == 0:
        return 0.0, -log(2 * err)
    floor, ceiling = _exact(count, err)

    def above(mean: float) -> float:
        """How often a count above this one comes, and half as often as this one itself."""
        return (gamma_share(count, mean) + gamma_share(count + 1, mean)) / 2

    return _where(above, err, floor, ceiling), _where(above, 1 - err, floor, ceiling)


def _where(rising: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2


def rate_ratio(
    before: int, exposure_before: float, after: int, exposure_after: float, confidence: float = CONFIDENCE
) -> Estimate:
    """The rate after over the rate before; `n` is both counts together.

    Given both together, the later count is binomial: the exact interval of that share (C. J. Clopper and E. S. Pearson,
    1934) gives the ratio's. With no event at all there is nothing to say; with none before, no upper end.
    """
    n, err = before + after, (1 - confidence) / 2
    if n == 0 or exposure_before <= 0 or exposure_after <= 0:
        return Estimate(None, None, None, n, confidence)
    exposure = exposure_before / exposure_after
    low = beta_quantile(err, after, before + 1) if after else 0.0
    high = beta_quantile(1 - err, after + 1, before) if before else 1.0
    return Estimate(
        after / before * exposure if before else inf,
        low / (1 - low) * exposure,
        high / (1 - high) * exposure if high < 1 else inf,
        n,
        confidence,
    )
