"""A good roster in seconds: filled week by week, then improved by annealing. Pure: same seed, same roster."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from quarterdeck.direction.rules.rostering.model import JUNIORS, NOBODY, UNFAIR, UNFILLED, UNWELCOME, Needs, Roster

_HOT, _COLD = 25.0, 0.15
"""Temperatures in units of cost: a week's unfairness is 10."""
_BLOCK = 4096
_EXCHANGE = 50
"""Each so many steps, two people change places for a stretch: where rest leaves no slack, single changes are stuck."""


@dataclass(frozen=True)
class Step:
    """How far a search is: `share` of its steps done, the best cost so far."""

    share: float
    best: float


def search(needs: Needs, steps: int, seed: int, told: Callable[[Step], None] = lambda step: None) -> Roster:
    """The best roster found in so many steps (about 250,000 a second). It breaks no rule; places may stay unfilled."""
    state = _State(needs)
    state.fill()
    best, least, now = state.roster(), state.cost, state.cost
    draws = _draws(np.random.default_rng(seed))
    cooling = (_COLD / _HOT) ** (1 / max(1, steps))
    heat = _HOT
    for step in range(steps):
        heat *= cooling
        if step % _EXCHANGE == 0 and needs.members:
            now += state.exchange(draws, heat)
        else:
            turn = state.turns[int(next(draws) * len(state.turns))]
            pool = state.pools[turn[1]]
            other = pool[int(next(draws) * len(pool))]
            change = state.change(turn, other)
            if change is not None and (change <= 0 or next(draws) < exp(-change / heat)):
                state.put(turn, other)
                now += change
        if now < least - 1e-9:
            best, least = state.roster(), now
        if step % 50_000 == 0:
            told(Step(step / steps, least))
    told(Step(1.0, least))
    return best


def _draws(rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from rng.random(_BLOCK).tolist()


_Turn = tuple[int, int, int]
"""week, rotation, place"""


class _State:
    """A roster under change, with what a change costs kept at hand."""

    def __init__(self, needs: Needs) -> None:
        self.needs = needs
        self.turns: list[_Turn] = [
            (week, r, place)
            for week in range(needs.weeks)
            for r, rotation in enumerate(needs.rotations)
            for place in range(rotation.places)
        ]
        self.pools = [[NOBODY, *needs.able(rotation)] for rotation in needs.rotations]
        self.fair = needs.fair()
        self.carried = [0.0] * len(needs.members)
        self.served: list[list[int]] = [[] for _ in needs.members]
        self.who = dict.fromkeys(self.turns, NOBODY)
        self.held: list[set[_Turn]] = [set() for _ in needs.members]
        self.seniors = {(week, r): 0 for week, r, _ in self.turns}
        self.wanted = [min(rotation.seniors, rotation.places) for rotation in needs.rotations]
        self.weight = {(week, r): needs.load(needs.rotations[r], week) for week, r, _ in self.turns}
        self.cost = UNFILLED * len(self.turns) + JUNIORS * sum(self.wanted) * needs.weeks + UNFAIR * sum(self.fair)

    def roster(self) -> Roster:
        widest = max((rotation.places for rotation in self.needs.rotations), default=0)
        made: Roster = np.full((self.needs.weeks, len(self.needs.rotations), widest), NOBODY, dtype=np.int16)
        for turn, member in self.who.items():
            made[turn] = member
        return made

    def fill(self) -> None:
        """Scarce turns first, each by whoever costs least."""
        scarce = sorted(self.turns, key=lambda turn: (len(self.pools[turn[1]]), turn))
        for turn in scarce:
            choices = [(self.change(turn, one), one) for one in self.pools[turn[1]][1:]]
            possible = [(change, one) for change, one in choices if change is not None]
            if possible:
                change, one = min(possible)
                self.put(turn, one)
                self.cost += change

    def exchange(self, draws: Iterator[float], heat: float) -> float:
        """Let two people change places for a stretch of weeks, if that is allowed and accepted; what it changed."""
        count, weeks = len(self.needs.members), self.needs.weeks
        one, other = int(next(draws) * count), int(next(draws) * count)
        first = int(next(draws) * weeks)
        last = first + int(next(draws) * weeks)
        moves = [
            (turn, becomes)
            for was, becomes in ((one, other), (other, one))
            for turn in sorted(self.held[was])
            if first <= turn[0] <= last
        ]
        if one == other or not moves:
            return 0.0
        before = [(turn, self.who[turn]) for turn, _ in moves]
        total = self._put_all([(turn, NOBODY) for turn, _ in moves])
        for turn, member in moves:
            change = self.change(turn, member) if member in self.pools[turn[1]] else None
            if change is None:
                break
            self.put(turn, member)
            total += change
        else:
            if total <= 0 or next(draws) < exp(-total / heat):
                return total
        self._put_all([(turn, NOBODY) for turn, _ in moves])
        self._put_all(before)
        return 0.0

    def _put_all(self, moves: Sequence[tuple[_Turn, int]]) -> float:
        """Allowed moves, one after the other; what they change together."""
        total = 0.0
        for turn, member in moves:
            total += self.change(turn, member) or 0.0
            self.put(turn, member)
        return total

    def change(self, turn: _Turn, member: int) -> float | None:
        """What it would cost to have `member` there instead; None if they may not."""
        was = self.who[turn]
        if member == was:
            return None
        week, r, _ = turn
        if member != NOBODY and not self._may(member, week):
            return None
        load, members = self.weight[week, r], self.needs.members
        cost, senior = 0.0, self.seniors[week, r]
        left = senior
        if was != NOBODY:
            cost += UNFILLED + UNFAIR * self._drift(was, -load) - UNWELCOME * (week in members[was].spare)
            left -= members[was].senior
        if member != NOBODY:
            cost += -UNFILLED + UNFAIR * self._drift(member, load) + UNWELCOME * (week in members[member].spare)
            left += members[member].senior
        wanted = self.wanted[r]
        return cost + JUNIORS * (max(0, wanted - left) - max(0, wanted - senior))

    def put(self, turn: _Turn, member: int) -> None:
        week, r, _ = turn
        for one, sign in ((self.who[turn], -1), (member, 1)):
            if one == NOBODY:
                continue
            self.carried[one] += sign * self.weight[week, r]
            self.seniors[week, r] += sign * self.needs.members[one].senior
            if sign > 0:
                insort(self.served[one], week)
                self.held[one].add(turn)
            else:
                self.served[one].remove(week)
                self.held[one].remove(turn)
        self.who[turn] = member

    def _drift(self, member: int, load: float) -> float:
        apart = self.carried[member] - self.fair[member]
        return abs(apart + load) - abs(apart)

    def _may(self, member: int, week: int) -> bool:
        one, weeks, rest = self.needs.members[member], self.served[member], self.needs.rest
        if not self.needs.free(member, week) or (one.most is not None and len(weeks) >= one.most):
            return False
        at = bisect_left(weeks, week)
        before = at == 0 or week - weeks[at - 1] > rest
        return before and (at == len(weeks) or weeks[at] - week > rest)
