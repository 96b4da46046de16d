"""The statistics of incidents: figures that say how sure they are, and say so when there are too few. Pure, numpy."""

from quarterdeck.direction.rules.statistics.changes import Stretch, change_points, dispersion, penalty, stretches
from quarterdeck.direction.rules.statistics.comparison import (
    Comparison,
    compare,
    median_chance,
    needed_for_ratio,
    ratio,
)
from quarterdeck.direction.rules.statistics.counts import rate, rate_ratio
from quarterdeck.direction.rules.statistics.estimate import CONFIDENCE, Counts, Estimate, Flags, Values, ordered
from quarterdeck.direction.rules.statistics.geometric import geometric_mean
from quarterdeck.direction.rules.statistics.percentiles import percentile, smallest_n
from quarterdeck.direction.rules.statistics.shares import difference, share
from quarterdeck.direction.rules.statistics.survival import Survival, fewest, survival

__all__ = [
    "CONFIDENCE",
    "Comparison",
    "Counts",
    "Estimate",
    "Flags",
    "Stretch",
    "Survival",
    "Values",
    "change_points",
    "compare",
    "difference",
    "dispersion",
    "fewest",
    "geometric_mean",
    "median_chance",
    "needed_for_ratio",
    "ordered",
    "penalty",
    "percentile",
    "rate",
    "rate_ratio",
    "ratio",
    "share",
    "smallest_n",
    "stretches",
    "survival",
]
