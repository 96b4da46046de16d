"""When did the rate of incidents change? Weekly or monthly counts cut where two Poisson rates fit better than one.

Binary segmentation: the best cut is taken if it raises the log-likelihood by more than the penalty, then each side is
asked again. The penalty is 2.5 + ln(n) / 2 for n counts, times the dispersion where incidents come in clusters: with no
change at all, counts are cut in 3 to 6 of 100 cases (benchmarks/direction measures it).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np

from quarterdeck.direction.rules.statistics.counts import rate
from quarterdeck.direction.rules.statistics.estimate import Counts, Estimate, Values

SHORTEST = 4
"""Counts on each side of a cut, at least: one bad week is an event, not a change."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Counts `first` to `last` (inclusive) that one rate explains; the interval widens with the dispersion."""

    first: int
    last: int
    rate: Estimate


def dispersion(counts: Sequence[int] | Counts | Values) -> float:
    """Variance over mean, from neighbours' differences, which a few changes do not disturb; 1 for Poisson, never less.

    Above 1, incidents come in clusters, and what looks like a change is more often none.
    """
    x = np.asarray(counts, dtype=np.float64)
    together = x[1:] + x[:-1]
    some = together > 0
    if np.count_nonzero(some) < 2 * SHORTEST:
        return 1.0
    return max(1.0, float(np.sum(np.diff(x)[some] ** 2) / np.sum(together[some])))


def penalty(n: int) -> float:
    return 2.5 + log(n) / 2 if n > 1 else 0.0


def change_points(counts: Sequence[int] | Counts | Values, clustering: float = 1.0) -> list[int]:
    """The indices at which another rate begins, ascending; `clustering` is the dispersion to allow for."""
    x = np.asarray(counts, dtype=np.float64)
    sums = np.concatenate(([0.0], np.cumsum(x)))
    limit = penalty(len(x)) * max(1.0, clustering)
    found: list[int] = []
    stretches = [(0, len(x))]
    while stretches:
        first, end = stretches.pop()
        cut, gain = _best_cut(sums, first, end)
        if cut and gain > limit:
            found.append(cut)
            stretches += [(first, cut), (cut, end)]
    return sorted(found)


def _best_cut(sums: Values, first: int, end: int) -> tuple[int, float]:
    cuts: Counts = np.arange(first + SHORTEST, end - SHORTEST + 1)
    if not len(cuts):
        return 0, 0.0
    before, after = sums[cuts] - sums[first], sums[end] - sums[cuts]
    gain = _fit(before, cuts - first) + _fit(after, end - cuts) - _fit(sums[end] - sums[first], end - first)
    best = int(np.argmax(gain))
    return int(cuts[best]), float(gain[best])


def _fit(total: Values, length: Counts | int) -> Values:
    """The log-likelihood at the best rate, but for what does not depend on the cut."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, total * np.log(total / length), 0.0)


def stretches(counts: Sequence[int] | Counts | Values) -> list[Stretch]:
    """The counts in stretches of one rate each, the dispersion allowed for; one stretch: no change is to be seen."""
    x = np.asarray(counts, dtype=np.float64)
    if not len(x):
        return []
    clustering = dispersion(x)
    edges = [0, *change_points(x, clustering), len(x)]
    return [
        Stretch(first, end - 1, _widened(rate(int(np.sum(x[first:end])), end - first), clustering))
        for first, end in pairwise(edges)
    ]


def _widened(estimate: Estimate, clustering: float) -> Estimate:
    assert estimate.value is not None and estimate.low is not None and estimate.high is not None
    by = clustering**0.5
    low = estimate.value - (estimate.value - estimate.low) * by
    high = estimate.value + (estimate.high - estimate.value) * by
    return Estimate(estimate.value, max(0.0, low), high, estimate.n, estimate.confidence)
