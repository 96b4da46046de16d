"""How often the intervals of counts and shares hold the truth: summed exactly over all that can be seen, not simulated.

Counts are whole, so coverage jumps from one true value to the next. What is said: over a range of true values the mean
of it, and the worst and the best point in it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import scipy.stats  # type: ignore[import-untyped]  # ships no types; for benchmarks and tests only

from quarterdeck.direction.rules import statistics as s

_POINTS = 2_000
_FEWEST = 6
"""Of both counts together: with fewer no trend is told."""


@dataclass(frozen=True)
class Range:
    """Coverage, as shares, over true values from `low` to `high`."""

    what: str
    case: str
    mean: float
    worst: float
    best: float


MEANS = ((0.25, 0.75), (0.5, 1.5), (1.0, 3.0), (2.5, 7.5), (5.0, 15.0), (15.0, 45.0), (50.0, 150.0))
SHARES = ((0.02, 0.1), (0.1, 0.3), (0.3, 0.5), (0.02, 0.5))


def counts(exact: bool = False, ranges: tuple[tuple[float, float], ...] = MEANS) -> Iterator[Range]:
    most = int(max(high for _, high in ranges) * 2 + 30)
    low, high = _ends([s.rate(k, exact=exact) for k in range(most)])
    for first, last in ranges:
        true = np.linspace(first, last, _POINTS)
        chance = scipy.stats.poisson.pmf(np.arange(most)[:, None], true)
        yield _over("count, exact" if exact else "count", f"{first:g}-{last:g}", chance, low, high, true)


def shares(ns: tuple[int, ...], ranges: tuple[tuple[float, float], ...] = SHARES) -> Iterator[Range]:
    for n in ns:
        low, high = _ends([s.share(k, n) for k in range(n + 1)])
        for first, last in ranges:
            true = np.linspace(first, last, _POINTS)
            chance = scipy.stats.binom.pmf(np.arange(n + 1)[:, None], n, true)
            yield _over("share", f"n = {n}, {first:g}-{last:g}", chance, low, high, true)


def differences(ns: tuple[int, ...], points: int = 12) -> Iterator[Range]:
    """Of two shares, each anywhere between 0.05 and 0.95."""
    for n in ns:
        k = np.arange(n + 1)
        found = [[s.difference(int(a), n, int(b), n) for b in k] for a in k]
        low, high = (np.array([[getattr(one, end) for one in row] for row in found]) for end in ("low", "high"))
        true = np.linspace(0.05, 0.95, points)
        chance = scipy.stats.binom.pmf(k[:, None], n, true)
        covered = [
            float(chance[:, i] @ ((low <= q - p) & (q - p <= high)) @ chance[:, j])
            for i, p in enumerate(true)
            for j, q in enumerate(true)
        ]
        yield Range("difference of two shares", f"n = {n} and {n}", float(np.mean(covered)), min(covered), max(covered))


def ratios(means: tuple[tuple[float, float], ...]) -> Iterator[Range]:
    """Of two rates, for true means from 0.6 to 1.4 times these; of fewer than 6 events in all no trend is told."""
    for before, after in means:
        true = after / before
        covered = [_ratio_held(before * by, after * by, true) for by in np.linspace(0.6, 1.4, 17)]
        case = f"around {before:g} and {after:g}"
        yield Range("ratio of two rates", case, float(np.mean(covered)), min(covered), max(covered))


def _ratio_held(before: float, after: float, true: float) -> float:
    first, second = (np.arange(int(mean + 6 * mean**0.5 + 6)) for mean in (before, after))
    chance = np.outer(scipy.stats.poisson.pmf(first, before), scipy.stats.poisson.pmf(second, after))
    told = np.add.outer(first, second) >= _FEWEST
    held = sum(
        float(chance[a, b]) for a, b in zip(*np.nonzero(told & (chance > 1e-7)), strict=True) if _holds(a, b, true)
    )
    return held / float(chance[told & (chance > 1e-7)].sum())


def _holds(before: int, after: int, true: float) -> bool:
    found = s.rate_ratio(int(before), 1, int(after), 1)
    assert found.low is not None and found.high is not None
    return found.low <= true <= found.high


def _ends(found: list[s.Estimate]) -> tuple[s.Values, s.Values]:
    return np.array([one.low for one in found]), np.array([one.high for one in found])


def _over(what: str, case: str, chance: s.Values, low: s.Values, high: s.Values, true: s.Values) -> Range:
    held = (low[:, None] <= true) & (true <= high[:, None])
    covered = (chance * held).sum(axis=0)
    return Range(what, case, float(covered.mean()), float(covered.min()), float(covered.max()))


EVERY: tuple[Callable[[], Iterator[Range]], ...] = (
    counts,
    lambda: counts(exact=True),
    lambda: ratios(((3, 3), (5, 3.5), (5, 10), (10, 7), (30, 21), (60, 42))),
    lambda: shares((6, 10, 20, 50, 100)),
    lambda: differences((6, 10, 20, 50, 100)),
)
