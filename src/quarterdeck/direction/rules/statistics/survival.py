"""How long until it is over, when some are not over yet: Kaplan-Meier, so that open incidents count for what they are.

To leave an open incident out favours the short ones; to count its age as its duration favours whoever looks early.
The interval at a time is Greenwood's on the log-log scale, which stays inside 0 and 1; the median's are the times at
which that interval holds one half (R. Brookmeyer and J. Crowley, 1982).
"""

from dataclasses import dataclass
from math import ceil, inf
from statistics import NormalDist

import numpy as np

from quarterdeck.direction.rules.statistics.estimate import CONFIDENCE, Estimate, Values
from quarterdeck.direction.rules.statistics.percentiles import smallest_n

FEWEST = 10
"""With fewer, some of them open, the interval holds in too many cases or too few, as the last one happens to end."""
_RARER = 2.5
"""So many times as many as without open ones does a percentile beyond the median need, for the same reason."""


def fewest(share: float) -> int:
    """From so many on a percentile has an interval where some have not ended: 10 for the median, 73 for the 90th."""
    return FEWEST if share == 0.5 else ceil(_RARER * smallest_n(share))


@dataclass(frozen=True, slots=True)
class Survival:
    """The share that lasts longer than each of `times`, at which something ended; 1 before the first of them."""

    times: Values
    share: Values
    low: Values
    high: Values
    at_risk: Values
    """Still open just before each time."""
    n: int
    ended: int
    confidence: float

    @property
    def open(self) -> int:
        return self.n - self.ended

    def beyond(self, time: float) -> Estimate:
        """The share that lasts longer than `time`."""
        i = int(np.searchsorted(self.times, time, side="right")) - 1
        if i < 0:
            return Estimate(1.0 if self.n else None, None, None, self.n, self.confidence)
        if self.n < FEWEST:
            return Estimate(float(self.share[i]), None, None, self.n, self.confidence)
        return Estimate(float(self.share[i]), float(self.low[i]), float(self.high[i]), self.n, self.confidence)

    def percentile(self, share: float = 0.5) -> Estimate:
        """The time by which so many have ended. Infinite: among these, so many have not."""
        if self.n == 0:
            return Estimate(None, None, None, 0, self.confidence)
        value, low, high = (self._first(curve, 1 - share) for curve in (self.share, self.low, self.high))
        # Without an end that is finite below, the data could not tell any time from any other: too few to say.
        known = self.n >= fewest(share) and bool(self.ended) and low < inf
        return Estimate(value, low if known else None, high if known else None, self.n, self.confidence)

    def _first(self, curve: Values, level: float) -> float:
        under = np.flatnonzero(curve <= level + 1e-12)
        return float(self.times[under[0]]) if len(under) else inf


def survival(ended: Values, ages: Values, confidence: float = CONFIDENCE) -> Survival:
    """`ended`: the durations that are whole; `ages`: how long the others have lasted so far. Both sorted."""
    n = len(ended) + len(ages)
    first = np.flatnonzero(np.append(True, ended[1:] != ended[:-1])[: len(ended)])
    times, events = ended[first], np.diff(first, append=len(ended))
    at_risk = (n - first - np.searchsorted(ages, times, side="left")).astype(np.float64)
    left = at_risk - events
    share: Values = np.cumprod(left / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * left))
        # theta = z * se(log S) / log S; the ends are S to the power of exp(theta) and exp(-theta).
        theta = NormalDist().inv_cdf(1 - (1 - confidence) / 2) * np.sqrt(greenwood) / -np.log(share)
        low, high = share ** np.exp(theta), share ** np.exp(-theta)
    # Where all have ended the share is 0 and has no such interval: the last one that is known still holds below.
    gone = share <= 0
    low, high = np.where(gone, 0.0, low), np.where(gone, _last(high[~gone]), high)
    return Survival(times, share, low, high, at_risk, n, len(ended), confidence)


def _last(values: Values) -> float:
    return float(values[-1]) if len(values) else 1.0
