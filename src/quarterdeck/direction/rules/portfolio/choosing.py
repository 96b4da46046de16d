"""The best set within a budget, by branch and bound: exact, and it says so; or how far from it at most. Pure.

What an improvement still gains shrinks with each one taken before it, because effects on one loss multiply. So the
gains at a branch, filled into the budget with a fraction of the last (G. B. Dantzig, 1957), are at least what any set
below it can avoid: no better set is ever ruled out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quarterdeck.direction.rules.portfolio.candidates import Improvement, Shares
from quarterdeck.direction.rules.statistics import Values

_NEAR = 1e-9
Set = frozenset[int]


@dataclass(frozen=True)
class Chosen:
    """`places`: of the improvements in the set. No set avoids more than `bound`; `examined`: branches looked at."""

    places: Set
    avoided: float
    bound: float
    examined: int

    @property
    def proved(self) -> bool:
        return self.bound <= self.avoided * (1 + 1e-6) + _NEAR


class Choice:
    """One world: by how much each improvement lowers each cell, and what each cell loses."""

    def __init__(self, improvements: Sequence[Improvement], shares: Shares, losses: Values) -> None:
        self._effort = [one.effort for one in improvements]
        self._shares, self._losses = shares, losses
        place = {one.id: i for i, one in enumerate(improvements)}
        self._needs = [frozenset(place[id] for id in one.needs) for one in improvements]
        self._whole = [self._with_needs(i) for i in range(len(improvements))]

    def avoided(self, places: Set) -> float:
        """What this set avoids, whatever it costs."""
        return float(self._losses @ (1 - self._left(places))) if places else 0.0

    def best(self, budget: float, most: int, begin: Set = frozenset()) -> Chosen:
        """Search on from the set `begin`, at most so many branches."""
        self._most, self._set, self._budget = -1.0, frozenset[int](), budget
        for start in (frozenset[int](), begin or self._greedy()):
            if self._stands(start) and (value := self.avoided(start)) > self._most:
                self._most, self._set = value, start
        self._examined, self._limit, self._open = 0, most, 0.0
        everything = tuple(range(len(self._effort)))
        self._branch(everything, budget, self._losses, 0.0, frozenset(), frozenset())
        return Chosen(self._set, self._most, max(self._most, self._open), self._examined)

    def _stands(self, places: Set) -> bool:
        effort = sum(self._effort[i] for i in places)
        return effort <= self._budget + _NEAR and all(self._needs[i] <= places for i in places)

    def _greedy(self) -> Set:
        """Always what avoids most per day, with all that it needs, as far as the budget reaches."""
        taken, left, losses = frozenset[int](), self._budget, self._losses
        while True:
            alone, best = self._shares @ losses, None
            for i, whole in enumerate(self._whole):
                more = whole - taken
                effort = sum(self._effort[j] for j in more)
                if i in taken or effort > left + _NEAR:
                    continue
                gain = float(alone[i]) if len(more) == 1 else float(losses @ (1 - self._left(more)))
                ratio = _ratio(gain, effort)
                if gain > _NEAR and (best is None or ratio > best[0]):
                    best = (ratio, more, effort)
            if best is None:
                return taken
            taken, left, losses = taken | best[1], left - best[2], losses * self._left(best[1])

    def _left(self, places: Set) -> Values:
        """What these leave of each loss, as a share."""
        return np.asarray(np.prod(1 - self._shares[sorted(places)], axis=0))

    def _with_needs(self, i: int) -> Set:
        found, waiting = set[int](), [i]
        while waiting:
            j = waiting.pop()
            if j not in found:
                found.add(j)
                waiting += self._needs[j]
        return frozenset(found)

    def _branch(
        self, undecided: tuple[int, ...], left: float, losses: Values, value: float, taken: Set, owed: Set
    ) -> None:
        """`losses`: what is left of each; `owed`: needed by what was taken and not yet decided on."""
        if not owed and value > self._most + _NEAR:
            self._most, self._set = value, taken
        fits = [i for i in undecided if self._effort[i] <= left + _NEAR]
        if not fits or not owed <= set(fits):
            return
        gains = self._shares[fits] @ losses
        order = sorted(range(len(fits)), key=lambda k: -_ratio(float(gains[k]), self._effort[fits[k]]))
        ceiling = value + self._at_most([(float(gains[k]), self._effort[fits[k]]) for k in order], left)
        if ceiling <= self._most + _NEAR:
            return
        if self._examined >= self._limit:
            self._open = max(self._open, ceiling)
            return
        self._examined += 1
        i = fits[order[0]]
        others = tuple(fits[k] for k in order[1:])
        if self._needs[i] <= taken | set(others):
            needed = (owed | (self._needs[i] - taken)) - {i}
            gained = value + float(gains[order[0]])
            self._branch(others, left - self._effort[i], losses * (1 - self._shares[i]), gained, taken | {i}, needed)
        if i not in owed:
            self._branch(others, left, losses, value, taken, owed)

    @staticmethod
    def _at_most(gains: Sequence[tuple[float, float]], left: float) -> float:
        total = 0.0
        for gain, effort in gains:
            if effort > left:
                return total + gain * left / effort
            total, left = total + gain, left - effort
        return total


def _ratio(value: float, effort: float) -> float:
    return value / effort if effort > 0 else float("inf")
