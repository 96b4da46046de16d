"""Improvements that may be bought: effort, what each needs first, which losses it lowers and by how much. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from quarterdeck.direction.rules.statistics import Flags, Values

Shares = NDArray[np.float64]
"""By how much each improvement (a row) lowers each cell (a column), 0 to 1."""


@dataclass(frozen=True)
class Effect:
    """By what share the losses fall: at least, most likely, at most; each from 0 to 1, and rising."""

    least: float
    likely: float
    most: float

    @property
    def mean(self) -> float:
        return (self.least + self.likely + self.most) / 3

    def drawn(self, die: Generator, count: int) -> Values:
        """Triangular, as the three figures say and no more."""
        if self.least >= self.most:
            return np.full(count, self.likely)
        return die.triangular(self.least, self.likely, self.most, count)


@dataclass(frozen=True)
class Improvement:
    """A candidate: `effort` in person-days, `needs`: others of the candidates that have to be done first."""

    id: int
    effort: float
    effect: Effect
    needs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cells:
    """Incidents parted by which improvements would have lowered their loss: the losses add up, the effects multiply.

    `touched[i, c]`: improvement i lowers cell c. `total` and `squares`: the sum of the losses and of their squares.
    """

    touched: NDArray[np.bool_]
    total: Values
    squares: Values
    years: float

    @property
    def annual(self) -> Values:
        return self.total / self.years

    def drawn(self, die: Generator, count: int) -> NDArray[np.float64]:
        """What each cell might lose in a year, by row one world: gammas with the mean and spread of what was seen."""
        there = self.squares > 0
        shape = np.where(there, self.total**2 / np.where(there, self.squares, 1.0), 1.0)
        scale = np.where(there, self.squares / np.where(self.total > 0, self.total, 1.0), 0.0)
        return die.standard_gamma(shape, (count, len(shape))) * scale / self.years


def cells(touches: Sequence[Flags], losses: Values, years: float) -> Cells:
    """`touches`: for each improvement the incidents whose loss it would have lowered, as flags beside `losses`."""
    if not touches:
        none = np.zeros(0)
        return Cells(np.zeros((0, 0), dtype=np.bool_), none, none, years)
    code = np.zeros(len(losses), dtype=np.uint64)
    for place, flags in enumerate(touches):
        code |= flags.astype(np.uint64) << np.uint64(place)
    found, cell = np.unique(code, return_inverse=True)
    total = np.bincount(cell, weights=losses, minlength=len(found))
    squares = np.bincount(cell, weights=losses**2, minlength=len(found))
    bits = np.arange(len(touches), dtype=np.uint64)[:, None]
    touched = (found[None, :] >> bits) & np.uint64(1) == 1
    kept = touched.any(axis=0)
    return Cells(touched[:, kept], total[kept], squares[kept], years)


def usable(improvements: Sequence[Improvement]) -> tuple[list[Improvement], dict[int, str]]:
    """Without those that need something which is not among them; why each was left out."""
    kept, left_out = list(improvements), dict[int, str]()
    while True:
        there = {one.id for one in kept}
        lacking = {one.id: sorted(set(one.needs) - there) for one in kept if set(one.needs) - there}
        if not lacking:
            return kept, left_out
        for id, needs in lacking.items():
            left_out[id] = f"it needs {', '.join(f'A-{need}' for need in needs)}, which cannot be bought"
        kept = [one for one in kept if one.id not in lacking]


def closure(ids: Sequence[int], needs: Mapping[int, Sequence[int]]) -> set[int]:
    """These and everything that they need."""
    found, waiting = set[int](), list(ids)
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting += needs.get(id, ())
    return found
