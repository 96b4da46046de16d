"""A figure with its uncertainty: value, interval and n together, because none of them may be shown alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
"""Of every interval here, unless asked otherwise: so many of such intervals hold the true value."""

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """`low` and `high`: the ends of the interval, None where n is too small to give any that covers.

    An end may be infinite: of incidents that are still open, a median can be at least so long and have no upper end.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    confidence: float = CONFIDENCE

    @property
    def enough(self) -> bool:
        """There is an interval; otherwise the answer is "too few to say", and every point is shown."""
        return self.low is not None and self.high is not None


def ordered(values: Sequence[float] | Values) -> Values:
    """Sorted, as the functions of this package want them: sort once, ask often."""
    return np.sort(np.asarray(values, dtype=np.float64))
