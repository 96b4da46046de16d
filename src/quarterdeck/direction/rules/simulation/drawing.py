"""The luck of one year: which incidents come, and numbers between 0 and 1 for all that is left to chance. Pure."""

from dataclasses import dataclass, field

import numpy as np

from quarterdeck.direction.rules.simulation.history import HOURS, WEEK, Numbers, Whole, World


@dataclass(frozen=True)
class Drawn:
    """The same for every process that is compared, so that only the process differs."""

    hour: Whole
    """Of the week, in which each incident comes."""
    severity: Whole
    team: Whole
    came: Numbers
    """Minutes since the year began."""
    seed: int
    own: Whole | None
    """Which of the lucky numbers is whose; None: they stand in order."""
    _columns: dict[int, Numbers] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size(self) -> int:
        return int(self.came.size)

    def luck(self, place: int) -> Numbers:
        """A number from 0 to below 1 for each incident: another one for each place, the same whenever it is asked for.

        Few places are asked for in most years, so none is drawn before.
        """
        found = self._columns.get(place)
        if found is None:
            rng = _stream(self.seed, 1 + place)
            found = (
                rng.random(self.size) if self.own is None else rng.random(int(self.own.max(initial=0)) + 1)[self.own]
            )
            self._columns[place] = found
        return found


def draw(world: World, weeks: int, seed: int, arrivals: float = 1.0) -> Drawn:
    """Weeks of the history in a new order, with repeats. `arrivals`: factor on how many incidents of each come.

    An incident that comes under either of two factors comes in the same minute and has the same luck.
    """
    rng = _stream(seed, 0)
    chosen = rng.integers(0, len(world.weeks), weeks)
    parts = [world.weeks[week] for week in chosen]
    at = np.concatenate([*parts, np.zeros(0, np.int64)])
    came = np.repeat(np.arange(weeks) * WEEK, [part.size for part in parts]) + world.came[at]
    if arrivals == 1.0:
        return Drawn(world.hour[at], world.severity[at], world.team[at], came, seed, None)
    copies = np.floor(arrivals + rng.random(at.size)).astype(np.int64)
    which = np.repeat(np.arange(at.size), copies)
    again = np.zeros(which.size, dtype=bool)
    again[1:] = which[1:] == which[:-1]
    count = int(np.count_nonzero(again))
    own, came, at = which.copy(), came[which], at[which]
    own[again] = np.arange(copies.size, copies.size + count)
    came[again] += rng.random(count) * 60  # a copy does not come in the same instant
    return Drawn((came // 60).astype(np.int64) % HOURS, world.severity[at], world.team[at], came, seed, own)


def _stream(seed: int, number: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
