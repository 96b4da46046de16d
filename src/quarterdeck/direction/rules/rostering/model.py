"""What a roster has to fill, who may fill it, and what a filled one costs. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

UNFILLED, JUNIORS, UNFAIR, UNWELCOME = 10_000.0, 1_000.0, 10.0, 4.0
"""Costs: a place that nobody fills; a turn without the seniors it asks for; one week's load more or less than one's
share; a week that somebody asked to be spared."""

Roster = NDArray[np.int16]
"""By week, rotation and place: the number of the member who serves there, or `NOBODY`."""
NOBODY = -1


@dataclass(frozen=True)
class Member:
    """Somebody who can be on call. Weeks count from 0."""

    id: str
    skills: frozenset[str] = frozenset()
    senior: bool = False
    away: frozenset[int] = frozenset()
    """Weeks of leave: never on call."""
    spare: frozenset[int] = frozenset()
    """Weeks that this person would rather not serve."""
    share: float = 1.0
    """Of a full share of the load: 0.5 for half-time."""
    most: int | None = None
    """Turns at most, over the whole time."""
    rested_from: int = 0
    """The first week in which the turns before this roster allow one again."""


@dataclass(frozen=True)
class Rotation:
    """A rotation that changes weekly. Everybody in it needs all its skills."""

    id: str
    skills: frozenset[str] = frozenset()
    places: int = 2
    """People a week: primary, backup, …"""
    seniors: int = 1
    """How many of them have to be senior."""
    load: float = 1.0
    """How heavy a week is beside others: nights and weekends that are paged often count more."""


@dataclass(frozen=True)
class Needs:
    """The whole task. `rest`: weeks off after each turn, whatever the rotation. `heavy`: week → factor (holidays)."""

    members: tuple[Member, ...]
    rotations: tuple[Rotation, ...]
    weeks: int
    rest: int = 2
    heavy: Mapping[int, float] = field(default_factory=dict)

    def able(self, rotation: Rotation) -> list[int]:
        """Numbers of the members who have its skills."""
        return [i for i, one in enumerate(self.members) if rotation.skills <= one.skills and one.share > 0]

    def free(self, member: int, week: int) -> bool:
        """Neither on leave nor still resting from before."""
        one = self.members[member]
        return week not in one.away and week >= one.rested_from

    def load(self, rotation: Rotation, week: int) -> float:
        return rotation.load * self.heavy.get(week, 1.0)

    def fair(self) -> list[float]:
        """Each member's fair share of the load, in proportion to `share` and to the weeks present.

        A member who has the skills for no rotation owes nothing.
        """
        total = sum(
            rotation.places * self.load(rotation, week) for rotation in self.rotations for week in range(self.weeks)
        )
        useful = {i for rotation in self.rotations for i in self.able(rotation)}
        present = [
            one.share * (self.weeks - sum(0 <= week < self.weeks for week in one.away)) if i in useful else 0.0
            for i, one in enumerate(self.members)
        ]
        everybody = sum(present)
        return [total * part / everybody if everybody else 0.0 for part in present]


@dataclass(frozen=True)
class Cost:
    """What is wrong with a roster, by kind. `total` is what the search makes small."""

    unfilled: int
    without_seniors: int
    unfairness: float
    """Weeks of load, added up over everybody, above or below their fair shares."""
    unwelcome: int

    @property
    def total(self) -> float:
        return (
            UNFILLED * self.unfilled
            + JUNIORS * self.without_seniors
            + UNFAIR * self.unfairness
            + UNWELCOME * self.unwelcome
        )


def turns(roster: Roster) -> Iterator[tuple[int, int, int, int]]:
    """(week, rotation, place, member) of every filled place."""
    for week, rotation, place in zip(*np.nonzero(roster != NOBODY), strict=True):
        yield int(week), int(rotation), int(place), int(roster[week, rotation, place])


def loads(needs: Needs, roster: Roster) -> list[float]:
    """The load that each member carries."""
    carried = [0.0] * len(needs.members)
    for week, rotation, _, member in turns(roster):
        carried[member] += needs.load(needs.rotations[rotation], week)
    return carried


def cost(needs: Needs, roster: Roster) -> Cost:
    """What is wrong with the roster, counted afresh: the search keeps a running sum and is held to this one."""
    unfilled = without = 0
    for week in range(needs.weeks):
        for r, rotation in enumerate(needs.rotations):
            there = [int(m) for m in roster[week, r, : rotation.places] if m != NOBODY]
            unfilled += rotation.places - len(there)
            without += max(0, min(rotation.seniors, rotation.places) - sum(needs.members[m].senior for m in there))
    unfair = sum(abs(got - fair) for got, fair in zip(loads(needs, roster), needs.fair(), strict=True))
    unwelcome = sum(week in needs.members[member].spare for week, _, _, member in turns(roster))
    return Cost(unfilled, without, unfair, unwelcome)


def broken(needs: Needs, roster: Roster) -> list[str]:
    """Rules that a roster breaks, in words; none for anything that the search makes."""
    said, served = [], dict[int, list[int]]()
    for week, r, _, member in turns(roster):
        one, rotation = needs.members[member], needs.rotations[r]
        if not rotation.skills <= one.skills:
            said.append(f"{one.id} has not the skills for {rotation.id} in week {week + 1}")
        if not needs.free(member, week):
            said.append(f"{one.id} is away or resting in week {week + 1}")
        served.setdefault(member, []).append(week)
    for member, weeks in served.items():
        one = needs.members[member]
        if any(later - earlier <= needs.rest for earlier, later in pairwise(weeks)):
            said.append(f"{one.id} has fewer than {needs.rest} weeks of rest between two turns")
        if one.most is not None and len(weeks) > one.most:
            said.append(f"{one.id} serves {len(weeks)} turns, at most {one.most} were agreed")
    return said
