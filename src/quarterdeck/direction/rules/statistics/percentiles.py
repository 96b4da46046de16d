"""Percentiles with intervals from order statistics: they hold whatever the distribution, so also for repair times.

Of n values in order, how many lie below the true percentile is binomial, so each pair of them is an interval of known
coverage. Few values know only few coverages; between two neighbours we interpolate (T. P. Hettmansperger and S. J.
Sheather, 1986, for the median; J. Nyblom, 1992, for the others), so that 95 % is 95 % and not "95 or, at times, 98".
"""

from functools import lru_cache
from math import ceil, lgamma, log

import numpy as np

from quarterdeck.direction.rules.statistics.estimate import CONFIDENCE, Estimate, Values

_REACH = 12
"""Standard deviations around a binomial's mean; what lies beyond is below 10^-30."""


def smallest_n(share: float, confidence: float = CONFIDENCE) -> int:
    """From so many values on there is an interval: 6 for the median, 29 for the 90th percentile, 59 for the 95th.

    With fewer, even the interval from the smallest to the largest value holds the percentile too seldom.
    """
    edge = max(share, 1 - share)
    n = max(1, ceil(log(1 - confidence) / log(edge)) - 1)
    while share**n + (1 - share) ** n > 1 - confidence:
        n += 1
    return n


def percentile(ordered: Values, share: float, confidence: float = CONFIDENCE) -> Estimate:
    """The percentile of sorted values, `share` from 0 to 1; without an interval where n is too small for one."""
    n = len(ordered)
    if n == 0:
        return Estimate(None, None, None, 0, confidence)
    value = _between(ordered, 1 + share * (n - 1))
    ends = _ranks(n, share, confidence)
    if ends is None:
        return Estimate(value, None, None, n, confidence)
    low, high = (_between(ordered, rank) for rank in ends)
    return Estimate(value, min(low, value), max(high, value), n, confidence)


def _between(ordered: Values, rank: float) -> float:
    """The value at a fractional rank, counted from 1."""
    below = min(int(rank), len(ordered) - 1)
    part = rank - below
    first = float(ordered[below - 1])
    # Of two equal neighbours there is nothing between, and infinity less infinity is no number.
    return first if part == 0 or ordered[below] == first else first + part * (float(ordered[below]) - first)


@lru_cache(maxsize=4096)
def _ranks(n: int, share: float, confidence: float) -> tuple[float, float] | None:
    """The ranks of the interval's ends. Each end may err half as often as both; one that cannot leaves more to it."""
    wrong = 1 - confidence
    least_low, least_high = (1 - share) ** n, share**n  # how often all values lie above, below the percentile
    if least_low + least_high > wrong:
        return None
    err_high = max(wrong / 2, least_high) if least_low <= wrong / 2 else wrong - least_low
    err_low = wrong - err_high
    first, below = _binomial(n, share)
    last, above = _binomial(n, 1 - share)
    return _rank(n, share, err_low, first, below), n + 1 - _rank(n, 1 - share, err_high, last, above)


def _rank(n: int, share: float, err: float, first: int, tail: Values) -> float:
    """The rank, from the lower end, above which the percentile lies but for `err` of the cases.

    `tail[k]`: how often at most `first + k` values lie below the percentile; then the one of rank first + k + 1 is
    above it.
    """
    k = int(np.searchsorted(tail, err * (1 + 1e-12), side="right"))
    rank = first + k  # errs tail[k - 1], at most `err`; the next one would err tail[k]
    if rank == 0:
        return 1.0
    errs, next_errs = float(tail[k - 1]) if k else 0.0, float(tail[k])
    part = (err - errs) / (next_errs - errs)
    weight = (n - rank) * share * part
    return rank + (weight / (weight + rank * (1 - share) * (1 - part)) if weight > 0 else 0.0)


def _binomial(n: int, share: float) -> tuple[int, Values]:
    """P(B <= k) for k from the first on that counts; sums outward from the mean, where nothing is lost."""
    deviation = (n * share * (1 - share)) ** 0.5
    first = max(0, int(n * share - _REACH * deviation))
    last = min(n, int(n * share + _REACH * deviation) + 1)
    k = np.arange(first, last, dtype=np.float64)
    steps = np.log((n - k) / (k + 1)) + log(share / (1 - share))
    start = (
        lgamma(n + 1) - lgamma(first + 1) - lgamma(n - first + 1) + first * log(share) + (n - first) * log(1 - share)
    )
    logs = start + np.concatenate(([0.0], np.cumsum(steps)))
    return first, np.cumsum(np.exp(logs))
