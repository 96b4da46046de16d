"""How often each interval holds the true value: simulated, as the table that stands in docs/explanation/measures.md.

.venv/bin/python -m benchmarks.direction.coverage [--trials 4000] [--seed 1]
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.random import Generator

from benchmarks.direction import discrete
from quarterdeck.direction.rules import statistics as s

MU, SIGMA = 4.25, 1.25
"""Of the logarithm of repair times in minutes: median 70 min, mean 153 min (domain literature's usual fit)."""
NORMAL = {0.5: 0.0, 0.9: 1.2815515655446004, 0.95: 1.6448536269514722}


@dataclass(frozen=True)
class Line:
    what: str
    case: str
    covered: float
    """Of the trials, as a share."""


def durations(die: Generator, trials: int, n: int) -> s.Values:
    return die.lognormal(MU, SIGMA, (trials, n))


def holds(estimate: s.Estimate, true: float) -> bool:
    assert estimate.low is not None and estimate.high is not None
    return estimate.low <= true <= estimate.high


def percentiles(die: Generator, trials: int, of: float, ns: tuple[int, ...]) -> Iterator[Line]:
    true = exp(MU + SIGMA * NORMAL[of])
    for n in ns:
        rows = np.sort(durations(die, trials, n), axis=1)
        yield Line(f"percentile {of * 100:.0f}", f"n = {n}", mean(holds(s.percentile(row, of), true) for row in rows))


def geometric(die: Generator, trials: int, ns: tuple[int, ...]) -> Iterator[Line]:
    for n in ns:
        rows = durations(die, trials, n)
        yield Line("geometric mean", f"n = {n}", mean(holds(s.geometric_mean(row), exp(MU)) for row in rows))


def ratios(die: Generator, trials: int, ns: tuple[int, ...]) -> Iterator[Line]:
    for n in ns:
        pairs = zip(durations(die, trials, n), 0.7 * durations(die, trials, n), strict=True)
        yield Line("ratio of two periods", f"n = {n} and {n}", mean(holds(s.ratio(a, b), 0.7) for a, b in pairs))


def with_open(die: Generator, trials: int, of: float, ns: tuple[int, ...]) -> Iterator[Line]:
    true = exp(MU + SIGMA * NORMAL[of])
    for n in ns:
        found = [curve.percentile(of) for curve in curves(die, trials, n)]
        name = f"percentile {of * 100:.0f}, a fifth still open"
        yield Line(name, f"n = {n}", mean(holds(one, true) for one in found if one.enough))


def still_open(die: Generator, trials: int, ns: tuple[int, ...]) -> Iterator[Line]:
    for n in ns:
        found = [curve.beyond(exp(MU)) for curve in curves(die, trials, n)]
        yield Line("share open after the median", f"n = {n}", mean(holds(one, 0.5) for one in found if one.enough))


def curves(die: Generator, trials: int, n: int) -> Iterator[s.Survival]:
    """Each looked at after a time of its own, so that a fifth is still open: P(C < T) = Phi(-1.19 / sqrt 2) = 0.2."""
    whole, until = durations(die, trials, n), durations(die, trials, n) * exp(1.19 * SIGMA)
    for ages, over in zip(np.minimum(whole, until), whole <= until, strict=True):
        yield s.survival(s.ordered(ages[over]), s.ordered(ages[~over]))


def no_change(die: Generator, trials: int, lengths: tuple[int, ...], per: float = 8) -> Iterator[Line]:
    for n in lengths:
        quiet = mean(not s.change_points(die.poisson(per, n)) for _ in range(trials))
        yield Line("no change point where none is", f"{n} counts of {per:g}", quiet)
        clustered = die.negative_binomial(per / 2, 1 / 3, (trials, n))  # variance three times the mean
        quiet = mean(len(s.stretches(row)) == 1 for row in clustered)
        yield Line("the same, clustered (variance 3 times the mean)", f"{n} counts of {per:g}", quiet)


def no_difference(die: Generator, trials: int, ns: tuple[int, ...]) -> Iterator[Line]:
    for n in ns:
        pairs = zip(durations(die, trials, n), durations(die, trials, n), strict=True)
        quiet = mean(s.median_chance(a, b, die, rounds=200) > 0.05 for a, b in pairs)
        yield Line("no difference of medians where none is", f"n = {n} and {n}", quiet)


def mean(hits: Iterator[bool]) -> float:
    every = list(hits)
    return sum(every) / len(every) if every else float("nan")


SIZES = (6, 10, 20, 50, 100, 300, 1000)
OPEN_SIZES = SIZES[1:]
Lines = Callable[[Generator], Iterator[Line]]
EVERY: tuple[Callable[[Generator, int], Iterator[Line]], ...] = (
    lambda die, t: percentiles(die, t, 0.5, SIZES),
    lambda die, t: percentiles(die, t, 0.9, (29, 40, 100, 300, 1000)),
    lambda die, t: percentiles(die, t, 0.95, (59, 100, 300, 1000)),
    lambda die, t: geometric(die, t, SIZES),
    lambda die, t: ratios(die, t, SIZES),
    lambda die, t: with_open(die, t, 0.5, OPEN_SIZES),
    lambda die, t: with_open(die, t, 0.9, (80, 100, 300, 1000)),
    lambda die, t: with_open(die, t, 0.95, (150, 300, 1000)),
    lambda die, t: still_open(die, t, OPEN_SIZES),
    lambda die, t: no_change(die, t, (26, 52, 104, 260)),
    lambda die, t: no_difference(die, t // 4, (6, 20, 100)),
)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--trials", type=int, default=4000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    print(f"| of 100 intervals hold the truth ({given.trials} trials, seed {given.seed}) | case | |\n|---|---|---|")
    for lines in EVERY:
        for line in lines(np.random.default_rng(given.seed), given.trials):
            print(f"| {line.what} | {line.case} | {line.covered * 100:.1f} |", flush=True)
    print("\n| of whole numbers, summed exactly | true values | mean | worst and best point |\n|---|---|---|---|")
    for ranges in discrete.EVERY:
        for one in ranges():
            points = f"{one.worst * 100:.1f} to {one.best * 100:.1f}"
            print(f"| {one.what} | {one.case} | {one.mean * 100:.1f} | {points} |", flush=True)


if __name__ == "__main__":
    main()
