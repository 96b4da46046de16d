"""What incidents of a kind cost in a year: frequency times magnitude, with what is not known about both. Pure.

A Monte Carlo in two layers. The outer one draws what the history leaves open: the rate (Gamma, Jeffreys' prior) and
which magnitudes occur (the incidents resampled). The inner one draws years: how many incidents (Poisson), and of what
magnitude.
Loss event frequency times loss magnitude is FAIR's decomposition of risk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 400
"""What might be true, given the history."""
YEARS = 100
"""Years simulated for each of them."""
FEWEST = 3
"""Incidents below which a magnitude is only an anecdote: the figures are shown, and said to be."""

Losses = NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """The incidents of one kind: what each cost, over so many years of watching (those without incidents included)."""

    losses: tuple[float, ...]
    years: float


@dataclass(frozen=True)
class Exposure:
    """The expected annual loss with its 90 % interval, and a year in twenty (`bad_year`), in the unit of the losses.

    `draws`: the expected annual loss under each thing that might be true; `by_year`: every simulated year's loss.
    """

    n: int
    years: float
    expected: float
    low: float
    high: float
    bad_year: float
    draws: Losses
    by_year: Losses

    @property
    def an_anecdote(self) -> bool:
        return self.n < FEWEST


def exposure(history: History, rng: np.random.Generator) -> Exposure:
    """The yearly loss of one kind of incident. No incident in the history is no proof of none to come.

    With no incident there is no magnitude either, and the loss is 0 with n = 0: say it so.
    """
    n, years = len(history.losses), history.years
    if n == 0 or years <= 0:
        nothing = np.zeros(DRAWS)
        return Exposure(n, years, 0.0, 0.0, 0.0, 0.0, nothing, np.zeros(DRAWS * YEARS))
    losses = np.asarray(history.losses, float)
    rates = rng.gamma(n + 0.5, 1 / years, DRAWS)
    worlds = losses[rng.integers(0, n, (DRAWS, n))]
    draws = rates * worlds.mean(axis=1)
    counts = rng.poisson(np.repeat(rates, YEARS))
    world = np.repeat(np.repeat(np.arange(DRAWS), YEARS), counts)
    each = worlds[world, rng.integers(0, n, world.size)]
    year = np.repeat(np.arange(DRAWS * YEARS), counts)
    by_year = np.bincount(year, weights=each, minlength=DRAWS * YEARS).astype(np.float64)
    low, high = np.quantile(draws, [0.05, 0.95])
    bad = np.quantile(by_year, 0.95)
    return Exposure(n, years, float(draws.mean()), float(low), float(high), float(bad), draws, by_year)


def exposures(histories: Mapping[str, History], seed: int) -> dict[str, Exposure]:
    """Each kind's exposure; the largest expected loss first. The same seed gives the same figures."""
    rng = np.random.default_rng(seed)
    found = {name: exposure(histories[name], rng) for name in sorted(histories)}
    return dict(sorted(found.items(), key=lambda item: -item[1].expected))


def exceedance(by_year: Losses, points: int = 60) -> list[tuple[float, float]]:
    """The loss-exceedance curve: (loss, the share of years that lose more), from 0 to the worst year simulated."""
    if not by_year.size:
        return []
    ordered = np.sort(by_year)
    at = np.unique(np.concatenate([[0.0], np.quantile(ordered, np.linspace(0, 1, points))]))
    above = 1 - np.searchsorted(ordered, at, side="right") / ordered.size
    return [(float(loss), float(share)) for loss, share in zip(at, above, strict=True)]


def together(found: Sequence[Exposure]) -> Losses:
    """The loss of all kinds in each simulated year, taken as independent of one another."""
    return np.sum([one.by_year for one in found], axis=0) if found else np.zeros(DRAWS * YEARS)


def few_make_most(found: Mapping[str, Exposure], most: float = 0.8) -> int:
    """How many kinds, the largest first, make up this share of the expected loss (Pareto)."""
    total = sum(one.expected for one in found.values())
    carried = 0.0
    for count, one in enumerate(sorted(found.values(), key=lambda one: -one.expected), start=1):
        carried += one.expected
        if carried >= most * total:
            return count
    return len(found)
