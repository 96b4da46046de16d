"""Which improvements to buy with a budget: the set that avoids most loss, proved, and how sure it is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST = 50
"""Candidates that are weighed exactly; beyond that the ones with the least avoided per effort are left out, by name."""
WORLDS = 50
"""Draws in which the choice is made again, to see how firmly an improvement belongs to it."""


@dataclass(frozen=True)
class Effect:
    """By how much an improvement lowers one exposure: a share from 0 to 1, at least, likely, at most."""

    exposure: str
    least: float
    likely: float
    most: float


@dataclass(frozen=True)
class Improvement:
    """A candidate: what it takes (person-days or money, as the budget), what it needs done first."""

    id: str
    effort: float
    effects: tuple[Effect, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """One improvement by itself: avoided loss a year (mean, 90 % interval), and how often it is bought."""

    id: str
    effort: float
    avoided: float
    low: float
    high: float
    bought: bool
    bought_in: float
    """The share of what might be true in which the best set for this budget has it: near 1 it is a safe buy."""

    @property
    def per_effort(self) -> float:
        return self.avoided / self.effort if self.effort > 0 else float("inf")


@dataclass(frozen=True)
class Portfolio:
    """`chosen`: the set that avoids most within the budget, proved by trying or ruling out every other one."""

    budget: float
    chosen: tuple[str, ...]
    effort: float
    avoided: float
    low: float
    high: float
    ranked: tuple[Ranked, ...]
    """All candidates, the most avoided per effort first."""
    left_out: tuple[str, ...] = ()
    """More than `MOST` were proposed, these promised least; or they need something that is not there."""


def portfolio(
    improvements: Sequence[Improvement], annual: Mapping[str, NDArray[np.float64]], budget: float, seed: int
) -> Portfolio:
    """The best buy. `annual`: for each exposure its expected annual loss under each thing that might be true.

    Two improvements on one exposure do not add up: the second lowers what the first has left.
    """
    rng = np.random.default_rng(seed)
    draws = max((len(one) for one in annual.values()), default=1)
    usable, left_out = _usable(improvements)
    shares = [_shares(one, draws, rng) for one in usable]
    alone = [_avoided([share], annual, draws) for share in shares]
    if len(usable) > MOST:
        by_ratio = sorted(range(len(usable)), key=lambda i: -_ratio(float(alone[i].mean()), usable[i].effort))
        kept = by_ratio[:MOST]
        names = {usable[i].id for i in kept}
        kept = [i for i in sorted(kept) if set(usable[i].needs) <= names]
        left_out += [one.id for i, one in enumerate(usable) if i not in set(kept)]
        usable, shares, alone = [usable[i] for i in kept], [shares[i] for i in kept], [alone[i] for i in kept]
    mean = _Choice(usable, [{name: float(v.mean()) for name, v in share.items()} for share in shares], _means(annual))
    chosen = mean.best(budget)
    together = _avoided([shares[i] for i in chosen], annual, draws)
    bought = np.zeros(len(usable))
    worlds = np.linspace(0, draws - 1, min(WORLDS, draws)).astype(int)
    for world in worlds:
        here = [{name: float(v[world]) for name, v in share.items()} for share in shares]
        losses = {name: float(v[world % len(v)]) for name, v in annual.items()}
        for i in _Choice(usable, here, losses).best(budget):
            bought[i] += 1 / len(worlds)
    ranked = [
        Ranked(one.id, one.effort, float(a.mean()), *_interval(a), i in chosen, round(float(bought[i]), 4))
        for i, (one, a) in enumerate(zip(usable, alone, strict=True))
    ]
    return Portfolio(
        budget,
        tuple(usable[i].id for i in sorted(chosen)),
        sum(usable[i].effort for i in chosen),
        float(together.mean()),
        *_interval(together),
        tuple(sorted(ranked, key=lambda one: (-one.per_effort, one.id))),
        tuple(left_out),
    )


class _Choice:
    """One world: shares and losses are numbers. Branch and bound, best gain per effort first.

    What an improvement still gains shrinks with each one taken before it, because effects on one exposure multiply. So
    the gains at a branch, filled into the budget with a fraction of the last, are more than any set below it can avoid:
    no better set is ever ruled out.
    """

    def __init__(
        self, improvements: Sequence[Improvement], shares: Sequence[Mapping[str, float]], losses: Mapping[str, float]
    ) -> None:
        names = sorted(losses)
        self._effort = [one.effort for one in improvements]
        self._losses = [losses[name] for name in names]
        self._shares = [[(k, one[name]) for k, name in enumerate(names) if one.get(name)] for one in shares]
        place = {one.id: i for i, one in enumerate(improvements)}
        self._needs = [frozenset(place[name] for name in one.needs) for one in improvements]

    def best(self, budget: float) -> frozenset[int]:
        self._most, self._set = 0.0, frozenset[int]()
        self._branch(tuple(range(len(self._effort))), budget, self._losses, 0.0, frozenset(), frozenset())
        return self._set

    def _branch(
        self,
        undecided: tuple[int, ...],
        left: float,
        losses: list[float],
        value: float,
        taken: frozenset[int],
        owed: frozenset[int],
    ) -> None:
        """`losses`: what is left of each; `owed`: needed by what was taken and not yet decided on."""
        if not owed and value > self._most + 1e-9:
            self._most, self._set = value, taken
        gains = sorted((-_ratio(self._gain(i, losses), self._effort[i]), i) for i in undecided if self._fits(i, left))
        if not gains or owed - {i for _, i in gains} or value + self._at_most(gains, left, losses) <= self._most + 1e-9:
            return
        i = gains[0][1]
        others = tuple(other for _, other in gains[1:])
        if self._needs[i] <= taken | set(others):
            after = list(losses)
            for k, share in self._shares[i]:
                after[k] *= 1 - share
            needed = (owed | (self._needs[i] - taken)) - {i}
            gained = value + self._gain(i, losses)
            self._branch(others, left - self._effort[i], after, gained, taken | {i}, needed)
        if i not in owed:
            self._branch(others, left, losses, value, taken, owed)

    def _gain(self, i: int, losses: Sequence[float]) -> float:
        return sum(losses[k] * share for k, share in self._shares[i])

    def _fits(self, i: int, left: float) -> bool:
        return self._effort[i] <= left + 1e-9

    def _at_most(self, gains: Sequence[tuple[float, int]], left: float, losses: Sequence[float]) -> float:
        total = 0.0
        for _, i in gains:
            effort, gain = self._effort[i], self._gain(i, losses)
            if effort > left:
                return total + gain * left / effort
            total, left = total + gain, left - effort
        return total


def _usable(improvements: Sequence[Improvement]) -> tuple[list[Improvement], list[str]]:
    """Without those that need something which is not among them, or themselves in a circle."""
    kept, left_out = list(improvements), list[str]()
    while True:
        there = {one.id for one in kept}
        lacking = [one.id for one in kept if not set(one.needs) <= there or one.id in one.needs]
        if not lacking:
            return kept, left_out
        left_out += lacking
        kept = [one for one in kept if one.id not in lacking]


def _shares(one: Improvement, draws: int, rng: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    return {
        effect.exposure: rng.triangular(
            effect.least, min(max(effect.likely, effect.least), effect.most), effect.most, draws
        )
        if effect.least < effect.most
        else np.full(draws, effect.likely)
        for effect in one.effects
    }


def _avoided(
    shares: Sequence[Mapping[str, NDArray[np.float64]]], annual: Mapping[str, NDArray[np.float64]], draws: int
) -> NDArray[np.float64]:
    avoided = np.zeros(draws)
    for name, loss in annual.items():
        left = np.ones(draws)
        for one in shares:
            if name in one:
                left = left * (1 - one[name])
        avoided = avoided + np.resize(loss, draws) * (1 - left)
    return avoided


def _means(annual: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
    return {name: float(loss.mean()) for name, loss in annual.items()}


def _interval(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def _ratio(value: float, effort: float) -> float:
    return value / effort if effort > 0 else float("inf")
