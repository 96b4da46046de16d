"""Is it better than before? Two groups of durations compared, with the answer "too few to say" among the answers.

Repair times are so spread that a better average of 10 % comes about with no change at all in 4 of 10 comparisons of 20
with 20 incidents. So: a ratio with its interval, and a test that asks how often chance alone does as much.
"""

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.random import Generator

from quarterdeck.direction.rules.statistics.estimate import CONFIDENCE, Estimate, Values
from quarterdeck.direction.rules.statistics.geometric import student
from quarterdeck.direction.rules.statistics.percentiles import percentile

ROUNDS = 2_000
"""Of shuffling: a p of 0.05 is known to within 0.01."""
_AT_ONCE = 2_000_000
"""Values shuffled together at most, and in all: bounds memory and time."""
_ROUNDS_LEAST = 200
FEWEST = 6
"""In each group; with fewer, no median has an interval."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`ratio`: geometric mean after over before, below 1 is shorter. `chance`: how often shuffling does as much.

    Of too few there is no chance to tell, and of ten thousands the interval of the ratio is narrow enough without it.
    """

    before: Estimate
    after: Estimate
    ratio: Estimate
    chance: float | None

    @property
    def verdict(self) -> str:
        """`shorter`, `longer`, `no difference to be seen`, or `too few to say`."""
        if self.ratio.low is None or self.ratio.high is None:
            return "too few to say"
        if self.ratio.high < 1:
            return "shorter"
        return "longer" if self.ratio.low > 1 else "no difference to be seen"


def compare(before: Values, after: Values, die: Generator | None, confidence: float = CONFIDENCE) -> Comparison:
    """Two groups of durations above zero; the medians with their intervals, the ratio with its own.

    `die` None: nothing is shuffled, and there is no chance to tell.
    """
    rounds = min(ROUNDS, _AT_ONCE // max(1, len(before) + len(after)))
    enough = min(len(before), len(after)) >= FEWEST and rounds >= _ROUNDS_LEAST
    return Comparison(
        percentile(np.sort(before), 0.5, confidence),
        percentile(np.sort(after), 0.5, confidence),
        ratio(before, after, confidence),
        median_chance(before, after, die, rounds) if enough and die is not None else None,
    )


def ratio(before: Values, after: Values, confidence: float = CONFIDENCE) -> Estimate:
    """The geometric mean after over the one before, with Welch's interval on logarithms; spreads may differ."""
    n = len(before) + len(after)
    if not len(before) or not len(after):
        return Estimate(None, None, None, n, confidence)
    first, second = np.log(before), np.log(after)
    shift = float(np.mean(second) - np.mean(first))
    if min(len(before), len(after)) < FEWEST:
        return Estimate(exp(shift), None, None, n, confidence)
    a, b = (float(np.var(logs, ddof=1)) / len(logs) for logs in (first, second))
    if a + b == 0:
        return Estimate(exp(shift), exp(shift), exp(shift), n, confidence)
    freedom = (a + b) ** 2 / (a * a / (len(before) - 1) + b * b / (len(after) - 1))
    half = student(1 - (1 - confidence) / 2, freedom) * sqrt(a + b)
    return Estimate(exp(shift), exp(shift - half), exp(shift + half), n, confidence)


def median_chance(before: Values, after: Values, die: Generator, rounds: int = ROUNDS) -> float:
    """A permutation test: how often groups dealt at random differ in their medians by as much as these do.

    On logarithms, so that "twice" and "half" weigh the same. The groups as they are count as one of the deals.
    """
    both = np.log(np.concatenate((before, after)))
    split = len(before)
    seen = abs(float(np.median(both[split:]) - np.median(both[:split])))
    as_much, dealt = 1, 1
    batch = max(1, min(rounds, _AT_ONCE // len(both)))
    while dealt <= rounds:
        deals = die.permuted(np.broadcast_to(both, (batch, len(both))), axis=1)
        gaps = np.abs(np.median(deals[:, split:], axis=1) - np.median(deals[:, :split], axis=1))
        as_much += int(np.count_nonzero(gaps >= seen - 1e-12))
        dealt += batch
    return as_much / dealt


def needed_for_ratio(spread: float, ratio: float, confidence: float = CONFIDENCE, power: float = 0.8) -> int:
    """Incidents in each of two equal groups until such a ratio is seen in `power` of the cases.

    `spread`: the standard deviation of the logarithms; 1.25 is usual for repair times.
    """
    normal = NormalDist().inv_cdf
    return int(np.ceil(2 * ((normal(1 - (1 - confidence) / 2) + normal(power)) * spread / log(ratio)) ** 2))
