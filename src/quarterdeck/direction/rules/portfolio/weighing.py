"""What should the next days of work buy? The set that avoids most, proved, and how firmly each belongs to it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from quarterdeck.direction.rules.portfolio.candidates import Cells, Improvement, closure
from quarterdeck.direction.rules.portfolio.choosing import Choice
from quarterdeck.direction.rules.statistics import CONFIDENCE, Estimate, Values
from quarterdeck.kernel.errors import Invalid

MOST = 60
"""Candidates that are weighed; of more, those that promise least per day are left out, by name."""
WORLDS, DRAWS = 60, 400
"""Draws in which the choice is made again; and draws that intervals are taken from."""
BRANCHES, BRANCHES_AGAIN = 6_000, 150
MOST_DAYS = 100_000.0


@dataclass(frozen=True)
class Ranked:
    """One improvement: the loss a year that it avoids if it alone is done, and with the others of the best set.

    `bought_in`: the share of what might be true in which the best set has it: near 1 it is a safe buy. `rank`, and
    `rank_low` to `rank_high` in 9 of 10 worlds: its place by avoided loss per person-day.
    """

    id: int
    effort: float
    avoided: Estimate
    bought: bool
    bought_in: float
    rank: int
    rank_low: int
    rank_high: int
    incidents: int

    @property
    def per_day(self) -> float:
        value = self.avoided.value or 0.0
        return value / self.effort if self.effort > 0 else float("inf") if value else 0.0


@dataclass(frozen=True)
class Portfolio:
    """`chosen`: the set that avoids most within `budget`. `proved`: no other set avoids more; none more than `bound`.

    `loss`: the expected loss a year of all incidents, of which `avoided` is spared.
    """

    budget: float
    chosen: tuple[int, ...]
    effort: float
    avoided: Estimate
    proved: bool
    bound: float
    examined: int
    ranked: tuple[Ranked, ...]
    loss: float
    by_budget: tuple[tuple[float, float], ...] = ()
    """(person-days, what the best set for as many avoids): where more days stop buying much."""

    @property
    def gap(self) -> float:
        """By what share a better set could avoid more, at most."""
        value = self.avoided.value or 0.0
        return max(0.0, self.bound / value - 1) if value > 0 else 0.0


def checked(budget: float) -> float:
    if not 0 < budget <= MOST_DAYS:  # NaN is neither
        raise Invalid("This is no budget.", (f"days: above 0, at most {MOST_DAYS:,.0f} person-days",))
    return budget


def portfolio(
    improvements: Sequence[Improvement],
    cells: Cells,
    touched: Sequence[int],
    budget: float,
    loss: float,
    die: Generator,
) -> Portfolio:
    """The best buy. `touched`: the number of incidents that each would have made cheaper."""
    means = np.array([one.effect.mean for one in improvements])
    shares = cells.touched * means[:, None] if len(improvements) else np.zeros((0, 0))
    choice = Choice(improvements, shares, cells.annual)
    best = choice.best(budget, BRANCHES)
    annual = cells.drawn(die, DRAWS)
    drawn = np.array([one.effect.drawn(die, DRAWS) for one in improvements]).reshape(len(improvements), DRAWS)
    alone = drawn * (cells.touched @ annual.T) if len(improvements) else np.zeros((0, DRAWS))
    together = _together(sorted(best.places), cells, annual, drawn)
    worlds = np.arange(min(WORLDS, DRAWS))
    bought = np.zeros(len(improvements))
    for world in worlds:
        here = Choice(improvements, cells.touched * drawn[:, world][:, None], annual[world])
        for i in here.best(budget, BRANCHES_AGAIN, best.places).places:
            bought[i] += 1 / len(worlds)
    efforts = np.array([max(one.effort, 1e-9) for one in improvements])
    by_day = np.argsort(np.argsort(-alone / efforts[:, None], axis=0, kind="stable"), axis=0, kind="stable") + 1
    value = shares @ cells.annual if len(improvements) else np.zeros(0)
    order = sorted(range(len(improvements)), key=lambda i: (-value[i] / efforts[i], improvements[i].id))
    ranked = []
    for place, i in enumerate(order, start=1):
        low, high = (round(float(one)) for one in np.quantile(by_day[i], [0.05, 0.95]))
        ranked.append(
            Ranked(
                improvements[i].id,
                improvements[i].effort,
                _estimate(float(value[i]), alone[i], touched[i]),
                i in best.places,
                round(float(bought[i]), 4),
                place,
                low,
                high,
                touched[i],
            )
        )
    chosen = sorted(best.places)
    return Portfolio(
        budget,
        tuple(improvements[i].id for i in chosen),
        sum(improvements[i].effort for i in chosen),
        _estimate(best.avoided, together, int(sum(touched[i] for i in chosen))),
        best.proved,
        best.bound,
        best.examined,
        tuple(ranked),
        loss,
        _by_budget(choice, improvements, budget, best.avoided),
    )


def most_promising(
    improvements: Sequence[Improvement], annual: Sequence[float], most: int = MOST
) -> tuple[list[int], list[int]]:
    """The places of those that avoid most per day, with all that they need; and of those left out. `annual`: alone."""
    if len(improvements) <= most:
        return list(range(len(improvements))), []
    needs = {one.id: one.needs for one in improvements}
    place = {one.id: i for i, one in enumerate(improvements)}
    order = sorted(place.values(), key=lambda i: -annual[i] / max(improvements[i].effort, 1e-9))
    kept = set[int]()
    for i in order:
        whole = kept | {place[id] for id in closure([improvements[i].id], needs)}
        if len(whole) <= most:
            kept = whole
    return sorted(kept), [i for i in range(len(improvements)) if i not in kept]


def _by_budget(
    choice: Choice, improvements: Sequence[Improvement], budget: float, avoided: float
) -> tuple[tuple[float, float], ...]:
    """Fractions and multiples of the budget, up to what everything takes."""
    everything = sum(one.effort for one in improvements)
    parts = [budget * part for part in (0.25, 0.5, 0.75, 1.5, 2.0, 3.0)]
    steps = {float(round(part)) if part >= 2 else part for part in parts} - {budget}
    found = {budget: avoided}
    for step in sorted(one for one in steps if one < everything * 1.2):
        found[step] = choice.best(step, BRANCHES // 10).avoided
    return tuple(sorted(found.items()))


def _together(chosen: Sequence[int], cells: Cells, annual: Values, drawn: Values) -> Values:
    """What the set avoids, draw by draw; what the first has spared the second cannot spare again."""
    left = np.ones(annual.shape)
    for i in chosen:
        left *= 1 - drawn[i][:, None] * cells.touched[i][None, :]
    avoided: Values = (annual * (1 - left)).sum(axis=1)
    return avoided


def _estimate(value: float, drawn: Values, n: int) -> Estimate:
    if not len(drawn) or n == 0:
        return Estimate(value, None, None, n)
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, 1 - (1 - CONFIDENCE) / 2])
    return Estimate(value, float(low), float(high), n)
